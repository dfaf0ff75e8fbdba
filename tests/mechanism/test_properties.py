"""What must hold for any district under the whole default rule-book."""

from pathlib import Path

import pandas as pd
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.mechanism import decide
from models.rulebook import Rulebook, parse

KAIZHOU = (Path(__file__).parents[2] / "models" / "rulebooks" / "kaizhou.yaml").read_text(encoding="utf-8")
WHOLE = parse(KAIZHOU, "kaizhou")
RELATIVE = {"bottom_tenth"}
YEARS = (2020, 2021, 2022, 2023, 2024)
RATES = ("direct_employment_rate", "matched_employment_rate", "intake_rate")
VALUES = {"supply_demand_ratio": 2.0, "provider_share": 1.0, "providers": 4.0, "classes": 3.0, "registered": 60.0}


def without_ranking() -> Rulebook:
    """The default rule-book without the rule that compares units with each other."""
    data = yaml.safe_load(KAIZHOU)
    data["rules"] = [rule for rule in data["rules"] if rule["id"] not in RELATIVE]
    for exemption in data["exempt"]:
        if "rules" in exemption:
            exemption["rules"] = [rule for rule in exemption["rules"] if rule not in RELATIVE]
    return parse(yaml.safe_dump(data, allow_unicode=True), "without ranking")


ALONE = without_ranking()


@st.composite
def districts(draw: st.DrawFn) -> pd.DataFrame:
    """Up to five units; every indicator of every year may be absent, small, good or bad."""
    rows: list[tuple[object, ...]] = []
    for unit in range(draw(st.integers(1, 5))):
        for year in YEARS:
            for name in RATES:
                if draw(st.integers(0, 5)):
                    size = draw(st.integers(0, 70))
                    rows.append((f"U{unit}", year, name, draw(st.integers(0, size)), size, None))
            for name, most in VALUES.items():
                if draw(st.integers(0, 2)):
                    rows.append((f"U{unit}", year, name, None, None, draw(st.integers(0, 10)) / 10 * most))
    assume(rows)
    table = pd.DataFrame(rows, columns=["unit", "year", "indicator", "numerator", "denominator", "value"])
    return table.astype({"numerator": "Int64", "denominator": "Int64", "value": "Float64"})


def verdicts(table: pd.DataFrame, book: Rulebook = WHOLE, last_round: int | None = 2024) -> pd.DataFrame:
    frame = decide(table, book, last_round=last_round, evidence="none").verdicts
    return frame.drop(columns="path").set_index(["unit", "round"]).astype({"rules_hit": str})


@settings(max_examples=40)
@given(table=districts(), data=st.data())
def test_one_more_employed_graduate_never_worsens_the_units_verdict(table: pd.DataFrame, data: st.DataObject) -> None:
    short = (table["numerator"] < table["denominator"]).fillna(value=False)
    counted = table.index[short & (table["indicator"] != "intake_rate")]
    assume(len(counted))
    at = data.draw(st.sampled_from(list(counted)))
    better = table.copy()
    better.loc[at, "numerator"] += 1
    unit = table.loc[at, "unit"]
    before, after = (verdicts(frame).loc[unit, "rank"] for frame in (table, better))
    assert (after <= before).all()


@settings(max_examples=25)
@given(table=districts(), last=st.sampled_from(YEARS[:-1]))
def test_adding_a_year_of_data_never_changes_an_earlier_round(table: pd.DataFrame, last: int) -> None:
    earlier = verdicts(table[table["year"] <= last], last_round=last) if (table["year"] <= last).any() else None
    assume(earlier is not None and len(earlier))
    assert earlier is not None
    later = verdicts(table).reset_index()
    later = later[later["round"] <= last].set_index(["unit", "round"])
    pd.testing.assert_frame_equal(earlier.sort_index(), later.sort_index(), check_dtype=False)


@settings(max_examples=25)
@given(table=districts(), data=st.data())
def test_order_of_rows_and_rows_delivered_twice_change_nothing(table: pd.DataFrame, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(table))))
    again = data.draw(st.lists(st.sampled_from(range(len(table))), max_size=4))
    mixed = table.iloc[[*order, *again]].reset_index(drop=True)
    pd.testing.assert_frame_equal(verdicts(table), verdicts(mixed))


@settings(max_examples=25)
@given(table=districts())
def test_a_verdict_does_not_depend_on_other_units_unless_a_rule_compares_them(table: pd.DataFrame) -> None:
    assert WHOLE.is_relative()
    assert not ALONE.is_relative()
    together = verdicts(table, ALONE)
    for unit in table["unit"].unique():
        alone = verdicts(table[table["unit"] == unit], ALONE)
        pd.testing.assert_frame_equal(alone, together.loc[[unit]], check_dtype=False)


@settings(max_examples=25)
@given(table=districts())
def test_a_year_taken_out_hits_no_rule_under_carry(table: pd.DataFrame) -> None:
    # A year taken out under `carry` can only bring failing years together; it never counts as one itself.
    removed = table[table["year"] != 2023]
    assume((removed["year"] <= 2024).any())
    found = decide(removed, ALONE, last_round=2024).verdicts
    assert not found.loc[found["round"] == 2023, "rules_hit"].map(len).any()


@settings(max_examples=25)
@given(table=districts())
def test_every_unit_has_one_verdict_per_round_and_every_state_is_on_the_ladder(table: pd.DataFrame) -> None:
    found = decide(table, WHOLE, last_round=2024).verdicts
    assert not found.duplicated(["unit", "round"]).any()
    assert set(found["state"]) <= set(WHOLE.states)
    first = table.groupby("unit")["year"].min()
    assert found.groupby("unit")["round"].min().to_dict() == first.to_dict()
