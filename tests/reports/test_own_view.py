"""What a school sees of a round: nothing from which another school's small numbers could be computed."""

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest

from models.fragility import fragility
from models.mechanism import decide
from models.rulebook import parse
from reports.own_view import own_view
from reports.round_tables import RoundTables
from tests.reports.district import BOOK, tables

BENCHMARK = """
  - id: below_mean
    name: {zh: 低于全区平均, en: below the mean}
    when: {indicator: direct_employment_rate, below: {benchmark: mean}}
    steps: [{hits: 1, state: notice}]
    missing_year: carry
    reason: {zh: 试, en: test}
    basis: {document: x, article: y}
"""


def district(counts: dict[str, tuple[int, int]], extra: str = "") -> RoundTables:
    """Schools by the first letter of their units, one cohort of 2024 each: employed and not in study."""
    book = parse(BOOK.read_text(encoding="utf-8") + extra, BOOK.name)
    rows = [(unit, 2024, "direct_employment_rate", k, n) for unit, (k, n) in counts.items()]
    indicators = pd.DataFrame(rows, columns=["unit", "year", "indicator", "numerator", "denominator"])
    decided = decide(indicators, book)
    units = pd.DataFrame(
        [(unit, unit[0], f"学校{unit[0]}", "000001", "专业") for unit in counts],
        columns=["unit", "school_id", "school_name", "program_code", "program_name"],
    )
    graduates = indicators.assign(indicator="placement_rate", value=1.0)
    frames = tables().frames | {
        "marts.unit": units,
        "marts.indicator": pd.concat([indicators.assign(value=0.5), graduates], ignore_index=True),
        "decisions.verdict": decided.verdicts,
        "decisions.evidence": decided.evidence,
        "decisions.fragility": fragility(decided, 2024),
    }
    return replace(tables(), rulebook=book, frames=frames)


def evidence(found: RoundTables, rule: str) -> dict[str, object]:
    """The one row of a rule's evidence."""
    rows = found.frame("decisions.evidence").query("rule == @rule").to_dict("records")
    assert len(rows) == 1
    return {str(name): value for name, value in rows[0].items()}


TEN = {f"{letter}-1": (30 + place, 40) for place, letter in enumerate("BCDEFGHIJ")}


def test_a_school_sees_its_own_rows_only() -> None:
    view = own_view(tables(), "A")
    for name in ("marts.unit", "marts.indicator", "decisions.verdict", "decisions.evidence", "decisions.fragility"):
        assert set(view.frame(name)["unit"]) <= {"A-1", "A-2"}
        assert len(view.frame(name))


def test_the_line_of_a_ranking_does_not_tell_the_exact_quotient_of_the_school_that_stands_on_it() -> None:
    found = district({"A-1": (35, 41), "K-1": (19, 42)} | TEN)
    shown = evidence(own_view(found, "A"), "bottom_tenth")
    assert shown["line"] == 0.452
    assert Fraction(19, 42) != Fraction(str(shown["line"]))
    assert not shown["line_withheld"]


@pytest.mark.parametrize("last_in", [(3, 42), (2, 31)])
def test_the_line_of_a_ranking_is_withheld_where_it_is_a_rate_of_few_persons(last_in: tuple[int, int]) -> None:
    found = district({"A-1": (35, 41), "K-1": last_in} | TEN)
    view = own_view(found, "A")
    shown = evidence(view, "bottom_tenth")
    assert shown["line_withheld"]
    assert pd.isna(shown["line"])
    assert shown["outcome"] == "pass", "the outcome stays"
    told = view.frame("decisions.fragility").query("indicator == 'direct_employment_rate'")
    assert told[["line", "change_in_numerator", "change_in_line"]].isna().all(axis=None)


def test_the_school_on_the_line_sees_its_own_rate() -> None:
    found = district({"A-1": (35, 41), "K-1": (3, 42)} | TEN)
    shown = evidence(own_view(found, "K"), "bottom_tenth")
    assert shown["outcome"] == "hit"
    assert (shown["pooled_numerator"], shown["pooled_denominator"]) == (3, 42)


@pytest.mark.parametrize(("others", "withheld"), [(1, True), (2, True), (3, False)])
def test_a_mean_of_few_others_is_withheld(others: int, withheld: bool) -> None:
    counts = {"A-1": (35, 41)} | dict(list(TEN.items())[:others])
    shown = evidence(own_view(district(counts, BENCHMARK), "A"), "below_mean")
    assert bool(shown["line_withheld"]) == withheld
    assert pd.isna(shown["line"]) == withheld


@pytest.mark.parametrize("other", [0, 1, 2, 3, 4, 5, 12])
@pytest.mark.parametrize(("own", "openings"), [(10, 5), (40, 29), (60, 80)])
def test_a_ratio_never_tells_fewer_than_five_graduates_of_the_others(own: int, other: int, openings: int) -> None:
    found = district({"A-1": (own, own), "B-1": (other, other)})
    ratio = (own + other) / openings
    balance = (
        found.frame("marts.program_balance")
        .iloc[:1]
        .assign(graduates=float(own + other), allotted_openings=float(openings), supply_demand_ratio=ratio)
    )
    rows = [(f"{school}-1", 2024, "supply_demand_ratio", None, None, ratio) for school in "AB"]
    indicators = pd.DataFrame(rows, columns=["unit", "year", "indicator", "numerator", "denominator", "value"])
    facts = pd.concat([found.frame("marts.indicator"), indicators], ignore_index=True)
    rows = [("A-1", "over_supply", "", "supply_demand_ratio", 2024, ratio, ratio)]
    row = pd.DataFrame(rows, columns=["unit", "rule", "criterion", "indicator", "round", "value", "compared_value"])
    judged = row.reindex(columns=found.frame("decisions.evidence").columns)
    frames = {"marts.program_balance": balance, "marts.indicator": facts, "decisions.evidence": judged}
    view = own_view(replace(found, frames=found.frames | frames), "A")
    fact = view.frame("marts.indicator").query("indicator == 'supply_demand_ratio'").iloc[0]
    row = view.frame("decisions.evidence").iloc[0]
    for shown in (fact, row):
        hidden = pd.isna(shown[["value", "ratio_numerator", "ratio_denominator"]].astype(float))
        assert hidden.all() if 0 < other < 5 else not hidden.any()
        assert bool(shown["value_withheld"]) == (0 < other < 5)


def test_cohorts_pooled_over_other_schools_do_not_tell_their_few() -> None:
    found = district({"A-1": (5, 12), "B-1": (20, 40)})
    rows = found.frame("decisions.evidence").query("unit == 'A-1' and rule == 'direct_employment_low'")
    pooled = rows.assign(pooled_over="class", pooled_numerator=8.0, pooled_denominator=33.0, pooled_years="[2024]")
    view = own_view(replace(found, frames=found.frames | {"decisions.evidence": pooled}), "A")
    shown = evidence(view, "direct_employment_low")
    assert shown["value_withheld"]
    assert pd.isna(shown["pooled_numerator"])
    assert pd.isna(shown["interval_low"])
    assert (shown["numerator"], shown["denominator"]) == (5, 12)
