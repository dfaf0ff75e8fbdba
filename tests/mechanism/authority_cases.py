"""One unit per rule of every example: numbers small enough to check by hand, and what they lead to.

Belongs here: the cases. Does not belong here: how they are tried (`test_authorities`).
"""

from dataclasses import dataclass, field

Number = float | tuple[float, float]  # a published value, or numerator and denominator
Years = dict[int, Number]


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
