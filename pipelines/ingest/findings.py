"""Reasons in words: the texts of `messages.yaml` with file, sheet and cell in front.

Belongs here: the finding's wording and its table. Does not belong here: deciding that something is wrong.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import get_args

import duckdb

from models import yaml_text
from pipelines.contracts import Bilingual, Severity

FINDING_COLUMNS = (
    "row_id, file, sheet, cell, contract, column_name, rule, severity, found, expected_zh, expected_en,"
    " message_zh, message_en"
)


@dataclass(frozen=True)
class Rule:
    """One reason: its severity and its text in both languages, with {found}, {expected} and {name} left open."""

    name: str
    severity: Severity
    text: Bilingual


@cache
def rules() -> dict[str, Rule]:
    """All reasons by name."""
    texts = yaml_text.plain((files(__package__) / "messages.yaml").read_text(encoding="utf-8"))
    found = {
        name: Rule(name, text["severity"], Bilingual(zh=text["zh"], en=text["en"])) for name, text in texts.items()
    }
    assert all(rule.severity in get_args(Severity) for rule in found.values())
    return found


def create_finding_table(connection: duckdb.DuckDBPyConnection) -> None:
    """Empty quarantine.finding, quarantine.row and quarantine.suggestion."""
    connection.execute("create schema if not exists quarantine")
    texts = ", ".join(f"{name.strip()} varchar" for name in FINDING_COLUMNS.split(","))
    connection.execute(f"create or replace table quarantine.finding ({texts})")
    connection.execute(
        "create or replace table quarantine.row (row_id varchar, file_digest varchar, file varchar, sheet varchar,"
        " row_number integer, contract varchar, cells json)"
    )
    connection.execute(
        "create or replace table quarantine.suggestion (contract varchar, column_name varchar, referenced varchar,"
        " found varchar, place integer, code varchar, name varchar, score integer)"
    )


def sql_text(text: str) -> str:
    """A text as a literal of DuckDB; NUL, which cannot stand in a statement, is written as chr(0)."""
    parts = ["'" + part.replace("'", "''") + "'" for part in text.split("\0")]
    return parts[0] if len(parts) == 1 else f"concat_ws(chr(0), {', '.join(parts)})"  # flat: thousands may stand there


def place(file: str, sheet: str, cell: str) -> Bilingual:
    """Where a finding is, in front of its message."""
    return Bilingual(
        zh=file + (f" 工作表“{sheet}”" if sheet else "") + (f" {cell}" if cell else "") + "：",
        en=file + (f", sheet “{sheet}”" if sheet else "") + (f", {cell}" if cell else "") + ": ",
    )


def add_finding(
    connection: duckdb.DuckDBPyConnection,
    rule_name: str,
    *,
    file: str,
    sheet: str = "",
    cell: str = "",
    contract: str = "",
    column: str | None = None,
    found: Bilingual | str = "",
    expected: Bilingual | None = None,
    name: Bilingual | None = None,
    row_id: str | None = None,
) -> Bilingual:
    """Record a finding, about a file or a sheet as a whole (row_id None) or a row; its message without the place."""
    rule = rules()[rule_name]
    found = Bilingual(zh=found, en=found) if isinstance(found, str) else found
    expected, name = expected or Bilingual(zh="", en=""), name or Bilingual(zh="", en="")
    where = place(file, sheet, cell)
    zh, en = (
        rule.text.in_language(lang).format(
            found=found.in_language(lang), expected=expected.in_language(lang), name=name.in_language(lang)
        )
        for lang in ("zh", "en")
    )
    connection.execute(
        f"insert into quarantine.finding ({FINDING_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            *(row_id, file, sheet, cell or None, contract, column, rule_name, rule.severity, found.zh),
            *(expected.zh, expected.en, where.zh + zh, where.en + en),
        ],
    )
    return Bilingual(zh=zh, en=en)
