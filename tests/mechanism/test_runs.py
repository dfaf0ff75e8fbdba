"""Runs of years and combinations of criteria, against slow references written from the handbook's sentences."""

import itertools

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from models.mechanism import decide
from models.rulebook import Rulebook, parse
from tests.mechanism.test_mechanism import KAIZHOU

FIRST = 2001
HIT, PASSED, ABSENT = "hit", "passed", "absent"


def book(when: dict[str, object], **rule: object) -> Rulebook:
    """One rule on plain numbers, without cohorts, recovery or exemptions."""
    data = yaml.safe_load(KAIZHOU)
    for key in ("cohort", "recovery", "exempt", "no_new_intake", "suspended_from"):
        data.pop(key)
    data["indicators"] |= {f"x{n}": {"kind": "amount", "name": {"zh": "数", "en": "number"}} for n in range(4)}
    data["rules"] = [{**data["rules"][0], "expires_after": None, "when": when, **rule}]
    return parse(yaml.safe_dump(data, allow_unicode=True), "test")


def led(outcomes: list[str], rulebook: Rulebook) -> list[bool]:
    """In which years the rule led to a state."""
    rows = [("A", FIRST + n, "x0", 1 if o == HIT else 9) for n, o in enumerate(outcomes) if o != ABSENT]
    table = pd.DataFrame(rows, columns=["unit", "year", "indicator", "value"])
    verdicts = decide(table, rulebook, last_round=FIRST + len(outcomes) - 1).verdicts.set_index("round")
    return [bool(verdicts["path"].get(FIRST + n, [])) for n in range(len(outcomes))]


def by_the_handbook(
    outcomes: list[str], hits: int, of: int | None, window: str, missing: str, expires: int | None
) -> list[bool]:
    """What the handbook's section on years says, year by year."""
    seen: list[tuple[int, str]] = []
    started, found = False, []
    for year, outcome in enumerate(outcomes):
        seen = [entry for entry in seen if expires is None or entry[0] > year - expires]
        now = outcome
        if outcome == ABSENT and started:
            now = HIT if missing == "fail" else ABSENT
            seen = [] if missing == "reset" else seen
        started |= outcome != ABSENT
        if now != ABSENT:
            seen.append((year, now))
        if of is None:
            counted = list(itertools.takewhile(lambda entry: entry[1] == HIT, reversed(seen)))
        elif window == "calendar":
            counted = [entry for entry in seen if entry[0] > year - of and entry[1] == HIT]
        else:
            counted = [entry for entry in seen[-of:] if entry[1] == HIT]
        found.append(now == HIT and len(counted) >= hits)
    return found


@settings(max_examples=60)
@given(
    outcomes=st.lists(st.sampled_from([HIT, PASSED, ABSENT]), min_size=1, max_size=12).filter(
        lambda years: set(years) != {ABSENT}
    ),
    hits=st.integers(1, 4),
    more=st.one_of(st.none(), st.integers(0, 4)),
    window=st.sampled_from(["evaluated", "calendar"]),
    missing=st.sampled_from(["carry", "reset", "fail"]),
    expires=st.one_of(st.none(), st.integers(1, 8)),
)
def test_years_are_counted_as_the_handbook_says(
    outcomes: list[str], hits: int, more: int | None, window: str, missing: str, expires: int | None
) -> None:
    of = None if more is None else hits + more
    step = {"hits": hits, "of": of, "state": "reduce"}
    rule = book(
        {"indicator": "x0", "below": 5}, steps=[step], window=window, missing_year=missing, expires_after=expires
    )
    assert led(outcomes, rule) == by_the_handbook(outcomes, hits, of, window, missing, expires)


PARTS = [{"indicator": f"x{n}", "below": 5} for n in range(3)]
CONDITIONS = {
    "all_of": ({"all_of": PARTS}, all),
    "any_of": ({"any_of": PARTS}, any),
    "none_of": ({"none_of": PARTS}, lambda hits: not any(hits)),
    "two of three": ({"hits": {"at_least": 2, "of": PARTS}}, lambda hits: sum(hits) >= 2),
    "score": (
        {"score": {"at_least": 3, "of": [{"when": p, "points": n} for n, p in enumerate(PARTS, start=1)]}},
        lambda hits: sum(n * hit for n, hit in enumerate(hits, start=1)) >= 3,
    ),
    "nested": (
        {"all_of": [PARTS[0], {"any_of": [PARTS[1], {"none_of": [PARTS[2]]}]}]},
        lambda hits: hits[0] and (hits[1] or not hits[2]),
    ),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_combination_is_hit_or_passes_only_where_what_is_missing_cannot_matter(name: str) -> None:
    when, holds = CONDITIONS[name]
    cases = list(itertools.product([HIT, PASSED, ABSENT], repeat=3))
    rows = [("all", 2024, "x3", 0)]
    for number, case in enumerate(cases):
        rows += [(f"U{number}", 2024, f"x{n}", 1 if o == HIT else 9) for n, o in enumerate(case) if o != ABSENT]
        rows.append((f"U{number}", 2024, "x3", 0))
    table = pd.DataFrame(rows, columns=["unit", "year", "indicator", "value"])
    verdicts = decide(table, book(when, steps=[{"hits": 1, "state": "notice"}])).verdicts.set_index("unit")
    for number, case in enumerate(cases):
        possible = [[o == HIT] if o != ABSENT else [True, False] for o in case]
        results = {bool(holds(list(hits))) for hits in itertools.product(*possible)}
        verdict = verdicts.loc[f"U{number}"]
        assert (verdict["state"] == "notice") == (results == {True}), case
        assert bool(verdict["evaluated"]) == (len(results) == 1), case


@settings(max_examples=40)
@given(
    st.integers(0, 400),
    st.integers(1, 400),
    st.integers(0, 1000),
    st.sampled_from(["below", "at_most", "above", "at_least"]),
)
def test_a_comparison_of_counts_with_a_line_is_exact(n: int, d: int, line: int, comparison: str) -> None:
    n = min(n, d)
    text = f"{line / 1000:.3f}"
    rule = book(
        {"indicator": "direct_employment_rate", comparison: float(text)}, steps=[{"hits": 1, "state": "notice"}]
    )
    table = pd.DataFrame(
        {"unit": ["A"], "year": [2024], "indicator": ["direct_employment_rate"], "numerator": [n], "denominator": [d]}
    )
    left, right = n * 1000, line * d
    expected = {"below": left < right, "at_most": left <= right, "above": left > right, "at_least": left >= right}[
        comparison
    ]
    assert (decide(table, rule).verdicts["state"].item() == "notice") == expected
