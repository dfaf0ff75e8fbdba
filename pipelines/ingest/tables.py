"""Where the tables of a sheet stand: title lines, header lines, data rows, and which contract each table fits.

Belongs here: decisions about the layout of a sheet. Does not belong here: reading bytes (`text_files`, `workbooks`),
how well header lines fit a contract (`fits`), meaning of cells (`values`).
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace

import duckdb

from pipelines.ingest.findings import sql_text
from pipelines.ingest.fits import Fit, best_fit, header_levels, is_figure, is_year
from pipelines.ingest.grid import Grid, Spread, column_bands, column_letter, last_full_row, read_grid
from pipelines.ingest.headers import HeaderMatch, header_key, is_unit, names_a_code, sheet_units
from pipelines.ingest.stated import Statement
from pipelines.ingest.units import multipliers
from pipelines.ingest.years import plain, year_column

FOREIGN_ROWS = 3  # so many wide rows above a header are a table of their own, not a title
WIDE_ROW = 3
PASTED_ROW = r"[;|\t].*[;|\t]|^(.*,)?[-+0-9.% ]*[0-9][-+0-9.% ]*,.*,|,.*,[-+0-9.% ]*[0-9][-+0-9.% ]*(,|$)"
NUMBERS_AMONG_CELLS = 4  # one cell in so many is a number where a line is data
LONGEST_NUMBER = 4  # digits of a column's number
COLUMN_NUMBERS = ("甲乙丙丁戊己庚辛壬癸", "abcdefghijklmnopqrstuvwxyz")
REMARK = (
    r"[。；;：:，,]|^.{25}|^[*＊#①-⑳†‡※]|^[（(]?[0-9一二三四五六七八九十]{1,2}[)）.、．]"
    r"|^[0-9]{4}\s*[-/.年]\s*[0-9]{1,2}\s*[-/.月](\s*[0-9]{1,2}\s*日?)?$"
)


@dataclass(frozen=True)
class Refusal:
    """Why a region fits no contract: a rule of `messages.yaml`, what was found, the columns that it is about."""

    rule: str = "unrecognised_table"
    found: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table of a sheet; rows and columns count from 0 and `last` is included.

    `contract` is "" for a region that fits none: `refusal` then says why, and `nearest` is the contract that it comes
    nearest to. `extras` are headers not used; `seconds` says which of them name a column that another header names,
    too. Rows from `start` to `header_first` are titles.

    `across` are the sheet's columns that the table takes up; where it shares rows with another table, `part` ends the
    ids of its rows and tells them apart. `cells` is the SQL of a contract column where it is not simply a cell, and
    `places` the one cell that it then comes from; `stated` are those that were read outside the header. `year_cells`
    are, for every year of a table with years as columns, the columns that hold its numbers, beginning with those of
    this part. Only the first of several tables over the same rows and contract (`leads`) counts the rows that are no
    data.

    `apart` are conditions under which a row is non-data, and of what kind; `distinct` (of profiles) sets repeats apart.
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
    refusal: Refusal = Refusal()
    cells: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    stated: dict[str, Statement] = field(default_factory=dict)
    year_cells: tuple[tuple[int, ...], ...] = ()
    part: str = ""
    leads: bool = True
    apart: tuple[tuple[str, str], ...] = ()
    distinct: bool = False

    @property
    def first(self) -> int:
        """The first data row."""
        return self.header_last + 1


def find_tables(connection: duckdb.DuckDBPyConnection, raw: str, spread: Spread, sheet: str) -> list[Table]:
    """The tables of the sheet in `raw`, together covering all its cells, from left to right and from top to bottom.

    A sheet in which no header is found is one table that fits no contract.
    """
    grid = read_grid(connection, raw, spread, sheet)
    fits = {grid.across: headers_of(grid)}
    for bands in (column_bands(connection, raw, grid), repeated_bands(grid, fits[grid.across])):
        if len(bands) > 1 and stand_side_by_side(split := {band: headers_of(grid.within(band)) for band in bands}):
            fits = split
            break
    found: list[Table] = []
    for across, headers in fits.items():
        part = f":{column_letter(across.start)}" if len(fits) > 1 else ""
        found += [with_tail(connection, raw, table) for table in tables_under(grid.within(across), headers, part)]
    return found


def headers_of(grid: Grid) -> list[Fit]:
    """The headers of a sheet from top to bottom."""
    fits: list[Fit] = []
    row = 0
    for candidate in sorted(grid.rows):
        if candidate < row:
            continue
        start = title_start(grid, candidate, fits[-1].last) if fits else 0
        fit = best_fit(grid, candidate, start, fits[0].first if fits else 0)
        if fit is None or (fits and not opens_another(fit, fits[-1], grid)):
            continue
        fits.append(fit)
        row = fit.last + 1
    return fits


def repeated_bands(grid: Grid, fits: list[Fit]) -> list[range]:
    """The runs of columns under which a header repeats itself: a long table broken into columns to fit a page."""
    if not fits or not fits[0].seconds:
        return []
    levels = header_levels(grid, fits[0].first, fits[0].last)
    keys = [tuple(header_key(text) for text in levels[number]) for number in grid.across]
    for width in range(2, len(keys) // 2 + 1):
        if len(keys) % width == 0 and keys == keys[:width] * (len(keys) // width):
            return [range(start, start + width) for start in range(0, len(keys), width)]
    return []


def stand_side_by_side(split: dict[range, list[Fit]]) -> bool:
    """Whether runs of columns are tables of their own: each has a header, and all are complete or say the same."""
    if not all(split.values()):
        return False
    names = [{fits[0].contract.table + name for name in fits[0].named} for fits in split.values()]
    return all(fits[0].complete for fits in split.values()) or any(
        first & second for place, first in enumerate(names) for second in names[place + 1 :]
    )


def opens_another(fit: Fit, previous: Fit, grid: Grid) -> bool:
    """Whether a later header opens a table of its own; the same header once more, below no other title, is
    only repeated."""
    if not fit.complete and (fit.contract.table != previous.contract.table or not mostly_header(fit, grid)):
        return False
    said, said_before = ({name: one.text for name, one in found.stated.items()} for found in (fit, previous))
    return grid.line(fit.last) != grid.line(previous.last) or said != said_before


def mostly_header(fit: Fit, grid: Grid) -> bool:
    """Whether at least half of a line's cells are headers, and not a few words in a row of data; one year is none."""
    years = len(fit.unnamed) if len(fit.unnamed) > 1 else 0
    measures = sum(len(year.measures) for year in fit.years.values())
    return 2 * (len(fit.matches) + measures + years) >= grid.filled(fit.last)


def title_start(grid: Grid, header: int, above: int) -> int:
    """The first of the title lines that stand directly above a later header."""
    start = header
    while start - 1 > above and start - 1 in grid.rows and is_title(grid, start - 1):
        start -= 1
    return start


def is_title(grid: Grid, row: int) -> bool:
    """Whether a line has at most one cell, or several that all are labels with a colon."""
    texts = [text for text in grid.line(row) if text]
    return len(texts) <= 1 or all(re.search("[:：]", text) for text in texts)


def tables_under(grid: Grid, fits: list[Fit], part: str) -> list[Table]:
    """The tables that the headers of a run of columns open, from top to bottom, together covering all its rows."""
    tables: list[Table] = []
    start = 0
    for number, fit in enumerate(fits):
        last = grid.height - 1
        if number + 1 < len(fits):
            last = title_start(grid, fits[number + 1].first, fit.last) - 1
        foreign = [row for row in range(start, fit.first) if grid.filled(row) >= WIDE_ROW]
        if len(foreign) >= FOREIGN_ROWS or any(reads_like_data(grid, row, fit.last) for row in foreign):
            tables.append(Table("", start, start, start - 1, fit.first - 1, grid.across, part=part))
            start = fit.first
        tables += tables_of(fit, start, last, grid, part)
        start = last + 1
    return tables or [Table("", 0, 0, -1, grid.height - 1, grid.across, part=part)]


def reads_like_data(grid: Grid, row: int, header: int) -> bool:
    """Whether a line holds so many numbers that no title and no line of a header can be meant.

    Several numbers among its cells do, or one beside a year where the line is more than half as full as the `header`.
    """
    texts = [text for text in grid.line(row) if text]
    figures, years = sum(map(is_amount, texts)), sum(map(is_year, texts))
    enough = figures > 1 or (figures + years > 1 and figures and 2 * len(texts) > grid.filled(header))
    return bool(enough and NUMBERS_AMONG_CELLS * (figures + years) >= len(texts) and not numbers_columns(grid, row))


def is_amount(text: str) -> bool:
    """Whether a cell is a number, with a unit or without."""
    plain_text = unicodedata.normalize("NFKC", text)
    unit = plain_text.lstrip("-+0123456789.,")
    return is_figure(plain_text.removesuffix(unit)) and (not unit or is_unit(unit.strip()))


def tables_of(fit: Fit, start: int, last: int, grid: Grid, part: str) -> list[Table]:
    """The table that a header opens, or one for each of its years; units stated above it go to the columns that have
    none of their own."""
    if not fit.complete:
        table = Table("", start, start, start - 1, last, grid.across, part=part)
        return [replace(table, nearest=fit.contract.table, refusal=refusal_of(fit, grid))]
    stated = sheet_units(text for row in range(start, fit.first) for text in grid.line(row) if text)
    beside = names_beside_codes(fit)
    table = Table(
        fit.contract.table,
        start,
        fit.first,
        fit.last,
        last,
        grid.across,
        columns={name: number for name, (number, _) in fit.matches.items()},
        headers={name: lowest_text(fit, number, grid) for name, (number, _) in fit.matches.items()},
        units=units_of(fit, fit.matches, stated),
        extras={number: text for number, text in fit.extras.items() if number not in beside.values()},
        seconds={number: name for number, name in fit.seconds.items() if number not in beside.values()},
        cells={name: sql_text(found.text) for name, found in fit.stated.items()}
        | {name: code_and_name_sql(fit.matches[name][0], number) for name, number in beside.items()},
        places={name: found.cell for name, found in fit.stated.items() if found.cell},
        stated=fit.stated,
        part=part,
        apart=tuple((f"place = {row}", "header") for row in numbering(fit, grid)),
    )
    return [table] if not fit.years else yearly_tables(table, fit, grid, stated)


def names_beside_codes(fit: Fit) -> dict[str, int]:
    """Columns that refer to another table and stand twice, once as code and once as name: where the second stands.

    Both are read, so that a code that contradicts its name is found out.
    """
    found: dict[str, int] = {}
    for number, name in fit.seconds.items():
        if name not in fit.matches or not fit.contract.column(name).references:
            continue
        used = fit.levels[fit.matches[name][0]]
        if names_a_code("".join(used)) != names_a_code("".join(fit.levels[number])):
            found.setdefault(name, number)
    return found


def code_and_name_sql(first: int, second: int) -> str:
    """SQL: a code with the name that stands in another cell behind it; the one that is filled where only one is."""
    code = "'[ 0-9A-Za-z.-]+'"
    two = f"regexp_full_match(c{first}, {code}) <> regexp_full_match(c{second}, {code})"
    return (
        f"case when trim(c{second}) <> '' and {two} then trim(c{first}) || ' ' || trim(c{second})"
        f" else coalesce(nullif(trim(c{first}), ''), c{second}) end"
    )


def yearly_tables(table: Table, fit: Fit, grid: Grid, stated: list[str]) -> list[Table]:
    """The same table once for every year over its columns."""
    column = year_column(fit.contract)
    assert column is not None, "years are found for contracts with a column of years only"
    cells = {key: tuple(number for number, _ in year.measures.values()) for key, year in fit.years.items()}
    found = []
    for place, (key, year) in enumerate(fit.years.items()):
        columns = {name: number for name, (number, _) in year.measures.items()}
        first = min(columns.values())
        found.append(
            replace(
                table,
                columns=table.columns | columns,
                headers=table.headers
                | {name: lowest_text(fit, number, grid) for name, number in columns.items()}
                | {column.name: year.text},
                units=table.units | units_of(fit, year.measures, stated),
                cells=table.cells | {column.name: sql_text(year.text)},
                places=table.places | {column.name: header_cell(fit, year.number, year.text, grid)},
                year_cells=(cells[key], *(other for other_key, other in cells.items() if other_key != key)),
                part=f":{column_letter(first)}" if len(fit.years) > 1 else table.part,
                leads=place == 0,
            )
        )
    return found


def units_of(fit: Fit, matches: dict[str, tuple[int, HeaderMatch]], stated: list[str]) -> dict[str, str]:
    """The unit of every column that has one: its header's, else the first stated for the table that it can have."""
    units = {}
    for name, (_, match) in matches.items():
        column = fit.contract.column(name)
        sizes = multipliers(column.unit, column.type) if column.type in ("count", "number") else {}
        unit = match.unit or next((unit for unit in stated if unit in sizes), None)
        if unit:
            units[name] = unit
    return units


def lowest_text(fit: Fit, number: int, grid: Grid) -> str:
    """The header of a column as it stands in its lowest filled line."""
    texts = [grid.cell(row, number) for row in range(fit.first, fit.last + 1)]
    return " ".join(next((text for text in reversed(texts) if text), "").split())


def header_cell(fit: Fit, number: int, year: str, grid: Grid) -> str:
    """The cell of a header that names a year, over the column `number`."""
    named = (row for row in range(fit.first, fit.last + 1) if year in header_key(plain(grid.shown(row, number))))
    return f"{column_letter(number)}{next(named, fit.last) + 1}"


def numbering(fit: Fit, grid: Grid) -> list[int]:
    """The line below a header that only numbers its columns (甲 乙 1 2 3), as statistical forms have it."""
    return [fit.last + 1] if numbers_columns(grid, fit.last + 1) else []


def numbers_columns(grid: Grid, row: int) -> bool:
    """Whether a line holds nothing but the letters and numbers of its columns."""
    texts = [text.lower() for text in grid.line(row) if text]
    figures = [int(text) for text in texts if text.isdecimal() and len(text) <= LONGEST_NUMBER]
    letters = "".join(text for text in texts if not text.isdecimal())
    counted = figures == list(range(1, len(figures) + 1)) and len(texts) > 2
    return counted and any(order.startswith(letters) for order in COLUMN_NUMBERS)


def refusal_of(fit: Fit, grid: Grid) -> Refusal:
    """Why rows under an incomplete header cannot be read."""
    if fit.unnamed:
        return Refusal("unnamed_years", "、".join(fit.unnamed))
    for name in fit.missing:
        if name in fit.twice:
            title, sheet = fit.twice[name]
            return Refusal("stated_twice", f"{title.text}（{title.cell}）、{sheet.text}（{grid.sheet}）", (name,))
    headers = [lowest_text(fit, number, grid) for number, _ in fit.matches.values()]
    return Refusal("missing_column", "、".join(headers), fit.missing)


def with_tail(connection: duckdb.DuckDBPyConnection, raw: str, table: Table) -> Table:
    """The table with the remarks below its last full row set apart: single cells that are sentences, dates or marked
    like footnotes. A single cell that may be a name, a number or a row of a table pasted as text stays a row, to be
    judged."""
    if not (table.contract and table.leads):
        return table
    full = last_full_row(connection, raw, table.across, table.first, table.last)
    if full is None or full == table.last:
        return table
    text = f"trim(concat({', '.join(f'c{number}' for number in table.across)}))"
    figure = f"regexp_full_match({text}, '[-+0-9.,% ]*')"
    pasted = f"regexp_matches({text}, {sql_text(PASTED_ROW)})"
    remark = f"place > {full} and regexp_matches({text}, {sql_text(REMARK)}) and not {figure} and not {pasted}"
    return replace(table, apart=(*table.apart, (remark, "note")))
