"""Great Expectations reads the contracts on its own: it must see what judging missed."""

import re

import pytest

from pipelines.contracts import contracts
from pipelines.expectations import expectations, run_suites

OUTCOMES = """学校,专业,毕业年份,毕业生数,单位就业,自主创业,灵活就业,升学,参军入伍,未就业,去向不明,对口就业,就业率
5001,710201,2022,50,30,2,0,15,1,2,0,20,96%
5001,710201,2023,50,60,0,0,0,0,0,0,20,
5002,710201,2023,-5,0,0,0,0,0,0,0,0,
5003,740201,2023,40,20,0,0,10,0,5,0,10,90%
"""


@pytest.fixture
def connection(ingested):
    return ingested({"就业.csv": OUTCOMES})


def broken(results, stage="accepted"):
    return {
        (row["contract"], row["column"], row["expectation"].split("(")[0]): row["unexpected"]
        for row in results
        if row["stage"] == stage and not row["success"]
    }


def test_accepted_rows_hold_every_expectation(connection):
    results = run_suites(connection)
    assert broken(results) == {}
    assert {row["contract"] for row in results} == set(contracts())


def test_rows_as_received_show_what_was_wrong(connection):
    assert broken(run_suites(connection), "received") == {
        ("outcome", "graduates", "ColumnValuesToBeBetween"): 1,
        ("outcome", "graduates, employed", "ColumnPairValuesAToBeGreaterThanB"): 2,
        ("outcome", "graduates, destinations", "ColumnPairValuesAToBeGreaterThanB"): 2,
        ("outcome", "destinations_known, graduates", "ColumnPairValuesAToBeGreaterThanB"): 1,
        ("outcome", "placement_gap", "ColumnValuesToBeBetween"): 1,
    }


SMUGGLED = {
    "employed = graduates + 1": ("graduates, employed", "ColumnPairValuesAToBeGreaterThanB"),
    "matched = employed + 1": ("employed, matched", "ColumnPairValuesAToBeGreaterThanB"),
    "further_study = 99": ("graduates, destinations", "ColumnPairValuesAToBeGreaterThanB"),
    "unknown = -1": ("unknown", "ColumnValuesToBeBetween"),
    "published_placement_rate = 1.2": ("published_placement_rate", "ColumnValuesToBeBetween"),
    "cohort_year = 1023": ("cohort_year", "ColumnValuesToBeBetween"),
    "school_id = null": ("school_id", "ColumnValuesToNotBeNull"),
}


def test_bad_rows_smuggled_into_the_accepted_ones_are_seen(connection):
    for place, change in enumerate(SMUGGLED):
        year = 2050 + place
        connection.execute(
            f"insert into accepted.outcome select * replace ({year} as cohort_year) from accepted.outcome"
            " where row_number = 2 and cohort_year = 2022"
        )
        connection.execute(f"update accepted.outcome set {change} where cohort_year = {year}")
    seen = broken(run_suites(connection))
    assert {("outcome", *expected) for expected in SMUGGLED.values()} == set(seen)


def test_a_repeated_key_smuggled_in_is_seen(connection):
    connection.execute("insert into accepted.outcome from accepted.outcome where row_number = 2")
    connection.execute("update accepted.program_catalogue set program_code = 'x' where program_code = '710201'")
    seen = broken(run_suites(connection))
    assert (
        seen["outcome", "school_id, program_code, cohort_year, survey_date, definition", "CompoundColumnsToBeUnique"]
        == 2
    )
    assert seen["program_catalogue", "program_code", "ColumnValuesToMatchRegex"] == 1


def test_every_check_of_every_contract_has_an_expectation_of_its_own():
    for contract in contracts().values():
        for check in contract.checks:
            assert check.expect, f"{contract.table}: {check.name}"


def test_every_rule_of_every_column_has_an_expectation():
    for contract in contracts().values():
        kinds = {(expected.kind, expected.column) for expected in expectations(contract)}
        for column in contract.columns:
            if column.required:
                assert ("ExpectColumnValuesToNotBeNull", column.name) in kinds
            if column.min is not None or column.max is not None:
                assert ("ExpectColumnValuesToBeBetween", column.name) in kinds
            if column.choices:
                assert ("ExpectColumnValuesToBeInSet", column.name) in kinds


def test_results_say_how_many_rows_were_looked_at_and_show_examples(connection):
    results = run_suites(connection)
    (row,) = [
        row
        for row in results
        if (row["contract"], row["stage"], row["column"]) == ("outcome", "received", "graduates") and not row["success"]
    ]
    assert (row["evaluated"], row["unexpected"], row["examples"], row["severity"]) == (4, 1, "-5.0", "refuse")
    assert list(row) == [
        *("contract", "stage", "expectation", "column", "severity", "success", "evaluated", "unexpected", "examples"),
    ]


def test_every_threshold_of_a_check_is_a_setting_with_a_reason():
    for contract in contracts().values():
        for check in contract.checks:
            values = {str(setting.value) for setting in check.settings.values()}
            assert set(re.findall(r"\d+\.\d+", check.holds)) <= values, check.name
            assert all(setting.reason.zh and setting.reason.en for setting in check.settings.values())
    checks = {check.name: check for check in contracts()["outcome"].checks}
    assert checks["published_placement_rate_agrees"].settings["tolerance"].value == 0.005
