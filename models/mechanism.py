"""The program warning-and-exit mechanism (专业预警和退出机制): a rule-book applied to a long indicator table.

Belongs here: runs of years and the ladder as a fold over rounds. Does not belong here: single comparisons
(`models.evaluation`) and thresholds (rule-books). Set-based: one pass over years with all units at once.

How a state comes about, in each round:
1. Every rule is evaluated for every unit. An exempt year is as if it had not been: it neither counts nor breaks a run.
2. A rule's history is its last evaluated years. A missing year is carried over (`carry`), clears it (`reset`) or is a
   failing year (`fail`). Hits on cohorts below the minimum lead to the state for small cohorts at most and neither
   continue nor break the run of full ones.
3. The state is the highest of those that the steps reached lead to, and the state before. A suspended unit (from
   `suspended_from` on) is not moved by rules on lagging cohorts, only by rules that apply when suspended.
4. After enough passing years a state that recovers goes back to the first rung. Suspended units do not recover by
   themselves.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.evaluation import ABSENT, HIT, OUTCOMES, PASS, TOO_SMALL, Evaluated, RuleOutcome, evaluate_rule
from models.panel import COUNT_SCALE, MISSING, VALUE_SCALE, Panel, read_panel
from models.rulebook import Exemption, Rule, Rulebook
from models.uncertainty import jeffreys_interval

EVIDENCE_COLUMNS = [
    "unit", "round", "rule", "indicator", "numerator", "denominator", "value", "compared_value", "comparison", "line",
    "pooled_numerator", "pooled_denominator",
    "probability", "confidence", "interval_low", "interval_high", "pooled_over", "pooled_years", "outcome",
    "run_length", "article",
]  # fmt: skip


@dataclass(frozen=True)
class Decisions:
    """What the mechanism says.

    `verdicts`: one row per unit × round — unit, round, state, previous_state, rank (position on the ladder),
    proposal, evaluated, rules_hit (list of rule ids), path (list of mappings: rule, run, hits, years, leads_to,
    small_cohort), exempt (reason or None), lagging (hits that did not move a suspended unit).
    `evidence`: one row per unit × round × rule × criterion (EVIDENCE_COLUMNS); rates are fractions, counts persons.
    `problems`: one row per value that could not be used (unit, year, indicator, problem_zh, problem_en).
    """

    verdicts: pd.DataFrame
    evidence: pd.DataFrame
    problems: pd.DataFrame


def decide(
    indicators: pd.DataFrame,
    rulebook: Rulebook,
    *,
    units: pd.DataFrame | None = None,
    last_round: int | None = None,
) -> Decisions:
    """Verdicts, evidence and problems for every unit and every round up to `last_round` (default: the last year).

    `indicators`: one row per unit × year × indicator with numerator and denominator and/or value (see
    `models.panel.read_panel`). `units`: one row per unit with the attributes that exemptions name; `age` is the round
    minus `first_year`. A round sees only the years up to itself, so that later years never change it.
    """
    wanted = {criterion.indicator for rule in rulebook.rules for criterion in rule.criteria}
    panel, problems = read_panel(indicators, wanted, last_round)
    if not len(panel.units):
        empty = pd.DataFrame(columns=["unit", "round", "state", "previous_state", "rank", "rules_hit", "path"])
        return Decisions(empty, pd.DataFrame(columns=EVIDENCE_COLUMNS), problems)
    attributes = unit_attributes(panel, units)
    book_exempt = exempt_matrix(rulebook.exempt, panel, attributes)
    outcomes, rule_exempt = [], []
    for rule in rulebook.rules:
        rule_exempt.append(book_exempt | exempt_matrix(rule.exempt, panel, attributes))
        outcomes.append(evaluate_rule(rule, panel, rulebook.cohort))
    verdicts, runs = fold(rulebook, panel, outcomes, rule_exempt, book_exempt)
    evidence = [
        criterion_evidence(panel, outcome.rule, found, runs[number], rule_exempt[number])
        for number, outcome in enumerate(outcomes)
        for found in outcome.criteria
    ]
    table = pd.concat(evidence, ignore_index=True).sort_values(["unit", "round", "rule"], kind="stable")
    return Decisions(verdicts, table.reset_index(drop=True), problems)


def unit_attributes(panel: Panel, units: pd.DataFrame | None) -> pd.DataFrame:
    """The attributes of the panel's units, in its order; none when the caller gave none."""
    if units is None:
        return pd.DataFrame(index=pd.Index(panel.units, name="unit"))
    return units.drop_duplicates("unit").set_index("unit").reindex(panel.units)


def exempt_matrix(exemptions: tuple[Exemption, ...], panel: Panel, attributes: pd.DataFrame) -> NDArray[np.bool_]:
    """Where a unit is exempt in a year (unit × year); an attribute that is not known exempts nobody."""
    exempt = np.zeros((len(panel.units), len(panel.years)), dtype=bool)
    for exemption in exemptions:
        if exemption.attribute == "age" and "first_year" in attributes:
            first = attributes["first_year"].to_numpy(dtype=float)
            age = panel.years[None, :] - first[:, None]
            with np.errstate(invalid="ignore"):
                exempt |= age < float(exemption.below or 0)
        elif exemption.attribute in attributes:
            column = attributes[exemption.attribute]
            if exemption.below is not None:
                found = pd.to_numeric(column, errors="coerce") < float(exemption.below)
            else:
                found = column.astype(str).isin(exemption.among)
            exempt |= found.to_numpy()[:, None]
    return exempt


class History:
    """The last evaluated years of one rule for all units, newest in the lowest bit: 1 is a failing year."""

    def __init__(self, units: int, missing_year: str) -> None:
        self.bits = np.zeros(units, dtype=np.uint64)
        self.missing_year = missing_year

    def add(self, hit: NDArray[np.bool_], passed: NDArray[np.bool_], absent: NDArray[np.bool_]) -> None:
        """Add one year; units in none of the three masks keep their history."""
        if self.missing_year == "fail":
            hit, absent = hit | absent, np.zeros_like(absent)
        elif self.missing_year == "reset":
            self.bits[absent] = 0
        grows = hit | passed
        self.bits[grows] = (self.bits[grows] << np.uint64(1)) | hit[grows].astype(np.uint64)

    def hits_of(self, last: int) -> NDArray[np.int64]:
        """Failing years among the `last` evaluated ones."""
        return np.bitwise_count(self.bits & np.uint64((1 << last) - 1)).astype(np.int64)

    @property
    def run_length(self) -> NDArray[np.int64]:
        """Failing years up to now without a passing one between them."""
        length = np.zeros(self.bits.shape, dtype=np.int64)
        for years in range(1, 61):
            whole = np.uint64((1 << years) - 1)
            running = (self.bits & whole) == whole
            if not running.any():
                break
            length[running] = years
        return length


def fold(
    rulebook: Rulebook,
    panel: Panel,
    outcomes: list[RuleOutcome],
    rule_exempt: list[NDArray[np.bool_]],
    book_exempt: NDArray[np.bool_],
) -> tuple[pd.DataFrame, list[NDArray[np.int64]]]:
    """The ladder over all rounds: verdicts (one row per unit × round) and each rule's run length (unit × year)."""
    n_units, n_years = len(panel.units), len(panel.years)
    suspended = rulebook.rank(rulebook.suspended_from) if rulebook.suspended_from else len(rulebook.ladder)
    small_rank = rulebook.rank(rulebook.cohort.small_leads_to)
    recovers = np.isin(rulebook.states, rulebook.recovery.states if rulebook.recovery else ())
    recovery_rules = set(rulebook.recovery.rules) if rulebook.recovery else set()
    histories = [History(n_units, outcome.rule.missing_year) for outcome in outcomes]
    runs = [np.zeros((n_units, n_years), dtype=np.int64) for _ in outcomes]
    state, passing = np.zeros(n_units, dtype=np.int64), np.zeros(n_units, dtype=np.int64)
    started = [np.zeros(n_units, dtype=bool) for _ in outcomes]  # a missing year before the first one is none
    parts = []
    for year in range(n_years):
        before = state.copy()
        target, lagging = np.zeros(n_units, dtype=np.int64), np.zeros(n_units, dtype=bool)
        any_hit, passed_one = np.zeros(n_units, dtype=bool), np.zeros(n_units, dtype=bool)
        any_evaluated = np.zeros(n_units, dtype=bool)
        hit_rules: list[list[str]] = [[] for _ in range(n_units)]
        paths: list[list[dict[str, object]]] = [[] for _ in range(n_units)]
        for number, (found, history) in enumerate(zip(outcomes, histories, strict=True)):
            exempt, outcome, full = rule_exempt[number][:, year], found.outcome[:, year], found.full[:, year]
            hit, passed = (outcome == HIT) & ~exempt, (outcome == PASS) & ~exempt
            started[number] |= outcome != ABSENT
            absent = (outcome == ABSENT) & ~exempt & started[number]
            history.add(hit & full, passed, absent)
            runs[number][:, year] = history.run_length
            continuing = (hit & full) | (absent if found.rule.missing_year == "fail" else False)
            reached = np.zeros(n_units, dtype=np.int64)
            for step in found.rule.steps:
                enough = continuing & (history.hits_of(step.of or step.hits) >= step.hits)
                reached[enough] = np.maximum(reached[enough], rulebook.rank(step.state))
            small = hit & ~full & any(step.hits == 1 for step in found.rule.steps)
            reached[small] = np.maximum(reached[small], small_rank)
            held = (before >= suspended) & (not found.rule.applies_when_suspended)
            lagging |= held & (reached > 0)
            target = np.maximum(target, np.where(held, 0, reached))
            any_hit |= hit
            any_evaluated |= hit | passed
            if found.rule.id in recovery_rules:
                passed_one |= passed
            for unit in np.flatnonzero(hit):
                hit_rules[unit].append(found.rule.id)
            for unit in np.flatnonzero(reached > 0):
                paths[unit].append(
                    {
                        "rule": found.rule.id,
                        "run": int(runs[number][unit, year]),
                        "leads_to": rulebook.states[reached[unit]],
                        "small_cohort": bool(small[unit]),
                        "lagging": bool(held[unit]),
                    }
                )
        state = np.maximum(state, target)
        passing = np.where(any_hit, 0, passing + passed_one)
        if rulebook.recovery:
            back = recovers[state] & (passing >= rulebook.recovery.passing_years) & (state < suspended)
            for unit in np.flatnonzero(back & (state > 0)):
                paths[unit].append({"rule": "recovery", "run": int(passing[unit]), "leads_to": rulebook.states[0]})
            state = np.where(back, 0, state)
        parts.append(
            pd.DataFrame(
                {
                    "unit": panel.units,
                    "round": panel.years[year],
                    "state": np.array(rulebook.states, dtype=object)[state],
                    "previous_state": np.array(rulebook.states, dtype=object)[before],
                    "rank": state,
                    "proposal": np.array([rung.proposal for rung in rulebook.ladder])[state],
                    "evaluated": any_evaluated,
                    "lagging": lagging,
                    "exempt": book_exempt[:, year],
                    "rules_hit": hit_rules,
                    "path": paths,
                }
            )
        )
    return pd.concat(parts, ignore_index=True).sort_values(["unit", "round"], ignore_index=True), runs


def criterion_evidence(
    panel: Panel, rule: Rule, found: Evaluated, run: NDArray[np.int64], exempt: NDArray[np.bool_]
) -> pd.DataFrame:
    """One row per unit × round that has a value, with what was compared and how sure it is (EVIDENCE_COLUMNS)."""
    measure = panel.measure(found.criterion.indicator)
    unit, year = np.nonzero(measure.known)
    numerator, denominator = (_real(m[unit, year], COUNT_SCALE) for m in (measure.numerator, measure.denominator))
    pooled_n, pooled_d = (_real(m[unit, year], COUNT_SCALE) for m in (found.numerator, found.denominator))
    value = _real(found.value[unit, year], VALUE_SCALE)
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.where(np.isnan(denominator), value, numerator / denominator)
        compared = np.where(np.isnan(pooled_d), value, pooled_n / pooled_d)
    low, high = jeffreys_interval(pooled_n, pooled_d)
    if found.criterion.confidence is None:  # only a judged share of graduates has a sampling error
        low, high = np.full_like(low, np.nan), np.full_like(high, np.nan)
    outcome = np.array([OUTCOMES[code] for code in found.outcome[unit, year]], dtype=object)
    outcome[exempt[unit, year]] = "exempt"
    hidden = outcome == OUTCOMES[TOO_SMALL]  # no rate is shown below the rule-book's smallest cohort
    criterion = found.criterion
    return pd.DataFrame(
        {
            "unit": panel.units[unit],
            "round": panel.years[year],
            "rule": rule.id,
            "indicator": criterion.indicator,
            "numerator": numerator,
            "denominator": denominator,
            "value": np.where(hidden, np.nan, own),
            "compared_value": np.where(hidden, np.nan, compared),
            "pooled_numerator": pooled_n,
            "pooled_denominator": pooled_d,
            "comparison": criterion.comparison,
            "line": float(criterion.line),
            "probability": np.where(hidden, np.nan, found.probability[unit, year]),
            "confidence": float(criterion.confidence) if criterion.confidence is not None else np.nan,
            "interval_low": np.where(hidden, np.nan, low),
            "interval_high": np.where(hidden, np.nan, high),
            "pooled_over": found.pooled[unit, year].astype(int),
            "pooled_years": _pooled_years(panel, measure.counted, found.pooled, unit, year),
            "outcome": outcome,
            "run_length": run[unit, year],
            "article": f"{rule.basis.document} {rule.basis.article}",
        }
    )


def _real(scaled: NDArray[np.int64], scale: int) -> NDArray[np.float64]:
    """Scaled integers as numbers, NaN where missing."""
    return np.where(scaled == MISSING, np.nan, scaled / scale)


def _pooled_years(
    panel: Panel, counted: NDArray[np.bool_], pooled: NDArray[np.int8], unit: NDArray[np.int64], year: NDArray[np.int64]
) -> list[list[int]]:
    """The cohort years that were put together for each value: the year itself and the known ones before it."""
    found = []
    for u, y in zip(unit, year, strict=True):
        years = [int(panel.years[y])]
        back = y - 1
        while len(years) < pooled[u, y] and back >= 0:
            if counted[u, back]:
                years.append(int(panel.years[back]))
            back -= 1
        found.append(sorted(years))
    return found
