"""What chance does to good and bad programs, by simulation and by exact calculation."""

import pandas as pd
import pytest
from scipy.stats import beta, binom

from models.mechanism import decide
from tests.benchmarks.statistical_honesty import GOOD, INDICATOR, SIZES, both, default_book, raw_book

PROGRAMS = 1000


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return both(PROGRAMS)


def failing(graduates: int, rate: float, *, confidence: bool) -> float:
    """The probability that one year fails: below 60 %, and with a posterior of at least 80 % when asked for."""
    counts = [k for k in range(graduates + 1) if 10 * k < 6 * graduates]
    if confidence:
        counts = [k for k in counts if beta.cdf(0.6, k + 0.5, graduates - k + 0.5) >= 0.8]
    return float(binom.pmf(counts, graduates, rate).sum())


def close_to(probability: float) -> object:
    """Within four standard errors of a simulated share."""
    return pytest.approx(probability, abs=4 * (probability * (1 - probability) / PROGRAMS) ** 0.5)


@pytest.mark.parametrize("size", SIZES)
def test_the_default_book_suspends_far_fewer_good_programs_than_the_raw_one(found, size) -> None:
    good = found.loc[[(size, rate) for rate in GOOD]].sum() * PROGRAMS
    assert good["suspended", "default"] <= good["suspended", "raw"] / 5
    assert good["warned", "default"] <= good["warned", "raw"] / 2


def test_a_bad_program_of_sixty_graduates_is_mostly_caught(found) -> None:
    bad = found.loc[(60, 0.40)]
    assert bad["reduced", "default"] > 0.95
    assert bad["suspended", "default"] > 0.9


def test_the_raw_book_fails_a_year_as_often_as_the_binomial_distribution_says() -> None:
    exact = failing(30, 0.65, confidence=False)
    assert exact == pytest.approx(binom.cdf(17, 30, 0.65))
    counts = range(31)  # one program for each number employed, weighed by its probability
    rows = [(f"{k:02}", 2024, INDICATOR, k, 30) for k in counts]
    table = pd.DataFrame(rows, columns=["unit", "year", "indicator", "numerator", "denominator"])
    verdicts = decide(table, raw_book(), evidence="none").verdicts.set_index("unit")
    warned = sum(binom.pmf(k, 30, 0.65) for k in counts if verdicts.loc[f"{k:02}", "rank"] > 0)
    assert warned == pytest.approx(exact)


@pytest.mark.parametrize(("book", "confidence"), [("raw", False), ("default", True)])
@pytest.mark.parametrize(("size", "rate"), [(30, 0.65), (60, 0.65), (60, 0.55), (90, 0.50)])
def test_the_simulation_agrees_with_the_exact_probabilities(found, book, confidence, size, rate) -> None:
    # From 30 graduates on nothing is pooled, so that years are independent: fails in a row are runs in five trials.
    p = failing(size, rate, confidence=confidence)
    cell = found.loc[(size, rate)]
    assert cell["warned", book] == close_to(1 - (1 - p) ** 5)
    assert cell["suspended", book] == close_to(p**3 * (1 + 2 * (1 - p)))


def test_both_books_have_the_same_line_and_steps() -> None:
    raw, default = (book.rules[0] for book in (raw_book(), default_book()))
    assert raw.steps == default.steps
    assert raw.criteria[0].below == default.criteria[0].below
