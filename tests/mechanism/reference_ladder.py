"""The mechanism told a second time, slowly: years, ladder, recovery, exemptions, rulings.

Belongs here: one unit after the other, one round after the other. Does not belong here: what a year says of a condition
(`reference`).
"""

from dataclasses import dataclass, field

import pandas as pd

from models.grammar import Criterion, RuleReached, leaves
from models.rules import Exemption, Rule, Rulebook, Step, references
from tests.mechanism.reference import HELD, HIT, MISSING, PASS, UNUSABLE, WEAK, Conditions, Facts, Outcome, combined

MARKS = ("pass", "missing", "unusable", "exempt", "set aside", "no effect", "weak", "hit")  # the worst last
EVALUATED = ("hit", "weak", "pass", "no effect")
UNSTARTED = ("missing", "exempt", "set aside")


@dataclass(frozen=True)
class Verdict:
    """State of one unit after one round; whether it waits for a ruling; what was judged and which rules are hit."""

    state: str
    proposal: bool
    evaluated: bool
    rules_hit: frozenset[str]
    exempt: bool


@dataclass
class Standing:
    """Where a unit stands: what is in force, what is proposed beyond it, the rules that hold it, passing years."""

    in_force: str
    proposed: str | None = None
    holders: set[str] = field(default_factory=set)
    passed: int = 0
    passed_open: int = 0
    counts_from: int = 0

    @property
    def state(self) -> str:
        return self.proposed or self.in_force


class Mechanism:
    """A rule-book on an indicator table."""

    def __init__(
        self,
        indicators: pd.DataFrame,
        book: Rulebook,
        *,
        units: pd.DataFrame | None = None,
        exemptions: pd.DataFrame | None = None,
        rulings: pd.DataFrame | None = None,
        last_round: int | None = None,
    ) -> None:
        self.book = book
        self.facts = Facts(indicators, units, book)
        self.conditions = Conditions(self.facts)
        self.last = last_round or max(year for years in self.facts.years.values() for year in years)
        self.exemptions = [] if exemptions is None else exemptions.to_dict("records")
        self.rulings = [] if rulings is None else rulings.to_dict("records")
        self.outcomes: dict[tuple[str, str, int, str], Outcome] = {}
        self.reached: dict[tuple[str, str, int], set[str]] = {}

    def verdicts(self) -> dict[tuple[str, int], Verdict]:
        """By unit and round, from the unit's first known year on."""
        found: dict[tuple[str, int], Verdict] = {}
        first = min(year for years in self.facts.years.values() for year in years)
        for unit, years in self.facts.years.items():
            standing = Standing(self.book.states[0])
            for year in range(first, self.last + 1):  # a ruling may be older than the unit's own figures
                found[unit, year] = self.round(unit, year, standing)
                if year < min(years):
                    del found[unit, year]
        return found

    # Exemptions and rulings

    def exempt(self, unit: str, year: int, rule: str) -> bool:
        by_book = any((not one.rules or rule in one.rules) and self.covers(one, unit, year) for one in self.book.exempt)
        by_people = any(
            one["unit"] == unit and one["from"] <= year <= one["to"] and applies_to(one, rule)
            for one in self.exemptions
        )
        return by_book or by_people

    def covers(self, exemption: Exemption, unit: str, year: int) -> bool:
        if exemption.since is not None and year < exemption.since:
            return False
        if isinstance(exemption.until, int) and year > exemption.until:
            return False
        if exemption.units:
            return unit in exemption.units
        attributes = self.facts.attributes.get(unit, {})
        if exemption.attribute == "age":
            first = attributes.get("first_year")
            value = None if first is None or pd.isna(first) else year - int(first)
        else:
            value = attributes.get(
                exemption.attribute, self.facts.of_year.get((unit, year), {}).get(exemption.attribute)
            )
        if value is None or pd.isna(value):
            return False
        return value < exemption.below if exemption.below is not None else str(value) in exemption.among

    def ruled(self, unit: str, year: int, kind: str) -> list[dict]:
        return [one for one in self.rulings if (one["unit"], one["round"], one["ruling"]) == (unit, year, kind)]

    def set_aside(self, unit: str, year: int, rule: str) -> bool:
        return any(applies_to(one, rule) for one in self.ruled(unit, year, "set_aside"))

    # What each year says

    def outcome(self, rule: Rule, unit: str, year: int, step: Step | None = None) -> Outcome:
        """Of a rule's condition in one year; with a step, at the line of that step."""
        line = step.line if step else None
        key = rule.id, unit, year, str(line)
        if key not in self.outcomes or references(rule):
            judged = [other for other in self.facts.years if not self.exempt(other, year, rule.id)]
            told = []
            for _, leaf in leaves(rule.when):
                if isinstance(leaf, Criterion):
                    told.append(self.conditions.judged(leaf, unit, year, judged, line))
                elif isinstance(leaf, RuleReached):
                    told.append(self.history(leaf, unit, year))
                else:
                    told.append(self.conditions.weighted(leaf, unit, year))
            self.outcomes[key] = combined(rule.when, iter(told))
        return self.outcomes[key]

    def history(self, condition: RuleReached, unit: str, year: int) -> Outcome:
        """Whether one of the rules named led to a state in a year."""
        known = []
        for name in condition.rule:
            least = self.book.rank(condition.reaching) if condition.reaching else 0
            states = self.reached.get((name, unit, year), set())
            if any(self.book.rank(state) >= least for state in states):
                return HIT
            other = self.book.rule(name)
            known.append(self.worst_mark(other, unit, year) in EVALUATED)
        return PASS if all(known) else MISSING

    def no_intake(self, unit: str, year: int) -> bool:
        criterion = self.book.no_new_intake
        return criterion is not None and self.conditions.judged(criterion, unit, year, [], None) is HIT

    # Years

    def mark(self, rule: Rule, step: Step, unit: str, year: int) -> str:
        """A year of a step: hit, weak, pass, missing, exempt, set aside, or known but of no effect."""
        if self.exempt(unit, year, rule.id):
            return "exempt"
        if self.set_aside(unit, year, rule.id):
            return "set aside"
        if not rule.in_force.looks_at(year):
            return "missing"
        outcome = self.outcome(rule, unit, year, step)
        if self.no_intake(unit, year) and not rule.applies_when_suspended:
            if outcome not in (MISSING, UNUSABLE):
                return "no effect"
            if outcome is MISSING and rule.missing_year == "fail":
                return "set aside"
        return {HIT: "hit", WEAK: "weak", HELD: "no effect", PASS: "pass", MISSING: "missing", UNUSABLE: "unusable"}[
            outcome
        ]

    def worst_mark(self, rule: Rule, unit: str, year: int) -> str:
        """A year of a rule: by the worst line of its steps."""
        return max((self.mark(rule, step, unit, year) for step in rule.steps), key=MARKS.index)

    def leads_to(self, rule: Rule, unit: str, year: int, counts_from: int) -> set[str]:
        """States to which a rule leads in a round."""
        if not rule.in_force.covers(year):
            return set()
        found = set()
        for step in rule.steps:
            first = self.first_data(rule, unit, step, year)
            oldest = max(first, counts_from, year - (rule.expires_after or 1000) + 1)
            history = [self.mark(rule, step, unit, other) for other in range(year, oldest - 1, -1)]
            if self.enough(rule, step, history, ("hit", "weak")):
                state = step.state
                if not self.enough(rule, step, history, ("hit",)):
                    cap = self.weak_state(rule)
                    state = min(state, cap, key=self.book.rank)
                found.add(state)
        return found - {self.book.states[0]}

    def weak_state(self, rule: Rule) -> str:
        caps = []
        for criterion in rule.criteria:
            cohort = criterion.cohort if criterion.cohort not in (None, "none") else self.book.cohort
            if cohort is not None and cohort.weak_leads_to:
                caps.append(cohort.weak_leads_to)
        return min(caps, key=self.book.rank) if caps else self.book.states[-1]

    def first_data(self, rule: Rule, unit: str, step: Step, until: int) -> int:
        """The first year in which the rule could be judged."""
        years = range(min(self.facts.years[unit]), until + 1)
        return next((year for year in years if self.mark(rule, step, unit, year) not in UNSTARTED), until + 1)

    @staticmethod
    def enough(rule: Rule, step: Step, history: list[str], counting: tuple[str, ...]) -> bool:
        """Whether a step is reached; `history` from the round itself back to the oldest year that counts."""
        hits = evaluated = 0
        for back, told in enumerate(history):
            mark = "hit" if told == "missing" and rule.missing_year == "fail" else told
            if back == 0 and mark not in counting:
                return False
            if (mark in ("missing", "unusable") and rule.missing_year == "reset") or (
                mark == "exempt" and rule.exempt_year == "reset"
            ):
                break
            if step.of is not None and rule.window == "calendar" and back >= step.of:
                break
            if mark in ("hit", "weak", "pass"):
                evaluated += 1
                if step.of is not None and rule.window == "evaluated" and evaluated > step.of:
                    break
                if mark == "pass" and step.of is None:
                    break
                hits += mark in counting
            if hits >= step.hits:
                return True
        return False

    # Ladder

    def round(self, unit: str, year: int, standing: Standing) -> Verdict:
        book, rank = self.book, self.book.rank
        rules = book.rules_in_order()
        suspended = book.suspended_from is not None and rank(standing.state) >= rank(book.suspended_from)
        entrants = not self.no_intake(unit, year)
        moves: dict[str, set[str]] = {}
        for rule in rules:
            led = self.leads_to(rule, unit, year, standing.counts_from)
            self.reached[rule.id, unit, year] = led
            if rule.applies_when_suspended or not suspended:
                moves[rule.id] = led
        marks = {rule.id: self.worst_mark(rule, unit, year) for rule in rules}
        self._recover(standing, marks, moves, entrants=entrants, suspended=suspended)
        self._escalate(standing, moves)
        self._rule(standing, unit, year)
        judged = [rule for rule in rules if marks[rule.id] not in ("exempt", "set aside")]
        hit = {rule.id for rule in judged if self.is_hit(rule, marks[rule.id], unit, year)}
        return Verdict(
            standing.state,
            standing.proposed is not None,
            any(mark in EVALUATED for mark in marks.values()),
            frozenset(hit),
            any(mark == "exempt" for mark in marks.values()),
        )

    def is_hit(self, rule: Rule, mark: str, unit: str, year: int) -> bool:
        """Whether the year counts as failing at the line of any step, a missing year that the rule fails among them."""
        if mark == "missing":
            started = any(self.first_data(rule, unit, step, year) < year for step in rule.steps)
            return rule.missing_year == "fail" and started and rule.in_force.looks_at(year)
        return any(self.outcome(rule, unit, year, step) in (HIT, WEAK) for step in rule.steps)

    def _recover(
        self,
        standing: Standing,
        marks: dict[str, str],
        moves: dict[str, set[str]],
        *,
        entrants: bool,
        suspended: bool,
    ) -> None:
        """Count passing years of what holds the unit, and go back or let a proposal lapse where they suffice.

        Years without entrants, and those of a suspension in force, are no passing years; an open proposal lapses.
        """
        stopped_from = self.book.suspended_from
        lagging = not entrants or (
            stopped_from is not None and self.book.rank(standing.in_force) >= self.book.rank(stopped_from)
        )
        told = [marks[name] for name in standing.holders if marks[name] not in ("exempt", "set aside")]
        if not standing.holders:  # set by a ruling: whatever can be judged holds it
            told = [mark for mark in marks.values() if mark in ("hit", "weak", "pass")]
        if any(moves.values()) or (not lagging and any(mark in ("hit", "weak") for mark in told)):
            standing.passed = standing.passed_open = 0
        elif not lagging and told and all(mark == "pass" for mark in told):
            standing.passed, standing.passed_open = standing.passed + 1, standing.passed_open + 1
        elif self.book.recovery and self.book.recovery.missing_year == "reset" and not lagging:
            standing.passed = standing.passed_open = 0
        if standing.proposed:
            lapses = self.book.state(standing.proposed).lapses_after
            if lapses is not None and standing.passed_open >= lapses:
                standing.proposed, standing.passed_open = None, 0
        back = self.book.recovery.states.get(standing.in_force) if self.book.recovery else None
        if back is not None and standing.passed >= back.passing_years and entrants and not suspended:
            standing.in_force, standing.passed = back.to, 0

    def _escalate(self, standing: Standing, moves: dict[str, set[str]]) -> None:
        rank = self.book.rank
        led = sorted({state for states in moves.values() for state in states}, key=rank)
        for state in led:
            if self.book.state(state).proposal:
                standing.proposed = max(standing.proposed or standing.in_force, state, key=rank)
            else:
                standing.in_force = max(standing.in_force, state, key=rank)
        if standing.proposed and rank(standing.proposed) <= rank(standing.in_force):
            standing.proposed = None
        if standing.state == self.book.states[0]:
            standing.holders.clear()
        else:
            standing.holders |= {name for name, states in moves.items() if states}

    def _rule(self, standing: Standing, unit: str, year: int) -> None:
        if standing.proposed and self.ruled(unit, year, "confirm"):
            standing.in_force, standing.proposed = standing.proposed, None
        if standing.proposed and self.ruled(unit, year, "reject"):
            standing.proposed = None
        for one in self.ruled(unit, year, "set"):
            standing.in_force, standing.proposed = one["state"], None
            standing.holders.clear()
            standing.passed = standing.passed_open = 0
            standing.counts_from = year + 1


def applies_to(one: dict, rule: str) -> bool:
    """Whether an exemption or ruling is about a rule; without one it is about all."""
    named = one.get("rule")
    return pd.isna(named) or named in ("", "*", rule)
