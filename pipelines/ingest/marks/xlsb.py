"""How far the sheets of an xlsb workbook reach, from the records of its parts.

Belongs here: the records ([MS-XLSB], section 2.1.4). Does not belong here: what is too far (`extent`).
"""

import struct
from collections.abc import Iterator

ROW, FIRST_CELL, LAST_CELL, BEGIN_SHEET_DATA, END_SHEET_DATA = 0, 1, 11, 0x91, 0x92
MORE = 0x80  # a number goes on in the next byte


def extent(part: bytes) -> tuple[int, int]:
    """Rows and columns up to the last cell of a sheet; (0, 0) for a part that is no sheet.

    Raises struct.error or IndexError where a record ends too early.
    """
    rows = columns = row = 0
    inside = False
    for kind, place in records(part):
        if kind == END_SHEET_DATA:
            break
        if inside and kind == ROW:
            (row,) = struct.unpack_from("<I", part, place)
        elif inside and FIRST_CELL <= kind <= LAST_CELL:
            (column,) = struct.unpack_from("<I", part, place)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        inside = inside or kind == BEGIN_SHEET_DATA
    return rows, columns


def records(part: bytes) -> Iterator[tuple[int, int]]:
    """Kind and place of the content of every record; kinds have one or two bytes, sizes up to four of seven bits."""
    place = 0
    while place < len(part):
        kind, place = part[place], place + 1
        if kind & MORE:
            kind, place = kind & ~MORE | (part[place] & ~MORE) << 7, place + 1
        size = shift = 0
        while True:
            byte, place = part[place], place + 1
            size |= (byte & ~MORE) << shift
            shift += 7
            if not byte & MORE or shift > 21:
                break
        yield kind, place
        place += size
