"""Rule-books of other authorities: every rule of every example, with numbers small enough to check by hand."""

from pathlib import Path

import pandas as pd
import pytest

from models.mechanism import decide
from models.rulebook import Rulebook, parse
from models.wording import rule_in_words
from tests.mechanism.authority_cases import CASES, EMPLOYED, FAILS, PASSED, PLACED, Case, Years, debt, ranked, signals

FOLDER = Path(__file__).parents[2] / "models" / "rulebooks"
BOOKS = {path.stem: parse(path.read_text(encoding="utf-8"), path.name) for path in sorted(FOLDER.glob("*.yaml"))}
EXAMPLES = {name: book for name, book in BOOKS.items() if book.status == "example"}


def rows(unit: str, indicators: dict[str, Years]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for indicator, years in indicators.items():
        for year, number in years.items():
            row: dict[str, object] = {"unit": unit, "year": year, "indicator": indicator}
            numbers = {"numerator": number[0], "denominator": number[1]} if isinstance(number, tuple) else {}
            found.append(row | (numbers or {"value": number}))
    return found


def table(units: dict[str, dict[str, Years]]) -> pd.DataFrame:
    listed = [row for unit, indicators in units.items() for row in rows(unit, indicators)]
    return pd.DataFrame(listed, columns=["unit", "year", "indicator", "numerator", "denominator", "value"])


def verdicts(book: str, indicators: dict[str, Years], **attributes: object) -> pd.DataFrame:
    """The verdicts on one unit, by round."""
    units = pd.DataFrame([{"unit": "A", **attributes}])
    found = decide(table({"A": indicators}), BOOKS[book], units=units).verdicts
    return found.set_index("round")


def states(book: str, indicators: dict[str, Years], **attributes: object) -> list[str]:
    return verdicts(book, indicators, **attributes)["state"].tolist()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.book}-{case.rule}: {case.why}")
def test_a_rule_leads_where_its_text_says(case: Case) -> None:
    decided = decide(table(case.others | {"A": case.indicators}), BOOKS[case.book])
    own = decided.verdicts[decided.verdicts["unit"] == "A"]
    assert own["state"].tolist() == case.states
    evidence = decided.evidence.query("unit == 'A' and rule == @case.rule")
    assert sorted(own.loc[[case.rule in hit for hit in own["rules_hit"]], "round"]) == case.hits, evidence


BELOW, ABOVE = -1, 1
LINES = [
    ("tianjin_2009", "below_60", EMPLOYED, 6_000, BELOW),
    ("tianjin_2009", "below_40", EMPLOYED, 4_000, BELOW),
    ("tianjin_2009", "below_30", EMPLOYED, 3_000, BELOW),
    ("anhui_2022", "below_60_three_years", PLACED, 6_000, BELOW),
    ("heilongjiang_2024", "two_of_five", PLACED, 5_000, BELOW),
    ("heilongjiang_2024", "two_of_five", "intake_rate", 6_000, BELOW),
    ("heilongjiang_2024", "two_of_five", "registration_rate", 7_000, BELOW),
    ("heilongjiang_2024", "two_of_five", "transfer_out_rate", 2_000, ABOVE),
    ("heilongjiang_2024", "two_of_five", "student_teacher_ratio", 250_000, ABOVE),
    ("fujian_2023", "duplicate", "provider_share", 5_000, ABOVE),
    ("scuec", "two_of_five", PLACED, 7_000, BELOW),
    ("scuec", "two_of_five", "first_choice_rate", 3_000, BELOW),
    ("scuec", "two_of_five", "registration_rate", 8_000, BELOW),
    ("scuec", "two_of_five", "transfer_out_rate", 2_000, ABOVE),
    ("scuec", "two_of_five", "student_teacher_ratio", 220_000, ABOVE),
    ("texas_nursing", "pass_rate_low", PASSED, 8_000, BELOW),
    ("us_gainful_employment", "debt_to_earnings", "annual_debt_to_earnings", 800, ABOVE),
    ("us_gainful_employment", "debt_to_earnings", "discretionary_debt_to_earnings", 2_000, ABOVE),
    ("us_gainful_employment", "earnings_premium", "earnings_to_threshold", 10_001, BELOW),  # equal fails
]


@pytest.mark.parametrize(("book", "rule", "indicator", "line", "beyond"), LINES)
def test_the_line_itself_passes_and_one_ten_thousandth_beyond_it_fails(
    book: str, rule: str, indicator: str, line: int, beyond: int
) -> None:
    others: dict[str, Years] = {}
    if rule == "two_of_five":  # one of the other signals is there, and no other
        others = signals({2024: 0}, book)
        other = PLACED if indicator != PLACED else "transfer_out_rate"
        others[other] = signals({2024: 5}, book)[other]
    elif rule == "debt_to_earnings":
        others = debt({2024: FAILS})

    def hit(numerator: int) -> bool:
        found = verdicts(book, others | {indicator: {2024: (numerator, 10_000)}})
        return rule in found["rules_hit"].iloc[0]

    assert (hit(line), hit(line + beyond)) == (False, True)


def test_every_line_of_every_example_is_tried() -> None:
    lines = {
        (name, rule.id, criterion.indicator)
        for name, book in EXAMPLES.items()
        for rule in book.rules
        for criterion in rule.criteria
        if criterion.part == "rate" and criterion.bottom is None and criterion.indicator != "registered"
    }
    assert {(book, rule, indicator) for book, rule, indicator, _, _ in LINES} == lines


def test_every_rule_of_every_example_has_a_case_in_which_it_is_hit_and_one_in_which_it_is_not() -> None:
    rules = {(name, rule.id) for name, book in EXAMPLES.items() for rule in book.rules}
    assert {(case.book, case.rule) for case in CASES if case.hits} == rules
    assert {(case.book, case.rule) for case in CASES if len(case.hits) < len(case.states)} == rules


def test_every_step_of_every_example_is_reached_in_a_case() -> None:
    steps = {(name, step.state) for name, book in EXAMPLES.items() for rule in book.rules for step in rule.steps}
    assert steps <= {(case.book, state) for case in CASES for state in case.states}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_rule_book_can_be_read_is_named_as_its_file_and_says_where_it_comes_from(path: Path) -> None:
    book = parse(path.read_text(encoding="utf-8"), path.name)
    assert (book.rulebook, bool(book.source)) == (path.stem, True)
    assert all(rule.basis.document and rule.basis.article for rule in book.rules)


@pytest.mark.parametrize("book", EXAMPLES.values(), ids=lambda book: book.rulebook)
def test_an_example_says_so_in_both_languages_and_decides_nothing_by_itself(book: Rulebook) -> None:
    assert ("示例" in book.title.zh, "(example)" in book.title.en) == (True, True)
    assert book.status != "in_force"


def test_tianjin_plans_at_most_the_number_employed_and_nothing_in_every_other_year() -> None:
    plans = verdicts("tianjin_2009", {EMPLOYED: {2010: (23, 40), 2011: (15, 40), 2012: (18, 40), 2013: (17, 40)}})
    assert plans["state"].tolist() == ["reduce", "alternate", "alternate", "alternate"]
    assert plans["plan_limit"].tolist() == [23, 0, 18, 0]


def test_tianjin_goes_on_alternating_through_a_year_without_a_report_with_the_last_number_employed() -> None:
    assert verdicts("tianjin_2009", {EMPLOYED: {2010: (15, 40), 2012: (18, 40)}})["plan_limit"].tolist() == [0, 15, 0]


def test_tianjin_has_no_limit_at_sixty_percent_and_none_to_plan_below_thirty() -> None:
    plans = verdicts("tianjin_2009", {EMPLOYED: {2010: (24, 40), 2011: (11, 40)}})["plan_limit"]
    assert (pd.isna(plans[2010]), plans[2011]) == (True, 0)


def test_a_suspended_program_of_anhui_has_no_plan_until_a_ruling_resumes_intake() -> None:
    indicators = {"A": {PLACED: dict.fromkeys((2022, 2023, 2024), (29, 50)) | {2025: (45, 50), 2026: (45, 50)}}}
    ruling = pd.DataFrame([{"unit": "A", "round": 2026, "ruling": "set", "state": "normal"}])
    found = decide(table(indicators), BOOKS["anhui_2022"], rulings=ruling).verdicts
    assert found["state"].tolist() == ["normal", "normal", "suspend", "suspend", "normal"]
    assert found["plan_limit"].fillna(-1).tolist() == [-1, -1, 0, 0, -1]


@pytest.mark.parametrize(
    ("known", "evaluated"),
    [({PLACED: 1}, False), ({PLACED: 0}, False), ({PLACED: 0, "intake_rate": 0, "registration_rate": 0}, False)],
)
def test_heilongjiang_is_not_judged_where_missing_signals_could_decide(known: dict[str, int], evaluated: bool) -> None:
    given = {name: signals({2024: 5 * bad}, "heilongjiang_2024")[name] for name, bad in known.items()}
    found = verdicts("heilongjiang_2024", given)
    assert found[["state", "evaluated"]].values.tolist() == [["normal", evaluated]]


def test_heilongjiang_passes_with_one_signal_missing_when_no_other_is_hit() -> None:
    known = signals({2024: 0}, "heilongjiang_2024")
    del known["student_teacher_ratio"]
    assert verdicts("heilongjiang_2024", known)["evaluated"].tolist() == [True]


def test_a_new_program_of_the_university_is_judged_from_its_fifth_year_on() -> None:
    bad = signals(dict.fromkeys((2023, 2024, 2025), 5))
    found = verdicts("scuec", bad, first_year=2020)
    assert found["state"].tolist() == ["normal", "normal", "warning"]
    assert found["exempt"].fillna("").tolist() == ["new_program", "new_program", ""]


def test_an_arts_program_of_the_university_is_never_judged() -> None:
    bad = signals(dict.fromkeys((2023, 2024, 2025), 5))
    assert states("scuec", bad, discipline="艺术学") == ["normal"] * 3
    assert states("scuec", bad, discipline="工学") == ["warning", "suspend", "suspend"]


def test_an_exempt_program_of_the_university_takes_no_place_in_the_bottom_twentieth() -> None:
    years = {2020: (80, 100), 2021: (80, 100)}
    units = {"arts": {PLACED: {2020: (10, 100), 2021: (10, 100)}}} | ranked(PLACED, years, 19)
    attributes = pd.DataFrame({"unit": list(units), "discipline": ["艺术学"] + ["工学"] * 20})
    found = decide(table(units), BOOKS["scuec"], units=attributes).verdicts.query("state == 'warning'")
    assert found["unit"].tolist() == ["A"]


def test_texas_only_proposes_until_the_board_rules_and_its_order_does_not_lapse() -> None:
    low, high = (39, 50), (40, 50)
    four = verdicts("texas_nursing", {PASSED: dict.fromkeys(range(2020, 2024), low)})
    assert four["proposal"].tolist() == [False, True, True, True]
    order = pd.DataFrame([{"unit": "A", "round": 2021, "ruling": "confirm"}])
    indicators = {"A": {PASSED: {2020: low, 2021: low, 2022: high}}}
    ordered = decide(table(indicators), BOOKS["texas_nursing"], rulings=order).verdicts
    assert ordered["state"].tolist() == ["self_study", "warning", "warning"]
    assert ordered["proposal"].tolist() == [False, False, False]


@pytest.mark.parametrize(("annual", "discretionary"), [(0.07, 0.19), (0.09, 0.21)])
def test_rates_without_debt_and_earnings_behind_them_are_not_judged(annual: float, discretionary: float) -> None:
    rates: dict[str, Years] = {
        "annual_debt_to_earnings": {2025: annual},
        "discretionary_debt_to_earnings": {2025: discretionary},
    }
    found = verdicts("us_gainful_employment", rates)
    assert found[["state", "evaluated"]].values.tolist() == [["eligible", False]]


def test_a_program_of_a_territory_is_outside_the_american_rule() -> None:
    failing = debt({2025: FAILS, 2026: FAILS})
    assert states("us_gainful_employment", failing, territory="yes") == ["eligible", "eligible"]
    assert states("us_gainful_employment", failing, territory="no") == ["warned", "ineligible"]


def test_alternatives_inside_a_condition_stand_in_brackets() -> None:
    book = BOOKS["us_gainful_employment"]
    assert " and (annual debt-to-earnings rate above 8 % or " in rule_in_words(
        book.rule("debt_to_earnings"), book, "en"
    )
