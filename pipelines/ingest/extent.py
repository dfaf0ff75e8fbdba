"""How far a sheet may reach, and how far the sheets of a workbook do, found out before it is opened.

The reader lays every sheet out as a full rectangle up to its last cell: one stray cell in the far corner asks for more
memory than there is, and ends the process. Belongs here: looking for such cells. Does not belong here: reading.
"""

import re

from pipelines.contracts import Bilingual
from pipelines.ingest.marks import xls, xlsb
from pipelines.ingest.package import DamagedPackage, Package
from pipelines.ingest.sources import corrupted

MOST_CELLS = 120_000_000  # of a sheet's rectangle; a million rows of a hundred columns
MOST_COLUMNS = 1_000  # of a sheet; the widest contract over thirty years has 700, and every column costs time
NEAR = (999_999, 26)
NOT_NEAR = (  # cells and rows that say otherwise, or nothing, about their place than most do: up to column Z
    re.compile(rb"""<c(?=[\s/>])(?! r="[A-Za-z][0-9]{1,6}")"""),
    re.compile(rb"""<row(?=[\s/>])(?! r="[0-9]{1,6}")"""),
    re.compile(rb""":(?:c|row)(?=[\s/>])"""),
)
NOT_PLAIN = re.compile(rb"""<c(?=[\s/>])(?! r="[A-Za-z]+[0-9]+")|<row(?=[\s/>])(?! r="[0-9]+")|:(?:c|row)(?=[\s/>])""")
FILLED = re.compile(rb"""<(?:c|row) r="([A-Za-z]*)([0-9]+)"(?![^<>]*/>)""")  # not closed at once
ATTRIBUTES = rb"""((?:\s+[^\s=>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(/?)>"""  # and whether the tag is closed at once
TAG = re.compile(rb"<(?:[^\s<>/:]+:)?(c|row)" + ATTRIBUTES)
PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")
COUNT = re.compile(rb"""[Cc]ount\s*=\s*["'][0-9]{9,}""")  # the reader sets aside room for as many as a part claims
REPEATED = re.compile(rb"""-repeated\s*=\s*["']([0-9]+)["']""")
REPEATED_CELL = re.compile(rb"<table:(?:covered-)?table-cell" + ATTRIBUTES)
REPEATED_ROW = re.compile(rb"<table:table-row" + ATTRIBUTES + rb"(.*?)</table:table-row>", re.DOTALL)
MOST_DIGITS = 18  # of a place or count; longer ones are as far out
MOST_REPEATED = 20_000


def too_far(package: Package, kind: str) -> Bilingual | None:
    """The message for a workbook with a sheet that reaches too far or that is damaged, None when it can be opened."""
    try:
        return problem_of_records(package) if kind == "xls" else problem_of_parts(package, kind)
    except (DamagedPackage, *xls.UNREADABLE) as error:
        return corrupted(str(error))


def problem_of_parts(package: Package, kind: str) -> Bilingual | None:
    """The same for a zip package. Every part is looked at: any of them may be named as a sheet."""
    for name in package.sizes:
        part = package.part(name)
        if kind == "ods":
            if name == "content.xml" and repeats_too_often(part):
                return message(name, MOST_REPEATED, 1)
            continue
        if claims_too_many(part):
            return corrupted(f"{name}: count")
        rows, columns = xlsb.extent(part) if kind == "xlsb" else extent(part)
        if rows * columns > MOST_CELLS or columns > MOST_COLUMNS:
            return message(name.rsplit("/", 1)[-1], rows, columns)
    return None


def problem_of_records(package: Package) -> Bilingual | None:
    """The same for an xls workbook, which also sets aside room for what its sheets claim to hold."""
    for number, (rows, columns) in enumerate(xls.extents(package), start=1):
        if rows * columns > MOST_CELLS or columns > MOST_COLUMNS:
            return message(f"Sheet{number}", rows, columns)
    return None


def claims_too_many(part: bytes) -> bool:
    """Whether a part says that it has more entries than fit; most sheets say nothing, which is quickly seen."""
    return b"ount" in part and COUNT.search(part) is not None


def extent(sheet: bytes) -> tuple[int, int]:
    """Rows and columns of the rectangle up to the last filled cell; only bounds where no cell lies far out."""
    if not any(pattern.search(sheet) for pattern in NOT_NEAR):
        return NEAR
    if NOT_PLAIN.search(sheet):
        return walked_extent(sheet)
    places = set(FILLED.findall(sheet))
    rows = max((number(row) for _, row in places), default=0)
    return rows, max((column_number(letters) for letters in {letters for letters, _ in places}), default=0)


def walked_extent(sheet: bytes) -> tuple[int, int]:
    """The same from tag to tag, where some say nothing about their place: they follow the one before."""
    rows = columns = row = column = 0
    for kind, attributes, closed in TAG.findall(sheet):
        place = PLACE.search(attributes)
        if kind == b"row":
            row, column = number(place[2]) if place else row + 1, 0
            continue
        column = column_number(place[1]) if place else column + 1
        if not closed:
            rows, columns = max(rows, row, number(place[2]) if place else 1), max(columns, column)
    return rows, columns


def number(digits: bytes) -> int:
    """A whole number."""
    return int(digits[:MOST_DIGITS])


def column_number(letters: bytes) -> int:
    """The number of a column, 1 for A."""
    found = 0
    for letter in letters[:MOST_DIGITS].upper():
        found = found * 26 + letter - 64
    return found


def repeats_too_often(content: bytes) -> bool:
    """Whether an OpenDocument sheet repeats filled rows or cells beyond measure (empty ones take no room)."""
    if not any(map(too_often, REPEATED.findall(content))):
        return False
    if any(
        any(map(too_often, REPEATED.findall(attributes))) and (not closed or b"office:" in attributes)
        for attributes, closed in REPEATED_CELL.findall(content)
    ):
        return True
    return any(
        any(map(too_often, REPEATED.findall(attributes))) and (b"<text:p" in cells or b"office:" in cells)
        for attributes, closed, cells in REPEATED_ROW.findall(content)
        if not closed
    )


def too_often(count: bytes) -> bool:
    """Whether a count of repetitions is more than a table needs."""
    return number(count) > MOST_REPEATED


def message(part: str, rows: int, columns: int) -> Bilingual:
    """What to do about cells far out."""
    return Bilingual(
        zh=f"{part} 伸展到第 {rows:,} 行、第 {columns:,} 列，超过限度（{MOST_COLUMNS:,} 列，{MOST_CELLS:,} 格），"
        "未打开。请删去远处的多余单元格后再放入。",
        en=f"{part} reaches to row {rows:,} and column {columns:,}, over the limit ({MOST_COLUMNS:,} columns,"
        f" {MOST_CELLS:,} cells), and was not opened. Delete the stray cells far out and put it back.",
    )


class TooWide(Exception):
    """A sheet, met while reading, has more columns than are read; `problem` says so to the sender."""

    def __init__(self, columns: int, sheet: str = "") -> None:
        """A sheet of so many columns; a text file has none with a name."""
        super().__init__(f"{columns} columns")
        self.problem = Bilingual(
            zh=(f"工作表“{sheet}”" if sheet else "") + f"有 {columns:,} 列，超过限度（{MOST_COLUMNS:,} 列），未读取。"
            "请删去多余的列，或拆成几个文件后再放入。",
            en=(f"Sheet “{sheet}” has" if sheet else "It has") + f" {columns:,} columns, over the limit"
            f" ({MOST_COLUMNS:,} columns), and was not read."
            " Delete the columns that are not needed, or split the file.",
        )
