"""Openings to seekers: the rule for what has no requirement, changes between periods, missing periods."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.labour_market import WITHOUT_REQUIREMENT, openings_to_seekers


def market(*rows: tuple[str, str, float | None, float | None], grouping: str = "level") -> pd.DataFrame:
    """Rows of period, group, openings and seekers in one region."""
    frame = pd.DataFrame(rows, columns=["period", "group_code", "vacancies", "job_seekers"])
    return frame.astype({"vacancies": float, "job_seekers": float}).assign(region="R", grouping=grouping)


counts = st.lists(st.integers(0, 500), min_size=2, max_size=5)


@settings(max_examples=25)
@given(st.data())
def test_what_has_no_requirement_is_shared_out_and_nothing_is_lost(data) -> None:
    openings = data.draw(counts)
    seekers = data.draw(st.lists(st.integers(0, 500), min_size=len(openings), max_size=len(openings)))
    loose_openings, loose_seekers = data.draw(st.integers(0, 300)), data.draw(st.integers(0, 300))
    rows = [("2024Q1", str(number), v, s) for number, (v, s) in enumerate(zip(openings, seekers, strict=True))]
    found = openings_to_seekers(market(*rows, ("2024Q1", WITHOUT_REQUIREMENT, loose_openings, loose_seekers)))
    assert found["counted_vacancies"].sum() == pytest.approx(sum(openings) + loose_openings)
    assert found["counted_job_seekers"].sum() == pytest.approx(sum(seekers) + loose_seekers)


def test_kept_apart_they_change_no_group() -> None:
    rows = market(("2024Q1", "a", 30, 20), ("2024Q1", "b", 10, 40), ("2024Q1", WITHOUT_REQUIREMENT, 60, None))
    apart = openings_to_seekers(rows, "apart")["openings_to_seekers"].tolist()
    assert apart[:2] == [1.5, 0.25]
    shared = openings_to_seekers(rows)["openings_to_seekers"].tolist()
    assert shared[:2] == [pytest.approx(50 / 20), pytest.approx(50 / 40)]
    assert np.isnan(apart[2])
    assert np.isnan(shared[2])


def test_without_seekers_there_is_no_ratio_and_nothing_can_be_shared_out() -> None:
    found = openings_to_seekers(market(("2024Q1", "a", 30, 0), ("2024Q1", WITHOUT_REQUIREMENT, 60, None)))
    assert found["openings_to_seekers"].isna().all()
    assert found["counted_vacancies"].tolist() == [30, 60]


def test_changes_are_on_the_quarter_and_on_the_year_before() -> None:
    found = openings_to_seekers(
        market(("2023Q4", "a", 80, 100), ("2024Q3", "a", 100, 100), ("2024Q4", "a", 120, 100), ("2023Q3", "a", 50, 50))
    ).set_index("period")
    last = found.loc["2024Q4"]
    assert last["vacancies_change_quarter"] == pytest.approx(0.2)
    assert last["openings_to_seekers_quarter_before"] == pytest.approx(1)
    assert last["openings_to_seekers_year_before"] == pytest.approx(0.8)
    assert last["openings_to_seekers_change_year"] == pytest.approx(0.5)
    assert last["gap_change_year"] == pytest.approx(2)  # from −20 to 20: 40 more, twice the size of the gap then


def test_a_missing_quarter_is_named_and_compared_with_nothing() -> None:
    found = openings_to_seekers(
        market(("2023Q1", "a", 80, 100), ("2023Q2", "a", 80, 100), ("2024Q1", "a", 80, 100), ("2024Q2", "a", 80, 100))
    ).set_index("period")
    assert found["missing_periods"].to_dict() == {"2023Q1": "", "2023Q2": "", "2024Q1": "2023Q4", "2024Q2": ""}
    assert np.isnan(found.loc["2024Q1", "openings_to_seekers_change_quarter"])
    assert found.loc["2024Q1", "openings_to_seekers_change_year"] == pytest.approx(0)


def test_years_are_compared_with_years_only() -> None:
    found = openings_to_seekers(
        market(("2022", "a", 80, 100), ("2024", "a", 90, 100), ("2023Q4", "a", 1, 1), ("2024Q1", "a", 2, 1))
    ).set_index("period")
    assert found.loc["2024", "missing_periods"] == "2023"
    assert np.isnan(found.loc["2024", "vacancies_change_quarter"])
    assert found.loc["2024Q1", "vacancies_change_quarter"] == pytest.approx(1)
    assert np.isnan(found.loc["2024Q1", "vacancies_change_year"])


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([("2024Q1", "a", 1, 1), ("2024Q1", "a", 2, 1)], "given twice"),
        ([("2024Q1", "a", -1, 1)], "negative"),
        ([("2024Q5", "a", 1, 1)], "2024Q5"),
        ([("一季度", "a", 1, 1)], "not a year or a quarter"),
    ],
)
def test_impossible_rows_are_refused(rows, fault) -> None:
    with pytest.raises(ValueError, match=fault):
        openings_to_seekers(market(*rows))
