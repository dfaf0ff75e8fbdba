"""The balance by year and signal of demand: what counts as an opening, what is left out, and that both are told."""

from typing import Any

from tests.warehouse.accepted import CODES, SCHOOLS, cohort, warehouse


def link(program: str, occupation: str, weight: float = 1.0) -> dict[str, Any]:
    return {"relation": "program_occupation", "from_code": program, "to_code": occupation, "weight": weight,
            "version": "1"}  # fmt: skip


def market(occupation: str, vacancies: int | None, period: str = "2023", region: str = "R") -> dict[str, Any]:
    return {"region": region, "period": period, "occupation_code": occupation, "occupation_name": occupation,
            "vacancies": vacancies, "job_seekers": 10}  # fmt: skip


def projection(occupation: str, openings: int, years: tuple[int, int], classification: str = "A") -> dict[str, Any]:
    return {"region": "R", "base_year": years[0], "target_year": years[1], "classification": classification,
            "occupation_code": occupation, "occupation_name": occupation, "annual_openings": openings}  # fmt: skip


def balanced(**rows: list[dict[str, Any]]):
    given = {
        "school": SCHOOLS, "program_catalogue": CODES, "crosswalk": [link("710201", "X"), link("710202", "Y")],
        "outcome": [cohort("710201", 2023, 100), cohort("710202", 2023, 40)],
    }  # fmt: skip
    return warehouse(**(given | rows))


def openings(connection) -> list[tuple]:
    return connection.sql(
        "select year, basis, occupation_code, openings, job_seekers from marts.occupation_opening order by all"
    ).fetchall()


def exclusions(connection, *kinds: str) -> list[tuple]:
    return connection.execute(
        "select basis, kind, code, amount from marts.balance_exclusion where list_contains(?, kind) order by all",
        [list(kinds)],
    ).fetchall()


def test_the_figure_of_a_year_stands_before_its_quarters() -> None:
    quarters = [market("X", 10, f"2023Q{n}") for n in range(1, 5)]
    assert openings(balanced(labour_market=quarters)) == [(2023, "vacancies", "X", 40, 40)]
    assert openings(balanced(labour_market=[*quarters, market("X", 44)])) == [(2023, "vacancies", "X", 44, 10)]
    assert openings(balanced(labour_market=[market("X", None), market("Y", 0)])) == [(2023, "vacancies", "Y", 0, 10)]


def test_vacancies_and_projections_are_two_balances_and_two_indicators() -> None:
    found = balanced(
        labour_market=[market("X", 50), market("Y", 80)],
        occupation_projection=[projection("X", 200, (2020, 2030)), projection("Y", 20, (2020, 2030))],
    )
    assert found.sql(
        "select basis, program_code, supply_demand_ratio from marts.program_balance order by all"
    ).fetchall() == [
        ("projection", "710201", 0.5),
        ("projection", "710202", 2.0),
        ("vacancies", "710201", 2.0),
        ("vacancies", "710202", 0.5),
    ]
    indicators = found.sql(
        "select indicator, program_code, value from marts.indicator where indicator like '%supply_demand_ratio'"
        " and school_id = 'A' order by all"
    ).fetchall()
    assert indicators == [
        ("projected_supply_demand_ratio", "710201", 0.5),
        ("projected_supply_demand_ratio", "710202", 2.0),
        ("supply_demand_ratio", "710201", 2.0),
        ("supply_demand_ratio", "710202", 0.5),
    ]
    assert found.sql("select count(*) from marts.duplicate_program").fetchall() == [(2,)]


def test_of_several_projections_the_one_with_the_latest_base_and_nearest_target_stands() -> None:
    rows = [
        projection("X", 1, (2018, 2028)), projection("X", 2, (2022, 2032)), projection("X", 3, (2022, 2027)),
        projection("X", 4, (2023, 2028)),
    ]  # fmt: skip
    assert openings(balanced(occupation_projection=rows)) == [(2023, "projection", "X", 3, None)]


def test_codes_of_another_classification_are_never_added_and_are_named() -> None:
    rows = [projection("X", 100, (2020, 2030), "B"), projection("X", 70, (2020, 2030), "A")]
    found = balanced(occupation_projection=rows)
    assert openings(found) == [(2023, "projection", "X", 100, None)]
    assert exclusions(found, "other_classification") == [("projection", "other_classification", "X", 70)]


def test_what_cannot_be_balanced_is_named_and_kept_out_of_the_totals() -> None:
    found = balanced(
        crosswalk=[link("710201", "X", 0.6), link("710201", "old code", 0.4)],
        labour_market=[market("X", 50), market("Z", 30)],
    )
    kinds = (
        "program_without_occupation", "program_partly_known", "occupation_without_openings",
        "occupation_without_crosswalk",
    )  # fmt: skip
    assert exclusions(found, *kinds) == [
        ("vacancies", "occupation_without_crosswalk", "Z", 30),
        ("vacancies", "occupation_without_openings", "old code", 40),
        ("vacancies", "program_partly_known", "710201", 40),
        ("vacancies", "program_without_occupation", "710202", 40),
    ]
    assert found.sql("select program_code, graduates, matched from marts.program_balance").fetchall() == [
        ("710201", 100, 50)
    ]


def test_a_program_whose_occupations_have_no_figure_has_no_balance() -> None:
    found = balanced(labour_market=[market("X", 50)])
    assert exclusions(found, "program_without_openings") == [("vacancies", "program_without_openings", "710202", 40)]
    assert found.sql("select program_code from marts.program_balance").fetchall() == [("710201",)]


def test_an_occupation_with_no_vacancies_is_a_known_zero() -> None:
    found = balanced(labour_market=[market("X", 0), market("Y", 80)])
    assert found.sql(
        "select matched, surplus, allotted_openings, supply_demand_ratio from marts.program_balance"
        " where program_code = '710201'"
    ).fetchall() == [(0, 100, 0, None)]
    # There is no ratio for a rule to see, so that it is named for people to judge.
    assert exclusions(found, "program_with_no_opening") == [("vacancies", "program_with_no_opening", "710201", 100)]


def test_openings_of_several_regions_are_added_and_that_is_told() -> None:
    found = balanced(labour_market=[market("X", 50), market("X", 70, region="S")])
    assert openings(found) == [(2023, "vacancies", "X", 120, 20)]
    assert exclusions(found, "several_regions") == [("vacancies", "several_regions", None, 2)]


def test_a_surplus_is_explained_by_programs_that_share_openings() -> None:
    found = balanced(crosswalk=[link("710201", "X"), link("710202", "X")], labour_market=[market("X", 60)])
    rows = found.sql(
        "select programs, graduates, openings, surplus, occupation_names, witness_surplus from marts.surplus_witness"
    ).fetchall()
    assert rows == [(2, 140, 60, 80, ["X"], 80)]
    assert found.sql("select filled, shortage from marts.occupation_balance").fetchall() == [(60, 0)]


def test_a_year_without_graduates_leaves_all_openings_open() -> None:
    found = balanced(labour_market=[market("X", 60, "2022")])
    rows = found.sql("select year, filled, shortage, feeding_programs from marts.occupation_balance").fetchall()
    assert rows == [(2022, 0, 60, 0)]
