"""Checks of the catalogues' marts: they hold on what the SQL builds, and each finds what would break it."""

from pathlib import Path

import duckdb
import pytest

from pipelines.mart_checks import mart_checks, read_check
from tests.warehouse.accepted import CODES, SCHOOLS, cohort, warehouse
from tests.warehouse.test_catalogues import intake, link, market, projection

CHECKS = {check.name: check for check in mart_checks()}
# What must not be, by the check that has to find it.
BREAKS = {
    "shortage_reaches_its_lines": "update marts.shortage_occupation set grade = 'A' where grade <> 'A'",
    "shortage_is_complete": "delete from marts.shortage_occupation where occupation_code = 'X'",
    "shortage_holds_beyond_its_year": "update marts.shortage_occupation set valid_until = year",
    "occupation_is_known": "insert into marts.skill_supply_demand by name select 2024 as year, 'Q' as occupation_code",
    "supply_demand_agrees_with_the_balance": "update marts.skill_supply_demand set vacancies = vacancies + 1",
    "training_adds_up": "update marts.training_occupation set persons_to_train = persons_to_train + 1",
    "expansion_has_room": "update marts.duplicate_program set is_duplicate = true",
    "considered_program_is_new": (
        "update marts.program_to_consider set program_code = '710201', occupation_code = 'X' where year = 2024"
    ),
    "duplicate_demand_is_counted_once": (
        "update marts.duplicate_supplier set allotted_openings = allotted_openings * 10"
    ),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district with an entry in every catalogue, as a file."""
    rows = {
        "school": SCHOOLS, "program_catalogue": CODES, "crosswalk": [link("710201", "X"), link("710202", "Y")],
        "labour_market": [market(year, code, 150, 40) for year in (2023, 2024) for code in "XY"]
        + [market(2024, "Z", 90, 300)],
        "occupation_projection": [projection("X", 120)],
        "outcome": [
            cohort("710201", 2024, 40, matched=30), {**cohort("710201", 2024, 30, matched=30), "school_id": "B"},
        ],
        "enrollment": [intake("A", "710201", 2024, 45, 50)],
    }  # fmt: skip
    file = tmp_path_factory.mktemp("built") / "built.duckdb"
    with duckdb.connect(str(file)) as connection:
        made = warehouse(**rows)
        for schema, table in made.execute(
            "select table_schema, table_name from information_schema.tables where table_schema in ('core', 'marts')"
        ).fetchall():
            frame = made.table(f"{schema}.{table}").to_arrow_table()
            connection.execute(f"create schema if not exists {schema}")
            connection.register("incoming", frame)
            connection.execute(f"create table {schema}.{table} as from incoming")
            connection.unregister("incoming")
    return file


@pytest.fixture
def district(built: Path, tmp_path: Path) -> duckdb.DuckDBPyConnection:
    copy = tmp_path / "district.duckdb"
    copy.write_bytes(built.read_bytes())
    return duckdb.connect(str(copy))


@pytest.mark.parametrize("name", CHECKS)
def test_every_check_holds_on_what_is_built(district: duckdb.DuckDBPyConnection, name: str) -> None:
    check = CHECKS[name]
    assert district.table(check.table).shape[0] > 0, "a check of an empty mart shows nothing"
    assert check.broken(district)[1] == []


@pytest.mark.parametrize("name", CHECKS)
def test_every_check_finds_what_breaks_it(district: duckdb.DuckDBPyConnection, name: str) -> None:
    district.execute(BREAKS[name])
    assert CHECKS[name].broken(district)[1]


def test_a_check_says_what_must_hold_and_of_which_mart() -> None:
    for check in CHECKS.values():
        assert "。" in check.description, check.name
        assert check.others, check.name
    with pytest.raises(ValueError, match="of which mart"):
        read_check("loose", "-- Something holds.\n-- Of nothing.\nselect 1")
