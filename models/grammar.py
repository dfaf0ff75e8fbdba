"""The words of a rule-book (规则文件): comparisons, lines, conditions, cohorts.

Belongs here: the parts of the grammar and what each may say. Does not belong here: parts shared with other settings
(`models.settings_parts`), rules and ladder (`models.rules`), every evaluation (`models.criteria` and those after it).
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from models.settings_parts import Dated, Exact, Part, Text, Year

MOST_DIGITS = 12  # a line or rounding finer than 10⁻¹² is refused
Over = Literal["all"] | tuple[str, ...]  # "all": the whole region; otherwise units with the same attributes


class Benchmark(Part):
    """A line that is not a fixed number.

    `mean` and `median` of the units judged by the criterion in the year, `pooled` (all their numerators over all their
    denominators), or a fixed `series` with one value per year (a year without one is not evaluated). `over` names the
    attributes that the compared units share; `times` and `plus` shift the line.
    """

    benchmark: Literal["mean", "median", "pooled", "series"]
    over: Over = "all"
    values: dict[Year, Exact] | None = None
    times: Exact = Decimal(1)
    plus: Exact = Decimal(0)

    @model_validator(mode="after")
    def _series_has_values(self) -> "Benchmark":
        if (self.benchmark == "series") != (self.values is not None):
            raise ValueError("values are given for a series, and only for a series")
        return self


def _kind_of_line(data: object) -> str:
    return "benchmark" if isinstance(data, Benchmark) or (isinstance(data, dict) and "benchmark" in data) else "dated"


Line = Annotated[Annotated[Dated, Tag("dated")] | Annotated[Benchmark, Tag("benchmark")], Discriminator(_kind_of_line)]


class Ranked(Part):
    """The lowest (or highest) units of a year: a `share` of those judged, or a `count`.

    `ties` must be said: `include` takes every unit equal to the last one in, `exclude` spares a group of equals that
    would exceed the share. `rounding` of share × units: down, up or half_up.
    """

    share: Dated | None = None
    count: int | None = Field(default=None, ge=1)
    ties: Literal["include", "exclude"]
    rounding: Literal["down", "up", "half_up"] = "down"
    over: Over = "all"

    @model_validator(mode="after")
    def _one_size(self) -> "Ranked":
        if (self.share is None) == (self.count is None):
            raise ValueError("either share or count is expected")
        if self.share and not all(0 < value < 1 for value in self.share.all_values):
            raise ValueError("a share lies between 0 and 1")
        return self


class Rounding(Part):
    """Rounding of the rate before it is compared: `digits` after the decimal point of the fraction (0.599 has 3)."""

    digits: int = Field(ge=0, le=MOST_DIGITS)
    how: Literal["half_up", "truncate"]


class Confidence(Part):
    """The posterior probability, under the Jeffreys prior, that the rate lies beyond the line must reach `jeffreys`."""

    jeffreys: Dated

    @model_validator(mode="after")
    def _is_a_probability(self) -> "Confidence":
        if not all(0 < value < 1 for value in self.jeffreys.all_values):
            raise ValueError("a probability lies between 0 and 1")
        return self


class Pool(Part):
    """One step of pooling (合并): up to `years` calendar years of the unit itself, or of all units alike in `over`."""

    over: Literal["unit"] | tuple[str, ...]
    years: int = Field(default=1, ge=1, le=10)


class Cohort(Part):
    """Minimum denominator and what happens below it.

    Below `minimum` the steps of `pool` are tried in order, each adding one earlier year at a time, until the minimum
    is reached. If none reaches it: with `weak_from` the unit's own pooled cohorts still count when they have at least
    that many, but a hit leads to `weak_leads_to` at most; otherwise the year is not evaluated and no rate is shown.

    `pooled_hit` says when a year counts whose rate was pooled: `own_cohort_too` (default) only if the year's own
    cohort lies beyond the line as well, so that a bad cohort does not count again in each window that holds it;
    `new_years` only if no year of the window was counted before in the run; `always` in any case.
    """

    minimum: Dated
    pool: tuple[Pool, ...] = ()
    weak_from: Dated | None = None
    weak_leads_to: str | None = None
    pooled_hit: Literal["own_cohort_too", "new_years", "always"] = "own_cohort_too"
    reason: Text

    @model_validator(mode="after")
    def _weak_is_whole(self) -> "Cohort":
        if (self.weak_from is None) != (self.weak_leads_to is None):
            raise ValueError("weak_from and weak_leads_to are given together")
        if any(value < 0 for value in self.minimum.all_values):
            raise ValueError("a minimum is not negative")
        return self

    def shown_from(self, year: int) -> float:
        """The fewest persons of whom a rate is shown in a round."""
        return float((self.weak_from or self.minimum).at(year))


COMPARISONS = ("below", "at_most", "above", "at_least", "bottom", "top")


class Criterion(Part):
    """One indicator set against one line.

    Exactly one of `below` (<), `at_most` (≤), `above` (>), `at_least` (≥), `bottom` or `top`. `part` compares the
    rate, or the numerator or denominator alone. `cohort` replaces the rule-book's for this criterion (`none`: no
    minimum). `exclude` names values of a column of the indicator table (such as rate_type) that may not be used.
    `rate_only` says what a rate published without counts may do: be compared as printed, lead to the state for weak
    cohorts at most, or not be used.
    """

    indicator: str
    part: Literal["rate", "numerator", "denominator"] = "rate"
    below: Line | None = None
    at_most: Line | None = None
    above: Line | None = None
    at_least: Line | None = None
    bottom: Ranked | None = None
    top: Ranked | None = None
    round: Rounding | None = None
    confidence: Confidence | None = None
    cohort: Cohort | Literal["none"] | None = None
    exclude: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    rate_only: Literal["compare", "weak", "exclude"] = "compare"

    @model_validator(mode="after")
    def _one_comparison(self) -> "Criterion":
        given = [name for name in COMPARISONS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"exactly one of {', '.join(COMPARISONS)} is expected; found {', '.join(given) or 'none'}")
        if self.confidence and (self.part != "rate" or given[0] in ("bottom", "top")):
            raise ValueError("confidence needs the rate and a line, not a rank or a count")
        return self

    @property
    def comparison(self) -> str:
        """The one comparison in use, such as "below"."""
        return next(name for name in COMPARISONS if getattr(self, name) is not None)

    @property
    def line(self) -> Dated | Benchmark | Ranked:
        """What the indicator is compared with."""
        line: Dated | Benchmark | Ranked = getattr(self, self.comparison)
        return line

    @property
    def low_is_bad(self) -> bool:
        """Whether a lower value is worse."""
        return self.comparison in ("below", "at_most", "bottom")


class AllOf(Part):
    """Hit when every part is hit; passes when one passes; otherwise not known."""

    all_of: tuple["Condition", ...] = Field(min_length=1)


class AnyOf(Part):
    """Hit when one part is hit; passes when every part passes; otherwise not known."""

    any_of: tuple["Condition", ...] = Field(min_length=1)


class NoneOf(Part):
    """Hit when every part passes; passes when one is hit; otherwise not known."""

    none_of: tuple["Condition", ...] = Field(min_length=1)


class HitsOf(Part):
    """Hit when at least `at_least` of `of` are hit; what is not known may turn the result only where it could."""

    at_least: int = Field(ge=1)
    of: tuple["Condition", ...] = Field(min_length=1)


class Hits(Part):
    """Count of hits, such as any 2 of 5 signals."""

    hits: HitsOf

    @model_validator(mode="after")
    def _can_be_reached(self) -> "Hits":
        if self.hits.at_least > len(self.hits.of):
            raise ValueError(f"{self.hits.at_least} hits cannot come from {len(self.hits.of)} conditions")
        return self


class Points(Part):
    """Points that a condition gives when it is hit."""

    when: "Condition"
    points: Exact = Field(gt=0)


class ScoreOf(Part):
    """The points of the hit conditions must reach `at_least`."""

    at_least: Exact = Field(gt=0)
    of: tuple[Points, ...] = Field(min_length=1)


class Score(Part):
    """Weighted score of hits."""

    score: ScoreOf


class Weight(Part):
    """An indicator and its weight in a weighted sum."""

    indicator: str
    weight: Exact = Field(gt=0)
    part: Literal["rate", "numerator", "denominator"] = "rate"


class WeightedOf(Part):
    """Σ weight × indicator against one line; with a part missing it is not known, or the rest is weighted anew."""

    below: Dated | None = None
    at_most: Dated | None = None
    above: Dated | None = None
    at_least: Dated | None = None
    of: tuple[Weight, ...] = Field(min_length=1)
    missing: Literal["unknown", "reweigh"] = "unknown"

    @model_validator(mode="after")
    def _one_comparison(self) -> "WeightedOf":
        if sum(getattr(self, name) is not None for name in COMPARISONS[:4]) != 1:
            raise ValueError(f"exactly one of {', '.join(COMPARISONS[:4])} is expected")
        return self

    @property
    def comparison(self) -> str:
        """The one comparison in use."""
        return next(name for name in COMPARISONS[:4] if getattr(self, name) is not None)

    @property
    def line(self) -> Dated:
        """The line of that comparison."""
        line: Dated = getattr(self, self.comparison)
        return line


class Weighted(Part):
    """Weighted sum of indicators."""

    weighted: WeightedOf


class RuleReached(Part):
    """Hit in a year in which one of the named rules led to a state (or to `reaching` or beyond)."""

    rule: tuple[str, ...] = Field(min_length=1)
    reaching: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_or_many(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("rule"), str):
            return {**data, "rule": (data["rule"],)}
        return data


CONDITIONS: dict[str, type[Part]] = {
    "indicator": Criterion, "all_of": AllOf, "any_of": AnyOf, "none_of": NoneOf, "hits": Hits, "score": Score,
    "weighted": Weighted, "rule": RuleReached,
}  # fmt: skip


def _kind_of_condition(data: object) -> str | None:
    if isinstance(data, Part):
        return next(name for name, kind in CONDITIONS.items() if isinstance(data, kind))
    if isinstance(data, dict):
        return next((name for name in CONDITIONS if name in data), None)
    return None


Condition = Annotated[
    Annotated[Criterion, Tag("indicator")]
    | Annotated[AllOf, Tag("all_of")]
    | Annotated[AnyOf, Tag("any_of")]
    | Annotated[NoneOf, Tag("none_of")]
    | Annotated[Hits, Tag("hits")]
    | Annotated[Score, Tag("score")]
    | Annotated[Weighted, Tag("weighted")]
    | Annotated[RuleReached, Tag("rule")],
    Discriminator(
        _kind_of_condition,
        custom_error_type="condition",
        custom_error_message=f"a condition with one of {', '.join(CONDITIONS)} is expected",
    ),
]
for _model in (AllOf, AnyOf, NoneOf, HitsOf, Hits, Points, ScoreOf, Score):
    _model.model_rebuild()


def walk(
    condition: Part, place: str = "", path: tuple[str | int, ...] = ()
) -> Iterator[tuple[str, tuple[str | int, ...], Part]]:
    """Criteria, weighted sums and rule references in a condition: place such as "2" or "1.3", YAML path, and part."""
    inner: tuple[tuple[tuple[str | int, ...], Part], ...] = ()
    match condition:
        case AllOf():
            inner = tuple((("all_of", n), part) for n, part in enumerate(condition.all_of))
        case AnyOf():
            inner = tuple((("any_of", n), part) for n, part in enumerate(condition.any_of))
        case NoneOf():
            inner = tuple((("none_of", n), part) for n, part in enumerate(condition.none_of))
        case Hits():
            inner = tuple((("hits", "of", n), part) for n, part in enumerate(condition.hits.of))
        case Score():
            inner = tuple((("score", "of", n, "when"), points.when) for n, points in enumerate(condition.score.of))
        case _:
            yield place, path, condition
    for number, (step, part) in enumerate(inner, start=1):
        yield from walk(part, f"{place}.{number}" if place else str(number), (*path, *step))


def leaves(condition: Part) -> Iterator[tuple[str, Part]]:
    """Criteria, weighted sums and rule references in a condition, each with its place."""
    return ((place, leaf) for place, _, leaf in walk(condition))
