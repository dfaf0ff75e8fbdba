"""Cohorts (届次): which numerator and denominator of a year a criterion looks at, pooled where they are too few.

Belongs here: minimum denominators, ordered pooling, exclusion of kinds of rate. Does not belong here: comparing with a
line (`models.criteria`).

Windows are calendar years that end with the year judged: a year without counts adds nothing but uses its place, so
that no cohort older than the step's `years` is ever used. Only counts are pooled; a rate published without counts
stands for itself, without a minimum unless its denominator is known.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.grammar import Cohort, Criterion, Pool, Weight
from models.panel import MISSING, Attribute, Measure, Panel
from models.settings_parts import Dated

# What is known of a unit in a year, worst evidence last; outcomes of criteria use the same codes below HELD.
PASS, ABSENT, TOO_SMALL, EXCLUDED, EXEMPT, LAGGING = 0, 1, 2, 3, 4, 5
UNKNOWN_UP_TO = 5


@dataclass
class Looked:
    """What a criterion looks at, unit × year.

    `num` and `den` (in units of 1 / scale; den > 0) where `counted`; `value` where only a published value is known.
    `status` is PASS where there is something to compare, else ABSENT, TOO_SMALL or EXCLUDED. `weak` marks denominators
    below the minimum that still count. `span` is the number of calendar years in the window, `step` the pooling step
    that reached the minimum (0: the year alone). `own_num` and `own_den` are the year's own.
    """

    num: NDArray
    den: NDArray
    value: NDArray[np.float64]
    counted: NDArray[np.bool_]
    status: NDArray[np.int8]
    weak: NDArray[np.bool_]
    span: NDArray[np.int8]
    step: NDArray[np.int8]
    own_num: NDArray
    own_den: NDArray
    scale: int


def look(leaf: Criterion | Weight, panel: Panel, cohort: Cohort | None, sums: "GroupSums | None" = None) -> Looked:
    """What a criterion looks at for every unit and year of the panel; `sums` when a pooling step goes over others."""
    measure = panel.measure(leaf.indicator)
    num, den, value, counted = own_part(measure, leaf.part, panel.shape)
    usable = counted | ~np.isnan(value)
    status = np.where(usable, PASS, ABSENT).astype(np.int8)
    weak = np.zeros(panel.shape, dtype=bool)
    if isinstance(leaf, Criterion):
        barred = excluded(leaf, measure, panel.shape)
        alone = usable & ~counted
        if leaf.rate_only == "exclude":
            barred |= alone
        elif leaf.rate_only == "weak":
            weak |= alone
        if barred.any():
            status[barred & usable] = EXCLUDED
            counted, usable = counted & ~barred, usable & ~barred
    num, den = np.where(counted, num, 0), np.where(counted, den, 0)
    looked = Looked(
        num, den, value, counted, status, weak,
        np.ones(panel.shape, dtype=np.int8), np.zeros(panel.shape, dtype=np.int8), num, den, measure.scale,
    )  # fmt: skip
    if cohort is not None:
        reach_minimum(looked, cohort, panel, sums)
        bar_small_published(looked, cohort, measure, panel)
    return looked


def own_part(
    measure: Measure, part: str, shape: tuple[int, int]
) -> tuple[NDArray, NDArray, NDArray[np.float64], NDArray[np.bool_]]:
    """Numerator, denominator, value and where counts are known; a single part is counted per 1."""
    nothing = np.full(shape, MISSING, dtype=np.int64)
    num = nothing if measure.numerator is None else measure.numerator
    den = nothing if measure.denominator is None else measure.denominator
    value = np.full(shape, np.nan) if measure.value is None else measure.value
    if part == "rate":
        return num, den, value, (num != MISSING) & (den != MISSING) & (den > 0)
    single = num if part == "numerator" else den
    return single, np.full(shape, measure.scale, dtype=np.int64), np.full(shape, np.nan), single != MISSING


def excluded(criterion: Criterion, measure: Measure, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Where a label of the row is among those that the criterion may not use."""
    barred = np.zeros(shape, dtype=bool)
    for label, words in criterion.exclude.items():
        if label in measure.labels:
            codes, known = measure.labels[label]
            barred |= np.isin(codes, [code for code, word in enumerate(known) if word in words])
    return barred


def per_year(number: Dated, panel: Panel, scale: int) -> NDArray[np.int64]:
    """A dated number of persons for each year, in units of 1 / scale, rounded up to a whole unit."""
    exact = [number.at(int(year)) * scale for year in panel.years]
    return np.array([-(-value.numerator // value.denominator) for value in exact], dtype=np.int64)


def reach_minimum(looked: Looked, cohort: Cohort, panel: Panel, sums: "GroupSums | None") -> None:
    """Pool the cohorts below the minimum, step by step, in place; mark those that stay below it."""
    minimum = per_year(cohort.minimum, panel, looked.scale)[None, :]
    small = looked.counted & (looked.den < minimum)
    if not small.any():
        return
    unit, year = np.nonzero(small)
    best_num, best_den = looked.own_num[unit, year].copy(), looked.own_den[unit, year].copy()
    best_span = np.ones(len(unit), dtype=np.int8)
    num, den, span, step = best_num.copy(), best_den.copy(), best_span.copy(), np.zeros(len(unit), dtype=np.int8)
    needed = minimum[0, year]
    missing = np.ones(len(unit), dtype=bool)
    for number, pool in enumerate(cohort.pool, start=1):
        source = own_sums(looked) if pool.over == "unit" or sums is None else sums.of(pool, panel)
        reached = widen_window(pool, source, unit, year, needed, missing)
        num[reached.place], den[reached.place] = reached.num, reached.den
        span[reached.place], step[reached.place] = reached.span, number
        missing[reached.place] = False
        if pool.over == "unit":
            larger = reached.most_den > best_den
            best_num[larger], best_den[larger] = reached.most_num[larger], reached.most_den[larger]
            best_span[larger] = reached.most_span[larger]
    num[missing], den[missing], span[missing] = best_num[missing], best_den[missing], best_span[missing]
    looked.num, looked.den = looked.num.copy(), looked.den.copy()
    looked.num[unit, year], looked.den[unit, year] = num, den
    looked.span[unit, year], looked.step[unit, year] = span, step
    weak = np.zeros(len(unit), dtype=bool)
    if cohort.weak_from is not None:
        weak = missing & (den >= per_year(cohort.weak_from, panel, looked.scale)[year])
    looked.weak[unit, year] = weak
    looked.status[unit[missing & ~weak], year[missing & ~weak]] = TOO_SMALL


@dataclass
class Source:
    """Counts to pool: sums per row and year, and the row of each unit in each year (None: the unit itself)."""

    num: NDArray
    den: NDArray
    rows: NDArray[np.int64] | None


def own_sums(looked: Looked) -> Source:
    """Each unit's own counts."""
    return Source(looked.own_num, looked.own_den, None)


@dataclass
class Reached:
    """Windows that reach the minimum (`place`: position among those asked), and the widest windows of all."""

    place: NDArray[np.int64]
    num: NDArray
    den: NDArray
    span: NDArray[np.int8]
    most_num: NDArray
    most_den: NDArray
    most_span: NDArray[np.int8]


def widen_window(
    pool: Pool,
    source: Source,
    unit: NDArray[np.int64],
    year: NDArray[np.int64],
    needed: NDArray[np.int64],
    missing: NDArray[np.bool_],
) -> Reached:
    """Add one earlier year at a time until the minimum is reached, at most `pool.years` in all."""
    row = unit if source.rows is None else source.rows[unit, year if source.rows.shape[1] > 1 else 0]
    num, den = np.zeros_like(source.num, shape=len(unit)), np.zeros_like(source.den, shape=len(unit))
    final_num, final_den = num.copy(), den.copy()
    span, most_span = np.zeros(len(unit), dtype=np.int8), np.ones(len(unit), dtype=np.int8)
    done = ~missing | (row < 0)
    for back in range(pool.years):
        there = year >= back
        at = np.maximum(year - back, 0)
        add = np.where(there, source.den[row, at], 0)
        num, den = num + np.where(there, source.num[row, at], 0), den + add
        most_span[add > 0] = back + 1
        now = ~done & (den >= needed)
        final_num[now], final_den[now], span[now] = num[now], den[now], back + 1
        done |= now
    place = np.flatnonzero(span > 0)
    return Reached(place, final_num[place], final_den[place], span[place], num, den, most_span)


class GroupSums:
    """Sums of one criterion's counts over groups of units, kept for pooling over class or school."""

    def __init__(self) -> None:
        self.sums: dict[tuple[str, ...], tuple[NDArray, NDArray, NDArray[np.int64]]] = {}

    def of(self, pool: Pool, panel: Panel) -> Source:
        """The sums that a pooling step uses, with the group of each unit of the panel."""
        num, den, keys = self.sums[tuple(pool.over)]
        return Source(num, den, group_rows(panel, pool.over, keys))

    def collect(self, looked: Looked, panel: Panel, over: tuple[str, ...]) -> None:
        """Sum the own counts of all units of the panel by group."""
        keys = group_keys(panel, over)
        rows = group_rows(panel, over, keys)
        num = np.zeros_like(looked.own_num, shape=(len(keys) + 1, panel.shape[1]))
        den = np.zeros_like(looked.own_den, shape=(len(keys) + 1, panel.shape[1]))
        for year in range(panel.shape[1]):
            row = rows[:, year if rows.shape[1] > 1 else 0]
            np.add.at(num[:, year], row, looked.own_num[:, year])
            np.add.at(den[:, year], row, looked.own_den[:, year])
        num[-1], den[-1] = 0, 0  # units whose attribute is not known belong to no group
        self.sums[over] = (num, den, keys)


def group_codes(panel: Panel, over: str | tuple[str, ...]) -> NDArray[np.int64]:
    """One number per combination of attributes, per unit (and year); -1 where one of them is not known.

    "all" is one group. The numbers are the same for any rows of the same panel.
    """
    found = np.zeros((panel.shape[0], 1), dtype=np.int64)
    for name in () if isinstance(over, str) else over:
        attribute = panel.attributes.get(name, Attribute(np.full((panel.shape[0], 1), -1, dtype=np.int32), []))
        codes = attribute.codes.astype(np.int64)
        found = np.where((found < 0) | (codes < 0), -1, found * max(len(attribute.words), 1) + codes)
    return found


def group_keys(panel: Panel, over: str | tuple[str, ...]) -> NDArray[np.int64]:
    """The groups that occur, in order."""
    keys = np.unique(group_codes(panel, over))
    return keys[keys >= 0]


def group_rows(panel: Panel, over: str | tuple[str, ...], keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """The position of each unit's group among `keys`, -1 where it belongs to none."""
    codes = group_codes(panel, over)
    if not len(keys):
        return np.full(codes.shape, -1, dtype=np.int64)
    at = np.searchsorted(keys, codes).clip(max=len(keys) - 1)
    return np.where(keys[at] == codes, at, -1)


def bar_small_published(looked: Looked, cohort: Cohort, measure: Measure, panel: Panel) -> None:
    """A rate published without its numerator but with a denominator below the minimum is too small as well."""
    if measure.denominator is None or measure.value is None:
        return
    minimum = per_year(cohort.weak_from or cohort.minimum, panel, measure.scale)[None, :]
    full = per_year(cohort.minimum, panel, measure.scale)[None, :]
    known = ~looked.counted & ~np.isnan(looked.value) & (measure.denominator != MISSING)
    looked.weak |= known & (measure.denominator < full)
    looked.status[known & (looked.status == PASS) & (measure.denominator < minimum)] = TOO_SMALL
