"""How far a sheet may reach, and how far the sheets of a workbook do, found out before it is opened.

The reader lays every sheet out as a full rectangle up to its last cell: one stray cell in the far corner asks for more
memory than there is, and ends the process. Belongs here: looking for such cells. Does not belong here: reading.
"""

import re
import zipfile
import zlib
from pathlib import Path

from pipelines.contracts import Bilingual
from pipelines.ingest.marks import xls
from pipelines.ingest.sources import corrupted

MOST_CELLS = 120_000_000  # of a sheet's rectangle; a million rows of a hundred columns
MOST_COLUMNS = 1_000  # of a sheet; the widest contract over thirty years has 700, and every column costs time
FAR = re.compile(rb'r="(?:[A-Za-z]{2,}[0-9]+|[A-Za-z]?[0-9]{7,})"')  # beyond column Z or row 999,999
NEAR = (999_999, 26)
COUNT = re.compile(rb"""[Cc]ount=["'][0-9]{9,}""")  # the reader sets aside room for as many as a part claims to have
FILLED = re.compile(rb"""r=["']([A-Za-z]*)([0-9]+)["'](?![^<>]*/>)""")  # cells and rows that are not closed at once
REPEATED_ROW = re.compile(
    rb"""<table:table-row\b[^>]*?number-rows-repeated="([0-9]+)"[^>]*(?<!/)>(.*?)</table:table-row>""", re.DOTALL
)
REPEATED_CELL = re.compile(rb"""<table:table-cell\b[^>]*?number-columns-repeated="([0-9]+)"[^>]*(?<!/)>""")
COUNTED = ("xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml")
MOST_REPEATED = 20_000


def too_far(path: Path, kind: str) -> Bilingual | None:
    """The message for a workbook with a sheet that reaches too far, None when it can be opened."""
    if kind not in ("xlsx", "xlsm", "ods", "xls"):
        return None
    try:
        return problem_of_records(path) if kind == "xls" else problem_of_parts(path, kind)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        return corrupted(str(error))


def problem_of_parts(path: Path, kind: str) -> Bilingual | None:
    """The same for a package whose parts can all be unpacked; raises what zipfile raises when they cannot."""
    with zipfile.ZipFile(path) as package:
        for part in package.namelist():
            if kind == "ods" and part == "content.xml" and repeats_too_often(package.read(part)):
                return message("content.xml", MOST_REPEATED, 1)
            if kind != "ods" and part in COUNTED and claims_too_many(package.read(part)):
                return corrupted(f"{part}: count")
            if kind != "ods" and re.fullmatch(r"xl/worksheets/[^/]+\.xml", part):
                sheet = package.read(part)
                if claims_too_many(sheet):
                    return corrupted(f"{part}: count")
                rows, columns = extent(sheet)
                if rows * columns > MOST_CELLS or columns > MOST_COLUMNS:
                    return message(part.rsplit("/", 1)[1], rows, columns)
    return None


def problem_of_records(path: Path) -> Bilingual | None:
    """The same for the stream of an xls workbook, which also sets aside room for what its sheets claim to hold."""
    for number, (rows, columns) in enumerate(xls.extents(path), start=1):
        if rows * columns > MOST_CELLS or columns > MOST_COLUMNS:
            return message(f"Sheet{number}", rows, columns)
    return None


def claims_too_many(part: bytes) -> bool:
    """Whether a part says that it has more entries than fit; most sheets say nothing, which is quickly seen."""
    return b"ount=" in part and COUNT.search(part) is not None


def extent(sheet: bytes) -> tuple[int, int]:
    """Rows and columns of the rectangle up to the last filled cell; only bounds where no cell lies far out."""
    if not FAR.search(sheet) and b"r='" not in sheet:
        return NEAR
    places = set(FILLED.findall(sheet))
    rows = max((int(row) for _, row in places), default=0)
    return rows, max((column_number(letters) for letters in {letters for letters, _ in places}), default=0)


def column_number(letters: bytes) -> int:
    """The number of a column, 1 for A."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def repeats_too_often(content: bytes) -> bool:
    """Whether an OpenDocument sheet repeats filled rows or cells beyond measure (empty ones take no room)."""
    if any(int(cell[1]) > MOST_REPEATED for cell in REPEATED_CELL.finditer(content)):
        return True
    return any(int(row[1]) > MOST_REPEATED and b"<text:p" in row[2] for row in REPEATED_ROW.finditer(content))


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
