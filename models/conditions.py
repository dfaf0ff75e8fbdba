"""Conditions: criteria joined by all, any, none, a count of hits, a score, or the history of other rules.

Belongs here: three-valued logic over outcomes. Does not belong here: single comparisons (`models.criteria`).

What is not known stays not known unless it cannot matter (Kleene's logic): 2 hits of 5 are a hit with one part
missing; 0 hits with one missing pass; 1 hit with one missing is not known. Outcomes are ordered pass < not known <
held < weak hit < hit, so that a worse part never makes a better whole (`none_of` turns the order round).
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.criteria import HELD, HIT, WEAK, Judged, judge, judge_weighted
from models.grammar import AllOf, AnyOf, Criterion, Hits, NoneOf, RuleReached, Score, Weighted
from models.panel import Panel
from models.pooling import ABSENT, EXCLUDED, PASS, TOO_SMALL, UNKNOWN_UP_TO, GroupSums
from models.population import GroupLines
from models.rules import Rule, Rulebook, cohort_of
from models.settings_parts import Dated, Part


@dataclass
class Population:
    """What depends on all units: lines of relative criteria and sums for pooling, by rule id and place."""

    lines: dict[tuple[str, str], GroupLines] = field(default_factory=dict)
    sums: dict[tuple[str, str], GroupSums] = field(default_factory=dict)


@dataclass
class RuleHistory:
    """What a rule came to, unit × year: the rank that it led to (0: none) and whether it was evaluated."""

    reached: NDArray[np.int8]
    evaluated: NDArray[np.bool_]


@dataclass
class ConditionJudge:
    """Judges a rule's condition on the units of a panel; `found` keeps every part judged, by place."""

    rule: Rule
    book: Rulebook
    panel: Panel
    population: Population
    history: dict[str, RuleHistory]
    line: Dated | None = None

    def __post_init__(self) -> None:
        self.found: dict[str, Judged] = {}

    def outcome(self, condition: Part, place: str = "") -> NDArray[np.int8]:
        """The outcome of a condition, unit × year (codes of `models.criteria.OUTCOMES`)."""
        match condition:
            case AllOf(all_of=parts):
                return self.highest(parts, place, len(parts))
            case AnyOf(any_of=parts):
                return self.highest(parts, place, 1)
            case NoneOf(none_of=parts):
                return turned(self.highest(parts, place, 1))
            case Hits(hits=hits):
                return self.highest(hits.of, place, hits.at_least)
            case Score():
                return self.score(condition, place)
        self.found[place] = self.leaf(condition, place)
        return self.found[place].outcome

    def leaf(self, leaf: Part, place: str) -> Judged:
        """A part that is set against a line or a history."""
        if isinstance(leaf, Weighted):
            return judge_weighted(leaf, self.panel)
        if isinstance(leaf, RuleReached):
            found = rule_reached(leaf, self.book, self.history)
            return Judged(found, np.full(found.shape, np.nan))
        if not isinstance(leaf, Criterion):
            raise TypeError(type(leaf).__name__)
        key = (self.rule.id, place)
        lines, sums = self.population.lines.get(key), self.population.sums.get(key)
        bounds = lines.of(self.panel) if lines else None
        return judge(leaf, self.panel, cohort_of(leaf, self.book), line=self.line, bounds=bounds, sums=sums)

    def inner(self, parts: tuple[Part, ...], place: str) -> list[NDArray[np.int8]]:
        """The outcomes of the parts of a condition."""
        return [
            self.outcome(part, f"{place}.{number}" if place else str(number))
            for number, part in enumerate(parts, start=1)
        ]

    def highest(self, parts: tuple[Part, ...], place: str, number: int) -> NDArray[np.int8]:
        """The number-th highest outcome: all of n is the n-th highest, any is the highest, k of n the k-th."""
        outcomes = self.inner(parts, place)
        if len(outcomes) == 1:
            return outcomes[0]
        stacked = np.stack(outcomes)
        if number == 1:
            return stacked.max(axis=0)
        if number == len(outcomes):
            return stacked.min(axis=0)
        return np.partition(stacked, len(outcomes) - number, axis=0)[len(outcomes) - number]

    def score(self, condition: Score, place: str) -> NDArray[np.int8]:
        """The highest level of outcome at which the points of the parts at that level or above suffice."""
        outcomes = self.inner(tuple(points.when for points in condition.score.of), place)
        digits = max(max(-int(p.points.as_tuple().exponent), 0) for p in condition.score.of)
        digits = max(digits, -int(condition.score.at_least.as_tuple().exponent))
        needed = int(condition.score.at_least * 10**digits)
        found = np.full(self.panel.shape, PASS, dtype=np.int8)
        for level in (ABSENT, TOO_SMALL, EXCLUDED, HELD, WEAK, HIT):
            points = sum(
                np.where(outcome >= level, int(p.points * 10**digits), 0)
                for outcome, p in zip(outcomes, condition.score.of, strict=True)
            )
            found = np.where(points >= needed, level, found).astype(np.int8)
        return found


def turned(outcome: NDArray[np.int8]) -> NDArray[np.int8]:
    """The opposite: pass becomes hit, any hit becomes pass, what is not known stays so."""
    return np.where(outcome == PASS, HIT, np.where(outcome > UNKNOWN_UP_TO, PASS, outcome)).astype(np.int8)


def rule_reached(condition: RuleReached, book: Rulebook, history: dict[str, RuleHistory]) -> NDArray[np.int8]:
    """Hit where one of the rules led to a state this year; passes where all were evaluated and none did."""
    least = book.rank(condition.reaching) if condition.reaching else 1
    hit = np.any(np.stack([history[name].reached >= least for name in condition.rule]), axis=0)
    evaluated = np.all(np.stack([history[name].evaluated for name in condition.rule]), axis=0)
    return np.where(hit, HIT, np.where(evaluated, PASS, ABSENT)).astype(np.int8)
