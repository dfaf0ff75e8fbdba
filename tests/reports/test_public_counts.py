"""Public counts of persons: what must be hidden is hidden everywhere, and nobody works it out from the rest."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from models.disclosure import SHOWN, UNPROTECTED, attack
from reports.public_counts import BELOW, LEAST_COHORT, RATES, PublicCounts, public_counts
from tests.attacker import shown_of, worked_out

PARTS = ("employed", "self_employed", "flexible", "further_study", "enlisted")
UNITS = pd.DataFrame(
    [(school, program, "甲类" if program in "12" else "乙类") for school in "ABC" for program in "123"],
    columns=["school_id", "program_code", "category"],
)
NO_ENROLLMENT = pd.DataFrame(columns=["school_id", "program_code", "year", "registered", "in_school"])


def cohort(school: str, program: str, year: int, parts: dict[str, int], lost: int, matched: int) -> dict[str, object]:
    """One row of outcomes from its destinations."""
    keys = {"school_id": school, "program_code": program, "cohort_year": year}
    return {**keys, **parts, "matched": min(matched, parts["employed"]), "graduates": sum(parts.values()) + lost}


destinations = st.fixed_dictionaries({name: st.integers(0, 14) for name in PARTS})


@st.composite
def districts(draw) -> pd.DataFrame:
    places = draw(
        st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("123")), min_size=1, max_size=7, unique=True)
    )
    return pd.DataFrame(
        [
            cohort(*place, 2024, draw(destinations), draw(st.integers(0, 9)), draw(st.integers(0, 20)))
            for place in places
        ]
    )


def attacked(found: PublicCounts) -> pd.DataFrame:
    """The attacker's ranges beside what had to stay possible."""
    ranges = attack(found.cells, found.relations, found.cells["status"] != SHOWN)
    wanted = found.cells.loc[found.cells["most"].notna(), ["cell", "value", "least", "most"]]
    return wanted.drop(columns="value").merge(ranges, on="cell", how="left")


@settings(max_examples=10)
@given(districts())
def test_no_small_count_is_shown_or_can_be_worked_out(outcome: pd.DataFrame) -> None:
    found = public_counts(outcome, NO_ENROLLMENT, UNITS)
    shown = found.cells[found.cells["status"] == SHOWN]
    assert (shown["value"] >= BELOW).all()
    assert not (found.cells["status"] == UNPROTECTED).any()
    ranges = attacked(found)
    assert ranges["low"].notna().all()
    assert (ranges["low"] <= ranges["least"] + 1e-6).all()
    assert (ranges["high"] >= ranges["most"] - 1e-6).all()


@settings(max_examples=10)
@given(districts())
def test_totals_are_the_sums_of_their_parts(outcome: pd.DataFrame) -> None:
    cells = public_counts(outcome, NO_ENROLLMENT, UNITS).cells
    sums = cells.groupby(["level", "year", "variable"])["value"].sum().unstack("level")
    for level in ("program", "school", "category", "district"):
        assert np.allclose(sums[level], sums["unit"])


@settings(max_examples=8)
@given(districts())
def test_a_rate_is_shown_only_on_ten_persons_or_more_and_with_its_counts(outcome: pd.DataFrame) -> None:
    found = public_counts(outcome, NO_ENROLLMENT, UNITS)
    for level in ("unit", "program", "district"):
        table = found.table(level)
        for rate, (numerator, denominator) in RATES.items():
            shown = table[table[rate].notna()]
            assert (shown[denominator] >= LEAST_COHORT).all()
            assert np.allclose(shown[rate], shown[numerator] / shown[denominator])


def test_hiding_only_the_small_count_would_be_broken_by_the_total() -> None:
    large = dict.fromkeys(PARTS, 10)
    outcome = pd.DataFrame([cohort("A", "1", 2024, dict.fromkeys(PARTS, 0), 3, 0), cohort("B", "1", 2024, large, 9, 8)])
    found = public_counts(outcome, NO_ENROLLMENT, UNITS)
    naive = found.cells["value"].lt(BELOW) | (found.cells["cost"] == 0)
    ranges = attack(found.cells, found.relations, naive).set_index("cell")
    three = "unit|A|1||2024|graduates"
    assert ranges.loc[three, ["low", "high"]].tolist() == pytest.approx([3, 3])
    assert found.table("unit").set_index("school_id").loc["A", "hidden"]


NESTED = [
    ("graduates", "not_in_study"), ("graduates", "placed"), ("graduates", "directly_employed"),
    ("graduates", "employed"), ("graduates", "matched"), ("not_in_study", "directly_employed"),
    ("not_in_study", "employed"), ("not_in_study", "matched"), ("placed", "directly_employed"), ("placed", "employed"),
    ("placed", "matched"), ("directly_employed", "employed"), ("directly_employed", "matched"), ("employed", "matched"),
]  # fmt: skip


@settings(max_examples=8)
@given(districts())
def test_no_two_published_counts_of_a_cohort_differ_by_a_small_number(outcome: pd.DataFrame) -> None:
    found = public_counts(outcome, NO_ENROLLMENT, UNITS)
    for level in ("unit", "program", "school", "category", "district"):
        table = found.table(level)
        for whole, part in NESTED:
            apart = (table[whole] - table[part]).dropna()
            assert (apart >= BELOW).all(), (level, whole, part)


@settings(max_examples=4, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(districts(), districts(), st.data())
def test_files_of_earlier_publications_give_nothing_away_beside_the_last(
    before: pd.DataFrame, now: pd.DataFrame, data: st.DataObject
) -> None:
    early = before.assign(cohort_year=2023)
    both = pd.concat([early, now])
    # Between the publications one school's figures of the earlier year are taken back, or those of one are corrected.
    kept = both[(both["cohort_year"] == 2024) | (both["school_id"] != data.draw(st.sampled_from("ABC")))]
    corrected = both.assign(graduates=both["graduates"] + (both["school_id"] == data.draw(st.sampled_from("ABC"))))
    first = public_counts(early, NO_ENROLLMENT, UNITS)
    published = [(shown_of(first), first)]
    for later in (both, kept, corrected):
        last = public_counts(later, NO_ENROLLMENT, UNITS, earlier=published[-1][1])
        published.append((shown_of(last), last))
        assert not (last.cells["status"] == UNPROTECTED).any()
    assert worked_out(published) == []


def test_a_small_cohort_that_comes_late_is_not_the_difference_of_two_totals() -> None:
    large = dict.fromkeys(PARTS, 10)
    rows = [cohort("A", "1", 2024, dict.fromkeys(PARTS, 0), 3, 0), cohort("B", "1", 2024, large, 9, 8),
            cohort("C", "1", 2024, large, 9, 8), cohort("C", "2", 2024, large, 9, 8)]  # fmt: skip
    late = cohort("B", "2", 2024, dict.fromkeys(PARTS, 0), 2, 0)
    first = public_counts(pd.DataFrame(rows), NO_ENROLLMENT, UNITS)
    alone = public_counts(pd.DataFrame([*rows, late]), NO_ENROLLMENT, UNITS)
    beside = public_counts(pd.DataFrame([*rows, late]), NO_ENROLLMENT, UNITS, earlier=first)
    apart = worked_out([(shown_of(first), first), (shown_of(alone), alone)])
    assert "unit|B|2||2024|graduates lies within 2 and 2" in apart
    assert worked_out([(shown_of(first), first), (shown_of(beside), beside)]) == []


def test_a_corrected_small_number_is_kept_though_it_no_longer_holds() -> None:
    large = dict.fromkeys(PARTS, 10)
    rows = [cohort("A", "1", 2024, dict.fromkeys(PARTS, 0), 3, 0), cohort("B", "1", 2024, large, 9, 8),
            cohort("C", "1", 2024, large, 9, 8)]  # fmt: skip
    mended = [cohort("A", "1", 2024, large, 9, 8), *rows[1:]]
    first = public_counts(pd.DataFrame(rows), NO_ENROLLMENT, UNITS)
    alone = public_counts(pd.DataFrame(mended), NO_ENROLLMENT, UNITS)
    assert (alone.cells["status"] == SHOWN).any()
    assert "unit|A|1||2024|graduates lies within 3 and 3" in worked_out(
        [(shown_of(first), first), (shown_of(alone), alone)]
    )
    beside = public_counts(pd.DataFrame(mended), NO_ENROLLMENT, UNITS, earlier=first)
    assert worked_out([(shown_of(first), first), (shown_of(beside), beside)]) == []


def test_a_rate_with_few_others_is_told_as_a_lower_bound() -> None:
    parts = {"employed": 50, "self_employed": 6, "flexible": 0, "further_study": 30, "enlisted": 4}
    rows = [cohort(school, "1", 2024, parts, lost, 40) for school, lost in (("A", 2), ("B", 9))]
    table = public_counts(pd.DataFrame(rows), NO_ENROLLMENT, UNITS).table("unit").set_index("school_id")
    few, many = table.loc["A"], table.loc["B"]
    assert np.isnan(few["direct_employment_rate"])
    # 58 of them do not study; with room for ten others 48 of 58 are employed at least: 80 percent in steps of five.
    assert few["direct_employment_rate_at_least"] == pytest.approx(0.8)
    assert np.isnan(many["direct_employment_rate_at_least"])


def test_what_an_earlier_round_has_shown_is_not_used_as_cover_again() -> None:
    large = dict.fromkeys(PARTS, 10)
    outcome = pd.DataFrame(
        [cohort("A", "1", 2024, dict.fromkeys(PARTS, 0), 3, 0), cohort("B", "1", 2024, large, 9, 8),
         cohort("C", "1", 2024, large, 9, 8)]
    )  # fmt: skip
    first = public_counts(outcome, NO_ENROLLMENT, UNITS)
    again = public_counts(outcome, NO_ENROLLMENT, UNITS, earlier=first)
    assert set(again.cells.loc[again.cells["status"] != SHOWN, "cell"]) == set(
        first.cells.loc[first.cells["status"] != SHOWN, "cell"]
    )
    ranges = attacked(again)
    assert (ranges["high"] - ranges["low"] >= BELOW - 1e-6).all()


def test_a_count_that_was_not_reported_is_neither_zero_nor_hidden() -> None:
    outcome = pd.DataFrame([cohort("A", "1", 2024, dict.fromkeys(PARTS, 10), 9, 8)]).assign(matched=np.nan)
    row = public_counts(outcome, NO_ENROLLMENT, UNITS).table("unit").iloc[0]
    assert np.isnan(row["matched"])
    assert row["hidden"] == ()
