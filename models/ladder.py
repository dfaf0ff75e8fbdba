"""The ladder (预警等级) as a fold over rounds: state of the round before + what the rules lead to -> new state.

Belongs here: escalation, proposals, rulings, recovery, suspended units, plan limits. Does not belong here: what the
rules lead to (`models.runs`). Set-based: one pass over rounds with all units at once.

In each round:
1. The state in force is the state before, or the highest that this round's rules lead to. A state marked `proposal` is
   only proposed: the state in force is the highest without it until a ruling confirms the proposal. The state shown is
   the higher of the two.
2. A unit is suspended while its state, proposed or in force, is `suspended_from` or beyond, or in a year without new
   intake: rules about its lagging cohorts do not move it, and it does not recover by itself. Rules that apply when
   suspended still do.
3. The year passes when every rule that holds the unit where it is was evaluated and passed, those from which it is
   exempt that year set aside as long as one remains; a failing year of any of them starts the count of passing years
   anew, and so does the year in which a further rule comes to hold it. A rule holds a unit from the year in which it
   led to any state until the unit is back in the first state; where a ruling set the state, all rules hold it. After
   enough passing years the state in force goes back as `recovery` says, and an open proposal lapses as its state says;
   then point 1 applies.
4. A ruling is applied last: confirm (the proposal takes effect), reject (it falls), set (the state is what it says;
   runs and passing years start anew).
A unit that is exempt, missing or too small keeps its state.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.pooling import EXEMPT, PASS
from models.rules import Rule, Rulebook
from models.runs import Runs, is_failing

NO_RULING, CONFIRM, REJECT, SET = 0, 1, 2, 3


@dataclass
class RuleYears:
    """One rule on a panel, unit × year: its outcome (codes of `models.criteria.OUTCOMES`) and what it led to."""

    rule: Rule
    outcome: NDArray[np.int8]
    runs: Runs


@dataclass
class Rulings:
    """Rulings per unit and year: what was decided, and the rank that a SET ruling sets."""

    decided: NDArray[np.int8]
    rank: NDArray[np.int8]

    def rows(self, chosen: slice | NDArray) -> "Rulings":
        """The same for some units only."""
        return Rulings(self.decided[chosen], self.rank[chosen])


@dataclass
class Ladder:
    """The result, unit × year.

    `state` and `before` are ranks; `in_force` the rank that has effect; `lagging` marks suspended units whose cohorts
    would have moved them; `recovered` the rank left by recovery in this round (0: none); `following` the rank that one
    more failing year leads to; `rounds_in_state` counts from 1; `ruled` the ruling applied, `idle` one that found
    nothing to confirm or reject.
    """

    state: NDArray[np.int8]
    before: NDArray[np.int8]
    in_force: NDArray[np.int8]
    lagging: NDArray[np.bool_]
    recovered: NDArray[np.int8]
    following: NDArray[np.int8]
    rounds_in_state: NDArray[np.int16]
    ruled: NDArray[np.int8]
    idle: NDArray[np.bool_]


def fold(
    book: Rulebook,
    rules: Sequence[RuleYears],
    shape: tuple[int, int],
    no_intake: NDArray[np.bool_],
    rulings: Rulings | None,
) -> Ladder:
    """The ladder over all rounds of a panel. `no_intake` marks years in which a unit took in nobody."""
    units, width = shape
    suspended_from = book.rank(book.suspended_from) if book.suspended_from else len(book.ladder)
    proposal = np.array([state.proposal for state in book.ladder])
    passing, back_to, lapses = recovery_table(book)
    resets = book.recovery is not None and book.recovery.missing_year == "reset"
    result = empty_ladder(shape)
    force, shown = np.zeros(units, np.int8), np.zeros(units, np.int8)
    good, good_open = np.zeros(units, np.int16), np.zeros(units, np.int16)
    holders = np.zeros(units, np.int64)
    for year in range(width):
        before = shown
        result.before[:, year] = before
        no_entrants = (force >= suspended_from) | no_intake[:, year]
        stopped = no_entrants | (shown >= suspended_from)
        led, moved_by = np.zeros((2, units), np.int8), np.zeros(units, np.int64)  # led: in force, proposed
        lagging = np.zeros(units, dtype=bool)
        for number, found in enumerate(rules):
            reached, outright = found.runs.reached[:, year], found.runs.outright[:, year]
            if not found.rule.applies_when_suspended:
                lagging |= stopped & ((reached > 0) | (found.runs.withheld[:, year] > 0))
                reached, outright = np.where(stopped, 0, reached), np.where(stopped, 0, outright)
            there = reached > 0
            moved_by[there] |= np.int64(1 << number)
            led[0] = np.maximum(led[0], outright)
            led[1] = np.maximum(led[1], np.where(proposal[reached], reached, 0))
        was_good, was_bad, unknown = passing_year(rules, year, holders, no_entrants)
        was_good, was_bad = was_good & (moved_by == 0), was_bad | (moved_by != 0)
        good, good_open = (np.where(was_bad, 0, count + was_good).astype(np.int16) for count in (good, good_open))
        if resets:
            good, good_open = (np.where(unknown, 0, count).astype(np.int16) for count in (good, good_open))
        lapsed = (shown > force) & (lapses[shown] > 0) & (good_open >= lapses[shown])
        recovers = (passing[force] > 0) & (good >= passing[force]) & ~stopped
        result.recovered[:, year] = np.where(lapsed, shown, np.where(recovers, force, 0))
        open_ = np.where(lapsed, 0, np.where(shown > force, shown, 0)).astype(np.int8)
        force = np.where(recovers, back_to[force], force).astype(np.int8)
        good[recovers], good_open[lapsed] = 0, 0
        force = np.maximum(force, led[0])
        shown = np.maximum(force, np.maximum(open_, led[1]))
        holders = np.where(shown == 0, 0, holders | moved_by)
        result.ruled[:, year], result.idle[:, year] = 0, False
        if rulings is not None:
            force, shown = apply_rulings(rulings, year, force, shown, result)
            anew = rulings.decided[:, year] == SET
            good[anew], good_open[anew], holders[anew] = 0, 0, 0
        result.state[:, year], result.in_force[:, year] = shown, force
        result.lagging[:, year] = lagging
        result.following[:, year] = np.maximum(shown, np.where(stopped, 0, following(rules, year)))
        since = result.rounds_in_state[:, year - 1] if year else np.zeros(units, np.int16)
        result.rounds_in_state[:, year] = np.where(shown == before, since + 1, 1)
    return result


def empty_ladder(shape: tuple[int, int]) -> Ladder:
    """A ladder with nothing on it."""
    ranks = [np.zeros(shape, np.int8) for _ in range(6)]
    return Ladder(
        ranks[0], ranks[1], ranks[2], np.zeros(shape, bool), ranks[3], ranks[4], np.zeros(shape, np.int16), ranks[5],
        np.zeros(shape, bool),
    )  # fmt: skip


def recovery_table(book: Rulebook) -> tuple[NDArray[np.int16], NDArray[np.int8], NDArray[np.int16]]:
    """By rank: passing years until a state recovers (0: never), where to, and until a proposal lapses (0: never)."""
    passing = np.zeros(len(book.ladder), np.int16)
    back_to = np.zeros(len(book.ladder), np.int8)
    for name, back in (book.recovery.states if book.recovery else {}).items():
        passing[book.rank(name)], back_to[book.rank(name)] = back.passing_years, book.rank(back.to)
    lapses = np.array([state.lapses_after or 0 for state in book.ladder], np.int16)
    return passing, back_to, lapses


def passing_year(
    rules: Sequence[RuleYears], year: int, holders: NDArray[np.int64], stopped: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Units for which the year passes, fails, or says nothing, by the rules that hold them (all rules if none does).

    A rule from which a unit is exempt does not hold it back while another that holds it applies.
    """
    units = len(holders)
    all_passed, one_passed, one_failed = np.ones(units, bool), np.zeros(units, bool), np.zeros(units, bool)
    nobody = holders == 0
    for number, found in enumerate(rules):
        outcome = found.outcome[:, year]
        holds = (holders & np.int64(1 << number)) != 0
        passed = outcome == PASS
        all_passed &= passed | ~holds | (outcome == EXEMPT)
        one_passed |= passed & (holds | nobody)
        one_failed |= is_failing(outcome) & (holds | nobody)
    good = all_passed & one_passed & ~one_failed & ~stopped
    bad = one_failed & ~stopped
    return good, bad, ~good & ~bad & ~stopped


def following(rules: Sequence[RuleYears], year: int) -> NDArray[np.int8]:
    """The rank that one more failing year of the rules now failing leads to."""
    return np.max(np.stack([found.runs.following[:, year] for found in rules]), axis=0).astype(np.int8)


def apply_rulings(
    rulings: Rulings, year: int, force: NDArray[np.int8], shown: NDArray[np.int8], result: Ladder
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """The ranks in force and shown after the year's rulings."""
    decided = rulings.decided[:, year]
    is_open = shown > force
    confirm, reject, sets = (decided == kind for kind in (CONFIRM, REJECT, SET))
    result.idle[:, year] = (confirm | reject) & ~is_open
    result.ruled[:, year] = np.where(result.idle[:, year], NO_RULING, decided)
    in_force = np.where(confirm & is_open, shown, force)
    after = np.where(reject & is_open, force, shown)
    rank = rulings.rank[:, year]
    return np.where(sets, rank, in_force).astype(np.int8), np.where(sets, rank, after).astype(np.int8)


def plan_limits(book: Rulebook, ladder: Ladder, years: NDArray[np.int64], parts: dict[int, NDArray]) -> NDArray:
    """Next year's plan at most (NaN: no limit), unit × year.

    `parts` holds, by rank, the lowest of the numbers that the state's plan names. `alternate`: no plan in the first,
    third, … round of the state.
    """
    limits = np.full(ladder.state.shape, np.nan)
    for rank, state in enumerate(book.ladder):
        if state.plan is None:
            continue
        there = ladder.state == rank
        limit = parts[rank]
        if state.plan.alternate:
            limit = np.where(ladder.rounds_in_state % 2 == 1, 0.0, limit)
        limits[there] = limit[there]
    return limits
