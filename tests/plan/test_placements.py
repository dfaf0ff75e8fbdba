"""Matched placements per seat: which counts they rest on, and how small programs are drawn to the mean."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.plan.placements import placements_per_seat
from models.plan.settings import Rates

RATES = Rates(cohorts=2, prior_persons=30, reason={"zh": "试", "en": "test"})
UNITS = pd.DataFrame({"unit": ["A-1", "B-1", "B-2"], "program_code": ["1", "1", "2"]})


def enrollment(*rows: tuple[str, int, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["unit", "year", "planned", "registered"])


def outcome(*rows: tuple[str, int, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["unit", "year", "graduates", "matched"])


ENROLLED = enrollment(
    ("A-1", 2020, 50, 40), ("A-1", 2021, 50, 40), ("A-1", 2023, 50, 30), ("A-1", 2024, 50, 40), ("B-1", 2024, 20, 20)
)
OUTCOMES = outcome(("A-1", 2023, 36, 9), ("A-1", 2024, 40, 21), ("B-1", 2024, 20, 20))


def found() -> pd.DataFrame:
    return placements_per_seat(UNITS, ENROLLED, OUTCOMES, 2024, 3, RATES).set_index("unit")


def test_counts_are_those_of_the_last_cohorts() -> None:
    # Two years each: 30 + 40 registered of 50 + 50; 36 + 40 graduates of the 40 + 40 who registered three years before.
    own = found().loc["A-1"]
    assert own[["fill_numerator", "fill_denominator"]].tolist() == [70, 100]
    assert own[["completion_numerator", "completion_denominator"]].tolist() == [76, 80]
    assert own[["matched_numerator", "matched_denominator"]].tolist() == [30, 76]


def test_a_rate_is_drawn_to_its_programs_and_this_to_the_districts() -> None:
    # matched: district 50/96; program 1 (50 + 30·50/96)/(96 + 30) = 50/96; A-1 (30 + 30·50/96)/(76 + 30).
    district = 50 / 96
    rates = found()["matched_rate"]
    assert rates["A-1"] == pytest.approx((30 + 30 * district) / 106)
    assert rates["B-1"] == pytest.approx((20 + 30 * district) / 50)
    assert rates["B-2"] == pytest.approx(district), "a program without counts takes the district's rate"


def test_the_product_of_the_three_rates_is_what_a_seat_brings() -> None:
    rates = found()
    assert (rates["per_seat"] == rates["fill_rate"] * rates["completion_rate"] * rates["matched_rate"]).all()


def test_a_later_year_is_not_looked_at_and_a_missing_count_leaves_its_year_out() -> None:
    later = pd.concat([OUTCOMES, outcome(("A-1", 2025, 40, 40), ("B-1", 2023, 20, None))])
    again = placements_per_seat(UNITS, ENROLLED, later, 2024, 3, RATES).set_index("unit")
    pd.testing.assert_frame_equal(again, found())


def test_a_district_without_any_matched_graduate_counted_has_no_rate() -> None:
    with pytest.raises(ValueError, match="matched"):
        placements_per_seat(UNITS, ENROLLED, OUTCOMES.assign(matched=None), 2024, 3, RATES)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=3, max_size=3), st.integers(0, 200))
def test_every_rate_lies_between_the_lowest_and_the_highest_seen(counts, prior) -> None:
    rows = [(unit, 2024, max(pair), min(pair)) for unit, pair in zip(UNITS["unit"], counts, strict=True)]
    if not any(row[2] for row in rows):
        return
    rates = Rates(cohorts=3, prior_persons=prior, reason={"zh": "试", "en": "test"})
    seen = [matched / graduates for _, _, graduates, matched in rows if graduates]
    drawn = placements_per_seat(UNITS, ENROLLED, outcome(*rows), 2024, 3, rates)["matched_rate"]
    assert drawn.between(min(seen) - 1e-9, max(seen) + 1e-9).all()
