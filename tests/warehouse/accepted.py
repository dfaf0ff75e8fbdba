"""Accepted tables made by hand, empty unless rows are given, as the SQL files find them after ingest."""

from typing import Any

import duckdb

from pipelines.contracts import ColumnType, contracts
from pipelines.warehouse.statements import build

TYPES: dict[ColumnType, str] = {
    "text": "varchar", "code": "varchar", "choice": "varchar", "period": "varchar", "list": "varchar[]",
    "count": "bigint", "number": "double", "rate": "decimal(18, 10)", "year": "integer", "date": "date",
}  # fmt: skip


def warehouse(**rows: list[dict[str, Any]]) -> duckdb.DuckDBPyConnection:
    """All core and marts tables built from the given accepted rows (table name -> rows)."""
    connection = duckdb.connect()
    connection.execute("create schema accepted; create schema landed")
    for table, contract in contracts().items():
        columns = ", ".join(f'"{column.name}" {TYPES[column.type]}' for column in contract.columns)
        texts = ", ".join(f'"{column.name}" varchar' for column in contract.columns)
        place = "row_id varchar, file varchar, sheet varchar, row_number integer"
        connection.execute(f"create table accepted.{table} ({columns}, {place})")
        connection.execute(f"create table landed.{table} (file_digest varchar, {texts}, {place})")
        for number, row in enumerate(rows.get(table, [])):
            filled = row | {
                "row_id": f"{table}:{number}",
                "file": f"{table}.xlsx",
                "sheet": "1",
                "row_number": number + 2,
            }
            names = ", ".join(f'"{name}"' for name in filled)
            marks = ", ".join("?" for _ in filled)
            connection.execute(f"insert into accepted.{table} ({names}) values ({marks})", list(filled.values()))
    connection.execute(
        "create table landed.column_map (file_digest varchar, file varchar, sheet varchar, contract varchar,"
        " column_name varchar, letter varchar, header varchar, first_row integer, last_row integer,"
        " part varchar, cell varchar)"
    )
    connection.execute(
        "create table landed.account (file varchar, sheet varchar, contract varchar, landed bigint, accepted bigint,"
        " quarantined bigint, superseded bigint, non_data bigint)"
    )
    connection.execute("create table landed.file (file varchar, file_digest varchar)")
    build(connection)
    return connection


SCHOOLS = [{"school_id": name, "name": name} for name in ("A", "B")]
CODES = [
    {"edition": 2010, "program_code": "090100", "name": "old", "standing": "非官方整理"},
    {"edition": 2010, "program_code": "090200", "name": "old 2", "standing": "非官方整理"},
    {"edition": 2021, "program_code": "710201", "name": "new", "standing": "非官方整理"},
    {"edition": 2021, "program_code": "710202", "name": "other", "standing": "非官方整理"},
]


def change(old: str, new: str, kind: str, share: str = "1") -> dict[str, Any]:
    """One row of lineage from 2010 to 2021."""
    return {"old_edition": 2010, "old_code": old, "new_edition": 2021, "new_code": new, "kind": kind, "share": share}


def cohort(code: str, year: int, graduates: int, **counts: Any) -> dict[str, Any]:
    """One row of outcomes of school A in which everybody is employed unless said otherwise."""
    zero = dict.fromkeys(("self_employed", "flexible", "further_study", "enlisted", "unemployed", "unknown"), 0)
    row = {"school_id": "A", "program_code": code, "cohort_year": year, "graduates": graduates, "employed": graduates}
    return row | zero | counts
