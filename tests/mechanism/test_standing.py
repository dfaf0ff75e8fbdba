"""Exemptions and rulings: what they do to a verdict, and that what cannot be right is named and has no effect."""

import pandas as pd
import pytest

from models.mechanism import Decisions, decide
from tests.mechanism.test_mechanism import BAD, GOOD, rulebook, table

BOOK = rulebook()
FAILING = table({"A": {2021: GOOD, 2022: BAD, 2023: BAD, 2024: BAD}})


def ruled(*rulings: tuple[int, str, str | None, str | None]) -> Decisions:
    frame = pd.DataFrame(rulings, columns=["round", "ruling", "state", "rule"]).assign(unit="A")
    return decide(FAILING, BOOK, rulings=frame)


def exempted(*exemptions: tuple[int | None, int | None, str | None]) -> Decisions:
    frame = pd.DataFrame(exemptions, columns=["from", "to", "rule"]).astype(object).assign(unit="A", reason="by decree")
    return decide(FAILING, BOOK, exemptions=frame)


def states(decided: Decisions) -> list[str]:
    return decided.verdicts["state"].tolist()


def test_a_suspension_is_a_proposal_until_it_is_confirmed() -> None:
    assert bool(decide(FAILING, BOOK).verdicts["proposal"].iloc[-1])
    confirmed = ruled((2024, "confirm", None, None))
    assert states(confirmed)[-1] == "suspend"
    assert not confirmed.verdicts["proposal"].iloc[-1]


def test_a_rejected_proposal_leaves_the_state_in_force() -> None:
    assert states(ruled((2024, "reject", None, None))) == ["normal", "notice", "reduce", "reduce"]


def test_a_rejected_proposal_leaves_the_unit_where_the_milder_steps_of_the_rule_lead() -> None:
    # 12 of 50 is below both lines at once; a unit at 20 of 50 is reduced, so the worse one is reduced at least.
    when = {"indicator": "direct_employment_rate", "below": 0.6}
    steps = [{"hits": 1, "state": "reduce"}, {"hits": 1, "state": "suspend", "line": 0.3}]
    graded = rulebook(when=when, steps=steps)
    in_one_year = table({"A": {2024: (12, 50)}})
    assert states(decide(in_one_year, graded)) == ["suspend"]
    rejected = pd.DataFrame([{"unit": "A", "round": 2024, "ruling": "reject"}])
    assert states(decide(in_one_year, graded, rulings=rejected)) == ["reduce"]


def test_a_finding_set_aside_for_one_program_moves_no_other_into_the_bottom_of_the_ranking() -> None:
    when = {"indicator": "direct_employment_rate", "bottom": {"count": 1, "ties": "exclude"}}
    book = rulebook(when=when, steps=[{"hits": 1, "state": "warning"}])
    ranked = table({"A": {2024: (12, 50)}, "B": {2024: (20, 50)}, "C": {2024: (30, 50)}})
    assert states(decide(ranked, book)) == ["warning", "normal", "normal"]
    ruling = pd.DataFrame([{"unit": "A", "round": 2024, "ruling": "set_aside", "rule": None}])
    assert states(decide(ranked, book, rulings=ruling)) == ["normal", "normal", "normal"]


def test_a_finding_set_aside_clears_no_run_even_where_an_exempt_year_does() -> None:
    book = rulebook(exempt_year="reset")
    ruling = pd.DataFrame([{"unit": "A", "round": 2023, "ruling": "set_aside", "rule": None}])
    assert states(decide(FAILING, book, rulings=ruling)) == ["normal", "notice", "notice", "reduce"]


def test_a_ruling_on_a_round_before_the_first_figures_is_named() -> None:
    decided = ruled((2010, "set", "suspend", None))
    assert states(decided) == states(decide(FAILING, BOOK))
    assert decided.problems["problem_en"].str.contains("before the first").tolist() == [True]


def test_a_ruling_may_set_a_state_and_the_count_starts_anew() -> None:
    assert states(ruled((2023, "set", "normal", None))) == ["normal", "notice", "normal", "notice"]


def test_a_finding_set_aside_neither_counts_nor_breaks_the_run() -> None:
    assert states(ruled((2023, "set_aside", None, None))) == ["normal", "notice", "notice", "reduce"]


@pytest.mark.parametrize(
    ("rulings", "named"),
    [
        ([(2024, "confirm", None, None), (2024, "reject", None, None)], "contradictory"),
        ([(2023, "set", "normal", None), (2023, "set", "exit", None)], "contradictory"),
        ([(2024, "set", "no such state", None)], "cannot be read"),
        ([(2024, "confrim", None, None)], "cannot be read"),
    ],
)
def test_rulings_that_contradict_each_other_or_say_nothing_are_named_and_have_no_effect(
    rulings: list[tuple[int, str, str | None, str | None]], named: str
) -> None:
    decided = ruled(*rulings)
    assert states(decided) == states(decide(FAILING, BOOK))
    assert decided.problems["problem_en"].str.contains(named).any()
    assert decided.problems["problem_zh"].str.len().gt(0).all()


def test_a_ruling_that_finds_nothing_to_confirm_is_named() -> None:
    decided = ruled((2021, "confirm", None, None))
    assert states(decided) == states(decide(FAILING, BOOK))
    assert len(decided.problems) == 1


def test_an_exemption_holds_from_its_first_to_its_last_round() -> None:
    decided = exempted((2022, 2023, None))
    assert states(decided) == ["normal", "normal", "normal", "notice"]
    assert decided.verdicts["exempt"].tolist()[1:3] == ["by decree", "by decree"]


@pytest.mark.parametrize(
    ("exemption", "named"),
    [
        ((2022, None, None), "without an end"),
        ((2024, 2022, None), "before it begins"),
        ((2022, 2023, "no_such_rule"), "unknown rule"),
    ],
)
def test_an_exemption_that_cannot_be_right_is_named_and_has_no_effect(
    exemption: tuple[int | None, int | None, str | None], named: str
) -> None:
    decided = exempted(exemption)
    assert states(decided) == states(decide(FAILING, BOOK))
    assert decided.problems["problem_en"].str.contains(named).any()


def test_an_exemption_may_stand_in_the_indicator_table_with_its_end() -> None:
    told = FAILING.assign(exempt="by decree", exempt_until=2023)
    decided = decide(told, BOOK)
    assert states(decided)[:3] == ["normal", "normal", "normal"]
    assert decided.verdicts["state"].iloc[-1] == "notice"
    endless = decide(FAILING.assign(exempt="by decree"), BOOK)
    assert states(endless) == states(decide(FAILING, BOOK))
    assert endless.problems["problem_en"].str.contains("without an end").any()


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ((60, 50, None), "above 100 %"),
        ((0, 0, None), "denominator is 0"),
        ((-1, 50, None), "negative"),
        ((None, None, 1.2), "above 100 %"),
    ],
)
def test_a_value_that_cannot_be_right_is_named(
    row: tuple[float | None, float | None, float | None], named: str
) -> None:
    bad = pd.DataFrame(
        [("A", 2024, "direct_employment_rate", *row)],
        columns=["unit", "year", "indicator", "numerator", "denominator", "value"],
    )
    decided = decide(bad, BOOK)
    assert decided.problems["problem_en"].str.contains(named).any()
    assert set(decided.verdicts["state"]) <= {"normal"}


def test_two_different_rows_for_one_year_are_named_and_none_is_used() -> None:
    twice = pd.concat([FAILING, FAILING.tail(1).assign(numerator=45)])
    decided = decide(twice, BOOK)
    assert decided.problems["problem_en"].str.contains("none is used").any()
    assert states(decided) == ["normal", "notice", "reduce", "reduce"]


def test_a_rule_from_which_a_program_is_exempt_does_not_keep_it_from_recovering_by_the_others() -> None:
    book = rulebook(rules=("direct_employment_low", "over_supply"))
    rates = table({"A": {2020: BAD, 2021: BAD, 2022: GOOD, 2023: GOOD, 2024: GOOD}})
    ratios = pd.DataFrame([("A", year, "supply_demand_ratio", 2.0) for year in range(2020, 2025)],
                          columns=["unit", "year", "indicator", "value"])  # fmt: skip
    both = pd.concat([rates, ratios])
    exempt = pd.DataFrame(
        [("A", 2022, 2024, "over_supply", "by decree")], columns=["unit", "from", "to", "rule", "reason"]
    )
    held = decide(both, book).verdicts["state"].tolist()
    assert held == ["notice", "reduce", "reduce", "reduce", "reduce"], "over-supply holds it"
    freed = decide(both, book, exemptions=exempt).verdicts["state"].tolist()
    assert freed == ["notice", "reduce", "reduce", "normal", "normal"], "two years with a good rate lift it"
    alone = decide(ratios, rulebook(rules=("over_supply",)), exemptions=exempt).verdicts["state"].tolist()
    assert alone == ["normal", "reduce", "reduce", "reduce", "reduce"], "held by nothing else it keeps its state"
