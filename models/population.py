"""Lines that depend on other units: bottom and top of a year, means and medians of a region or class.

Belongs here: turning the rates of all units into one bound per group and year. Does not belong here: comparing a unit
with it (`models.criteria`).

The population of a criterion are the units that it judges in that year: not exempt, with a usable value, and with a
denominator that reaches the minimum. Rates are taken to 10⁻¹², and a line is made from them to 10⁻¹⁸ and then taken to
10⁻¹² as they are, so that a unit whose rate equals the mean of its region is neither below nor above it.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from statistics import median_high, median_low

import numpy as np
from numpy.typing import NDArray

from models.criteria import NO_BOUND, Bounds, quanta
from models.exact import QUANTUM, in_quanta, quanta_bound, value_in_quanta
from models.grammar import Benchmark, Cohort, Criterion, Ranked
from models.panel import Panel
from models.pooling import PASS, GroupSums, Looked, group_keys, group_rows, look

FINER = 10**6
NOBODY_LOW, NOBODY_HIGH = NO_BOUND + 1, np.iinfo(np.int64).max


@dataclass
class GroupLines:
    """One bound and line per group and year; the last row is of units without a group."""

    over: str | tuple[str, ...]
    keys: NDArray[np.int64]
    bound: NDArray
    line: NDArray[np.float64]

    def of(self, panel: Panel) -> Bounds:
        """The bounds of the panel's units."""
        rows = group_rows(panel, self.over, self.keys)
        years = np.arange(panel.shape[1])[None, :]
        return Bounds(self.bound[rows, years], self.line[rows, years])


def is_relative(criterion: Criterion) -> bool:
    """Whether the criterion's line depends on the units of the year."""
    line = criterion.line
    return isinstance(line, Ranked) or (isinstance(line, Benchmark) and line.benchmark != "series")


def collect_sums(criterion: Criterion, panel: Panel, cohort: Cohort | None) -> GroupSums | None:
    """The sums over groups that the criterion's pooling steps need; None when it pools its own years only."""
    over = {tuple(step.over) for step in cohort.pool if step.over != "unit"} if cohort else set()
    if not over:
        return None
    sums, looked = GroupSums(), look(criterion, panel, None)
    for names in sorted(over):
        sums.collect(looked, panel, names)
    return sums


def group_lines(
    criterion: Criterion,
    panel: Panel,
    cohort: Cohort | None,
    sums: GroupSums | None,
    eligible: NDArray[np.bool_],
) -> GroupLines:
    """The lines of a relative criterion for every group and year, from the units of the whole panel.

    `eligible` marks the unit-years that the rule may judge (not exempt). Units whose denominator stays below the
    minimum are not part of the population.
    """
    line = criterion.line
    if not isinstance(line, Ranked | Benchmark):
        raise TypeError(criterion.comparison)
    keys = group_keys(panel, line.over)
    rows = group_rows(panel, line.over, keys)
    shape = (len(keys) + 1, panel.shape[1])
    bound = np.full(shape, NO_BOUND, dtype=np.int64).astype(object)
    number = np.full(shape, np.nan)
    looked = look(criterion, panel, cohort, sums)
    rates = quanta(criterion, looked, looked.num, looked.den)
    ranked = eligible & (looked.status == PASS) & ~looked.weak
    for column, year in enumerate(panel.years):
        row = rows[:, column if rows.shape[1] > 1 else 0]
        units = np.flatnonzero(ranked[:, column] & (row >= 0))
        if not len(units):
            continue
        order = units[np.lexsort((rates[units, column], row[units]))]
        groups, starts = np.unique(row[order], return_index=True)
        for group, members in zip(groups, np.split(order, starts[1:]), strict=True):
            found = (
                rank_bound(line, rates[members, column], criterion.low_is_bad, int(year))
                if isinstance(line, Ranked)
                else benchmark_bound(line, criterion, looked, members, column)
            )
            bound[group, column], number[group, column] = found
    fits = all(abs(int(b)) < 2**63 for b in bound.ravel())
    return GroupLines(line.over, keys, bound.astype(np.int64) if fits else bound, number)


def rank_bound(ranked: Ranked, rates: NDArray, low_is_bad: bool, year: int) -> tuple[int, float]:
    """The rate up to which (from which on) units are among the lowest (highest); `rates` in rising order."""
    size = len(rates)
    taken = ranked.count if ranked.count is not None else places(ranked, size, year)
    taken = min(taken, size)
    nobody = (NOBODY_LOW if low_is_bad else NOBODY_HIGH, float("nan"))
    if taken == 0:
        return nobody
    ordered = rates if low_is_bad else rates[::-1]
    last = ordered[taken - 1]
    if ranked.ties == "exclude" and taken < size and ordered[taken] == last:
        inside = ordered[:taken][ordered[:taken] != last]
        if not len(inside):
            return nobody
        last = inside[-1]
    return int(last), int(last) / QUANTUM


def places(ranked: Ranked, size: int, year: int) -> int:
    """How many units the share takes."""
    if ranked.share is None:
        raise ValueError("a share is expected")
    exact = ranked.share.at(year) * size
    match ranked.rounding:
        case "down":
            return floor(exact)
        case "up":
            return ceil(exact)
    return floor(exact + Fraction(1, 2))


def benchmark_bound(
    benchmark: Benchmark,
    criterion: Criterion,
    looked: Looked,
    members: NDArray[np.int64],
    column: int,
) -> tuple[int, float]:
    """The bound that a mean, median or pooled rate of the members gives, and the line."""
    fine = fine_rates(criterion, looked, members, column)
    match benchmark.benchmark:
        case "mean":
            base = Fraction(sum(fine), len(fine) * QUANTUM * FINER)
        case "median":
            low, high = median_low(fine), median_high(fine)
            base = Fraction(low + high, 2 * QUANTUM * FINER)
        case _:
            counted = members[looked.counted[members, column]]
            den = sum(map(int, looked.den[counted, column]))
            if den == 0:
                return int(NO_BOUND), float("nan")
            num = sum(map(int, looked.num[counted, column]))
            base = Fraction(num, den)
            if criterion.round:
                one = in_quanta(np.array([num]), np.array([den]), criterion.round.digits, criterion.round.how)
                base = Fraction(int(one[0]), QUANTUM)
    line = base * Fraction(benchmark.times) + Fraction(benchmark.plus)
    comparable = Fraction(floor(line * QUANTUM + Fraction(1, 2)), QUANTUM)  # half up, as every rate
    return quanta_bound(comparable, criterion.comparison), float(line)


def fine_rates(criterion: Criterion, looked: Looked, members: NDArray[np.int64], column: int) -> list[int]:
    """The members' rates in units of 10⁻¹⁸, or as the criterion rounds them."""
    counted = looked.counted[members, column]
    found = value_in_quanta(np.where(counted, 0.0, looked.value[members, column])).astype(object) * FINER
    num, den = (matrix[members[counted], column].astype(object) for matrix in (looked.num, looked.den))
    found[counted] = (num * QUANTUM * FINER) // den
    if criterion.round:
        found = quanta(criterion, looked, looked.num, looked.den)[members, column].astype(object) * FINER
    return [int(rate) for rate in found]
