"""Workbooks (xlsx, xlsm, xlsb, xls, ods) into tables of cells, by python-calamine.

Belongs here: everything between a workbook and rows of cells as text, merged ranges included.
Does not belong here: which rows are data (`tables`) and what a cell means (`values`).
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from pipelines.ingest.personal import public_name

EXACT_INTEGER = 1e15  # integers above are written in the form Excel shows them in


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file: its name, its place, and the header cells that merged ranges spread.

    `spread` maps (row, column), counted from 0, to the text that a merged range shows there.
    """

    index: int
    name: str
    spread: dict[tuple[int, int], str] = field(default_factory=dict)


def open_workbook(path: Path) -> CalamineWorkbook:
    """The workbook at `path`; raises CalamineError when it is damaged or protected by a password."""
    return CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))  # from_path would go by the name


def load_sheets(connection: duckdb.DuckDBPyConnection, workbook: CalamineWorkbook, raw: str) -> Iterator[Sheet]:
    """Create the temporary table `raw` (columns c0, c1, …, rowid = row - 1) for one sheet after the other.

    Chart sheets and sheets that hold no cell are passed over. Raises CalamineError when a sheet is damaged.
    """
    for index, name in enumerate(workbook.sheet_names):
        sheet = workbook.get_sheet_by_index(index)
        rows = sheet.to_python(skip_empty_area=False)
        if not rows:
            continue
        columns = [cell_texts(column) for column in zip(*rows, strict=True)]
        spread = spread_merged(sheet, columns)
        while columns and not any(columns[-1]):
            columns.pop()
        if not columns:
            continue
        arrays = {f"c{number}": pa.array(column, pa.string()) for number, column in enumerate(columns)}
        connection.register("cells", pa.table(arrays))
        connection.execute(f"create or replace temp table {raw} as from cells")
        connection.unregister("cells")
        yield Sheet(index, public_name(name, str(index + 1)), spread)


def cell_texts(column: tuple[Any, ...]) -> list[str | None]:
    """The cells of one column as text, NULL where empty."""
    return [value or None if type(value) is str else cell_text(value) for value in column]


def cell_text(value: Any) -> str | None:
    """A cell as the text that stands for it: whole numbers without point, dates in ISO form."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < EXACT_INTEGER else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if value is None:
        return None
    return str(value)


def spread_merged(sheet: CalamineSheet, columns: list[list[str | None]]) -> dict[tuple[int, int], str]:
    """Fill vertically merged cells downwards in `columns`, and return what every merged range shows, for headers."""
    spread: dict[tuple[int, int], str] = {}
    height = len(columns[0]) if columns else 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        text = columns[left][top] if left < len(columns) and top < height else None
        if not text:
            continue
        rows = range(top, min(bottom, height - 1) + 1)
        spread |= {(row, number): text for row in rows for number in range(left, min(right, len(columns) - 1) + 1)}
        if left == right:
            for row in rows[1:]:
                if any(column[row] for column in columns):
                    columns[left][row] = text
    return spread


__all__ = ["CalamineError", "PasswordError", "Sheet", "load_sheets", "open_workbook"]
