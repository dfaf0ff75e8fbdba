"""The mechanism told a second time, slowly: one unit, one year, one criterion at a time, every number a fraction.

Belongs here: what the handbook and the grammar say about criteria, cohorts and combinations, written from them and not
from the code that decides, so that a misreading of either shows as a difference (`test_reference.py`). Years, ladder
and rulings: `reference_ladder`. Left out: `pooled_hit: new_years`, evidence, problems, plans, text that is no number.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from math import ceil, floor
from statistics import mean, median

import pandas as pd
from scipy.stats import beta

from models.grammar import (
    AllOf,
    AnyOf,
    Benchmark,
    Cohort,
    Criterion,
    Hits,
    NoneOf,
    Ranked,
    Score,
    Weighted,
    WeightedOf,
)  # fmt: skip
from models.rules import Rulebook, cohort_of
from models.settings_parts import Dated, Part


class Outcome(IntEnum):
    """What one year says of one condition, best first.

    MISSING: nothing was reported. UNUSABLE: something was, but of too few or of a kind that may not be used. HELD: a
    pooled rate beyond the line that does not count. WEAK: a hit that a cohort below the minimum gives.
    """

    PASS = 0
    MISSING = 1
    UNUSABLE = 2
    HELD = 3
    WEAK = 4
    HIT = 5


PASS, MISSING, UNUSABLE, HELD, WEAK, HIT = Outcome


@dataclass(frozen=True)
class Cell:
    """What is known of one unit, year and indicator."""

    numerator: Fraction | None
    denominator: Fraction | None
    value: Fraction | None
    labels: dict[str, str]

    @property
    def has_counts(self) -> bool:
        return self.numerator is not None and self.denominator is not None and self.denominator > 0

    @property
    def rate(self) -> Fraction | None:
        if self.numerator is not None and self.denominator:
            return self.numerator / self.denominator
        return self.value if self.denominator is None else None

    def part(self, name: str) -> Fraction | None:
        return {"rate": self.rate, "numerator": self.numerator, "denominator": self.denominator}[name]


@dataclass(frozen=True)
class Measured:
    """A number that a criterion may be judged by: its counts if it has any, and the year's own number if pooled."""

    value: Fraction
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    own: Fraction | None = None
    weak: bool = False


def number(value: object) -> Fraction | None:
    return None if value is None or pd.isna(value) else Fraction(str(value))


class Facts:
    """The usable cells of an indicator table, by unit, year and indicator, and the attributes of the units."""

    def __init__(self, indicators: pd.DataFrame, units: pd.DataFrame | None, book: Rulebook) -> None:
        self.book = book
        self.years: dict[str, set[int]] = {}
        self.cells: dict[tuple[str, int, str], Cell] = {}
        self.attributes: dict[str, dict[str, object]] = {}
        self.of_year: dict[tuple[str, int], dict[str, object]] = {}
        doubtful = set()
        for row in indicators.to_dict("records"):
            unit, year, name = str(row["unit"]), int(row["year"]), str(row["indicator"])
            self.years.setdefault(unit, set()).add(year)
            self.of_year[unit, year] = row
            if name not in book.indicators:
                continue
            cell = self._cell(row, book.indicators[name].kind)
            if cell is None:
                continue
            if self.cells.setdefault((unit, year, name), cell) != cell:
                doubtful.add((unit, year, name))
        for key in doubtful:
            del self.cells[key]
        for row in units.to_dict("records") if units is not None else []:
            self.attributes[str(row["unit"])] = row

    @staticmethod
    def _cell(row: dict, kind: str) -> Cell | None:
        over, under, value = (number(row.get(name)) for name in ("numerator", "denominator", "value"))
        only_rate = kind == "amount" or over is None or under is None or row.get("rate_only") in (True, "true", 1)
        labels = {str(name): str(label) for name, label in row.items()}
        cell = Cell(None, None, value, labels) if only_rate else Cell(over, under, None, labels)
        known = [part for part in (cell.numerator, cell.denominator, cell.value) if part is not None]
        if not known or min(known) < 0:
            return None
        if kind == "rate" and ((cell.value or 0) > 1 or (not only_rate and cell.numerator > cell.denominator)):
            return None
        return cell


def compares(criterion: Criterion | WeightedOf, value: Fraction, line: Fraction) -> bool:
    value = rounded(value, criterion) if isinstance(criterion, Criterion) else value
    match criterion.comparison:
        case "below":
            return value < line
        case "at_most" | "bottom":
            return value <= line
        case "above":
            return value > line
        case _:
            return value >= line


def rounded(value: Fraction, criterion: Criterion) -> Fraction:
    """Half up or cut off at a digit of the fraction."""
    if criterion.round is None:
        return value
    unit = Fraction(1, 10**criterion.round.digits)
    steps = value / unit
    return unit * (floor(steps + Fraction(1, 2)) if criterion.round.how == "half_up" else floor(steps))


class Conditions:
    """Outcomes of the conditions of a rule-book on the facts."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.book = facts.book
        self.known: dict[tuple[int, str, int], Measured | Outcome] = {}

    def measured(self, criterion: Criterion, unit: str, year: int) -> Measured | Outcome:
        """What a unit's year is judged by, looked up once."""
        key = id(criterion), unit, year
        if key not in self.known:
            self.known[key] = self.measure(criterion, unit, year)
        return self.known[key]

    def measure(self, criterion: Criterion, unit: str, year: int) -> Measured | Outcome:
        """What a unit's year is judged by; MISSING, or UNUSABLE where it may not be used or is too small."""
        cell = self.facts.cells.get((unit, year, criterion.indicator))
        own = cell.part(criterion.part) if cell else None
        if cell is None or own is None:
            return MISSING
        if self.usable(criterion, unit, year) is None:
            return UNUSABLE
        cohort = cohort_of(criterion, self.book)
        if cell.has_counts and cohort is not None:
            return self.cohort(criterion, cohort, unit, year, Measured(own, cell.numerator, cell.denominator, own))
        if cell.has_counts:
            return Measured(own, cell.numerator, cell.denominator, own)
        published = criterion.part == "rate" and self.book.indicators[criterion.indicator].kind != "amount"
        if published and criterion.rate_only == "exclude":
            return UNUSABLE
        return Measured(own, weak=published and criterion.rate_only == "weak")

    def cohort(self, criterion: Criterion, cohort: Cohort, unit: str, year: int, alone: Measured) -> Measured | Outcome:
        """The year's own cohort if it is large enough, else the first pooled one that is, else a weak one."""
        minimum = cohort.minimum.at(year)
        if alone.denominator >= minimum:
            return alone
        widest = alone
        for step in cohort.pool:
            pooled = alone
            for back in range(step.years):
                years = range(year - back, year + 1)
                pooled = self.together(criterion, self.alike(unit, step.over), years, alone.own)
                if pooled.denominator >= minimum:
                    return pooled
            if step.over == "unit":
                widest = pooled
        if cohort.weak_from is None or widest.denominator < cohort.weak_from.at(year):
            return UNUSABLE
        return replace(widest, weak=True)

    def usable(self, criterion: Criterion, unit: str, year: int) -> Cell | None:
        cell = self.facts.cells.get((unit, year, criterion.indicator))
        if cell is None or any(cell.labels.get(name) in values for name, values in criterion.exclude.items()):
            return None
        return cell

    def alike(self, unit: str, over: str | tuple[str, ...]) -> list[str]:
        """Units that share the attributes named with a unit: none where one of them is not known."""
        if isinstance(over, str):
            return [unit] if over == "unit" else list(self.facts.years)
        own = self.attributes(unit, over)
        return [other for other in self.facts.years if own is not None and self.attributes(other, over) == own]

    def attributes(self, unit: str, names: tuple[str, ...]) -> list[object] | None:
        found = [self.facts.attributes.get(unit, {}).get(name) for name in names]
        return None if any(pd.isna(one) for one in found) else found

    def together(self, criterion: Criterion, units: list[str], years: range, own: Fraction) -> Measured:
        """All counts of some units and years in one."""
        cells = [self.usable(criterion, unit, year) for unit in units for year in years]
        counted = [cell for cell in cells if cell is not None and cell.has_counts]
        over = sum((cell.numerator for cell in counted), Fraction(0))
        under = sum((cell.denominator for cell in counted), Fraction(0))
        return Measured(over / under if under else own, over, under, own)

    def judged(self, criterion: Criterion, unit: str, year: int, judged: list[str], line: Dated | None) -> Outcome:
        """One criterion in one year; `judged` are the units to which the rule applies in that year."""
        found = self.measured(criterion, unit, year)
        if isinstance(found, Outcome):
            return found
        full = WEAK if found.weak else HIT
        if isinstance(criterion.line, Ranked):
            against = self.last_taken(criterion, criterion.line, unit, year, judged)
        else:
            against = self.line(criterion, line or criterion.line, unit, year, judged)
        if isinstance(against, Outcome):
            return against
        if not self.beyond(criterion, found, against, year):
            return PASS
        cohort = cohort_of(criterion, self.book)
        counts_anyway = cohort is None or found.own is None or cohort.pooled_hit != "own_cohort_too"
        return full if counts_anyway or compares(criterion, found.own, against) else HELD

    @staticmethod
    def beyond(criterion: Criterion, found: Measured, line: Fraction, year: int) -> bool:
        """Whether a number lies beyond a line, and surely enough where it has counts and confidence is asked for."""
        if not compares(criterion, found.value, line):
            return False
        if criterion.confidence is None or found.denominator is None:
            return True
        hits, misses = float(found.numerator), float(found.denominator - found.numerator)
        below = beta.cdf(float(line), hits + 0.5, misses + 0.5)
        return (below if criterion.low_is_bad else 1 - below) >= float(criterion.confidence.jeffreys.at(year))

    def line(
        self, criterion: Criterion, line: Dated | Benchmark, unit: str, year: int, judged: list[str]
    ) -> Fraction | Outcome:
        if isinstance(line, Dated):
            return line.at(year)
        if line.benchmark == "series":
            value = (line.values or {}).get(year)
            found = None if value is None else Fraction(value)
        else:
            group = set(self.alike(unit, line.over))
            measured = [self.measured(criterion, other, year) for other in judged if other in group]
            known = [one for one in measured if not isinstance(one, Outcome) and not one.weak]
            if line.benchmark == "pooled":
                counted = [one for one in known if one.denominator is not None]
                under = sum((one.denominator for one in counted), Fraction(0))
                over = sum((one.numerator for one in counted), Fraction(0))
                found = rounded(over / under, criterion) if under else None
            else:
                values = [rounded(one.value, criterion) for one in known]
                found = (mean if line.benchmark == "mean" else median)(values) if values else None
        return MISSING if found is None else found * Fraction(line.times) + Fraction(line.plus)

    def last_taken(
        self, criterion: Criterion, rank: Ranked, unit: str, year: int, judged: list[str]
    ) -> Fraction | Outcome:
        """The rate of the last unit in the lowest or highest part of a unit's group; PASS where nobody is in it.

        Ranked are units whose cohorts reach the minimum; weak ones are set against the rate of the last of them.
        """
        group = set(self.alike(unit, rank.over))
        measured = {other: self.measured(criterion, other, year) for other in judged if other in group}
        known = [one for one in measured.values() if not isinstance(one, Outcome) and not one.weak]
        values = sorted((rounded(one.value, criterion) for one in known), reverse=not criterion.low_is_bad)
        if not values:
            return MISSING
        places = rank.count or 0
        if rank.share is not None:
            share = rank.share.at(year) * len(values)
            places = {"down": floor(share), "up": ceil(share), "half_up": floor(share + Fraction(1, 2))}[rank.rounding]
        last: Fraction | Outcome = PASS
        taken = 0
        for value in dict.fromkeys(values):
            equals = values.count(value)
            if taken >= places or (rank.ties == "exclude" and taken + equals > places):
                break
            last, taken = value, taken + equals
        return last

    def weighted(self, condition: Weighted, unit: str, year: int) -> Outcome:
        of = condition.weighted
        known = []
        for weight in of.of:
            cell = self.facts.cells.get((unit, year, weight.indicator))
            value = cell.part(weight.part) if cell else None
            if value is not None:
                known.append((Fraction(weight.weight), value))
        if not known or (len(known) < len(of.of) and of.missing == "unknown"):
            return MISSING
        whole = sum(Fraction(weight.weight) for weight in of.of)
        total = sum(weight * value for weight, value in known) * whole / sum(weight for weight, _ in known)
        return HIT if compares(of, total, of.line.at(year)) else PASS


def combined(condition: Part, outcomes: Iterator[Outcome]) -> Outcome:
    """A condition from the outcomes of its leaves, in the order in which they stand.

    What is not known stays not known unless it cannot matter, and a hit is as weak as what it needs.
    """
    match condition:
        case AllOf():
            return reaching([(combined(part, outcomes), 1) for part in condition.all_of], len(condition.all_of))
        case AnyOf():
            return reaching([(combined(part, outcomes), 1) for part in condition.any_of], 1)
        case NoneOf():
            found = reaching([(combined(part, outcomes), 1) for part in condition.none_of], 1)
            return HIT if found is PASS else found if found in (MISSING, UNUSABLE) else PASS
        case Hits():
            return reaching([(combined(part, outcomes), 1) for part in condition.hits.of], condition.hits.at_least)
        case Score():
            points = [(combined(part.when, outcomes), part.points) for part in condition.score.of]
            return reaching(points, condition.score.at_least)
        case _:
            return next(outcomes)


def reaching(parts: list[tuple[Outcome, int | Decimal]], needed: int | Decimal) -> Outcome:
    """The worst outcome that parts of that outcome or worse have points enough for."""
    return max(
        level for level in Outcome
        if level is PASS or sum(points for outcome, points in parts if outcome >= level) >= needed
    )  # fmt: skip
