"""Judging: every rule of a rule-book on every unit of a panel, and the ladder that follows.

Belongs here: the order in which the parts of the mechanism are applied, and what is computed once for all units. Does
not belong here: the parts (`models.conditions`, `models.runs`, `models.ladder`), and tables of results
(`models.mechanism`, `models.explanation`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.conditions import ConditionJudge, Population, RuleHistory
from models.criteria import HIT, Judged, judge
from models.grammar import Cohort, Criterion, Ranked, Weighted, leaves
from models.ladder import SET, Ladder, RuleYears, Rulings, fold
from models.panel import Panel, Wanted
from models.pooling import ABSENT, EXEMPT
from models.population import collect_sums, group_lines, is_relative
from models.rules import Rule, Rulebook, cohort_of
from models.runs import Ranks, Runs, is_evaluated, run_years
from models.settings_parts import Dated
from models.standing import Exempted

SLICE_CELLS = 500_000  # unit-years judged at a time, which bounds the memory


@dataclass
class District:
    """All units with what is known of them together: panel, exemptions, rulings, lines that depend on other units."""

    book: Rulebook
    panel: Panel
    exempted: Exempted
    rulings: Rulings | None
    population: Population = field(default_factory=Population)

    def slices(self) -> Iterator[slice]:
        """The units in slices of about SLICE_CELLS unit-years."""
        units, width = self.panel.shape
        length = max(1, SLICE_CELLS // max(width, 1))
        for start in range(0, units, length):
            yield slice(start, min(start + length, units))


@dataclass
class Case:
    """Some units judged: the rules in the rule-book's order, their parts by rule and place, and the ladder."""

    panel: Panel
    exempted: Exempted
    rules: list[RuleYears]
    parts: dict[str, dict[str, Judged]]
    ladder: Ladder


def wanted_of(book: Rulebook) -> Wanted:
    """What the rule-book needs of the indicator table and of the units."""
    wanted = Wanted({name: indicator.kind for name, indicator in book.indicators.items()})
    criteria = [criterion for rule in book.rules for criterion in rule.criteria]
    criteria += [book.no_new_intake] if book.no_new_intake else []
    for criterion in criteria:
        wanted.labels |= set(criterion.exclude)
        line, cohort = criterion.line, cohort_of(criterion, book)
        if not isinstance(line, Dated) and not isinstance(line.over, str):
            wanted.attributes |= set(line.over)
        for step in cohort.pool if cohort else ():
            if not isinstance(step.over, str):
                wanted.attributes |= set(step.over)
    for exemption in book.exempt:
        if exemption.attribute is not None:
            wanted.attributes |= {exemption.attribute, *(["first_year"] if exemption.attribute == "age" else [])}
    return wanted


def survey(district: District) -> None:
    """Compute what depends on all units: sums for pooling over others, lines of relative criteria."""
    book, panel = district.book, district.panel
    for rule in book.rules:
        for place, leaf in leaves(rule.when):
            if not isinstance(leaf, Criterion):
                continue
            cohort = cohort_of(leaf, book)
            sums = collect_sums(leaf, panel, cohort)
            if sums:
                district.population.sums[rule.id, place] = sums
            if is_relative(leaf):
                eligible = ~district.exempted.by_rule[rule.id] | district.exempted.apart[rule.id]
                lines = group_lines(leaf, panel, cohort, sums, eligible)
                district.population.lines[rule.id, place] = lines


def judge_units(
    district: District, chosen: slice | NDArray, known: Mapping[str, tuple[RuleYears, dict[str, Judged]]] | None = None
) -> Case:
    """Judge some units of the district over all years; `known`: rules that were judged on the same units before."""
    book, panel = district.book, district.panel.rows(chosen)
    exempt = district.exempted.rows(chosen)
    rulings = district.rulings.rows(chosen) if district.rulings else None
    restarted = rulings.decided == SET if rulings else None
    no_intake = np.zeros(panel.shape, dtype=bool)
    if book.no_new_intake:
        no_intake = judge(book.no_new_intake, panel, cohort_of(book.no_new_intake, book)).outcome == HIT
    history: dict[str, RuleHistory] = {}
    found: dict[str, RuleYears] = {}
    parts: dict[str, dict[str, Judged]] = {}
    for rule in book.rules_in_order():
        lagging = np.zeros(panel.shape, dtype=bool) if rule.applies_when_suspended else no_intake
        if known and rule.id in known:
            years, parts[rule.id] = known[rule.id]
        else:
            masks = (exempt.by_rule[rule.id], exempt.apart[rule.id], lagging, restarted)
            years, parts[rule.id] = judge_rule(district, panel, rule, history, *masks)
        history[rule.id] = RuleHistory(years.runs.reached, is_evaluated(years.outcome))
        found[rule.id] = years
    rules = [found[rule.id] for rule in book.rules]
    ladder = fold(book, rules, panel.shape, no_intake, rulings)
    return Case(panel, exempt, rules, parts, ladder)


def judge_rule(
    district: District,
    panel: Panel,
    rule: Rule,
    history: dict[str, RuleHistory],
    exempt: NDArray[np.bool_],
    apart: NDArray[np.bool_],
    lagging: NDArray[np.bool_],
    restarted: NDArray[np.bool_] | None,
) -> tuple[RuleYears, dict[str, Judged]]:
    """One rule on some units: its condition and runs; steps with a line of their own are judged by it."""
    book = district.book
    in_effect = np.array([book.decides(int(y)) and rule.in_force.covers(int(y)) for y in panel.years])
    looked_at = np.array([rule.in_force.looks_at(int(y)) for y in panel.years])
    weak, proposals = weak_rank(rule, book), frozenset(book.rank(state.id) for state in book.ladder if state.proposal)
    merged: RuleYears | None = None
    parts: dict[str, Judged] = {}
    for line in dict.fromkeys(step.line for step in rule.steps):
        judging = ConditionJudge(rule, book, panel, district.population, history, line)
        outcome = judging.outcome(rule.when).copy()
        outcome[exempt] = EXEMPT
        outcome[:, ~looked_at] = ABSENT
        steps = tuple((step, book.rank(step.state)) for step in rule.steps if step.line == line)
        ranks, span = Ranks(steps, weak, proposals), spans(judging, rule, book)
        runs = run_years(outcome, span, rule, ranks, lagging, restarted, apart)
        for matrix in (runs.reached, runs.outright, runs.withheld, runs.following):
            matrix[:, ~in_effect] = 0
        runs.counted[:, ~looked_at] = 0  # a missing year that would fail, were the rule still in force
        merged = RuleYears(rule, outcome, runs) if merged is None else merge(merged, outcome, runs)
        suffix = f"line {line.latest}" if line and len({step.line for step in rule.steps}) > 1 else ""
        parts |= {place + suffix: judged for place, judged in judging.found.items()}
    if merged is None:
        raise ValueError(rule.id)
    return merged, parts


def merge(before: RuleYears, outcome: NDArray[np.int8], runs: Runs) -> RuleYears:
    """One rule judged by several lines: the worse outcome and the higher state, with the years that led to it."""
    worse = runs.reached > before.runs.reached
    joined = Runs(
        np.maximum(before.runs.reached, runs.reached),
        np.maximum(before.runs.outright, runs.outright),
        np.maximum(before.runs.withheld, runs.withheld),
        np.where(worse | (before.runs.counted == 0), runs.counted, before.runs.counted),
        np.maximum(before.runs.following, runs.following),
    )
    return RuleYears(before.rule, np.maximum(before.outcome, outcome), joined)


def weak_rank(rule: Rule, book: Rulebook) -> int:
    """The rank that hits on weak cohorts lead to at most; the rule-book's where a criterion's own cohort says none."""
    names = []
    for criterion in rule.criteria:
        cohorts: list[Cohort | None] = [cohort_of(criterion, book), book.cohort]
        names += [cohort.weak_leads_to for cohort in cohorts if cohort and cohort.weak_leads_to][:1]
    return min((book.rank(name) for name in names), default=len(book.ladder))


def spans(judging: ConditionJudge, rule: Rule, book: Rulebook) -> NDArray[np.int8] | None:
    """The calendar years in each pooled window, where a criterion counts new years only."""
    found = None
    for place, leaf in leaves(rule.when):
        cohort = cohort_of(leaf, book) if isinstance(leaf, Criterion) else None
        if cohort and cohort.pooled_hit == "new_years":
            looked = judging.found[place].looked
            if looked is not None:
                found = looked.span if found is None else np.maximum(found, looked.span)
    return found


def is_comparison(leaf: object) -> bool:
    """Whether a part of a condition sets numbers against a line."""
    return isinstance(leaf, Criterion | Weighted | Ranked)
