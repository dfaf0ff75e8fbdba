"""Asset checks of marts: one SELECT per file in `pipelines/sql/checks`, which finds the rows that break what must hold.

Belongs here: finding the files, and running them as checks of their mart. Does not belong here: SQL of its own.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import dagster as dg
import duckdb
import sqlglot
from dagster_duckdb import DuckDBResource
from sqlglot import exp

from pipelines.assets.table_metadata import markdown_table

SHOWN = 20


@dataclass(frozen=True)
class MartCheck:
    """One check: its name, the mart ("marts.name") it is of, what must hold, its SELECT, the other tables it reads."""

    name: str
    table: str
    description: str
    sql: str
    others: tuple[str, ...]

    def broken(self, connection: duckdb.DuckDBPyConnection) -> tuple[list[str], list[tuple[object, ...]]]:
        """Names of columns, and the rows that break it."""
        found = connection.sql(self.sql)
        return found.columns, found.fetchall()


def read_check(name: str, text: str) -> MartCheck:
    """The check of one SQL file; ValueError unless it has a header of two lines, the second naming its mart."""
    first, second, *_ = text.splitlines()
    if not first.startswith("-- ") or not second.startswith("-- Of marts."):
        raise ValueError(f"{name}: the first two lines say what must hold, and of which mart (-- Of marts.NAME.)")
    table = "marts." + second.removeprefix("-- Of marts.").split(".")[0]
    tables = {f"{found.db}.{found.name}" for found in sqlglot.parse_one(text, "duckdb").find_all(exp.Table) if found.db}
    return MartCheck(name, table, first.removeprefix("-- "), text, tuple(sorted(tables - {table})))


@cache
def mart_checks() -> tuple[MartCheck, ...]:
    """All checks, by name."""
    folder = files("pipelines") / "sql" / "checks"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return tuple(read_check(name.removesuffix(".sql"), (folder / name).read_text(encoding="utf-8")) for name in names)


def asset_check(check: MartCheck) -> dg.AssetChecksDefinition:
    """The check as Dagster knows it; rows that break it stop `duikou run` before anything is decided."""

    @dg.asset_check(
        name=check.name,
        asset=check.table.split("."),
        additional_deps=[table.split(".") for table in check.others],
        description=check.description,
        blocking=True,
    )
    def found(warehouse: DuckDBResource) -> dg.AssetCheckResult:
        with warehouse.get_connection() as connection:
            columns, rows = check.broken(connection)
        return dg.AssetCheckResult(
            passed=not rows, metadata={"broken": len(rows), "rows": markdown_table(columns, rows[:SHOWN])}
        )

    return found


def asset_checks() -> list[dg.AssetChecksDefinition]:
    """All checks of marts."""
    return [asset_check(check) for check in mart_checks()]
