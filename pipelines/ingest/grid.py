"""The cells of one sheet that decide where its tables stand: its first rows, rows near later headers, blank columns.

Belongs here: fetching those cells from the raw table and asking simple questions of them.
Does not belong here: what the cells mean (`fits`, `tables`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import duckdb

from pipelines.ingest.findings import sql_text
from pipelines.ingest.headers import known_names

HEAD_ROWS = 60  # a first header further down is not looked for
HEADER_LINES = 3
SEARCHED_ROWS = 50_000  # in longer sheets only the first table is looked for
SEARCHED_COLUMNS = 40
TAIL_ROWS = 200  # so far up from the end the last row with several cells is looked for

Rows = Mapping[int, list[str | None]]  # row, counted from 0 -> its cells
Spread = Mapping[tuple[int, int], str]  # (row, column) -> the text that a merged range shows there


@dataclass(frozen=True)
class Grid:
    """Some rows of a sheet, over the columns `across`; what merged ranges show; the sheet's name and its height."""

    rows: Rows
    spread: Spread
    across: range
    height: int
    sheet: str

    def cell(self, row: int, number: int) -> str:
        """The text of a cell without outer blanks, "" where there is none."""
        cells = self.rows.get(row, [])
        return (cells[number] or "").strip() if number < len(cells) else ""

    def shown(self, row: int, number: int) -> str:
        """The text of a cell, or of the merged range that covers it."""
        return self.spread.get((row, number)) or self.cell(row, number)

    def line(self, row: int) -> list[str]:
        """The cells of a row."""
        return [self.cell(row, number) for number in self.across]

    def filled(self, row: int) -> int:
        """How many cells of a row hold something."""
        return sum(1 for text in self.line(row) if text)

    def within(self, across: range) -> "Grid":
        """The same rows over fewer columns."""
        return replace(self, across=across)


def read_grid(connection: duckdb.DuckDBPyConnection, raw: str, spread: Spread, sheet: str) -> Grid:
    """The head of the sheet in `raw` and, unless it is very long, the rows near what reads like further headers."""
    width, height = shape(connection, raw)
    rows = fetch(connection, raw, f"rowid < {HEAD_ROWS}")
    if HEAD_ROWS < height <= SEARCHED_ROWS:
        rows |= later_header_rows(connection, raw, width)
    return Grid(rows, spread, range(width), height, sheet)


def shape(connection: duckdb.DuckDBPyConnection, raw: str) -> tuple[int, int]:
    """Columns and rows of a raw table."""
    ((height,),) = connection.execute(f"select count(*) from {raw}").fetchall()
    return len(connection.table(raw).columns), height


def fetch(connection: duckdb.DuckDBPyConnection, raw: str, where: str) -> dict[int, list[str | None]]:
    """Rows of a raw table by number."""
    found = connection.execute(f"select rowid, * from {raw} where {where}").fetchall()
    return {row: list(cells) for row, *cells in found}


def later_header_rows(connection: duckdb.DuckDBPyConnection, raw: str, width: int) -> dict[int, list[str | None]]:
    """Rows below the head of a sheet in which two cells read like headers, each with the rows that follow it."""
    names = ", ".join(sql_text(name) for name in sorted(known_names()))
    cells = ", ".join(f"c{number}" for number in range(min(width, SEARCHED_COLUMNS)))
    starts = connection.execute(
        f"with names as materialized (select unnest([{names}]) as name),"
        f" cells as (select rowid as place, unnest([{cells}]) as text from {raw} where rowid >= {HEAD_ROWS})"
        r" select place from cells where lower(regexp_replace(text, '[\s_]|[(（].*$', '', 'g')) in (from names)"
        " group by place having count(*) >= 2 order by place"
    ).fetchall()
    if not starts:
        return {}
    near = " or ".join(f"rowid between {start - 4} and {start + HEADER_LINES}" for (start,) in starts[:200])
    return fetch(connection, raw, near)


def column_bands(connection: duckdb.DuckDBPyConnection, raw: str, grid: Grid) -> list[range]:
    """The columns of the sheet, divided after every blank column between others (which goes with those before it).

    Lines with a single cell, such as titles, do not count.
    """
    several = [row for row in grid.rows if grid.filled(row) > 1]
    used = [number for number in grid.across if any(grid.cell(row, number) for row in several)]
    starts = [
        number
        for before, number in pairwise(used)
        if any(not occurs_beside_others(connection, raw, grid.across, gap) for gap in range(before + 1, number))
    ]
    return [range(start, stop) for start, stop in pairwise([grid.across.start, *starts, grid.across.stop])]


def occurs_beside_others(connection: duckdb.DuckDBPyConnection, raw: str, across: range, number: int) -> bool:
    """Whether a column holds a cell in some row that holds another one, too."""
    others = " or ".join(f"trim(c{other}) <> ''" for other in across if other != number)
    return bool(
        connection.execute(f"select 1 from {raw} where trim(c{number}) <> '' and ({others}) limit 1").fetchall()
    )


def last_full_row(connection: duckdb.DuckDBPyConnection, raw: str, across: range, first: int, last: int) -> int | None:
    """The last row with more than one cell between `first` and `last`, None where it is far from the end."""
    cells = ", ".join(
        f"(coalesce(trim(c{number}), '') <> '')::int" for number in across
    )  # a sum of so many nests too deep
    where = f"rowid between {max(first, last - TAIL_ROWS)} and {last} and list_sum([{cells}]) > 1"
    ((row,),) = connection.execute(f"select max(rowid) from {raw} where {where}").fetchall()
    return None if row is None else int(row)


def column_letter(number: int) -> str:
    """A column's letter as Excel shows it; 0 is A."""
    text = ""
    while number >= 0:
        number, digit = divmod(number, 26)
        text = chr(65 + digit) + text
        number -= 1
    return text
