"""Statistics of one proportion against published values."""

import numpy as np
import pytest

from models.uncertainty import jeffreys_interval, probability_below, wilson_interval


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    # R. G. Newcombe, Statistics in Medicine 17, 1998, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_newcombes(numerator: int, denominator: int, low: float, high: float) -> None:
    assert wilson_interval(numerator, denominator) == pytest.approx((low, high), abs=5e-5)


def test_sixteen_of_thirty_is_seventy_seven_percent_evidence_of_less_than_sixty() -> None:
    assert probability_below(16, 30, 0.60) == pytest.approx(0.77, abs=0.005)


def test_nobody_and_everybody_reach_the_ends_of_jeffreys_interval() -> None:
    low, high = jeffreys_interval([0, 20], [20, 20])
    assert (low[0], high[1]) == (0.0, 1.0)
    assert 0 < high[0] < low[1] < 1


def test_a_denominator_of_zero_gives_no_probability_and_no_interval() -> None:
    assert np.isnan(probability_below(0, 0, 0.6))
    assert np.isnan(jeffreys_interval(0, 0)).all()
