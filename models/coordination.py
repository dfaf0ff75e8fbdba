"""Levels of systems and how far they develop together: coupling coordination, entropy weights, grey relations.

Belongs here: functions of several indicators or systems over years or regions. Does not belong here: indices between
two structures (`structure`), and which systems a district compares (`match`).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Grade(NamedTuple):
    """A grade of coordination: its lower bound and its name."""

    lower: float
    zh: str
    en: str


ROUNDING = 1e-9  # a weighted mean of ones may miss 1 by the last digit

# 廖重斌 1999 and after him most of the Chinese literature: ten grades of a tenth each, closed below; the last holds 1.
GRADES = (
    Grade(0.0, "极度失调", "extreme imbalance"),
    Grade(0.1, "严重失调", "severe imbalance"),
    Grade(0.2, "中度失调", "moderate imbalance"),
    Grade(0.3, "轻度失调", "slight imbalance"),
    Grade(0.4, "濒临失调", "near imbalance"),
    Grade(0.5, "勉强协调", "bare coordination"),
    Grade(0.6, "初级协调", "primary coordination"),
    Grade(0.7, "中级协调", "intermediate coordination"),
    Grade(0.8, "良好协调", "good coordination"),
    Grade(0.9, "优质协调", "excellent coordination"),
)


class Coordination(NamedTuple):
    """Coupling C, development T and coordination D = sqrt(C·T), each one value per row of levels."""

    coupling: NDArray[np.float64]
    development: NDArray[np.float64]
    coordination: NDArray[np.float64]


def _levels(levels: ArrayLike) -> NDArray[np.float64]:
    """Rows of at least two levels from 0 to 1; ValueError otherwise. A missing level stays NaN."""
    rows = np.atleast_2d(np.asarray(levels, dtype=float))
    if rows.ndim != 2 or rows.shape[1] < 2:
        raise ValueError("coupling needs at least two systems")
    if (rows < -ROUNDING).any() or (rows > 1 + ROUNDING).any():
        raise ValueError("a system's level lies outside 0 to 1: standardise the indicators first")
    return np.clip(rows, 0.0, 1.0)


def coupling(levels: ArrayLike, k: float | None = None) -> NDArray[np.float64]:
    """Coupling degree (耦合度) C = [Π U / (mean U)^n]^k of n systems; one row of levels U per observation.

    `k` None is 1/n: the geometric over the arithmetic mean of the levels, C = n (Π U)^(1/n) / ΣU; 廖重斌 uses k = 2 for
    n = 2. Range 0 to 1; it is 1 when all levels are equal, even if all are low, and 0 when one is 0; NaN when all are 0
    or one is missing. Weakness: values crowd near 1 (two levels of 0.3 and 0.6 give 0.94). About half of the Chinese
    papers that use it leave out the factor n or the root (刘春林, 耦合度计算的常见错误分析, 江苏师范大学学报, 2017):
    their C ends at 1/n or below. Source: 廖重斌, 热带地理 19(2), 1999; the form for n systems as in 王淑佳 and others
    2021.
    """
    rows = _levels(levels)
    n = rows.shape[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.minimum(1.0, (rows.prod(axis=1) / rows.mean(axis=1) ** n) ** (1 / n if k is None else k))


def coupling_corrected(levels: ArrayLike) -> NDArray[np.float64]:
    """Corrected coupling degree: C = sqrt([1 − Σ_{i>j} |U_i − U_j| / (1 + … + (n−1))] · [Π U_i / max U]^(1/(n−1))).

    One row of n levels per observation. Range 0 to 1, spread over it instead of crowding near 1; 1 only when all levels
    are equal, 0 when one is 0; NaN when all are 0 or one is missing. Weakness: it depends on the levels themselves and
    not only on their proportion, so that standardisation matters more. Source: 王淑佳, 孔伟, 任亮, 治丹丹, 戴彬婷,
    国内耦合协调度模型的误区及修正, 自然资源学报 36(3), 2021, 793–810.
    """
    rows = _levels(levels)
    n = rows.shape[1]
    apart = np.abs(rows[:, :, None] - rows[:, None, :]).sum(axis=(1, 2)) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        proportion = (rows / rows.max(axis=1, keepdims=True)).prod(axis=1) ** (1 / (n - 1))
    return np.sqrt(np.maximum(0.0, 1 - apart / (n * (n - 1) / 2)) * proportion)


def coordination(
    levels: ArrayLike, weights: ArrayLike | None = None, k: float | None = None, *, corrected: bool = False
) -> Coordination:
    """Coupling coordination degree (耦合协调度) D = sqrt(C · T) with T = Σ weight · U; one row of levels per
    observation.

    `weights` of the systems are divided by their sum (None: equal); `corrected` takes `coupling_corrected` for C, else
    `coupling` with `k`. All values range from 0 to 1. Weakness: C, T and D follow from how the levels were
    standardised, and a year added at either end changes all of them. Sources as for C. ValueError for weights that are
    negative, add up to zero or are not one per system.
    """
    rows = _levels(levels)
    parts = np.ones(rows.shape[1]) if weights is None else np.asarray(weights, dtype=float)
    if parts.shape != (rows.shape[1],) or not np.isfinite(parts).all() or (parts < 0).any() or parts.sum() == 0:
        raise ValueError("weights must be one per system, none negative, not all zero")
    together = coupling_corrected(rows) if corrected else coupling(rows, k)
    development = rows @ (parts / parts.sum())
    return Coordination(together, development, np.sqrt(together * development))


def grade(degree: float, grades: tuple[Grade, ...] = GRADES, *, closed_above: bool = False) -> Grade | None:
    """The grade of a coordination degree from 0 to 1; None when it is missing, ValueError outside the range.

    Grades are half-open: [lower, next). Some papers close them above instead, (lower, next]: `closed_above`.
    """
    if np.isnan(degree):
        return None
    if not 0 <= degree <= 1:
        raise ValueError(f"a coordination degree lies between 0 and 1, not at {degree}")
    place = int(np.searchsorted([each.lower for each in grades], degree, side="left" if closed_above else "right"))
    return grades[max(0, place - 1)]


def standardised(values: ArrayLike, floor: float = 0.0) -> NDArray[np.float64]:
    """Each column brought to [floor, 1] by its smallest and largest value; a column without spread becomes 1.

    One row per observation, one column per indicator of which more is better. A `floor` above 0 keeps the year of the
    smallest value from making a whole product 0. ValueError for a missing value or a floor outside [0, 1).
    """
    rows = _table(values)
    if not 0 <= floor < 1:
        raise ValueError("the floor lies from 0 to below 1")
    low, spread = rows.min(axis=0), np.ptp(rows, axis=0)
    return np.where(spread > 0, floor + (1 - floor) * (rows - low) / np.where(spread > 0, spread, 1), 1.0)


def entropy_weights(values: ArrayLike) -> NDArray[np.float64]:
    """Entropy weights (熵值法) of indicators: w_j ∝ 1 − e_j with e_j = −Σ p_ij ln p_ij / ln m, p the column's shares.

    One row per observation (m of them), one column per indicator, values not negative (standardise first). The weights
    sum to 1; a column that is the same in every row gets 0, a zero cell adds nothing (0 ln 0 = 0); when no column tells
    rows apart all weights are equal. Weakness: it rewards spread, not importance, and one outlier draws the weight.
    ValueError for fewer than two rows, a negative or missing value, a column of zeros. Source: C. E. Shannon 1948;
    郭显光, 熵值法及其在综合评价中的应用, 财贸研究, 1994.
    """
    rows = _table(values)
    if len(rows) < 2:
        raise ValueError("entropy weights need at least two rows")
    if (rows < 0).any():
        raise ValueError("a value is negative: standardise the indicators first")
    if (rows.sum(axis=0) == 0).any():
        raise ValueError("an indicator is zero in every row")
    p = rows / rows.sum(axis=0)
    entropy = -(p * np.log(np.where(p > 0, p, 1))).sum(axis=0) / np.log(len(rows))
    told = np.where(1 - entropy > np.finfo(float).eps * len(rows), 1 - entropy, 0.0)
    return told / told.sum() if told.sum() > 0 else np.full(rows.shape[1], 1 / rows.shape[1])


def grey_relational_degree(reference: ArrayLike, others: ArrayLike, rho: float = 0.5) -> NDArray[np.float64]:
    """Grey relational degree (灰色关联度) of each series in `others` to `reference`, from Deng's coefficients.

    `reference`: one value per year; `others`: one row per year, one column per series. Each series is divided by its
    mean; the coefficient is (Δmin + ρ Δmax) / (Δ + ρ Δmax) with the smallest and largest difference over all series,
    and the degree its mean over the years. `rho` in (0, 1], usually 0.5. Range 0 to 1; 1 when a series moves as the
    reference does. Weakness: the degree of one series changes when another is added, and a high one is no cause.
    ValueError for missing values, a series whose mean is not positive, series of another length. Source: 邓聚龙,
    灰色系统基本方法, 1987.
    """
    base, rows = np.asarray(reference, dtype=float), _table(others)
    if base.ndim != 1 or len(base) != len(rows):
        raise ValueError("all series must cover the same years")
    table = _table(np.column_stack([base, rows]))
    if (table.mean(axis=0) <= 0).any():
        raise ValueError("a series has no positive mean")
    if not 0 < rho <= 1:
        raise ValueError("rho lies above 0 and at most at 1")
    scaled = table / table.mean(axis=0)
    apart = np.abs(scaled[:, 1:] - scaled[:, :1])
    apart[np.isclose(scaled[:, 1:], scaled[:, :1], rtol=1e-12)] = 0.0
    if apart.max() == 0:
        return np.ones(rows.shape[1])
    return np.asarray(((apart.min() + rho * apart.max()) / (apart + rho * apart.max())).mean(axis=0))


def _table(values: ArrayLike) -> NDArray[np.float64]:
    """A table of numbers without gaps, one row per observation; ValueError otherwise."""
    rows = np.asarray(values, dtype=float)
    if rows.ndim != 2 or not rows.size:
        raise ValueError("a table with rows and columns is expected")
    if not np.isfinite(rows).all():
        raise ValueError("a value is missing")
    return rows
