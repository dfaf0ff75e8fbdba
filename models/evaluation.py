"""One criterion or rule of a rule-book on every unit and year: hit, pass, missing or too small.

Belongs here: comparing with lines, pooling cohorts, combining criteria. Does not belong here: what a run of hits leads
to (`models.mechanism`).
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from models.panel import COUNT_SCALE, MISSING, VALUE_SCALE, Measure, Panel
from models.rulebook import Cohort, Criterion, Rule
from models.uncertainty import probability_below

HIT, PASS, ABSENT, TOO_SMALL = 1, 0, -1, -2
OUTCOMES = {HIT: "hit", PASS: "pass", ABSENT: "missing", TOO_SMALL: "too_small"}


@dataclass(frozen=True)
class Evaluated:
    """One criterion on all units and years (unit × year matrices).

    `outcome` is HIT, PASS, ABSENT or TOO_SMALL; `full` says that the cohort reached the minimum, so that a hit may
    lead beyond the state for small cohorts. `numerator` and `denominator` are those compared (pooled where pooling
    was needed), in COUNT_SCALE units; `pooled` counts the cohorts in them. `probability` is NaN without counts.
    """

    criterion: Criterion
    outcome: NDArray[np.int8]
    full: NDArray[np.bool_]
    numerator: NDArray[np.int64]
    denominator: NDArray[np.int64]
    value: NDArray[np.int64]
    pooled: NDArray[np.int8]
    probability: NDArray[np.float64]


def evaluate(criterion: Criterion, panel: Panel, cohort: Cohort) -> Evaluated:
    """The criterion's outcome for every unit and year of the panel."""
    measure = panel.measure(criterion.indicator)
    if criterion.pooled:
        numerator, denominator, pooled = pool(measure, cohort)
    else:
        numerator, denominator = measure.numerator, measure.denominator
        pooled = measure.known.astype(np.int8)
    counted = denominator != MISSING
    if criterion.comparison == "bottom_share":
        beyond = in_bottom_share(measure, criterion.line, cohort)
    else:
        beyond = np.where(
            counted,
            beyond_line(numerator, denominator, criterion),
            beyond_line(measure.value, np.int64(VALUE_SCALE), criterion),
        )
    probability = np.full(beyond.shape, np.nan)
    if criterion.confidence is not None:
        below = probability_below(numerator / COUNT_SCALE, denominator / COUNT_SCALE, float(criterion.line))
        probability = np.where(counted, below if criterion.comparison in ("below", "at_most") else 1 - below, np.nan)
        beyond &= np.isnan(probability) | (probability >= float(criterion.confidence))
    if criterion.pooled and criterion.comparison != "bottom_share":
        # A bad cohort counts in one failing year only: pooled with later ones it lends them confidence, but each
        # year of a run must itself lie beyond the line.
        beyond &= ~measure.counted | beyond_line(measure.numerator, measure.denominator, criterion)
    outcome = np.where(measure.known, np.where(beyond, HIT, PASS), ABSENT).astype(np.int8)
    full = np.ones(outcome.shape, dtype=bool)
    if criterion.comparison == "bottom_share":
        outcome[measure.known & ~ranked(measure, cohort)] = TOO_SMALL
    elif criterion.pooled:
        outcome[counted & (denominator < cohort.no_rate_below * COUNT_SCALE)] = TOO_SMALL
        full = ~counted | (denominator >= cohort.minimum * COUNT_SCALE)
    return Evaluated(criterion, outcome, full, numerator, denominator, measure.value, pooled, probability)


def beyond_line(
    numerator: NDArray[np.int64], denominator: NDArray[np.int64] | np.int64, criterion: Criterion
) -> NDArray[np.bool_]:
    """Whether numerator / denominator lies beyond the line, by exact integers: 18 of 30 is not below 0.6."""
    p, q = criterion.line.as_integer_ratio()
    largest = max(np.abs(np.where(numerator == MISSING, 0, numerator)).max(initial=0) * q, 1)
    most = np.abs(np.where(denominator == MISSING, 0, denominator)).max(initial=0) * abs(p)
    left, right = np.asarray(numerator), np.asarray(denominator)
    if max(int(largest), int(most)) > 2**62:
        left, right = left.astype(object), right.astype(object)
    left, right = left * q, right * p
    return {
        "below": lambda: left < right,
        "at_most": lambda: left <= right,
        "above": lambda: left > right,
        "at_least": lambda: left >= right,
    }[criterion.comparison]().astype(bool)


def pool(measure: Measure, cohort: Cohort) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]:
    """Numerators and denominators with earlier cohorts added until the minimum is reached, and how many were added.

    Only a year that has a cohort is pooled; a missing year in between adds nothing but uses its place, so that no
    cohort older than `pool_years` is ever used.
    """
    numerator, denominator = measure.numerator.copy(), measure.denominator.copy()
    pooled = measure.known.astype(np.int8)
    for back in range(1, cohort.pool_years):
        earlier_n = np.full_like(numerator, MISSING)
        earlier_d = np.full_like(denominator, MISSING)
        earlier_n[:, back:] = measure.numerator[:, :-back]
        earlier_d[:, back:] = measure.denominator[:, :-back]
        add = (denominator != MISSING) & (denominator < cohort.minimum * COUNT_SCALE) & (earlier_d != MISSING)
        numerator[add] += earlier_n[add]
        denominator[add] += earlier_d[add]
        pooled[add] += 1
    return numerator, denominator, pooled


def in_bottom_share(measure: Measure, share: Decimal, cohort: Cohort) -> NDArray[np.bool_]:
    """Whether a unit is among the lowest `share` of the year's units; a tie that would exceed the share is spared.

    Only cohorts that reach the minimum by themselves are ranked, and they are the units of which the share is taken.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(measure.counted, measure.numerator / measure.denominator, measure.value / VALUE_SCALE)
    in_ranking = ranked(measure, cohort)
    found = np.zeros(rate.shape, dtype=bool)
    for column in range(rate.shape[1]):
        rows = np.flatnonzero(in_ranking[:, column])
        if rows.size:
            # Equal fractions give equal floats: each is the correctly rounded quotient of the same two integers.
            values = rate[rows, column]
            at_or_below = np.searchsorted(np.sort(values), values, side="right")
            p, q = share.as_integer_ratio()
            found[rows, column] = at_or_below * q <= p * rows.size
    return found


def ranked(measure: Measure, cohort: Cohort) -> NDArray[np.bool_]:
    """Which values take part in a ranking: cohorts that reach the minimum, and rates published without counts."""
    large = measure.denominator >= cohort.minimum * COUNT_SCALE
    return np.asarray(measure.known & (~measure.counted | large))


@dataclass(frozen=True)
class RuleOutcome:
    """One rule on all units and years: its criteria and how they combine."""

    rule: Rule
    criteria: tuple[Evaluated, ...]
    outcome: NDArray[np.int8]
    full: NDArray[np.bool_]


def evaluate_rule(rule: Rule, panel: Panel, cohort: Cohort) -> RuleOutcome:
    """The rule's outcome: `all_of` hits when all hit and is missing when one needed is; `any_of` when any hits."""
    criteria = tuple(evaluate(criterion, panel, cohort) for criterion in rule.criteria)
    outcomes = np.stack([found.outcome for found in criteria])
    hit = (outcomes == HIT).all(axis=0) if rule.all_of else (outcomes == HIT).any(axis=0)
    passed = (outcomes == PASS).any(axis=0) if rule.all_of else (outcomes == PASS).any(axis=0) & ~hit
    small = (outcomes == TOO_SMALL).any(axis=0)
    outcome = np.select([hit, passed, small], [HIT, PASS, TOO_SMALL], ABSENT).astype(np.int8)
    full: NDArray[np.bool_] = np.all(np.stack([found.full for found in criteria]), axis=0)
    return RuleOutcome(rule, criteria, outcome, full)
