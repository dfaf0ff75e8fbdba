"""The mechanism and a slow second telling of it (`reference`) say the same of any district, however odd its figures."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.mechanism import decide
from models.rulebook import Rulebook, parse
from tests.mechanism.reference_ladder import Mechanism

FOLDER = Path(__file__).parents[2] / "models" / "rulebooks"
BOOKS = {path.stem: parse(path.read_text(encoding="utf-8"), path.name) for path in sorted(FOLDER.glob("*.yaml"))}
YEARS = range(2018, 2025)
LAST = max(YEARS)


@st.composite
def counts(draw: st.DrawFn, lines: list[float], *, most: int = 60) -> tuple[int, int]:
    """Numerator and denominator: at a line, one beside it, or anywhere; often small, now and then of nobody."""
    size = draw(st.one_of(st.sampled_from([0, 1, 9, 10, 14, 15, 29, 30, 50]), st.integers(0, most)))
    near = int(draw(st.sampled_from(lines)) * size) + draw(st.integers(-1, 1))
    return draw(st.one_of(st.just(min(max(near, 0), size)), st.integers(0, size))), size


@st.composite
def districts(draw: st.DrawFn, book: Rulebook) -> pd.DataFrame:
    """Up to four units that start late, leave gaps, tie, report rates without counts and stand at the lines."""
    lines: dict[str, list[float]] = {}
    for rule in book.rules:
        for criterion in rule.criteria:
            fixed = getattr(criterion.line, "all_values", None)
            lines.setdefault(criterion.indicator, []).extend(float(value) for value in fixed or [0.3])
            lines[criterion.indicator] += [float(v) for step in rule.steps if step.line for v in step.line.all_values]
    rows: list[tuple[object, ...]] = []
    for unit in range(draw(st.integers(1, 4))):
        first = draw(st.sampled_from([2018, 2018, 2021]))
        for name, at in lines.items():
            kind = book.indicators[name].kind
            filled = draw(st.sampled_from([0, 1, 1, 1]))
            habit = draw(st.sampled_from(["good", "any", "any", "bad"]))
            for year in YEARS:
                if year < first or not filled or draw(st.integers(0, 5)) == 0:
                    continue
                value: float | None = None
                over = under = None
                if kind != "amount" and draw(st.integers(0, 9)):
                    over, under = draw(counts(at))
                    if habit != "any":
                        over = int(draw(st.sampled_from([0.2, 0.4] if habit == "bad" else [0.9, 1.0])) * under)
                else:
                    line = draw(st.sampled_from(at))
                    value = max(0.0, round(line + draw(st.sampled_from([-1, -0.01, 0, 0, 0.01, 1])), 4))
                    value = min(value, 1.0) if kind == "rate" else value
                rows.append((f"U{unit}", year, name, over, under, value))
    assume(rows)
    table = pd.DataFrame(rows, columns=["unit", "year", "indicator", "numerator", "denominator", "value"])
    return table.astype({"numerator": "Int64", "denominator": "Int64", "value": "Float64"})


def told_twice(table: pd.DataFrame, book: Rulebook, **people: pd.DataFrame | None) -> tuple[list, list]:
    """Rows of unit, round, state, proposal and rules hit, from the mechanism and from the reference."""
    verdicts = decide(table, book, last_round=LAST, evidence="none", **people).verdicts
    one = [
        (row.unit, row.round, row.state, row.proposal, row.evaluated, sorted(row.rules_hit))
        for row in verdicts.itertuples()
    ]
    two = [
        (unit, year, told.state, told.proposal, told.evaluated, sorted(told.rules_hit))
        for (unit, year), told in Mechanism(table, book, last_round=LAST, **people).verdicts().items()
    ]
    return sorted(one), sorted(two)


@pytest.mark.parametrize("name", BOOKS)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_slow_second_telling_of_the_rules_comes_to_the_same_verdicts(name: str, data: st.DataObject) -> None:
    table = data.draw(districts(BOOKS[name]))
    one, two = told_twice(table, BOOKS[name])
    assert one == two
