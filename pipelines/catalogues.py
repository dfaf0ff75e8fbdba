"""The rules of the catalogues as tables: lines and grades that the marts read, definitions that documents tell.

Belongs here: reading the file, writing the tables. Does not belong here: what can be set (`models.catalogues`).
"""

from pathlib import Path

import duckdb

from models.catalogues import CatalogueRules, CatalogueRulesError, definitions, grades, lines, parse
from pipelines.problems import Problem
from pipelines.settings import shipped_catalogues

TABLES = ("core.catalogue_line", "core.shortage_grade", "core.catalogue_definition")


def read_catalogue_rules(file: Path) -> CatalogueRules:
    """The rules in `file`; Problem when they cannot be read or are not valid."""
    try:
        return parse(file.read_text(encoding="utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(
            f"目录编制规则 {file} 无法读取：应为 UTF-8 编码的 YAML 文本。",
            f"The rules of the catalogues {file} cannot be read: a YAML text in UTF-8 is expected.",
        ) from error
    except CatalogueRulesError as error:
        raise Problem(f"目录编制规则有误：{error}", f"The rules of the catalogues are not valid: {error}") from error


def build(connection: duckdb.DuckDBPyConnection, file: Path | None = None) -> None:
    """Build the tables anew from the rules in `file` (default: as shipped)."""
    rules = read_catalogue_rules(file or shipped_catalogues())
    connection.execute("create schema if not exists core")
    for table, frame in zip(TABLES, (lines(rules), grades(rules), definitions(rules)), strict=True):
        connection.register("incoming", frame)
        connection.execute(f"create or replace table {table} as from incoming")
        connection.unregister("incoming")
