"""The rules of the catalogues as tables: lines and grades that the marts read, definitions that documents tell.

Belongs here: reading the file, writing the tables. Does not belong here: what can be set (`models.catalogues`).
"""

from pathlib import Path

import duckdb

from models.catalogues import definitions, grades, lines
from pipelines.rule_texts import read_catalogue_rules
from pipelines.settings import shipped_catalogues

TABLES = ("core.catalogue_line", "core.shortage_grade", "core.catalogue_definition")


def build(connection: duckdb.DuckDBPyConnection, file: Path | None = None) -> None:
    """Build the tables anew from the rules in `file` (default: as shipped)."""
    rules = read_catalogue_rules(file or shipped_catalogues())
    connection.execute("create schema if not exists core")
    for table, frame in zip(TABLES, (lines(rules), grades(rules), definitions(rules)), strict=True):
        connection.register("incoming", frame)
        connection.execute(f"create or replace table {table} as from incoming")
        connection.unregister("incoming")
