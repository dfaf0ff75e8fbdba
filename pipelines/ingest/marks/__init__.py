"""What workbooks say about their cells besides values, which the reader of values leaves out.

Belongs here: asking the file itself, kind by kind. Does not belong here: the values (`workbooks`).
"""

from pipelines.ingest.marks import ods, xls, xlsx
from pipelines.ingest.marks.sheet import Cell, Marks, cell_name
from pipelines.ingest.package import Package

READERS = {"xlsx": xlsx, "xlsm": xlsx, "ods": ods, "xls": xls}


def read_marks(package: Package, kind: str) -> tuple[list[Marks], bool]:
    """The marks of every sheet of a workbook, in the order of sheets, and whether all of them could be read."""
    found: list[Marks] = []
    reader = READERS.get(kind)
    if reader is None:
        return found, False
    try:
        for marks in reader.marks_of(package):
            found.append(marks)
    except reader.UNREADABLE:
        return found, False
    return found, True


__all__ = ["Cell", "Marks", "cell_name", "read_marks"]
