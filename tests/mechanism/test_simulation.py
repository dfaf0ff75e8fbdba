"""Rule-books with one value changed, objections and their window."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.objections import objection_status
from models.rulebook import parse
from models.simulation import changed_units, sweep_values, with_setting
from models.yaml_text import FaultyText

KAIZHOU = (Path(__file__).parents[2] / "models" / "rulebooks" / "kaizhou.yaml").read_text(encoding="utf-8")


def test_one_value_is_changed_and_nothing_else() -> None:
    before = parse(KAIZHOU, "k")
    after = parse(with_setting(KAIZHOU, "direct_employment_low.below=0.65", "k"), "k")
    assert after.rule("direct_employment_low").criteria[0].line.at(2024) == Decimal("0.65")
    assert [rule for rule in after.rules if rule.id != "direct_employment_low"] == [
        rule for rule in before.rules if rule.id != "direct_employment_low"
    ]
    assert after.cohort == before.cohort


def test_steps_and_the_cohort_can_be_changed_too() -> None:
    text = with_setting(with_setting(KAIZHOU, "direct_employment_low.steps.2.hits=4", "k"), "cohort.minimum=20", "k")
    book = parse(text, "k")
    assert book.rule("direct_employment_low").steps[2].hits == 4
    assert book.cohort is not None
    assert book.cohort.minimum.at(2024) == 20


@pytest.mark.parametrize("setting", ["below", "=3", "direct_employment_low.=1", "x.y=1", "cohort.pool.9=1", "rules=3"])
def test_a_place_that_does_not_exist_is_refused(setting: str) -> None:
    with pytest.raises(FaultyText):
        with_setting(KAIZHOU, setting, "k")


def test_a_value_that_is_no_yaml_is_refused_with_the_setting() -> None:
    with pytest.raises(FaultyText, match=r"direct_employment_low\.below"):
        with_setting(KAIZHOU, "direct_employment_low.below=[", "k")


def test_only_units_that_change_are_listed_the_worst_first() -> None:
    def verdicts(**ranks: int) -> pd.DataFrame:
        states = ["normal", "notice", "reduce"]
        rows = [(unit, 2024, states[rank], rank) for unit, rank in ranks.items()]
        return pd.DataFrame(rows, columns=["unit", "round", "state", "rank"])

    found = changed_units(verdicts(a=0, b=2, c=1, d=0), verdicts(a=1, b=0, c=1, d=2), 2024, {"a": 40, "b": 30})
    assert found.to_numpy().tolist() == [
        ["d", "normal", "reduce", "worse", 0.0],
        ["a", "normal", "notice", "worse", 40.0],
        ["b", "reduce", "normal", "better", 30.0],
    ]


def test_a_sweep_includes_both_ends() -> None:
    values = sweep_values(Decimal("0.5"), Decimal("0.7"), Decimal("0.1"))
    assert values == [Decimal("0.5"), Decimal("0.6"), Decimal("0.7")]


@given(st.integers(-40, 60), st.booleans())
def test_an_objection_is_heard_from_the_draft_to_the_last_day_of_the_window(day: int, ruled: bool) -> None:
    draft = date(2025, 3, 1)
    received = pd.Timestamp(draft) + pd.Timedelta(days=day)
    frame = pd.DataFrame({"unit": ["A"], "round": [2024], "received_on": [received]})
    (status,) = objection_status(frame, {"A": draft}, {"A"} if ruled else set(), 15)["status"]
    expected = "early" if day < 0 else "late" if day > 15 else "answered" if ruled else "open"
    assert status == expected


def test_an_objection_to_a_unit_without_a_draft_is_named() -> None:
    frame = pd.DataFrame({"unit": ["B"], "round": [2024], "received_on": [pd.Timestamp(2025, 3, 1)]})
    assert objection_status(frame, {}, set(), 15)["status"].tolist() == ["no_draft"]
