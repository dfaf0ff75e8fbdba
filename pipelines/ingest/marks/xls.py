"""The marks of xls workbooks (BIFF8, as Excel 97 to 2003 write them), from the records of the stream "Workbook".

Belongs here: the records ([MS-XLS], section 2.4). Does not belong here: what becomes of the marks (`sheet`).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines.ingest.marks.sheet import Marks, sign_of_format
from pipelines.ingest.package import DamagedPackage, Package

BOF, EOF, BOUNDSHEET, FORMAT, XF = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0
ROW, COLINFO, NUMBER, FORMULA, RK, MULRK, BOOLERR = 0x0208, 0x007D, 0x0203, 0x0006, 0x027E, 0x00BD, 0x0205
DIMENSIONS, LABEL, LABELSST = 0x0200, 0x0204, 0x00FD
CELLS = {NUMBER, FORMULA, RK, MULRK, BOOLERR, LABEL, LABELSST}
ROW_IS_HIDDEN, COLUMN_IS_HIDDEN = 0x20, 0x01
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
MOST_COLUMNS = 256
UNREADABLE = (DamagedPackage, struct.error, IndexError)  # the last two: a record that ends too early


@dataclass
class Formats:
    """Number formats that the workbook spells out, and the number format of every cell style."""

    codes: dict[int, str] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)

    def sign(self, style: int) -> str | None:
        """The sign or unit that a cell style writes behind a number."""
        if style >= len(self.styles):
            return None
        return sign_of_format(self.styles[style], self.codes.get(self.styles[style]))


def marks_of(package: Package) -> Iterator[Marks]:
    """The marks of every sheet, in the order of sheets. Raises one of UNREADABLE."""
    data = package.stream
    formats, sheets = Formats(), []
    for kind, body in records(data, 0):
        if kind == BOUNDSHEET:
            sheets.append(struct.unpack_from("<I", body)[0])
        elif kind == XF:
            formats.styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == FORMAT:
            number, length, wide = struct.unpack_from("<HHB", body)
            text = body[5 : 5 + length * (2 if wide & 1 else 1)]
            formats.codes[number] = text.decode("utf-16-le" if wide & 1 else "latin-1", errors="replace")
    for start in sheets:
        yield marks_of_sheet(data, start, formats)


def extents(package: Package) -> Iterator[tuple[int, int]]:
    """Rows and columns of every sheet up to its last cell, or what the sheet claims to have where that is more.

    Raises one of UNREADABLE.
    """
    data = package.stream
    for start in [struct.unpack_from("<I", body)[0] for kind, body in records(data, 0) if kind == BOUNDSHEET]:
        rows = columns = 0
        for kind, body in records(data, start):
            if kind == DIMENSIONS:
                _, last_row, _, last_column = struct.unpack_from("<IIHH", body)
                rows, columns = max(rows, last_row), max(columns, last_column)
            elif kind in CELLS:
                row, column = struct.unpack_from("<HH", body)
                rows, columns = max(rows, row + 1), max(columns, column + 1)
        yield rows, columns


def records(data: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of the stream, those of parts within it (charts) left out."""
    place, depth = start, 0
    while place + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, place)
        body = data[place + 4 : place + 4 + size]
        place += 4 + size
        depth += (kind == BOF) - (kind == EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, body


def marks_of_sheet(data: bytes, start: int, formats: Formats) -> Marks:
    """The marks in the records of one sheet."""
    marks = Marks()
    for kind, body in records(data, start):
        if kind == ROW and struct.unpack_from("<H", body, 12)[0] & ROW_IS_HIDDEN:
            marks.hidden_rows.add(struct.unpack_from("<H", body)[0])
        elif kind == COLINFO and struct.unpack_from("<H", body, 8)[0] & COLUMN_IS_HIDDEN:
            first, last = struct.unpack_from("<HH", body)
            marks.hidden_columns |= set(range(first, min(last + 1, MOST_COLUMNS)))
        elif kind in (NUMBER, RK, FORMULA):
            row, column, style = struct.unpack_from("<HHH", body)
            mark_number(marks, row, column, formats.sign(style))
            if kind == FORMULA and body[6] == 2 and body[12:14] == b"\xff\xff":
                marks.texts[row, column] = ERRORS.get(body[8], "#N/A")
        elif kind == MULRK:
            row, column = struct.unpack_from("<HH", body)
            for step, (style, _) in enumerate(struct.iter_unpack("<HI", body[4:-2])):
                mark_number(marks, row, column + step, formats.sign(style))
        elif kind == BOOLERR and body[7]:
            row, column = struct.unpack_from("<HH", body)
            marks.texts[row, column] = ERRORS.get(body[6], "#N/A")
    return marks


def mark_number(marks: Marks, row: int, column: int, sign: str | None) -> None:
    """Add the sign or unit that a number is shown with."""
    if sign:
        marks.shown_with[row, column] = sign
