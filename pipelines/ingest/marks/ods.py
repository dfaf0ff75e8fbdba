"""The marks of OpenDocument sheets, from content.xml.

Belongs here: the XML of the part. Does not belong here: what becomes of the marks (`sheet`).
"""

from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree

from pipelines.ingest.marks.sheet import Marks
from pipelines.ingest.package import DamagedPackage, Package

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
HIDDEN = {"collapse", "filter"}
TELLING = (b'visibility="', b'spanned="', b'"percentage"')
MOST_REPEATED = 20_000  # rows or columns that a mark is repeated for; beyond are empty ones up to the sheet's edge
UNREADABLE = (DamagedPackage, ElementTree.ParseError, ValueError)  # the last: no number where one belongs


def marks_of(package: Package) -> Iterator[Marks]:
    """The marks of every sheet, in the order of sheets. Raises one of UNREADABLE."""
    content = package.part("content.xml")
    if any(telling in content for telling in TELLING):
        for _, element in ElementTree.iterparse(BytesIO(content)):
            if element.tag == f"{TABLE}table":
                yield marks_of_table(element)
                element.clear()


def marks_of_table(table: ElementTree.Element) -> Marks:
    """The marks in the XML of one sheet."""
    marks = Marks()
    number = 0
    for column in table.iter(f"{TABLE}table-column"):
        repeated = repetitions(column, "columns")
        if column.get(f"{TABLE}visibility") in HIDDEN:
            marks.hidden_columns |= set(range(number, number + min(repeated, MOST_REPEATED)))
        number += repeated
    row = 0
    for line in table.iter(f"{TABLE}table-row"):
        repeated = repetitions(line, "rows")
        if line.get(f"{TABLE}visibility") in HIDDEN:
            marks.hidden_rows |= set(range(row, row + min(repeated, MOST_REPEATED)))
        mark_cells(marks, line, range(row, row + min(repeated, MOST_REPEATED)))
        row += repeated
    return marks


def mark_cells(marks: Marks, line: ElementTree.Element, rows: range) -> None:
    """Add the marks of the cells of one line, which stands for all the `rows`."""
    number = 0
    for cell in line:
        repeated = repetitions(cell, "columns")
        if cell.get(f"{OFFICE}value-type") == "percentage":
            places = ((row, place) for row in rows for place in range(number, number + min(repeated, MOST_REPEATED)))
            marks.shown_with |= dict.fromkeys(places, "%")
        down = int(cell.get(f"{TABLE}number-rows-spanned") or 1)
        across = int(cell.get(f"{TABLE}number-columns-spanned") or 1)
        if down > 1 or across > 1:
            marks.merged.append(((rows.start, number), (rows.start + down - 1, number + across - 1)))
        number += repeated


def repetitions(element: ElementTree.Element, what: str) -> int:
    """How many rows or columns an element stands for."""
    return int(element.get(f"{TABLE}number-{what}-repeated") or 1)
