"""The tables of `pipelines/sql`: one SELECT per file, upstream tables read from the SQL itself.

Belongs here: finding, parsing and running the SQL files. Does not belong here: SQL of its own.
"""

from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from importlib.resources import files

import duckdb
import sqlglot
from sqlglot import exp

from pipelines.warehouse.computed import COMPUTED, Computed

SCHEMAS = ("core", "marts")


@dataclass(frozen=True)
class Statement:
    """One table: its name ("schema.name"), what a row is, its SELECT, and the tables that the SELECT reads."""

    table: str
    description: str
    sql: str
    upstream: tuple[str, ...]


def read_statement(table: str, text: str) -> Statement:
    """The statement of one SQL file; ValueError unless it is a two-line header and one SELECT."""
    header = [line.removeprefix("--").strip() for line in text.splitlines()[:2]]
    if not all(line.startswith("--") for line in text.splitlines()[:2]):
        raise ValueError(f"{table}: the first two lines say what a row is and where the table is used")
    parsed = sqlglot.parse(text, read="duckdb")
    if len(parsed) != 1 or not isinstance(parsed[0], exp.Query):
        raise ValueError(f"{table}: one SELECT is expected")
    names = {f"{found.db}.{found.name}" for found in parsed[0].find_all(exp.Table) if found.db}
    return Statement(table, " ".join(header), text, tuple(sorted(names)))


@cache
def statements() -> tuple[Statement, ...]:
    """All statements, each after those whose tables it reads."""
    return tuple(step for step in steps() if isinstance(step, Statement))


@cache
def steps() -> tuple[Statement | Computed, ...]:
    """All statements and what Python computes between them, each after those whose tables it reads."""
    found: dict[str, Statement | Computed] = {table: step for step in COMPUTED for table in step.tables}
    for schema in SCHEMAS:
        for file in (files("pipelines") / "sql" / schema).iterdir():
            if file.name.endswith(".sql"):
                table = f"{schema}.{file.name.removesuffix('.sql')}"
                found[table] = read_statement(table, file.read_text(encoding="utf-8"))
    order = TopologicalSorter({table: sorted(set(s.upstream) & set(found)) for table, s in sorted(found.items())})
    return tuple(dict.fromkeys(found[table] for table in order.static_order()))


def create(connection: duckdb.DuckDBPyConnection, statement: Statement) -> None:
    """Build the statement's table anew."""
    connection.execute(f"create schema if not exists {statement.table.split('.')[0]}")
    connection.execute(f"create or replace table {statement.table} as {statement.sql}")


def build(connection: duckdb.DuckDBPyConnection) -> None:
    """Build all tables of core and marts that stand in SQL files, and what they need."""
    for step in steps():
        if isinstance(step, Statement):
            create(connection, step)
        else:
            step.build(connection)
