"""What workbooks say about their cells besides values, which the reader of values leaves out.

Belongs here: asking the file itself, kind by kind. Does not belong here: the values (`workbooks`).
"""

import struct
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

from pipelines.ingest.marks import ods, xls, xlsx
from pipelines.ingest.marks.sheet import Cell, Marks, cell_name

READERS = {"xlsx": xlsx, "xlsm": xlsx, "ods": ods, "xls": xls}
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, ElementTree.ParseError, struct.error, OSError, EOFError),
    *(KeyError, ValueError, IndexError, NotImplementedError, RuntimeError),
)


def read_marks(path: Path, kind: str) -> tuple[list[Marks], bool]:
    """The marks of every sheet of a workbook, in the order of sheets, and whether all of them could be read."""
    found: list[Marks] = []
    if kind in READERS:
        try:
            for marks in READERS[kind].marks_of(path):
                found.append(marks)
        except UNREADABLE:
            return found, False
    return found, kind in READERS


__all__ = ["Cell", "Marks", "cell_name", "read_marks"]
