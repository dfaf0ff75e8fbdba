"""Bad input in crosswalk, weights, industry series and market periods: named, counted and kept out of the totals."""

from typing import Any

import duckdb
import pytest

from tests.warehouse.accepted import cohort, warehouse
from tests.warehouse.test_class_systems import BASE, direct, industry_class, link, member, reported


def problems(connection: duckdb.DuckDBPyConnection, *columns: str) -> list[tuple[Any, ...]]:
    """Rows of marts.data_quality but for the forecast's (tests/forecast): kind and the columns asked for."""
    return connection.sql(
        f"select kind, {', '.join(columns)} from marts.data_quality where kind not like 'forecast_%' order by all"
    ).fetchall()


def test_a_program_without_crosswalk_is_named_with_its_graduates_and_stands_in_no_share() -> None:
    found = warehouse(
        **BASE, outcome=[cohort("710201", 2023, 40), cohort("710202", 2023, 60)], crosswalk=direct("710201", ("A", 1))
    )
    assert problems(found, "subject", "subject_name", "year", "amount", "used") == [
        ("program_without_crosswalk", "710202", "other", 2023, 60, False)
    ]
    assert found.sql("select sum(amount) from marts.supply_share where class_system = 'section'").fetchall() == [(40,)]


@pytest.mark.parametrize(
    ("weights", "kind", "total", "kept"),
    [
        ((0.6, 0.3), "weights_not_one", "0.9", False),
        ((0.7, 0.4), "weights_not_one", "1.1", False),
        ((0.33, 0.66), "weights_rounded", "0.99", True),
        ((0.5, 0.5), None, None, True),
    ],
)
def test_weights_that_do_not_add_up_to_one_are_named_and_used_only_when_rounding_explains_them(
    weights, kind, total, kept
) -> None:
    rows = direct("710201", ("A", weights[0]), ("C", weights[1]))
    found = warehouse(**BASE, outcome=[cohort("710201", 2023, 40)], crosswalk=rows)
    expected = [] if kind is None else [(kind, "710201", total, None if kept else 40.0, kept)]
    assert problems(found, "subject", "detail", "amount", "used") == expected
    placed = found.sql("select coalesce(sum(amount), 0) from marts.supply_share where class_system = 'sector'")
    assert placed.fetchall() == [(pytest.approx(40 if kept else 0),)]


def test_a_crosswalk_without_weights_counts_links_alike_and_is_named() -> None:
    rows = [link("program_industry", "710201", "A"), link("program_industry", "710201", "C")]
    found = warehouse(**BASE, outcome=[cohort("710201", 2023, 40)], crosswalk=rows)
    assert problems(found, "subject", "amount", "used") == [("crosswalk_unweighted", "program_industry", 1, True)]
    assert found.sql("select distinct persons from marts.supply_industry").fetchall() == [(20,)]


def test_without_any_way_to_industry_that_is_one_problem() -> None:
    rows = [link("program_occupation", code, "X") for code in ("710201", "710202")]
    found = warehouse(**BASE, outcome=[cohort("710201", 2023, 40), cohort("710202", 2023, 2)], crosswalk=rows)
    assert problems(found, "year", "amount") == [("crosswalk_to_industry_missing", 2023, 42)]


def test_an_occupation_whose_weights_are_wrong_takes_its_graduates_out_and_both_are_named() -> None:
    rows = [
        link("program_occupation", "710201", "X", 0.7), link("program_occupation", "710201", "Y", 0.3),
        link("occupation_industry", "X", "A"), link("occupation_industry", "Y", "C", 0.5),
    ]  # fmt: skip
    found = warehouse(**BASE, outcome=[cohort("710201", 2023, 40)], crosswalk=rows)
    assert problems(found, "subject", "year", "detail", "amount") == [
        ("program_reaches_no_industry", "710201", 2023, None, pytest.approx(12)),
        ("weights_not_one", "Y", None, "0.5", None),
    ]


def test_a_crosswalk_to_an_unknown_industry_is_named_and_its_part_left_out() -> None:
    found = warehouse(**BASE, outcome=[cohort("710201", 2023, 40)], crosswalk=direct("710201", ("A", 0.5), ("Z9", 0.5)))
    assert problems(found, "subject", "amount") == [
        ("industry_code_unknown", "Z9", None),
        ("program_reaches_no_industry", "710201", pytest.approx(20)),
    ]


def test_a_missing_year_of_an_industry_is_named_and_is_not_zero() -> None:
    rows = [*reported(2021, A=10, C=90), *reported(2022, A=10), *reported(2023, A=10, C=90)]
    found = warehouse(**BASE, industry=rows)
    assert problems(found, "subject", "year", "amount", "unit") == [("industry_series_gap", "C", 2022, 90, "persons")]
    assert found.sql("select class_code, fault from marts.industry_gap").fetchall() == [("C", "missing")]
    assert found.sql(
        "select class_code, share from marts.industry_share where year = 2022 and class_system = 'section'"
    ).fetchall() == [("A", 1)]


def test_a_zero_between_two_positive_years_is_taken_for_missing() -> None:
    rows = [*reported(2021, A=10, C=90), *reported(2022, A=10, C=0), *reported(2023, A=10, C=90)]
    found = warehouse(**BASE, industry=rows)
    assert problems(found, "subject", "year") == [("industry_zero", "C", 2022)]
    # Zeros that last, or stand at an end, are zeros.
    rows = [*reported(2021, A=10, C=0), *reported(2022, A=10, C=0), *reported(2023, A=10, C=90)]
    assert problems(warehouse(**BASE, industry=rows), "subject", "year") == []


def test_an_industry_of_no_sector_is_named_and_in_no_sector() -> None:
    more = {"industry_class": [*BASE["industry_class"], industry_class("X", "section", None, "X")]}
    found = warehouse(**BASE | more, industry=reported(2023, A=10, X=90))
    assert problems(found, "subject", "year", "amount") == [("industry_without_sector", "X", 2023, 90)]
    assert found.sql("select class_code, share from marts.industry_share where class_system = 'sector'").fetchall() == [
        ("1", 1)
    ]


def test_numbers_of_another_edition_are_kept_out_and_named() -> None:
    old = [{**row, "classification": "GB/T 4754-2011"} for row in reported(2020, A=10, C=90)]
    same = [{**row, "classification": "GB/T4754—2017"} for row in reported(2021, A=20, C=80)]
    found = warehouse(**BASE, industry=[*old, *same])
    assert problems(found, "subject", "year", "detail", "amount") == [
        ("industry_other_edition", "A", 2020, "GB/T 4754-2011", 10),
        ("industry_other_edition", "C", 2020, "GB/T 4754-2011", 90),
    ]
    assert found.sql("select distinct year from marts.industry_share").fetchall() == [(2021,)]


def test_years_and_quarters_without_any_report_are_named() -> None:
    market = [
        {"region": "R", "period": period, "occupation_code": "X", "occupation_name": "x", "vacancies": 1}
        for period in ("2022Q3", "2023Q1", "2023Q4", "2024")
    ]  # fmt: skip
    found = warehouse(
        **BASE, industry=[*reported(2019, A=1), *reported(2022, A=1)], labour_market=market,
        crosswalk=[link("occupation_industry", "X", "A")],
    )  # fmt: skip
    assert problems(found, "year", "detail", "amount") == [
        ("industry_years_missing", 2020, "2020–2021", None),
        ("quarters_missing", 2022, "2022Q4", 1),
        ("quarters_missing", 2023, "2023Q2–2023Q3", 2),
    ]


def test_what_is_too_coarse_for_divisions_or_a_list_is_named_with_its_persons() -> None:
    found = warehouse(
        **BASE, priority_industry=[member("养老", "85")], outcome=[cohort("710201", 2023, 40)],
        crosswalk=direct("710201", ("Q", 0.5), ("01", 0.5)), industry=reported(2023, A=10, Q=90, _01=10),
    )  # fmt: skip
    assert problems(found, "subject", "subject_name", "detail", "amount") == [
        ("divisions_incomplete", "division", "R", None, 10),
        ("list_members_unknown", "priority_list", "R", "养老", None),
        ("supply_too_coarse", "养老", None, "Q", 20),
    ]
    assert found.sql("select count(*) from marts.industry_share where class_system = 'priority_list'").fetchall() == [
        (0,)
    ]


def test_every_problem_has_its_words_in_both_languages() -> None:
    found = warehouse(
        **BASE, outcome=[cohort("710202", 2023, 60)], industry=[*reported(2019, A=1), *reported(2022, A=1)]
    )
    assert found.sql(
        "select bool_and(length(text_zh) > 5 and length(text_en) > 5), count(*) from marts.data_quality"
        " where kind not like 'forecast_%'"
    ).fetchall() == [(True, 2)]
