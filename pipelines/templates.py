"""Input forms made from the contracts: `duikou template`, and the aliases that wait for a decision.

Belongs here: which columns a form has, what its lists offer, how a stored value is written into a form.
Does not belong here: the look of a form (`reports.input_form`).
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb

from pipelines.contracts import Column, Contract, contracts
from pipelines.ingest import accept, land
from pipelines.ingest.headers import match_header
from pipelines.ingest.reasons import expectation
from pipelines.problems import Problem
from pipelines.settings import Settings
from reports.file_names import file_name
from reports.input_form import Form, FormColumn, Kind, Value, write

KINDS: dict[str, Kind] = {"count": "count", "number": "number", "rate": "rate", "year": "year", "date": "date"}
YEARS_BEFORE, YEARS_AFTER = 10, 2  # offered where nothing is known yet, and beyond the last year that is known
MOST_PICKS = 5_000  # entries of a list that a person can still find something in
USUAL = {"count": "10", "number": "10", "rate": "0.5", "year": "2024", "period": "2024", "date": "2024-12-31"}
UNIT_NAMES = {"人": "persons", "元": "yuan"}  # as headers of forms in English write them


@dataclass(frozen=True)
class Lists:
    """What forms offer to pick: entries 「code name」 by referenced table, years by table and column."""

    entries: dict[str, tuple[str, ...]]
    years: dict[tuple[str, str], tuple[int, ...]]


def write_templates(folder: Path, connection: duckdb.DuckDBPyConnection | None, lang: str) -> list[Path]:
    """Write one form per contract into `folder`; with a `connection` its lists come from the accepted tables."""
    lists = read_lists(connection) if connection else Lists({}, {})
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, contract in enumerate(contracts().values(), start=1):
        file = folder / f"{number:02d} {file_name(contract.title.in_language(lang))}.xlsx"
        write(form_of(contract, lists, lang), file, lang)
        written.append(file)
    return written


@contextmanager
def reference_tables(path: Path | None) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """The accepted tables of a warehouse or of an input folder; None where there are none and none were named.

    Raises Problem when `path` is neither, or the warehouse cannot be opened.
    """
    if path is None and not Settings.warehouse.is_file():
        yield None
    elif path is not None and path.is_dir():
        with duckdb.connect() as connection:
            land(connection, path)
            for contract in contracts().values():
                accept(connection, contract)
            yield connection
    else:
        file = path or Settings.warehouse
        try:
            connection = duckdb.connect(str(file), read_only=True)
        except duckdb.IOException as error:
            raise Problem(
                f"{file} 不是数据仓库也不是输入文件夹，下拉框的内容无从取得。请写出正确的文件或文件夹。",
                f"{file} is neither a warehouse nor an input folder, so there is nothing to fill the lists from."
                " Name the right file or folder.",
            ) from error
        with connection:
            yield connection


def read_lists(connection: duckdb.DuckDBPyConnection) -> Lists:
    """The entries and years of all accepted tables; those of the newest edition where a table has editions."""
    known = {
        table
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'accepted'"
        ).fetchall()
    }
    entries: dict[str, tuple[str, ...]] = {}
    years: dict[tuple[str, str], tuple[int, ...]] = {}
    for table, contract in contracts().items():
        if table not in known:
            continue
        if contract.identity:
            entries[table] = entries_of(connection, contract)
        for column in contract.columns:
            if column.type == "year":
                every = f'select distinct "{column.name}" as year from accepted.{table}'
                found = connection.execute(f"from ({every}) where year is not null order by year").fetchall()
                years[table, column.name] = with_coming_years([year for (year,) in found])
    return Lists(entries, {place: found for place, found in years.items() if found})


def entries_of(connection: duckdb.DuckDBPyConnection, contract: Contract) -> tuple[str, ...]:
    """「code name」 of every row, in the order of codes."""
    identity = contract.identity
    assert identity is not None
    newest = ""
    if "edition" in contract.key:
        newest = f" where edition = (select max(edition) from accepted.{contract.table})"
    rows = connection.execute(
        f"select {identity.id}, any_value({identity.names[0]}) from accepted.{contract.table}{newest}"
        f" group by 1 order by 1 limit {MOST_PICKS}"
    ).fetchall()
    return tuple(f"{code} {name}" for code, name in rows)


def with_coming_years(years: Sequence[int]) -> tuple[int, ...]:
    """Years, and the next ones where every year was reported (editions of a catalogue are not)."""
    if len(years) > 1 and all(second - first == 1 for first, second in pairwise(years)):
        return (*years, *range(years[-1] + 1, years[-1] + 1 + YEARS_AFTER))
    return tuple(years)


def form_of(contract: Contract, lists: Lists, lang: str) -> Form:
    """The blank form of a contract."""
    columns = [form_column(contract, column, lists, lang) for column in contract.columns]
    key = [contract.column(name).title.in_language(lang) for name in contract.key]
    return Form(contract.title.in_language(lang), ("、" if lang == "zh" else ", ").join(key), columns)


def form_column(contract: Contract, column: Column, lists: Lists, lang: str) -> FormColumn:
    """One column of a contract as a column of its form."""
    title, other = column.title.in_language(lang), column.title.in_language("en" if lang == "zh" else "zh")
    unit = unit_of(column, lang)
    required = column.required and column.default is None
    picks = picks_of(contract, column, lists, lang)
    return FormColumn(
        header=header_of(contract, column, title, unit) + ("*" if required else ""),
        other_title=other,
        kind=KINDS.get(column.type, "text"),
        unit=unit,
        required=required,
        expected=expectation(column).in_language(lang),
        description=column.description.in_language(lang) if column.description else "",
        example=example_of(column, picks, lang),
        picks=picks,
        strict=bool(column.choices),
        least=column.min,
        most=column.max,
    )


def header_of(contract: Contract, column: Column, title: str, unit: str) -> str:
    """The title with its unit, in the first of the usual ways that reading takes for this column."""
    for header in (f"{title}（{unit}）", f"{title} ({unit})", f"{title}, {unit}") if unit else ():
        match = match_header((header,), contract)
        if match and match.column == column.name and header.isascii() == title.isascii():
            return header
    return title


def unit_of(column: Column, lang: str) -> str:
    """The unit that the header carries; a rate is written as a percentage in its cells."""
    if column.type not in ("count", "number") or not column.unit:
        return ""
    return column.unit if lang == "zh" else UNIT_NAMES.get(column.unit, "")


def picks_of(contract: Contract, column: Column, lists: Lists, lang: str) -> tuple[str | int, ...]:
    """What may be picked in a column: choices, entries of the tables it refers to, or years."""
    if column.choices:
        return tuple(spoken(column, choice, lang) for choice in column.choices)
    if column.references:
        return tuple(entry for table in column.refers_to.values() for entry in lists.entries.get(table, ()))
    if column.type == "year":
        this_year = dt.datetime.now(tz=dt.UTC).year
        recent = tuple(range(this_year - YEARS_BEFORE, this_year + YEARS_AFTER))
        return lists.years.get((contract.table, column.name)) or recent
    return ()


def spoken(column: Column, choice: str, lang: str) -> str:
    """A choice in the language of the form, where the contract has a label for it."""
    ways = [label for label, meant in column.labels.items() if meant == choice]
    plain = [way for way in [choice, *ways] if way.isascii() == (lang == "en")]
    return plain[0] if plain else choice


def example_of(column: Column, picks: tuple[str | int, ...], lang: str) -> Value:
    """The example of a column as a cell: the contract's; where it has none for a required column, something usual."""
    if column.example is not None:
        return cell_of(column, column.example, lang)
    if not column.required:
        return None
    return picks[0] if picks else cell_of(column, USUAL.get(column.type, column.title.zh), lang)


def cell_of(column: Column, value: object, lang: str) -> Value:
    """A stored value as it is filled into a form."""
    if value is None or value == "":
        return None
    if column.type == "choice":
        return spoken(column, str(value), lang)
    if column.type == "date":
        return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
    if column.type in ("count", "year"):
        return int(str(value))
    if column.type in ("number", "rate"):
        return float(str(value))
    return "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
