"""Where personal data stand in the raw table of a sheet: columns full of them, and single cells.

Belongs here: deciding that, from headers, labels and contents. Does not belong here: what a personal datum looks like
(`personal`), masking it and saying so (`withholding`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress

import duckdb
import pyarrow as pa

from pipelines.contracts import Column
from pipelines.ingest.findings import sql_text
from pipelines.ingest.grid import fetch
from pipelines.ingest.headers import header_key, known_names
from pipelines.ingest.personal import (
    header_kind,
    label_kind,
    looks_like_a_name,
    name_pattern,
    number_kind,
    setting,
    suspicion,
)
from pipelines.ingest.tables import Table

SUSPECT = "suspect_cells"
SHORTEST = 6  # bytes; nothing personal is shorter: two Chinese characters, a@b.cn
LONGEST_NAME = 30  # bytes; four characters with blanks between them
COLUMNS_AT_ONCE = 100
MANY = 2000  # texts that are looked at one by one; more are sifted once more before
SAMPLED = 500  # distinct cells that are looked at to tell what a column holds
LARGE_AMOUNT = 1e10  # columns that may hold so large a number may hold one that reads like a telephone number
FIGURES = {"count", "number", "rate", "year", "period", "date"}


@dataclass(frozen=True)
class Region:
    """The rows and columns of the tables over one place of a sheet, and the contract columns that each column fills."""

    table: Table
    mapped: dict[int, list[Column]]

    def amounts(self) -> set[int]:
        """Columns of amounts so large that one may read like a telephone number."""
        return {
            number
            for number, columns in self.mapped.items()
            if any(column.type == "number" and (column.max or LARGE_AMOUNT) >= LARGE_AMOUNT for column in columns)
        }

    def may_be_names(self) -> list[int]:
        """Columns that might hold personal names: those that no contract knows, and codes of a contract's own."""
        return [
            number
            for number in self.table.across
            if all(column.type == "code" and not column.references for column in self.mapped.get(number, []))
        ]

    def never_names(self) -> list[int]:
        """Columns that hold numbers, years or dates and nothing else."""
        return [number for number, columns in self.mapped.items() if {column.type for column in columns} <= FIGURES]


@dataclass
class Withheld:
    """What is withheld: whole columns as (region, column) -> (kind, first row), cells as (row, column) -> kind."""

    columns: dict[tuple[int, int], tuple[str, int]] = field(default_factory=dict)
    cells: dict[tuple[int, int], str] = field(default_factory=dict)


def find_personal(connection: duckdb.DuckDBPyConnection, raw: str, regions: list[Region]) -> tuple[Withheld, list[int]]:
    """What is personal in the raw table of a sheet, as far as headers, labels and whole columns tell, and the columns
    with cells that may show it themselves; these cells are in temp.suspect_cells (place, number, text)."""
    width = 1 + max((number for region in regions for number in region.table.across), default=-1)
    long = long_columns(connection, raw, width)
    hit = gather_suspects(connection, raw, long)
    found = Withheld()
    for place, region in enumerate(regions):
        name_columns(connection, raw, place, region, found)
        names_among_numbers(connection, raw, region, long, found)
    if hit or found.columns or found.cells:
        for place, region in enumerate(regions):
            number_columns(connection, raw, place, region, hit, found)
        announced(connection, raw, regions, found)
    return found, hit


def gather_suspects(connection: duckdb.DuckDBPyConnection, raw: str, columns: list[int]) -> list[int]:
    """Fill temp.suspect_cells (place, number, text) with cells that may hold something personal; the columns hit."""
    connection.execute(f"create or replace temp table {SUSPECT} (place bigint, number integer, text varchar)")
    for chosen in at_once(columns):
        connection.register("found_texts", suspect_texts(connection, raw, chosen))
        found = " union all ".join(
            f"select rowid, {number}, c{number} from {raw} where c{number} in (from found_texts)" for number in chosen
        )
        if connection.execute("from found_texts limit 1").fetchall():
            connection.execute(f"insert into {SUSPECT} {found}")
        connection.unregister("found_texts")
    return [number for (number,) in connection.execute(f"select distinct number from {SUSPECT} order by 1").fetchall()]


def suspect_texts(connection: duckdb.DuckDBPyConnection, raw: str, numbers: Sequence[int]) -> pa.Table:
    """The different texts in some columns that may hold something personal.

    Looking at every different text once is several times cheaper than looking at every cell.
    """
    cheap, strict = suspicion()
    texts = (
        f"select text from (select unnest([{', '.join(f'c{number}' for number in numbers)}]) as text from {raw})"
        f" where strlen(text) >= {SHORTEST} group by text"
    )
    found = connection.sql(f"with texts as materialized ({texts}) from texts where {cheap}").to_arrow_table()
    if len(found) > MANY:
        connection.register("found_texts", found)
        found = connection.sql(f"from found_texts where {strict}").to_arrow_table()
        connection.unregister("found_texts")
    return found


def long_columns(connection: duckdb.DuckDBPyConnection, raw: str, width: int) -> list[int]:
    """Columns with a cell that is long enough to hold anything personal."""
    found: list[int] = []
    for numbers in at_once(range(width)):
        longest = ", ".join(f"max(strlen(c{number}))" for number in numbers)
        lengths = connection.execute(f"select {longest} from {raw}").fetchall()[0]
        found += [number for number, length in zip(numbers, lengths, strict=True) if (length or 0) >= SHORTEST]
    return found


def at_once(columns: Sequence[int]) -> Iterator[Sequence[int]]:
    """The columns in runs that one statement can take."""
    return (columns[first : first + COLUMNS_AT_ONCE] for first in range(0, len(columns), COLUMNS_AT_ONCE))


def is_a_name(number: int) -> str:
    """SQL: a cell of a column is nothing but a name of a person."""
    pattern = sql_text(rf"\s*{name_pattern()}\s*")
    return f"strlen(c{number}) between {SHORTEST} and {LONGEST_NAME} and regexp_full_match(c{number}, {pattern})"


def data_span(region: Region) -> str:
    """SQL: a row lies below the header of a region."""
    return f"between {region.table.first} and {region.table.last}"


def name_columns(connection: duckdb.DuckDBPyConnection, raw: str, place: int, region: Region, found: Withheld) -> None:
    """Columns that no contract knows and that are filled with names of people."""
    for chosen in at_once(region.may_be_names()):
        likes = ", ".join(f"count(c{number}), count(*) filter ({is_a_name(number)})" for number in chosen)
        counts = connection.execute(f"select {likes} from {raw} where rowid {data_span(region)}").fetchall()[0]
        for position, number in enumerate(chosen):
            filled, names = counts[2 * position], counts[2 * position + 1]
            if names < setting("name_cells") or names < setting("name_share") * filled:
                continue
            ((different,),) = connection.execute(
                f"select count(distinct c{number}) from {raw} where rowid {data_span(region)}"
            ).fetchall()
            if different >= max(setting("name_cells"), filled / 2):
                found.columns[place, number] = ("name", region.table.first)


def names_among_numbers(
    connection: duckdb.DuckDBPyConnection, raw: str, region: Region, long: list[int], found: Withheld
) -> None:
    """Cells with nothing but a name of a person in columns of numbers, years and dates, where no name belongs.

    `long` are the columns with a cell long enough for a name.
    """
    for numbers in at_once([number for number in region.never_names() if number in long]):
        wordy = ", ".join(
            f"coalesce(bool_or(strlen(c{n}) between {SHORTEST} and {LONGEST_NAME}"
            f" and ascii(c{n}) not between 33 and 127), false)"
            for n in numbers
        )
        found_wordy = connection.execute(f"select {wordy} from {raw} where rowid {data_span(region)}").fetchall()[0]
        for number in compress(numbers, found_wordy):
            rows = connection.execute(
                f"select rowid from {raw} where rowid {data_span(region)} and {is_a_name(number)}"
            ).fetchall()
            found.cells |= {(row, number): "name" for (row,) in rows}


def number_columns(
    connection: duckdb.DuckDBPyConnection, raw: str, place: int, region: Region, hit: Iterable[int], found: Withheld
) -> None:
    """Columns of which so large a share are personal numbers that the rest must be mistyped ones."""
    amounts = region.amounts()
    for number in hit:
        if number not in region.table.across or (place, number) in found.columns:
            continue
        ((filled, suspects),) = connection.execute(
            f"select (select count(*) from {raw} where rowid {data_span(region)} and trim(c{number}) <> ''), count(*)"
            f" from {SUSPECT} where number = {number} and place {data_span(region)}"
        ).fetchall()
        if suspects < setting("column_cells") or suspects < setting("column_share") * filled:
            continue
        sample = connection.execute(
            f"select text from (select distinct text from {SUSPECT} where number = {number}"
            f" and place {data_span(region)}) order by hash(text) limit {SAMPLED}"
        ).fetchall()
        kinds = Counter(number_kind(text) for (text,) in sample)
        kinds.pop(None, 0)
        if number in amounts:
            kinds.pop("phone", 0)
        if kinds.total() / len(sample) * suspects >= setting("column_share") * filled:
            found.columns[place, number] = (str(kinds.most_common(1)[0][0]), region.table.first)


def announced(connection: duckdb.DuckDBPyConnection, raw: str, regions: list[Region], found: Withheld) -> None:
    """Columns under a header, and cells beside a label, that say what they hold."""
    texts = connection.execute(f"select distinct text from {SUSPECT}").fetchall()
    telling = {text: kind for (text,) in texts if (kind := label_kind(text))}
    if not telling:
        return
    connection.register("telling", pa.table({"text": pa.array(telling, pa.string())}))
    cells = connection.execute(
        f"select place, number, text from {SUSPECT} join telling using (text) order by place, number"
    ).fetchall()
    connection.execute(
        f"create or replace temp table near as select distinct place from (select unnest([place, place + 1]) as place"
        f" from {SUSPECT} join telling using (text))"
    )
    connection.unregister("telling")
    rows = fetch(connection, raw, "rowid in (select place from near)")
    connection.execute("drop table near")
    for row, number, text in cells:
        for place, region in enumerate(regions):
            if region.table.start <= row <= region.table.last and number in region.table.across:
                announce(rows, place, region, (row, number, telling[text]), found)


def announce(
    rows: dict[int, list[str | None]], place: int, region: Region, cell: tuple[int, int, str], found: Withheld
) -> None:
    """What one header or label says about the cells below it or to its right."""
    row, number, kind = cell
    table = region.table
    if table.header_first <= row <= table.header_last:
        if number not in region.mapped:
            found.columns.setdefault((place, number), (kind, table.first))
        return
    right = [(row, n) for n in table.across if n > number and filled(rows[row][n])]
    below = (rows.get(row + 1) or [None] * (number + 1))[number] if row < table.last else None
    heads = (
        header_kind(rows[row][number] or "") is not None
        and not (rows[row][number] or "").rstrip().endswith((":", "："))
        and (not table.contract or row > table.header_last)
        and filled(below)
        and label_kind(below or "") is None
        and not any(number_kind(text) or looks_like_a_name(text) for text in rows[row] if text)
    )
    if heads:
        found.columns.setdefault((place, number), (kind, row + 1))
    for position, (_, neighbour) in enumerate(right):
        text = rows[row][neighbour] or ""
        named = kind == "name" and looks_like_a_name(text)
        if (position > 0 or heads) and not named:
            break
        if label_kind(text) is None and header_key(text) not in known_names():
            found.cells[row, neighbour] = kind


def filled(text: str | None) -> bool:
    """Whether a cell holds something."""
    return bool(text and text.strip())
