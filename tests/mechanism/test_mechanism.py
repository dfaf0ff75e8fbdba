"""The mechanism: who is warned, from which years, and who is not."""

from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from models.mechanism import Decisions, decide
from models.rulebook import Rulebook, parse

KAIZHOU = (Path(__file__).parents[2] / "models" / "rulebooks" / "kaizhou.yaml").read_text(encoding="utf-8")
STATES = ["normal", "notice", "warning", "reduce", "suspend", "exit"]


def rulebook(*, rules: tuple[str, ...] = ("direct_employment_low",), **changes: object) -> Rulebook:
    """The default rule-book with some of its rules, and keys of the first of them changed."""
    data = yaml.safe_load(KAIZHOU)
    data["rules"] = [rule for rule in data["rules"] if rule["id"] in rules]
    data["rules"][0].update(changes)
    data["exempt"] = [exemption for exemption in data["exempt"] if "rules" not in exemption]
    return parse(yaml.safe_dump(data, allow_unicode=True), "test")


DIRECT = rulebook()


def table(units: dict[str, dict[int, tuple[float, float]]], indicator: str = "direct_employment_rate") -> pd.DataFrame:
    rows = [(unit, year, indicator, n, d) for unit, years in units.items() for year, (n, d) in years.items()]
    return pd.DataFrame(rows, columns=["unit", "year", "indicator", "numerator", "denominator"])


def states(counts: dict[int, tuple[float, float]], book: Rulebook = DIRECT) -> dict[int, str]:
    verdicts = decide(table({"A": counts}), book).verdicts
    return dict(zip(verdicts["round"], verdicts["state"], strict=True))


BAD, GOOD = (20, 50), (45, 50)


def test_one_failing_year_is_a_notice_two_reduce_and_three_suspend() -> None:
    assert states({2022: BAD, 2023: BAD, 2024: BAD}) == {2022: "notice", 2023: "reduce", 2024: "suspend"}


def test_eighteen_of_thirty_is_not_below_sixty_percent() -> None:
    book = rulebook(when={"indicator": "direct_employment_rate", "below": 0.6})
    assert states({2024: (18, 30)}, book) == {2024: "normal"}
    assert states({2024: (17, 30)}, book) == {2024: "notice"}
    inclusive = rulebook(when={"indicator": "direct_employment_rate", "at_most": 0.6})
    assert states({2024: (18, 30)}, inclusive) == {2024: "notice"}


def test_sixteen_of_thirty_is_below_the_line_but_not_with_confidence() -> None:
    # P(rate < 0.60 | 16 of 30) = 0.77 under Jeffreys' prior, design section 2.
    decided = decide(table({"A": {2024: (16, 30)}}), DIRECT)
    assert decided.evidence["probability"].iloc[0] == pytest.approx(0.773, abs=0.001)
    assert decided.verdicts["state"].iloc[0] == "normal"


def test_a_missing_year_carries_resets_or_fails_as_the_rule_book_says() -> None:
    counts = {2022: BAD, 2024: BAD}
    assert states(counts, rulebook(missing_year="carry"))[2024] == "reduce"
    assert states(counts, rulebook(missing_year="reset"))[2024] == "notice"
    assert states(counts, rulebook(missing_year="fail"))[2024] == "suspend"


def test_years_before_the_first_cohort_are_not_missing_years() -> None:
    book = rulebook(missing_year="fail")
    decided = decide(table({"old": {2020: GOOD, 2024: GOOD}, "new": {2024: GOOD}}), book).verdicts
    assert set(decided[decided["unit"] == "new"]["state"]) == {"normal"}


def test_a_denominator_of_zero_is_a_missing_year_and_is_named() -> None:
    decided = decide(table({"A": {2022: BAD, 2023: (0, 0), 2024: BAD}}), DIRECT)
    assert decided.verdicts["state"].iloc[-1] == "reduce"
    assert decided.problems["year"].tolist() == [2023]


def test_fewer_than_ten_graduates_even_when_pooled_are_not_judged_and_show_no_rate() -> None:
    decided = decide(table({"A": {2023: (0, 4), 2024: (0, 5)}}), DIRECT)
    assert set(decided.verdicts["state"]) == {"normal"}
    assert set(decided.evidence["outcome"]) == {"too_small"}
    assert decided.evidence[["value", "compared_value", "interval_low"]].isna().all(axis=None)


def test_a_small_cohort_leads_to_a_notice_at_most_however_long_it_fails() -> None:
    book = rulebook()
    assert set(states(dict.fromkeys(range(2018, 2025), (1, 9)), book).values()) == {"normal", "notice"}


def test_a_pooled_cohort_is_judged_by_its_three_years_together() -> None:
    decided = decide(table({"A": {2022: (5, 14), 2023: (5, 14), 2024: (5, 14)}}), DIRECT)
    last = decided.evidence.iloc[-1]
    assert (last["pooled_numerator"], last["pooled_denominator"], last["pooled_years"]) == (15, 42, [2022, 2023, 2024])
    assert last["outcome"] == "hit"


def test_one_bad_cohort_does_not_count_again_because_later_years_are_pooled_with_it() -> None:
    assert states({2022: (2, 20), 2023: (19, 20), 2024: (19, 20)})[2024] != "suspend"
    decided = decide(table({"A": {2022: (0, 25), 2023: (12, 14), 2024: (12, 14)}}), DIRECT)
    assert decided.evidence["outcome"].tolist() == ["hit", "held", "held"]


def test_two_passing_years_lift_a_reduction_and_one_does_not() -> None:
    found = states({2020: BAD, 2021: BAD, 2022: GOOD, 2023: GOOD})
    assert (found[2022], found[2023]) == ("reduce", "normal")


def test_a_year_in_which_a_further_rule_comes_to_hold_a_unit_is_no_passing_year() -> None:
    # Two rules lead to a warning: the matched rate in 2019, the duplicate in 2020. 2020 counts as passing for neither,
    # so that a worse matched rate in 2019 never ends the warning of 2020 earlier.
    book = rulebook(rules=("matched_employment_low", "duplicate_over_supplied"))
    duplicate = pd.DataFrame(
        [("A", year, name, over if year == 2020 else 0.0) for year in range(2018, 2023)
         for name, over in (("provider_share", 1.0), ("providers", 4.0), ("supply_demand_ratio", 2.0))],
        columns=["unit", "year", "indicator", "value"],
    )  # fmt: skip

    def warned(matched: dict[int, tuple[float, float]]) -> list[int]:
        rows = pd.concat([table({"A": matched}, "matched_employment_rate"), duplicate])
        verdicts = decide(rows, book).verdicts
        return verdicts.loc[verdicts["state"] == "warning", "round"].tolist()

    good = {2020: GOOD, 2021: GOOD, 2022: GOOD}
    assert warned({2018: BAD, 2019: BAD} | good) == [2019, 2020, 2021]
    assert warned({2018: BAD, 2019: GOOD} | good) == [2020, 2021]


def test_a_suspended_program_neither_escalates_nor_recovers_on_old_cohorts() -> None:
    suspended = {2019: BAD, 2020: BAD, 2021: BAD}
    assert states(suspended | {2022: BAD, 2023: BAD})[2023] == "suspend"
    assert states(suspended | {2022: GOOD, 2023: GOOD, 2024: GOOD})[2024] == "suspend"
    verdicts = decide(table({"A": suspended | {2022: BAD}}), DIRECT).verdicts
    assert verdicts["lagging"].tolist() == [False, False, False, True]


def test_a_suspended_program_without_intake_for_three_years_is_proposed_for_exit() -> None:
    book = rulebook(rules=("direct_employment_low", "no_intake"))
    rows = table({"A": {2019: BAD, 2020: BAD, 2021: BAD}})
    intake = pd.DataFrame({"unit": "A", "year": [2022, 2023, 2024], "indicator": "registered", "value": 0.0})
    verdicts = decide(pd.concat([rows, intake]), book).verdicts
    assert verdicts["state"].tolist() == ["notice", "reduce", "suspend", "suspend", "suspend", "exit"]


def test_a_new_program_is_exempt_while_it_is_young() -> None:
    units = pd.DataFrame({"unit": ["A"], "first_year": [2022]})
    verdicts = decide(table({"A": {2023: BAD, 2024: BAD, 2025: BAD}}), DIRECT, units=units).verdicts
    assert verdicts["state"].tolist() == ["normal", "normal", "notice"]


def test_the_bottom_tenth_spares_a_tie_that_would_exceed_it() -> None:
    book = rulebook(rules=("bottom_tenth",), steps=[{"hits": 1, "state": "warning"}])
    ten = {f"U{n}": {2024: (30 + n, 50)} for n in range(10)}
    hit = decide(table(ten), book).verdicts.query("state == 'warning'")["unit"].tolist()
    assert hit == ["U0"]
    tied = ten | {"U1": {2024: (30, 50)}}
    assert decide(table(tied), book).verdicts["state"].eq("normal").all()


@pytest.mark.parametrize(
    ("benchmark", "counts", "beyond"),
    [
        ("pooled", [(10, 30), (20, 60)], {"below": [], "at_most": [0, 1], "above": [], "at_least": [0, 1]}),
        ("pooled", [(20, 30), (40, 60)], {"below": [], "at_most": [0, 1], "above": [], "at_least": [0, 1]}),
        ("mean", [(5, 30), (5, 30), (20, 30), (10, 30)],  # ⅙ + ⅙ + ⅔ + ⅓ is four times ⅓
         {"below": [0, 1], "at_most": [0, 1, 3], "above": [2], "at_least": [2, 3]}),
        ("median", [(5, 30), (10, 30), (30, 60)], {"below": [0], "at_most": [0, 1], "above": [2], "at_least": [1, 2]}),
    ],
)  # fmt: skip
def test_a_rate_equal_to_the_mean_of_its_region_is_neither_below_nor_above_it(
    benchmark: str, counts: list[tuple[float, float]], beyond: dict[str, list[int]]
) -> None:
    rows = table({f"U{number}": {2024: pair} for number, pair in enumerate(counts)})
    for comparison, units in beyond.items():
        book = rulebook(when={"indicator": "direct_employment_rate", comparison: {"benchmark": benchmark}})
        hit = decide(rows, book).verdicts["state"] == "notice"
        assert hit[hit].index.tolist() == units, comparison


def test_a_weighted_sum_equal_to_its_line_is_not_below_it() -> None:
    # 0.3 × 10/30 + 0.6 × 15/30 = 0.1 + 0.3 = 0.4
    of = [
        {"indicator": "direct_employment_rate", "weight": 0.3},
        {"indicator": "matched_employment_rate", "weight": 0.6},
    ]
    rows = pd.concat(
        [table({"A": {2024: (10, 30)}}), table({"A": {2024: (15, 30)}}, "matched_employment_rate")], ignore_index=True
    )
    hit = {
        comparison: decide(rows, rulebook(when={"weighted": {comparison: 0.4, "of": of}})).verdicts["rank"].iloc[0] > 0
        for comparison in ("below", "at_most", "above", "at_least")
    }
    assert hit == {"below": False, "at_most": True, "above": False, "at_least": True}


def test_a_duplicate_needs_many_providers_and_over_supply() -> None:
    book = rulebook(rules=("duplicate_over_supplied",))

    def state(share: float, ratio: float) -> str:
        values = {"provider_share": share, "providers": 6.0, "supply_demand_ratio": ratio}
        rows = [("A", 2024, name, value) for name, value in values.items()]
        return (
            decide(pd.DataFrame(rows, columns=["unit", "year", "indicator", "value"]), book).verdicts["state"].iloc[0]
        )

    assert state(0.6, 1.3) == "warning"
    assert state(0.6, 0.9) == "normal"
    assert state(0.4, 1.3) == "normal"


def test_a_published_rate_without_counts_is_judged_by_the_number_as_printed() -> None:
    book = rulebook(when={"indicator": "direct_employment_rate", "below": 0.8})
    rows = pd.DataFrame(
        {"unit": "A", "year": [2022, 2023], "indicator": "direct_employment_rate", "value": ["0.799", "0.8"]}
    )
    evidence = decide(rows, book).evidence
    assert evidence["outcome"].tolist() == ["hit", "pass"]
    assert evidence["interval_low"].isna().all()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("A", 2024, "direct_employment_rate", 31, 30), "100 %"),
        (("A", 2024, "direct_employment_rate", -1, 30), "negative"),
        (("A", 2024, "direct_employment_rate", "many", 30), "not a number"),
    ],
)
def test_a_value_that_cannot_be_right_is_named_and_not_used(row: tuple, words: str) -> None:
    decided = decide(pd.DataFrame([row], columns=["unit", "year", "indicator", "numerator", "denominator"]), DIRECT)
    assert words in decided.problems["problem_en"].iloc[0]
    assert not len(decided.evidence)


def test_two_rows_for_one_unit_and_year_are_both_left_out_and_named() -> None:
    decided = decide(pd.concat([table({"A": {2023: GOOD, 2024: BAD}}), table({"A": {2024: GOOD}})]), DIRECT)
    assert decided.problems["year"].tolist() == [2024]
    assert decided.verdicts["state"].iloc[-1] == "normal"


cohorts = st.dictionaries(
    st.integers(2016, 2024),
    st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
)


def ranks(decided: Decisions) -> list[int]:
    return decided.verdicts["rank"].tolist()


@settings(max_examples=60)
@given(cohorts, st.data())
def test_one_more_employed_graduate_never_worsens_a_verdict(counts: dict, data: st.DataObject) -> None:
    year = data.draw(st.sampled_from(sorted(counts)))
    k, n = counts[year]
    better = counts | {year: (min(k + 1, n), n)}
    before, after = decide(table({"A": counts}), DIRECT), decide(table({"A": better}), DIRECT)
    assert all(b <= a for a, b in zip(ranks(before), ranks(after), strict=True))


@settings(max_examples=40)
@given(cohorts)
def test_a_further_year_never_changes_an_earlier_round(counts: dict) -> None:
    last = max(counts)
    longer = decide(table({"A": counts | {last + 1: BAD}}), DIRECT).verdicts
    shorter = decide(table({"A": counts}), DIRECT).verdicts
    pd.testing.assert_frame_equal(longer[longer["round"] <= last].reset_index(drop=True), shorter)


@settings(max_examples=40)
@given(cohorts, cohorts, st.randoms())
def test_neither_other_units_nor_the_order_of_rows_matter_to_an_absolute_rule(one: dict, two: dict, random) -> None:
    rows = table({"A": one, "B": two})
    shuffled = rows.sample(frac=1, random_state=random.randint(0, 1000))
    last = int(rows["year"].max())
    both = decide(shuffled, DIRECT, last_round=last).verdicts
    alone = decide(table({"A": one}), DIRECT, last_round=last).verdicts
    mine = both[(both["unit"] == "A") & (both["round"] >= min(one))]
    assert mine["state"].tolist() == alone[alone["round"] >= min(one)]["state"].tolist()


def test_two_of_three_years_need_not_follow_each_other() -> None:
    book = rulebook(steps=[{"hits": 2, "of": 3, "state": "reduce"}])
    assert states({2022: BAD, 2023: GOOD, 2024: BAD}, book)[2024] == "reduce"
    assert states({2021: BAD, 2022: GOOD, 2023: GOOD, 2024: BAD}, book)[2024] == "normal"
