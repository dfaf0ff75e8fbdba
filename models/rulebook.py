"""The rule-book (规则文件): the warning-and-exit rules of one authority as dated, reasoned data.

Belongs here: the grammar and its validation. Does not belong here: evaluation (`models.evaluation`) and the ladder
(`models.mechanism`). A rule-book is a YAML text; every threshold in the system stands in one.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator


class RulebookError(ValueError):
    """A rule-book that cannot be used; the message names the file, the line and the key."""


def _exact(value: object) -> object:
    """YAML's floats by their shortest decimal text, so that 0.6 is 0.6."""
    return Decimal(repr(value)) if isinstance(value, float) else value


Exact = Annotated[Decimal, BeforeValidator(_exact)]


class Part(BaseModel):
    """Any part of a rule-book: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Part):
    """A text that people read, in Chinese and English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_language(self, lang: str) -> str:
        """The text in `lang` ("zh" or "en")."""
        return self.en if lang == "en" else self.zh


class Basis(Part):
    """Legal basis (依据): document and article."""

    document: str = Field(min_length=1)
    article: str = Field(min_length=1)


class State(Part):
    """One rung of the ladder, in order of severity; `proposal` states need a ruling to take effect."""

    id: str
    name: Text
    action: Text
    proposal: bool = False


class Cohort(Part):
    """Minimum cohort and pooling of years (合并届次).

    A denominator below `minimum` is pooled with the years before, at most `pool_years` in all, until it is reached.
    Between `no_rate_below` and `minimum` a hit leads to `small_leads_to` at most; below `no_rate_below` nothing is
    evaluated and no rate is shown.
    """

    minimum: int = Field(ge=1)
    pool_years: int = Field(ge=1, le=10)
    no_rate_below: int = Field(ge=0)
    small_leads_to: str
    reason: Text


class Criterion(Part):
    """One comparison of one indicator with a line.

    Exactly one of `below`, `at_most` (low is bad), `above`, `at_least` (high is bad) or `bottom_share` (the lowest
    share of all units of the year; a tie that would exceed the share is spared). `confidence`: the posterior
    probability that the rate lies beyond the line must reach it; without counts there is none and the rate decides.
    """

    indicator: str
    below: Exact | None = None
    at_most: Exact | None = None
    above: Exact | None = None
    at_least: Exact | None = None
    bottom_share: Exact | None = Field(default=None, gt=0, lt=1)
    confidence: Exact | None = Field(default=None, gt=0, lt=1)
    pooled: bool = False

    @model_validator(mode="after")
    def _one_comparison(self) -> "Criterion":
        given = [name for name in COMPARISONS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"exactly one of {', '.join(COMPARISONS)} is expected; found {given or 'none'}")
        return self

    @property
    def comparison(self) -> str:
        """The one comparison in use, such as "below"."""
        return next(name for name in COMPARISONS if getattr(self, name) is not None)

    @property
    def line(self) -> Decimal:
        """The line of that comparison."""
        line: Decimal = getattr(self, self.comparison)
        return line


COMPARISONS = ("below", "at_most", "above", "at_least", "bottom_share")


class Step(Part):
    """`hits` failing years out of the last `of` evaluated ones (default: consecutive) lead to `state`."""

    hits: int = Field(ge=1, le=60)
    of: int | None = Field(default=None, ge=1, le=60)
    state: str

    @model_validator(mode="after")
    def _window_holds_hits(self) -> "Step":
        if self.of is not None and self.of < self.hits:
            raise ValueError(f"{self.hits} hits do not fit into {self.of} years")
        return self


class Exemption(Part):
    """Units to which a rule-book or rule does not apply: an attribute among values, or below a number."""

    attribute: str
    among: tuple[str, ...] = ()
    below: Exact | None = None
    reason: Text

    @model_validator(mode="after")
    def _one_test(self) -> "Exemption":
        if bool(self.among) == (self.below is not None):
            raise ValueError("either among or below is expected")
        return self


class Rule(Part):
    """Criteria (all of `all_of`, or any of `any_of`), years and consequences, with reason and legal basis."""

    id: str
    name: Text
    all_of: tuple[Criterion, ...] = ()
    any_of: tuple[Criterion, ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1)
    missing_year: Literal["carry", "reset", "fail"] = "carry"
    applies_when_suspended: bool = False
    exempt: tuple[Exemption, ...] = ()
    reason: Text
    basis: Basis

    @model_validator(mode="after")
    def _has_criteria(self) -> "Rule":
        if bool(self.all_of) == bool(self.any_of):
            raise ValueError("either all_of or any_of is expected")
        return self

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria, however they are combined."""
        return self.all_of or self.any_of


class Recovery(Part):
    """After `passing_years` evaluated years without a hit a state among `states` goes back to the first rung.

    A year passes when no rule hits and at least one of `rules` was evaluated and passed.
    """

    passing_years: int = Field(ge=1)
    states: tuple[str, ...]
    rules: tuple[str, ...] = Field(min_length=1)
    reason: Text


class Rulebook(Part):
    """The whole rule-book of one authority."""

    rulebook: str
    title: Text
    authority: Text
    status: Literal["proposed", "in_force", "example"]
    version: str
    in_force_from: date
    basis: Basis
    source: str = Field(min_length=1)
    unit: Text
    ladder: tuple[State, ...] = Field(min_length=2)
    suspended_from: str | None = None
    cohort: Cohort
    recovery: Recovery | None = None
    exempt: tuple[Exemption, ...] = ()
    rules: tuple[Rule, ...] = Field(min_length=1)

    @property
    def states(self) -> list[str]:
        """Ids of the ladder's states, mildest first."""
        return [state.id for state in self.ladder]

    def rank(self, state: str) -> int:
        """Position of a state on the ladder."""
        return self.states.index(state)

    @model_validator(mode="after")
    def _names_are_known(self) -> "Rulebook":
        states, rules = self.states, [rule.id for rule in self.rules]
        used = [step.state for rule in self.rules for step in rule.steps]
        used += [self.cohort.small_leads_to, *([self.suspended_from] if self.suspended_from else [])]
        used += self.recovery.states if self.recovery else []
        for state in used:
            if state not in states:
                raise ValueError(f"{state!r} is not a state of the ladder ({', '.join(states)})")
        for rule in self.recovery.rules if self.recovery else []:
            if rule not in rules:
                raise ValueError(f"recovery names the rule {rule!r}, which does not exist")
        for names in (states, rules):
            if len(set(names)) != len(names):
                raise ValueError(f"a name stands twice in {names}")
        return self


def parse(text: str, name: str) -> Rulebook:
    """The rule-book in a YAML text; `name` is the file as messages should call it.

    Raises RulebookError, naming line and key, for text that is no YAML, an unknown key, an impossible value, or a
    missing reason or legal basis.
    """
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        raise RulebookError(f"{name}{place}: {getattr(error, 'problem', None) or error}") from error
    if not isinstance(data, dict):
        raise RulebookError(f"{name}, line 1: a mapping of keys to values is expected")
    try:
        return Rulebook.model_validate(data)
    except ValidationError as error:
        lines = [
            f"{name}, line {line_of(tree, found['loc'])}: {'.'.join(map(str, found['loc'])) or name}: {found['msg']}"
            for found in error.errors()
        ]
        raise RulebookError("\n".join(lines)) from error


def line_of(node: yaml.Node | None, path: tuple[int | str, ...]) -> int:
    """Line of the deepest node of `path` that exists, counted from 1."""
    line = node.start_mark.line + 1 if node else 1
    for key in path:
        if isinstance(node, yaml.MappingNode):
            pairs = [pair for pair in node.value if pair[0].value == str(key)]
            if not pairs:
                break
            line, node = pairs[0][0].start_mark.line + 1, pairs[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            line = node.start_mark.line + 1
    return line
