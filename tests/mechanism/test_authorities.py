"""Rule-books of other authorities: every rule of every example, with numbers small enough to check by hand."""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest

from models.mechanism import decide
from models.rulebook import Rulebook, parse
from models.wording import rule_in_words

FOLDER = Path(__file__).parents[2] / "models" / "rulebooks"
BOOKS = {path.stem: parse(path.read_text(encoding="utf-8"), path.name) for path in sorted(FOLDER.glob("*.yaml"))}
EXAMPLES = {name: book for name, book in BOOKS.items() if book.status == "example"}

Number = float | tuple[float, float]  # a published value, or numerator and denominator
Years = dict[int, Number]


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


def ranked(rate: str, own: Years, others: int) -> dict[str, dict[str, Years]]:
    """Unit A among `others` that all have 90 of 100 and more, no two alike."""
    better = {f"B{n:03}": {rate: dict.fromkeys(own, (900 + n, 1000))} for n in range(others)}
    return {"A": {rate: own}} | better


@dataclass(frozen=True)
class Case:
    """One unit: what is known of it, its state in each round, and the rounds in which the rule is hit."""

    book: str
    rule: str
    why: str
    indicators: dict[str, Years]
    states: list[str]
    hits: list[int]
    others: dict[str, dict[str, Years]] = field(default_factory=dict)


def signals(years: dict[int, int], book: str = "scuec") -> dict[str, Years]:
    """Years with a number of bad signals among the five of a rule-book."""
    bad: dict[str, tuple[Number, Number]] = {
        "scuec": {
            "placement_rate": ((60, 100), (90, 100)),
            "first_choice_rate": ((20, 100), (50, 100)),
            "registration_rate": ((70, 100), (95, 100)),
            "transfer_out_rate": ((30, 100), (5, 100)),
            "student_teacher_ratio": ((230, 10), (180, 10)),
        },
        "heilongjiang_2024": {
            "placement_rate": ((49, 100), (50, 100)),
            "intake_rate": ((59, 100), (60, 100)),
            "registration_rate": ((69, 100), (70, 100)),
            "transfer_out_rate": ((21, 100), (20, 100)),
            "student_teacher_ratio": ((251, 10), (250, 10)),
        },
    }[book]
    return {
        name: {year: worse if number < many else better for year, many in years.items()}
        for number, (name, (worse, better)) in enumerate(bad.items())
    }


# Annual: 810 of 10 000 is 8.1 %; discretionary: 810 of 4 000 is 20.25 %. 800 of 10 000 and of 4 000 are 8 % and 20 %.
FAILS, PASSES = ((810, 10_000), (810, 4_000)), ((800, 10_000), (800, 4_000))


def debt(years: dict[int, tuple[tuple[float, float], tuple[float, float]]]) -> dict[str, Years]:
    return {
        "annual_debt_to_earnings": {year: pair[0] for year, pair in years.items()},
        "discretionary_debt_to_earnings": {year: pair[1] for year, pair in years.items()},
    }


EMPLOYED, PLACED, PASSED = "employment_rate", "placement_rate", "pass_rate"

CASES = [
    Case("tianjin_2009", "below_60", "24 of 40 is exactly 60 % and not below", {EMPLOYED: {2010: (24, 40)}},
         ["normal"], []),
    Case("tianjin_2009", "below_60", "23 of 40 is 57.5 %, and one year at 60 % ends it",
         {EMPLOYED: {2010: (23, 40), 2011: (24, 40)}}, ["reduce", "normal"], [2010]),
    Case("tianjin_2009", "below_40", "16 of 40 is exactly 40 %: a smaller plan, but every year",
         {EMPLOYED: {2010: (16, 40)}}, ["reduce"], []),
    Case("tianjin_2009", "below_40", "15 of 40 is 37.5 %, and a second year stops intake",
         {EMPLOYED: {2010: (15, 40), 2011: (15, 40)}}, ["alternate", "stop"], [2010, 2011]),
    Case("tianjin_2009", "below_40", "a year between at 45 % breaks the two years running",
         {EMPLOYED: {2010: (15, 40), 2011: (18, 40), 2012: (15, 40)}}, ["alternate"] * 3, [2010, 2012]),
    Case("tianjin_2009", "below_40", "after a year without a report the count starts anew",
         {EMPLOYED: {2010: (15, 40), 2012: (15, 40)}}, ["alternate"] * 3, [2010, 2012]),
    Case("tianjin_2009", "below_40", "one year at 60 % ends the alternation as well",
         {EMPLOYED: {2010: (15, 40), 2011: (24, 40)}}, ["alternate", "normal"], [2010]),
    Case("tianjin_2009", "below_30", "12 of 40 is exactly 30 % and not below", {EMPLOYED: {2010: (12, 40)}},
         ["alternate"], []),
    Case("tianjin_2009", "below_30", "11 of 40 is 27.5 %; a good year of an old cohort does not resume intake",
         {EMPLOYED: {2010: (11, 40), 2011: (40, 40)}}, ["stop", "stop"], [2010]),
    Case("anhui_2022", "below_60_three_years", "29 of 50 is 58 %: only the third year suspends",
         {PLACED: dict.fromkeys((2022, 2023, 2024), (29, 50))}, ["normal", "normal", "suspend"], [2022, 2023, 2024]),
    Case("anhui_2022", "below_60_three_years", "30 of 50 is exactly 60 % and breaks the run",
         {PLACED: {2022: (29, 50), 2023: (29, 50), 2024: (30, 50), 2025: (29, 50)}}, ["normal"] * 4,
         [2022, 2023, 2025]),
    Case("anhui_2022", "below_60_three_years", "after a year without a report the count starts anew",
         {PLACED: {2020: (29, 50), 2021: (29, 50), 2023: (29, 50)}}, ["normal"] * 4, [2020, 2021, 2023]),
    Case("heilongjiang_2024", "two_of_five", "every signal exactly at its line is none",
         signals({2024: 0}, "heilongjiang_2024"), ["normal"], []),
    Case("heilongjiang_2024", "two_of_five", "one signal is no warning, two are; the next list is without it",
         signals({2024: 1, 2025: 2, 2026: 1}, "heilongjiang_2024"), ["normal", "warning", "normal"], [2025]),
    Case("heilongjiang_2024", "two_of_five", "two signals suffice though three are not known",
         {PLACED: {2024: (49, 100)}, "transfer_out_rate": {2024: (21, 100)}}, ["warning"], [2024]),
    Case("fujian_2023", "bottom_tenth", "the last of 10 is the bottom 10 %, two years running",
         {PLACED: {2022: (50, 100), 2023: (50, 100)}}, ["normal", "warning"], [2022, 2023],
         ranked(PLACED, {2022: 0, 2023: 0}, 9)),
    Case("fujian_2023", "bottom_tenth", "10 % of 9 is less than one, so that nobody is in it",
         {PLACED: {2022: (50, 100), 2023: (50, 100)}}, ["normal", "normal"], [],
         ranked(PLACED, {2022: 0, 2023: 0}, 8)),
    Case("fujian_2023", "bottom_tenth", "a tie of two for one place of 10 is spared",
         {PLACED: {2022: (50, 100), 2023: (50, 100)}}, ["normal", "normal"], [],
         ranked(PLACED, {2022: 0, 2023: 0}, 8) | {"C": {PLACED: {2022: (1, 2), 2023: (1, 2)}}}),
    Case("fujian_2023", "bottom_tenth", "a year without a report breaks the two years running",
         {PLACED: {2021: (50, 100), 2023: (50, 100)}}, ["normal"] * 3, [2021, 2023],
         ranked(PLACED, {2021: 0, 2022: 0, 2023: 0}, 9)),
    Case("fujian_2023", "bottom_tenth", "one year above the bottom ends the warning",
         {PLACED: {2021: (50, 100), 2022: (50, 100), 2023: (99, 100)}}, ["normal", "warning", "normal"], [2021, 2022],
         ranked(PLACED, {2021: 0, 2022: 0, 2023: 0}, 9)),
    Case("fujian_2023", "duplicate", "10 of 20 schools are exactly half and not more",
         {"provider_share": {2023: (10, 20)}}, ["normal"], []),
    Case("fujian_2023", "duplicate", "11 of 20 schools are more than half, until a school closes it",
         {"provider_share": {2023: (11, 20), 2024: (10, 20)}}, ["control", "normal"], [2023]),
    Case("scuec", "two_of_five", "one signal is no warning, two are, and a year without ends it",
         signals({2020: 1, 2021: 2, 2022: 1}), ["normal", "warning", "normal"], [2021]),
    Case("scuec", "two_of_five", "exactly 70 % placed and 20 % changed are no signals",
         {PLACED: {2020: (70, 100)}, "transfer_out_rate": {2020: (20, 100)}, "first_choice_rate": {2020: (30, 100)},
          "registration_rate": {2020: (80, 100)}, "student_teacher_ratio": {2020: 22.0}}, ["normal"], []),
    Case("scuec", "bottom_twentieth", "the last of 20 is the bottom 5 %, two years running",
         {PLACED: {2020: (80, 100), 2021: (80, 100)}}, ["normal", "warning"], [2020, 2021],
         ranked(PLACED, {2020: 0, 2021: 0}, 19)),
    Case("scuec", "bottom_twentieth", "5 % of 19 is less than one, so that nobody is in it",
         {PLACED: {2020: (80, 100), 2021: (80, 100)}}, ["normal", "normal"], [],
         ranked(PLACED, {2020: 0, 2021: 0}, 18)),
    Case("scuec", "bottom_twentieth", "a year without a rate breaks the two years running",
         {PLACED: {2020: (80, 100), 2022: (80, 100)}}, ["normal"] * 3, [2020, 2022],
         ranked(PLACED, {2020: 0, 2021: 0, 2022: 0}, 19)),
    Case("scuec", "bottom_twentieth", "a tie of two for one place of 20 is spared",
         {PLACED: {2020: (80, 100), 2021: (80, 100)}}, ["normal", "normal"], [],
         ranked(PLACED, {2020: 0, 2021: 0}, 18) | {"C": {PLACED: {2020: (4, 5), 2021: (4, 5)}}}),
    Case("scuec", "warned_two_years", "two warnings running suspend", signals({2020: 2, 2021: 5}),
         ["warning", "suspend"], [2020, 2021]),
    Case("scuec", "warned_two_years", "a year without a warning breaks the two years running",
         signals({2020: 2, 2021: 0, 2022: 2}), ["warning", "normal", "warning"], [2020, 2022]),
    Case("scuec", "warned_two_years", "a year that cannot be judged breaks them too, but ends no warning",
         signals({2020: 2, 2022: 2}), ["warning"] * 3, [2020, 2022]),
    Case("scuec", "warned_two_years", "third bottom year after one of signals: warned twice by different rules",
         signals({2020: 2, 2021: 2}) | {PLACED: {2019: (60, 100), 2020: (60, 100), 2021: (60, 100)}},
         ["normal", "warning", "suspend"], [2020, 2021], ranked(PLACED, {2019: 0, 2020: 0, 2021: 0}, 19)),
    Case("scuec", "warned_two_years", "one student registered in the second year: suspended",
         signals({2020: 2, 2021: 2}) | {"registered": {2020: 30.0, 2021: 1.0}}, ["warning", "suspend"], [2020, 2021]),
    Case("scuec", "warned_two_years", "no student registered in the second year: the old cohort moves nothing",
         signals({2020: 2, 2021: 2}) | {"registered": {2020: 30.0, 2021: 0.0}}, ["warning", "warning"], [2020]),
    Case("scuec", "warned_three_of_five", "2020, 2022 and 2024 are three of five years",
         signals({2020: 2, 2021: 0, 2022: 2, 2023: 0, 2024: 2}), ["warning", "normal", "warning", "normal", "exit"],
         [2020, 2022, 2024]),
    Case("scuec", "warned_three_of_five", "2020, 2022 and 2025 are three of six years",
         signals({2020: 2, 2021: 0, 2022: 2, 2023: 0, 2024: 0, 2025: 2}),
         ["warning", "normal", "warning", "normal", "normal", "warning"], [2020, 2022, 2025]),
    Case("scuec", "warned_three_of_five", "years that cannot be judged between them do not matter",
         signals({2020: 2, 2022: 2, 2024: 2}), ["warning"] * 4 + ["exit"], [2020, 2022, 2024]),
    Case("scuec", "warned_three_of_five", "but they are years: 2020 lies outside the five up to 2025",
         signals({2020: 2, 2022: 2, 2025: 2}), ["warning"] * 6, [2020, 2022, 2025]),
    Case("scuec", "warned_three_of_five", "an old cohort's third warning does not close a suspended program",
         signals({2020: 2, 2021: 2, 2022: 2}), ["warning", "suspend", "suspend"], [2020, 2021, 2022]),
    Case("scuec", "no_intake", "four years without intake are not five",
         {"registered": dict.fromkeys(range(2020, 2024), 0.0)}, ["normal"] * 4, [2020, 2021, 2022, 2023]),
    Case("scuec", "no_intake", "the fifth year without intake closes the program",
         {"registered": {2019: 30.0} | dict.fromkeys(range(2020, 2025), 0.0)}, ["normal"] * 5 + ["exit"],
         [2020, 2021, 2022, 2023, 2024]),
    Case("scuec", "no_intake", "a suspended program is closed after five years as well",
         signals({2018: 2, 2019: 2}) | {"registered": {2018: 30.0} | dict.fromkeys(range(2020, 2025), 0.0)},
         ["warning"] + ["suspend"] * 5 + ["exit"], [2020, 2021, 2022, 2023, 2024]),
    Case("scuec", "no_intake", "a year without a figure neither breaks nor counts",
         {"registered": {2019: 0.0, 2020: 0.0, 2022: 0.0, 2023: 0.0, 2024: 0.0}}, ["normal"] * 5 + ["exit"],
         [2019, 2020, 2022, 2023, 2024]),
    Case("scuec", "no_intake", "one student in the third year starts the five years anew",
         {"registered": {2019: 0.0, 2020: 0.0, 2021: 1.0, 2022: 0.0, 2023: 0.0, 2024: 0.0}}, ["normal"] * 6,
         [2019, 2020, 2022, 2023, 2024]),
    Case("texas_nursing", "pass_rate_low", "40 of 50 is exactly 80 % and not below", {PASSED: {2020: (40, 50)}},
         ["full"], []),
    Case("texas_nursing", "pass_rate_low", "39 of 50 is 78 %: one step more with each consecutive year",
         {PASSED: dict.fromkeys(range(2020, 2024), (39, 50))}, ["self_study", "warning", "conditional", "withdrawn"],
         [2020, 2021, 2022, 2023]),
    Case("texas_nursing", "pass_rate_low", "one year at 80 % ends the self-study and the unruled proposal",
         {PASSED: {2020: (39, 50), 2021: (39, 50), 2022: (40, 50), 2023: (39, 50)}},
         ["self_study", "warning", "full", "self_study"], [2020, 2021, 2023]),
    Case("texas_nursing", "pass_rate_low", "conditional approval and withdrawal that nobody ruled lapse as well",
         {PASSED: dict.fromkeys((2020, 2021, 2022), (39, 50)) | {2023: (40, 50)}},
         ["self_study", "warning", "conditional", "full"], [2020, 2021, 2022]),
    Case("texas_nursing", "pass_rate_low", "and so after four years",
         {PASSED: dict.fromkeys((2020, 2021, 2022, 2023), (39, 50)) | {2024: (40, 50)}},
         ["self_study", "warning", "conditional", "withdrawn", "full"], [2020, 2021, 2022, 2023]),
    Case("texas_nursing", "pass_rate_low", "a year without candidates neither breaks nor counts",
         {PASSED: {2020: (39, 50), 2022: (39, 50)}}, ["self_study", "self_study", "warning"], [2020, 2022]),
    Case("us_gainful_employment", "debt_to_earnings", "exactly 8 % and 20 % pass", debt({2025: PASSES}),
         ["eligible"], []),
    Case("us_gainful_employment", "debt_to_earnings", "8.1 % alone or 20.25 % alone pass",
         debt({2025: (FAILS[0], PASSES[1]), 2026: (PASSES[0], FAILS[1])}), ["eligible", "eligible"], []),
    Case("us_gainful_employment", "debt_to_earnings", "the two failing years of three may have a passing one between",
         debt({2025: FAILS, 2026: PASSES, 2027: FAILS}), ["warned", "warned", "ineligible"], [2025, 2027]),
    Case("us_gainful_employment", "debt_to_earnings", "two failing years of four are not two of three",
         debt({2025: FAILS, 2026: PASSES, 2027: PASSES, 2028: FAILS}), ["warned", "warned", "eligible", "warned"],
         [2025, 2028]),
    Case("us_gainful_employment", "debt_to_earnings", "a year without a result keeps the status and is none of three",
         debt({2025: FAILS, 2026: PASSES, 2028: FAILS}), ["warned", "warned", "warned", "ineligible"], [2025, 2028]),
    Case("us_gainful_employment", "debt_to_earnings", "a result of five years before still counts",
         debt({2025: FAILS, 2030: FAILS}), ["warned"] * 5 + ["ineligible"], [2025, 2030]),
    Case("us_gainful_employment", "debt_to_earnings", "a result of six years before is disregarded",
         debt({2025: FAILS, 2031: FAILS}), ["warned"] * 7, [2025, 2031]),
    Case("us_gainful_employment", "debt_to_earnings", "no discretionary earnings but debt fails as a rate above 20 %",
         debt({2025: (FAILS[0], (810, 0))}), ["warned"], [2025]),
    Case("us_gainful_employment", "debt_to_earnings", "no earnings at all and one dollar of debt fails",
         debt({2025: ((1, 0), (1, 0))}), ["warned"], [2025]),
    Case("us_gainful_employment", "debt_to_earnings", "neither earnings nor debt passes",
         debt({2025: ((0, 0), (0, 0)), 2026: FAILS}), ["eligible", "warned"], [2026]),
    Case("us_gainful_employment", "earnings_premium", "earnings equal to the threshold fail, one dollar more passes",
         {"earnings_to_threshold": {2025: (32_000, 32_000), 2026: (32_001, 32_000)}}, ["warned", "warned"], [2025]),
    Case("us_gainful_employment", "earnings_premium", "two of three years make a program ineligible",
         {"earnings_to_threshold": {2025: (31_000, 32_000), 2026: (33_000, 32_000), 2027: (31_000, 32_000)}},
         ["warned", "warned", "ineligible"], [2025, 2027]),
    Case("us_gainful_employment", "earnings_premium", "two of four years are not two of three",
         {"earnings_to_threshold": {2025: (3, 4), 2026: (5, 4), 2027: (5, 4), 2028: (3, 4)}},
         ["warned", "warned", "eligible", "warned"], [2025, 2028]),
    Case("us_gainful_employment", "earnings_premium", "a year without a result is none of three",
         {"earnings_to_threshold": {2025: (3, 4), 2026: (5, 4), 2028: (3, 4)}},
         ["warned", "warned", "warned", "ineligible"], [2025, 2028]),
    Case("us_gainful_employment", "earnings_premium", "a result of five years before still counts",
         {"earnings_to_threshold": {2025: (3, 4), 2030: (3, 4)}}, ["warned"] * 5 + ["ineligible"], [2025, 2030]),
    Case("us_gainful_employment", "earnings_premium", "a result of six years before is disregarded",
         {"earnings_to_threshold": {2025: (3, 4), 2031: (3, 4)}}, ["warned"] * 7, [2025, 2031]),
    Case("us_gainful_employment", "earnings_premium", "one failure of each measure does not add up to two",
         debt({2025: FAILS, 2026: PASSES}) | {"earnings_to_threshold": {2025: (33_000, 32_000), 2026: (1, 2)}},
         ["warned", "warned"], [2026]),
]  # fmt: skip


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
