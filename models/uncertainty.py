"""How sure a rate is, from its counts: posterior probability and intervals.

Belongs here: statistics of one proportion. Does not belong here: what follows from them (rule-books).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, betaincinv, ndtri


def probability_below(numerator: ArrayLike, denominator: ArrayLike, line: float) -> NDArray[np.float64]:
    """Posterior probability that the true rate is below `line`, under the Jeffreys prior Beta(½, ½).

    Counts of any shape with 0 ≤ numerator ≤ denominator; NaN where the denominator is 0 or missing. Range 0 to 1.
    Source: L. D. Brown, T. T. Cai, A. DasGupta, Interval estimation for a binomial proportion, Statistical Science 16,
    2001, section 4.3.
    """
    k, n = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    usable = (n > 0) & (k >= 0) & (k <= n)
    a, b = np.where(usable, k + 0.5, 1.0), np.where(usable, n - k + 0.5, 1.0)
    return np.where(usable, betainc(a, b, min(max(line, 0.0), 1.0)), np.nan)


def jeffreys_interval(
    numerator: ArrayLike, denominator: ArrayLike, confidence: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Equal-tailed Jeffreys interval; 0 as lower end where the numerator is 0, 1 as upper end where it is all.

    NaN where the denominator is 0 or missing. Source: Brown, Cai, DasGupta 2001, section 3.1.
    """
    k, n = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    usable = (n > 0) & (k >= 0) & (k <= n)
    a, b = np.where(usable, k + 0.5, 1.0), np.where(usable, n - k + 0.5, 1.0)
    tail = (1 - confidence) / 2
    low = np.where(k == 0, 0.0, betaincinv(a, b, tail))
    high = np.where(k == n, 1.0, betaincinv(a, b, 1 - tail))
    return np.where(usable, low, np.nan), np.where(usable, high, np.nan)


def wilson_interval(
    numerator: ArrayLike, denominator: ArrayLike, confidence: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Wilson score interval. Source: R. G. Newcombe, Statistics in Medicine 17, 1998, method 3."""
    k, n = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    z = float(ndtri(0.5 + confidence / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = (2 * k + z * z) / (2 * (n + z * z))
        half = z * np.sqrt(z * z + 4 * k * (1 - k / n)) / (2 * (n + z * z))
    return centre - half, centre + half
