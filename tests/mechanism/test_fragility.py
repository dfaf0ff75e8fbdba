"""Fragility: the smallest change that changes a verdict, against brute force through the whole mechanism."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.fragility import STEPS, fragility, with_moved_line
from models.mechanism import decide
from models.rulebook import Rulebook
from tests.mechanism.test_mechanism import rulebook

DIRECT = rulebook()
RANKED = rulebook(rules=("direct_employment_low", "bottom_tenth"))
INDICATOR = "direct_employment_rate"


@st.composite
def districts(draw: st.DrawFn) -> pd.DataFrame:
    """Two to five units with one to four cohorts, small and large, near and far from the line."""
    rows = []
    for unit in range(draw(st.integers(2, 5))):
        for year in range(2025 - draw(st.integers(1, 4)), 2025):
            size = draw(st.integers(5, 45))
            rows.append((f"U{unit}", year, INDICATOR, draw(st.integers(0, size)), size))
    return pd.DataFrame(rows, columns=["unit", "year", "indicator", "numerator", "denominator"])


def state(table: pd.DataFrame, book: Rulebook, unit: str) -> str:
    verdicts = decide(table, book, evidence="none", last_round=2024).verdicts
    return str(verdicts[(verdicts["unit"] == unit) & (verdicts["round"] == 2024)]["state"].item())


def by_hand(table: pd.DataFrame, book: Rulebook, unit: str) -> tuple[float, str | None]:
    """The smallest change in persons, found by trying every one."""
    at = table.index[(table["unit"] == unit) & (table["year"] == 2024)][0]
    before = state(table, book, unit)
    numerator, denominator = int(table.loc[at, "numerator"]), int(table.loc[at, "denominator"])
    changes = range(1, denominator - numerator + 1) if before != "normal" else range(-1, -numerator - 1, -1)
    for change in changes:
        changed = table.copy()
        changed.loc[at, "numerator"] += change
        after = state(changed, book, unit)
        if after != before:
            return change, after
    return float("nan"), None


@pytest.mark.parametrize("book", [DIRECT, RANKED], ids=["fixed line", "with a ranking"])
@settings(max_examples=12)
@given(table=districts())
def test_the_number_of_persons_is_the_one_found_by_trying_every_number(book: Rulebook, table: pd.DataFrame) -> None:
    found = fragility(decide(table, book, last_round=2024), 2024).query("rule == 'direct_employment_low'")
    assert len(found) == table["unit"].nunique()
    for row in found.to_dict("records"):
        change, after = by_hand(table, book, row["unit"])
        assert row["change_in_numerator"] == pytest.approx(change, nan_ok=True)
        assert (row["state_after"] if after else None) == after


@settings(max_examples=12)
@given(table=districts())
def test_the_line_moves_no_further_than_needed(table: pd.DataFrame) -> None:
    found = fragility(decide(table, DIRECT, last_round=2024), 2024)
    rule = DIRECT.rules[0]
    for row in found.to_dict("records"):
        if row["change_in_line"] != row["change_in_line"]:
            continue
        step = STEPS["rate"] if row["change_in_line"] > 0 else -STEPS["rate"]
        steps = round(row["change_in_line"] / float(step))
        for number, expected in ((steps - 1, row["state"]), (steps, row["state_after_line"])):
            moved = with_moved_line(DIRECT, rule, rule.criteria[0], step * number)
            assert state(table, moved, row["unit"]) == expected


def test_sixteen_of_thirty_is_one_person_away_from_a_notice() -> None:
    # P(rate < 0.60) is 0.77 for 16 of 30 and 0.87 for 15 of 30; P(rate < line | 16 of 30) reaches 0.80 at 60.9 %.
    table = pd.DataFrame(
        {"unit": ["A"], "year": [2024], "indicator": [INDICATOR], "numerator": [16], "denominator": 30}
    )
    row = fragility(decide(table, DIRECT), 2024).iloc[0]
    assert (row["state"], row["change_in_numerator"], row["state_after"]) == ("normal", -1, "notice")
    assert (row["change_in_line"], row["state_after_line"]) == (pytest.approx(0.009), "notice")


def test_a_unit_that_nothing_in_its_last_year_can_lift_says_so() -> None:
    rows = [("A", year, INDICATOR, 10, 50) for year in (2022, 2023, 2024)]
    table = pd.DataFrame(rows, columns=["unit", "year", "indicator", "numerator", "denominator"])
    ruling = pd.DataFrame({"unit": ["A"], "round": [2024], "ruling": ["set"], "state": ["exit"]})
    row = fragility(decide(table, DIRECT, rulings=ruling), 2024).iloc[0]
    assert row["state"] == "exit"
    assert row[["change_in_numerator", "change_in_line"]].isna().all()


def test_a_round_that_was_not_decided_is_refused() -> None:
    table = pd.DataFrame(
        {"unit": ["A"], "year": [2024], "indicator": [INDICATOR], "numerator": [16], "denominator": 30}
    )
    with pytest.raises(ValueError, match="2030"):
        fragility(decide(table, DIRECT), 2030)
