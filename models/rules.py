"""The parts of a rule-book: rules, ladder, recovery, exemptions, and what they may not say together.

Belongs here: whole rules and their cross-references. Does not belong here: the words they are made of
(`models.grammar`), reading YAML (`models.rulebook`), evaluation (`models.mechanism`).
"""

from collections.abc import Iterator
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Literal

from pydantic import Field, model_validator

from models.grammar import AllOf, Benchmark, Cohort, Condition, Criterion, Ranked, RuleReached, Weighted, leaves, walk
from models.settings_parts import Basis, Dated, Exact, Part, Text, Year

Place = tuple[str | int, ...]


class Indicator(Part):
    """An indicator as the rules use it.

    `rate`: a share of persons between 0 and 1; cohorts, pooling and confidence apply, more than 100 % is an error.
    `ratio`: a quotient of two amounts that may exceed 1. `amount`: a number of its own.
    """

    name: Text
    kind: Literal["rate", "ratio", "amount"]
    shown_as: Literal["percent", "number"] | None = None

    @property
    def in_percent(self) -> bool:
        """Whether people write it as a percentage: rates do unless the rule-book says otherwise."""
        return (self.shown_as or ("percent" if self.kind == "rate" else "number")) == "percent"


class Limit(Part):
    """One bound of next year's plan (招生计划): a number, or `times` a part of an indicator of the latest year."""

    value: Dated | None = None
    indicator: str | None = None
    part: Literal["rate", "numerator", "denominator"] = "numerator"
    times: Exact = Field(default=1, ge=0, validate_default=True)

    @model_validator(mode="after")
    def _one_source(self) -> "Limit":
        if (self.value is None) == (self.indicator is None):
            raise ValueError("either value or indicator is expected")
        return self


class Plan(Part):
    """What a state means for next year's plan: the lowest of `at_most`; `alternate`: none in every other year."""

    at_most: tuple[Limit, ...] = ()
    alternate: bool = False


class State(Part):
    """One rung of the ladder, in order of severity.

    A `proposal` state takes effect only by a ruling; unruled it lapses after `lapses_after` passing years.
    """

    id: str
    name: Text
    action: Text
    proposal: bool = False
    lapses_after: int | None = Field(default=None, ge=1)
    plan: Plan | None = None


class Step(Part):
    """`hits` failing years, consecutive or among the last `of`, lead to `state`; `line` replaces the rule's line."""

    hits: int = Field(ge=1, le=60)
    of: int | None = Field(default=None, ge=1, le=60)
    state: str
    line: Dated | None = None

    @model_validator(mode="after")
    def _window_holds_hits(self) -> "Step":
        if self.of is not None and self.of < self.hits:
            raise ValueError(f"{self.hits} hits do not fit into {self.of} years")
        return self


class InForce(Part):
    """Rounds in which a rule has effect; facts before `looks_back_to` are not looked at."""

    first: Year | None = Field(default=None, alias="from")
    last: Year | None = Field(default=None, alias="to")
    looks_back_to: Year | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "InForce":
        if self.first and self.last and self.first > self.last:
            raise ValueError("from lies after to")
        return self

    def covers(self, year: int) -> bool:
        """Whether a round lies within."""
        return (self.first is None or year >= self.first) and (self.last is None or year <= self.last)

    def looks_at(self, year: int) -> bool:
        """Whether the facts of a year are looked at."""
        return (self.looks_back_to is None or year >= self.looks_back_to) and (self.last is None or year <= self.last)


class Exemption(Part):
    """Units to which the rule-book, or the rules named, do not apply: by attribute, by age or by list.

    `attribute` with `among` (texts) or `below` (a number; the attribute `age` is the round minus the unit's
    `first_year`), or `units`. `until` is the last round of the exemption, or `open` if the authority set no end; an
    exemption by age ends by itself. An attribute that is not known exempts nobody.
    """

    id: str
    attribute: str | None = None
    among: tuple[str, ...] = ()
    below: Exact | None = None
    units: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    since: Year | None = None
    until: Year | Literal["open"] | None = None
    reason: Text
    basis: Basis | None = None

    @model_validator(mode="after")
    def _one_test(self) -> "Exemption":
        if sum((bool(self.among), self.below is not None, bool(self.units))) != 1:
            raise ValueError("exactly one of among, below and units is expected")
        if (self.attribute is None) != bool(self.units):
            raise ValueError("among and below need an attribute, units does not")
        if self.until is None and self.attribute != "age":
            raise ValueError("an exemption without an end: until is expected (a year, or open)")
        return self


class Rule(Part):
    """A condition, how many years of it lead to which state, and why.

    `missing_year`: a year without a usable value is carried over (`carry`), clears the run (`reset`) or is a failing
    year (`fail`). `exempt_year`: an exempt year is as if it had not been (`carry`) or clears the run (`reset`).
    `window`: "the last n years" of a step are evaluated years or calendar years. `expires_after`: results older than
    this many years are ignored. `applies_when_suspended`: whether it also moves units that no longer take in students.
    """

    id: str
    name: Text
    when: Condition
    steps: tuple[Step, ...] = Field(min_length=1)
    missing_year: Literal["carry", "reset", "fail"] = "carry"
    exempt_year: Literal["carry", "reset"] = "carry"
    window: Literal["evaluated", "calendar"] = "evaluated"
    expires_after: int | None = Field(default=None, ge=1, le=60)
    applies_when_suspended: bool = False
    measure: Text | None = None
    reason: Text
    basis: Basis
    in_force: InForce = InForce()

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria in its condition, in the order in which they stand."""
        return tuple(leaf for _, leaf in leaves(self.when) if isinstance(leaf, Criterion))

    @property
    def all_of(self) -> bool:
        """Whether all criteria must hold (a single criterion among them)."""
        return isinstance(self.when, AllOf | Criterion)


class Return(Part):
    """From a state back to `to` after `passing_years` evaluated years in which what led to it passed."""

    passing_years: int = Field(ge=1)
    to: str


class Recovery(Part):
    """States that recover by themselves; a state that is not named needs a ruling.

    A passing year is one in which every rule that holds the unit in its state was evaluated and passed. A year that
    is missing keeps the count (`carry`) or starts it anew (`reset`); a failing year always starts it anew.
    """

    states: dict[str, Return]
    missing_year: Literal["carry", "reset"] = "carry"
    reason: Text


class Publication(Part):
    """Windows of a round, in calendar days.

    `objection_days`: from the draft to the end of objections. `response_days`: from the final notice to the school's
    plan or report on what the state requires; None when the authority sets none.
    """

    objection_days: int = Field(ge=1)
    response_days: int | None = Field(default=None, ge=1)
    reason: Text


class Rulebook(Part):
    """The whole rule-book of one authority. `digest` is the SHA-256 of its text."""

    rulebook: str
    title: Text
    authority: Text
    status: Literal["proposed", "in_force", "example"]
    version: str
    in_force_from: date
    in_force_to: date | None = None
    basis: Basis
    source: str = Field(min_length=1)
    unit: Text
    indicators: dict[str, Indicator] = Field(min_length=1)
    ladder: tuple[State, ...] = Field(min_length=2)
    suspended_from: str | None = None
    no_new_intake: Criterion | None = None
    cohort: Cohort | None = None
    recovery: Recovery | None = None
    publication: Publication | None = None
    exempt: tuple[Exemption, ...] = ()
    rules: tuple[Rule, ...] = Field(min_length=1)
    digest: str = ""

    @property
    def states(self) -> list[str]:
        """Ids of the ladder's states, mildest first."""
        return [state.id for state in self.ladder]

    def rank(self, state: str) -> int:
        """Position of a state on the ladder."""
        return self.states.index(state)

    def state(self, name: str) -> State:
        """The state with an id."""
        return self.ladder[self.rank(name)]

    def rule(self, name: str) -> Rule:
        """The rule with an id."""
        return next(rule for rule in self.rules if rule.id == name)

    def decides(self, year: int) -> bool:
        """Whether a round is decided: a rule-book that is not in force is tried on every round."""
        if self.status != "in_force":
            return True
        return self.in_force_from.year <= year and (self.in_force_to is None or year <= self.in_force_to.year)

    def rules_in_order(self) -> list[Rule]:
        """The rules, each after those that its condition names."""
        order = TopologicalSorter({rule.id: references(rule) for rule in self.rules}).static_order()
        return [self.rule(name) for name in order]

    def is_relative(self) -> bool:
        """Whether a unit's verdict may depend on other units."""
        return any(_looks_at_others(criterion, self) for rule in self.rules for criterion in rule.criteria)


def references(rule: Rule) -> set[str]:
    """Ids of the rules that a rule's condition names."""
    return {name for _, leaf in leaves(rule.when) if isinstance(leaf, RuleReached) for name in leaf.rule}


def cohort_of(criterion: Criterion, book: Rulebook) -> Cohort | None:
    """The cohort rule of a criterion: its own, else the rule-book's for rates; none for ratios, amounts and counts."""
    if criterion.cohort == "none":
        return None
    if criterion.cohort is not None:
        return criterion.cohort
    is_rate = criterion.part == "rate" and book.indicators[criterion.indicator].kind == "rate"
    return book.cohort if is_rate else None


def _looks_at_others(criterion: Criterion, book: Rulebook) -> bool:
    line, cohort = criterion.line, cohort_of(criterion, book)
    if isinstance(line, Ranked) or (isinstance(line, Benchmark) and line.benchmark != "series"):
        return True
    return cohort is not None and any(step.over != "unit" for step in cohort.pool)


def contradictions(book: Rulebook) -> Iterator[tuple[Place, str]]:
    """What a well-formed rule-book may still say wrongly: place and message of each."""
    rules = [rule.id for rule in book.rules]
    for names, place in ((book.states, "ladder"), (rules, "rules"), ([e.id for e in book.exempt], "exempt")):
        for number, name in enumerate(names):
            if name in names[:number]:
                yield (place, number, "id"), f"{name!r} stands twice"
    yield from _ladder(book)
    if book.cohort:
        yield from _cohort(book.cohort, book.states, ("cohort",))
    if book.no_new_intake:
        yield from _criterion(book.no_new_intake, book, ("no_new_intake",))
    for number, exemption in enumerate(book.exempt):
        for name in exemption.rules:
            yield from _unknown(name, rules, ("exempt", number, "rules"), "rule")
    for number, rule in enumerate(book.rules):
        yield from _rule(rule, book, ("rules", number))
    try:
        TopologicalSorter({rule.id: references(rule) for rule in book.rules}).prepare()
    except CycleError as error:
        number = rules.index(error.args[1][0])
        yield ("rules", number, "when"), f"rules that name each other in a circle: {' → '.join(error.args[1])}"


def _ladder(book: Rulebook) -> Iterator[tuple[Place, str]]:
    states = book.states
    if book.ladder[0].proposal:
        yield ("ladder", 0, "proposal"), "the first state cannot be a proposal"
    yield from _unknown(book.suspended_from, states, ("suspended_from",), "state of the ladder")
    for number, state in enumerate(book.ladder):
        for limit_number, limit in enumerate(state.plan.at_most if state.plan else ()):
            at_limit: Place = ("ladder", number, "plan", "at_most", limit_number, "indicator")
            yield from _unknown(limit.indicator, book.indicators, at_limit, "declared indicator")
    for name, back in (book.recovery.states if book.recovery else {}).items():
        at: Place = ("recovery", "states", name)
        yield from _unknown(name, states, at, "state of the ladder")
        yield from _unknown(back.to, states, (*at, "to"), "state of the ladder")
        if name in states and back.to in states and states.index(back.to) >= states.index(name):
            yield (*at, "to"), f"{back.to!r} is not milder than {name!r}"


def _rule(rule: Rule, book: Rulebook, at: Place) -> Iterator[tuple[Place, str]]:
    for number, step in enumerate(rule.steps):
        yield from _unknown(step.state, book.states, (*at, "steps", number, "state"), "state of the ladder")
        if step.line is not None and not (isinstance(rule.when, Criterion) and isinstance(rule.when.line, Dated)):
            yield (*at, "steps", number, "line"), "a step's own line needs a rule with one criterion and a number"
    for _, path, leaf in walk(rule.when):
        where = (*at, "when", *path)
        match leaf:
            case Criterion():
                yield from _criterion(leaf, book, where)
            case Weighted():
                for weight in leaf.weighted.of:
                    yield from _unknown(weight.indicator, book.indicators, where, "declared indicator")
            case RuleReached():
                for name in leaf.rule:
                    yield from _unknown(name, [other.id for other in book.rules], where, "rule")
                yield from _unknown(leaf.reaching, book.states, where, "state of the ladder")


def _criterion(criterion: Criterion, book: Rulebook, at: Place) -> Iterator[tuple[Place, str]]:
    yield from _unknown(criterion.indicator, book.indicators, (*at, "indicator"), "declared indicator")
    if criterion.indicator not in book.indicators:
        return
    kind = book.indicators[criterion.indicator].kind
    if criterion.confidence and kind != "rate":
        yield (*at, "confidence"), f"confidence needs a rate of persons; {criterion.indicator!r} is declared as {kind}"
    if kind == "amount" and criterion.part != "rate":
        yield (*at, "part"), "an amount has neither numerator nor denominator"
    pooled = isinstance(criterion.line, Benchmark) and criterion.line.benchmark == "pooled"
    if criterion.part != "rate" and (pooled or isinstance(criterion.cohort, Cohort)):
        yield (*at, "part"), "a pooled line or a minimum cohort needs the rate; a count has neither"
    if isinstance(criterion.cohort, Cohort):
        yield from _cohort(criterion.cohort, book.states, (*at, "cohort"))


def _cohort(cohort: Cohort, states: list[str], at: Place) -> Iterator[tuple[Place, str]]:
    yield from _unknown(cohort.weak_leads_to, states, (*at, "weak_leads_to"), "state of the ladder")


def _unknown(
    name: str | None, known: dict[str, Indicator] | list[str], at: Place, what: str
) -> Iterator[tuple[Place, str]]:
    if name is not None and name not in known:
        yield at, f"{name!r} is no {what} ({', '.join(known)})"
