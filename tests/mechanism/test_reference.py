"""The mechanism and a slow second telling of it (`reference`) say the same of any district, however odd its figures."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.grammar import Weighted, leaves
from models.mechanism import decide
from models.rulebook import Rulebook, parse
from tests.mechanism.reference_ladder import Mechanism
from tests.mechanism.test_mechanism import rulebook

FOLDER = Path(__file__).parents[2] / "models" / "rulebooks"
BOOKS = {path.stem: parse(path.read_text(encoding="utf-8"), path.name) for path in sorted(FOLDER.glob("*.yaml"))}
REASON = {"zh": "示例", "en": "example"}
DIRECT, RATIO, CLASSES = "direct_employment_rate", "supply_demand_ratio", "classes"
CLASS = {"minimum": 30, "pool": [{"over": "unit", "years": 2}, {"over": ["class"]}], "reason": REASON}
WEAK = {"weak_from": 5, "weak_leads_to": "warning", "pooled_hit": "always"}
VARIANTS: dict[str, dict[str, object]] = {
    "missing years fail": {"missing_year": "fail"},
    "missing and exempt years reset": {"missing_year": "reset", "exempt_year": "reset"},
    "two of three evaluated years": {"steps": [{"hits": 2, "of": 3, "state": "reduce"}]},
    "three of four calendar years": {"steps": [{"hits": 3, "of": 4, "state": "suspend"}], "window": "calendar"},
    "lines of steps": {
        "steps": [{"hits": 1, "state": "notice"}, {"hits": 1, "state": "suspend", "line": 0.4}],
        "when": {"indicator": DIRECT, "at_most": {2018: 0.6, 2022: 0.5}},
    },
    "rounded": {"when": {"indicator": DIRECT, "below": 0.6, "round": {"digits": 1, "how": "half_up"}}},
    "truncated, above": {"when": {"indicator": DIRECT, "above": 0.5, "round": {"digits": 2, "how": "truncate"}}},
    "pooled over the class": {"when": {"indicator": DIRECT, "below": 0.6, "cohort": CLASS}},
    "weak to a warning": {"when": {"indicator": DIRECT, "below": 0.6, "cohort": CLASS | WEAK}},
    "no cohorts, rates alone weak": {
        "when": {"indicator": DIRECT, "below": 0.6, "cohort": "none", "rate_only": "weak"},
        "steps": [{"hits": 2, "state": "reduce"}],
    },
    "bottom half, ties in": {"when": {"indicator": DIRECT, "bottom": {"share": 0.5, "ties": "include"}}},
    "bottom half, ties out, over classes": {
        "when": {"indicator": DIRECT, "bottom": {"share": 0.5, "ties": "exclude", "rounding": "up", "over": ["class"]}}
    },
    "the highest two": {"when": {"indicator": RATIO, "top": {"count": 2, "ties": "exclude"}}},
    "below the mean": {"when": {"indicator": DIRECT, "below": {"benchmark": "mean"}}},
    "at most the median of the class": {
        "when": {"indicator": DIRECT, "at_most": {"benchmark": "median", "over": ["class"]}}
    },
    "above all together": {"when": {"indicator": RATIO, "above": {"benchmark": "pooled", "times": 1.25, "plus": -0.1}}},
    "below a series": {
        "when": {"indicator": DIRECT, "below": {"benchmark": "series", "values": {2019: 0.6, 2021: 0.5}}}
    },
    "none of two": {"when": {"none_of": [{"indicator": DIRECT, "at_least": 0.6}, {"indicator": RATIO, "below": 1.2}]}},
    "points": {
        "when": {"score": {"at_least": 1.5, "of": [
            {"when": {"indicator": DIRECT, "below": 0.6}, "points": 1},
            {"when": {"any_of": [{"indicator": RATIO, "above": 1.5}, {"indicator": CLASSES, "below": 1}]},
             "points": 0.5},
        ]}}
    },
    "weighted": {"when": {"weighted": {"below": 0.6, "missing": "reweigh", "of": [
        {"indicator": DIRECT, "weight": 0.3}, {"indicator": RATIO, "weight": 0.6},
    ]}}},
}  # fmt: skip
BOOKS |= {name: rulebook(**changes) for name, changes in VARIANTS.items()}
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
        for _, leaf in leaves(rule.when):
            if isinstance(leaf, Weighted):
                lines |= {weight.indicator: [0.5] for weight in leaf.weighted.of}
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


@st.composite
def people(draw: st.DrawFn, book: Rulebook, units: list[str]) -> dict[str, pd.DataFrame]:
    """Attributes of the units, and now and then an exemption or rulings."""
    rules = st.sampled_from([None, *(rule.id for rule in book.rules)])
    attributes = {
        "first_year": st.sampled_from([None, 2015, 2019]),
        "class": st.sampled_from(["care", "trade", None]),
        **dict.fromkeys(("special", "shortage", "territory"), st.sampled_from([None, "是", "yes"])),
    }
    found = {"units": pd.DataFrame([{"unit": unit} | {n: draw(s) for n, s in attributes.items()} for unit in units])}
    if draw(st.integers(0, 2)) == 0:
        first = draw(st.sampled_from(YEARS))
        exemption = {"unit": units[0], "from": first, "to": first + 1, "rule": draw(rules), "reason": "by decree"}
        found["exemptions"] = pd.DataFrame([exemption]).astype(object)
    rulings = []
    for year in draw(st.lists(st.sampled_from(YEARS), max_size=3, unique=True)):
        kind = draw(st.sampled_from(["confirm", "reject", "set", "set_aside"]))
        state = draw(st.sampled_from(book.states)) if kind == "set" else None
        rule = draw(rules) if kind == "set_aside" else None
        rulings.append({"unit": units[0], "round": year, "ruling": kind, "state": state, "rule": rule})
    if rulings:
        found["rulings"] = pd.DataFrame(rulings).astype(object)
    return found


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
@settings(max_examples=12)
@given(data=st.data())
def test_a_slow_second_telling_of_the_rules_comes_to_the_same_verdicts(name: str, data: st.DataObject) -> None:
    table = data.draw(districts(BOOKS[name]))
    decided_by_people = data.draw(people(BOOKS[name], sorted(table["unit"].unique())))
    one, two = told_twice(table, BOOKS[name], **decided_by_people)
    assert one == two
