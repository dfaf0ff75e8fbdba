"""Fragility (判定的稳健性): how little would change a verdict — persons in the latest year, or the line.

Belongs here: the search for the smallest change. Does not belong here: judging (`models.judging`).

For a unit that is not in the first state, the smallest improvement that changes its state in the round is looked for;
for a unit in the first state the smallest worsening (of a line: within JUST_ABOVE steps). Persons: whole persons more
(or fewer) in the numerator of the round's own cohort, the denominator unchanged, one indicator at a time (in reality
one more employed graduate may count in several). Lines: the smallest multiple of a stated step by which one rule's
fixed line would have to move, for all years alike.

Both searches are exact: every number of persons is judged, and the line is found by halving, which is right because a
milder line never worsens a state. Where a rule ranks units, the unit's own change moves the ranking too: the found
number is then checked against the ranking computed anew, and looked for person by person where it does not hold.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.grammar import AllOf, AnyOf, Criterion, leaves
from models.judging import District, judge_units, survey
from models.mechanism import Decisions
from models.panel import MISSING, Measure
from models.population import is_relative
from models.rules import Rule, Rulebook, references
from models.settings_parts import Dated, Part

COLUMNS = [
    "unit", "round", "state", "rule", "indicator", "numerator", "denominator", "line", "change_in_numerator",
    "state_after", "change_in_line", "state_after_line",
]  # fmt: skip
STEPS = {"rate": Decimal("0.001"), "ratio": Decimal("0.01")}
JUST_ABOVE = 100  # steps within which a unit in the first state counts as just above a line
CLONES = 20_000  # changed copies of units judged at a time


def fragility(decisions: Decisions, round_year: int, units: Iterable[str] | None = None) -> pd.DataFrame:
    """One row per unit of the round × rule × indicator with a fixed line (COLUMNS); persons where there are counts.

    `change_in_numerator`: persons, positive for more; `change_in_line`: a fraction in steps of 0.001 (rates) or 0.01
    (ratios), positive for a higher line; NaN where no change of that kind changes the state. `state_after` and
    `state_after_line`: the state it would be (None where there is none). Raises ValueError when the round lies outside
    the decided years.
    """
    district = decisions.district
    panel, book = district.panel, district.book
    if not len(panel.units) or not panel.years[0] <= round_year <= panel.years[-1]:
        raise ValueError(f"round {round_year} is not among the decided years")
    column = int(round_year - panel.years[0])
    wanted = set(map(str, units)) if units is not None else None
    there = panel.first <= column
    positions = np.array([p for p in np.flatnonzero(there) if wanted is None or panel.units[p] in wanted], dtype=int)
    if not len(positions):
        return pd.DataFrame(columns=COLUMNS)
    ranks = judge_units(district, positions).ladder.state[:, column].astype(int)
    frames = []
    persons: dict[str, pd.DataFrame] = {}
    for rule, criterion in fixed_lines(book):
        name = criterion.indicator
        if name not in persons:
            persons[name] = numerator_changes(district, positions, ranks, column, criterion)
        lines = line_changes(district, positions, ranks, column, rule, criterion)
        found = persons[name].merge(lines, on="position")
        frames.append(found.assign(rule=rule.id, indicator=name, line=float(line_at(criterion, round_year))))
    if not frames:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.concat(frames, ignore_index=True)
    table["unit"] = panel.units[table["position"].to_numpy()]
    table["state"] = np.array(book.states, dtype=object)[ranks[np.searchsorted(positions, table["position"])]]
    table["round"] = round_year
    return table.sort_values(["unit", "rule", "indicator"], ignore_index=True)[COLUMNS]


def fixed_lines(book: Rulebook) -> Iterator[tuple[Rule, Criterion]]:
    """Rules and their criteria that set a rate or ratio against a fixed line."""
    for rule in book.rules:
        for _, leaf in leaves(rule.when):
            if not isinstance(leaf, Criterion) or not isinstance(leaf.line, Dated) or leaf.part != "rate":
                continue
            if book.indicators[leaf.indicator].kind in STEPS:
                yield rule, leaf


def ranked_indicators(book: Rulebook) -> set[str]:
    """Indicators of which some rule's line depends on all units of the year."""
    return {criterion.indicator for rule in book.rules for criterion in rule.criteria if is_relative(criterion)}


def line_at(criterion: Criterion, year: int) -> Fraction:
    """The criterion's fixed line in a year."""
    line = criterion.line
    return line.at(year) if isinstance(line, Dated) else Fraction(0)


def numerator_changes(
    district: District, positions: NDArray[np.int64], ranks: NDArray[np.int64], column: int, criterion: Criterion
) -> pd.DataFrame:
    """Per unit with counts of a rate in the year: numerator, denominator, smallest change in persons, state after."""
    panel, book = district.panel, district.book
    measure = panel.measure(criterion.indicator)
    known = np.zeros(len(positions), dtype=bool)
    if measure.numerator is not None and measure.denominator is not None:
        num, den = measure.numerator[positions, column], measure.denominator[positions, column]
        known = np.asarray((num != MISSING) & (den != MISSING) & (den > 0), dtype=bool)
    is_rate = book.indicators[criterion.indicator].kind == "rate"
    rows: list[tuple[int, float, float, list[int]]] = []
    for at, (position, rank) in enumerate(zip(positions, ranks, strict=True)):
        if not known[at]:
            rows.append((position, np.nan, np.nan, []))
            continue
        more = (rank > 0) == criterion.low_is_bad  # a warned unit is to be lifted, another one brought down
        room = int((den[at] - num[at]) if more else num[at]) // measure.scale
        changes = [k if more else -k for k in range(1, room + 1)] if is_rate else []
        rows.append((position, num[at] / measure.scale, den[at] / measure.scale, changes))
    found = pd.DataFrame(
        [(position, n, d) for position, n, d, _ in rows], columns=["position", "numerator", "denominator"]
    )
    pairs = [(at, change) for at, (_, _, _, changes) in enumerate(rows) for change in changes]
    first: dict[int, tuple[int, int]] = {}
    for start in range(0, len(pairs), CLONES):
        part = [pair for pair in pairs[start : start + CLONES] if pair[0] not in first]
        owners = np.array([at for at, _ in part], dtype=int)
        after = judge_changed(district, positions[owners], criterion.indicator, column, [k for _, k in part])
        for (at, change), rank in zip(part, after, strict=True):
            if at not in first and rank != ranks[at]:
                first[at] = (change, int(rank))
    if criterion.indicator in ranked_indicators(book):
        for at, (position, _, _, changes) in enumerate(rows):
            kept = reranked(
                district, int(position), criterion.indicator, column, changes, int(ranks[at]), first.get(at)
            )
            first.pop(at, None)
            if kept:
                first[at] = kept
    found["change_in_numerator"] = [first[at][0] if at in first else np.nan for at in range(len(rows))]
    found["state_after"] = [book.states[first[at][1]] if at in first else None for at in range(len(rows))]
    return found


def changed_measure(measure: Measure, rows: NDArray[np.int64], column: int, changes: list[int]) -> Measure:
    """The measure of some rows with persons added to their numerators in one year."""
    changed = measure.rows(rows)
    if changed.numerator is None:
        return changed
    numerator = changed.numerator.copy()
    numerator[:, column] += np.array(changes, dtype=numerator.dtype) * measure.scale
    return replace(changed, numerator=numerator)


def judge_changed(
    district: District, positions: NDArray[np.int64], indicator: str, column: int, changes: list[int]
) -> NDArray[np.int64]:
    """The ranks in one year of copies of units with changed numerators; lines that depend on others stand still."""
    panel = district.panel.rows(positions)
    measure = changed_measure(district.panel.measure(indicator), positions, column, changes)
    clones = District(
        district.book,
        replace(panel, measures={**panel.measures, indicator: measure}),
        district.exempted.rows(positions),
        district.rulings.rows(positions) if district.rulings else None,
        district.population,
    )
    return judge_units(clones, slice(None)).ladder.state[:, column].astype(np.int64)


def reranked(
    district: District,
    position: int,
    indicator: str,
    column: int,
    changes: list[int],
    rank: int,
    found: tuple[int, int] | None,
) -> tuple[int, int] | None:
    """The smallest change with lines that depend on other units computed anew for it; `found` is the first guess."""

    def after(change: int) -> int:
        measure = district.panel.measure(indicator)
        numerator = measure.numerator
        if numerator is None:
            return rank
        numerator = numerator.copy()
        numerator[position, column] += change * measure.scale
        panel = replace(
            district.panel, measures={**district.panel.measures, indicator: replace(measure, numerator=numerator)}
        )
        anew = District(district.book, panel, district.exempted, district.rulings)
        survey(anew)
        return int(judge_units(anew, np.array([position])).ladder.state[0, column])

    if not changes:
        return None
    guess = changes.index(found[0]) if found else len(changes)
    before_guess = guess == 0 or after(changes[guess - 1]) == rank
    if before_guess and found is None:
        return None
    if before_guess:
        reached = after(changes[guess])
        if reached != rank:
            return changes[guess], reached
    low, high = (-1, guess - 1) if not before_guess else (guess, len(changes) - 1)
    if after(changes[high]) == rank:
        return None
    while high - low > 1:  # the state at `low` is unchanged (or there is none), at `high` it is changed
        middle = (low + high) // 2
        low, high = (middle, high) if after(changes[middle]) == rank else (low, middle)
    return changes[high], after(changes[high])


def line_changes(
    district: District,
    positions: NDArray[np.int64],
    ranks: NDArray[np.int64],
    column: int,
    rule: Rule,
    criterion: Criterion,
) -> pd.DataFrame:
    """Per unit: the smallest move of the rule's line, in steps, that changes the state, and the state after it."""
    book = district.book
    kind = book.indicators[criterion.indicator].kind
    step, line = STEPS[kind], line_at(criterion, int(district.panel.years[column]))
    highest = Fraction(1) if kind == "rate" else 2 * line
    seen: dict[int, NDArray[np.int64]] = {0: ranks}
    case = judge_units(district, positions)
    named = any(references(each) for each in book.rules)  # a rule may look at what this one led to
    known = {} if named else {y.rule.id: (y, case.parts[y.rule.id]) for y in case.rules if y.rule.id != rule.id}

    def after(steps: int) -> NDArray[np.int64]:
        if steps not in seen:
            moved = with_moved_line(book, rule, criterion, step * steps)
            changed = District(moved, district.panel, district.exempted, district.rulings, district.population)
            seen[steps] = judge_units(changed, positions, known).ladder.state[:, column].astype(np.int64)
        return seen[steps]

    found: list[tuple[float, str | None]] = [(np.nan, None)] * len(positions)
    for warned in (True, False):
        lower = warned == criterion.low_is_bad  # a lower floor lifts, a lower ceiling brings down
        room = int((line if lower else highest - line) / Fraction(step))
        if not warned:
            room = min(room, JUST_ABOVE)  # a line that would have to move further is not near
        sign = -1 if lower else 1
        concerned = np.flatnonzero((ranks > 0) == warned)
        if not len(concerned) or room < 1:
            continue
        last = after(sign * room)
        movable = concerned[last[concerned] != ranks[concerned]]
        for members, low, high in halve(movable, room, ranks, after, sign):
            del low
            for at in members:
                found[at] = (float(sign * high * step), book.states[int(after(sign * high)[at])])
    return pd.DataFrame(
        {
            "position": positions,
            "change_in_line": [change for change, _ in found],
            "state_after_line": [state for _, state in found],
        }
    )


def halve(
    members: NDArray[np.int64],
    room: int,
    ranks: NDArray[np.int64],
    after: Callable[[int], NDArray[np.int64]],
    sign: int,
) -> Iterator[tuple[NDArray[np.int64], int, int]]:
    """Groups of units with the last number of steps that changes nothing and the first that does."""
    waiting = [(members, 0, room)]
    while waiting:
        group, low, high = waiting.pop()
        if not len(group):
            continue
        if high - low == 1:
            yield group, low, high
            continue
        middle = (low + high) // 2
        changed = after(sign * middle)[group] != ranks[group]
        waiting += [(group[~changed], middle, high), (group[changed], low, middle)]


def with_moved_line(book: Rulebook, rule: Rule, criterion: Criterion, by: Decimal) -> Rulebook:
    """The rule-book with one criterion's line moved for all years (and the lines of the rule's steps with it)."""
    steps = tuple(
        step if step.line is None else step.model_copy(update={"line": moved(step.line, by)}) for step in rule.steps
    )
    when = replaced(rule.when, criterion, by)
    changed = rule.model_copy(update={"when": when, "steps": steps})
    return book.model_copy(update={"rules": tuple(changed if each.id == rule.id else each for each in book.rules)})


def moved(line: Dated, by: Decimal) -> Dated:
    """A line moved in all its years."""
    return Dated.model_validate({year: value + by for year, value in line.values})


def replaced(condition: Part, criterion: Criterion, by: Decimal) -> Part:
    """The condition with the criterion's line moved; lines inside counts and scores stand still."""
    if condition is criterion and isinstance(criterion.line, Dated):
        return criterion.model_copy(update={criterion.comparison: moved(criterion.line, by)})
    if isinstance(condition, AllOf):
        return condition.model_copy(
            update={"all_of": tuple(replaced(part, criterion, by) for part in condition.all_of)}
        )
    if isinstance(condition, AnyOf):
        return condition.model_copy(
            update={"any_of": tuple(replaced(part, criterion, by) for part in condition.any_of)}
        )
    return condition
