"""Where the tables of a sheet stand: title lines, header lines, data rows, and which contract each table fits.

Belongs here: decisions about the layout of a sheet. Does not belong here: reading bytes (`text_files`, `workbooks`),
header spelling (`headers`), meaning of cells (`values`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from pipelines.contracts import Contract, contracts
from pipelines.ingest.findings import sql_text
from pipelines.ingest.headers import (
    ROW_NUMBERS,
    HeaderMatch,
    header_key,
    known_names,
    match_header,
    sheet_units,
    spellings,
)
from pipelines.ingest.units import multipliers

HEAD_ROWS = 60  # a first header further down is not looked for
HEADER_LINES = 3
SEARCHED_ROWS = 50_000  # in longer sheets only the first table is looked for
FOREIGN_ROWS = 3  # so many wide rows above a header are a table of their own, not a title
WIDE_ROW = 3
FIGURE = re.compile(r"^\s*[-+]?[0-9][0-9,.]*\s*[%％‰]?\s*$")
YEAR = re.compile(r"^\s*(19|20)[0-9]{2}\s*$")

Rows = Mapping[int, list[str | None]]  # row, counted from 0 -> its cells
Spread = Mapping[tuple[int, int], str]


@dataclass(frozen=True)
class Table:
    """One table of a sheet; rows and columns count from 0 and `last` is included.

    `contract` is "" for a region that fits none; `missing` then names the required columns that the nearest
    contract (`nearest`) does without. `extras` are headers not used; `seconds` says which of them name a column that
    another header names, too. Rows from `start` to `header_first` are titles.

    `across` are the sheet's columns that the table takes up; where it shares rows with another table, `part` ends the
    ids of its rows and tells them apart. `cells` is the SQL of a contract column where it is not simply a cell, and
    `places` the one cell that it then comes from. Only the first of several tables over the same rows and contract
    (`leads`) counts the rows that are no data.

    Profiles add: `apart`, conditions under which a row is non-data, and `distinct`.
    """

    contract: str
    start: int
    header_first: int
    header_last: int
    last: int
    across: range
    columns: dict[str, int] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    extras: dict[int, str] = field(default_factory=dict)
    seconds: dict[int, str] = field(default_factory=dict)
    nearest: str = ""
    missing: tuple[str, ...] = ()
    cells: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    part: str = ""
    leads: bool = True
    apart: tuple[tuple[str, str], ...] = ()
    distinct: bool = False

    @property
    def first(self) -> int:
        """The first data row."""
        return self.header_last + 1


@dataclass(frozen=True)
class Fit:
    """How well header lines fit one contract."""

    contract: Contract
    first: int
    last: int
    matches: dict[str, tuple[int, HeaderMatch]]
    extras: dict[int, str]
    seconds: dict[int, str]

    @property
    def missing(self) -> tuple[str, ...]:
        """Required columns that no header names."""
        return tuple(
            column.name
            for column in self.contract.columns
            if column.required and column.default is None and column.name not in self.matches
        )

    @property
    def merit(self) -> tuple[int, bool, int, int, int]:
        """Most columns matched; then complete; then units found, fewer unknown headers and fewer lines."""
        units = sum(1 for _, match in self.matches.values() if match.unit)
        return (len(self.matches), not self.missing, units, -len(self.extras), self.first - self.last)


def find_tables(connection: duckdb.DuckDBPyConnection, raw: str, spread: Spread) -> list[Table]:
    """The tables of the sheet in `raw`, from top to bottom, together covering all its rows.

    A sheet in which no header is found is one table that fits no contract.
    """
    width, height = shape(connection, raw)
    rows = fetch(connection, raw, f"rowid < {HEAD_ROWS}")
    if HEAD_ROWS < height <= SEARCHED_ROWS:
        rows |= later_header_rows(connection, raw, width)
    fits: list[Fit] = []
    row = 0
    for candidate in sorted(rows):
        if candidate < row:
            continue
        fit = best_fit(rows, spread, candidate, width)
        if fit is None or (fits and not opens_another(fit, fits[-1], rows)):
            continue
        fits.append(fit)
        row = fit.last + 1
    tables: list[Table] = []
    start = 0
    for number, fit in enumerate(fits):
        last = height - 1 if number + 1 == len(fits) else title_start(rows, fits[number + 1].first, fit.last) - 1
        foreign = [r for r in range(start, fit.first) if filled(rows.get(r, [])) >= WIDE_ROW]
        if len(foreign) >= FOREIGN_ROWS:
            tables.append(Table("", start, start, start - 1, fit.first - 1, range(width)))
            start = fit.first
        tables.append(as_table(fit, start, last, rows, range(width)))
        start = last + 1
    return tables or [Table("", 0, 0, -1, height - 1, range(width))]


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
    hits = " + ".join(
        rf"coalesce((lower(regexp_replace(c{i}, '[\s_]|[(（].*$', '', 'g')) in ({names}))::int, 0)"
        for i in range(min(width, 40))
    )
    starts = connection.execute(f"select rowid from {raw} where rowid >= {HEAD_ROWS} and ({hits}) >= 2").fetchall()
    if not starts:
        return {}
    near = " or ".join(f"rowid between {start - 4} and {start + HEADER_LINES}" for (start,) in starts[:200])
    return fetch(connection, raw, near)


def filled(cells: list[str | None]) -> int:
    """How many cells of a row hold something."""
    return sum(1 for cell in cells if cell and cell.strip())


def best_fit(rows: Rows, spread: Spread, row: int, width: int) -> Fit | None:
    """The best reading of the lines from `row` on as a header, or None when they name fewer than two columns.

    A line above the header proper, such as a title, is left out of it where that fits as well.
    """
    if not any(spelled_like_a_header(spread.get((row, number)) or cell or "") for number, cell in enumerate(rows[row])):
        return None
    best: Fit | None = None
    for last in range(row, row + HEADER_LINES):
        if last not in rows or (last > row and any(is_figure(cell) for cell in rows[last])):
            break
        for first in range(row, last + 1):
            levels = header_levels(rows, spread, first, last - first + 1, width)
            for contract in contracts().values():
                fit = fit_header(levels, contract, first, last)
                if len(fit.matches) >= 2 and (best is None or fit.merit > best.merit):
                    best = fit
    return best


def is_figure(cell: str | None) -> bool:
    """Whether a cell is a number that a header would not hold (a year it might)."""
    return bool(cell and FIGURE.match(cell) and not YEAR.match(cell))


def spelled_like_a_header(text: str) -> bool:
    """Whether a cell is, but for its unit, the name of some contract column."""
    return bool(text) and any(name in known_names() for name, _ in spellings(header_key(text)))


def header_levels(rows: Rows, spread: Spread, first: int, lines: int, width: int) -> list[tuple[str, ...]]:
    """For every column the header texts from the top line to the bottom line.

    Merged ranges spread their text. Where a file has none (csv), a blank in an upper line repeats its left neighbour.
    """
    grid = [
        [spread.get((row, number)) or (rows[row][number] or "").strip() for number in range(width)]
        for row in range(first, first + lines)
    ]
    if not spread:
        for upper in grid[:-1]:
            for number in range(1, width):
                if not upper[number] and grid[-1][number] and grid[-1][number - 1]:
                    upper[number] = upper[number - 1]
    return [tuple(line[number] for line in grid) for number in range(width)]


def fit_header(levels: list[tuple[str, ...]], contract: Contract, first: int, last: int) -> Fit:
    """Match every column's header to `contract`; of two headers for one column the more direct one counts."""
    matches: dict[str, tuple[int, HeaderMatch]] = {}
    extras: dict[int, str] = {}
    seconds: dict[int, str] = {}
    for number, texts in enumerate(levels):
        match = match_header(texts, contract)
        if match is None:
            if any(texts) and header_key(texts[-1] or texts[0]) not in ROW_NUMBERS:
                extras[number] = header_text(texts)
            continue
        second = number
        if match.column not in matches or matches[match.column][1].rank > match.rank:
            second = matches[match.column][0] if match.column in matches else -1
            matches[match.column] = (number, match)
        if second >= 0:
            extras[second] = header_text(levels[second])
            seconds[second] = match.column
    return Fit(contract, first, last, matches, extras, seconds)


def header_text(levels: tuple[str, ...]) -> str:
    """A header as one text for messages."""
    return " / ".join(dict.fromkeys(" ".join(level.split()) for level in levels if level))


def opens_another(fit: Fit, previous: Fit, rows: Rows) -> bool:
    """Whether a later header opens a table of its own; the same header once more is only repeated."""
    if fit.missing and fit.contract.table != previous.contract.table:
        return False
    return rows[fit.last] != rows.get(previous.last)


def title_start(rows: Rows, header: int, above: int) -> int:
    """The first of the title lines that stand directly above a later header."""
    start = header
    while start - 1 > above and start - 1 in rows and filled(rows[start - 1]) <= 1:
        start -= 1
    return start


def as_table(fit: Fit, start: int, last: int, rows: Rows, across: range) -> Table:
    """The table that a header opens; units stated above it go to the columns that have none of their own."""
    if fit.missing:
        return Table(
            "",
            start,
            start,
            start - 1,
            last,
            across,
            headers={name: match_text(fit, name, rows) for name in fit.matches},
            extras=fit.extras,
            nearest=fit.contract.table,
            missing=fit.missing,
        )
    above = [cell for row in range(start, fit.first) for cell in rows.get(row, []) if cell]
    stated = sheet_units(above)
    units = {}
    for name, (_, match) in fit.matches.items():
        column = fit.contract.column(name)
        sizes = multipliers(column.unit, column.type) if column.type in ("count", "number") else {}
        unit = match.unit or next((unit for unit in stated if unit in sizes), None)
        if unit:
            units[name] = unit
    return Table(
        fit.contract.table,
        start,
        fit.first,
        fit.last,
        last,
        across,
        columns={name: number for name, (number, _) in fit.matches.items()},
        headers={name: match_text(fit, name, rows) for name in fit.matches},
        units=units,
        extras=fit.extras,
        seconds=fit.seconds,
    )


def match_text(fit: Fit, name: str, rows: Rows) -> str:
    """The header of a matched column as it stands in its lowest filled line."""
    number = fit.matches[name][0]
    texts = [rows[row][number] for row in range(fit.first, fit.last + 1)]
    return " ".join((next((text for text in reversed(texts) if text), "") or "").split())


def column_letter(number: int) -> str:
    """A column's letter as Excel shows it; 0 is A."""
    text = ""
    while number >= 0:
        number, digit = divmod(number, 26)
        text = chr(65 + digit) + text
        number -= 1
    return text
