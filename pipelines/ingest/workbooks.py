"""Workbooks (xlsx, xlsm, xlsb, xls, ods) into tables of cells, by python-calamine.

Belongs here: everything between a workbook and rows of cells as text, merged ranges included.
Does not belong here: which rows are data (`tables`) and what a cell means (`values`).
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from pipelines.contracts import Bilingual
from pipelines.ingest.extent import MOST_COLUMNS, TooWide
from pipelines.ingest.marks import Cell, Marks, cell_name
from pipelines.ingest.non_data import BLANKS
from pipelines.ingest.personal import public_name

EXACT_INTEGER = 1e15  # integers above are written in the form Excel shows them in
ROWS_AT_ONCE = 5_000
TOLD_APART = {str, float, dt.date, dt.datetime, dt.time, dt.timedelta}  # no two of them are ever equal
WHOLE_SHEET = Bilingual(zh="整张工作表", en="the whole sheet")


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file: its name, its place, and the header cells that merged ranges spread.

    `spread` maps (row, column), counted from 0, to the text that a merged range shows there; `merged` are the ranges
    themselves that cover several rows. `hidden` says what of it is hidden, `without_result` which cells hold formulas
    that were never calculated.
    """

    index: int
    name: str
    spread: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: tuple[tuple[Cell, Cell], ...] = ()
    hidden: Bilingual | None = None
    without_result: tuple[str, ...] = ()


def open_workbook(path: Path) -> CalamineWorkbook:
    """The workbook at `path`; raises CalamineError when it is damaged or protected by a password."""
    with panics_as_errors():
        return CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))  # from_path would go by the name


@contextmanager
def panics_as_errors() -> Iterator[None]:
    """Raise CalamineError where the reader, a program in Rust, panics: it met damage that it had not expected.

    A panic can be told by its name only, and is no Exception, so that it would end the whole run.
    """
    try:
        yield
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise CalamineError(str(error)) from error
        raise


def load_sheets(
    connection: duckdb.DuckDBPyConnection, workbook: CalamineWorkbook, marks: Sequence[Marks], raw: str
) -> Iterator[Sheet]:
    """Create the temporary table `raw` (columns c0, c1, …, rowid = row - 1) for one sheet after the other.

    Chart sheets and sheets that hold no cell are passed over. Raises CalamineError when a sheet is damaged, TooWide
    when it has too many columns.
    """
    with panics_as_errors():
        for index, (name, about) in enumerate(zip(workbook.sheet_names, workbook.sheets_metadata, strict=True)):
            sheet = workbook.get_sheet_by_index(index)
            columns = column_texts(sheet)
            if not columns:
                continue
            mark = marks[index] if index < len(marks) else Marks()
            mark.apply(columns)
            hidden = mark.hidden(columns) if about.visible == SheetVisibleEnum.Visible else WHOLE_SHEET
            merged = [*(sheet.merged_cell_ranges or ()), *mark.merged]
            spread = spread_merged(merged, columns)
            while columns and not any(columns[-1]):
                columns.pop()
            if not columns:
                continue
            if len(columns) > MOST_COLUMNS:
                raise TooWide(len(columns), public_name(name, str(index + 1)))
            arrays = {f"c{number}": pa.array(column, pa.string()) for number, column in enumerate(columns)}
            connection.register("cells", pa.table(arrays))
            connection.execute(f"create or replace temp table {raw} as from cells")
            connection.unregister("cells")
            yield Sheet(
                index,
                public_name(name, str(index + 1)),
                spread,
                tuple((first, last) for first, last in merged if first != last),
                hidden,
                tuple(cell_name(*cell) for cell in sorted(mark.without_result)),
            )


def column_texts(sheet: CalamineSheet) -> list[list[str | None]]:
    """The cells of a sheet as text, column by column from A on, NULL where empty.

    The cells that the reader hands out are held some rows at a time, and of equal texts in a column one.
    """
    rows = sheet.iter_rows()  # from row 1, but from the first column that is filled
    first = next(rows, None)
    if sheet.start is None or first is None:
        return []
    columns: list[list[str | None]] = [[] for _ in first]
    texts = [CellTexts() for _ in first]
    batch: Iterable[list[Any]] = chain([first], islice(rows, ROWS_AT_ONCE))
    while cells_by_column := list(zip(*batch, strict=True)):
        for column, known, cells in zip(columns, texts, cells_by_column, strict=True):
            column.extend(known.of(cells))
        batch = islice(rows, ROWS_AT_ONCE)
    height = len(columns[0])
    left: list[list[str | None]] = [[None] * height for _ in range(sheet.start[1])]
    return left + columns


class CellTexts(dict[Any, str | None]):
    """Value of a cell -> its text, worked out when it is first asked for: columns repeat a few values."""

    def __missing__(self, value: Any) -> str | None:
        text = self[value] = cell_text(value)
        return text

    def of(self, cells: Sequence[Any]) -> Iterator[str | None]:
        """The texts of some cells; True, which is equal to 1, is never looked up."""
        return map(self.__getitem__ if TOLD_APART.issuperset(map(type, cells)) else cell_text, cells)


def cell_text(value: Any) -> str | None:
    """A cell as the text that stands for it, NULL where empty: whole numbers without point, dates in ISO form."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < EXACT_INTEGER else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if value is None:
        return None
    return str(value)


def spread_merged(merged: Iterable[tuple[Cell, Cell]], columns: list[list[str | None]]) -> dict[Cell, str]:
    """Fill vertically merged cells downwards in `columns`, and return what every merged range shows, for headers."""
    spread: dict[Cell, str] = {}
    height = len(columns[0]) if columns else 0
    for (top, left), (bottom, right) in merged:
        text = columns[left][top] if left < len(columns) and top < height else None
        if not text:
            continue
        rows = range(top, min(bottom, height - 1) + 1)
        spread |= {(row, number): text for row in rows for number in range(left, min(right, len(columns) - 1) + 1)}
        for row in rows[1:]:
            if any((column[row] or "").strip(BLANKS) for column in columns):
                columns[left][row] = text
    return spread


__all__ = ["CalamineError", "PasswordError", "Sheet", "load_sheets", "open_workbook"]
