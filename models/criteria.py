"""Criteria: one indicator of every unit and year set against its line.

Belongs here: hit, pass or not known for one comparison. Does not belong here: which cohorts are looked at
(`models.pooling`), lines that depend on other units (`models.population`), combining criteria (`models.conditions`).

Comparisons are exact: counts by cross-multiplied integers, published values as printed, rounded, averaged and ranked
rates in integers of 10⁻¹².
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from models.exact import (
    FINE_DIGITS,
    compare,
    in_quanta,
    quanta_bound,
    quotient_beyond,
    value_in_quanta,
    widen,
)
from models.grammar import Benchmark, Cohort, Confidence, Criterion, Ranked, Weighted
from models.panel import Panel
from models.pooling import ABSENT, PASS, GroupSums, Looked, look
from models.settings_parts import Dated

HELD, WEAK, HIT = 10, 11, 12
OUTCOMES = {
    0: "pass", 1: "missing", 2: "too_small", 3: "excluded", 4: "exempt", 5: "lagging",
    HELD: "held", WEAK: "weak_hit", HIT: "hit",
}  # fmt: skip
NO_BOUND = np.iinfo(np.int64).min


@dataclass
class Bounds:
    """Lines that depend on the unit's group and the year: bound in 10⁻¹² and line as a number, both unit × year."""

    bound: NDArray
    line: NDArray[np.float64]


@dataclass
class Judged:
    """One criterion judged, unit × year.

    `outcome` is a code of OUTCOMES; `line` the line compared with (NaN where there is none); `looked` what was looked
    at (None for a condition that is no single comparison).
    """

    outcome: NDArray[np.int8]
    line: NDArray[np.float64]
    looked: Looked | None = None


def judge(
    criterion: Criterion,
    panel: Panel,
    cohort: Cohort | None,
    *,
    line: Dated | None = None,
    bounds: Bounds | None = None,
    sums: GroupSums | None = None,
) -> Judged:
    """The criterion's outcome for every unit and year; `line` replaces its number, `bounds` are those of its group."""
    looked = look(criterion, panel, cohort, sums)
    numbers = lines_by_year(line or criterion.line, panel)
    shown = bounds.line if bounds else np.array([[np.nan if n is None else float(n) for n in numbers]])
    shown = np.broadcast_to(shown, panel.shape)
    known = looked.status == PASS
    beyond = known & beyond_line(criterion, looked, looked.num, looked.den, numbers, bounds)
    if criterion.confidence:
        beyond &= sure(criterion, criterion.confidence, looked, shown, beyond, panel)
    outcome = np.where(beyond, np.where(looked.weak, WEAK, HIT), looked.status).astype(np.int8)
    lineless = bounds.bound == NO_BOUND if bounds else np.array([[number is None for number in numbers]])
    outcome[known & lineless] = ABSENT
    if cohort and cohort.pooled_hit == "own_cohort_too":
        pooled = beyond & ((looked.span > 1) | (looked.step > 0))
        if pooled.any():
            own = beyond_line(criterion, looked, looked.own_num, looked.own_den, numbers, bounds)
            outcome[pooled & ~own] = HELD
    return Judged(outcome, shown, looked)


def lines_by_year(line: Dated | Benchmark | Ranked, panel: Panel) -> list[Fraction | None]:
    """The fixed line of each year; None where there is none (or where it depends on other units)."""
    if isinstance(line, Dated):
        return [line.at(int(year)) for year in panel.years]
    if isinstance(line, Benchmark) and line.values is not None:
        stated = [line.values.get(int(year)) for year in panel.years]
        return [None if v is None else Fraction(v) * Fraction(line.times) + Fraction(line.plus) for v in stated]
    return [None] * len(panel.years)


def beyond_line(
    criterion: Criterion,
    looked: Looked,
    num: NDArray,
    den: NDArray,
    numbers: list[Fraction | None],
    bounds: Bounds | None,
) -> NDArray[np.bool_]:
    """Whether num / den, or the published value, lies beyond the line."""
    if bounds is not None:
        rates = quanta(criterion, looked, num, den)
        reached = rates <= bounds.bound if criterion.low_is_bad else rates >= bounds.bound
        return reached.astype(bool) & (bounds.bound != NO_BOUND)
    beyond = np.zeros(num.shape, dtype=bool)
    for line in set(numbers):
        if line is None:
            continue
        years = np.flatnonzero([number == line for number in numbers])
        columns = slice(None) if len(years) == len(numbers) else years
        if criterion.round is not None:
            rates = quanta(criterion, looked, num, den)[:, columns]
            bound = quanta_bound(line, criterion.comparison)
            beyond[:, columns] = (rates <= bound) if criterion.low_is_bad else (rates >= bound)
            continue
        counted = looked.counted[:, columns]
        found = quotient_beyond(num[:, columns], den[:, columns], line, criterion.comparison) & counted
        value = looked.value[:, columns]
        if not np.isnan(value).all():
            with np.errstate(invalid="ignore"):
                found |= ~counted & compare(value, np.asarray(float(line)), criterion.comparison)
        beyond[:, columns] = found
    return beyond


def quanta(criterion: Criterion, looked: Looked, num: NDArray, den: NDArray) -> NDArray:
    """The rates in integers of 10⁻¹², rounded as the criterion says."""
    digits = criterion.round.digits if criterion.round else FINE_DIGITS
    how = criterion.round.how if criterion.round else "half_up"
    rates = in_quanta(num, np.where(looked.counted, den, 1), digits, how)
    if np.isnan(looked.value).all():
        return rates
    printed = value_in_quanta(np.where(looked.counted, 0.0, looked.value), digits, how)
    return np.where(looked.counted, rates, printed)


def sure(
    criterion: Criterion,
    confidence: Confidence,
    looked: Looked,
    line: NDArray[np.float64],
    asked: NDArray[np.bool_],
    panel: Panel,
) -> NDArray[np.bool_]:
    """Where the posterior probability reaches the confidence; a value without counts has none and is not asked."""
    enough = np.ones(asked.shape, dtype=bool)
    unit, year = np.nonzero(asked & looked.counted)
    needed = np.array([float(confidence.jeffreys.at(int(y))) for y in panel.years])
    k, n = (as_real(m[unit, year], looked.scale) for m in (looked.num, looked.den))
    enough[unit, year] = probability_beyond(criterion, k, n, line[unit, year]) >= needed[year]
    return enough


def as_real(scaled: NDArray, scale: int) -> NDArray[np.float64]:
    """Scaled integers as numbers."""
    return scaled.astype(np.float64) / scale


def probability_beyond(
    criterion: Criterion, k: NDArray[np.float64], n: NDArray[np.float64], line: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Posterior probability (Jeffreys) that the true rate lies on the bad side of the line; 0 ≤ k ≤ n, n > 0."""
    below = betainc(k + 0.5, n - k + 0.5, np.clip(line, 0.0, 1.0))
    return below if criterion.low_is_bad else 1 - below


def judge_weighted(weighted: Weighted, panel: Panel) -> Judged:
    """Σ weight × indicator against its line.

    In integers of 10⁻¹² × the weights' last digit; where these leave open on which side of the line a sum lies, it is
    taken exactly, so that 0.3 × ⅓ + 0.6 × ½ is not below 0.4.
    """
    spec = weighted.weighted
    digits = max(max(-int(item.weight.as_tuple().exponent), 0) for item in spec.of)
    total = np.zeros(panel.shape, dtype=np.int64)
    weights, asked = np.zeros(panel.shape, dtype=np.int64), 0
    known = np.ones(panel.shape, dtype=bool)
    parts = []
    for item in spec.of:
        looked = look(item, panel, None)
        parts.append((Fraction(item.weight), looked))
        there = looked.status == PASS
        rates = in_quanta(looked.num, np.where(looked.counted, looked.den, 1))
        printed = value_in_quanta(np.where(looked.counted | ~there, 0.0, looked.value))
        weight = int(item.weight * 10**digits)
        (rates,) = widen(np.where(looked.counted, rates, printed), factor=weight * len(spec.of))
        total = total + np.where(there, rates * weight, 0)
        weights, asked = weights + np.where(there, weight, 0), asked + weight
        known &= there
    if spec.missing == "reweigh":
        known = weights > 0
        total, weights = widen(total, weights, factor=asked)
        total = total * asked // np.maximum(weights, 1)
    outcome = np.full(panel.shape, ABSENT, dtype=np.int8)
    line = [spec.line.at(int(year)) for year in panel.years]
    low_is_bad = spec.comparison in ("below", "at_most")
    for column, number in enumerate(line):
        bound = quanta_bound(number * 10**digits, spec.comparison)
        beyond = (total[:, column] <= bound if low_is_bad else total[:, column] >= bound).astype(bool)
        close = known[:, column] & (np.abs(total[:, column] - bound) <= asked + 2).astype(bool)
        for unit in np.flatnonzero(close):
            beyond[unit] = bool(
                compare(np.asarray(exact_sum(parts, int(unit), column)), np.asarray(number), spec.comparison)
            )
        outcome[:, column] = np.where(known[:, column], np.where(beyond, HIT, PASS), ABSENT)
    shown = np.broadcast_to(np.array([[float(number) for number in line]]), panel.shape)
    value = np.where(known, total.astype(np.float64) / 10 ** (FINE_DIGITS + digits), np.nan)
    none = np.zeros(panel.shape, dtype=np.int64)
    flat = np.zeros(panel.shape, dtype=np.int8)
    no = np.zeros(panel.shape, dtype=bool)
    return Judged(outcome, shown, Looked(none, none, value, no, outcome, no, flat + 1, flat, none, none, 1))


def exact_sum(parts: list[tuple[Fraction, Looked]], unit: int, year: int) -> Fraction:
    """Σ weight × indicator of one unit and year, weighted anew where some are missing."""
    known = [(weight, looked) for weight, looked in parts if looked.status[unit, year] == PASS]
    total = Fraction(0)
    for weight, looked in known:
        if looked.counted[unit, year]:
            total += weight * Fraction(int(looked.num[unit, year]), int(looked.den[unit, year]))
        else:
            total += weight * Fraction(repr(float(looked.value[unit, year])))
    return total * sum(weight for weight, _ in parts) / sum(weight for weight, _ in known)
