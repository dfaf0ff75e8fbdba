"""Runs of years (连续、累计): how many failing years a rule has seen, and which state its steps lead to.

Belongs here: K of N years, consecutive or cumulative. Does not belong here: whether a year fails (`models.conditions`)
and what a state does (`models.ladder`). Set-based: years are bits of one integer per unit.

What each year does to a run:
- a failing year counts; a passing year ends a consecutive run, and takes a place in a window of evaluated years;
- a missing year is carried over, clears everything, or fails, as the rule says. A year before the rule's first data is
  no missing year. A cohort that is too small or a kind of rate that may not be used is carried over or clears, but
  never fails: something was reported;
- an exempt year is as if it had not been, or clears everything, as the rule says;
- a year whose pooled rate lies beyond the line while its own cohort does not ("held") neither counts nor ends a run;
- with `pooled_hit: new_years` a year whose pooled window holds a year counted before neither counts nor ends a run;
- a year of lagging cohorts, after intake stopped, neither counts nor ends a run;
- results older than `expires_after` years are forgotten.
Only a year that itself fails leads anywhere: an old run never worsens a unit in a year that passed or is missing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.criteria import HELD, HIT, WEAK
from models.pooling import ABSENT, EXCLUDED, EXEMPT, LAGGING, PASS, TOO_SMALL
from models.rules import Rule, Step


@dataclass
class Runs:
    """What a rule's years came to, unit × year.

    `reached`: rank of the state that the steps lead to (0: none), `outright` the highest of those that need no ruling,
    so that a unit whose proposal falls is not better off than one that did not come so far. `withheld`: the rank they
    would lead to, had the year not been one of lagging cohorts. `counted`: the years that count, as bits (bit 0 is the
    panel's first year). `following`: the rank that one more failing year would lead to.
    """

    reached: NDArray[np.int8]
    outright: NDArray[np.int8]
    withheld: NDArray[np.int8]
    counted: NDArray[np.int64]
    following: NDArray[np.int8]


@dataclass(frozen=True)
class Ranks:
    """A rule's steps with the ranks of their states; `weak` is the rank that weak hits lead to at most.

    `proposals` are the ranks that need a ruling.
    """

    steps: tuple[tuple[Step, int], ...]
    weak: int
    proposals: frozenset[int] = frozenset()


class Years:
    """The years of all units so far, as bits: failing ones since the last passing one, and in windows."""

    def __init__(self, units: int, rule: Rule) -> None:
        self.rule = rule
        self.run, self.weak_run, self.all, self.weak_all, self.looked = np.zeros((5, units), dtype=np.int64)

    def each(self) -> tuple[NDArray[np.int64], ...]:
        """All sets of years."""
        return self.run, self.weak_run, self.all, self.weak_all, self.looked

    def clear(self, units: NDArray[np.bool_]) -> None:
        """Forget every year of some units."""
        for years in self.each():
            years[units] = 0

    def expire(self, year: int) -> None:
        """Forget what is older than the rule's years."""
        if self.rule.expires_after is not None:
            recent = bits(year - self.rule.expires_after + 1, year)
            for kept in self.each():
                np.bitwise_and(kept, recent, out=kept)

    def window(self, step: Step, year: int) -> NDArray[np.int64] | np.int64:
        """The years among which a step's hits must lie, once `year` has been added."""
        if step.of is None:
            return np.int64(-1)
        if self.rule.window == "calendar":
            return bits(year - step.of + 1, year)
        last = self.looked.copy()
        while (many := np.bitwise_count(last) > step.of).any():
            last[many] &= last[many] - 1  # drops the earliest year
        return last

    def hits(self, step: Step, year: int, *, weak: bool) -> NDArray[np.int64]:
        """The failing years that count for a step, as bits."""
        if step.of is None:
            return self.weak_run if weak else self.run
        return (self.weak_all if weak else self.all) & self.window(step, year)


def bits(first: int, last: int) -> np.int64:
    """The years first..last (positions) as bits."""
    return np.int64(((1 << (last + 1)) - 1) & ~((1 << max(first, 0)) - 1))


def run_years(
    outcome: NDArray[np.int8],
    span: NDArray[np.int8] | None,
    rule: Rule,
    ranks: Ranks,
    lagging: NDArray[np.bool_],
    restarted: NDArray[np.bool_] | None,
    apart: NDArray[np.bool_],
) -> Runs:
    """Count the years of one rule for all units.

    `outcome` and `lagging` are unit × year; `span` gives the calendar years of each pooled window when windows must not
    share years (else None); `restarted` marks years after which a ruling starts the count anew, `apart` those that a
    ruling set aside, which clear nothing.
    """
    units, width = outcome.shape
    found = Runs(
        np.zeros((units, width), np.int8), np.zeros((units, width), np.int8), np.zeros((units, width), np.int8),
        np.zeros((units, width), np.int64), np.zeros((units, width), np.int8),
    )  # fmt: skip
    years = Years(units, rule)
    started = np.zeros(units, dtype=bool)
    for year in range(width):
        now = outcome[:, year]
        years.expire(year)
        absent, lag = now == ABSENT, lagging[:, year]
        hit, weak, passed = now == HIT, now == WEAK, now == PASS
        if rule.missing_year == "fail":
            hit = hit | (absent & started)
        elif rule.missing_year == "reset":
            years.clear((absent | (now == TOO_SMALL) | (now == EXCLUDED)) & started)
        if rule.exempt_year == "reset":
            years.clear((now == EXEMPT) & ~apart[:, year])
        started |= ~absent & (now != EXEMPT) & (now != LAGGING)
        if span is not None:
            shares = np.zeros(units, dtype=bool)
            for length in np.unique(span[:, year]):
                same = span[:, year] == length
                shares[same] = (years.weak_run[same] & bits(year - int(length) + 1, year)) != 0
            hit, weak = hit & ~shares, weak & ~shares
        if lag.any():
            would = leads_to(years, ranks, year, hit, weak, tentative=True)
            found.withheld[:, year] = np.where(lag, would, 0)
            hit, weak, passed = hit & ~lag, weak & ~lag, passed & ~lag
        add(years, year, hit, weak, passed)
        found.reached[:, year] = leads_to(years, ranks, year, hit, weak)
        found.outright[:, year] = (
            leads_to(years, ranks, year, hit, weak, outright=True) if ranks.proposals else found.reached[:, year]
        )
        found.counted[:, year] = counted_years(years, ranks, year, found.reached[:, year], hit)
        more = years.weak_run != 0
        if more.any() and year + 1 < 63:
            found.following[:, year] = leads_to(years, ranks, year + 1, more, np.zeros_like(more), tentative=True)
        if restarted is not None and restarted[:, year].any():
            years.clear(restarted[:, year])
            found.following[restarted[:, year], year] = 0
    return found


def add(years: Years, year: int, hit: NDArray[np.bool_], weak: NDArray[np.bool_], passed: NDArray[np.bool_]) -> None:
    """Add one year to all sets."""
    bit = np.int64(1 << year)
    kept = passed.astype(np.int64) - 1  # no bit where the year passed, every bit elsewhere
    full, either = hit * bit, (hit | weak) * bit
    years.run &= kept
    years.weak_run &= kept
    years.run |= full
    years.all |= full
    years.weak_run |= either
    years.weak_all |= either
    years.looked |= either | (passed * bit)


def leads_to(
    years: Years,
    ranks: Ranks,
    year: int,
    hit: NDArray[np.bool_],
    weak: NDArray[np.bool_],
    *,
    tentative: bool = False,
    outright: bool = False,
) -> NDArray[np.int8]:
    """The rank that the steps lead to in units that fail this year.

    `tentative` adds the year just for the asking; `outright` leaves out states that need a ruling.
    """
    if tentative:
        trial = Years(0, years.rule)
        trial.run, trial.weak_run, trial.all, trial.weak_all, trial.looked = (known.copy() for known in years.each())
        if years.rule.expires_after is not None:
            trial.expire(year)
        add(trial, year, hit, weak, np.zeros_like(hit))
        years = trial
    reached = np.zeros(len(hit), dtype=np.int8)
    if not (hit.any() or weak.any()):
        return reached
    for step, rank in ranks.steps:
        full = hit & (np.bitwise_count(years.hits(step, year, weak=False)) >= step.hits)
        capped = (hit | weak) & (np.bitwise_count(years.hits(step, year, weak=True)) >= step.hits) & ~full
        for enough, most in ((full, rank), (capped, min(rank, ranks.weak))):
            if not (outright and most in ranks.proposals):
                np.maximum(reached, enough * np.int8(most), out=reached)
    return reached


def counted_years(
    years: Years, ranks: Ranks, year: int, reached: NDArray[np.int8], hit: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """The years that brought a unit to where its steps lead; those of the present run when they lead nowhere.

    Weak years are among them only where the full ones alone lead nowhere.
    """
    found = np.where(years.run != 0, years.run, years.weak_run)
    for step, rank in ranks.steps:
        by_full = hit & (reached == rank) & (np.bitwise_count(years.hits(step, year, weak=False)) >= step.hits)
        by_weak = (reached > 0) & (reached == min(rank, ranks.weak)) & ~by_full
        by_weak &= np.bitwise_count(years.hits(step, year, weak=True)) >= step.hits
        found = np.where(by_full, years.hits(step, year, weak=False), found)
        found = np.where(by_weak & ~hit, years.hits(step, year, weak=True), found)
    return found


def is_failing(outcome: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Years that fail, on a full cohort or a weak one."""
    return (outcome == HIT) | (outcome == WEAK)


def is_evaluated(outcome: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Years in which the rule could be judged."""
    return (outcome == PASS) | (outcome >= HELD)
