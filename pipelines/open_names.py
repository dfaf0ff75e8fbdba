"""Spellings of schools and programs that nobody has decided about yet, as a form of aliases to be filled in.

Belongs here: which spellings are open, and what is told beside each. Does not belong here: what a decision does
(`pipelines.ingest.references`), forms in general (`templates`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import duckdb

from pipelines.contracts import contracts
from pipelines.ingest.names import key
from pipelines.templates import cell_of, form_of, read_lists
from reports.input_form import Form, FormColumn, Value
from reports.wording import texts
from reports.workbook_marks import BESIDE

SUGGESTIONS = 3


@dataclass
class OpenName:
    """A spelling found in files: of what kind, how it stands there, where first, how often, and what it may mean."""

    kind: str
    text: str
    place: str
    rows: int = 0
    suggestions: list[str] = field(default_factory=list)


def open_names(connection: duckdb.DuckDBPyConnection) -> list[OpenName]:
    """Unknown and ambiguous names of schools and programs in the files, the most frequent first.

    A wrong code is no spelling: its sender has to correct it. Spellings that compare as the same name count once.
    """
    kinds = {table: kind for kind, table in contracts()["alias"].column("code").refers_to.items()}
    found: dict[tuple[str, str], OpenName] = {}
    refusals = connection.execute(
        "select contract, column_name, found, any_value(file || if(sheet = '', '', '/' || sheet) || ' ' || cell"
        " order by file, sheet, cell), count(*) from quarantine.finding where rule in ('unknown_reference',"
        " 'ambiguous_reference') and contract <> 'alias' group by all order by all"
    ).fetchall()
    for table, column, text, place, rows in refusals:
        for kind in {kinds.get(name) for name in contracts()[table].column(column).refers_to.values()} - {None}:
            if not key(text).isascii():
                entry = found.setdefault((str(kind), key(text)), OpenName(str(kind), text, place))
                entry.rows += rows
    for table, text, code, name, score in connection.execute(
        "select referenced, found, code, name, score from quarantine.suggestion where contract <> 'alias'"
        " group by all order by score desc, min(place), code"
    ).fetchall():
        entry = found.get((str(kinds.get(table)), key(text)), OpenName("", "", ""))
        if len(entry.suggestions) < SUGGESTIONS:
            entry.suggestions.append(f"{code} {name}（{score}）")
    return sorted(found.values(), key=lambda entry: (entry.kind, -entry.rows, entry.text))


def open_names_form(connection: duckdb.DuckDBPyConnection, lang: str) -> Form | None:
    """The form of aliases with one row per open spelling, undecided; None when nothing is open."""
    entries = open_names(connection)
    if not entries:
        return None
    contract = contracts()["alias"]
    blank = form_of(contract, read_lists(connection), lang)
    titles = texts(lang)["form"]["beside"]
    beside = [FormColumn(BESIDE[lang] + title, beside=True) for title in titles]
    rows: list[Sequence[Value]] = []
    for entry in entries:
        known = {"kind": cell_of(contract.column("kind"), entry.kind, lang), "text": entry.text}
        told = [*entry.suggestions, *[None] * (SUGGESTIONS - len(entry.suggestions)), entry.place, entry.rows]
        rows.append([*(known.get(column.name) for column in contract.columns), *told])
    return replace(blank, columns=[*blank.columns, *beside], rows=rows)
