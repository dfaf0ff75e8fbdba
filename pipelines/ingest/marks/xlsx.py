"""The marks of xlsx and xlsm workbooks, from the parts of the package.

Belongs here: the XML of the parts. Does not belong here: what becomes of the marks (`sheet`).
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from xml.etree import ElementTree

from pipelines.ingest.marks.sheet import Cell, Marks, sign_of_format
from pipelines.ingest.package import DamagedPackage, Package

HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\bhidden=[\"'](?:1|true)[\"'][^>]*>")
HIDDEN_COLUMNS = re.compile(rb"<(?:\w+:)?col\b[^>]*?\bhidden=[\"'](?:1|true)[\"'][^>]*>")
ATTRIBUTE = re.compile(rb"\b(\w+)=[\"']([^\"']*)[\"']")
FORMULA = rb"<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)"
ERROR = re.compile(rb"<(?:\w+:)?c\b([^>]*?\bt=[\"']e[\"'][^>]*)>(?:" + FORMULA + rb")?<(?:\w+:)?v>([^<]*)<")
WITHOUT_RESULT = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>" + FORMULA + rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
TEXT_RESULT = re.compile(rb"\bt=[\"']str[\"']")  # of a formula: it may be empty
RAISED = str.maketrans("0123456789abcde", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉ")
MAIN = "{*}"
RAISED_RUN = f"{MAIN}rPr/{MAIN}vertAlign[@val='superscript']"
MOST_COLUMNS = 16_384
UNREADABLE = (DamagedPackage, ElementTree.ParseError, ValueError)  # the last: no number where one belongs


def marks_of(package: Package) -> Iterator[Marks]:
    """The marks of every sheet, in the order of sheets. Raises one of UNREADABLE."""
    names = package.sizes
    signs = signs_of_styles(package.part("xl/styles.xml")) if "xl/styles.xml" in names else {}
    raised = raised_texts(package.part("xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in names else {}
    for part in sheet_parts(package):
        yield marks_of_sheet(package.part(part), signs, raised) if part in names else Marks()


def sheet_parts(package: Package) -> list[str]:
    """The part of every sheet, in the order of the workbook."""
    links = ElementTree.fromstring(package.part("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target") or "" for link in links}
    sheets = ElementTree.fromstring(package.part("xl/workbook.xml")).iterfind(f"{MAIN}sheets/{MAIN}sheet")
    parts = []
    for sheet in sheets:
        link = next((value for name, value in sheet.items() if name.endswith("}id")), "")
        target = targets.get(link, "")
        parts.append(target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target))
    return parts


def signs_of_styles(styles: bytes) -> dict[int, str]:
    """Number of a cell style -> the sign or unit that it writes behind a number."""
    root = ElementTree.fromstring(styles)
    codes = {
        int(found.get("numFmtId", "0")): found.get("formatCode", "") for found in root.iterfind(f".//{MAIN}numFmt")
    }
    formats = [int(style.get("numFmtId", "0")) for style in root.iterfind(f"{MAIN}cellXfs/{MAIN}xf")]
    signs = {place: sign_of_format(number, codes.get(number)) for place, number in enumerate(formats)}
    return {place: sign for place, sign in signs.items() if sign}


def raised_texts(strings: bytes) -> dict[int, str]:
    """Number of a shared text -> the text, for those that end in raised characters, these written as such (12²)."""
    if b"superscript" not in strings:
        return {}
    found = {}
    for place, entry in enumerate(ElementTree.fromstring(strings)):
        runs = [
            (run.findtext(f"{MAIN}t") or "", run.find(RAISED_RUN) is not None) for run in entry.iterfind(f"{MAIN}r")
        ]
        if any(raised for _, raised in runs):
            found[place] = "".join(text.translate(RAISED) if raised else text for text, raised in runs)
    return found


def marks_of_sheet(sheet: bytes, signs: dict[int, str], raised: dict[int, str]) -> Marks:
    """The marks in the XML of one sheet."""
    marks = Marks()
    if b"hidden=" in sheet:
        marks.hidden_rows |= {
            int(found) - 1 for row in HIDDEN_ROW.findall(sheet) if (found := attributes(row).get(b"r"))
        }
        for column in HIDDEN_COLUMNS.findall(sheet):
            ends = attributes(column)
            first, last = int(ends.get(b"min", b"1")), int(ends.get(b"max", b"0"))
            marks.hidden_columns |= set(range(first - 1, min(last, MOST_COLUMNS)))
    if b't="e"' in sheet or (b"'" in sheet and b"t='e'" in sheet):
        marks.texts |= {cell: text.decode() for found, text in ERROR.findall(sheet) if (cell := place(found))}
    if b"<f" in sheet or b":f" in sheet:
        empty = (found for found in WITHOUT_RESULT.findall(sheet) if not TEXT_RESULT.search(found))
        marks.without_result |= {cell for found in empty if (cell := place(found))}
    if signs:
        styled = rb"<(?:\w+:)?c\b(?=[^>]*?\bs=[\"'](%s)[\"'])([^>]*)>" % alternatives(signs)
        marks.shown_with |= {
            cell: signs[int(style)] for style, found in re.findall(styled, sheet) if (cell := place(found))
        }
    if raised:
        shared = rb"<(?:\w+:)?c\b([^>]*?\bt=[\"']s[\"'][^>]*)><(?:\w+:)?v>(%s)</" % alternatives(raised)
        marks.texts |= {cell: raised[int(text)] for found, text in re.findall(shared, sheet) if (cell := place(found))}
    return marks


def alternatives(numbers: Iterable[int]) -> bytes:
    """The numbers as alternatives of a regular expression."""
    return b"|".join(str(number).encode() for number in numbers)


def attributes(tag: bytes) -> dict[bytes, bytes]:
    """The attributes of a tag."""
    return dict(ATTRIBUTE.findall(tag))


def place(cell_attributes: bytes) -> Cell | None:
    """The row and column of a cell, counted from 0, from its attributes; None where it has no name."""
    found = re.search(rb"\br=[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']", cell_attributes)
    if not found:
        return None
    number = 0
    for letter in found[1].upper():
        number = number * 26 + letter - 64
    return int(found[2]) - 1, number - 1
