"""Explanations: the path that led to each verdict, and the evidence of each rule by year.

Belongs here: turning what was judged into tables for people. Does not belong here: judging (`models.judging`), words in
a language (`reports`).
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.criteria import HIT, OUTCOMES, WEAK, Judged, as_real, probability_beyond
from models.grammar import Criterion, RuleReached, Weighted, leaves
from models.judging import Case, District, judge_units
from models.ladder import CONFIRM, NO_RULING, REJECT, RuleYears
from models.panel import Panel
from models.pooling import ABSENT, PASS, TOO_SMALL, Looked
from models.rules import Rule, Rulebook, cohort_of
from models.uncertainty import jeffreys_interval

EVIDENCE_COLUMNS = [
    "unit", "round", "rule", "criterion", "indicator", "numerator", "denominator", "value", "compared_value",
    "pooled_numerator", "pooled_denominator", "comparison", "line", "probability", "confidence", "interval_low",
    "interval_high", "pooled_over", "pooled_years", "rate_only", "outcome", "weak", "run_length", "article",
]  # fmt: skip
EVIDENCE_CELLS = 100_000


def shared_lists(bits: NDArray[np.int64], names: list[str]) -> NDArray[np.object_]:
    """For each number the list of names whose bit is set; equal numbers share one list."""
    codes, unique = pd.factorize(bits.ravel())
    lists = np.empty(len(unique), dtype=object)
    for number, value in enumerate(unique):
        lists[number] = [name for bit, name in enumerate(names) if int(value) >> bit & 1]
    found: NDArray[np.object_] = lists[codes].reshape(bits.shape)
    return found


def paths_of(case: Case, book: Rulebook) -> NDArray[np.object_]:
    """Why each unit is where it is in each round: a list of mappings, unit × year; equal paths share one list.

    An entry of a rule: rule, run (failing years that count), hits and of (of the step reached), years (which), leads_to
    (state), small_cohort (hit on a cohort below the minimum), lagging (withheld from a suspended unit). Recovery: rule
    "recovery", run (passing years), leads_to. A ruling: rule "ruling", ruling (confirm, reject, set), leads_to.
    """
    ladder, shape = case.ladder, case.panel.shape
    recovered = (ladder.recovered > 0) & (ladder.state < ladder.before)
    columns: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    said = recovered | (ladder.ruled != NO_RULING)
    for found in case.rules:
        reached = np.maximum(found.runs.reached, found.runs.withheld).astype(np.int64)
        withheld = ladder.lagging & (reached > 0) & (not found.rule.applies_when_suspended)
        packed = reached | (withheld.astype(np.int64) << 8) | ((found.outcome == WEAK).astype(np.int64) << 9)
        packed = np.where(reached > 0, packed, 0)
        columns.append((packed, np.where(reached > 0, found.runs.counted, 0)))
        said |= reached > 0
    at = np.flatnonzero(said.ravel())
    flat = [(packed.ravel()[at], counted.ravel()[at]) for packed, counted in columns]
    ends = recovered.ravel()[at].astype(np.int64) | (ladder.ruled.ravel()[at].astype(np.int64) << 1)
    ends |= ladder.state.ravel()[at].astype(np.int64) << 4
    codes = pd.factorize(ends)[0]
    for pair in flat:
        for column in pair:
            inner, unique = pd.factorize(column)
            codes = pd.factorize(codes * np.int64(max(len(unique), 1)) + inner)[0]
    first = np.zeros(int(codes.max(initial=-1)) + 1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    lists = np.empty(len(first), dtype=object)
    for number, row in enumerate(first):
        entries = [
            rule_entry(found.rule, int(packed[row]), int(counted[row]), case.panel, book)
            for found, (packed, counted) in zip(case.rules, flat, strict=True)
            if packed[row]
        ]
        lists[number] = entries + list(end_entries(int(ends[row]), book))
    paths = np.empty(shape[0] * shape[1], dtype=object)
    nothing: list[dict[str, object]] = []
    paths.fill(nothing)
    paths[at] = lists[codes]
    return paths.reshape(shape)


def rule_entry(rule: Rule, packed: int, counted: int, panel: Panel, book: Rulebook) -> dict[str, object]:
    """The entry of a rule in a path."""
    rank = packed & 0xFF
    years = [int(year) for number, year in enumerate(panel.years) if counted >> number & 1]
    steps = [step for step in rule.steps if book.rank(step.state) == rank]
    return {
        "rule": rule.id,
        "run": len(years),
        "hits": steps[0].hits if steps else 1,
        "of": steps[0].of if steps else None,
        "years": years,
        "leads_to": book.states[rank],
        "small_cohort": bool(packed >> 9 & 1),
        "lagging": bool(packed >> 8 & 1),
    }


def end_entries(packed: int, book: Rulebook) -> Iterator[dict[str, object]]:
    """The entries of recovery and ruling in a path."""
    state, ruled = book.states[packed >> 4], packed >> 1 & 0b111
    if packed & 1:
        yield {"rule": "recovery", "run": 0, "years": [], "leads_to": state}
    if ruled != NO_RULING:
        kind = {CONFIRM: "confirm", REJECT: "reject"}.get(ruled, "set")
        yield {"rule": "ruling", "ruling": kind, "run": 0, "years": [], "leads_to": state}


def evidence_of(district: District, positions: NDArray[np.int64]) -> pd.DataFrame:
    """The evidence of the units at some positions of the panel (EVIDENCE_COLUMNS), by unit, round and rule.

    One row per unit × round × rule × criterion, from the first year that the criterion has a value. Rates and lines are
    fractions, counts persons; `numerator`, `denominator` and `value` are the year's own, `compared_value` and the
    pooled counts what was compared. No rate is shown of a cohort that is too small. `outcome`: hit, pass, held (the
    pooled rate lies beyond the line, the year's own cohort does not), missing, too_small, excluded, exempt; `weak`
    marks a hit below the minimum cohort.
    """
    width = max(district.panel.shape[1], 1)
    length = max(1, EVIDENCE_CELLS // width)
    frames = []
    for start in range(0, len(positions), length):
        case = judge_units(district, positions[start : start + length])
        for found in case.rules:
            for place, judged in case.parts[found.rule.id].items():
                frames.append(part_evidence(case, found, place, judged, district.book))
    if not frames:
        return pd.DataFrame(columns=EVIDENCE_COLUMNS)
    table = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    order = {rule.id: number for number, rule in enumerate(district.book.rules)}
    table["order"] = table["rule"].map(order)
    return table.sort_values(["unit", "round", "order", "criterion"], ignore_index=True).drop(columns="order")


def part_evidence(case: Case, found: RuleYears, place: str, judged: Judged, book: Rulebook) -> pd.DataFrame:
    """The rows of one criterion of one rule."""
    panel, rule = case.panel, found.rule
    leaf = dict(leaves(rule.when))[place.split("line ", maxsplit=1)[0]]
    if judged.looked is None:
        known = judged.outcome != ABSENT
    else:
        known = judged.looked.counted | (judged.looked.status != ABSENT)
    seen = np.logical_or.accumulate(known, axis=1)
    seen &= np.array([rule.in_force.looks_at(int(year)) for year in panel.years])[None, :]
    unit, year = np.nonzero(seen)
    exempt = case.exempted.by_rule[rule.id][unit, year]
    codes = judged.outcome[unit, year]
    weak = codes == WEAK
    words = np.array([OUTCOMES.get(code, "") for code in range(HIT + 1)], dtype=object)
    outcome = np.where(exempt, "exempt", words[np.where(weak, HIT, codes)])
    numbers = (
        comparison_columns(case, leaf, judged.looked, judged.line, unit, year, book)
        if isinstance(leaf, Criterion | Weighted) and judged.looked is not None
        else {}
    )
    return pd.DataFrame(
        {
            "unit": panel.units[unit],
            "round": panel.years[year],
            "rule": rule.id,
            "criterion": place,
            "indicator": name_of(leaf),
            "line": judged.line[unit, year],
            "outcome": outcome,
            "weak": weak & ~exempt,
            "run_length": np.bitwise_count(found.runs.counted[unit, year]).astype(np.int64),
            "article": str(rule.basis),
            **numbers,
        }
    ).reindex(columns=EVIDENCE_COLUMNS)


def name_of(leaf: object) -> str:
    """What a part of a condition looks at."""
    match leaf:
        case Criterion():
            return leaf.indicator if leaf.part == "rate" else f"{leaf.indicator}.{leaf.part}"
        case Weighted():
            return "+".join(item.indicator for item in leaf.weighted.of)
        case RuleReached():
            return "rule:" + ",".join(leaf.rule)
    return ""


def comparison_columns(
    case: Case,
    leaf: Criterion | Weighted,
    looked: Looked,
    lines: NDArray[np.float64],
    unit: NDArray[np.int64],
    year: NDArray[np.int64],
    book: Rulebook,
) -> dict[str, object]:
    """What was compared with what, how sure it is and which cohorts were put together."""
    counted = looked.counted[unit, year]
    pooled_num, pooled_den, num, den = (
        np.where(counted, as_real(matrix[unit, year], looked.scale), np.nan)
        for matrix in (looked.num, looked.den, looked.own_num, looked.own_den)
    )
    published = looked.value[unit, year]
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.where(counted, num / den, published)
        compared = np.where(counted, pooled_num / pooled_den, published)
    single = isinstance(leaf, Criterion) and leaf.part != "rate"
    if single:
        pooled_num, pooled_den, num, den = (np.full(len(unit), np.nan) for _ in range(4))
    too_small = looked.status[unit, year] == TOO_SMALL
    cohort = cohort_of(leaf, book) if isinstance(leaf, Criterion) else None
    own_hidden = too_small.copy()
    if cohort is not None:
        least = np.array([cohort.shown_from(int(y)) for y in case.panel.years])
        own_hidden |= counted & (den < least[year])
    judged_share = isinstance(leaf, Criterion) and leaf.confidence is not None  # others have no sampling error
    ask = counted & ~too_small & (looked.status[unit, year] == PASS) & judged_share
    low, high, probability = (np.full(len(unit), np.nan) for _ in range(3))
    low[ask], high[ask] = jeffreys_interval(pooled_num[ask], pooled_den[ask])
    if isinstance(leaf, Criterion) and leaf.confidence and ask.any():
        probability[ask] = probability_beyond(leaf, pooled_num[ask], pooled_den[ask], lines[unit, year][ask])
    confidence = np.full(len(unit), np.nan)
    if isinstance(leaf, Criterion) and leaf.confidence:
        confidence = np.array([float(leaf.confidence.jeffreys.at(int(y))) for y in case.panel.years])[year]
    return {
        "numerator": num,
        "denominator": den,
        "value": np.where(own_hidden, np.nan, own),
        "compared_value": np.where(too_small, np.nan, compared),
        "pooled_numerator": pooled_num,
        "pooled_denominator": pooled_den,
        "comparison": leaf.comparison if isinstance(leaf, Criterion) else leaf.weighted.comparison,
        "probability": probability,
        "confidence": confidence,
        "interval_low": low,
        "interval_high": high,
        "pooled_over": pooled_over(cohort, looked.step[unit, year], looked.span[unit, year]),
        "pooled_years": pooled_years(case.panel, looked, unit, year),
        "rate_only": ~counted & ~np.isnan(published) & (not isinstance(leaf, Weighted)),
    }


def pooled_over(cohort: object, step: NDArray[np.int8], span: NDArray[np.int8]) -> NDArray[np.object_]:
    """Over what the compared cohort was pooled: "" (the year alone), "unit", or the attributes of a group."""
    pools = getattr(cohort, "pool", ())
    words = np.array(["", *("unit" if p.over == "unit" else "+".join(p.over) for p in pools)], dtype=object)
    found: NDArray[np.object_] = words[step]
    found[(step == 0) & (span > 1)] = "unit"
    return found


def pooled_years(panel: Panel, looked: Looked, unit: NDArray[np.int64], year: NDArray[np.int64]) -> list[list[int]]:
    """The cohort years compared: the year itself, and the years with counts in its window."""
    alone = {int(y): [int(panel.years[y])] for y in np.unique(year)}
    found = []
    for u, y, span in zip(unit, year, looked.span[unit, year], strict=True):
        if span == 1:
            found.append(alone[int(y)] if looked.status[u, y] != ABSENT else [])
            continue
        window = range(max(y - span + 1, 0), y + 1)
        found.append([int(panel.years[b]) for b in window if looked.own_den[u, b] > 0])
    return found
