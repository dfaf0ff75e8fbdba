"""Sheets as the bytes of workbooks and text files, good or damaged.

Belongs here: writing xlsx, xlsm, xls, ods and delimited text, and damaging what was written. Does not belong here: what
stands in the sheets (`mutations`).
"""

import csv
import io
import random
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
import xlwt

Value = str | int | float
WORKBOOKS = ("xlsx", "xlsm", "xls", "ods")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030")
DAMAGES = ("cut", "flipped", "reread", "zeros", "wrapped")
DAMAGES_OF_WORKBOOKS = ("cut", "flipped", "part_flipped", "part_lost", "part_cut", "surrogates", "wrapped")
MOST_CHARACTERS = 32_767  # of a cell, in all spreadsheets
XMLNS = "urn:oasis:names:tc:opendocument:xmlns"
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NO_TEXT = re.compile("[\ud800-\udfff]")


@dataclass
class Row:
    """The cells of a row; `across` and `down` say over how many columns and rows the cell at a place is merged.

    `data` says that it still is a row of data, `header` that it is a line of a header.
    """

    cells: list[Value]
    data: bool = False
    header: bool = False
    hidden: bool = False
    across: dict[int, int] = field(default_factory=dict)
    down: dict[int, int] = field(default_factory=dict)


@dataclass
class Page:
    """A sheet: its name, its rows, the places of its hidden columns."""

    name: str
    rows: list[Row]
    hidden: set[int] = field(default_factory=set)


def full_width(text: str) -> str:
    """ASCII signs in their full-width form."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def shown(cell: Value, form: str) -> str:
    """The text of a cell as the form can hold it."""
    text = str(cell)
    if form in WORKBOOKS:
        text = text[:MOST_CHARACTERS]
        return NO_TEXT.sub("\ufffd", text).replace("\0", "") if form == "xls" else NO_XML.sub("", text)
    return text


def written(pages: list[Page], form: str, delimiter: str, draw: random.Random) -> bytes:
    """The sheets in a form: a kind of workbook, or the encoding of a text file (which holds the first sheet only)."""
    writers = {"xlsx": as_xlsx, "xlsm": as_xlsm, "xls": as_xls, "ods": as_ods}
    if form in writers:
        return writers[form](pages)
    return as_text(pages[0], form, delimiter, draw.choice(["\n", "\r\n", "\r"]))


def as_text(page: Page, encoding: str, delimiter: str, line_end: str) -> bytes:
    """Delimited text; lone surrogates as the broken bytes that some programs write for them."""
    text = io.StringIO()
    broken = any("\n" in str(cell) or "\r" in str(cell) for row in page.rows for cell in row.cells)
    quoting = csv.QUOTE_ALL if broken else csv.QUOTE_MINIMAL  # which overlooks line ends other than its own
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerows(row.cells for row in page.rows)
    return text.getvalue().encode(encoding, errors="replace" if encoding == "gb18030" else "surrogatepass")


def as_xlsx(pages: list[Page]) -> bytes:
    """Numbers as numbers, texts as texts, whatever they begin with."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        for page in pages:
            sheet, ranges = book.add_worksheet(page.name), merged(page)
            for row, line in enumerate(page.rows):
                for column, cell in enumerate(line.cells):
                    if isinstance(cell, str):
                        if text := shown(cell, "xlsx"):
                            sheet.write_string(row, column, text)
                    else:
                        sheet.write_number(row, column, cell)
                if line.hidden:
                    sheet.set_row(row, None, None, {"hidden": True})
            for column in page.hidden:
                sheet.set_column(column, column, None, None, {"hidden": True})
            for top, left, bottom, right in ranges:
                cell = page.rows[top].cells[left]
                sheet.merge_range(top, left, bottom, right, shown(cell, "xlsx") if isinstance(cell, str) else cell)
    return stream.getvalue()


def as_xlsm(pages: list[Page]) -> bytes:
    """The same with a part of macros in it."""
    stream = io.BytesIO(as_xlsx(pages))
    with zipfile.ZipFile(stream, "a") as package:
        package.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
    return stream.getvalue()


def as_xls(pages: list[Page]) -> bytes:
    """The format of Excel up to 2003."""
    book = xlwt.Workbook(encoding="utf-8")
    for page in pages:
        sheet = book.add_sheet(page.name)
        ranges = {(top, left): (bottom, right) for top, left, bottom, right in merged(page)}
        covered = {place for corner, end in ranges.items() for place in places(corner, end) if place != corner}
        for row, line in enumerate(page.rows):
            for column, cell in enumerate(line.cells):
                value = shown(cell, "xls") if isinstance(cell, str) else cell
                if (row, column) in ranges:
                    sheet.write_merge(row, ranges[row, column][0], column, ranges[row, column][1], value)
                elif value != "" and (row, column) not in covered:
                    sheet.write(row, column, value)
            sheet.row(row).hidden = line.hidden
        for column in page.hidden:
            sheet.col(column).hidden = True
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_ods(pages: list[Page]) -> bytes:
    """OpenDocument, as LibreOffice writes it, with the empty rest of the sheet as repeated rows."""
    tables = "".join(
        f"<table:table table:name={quoteattr(page.name)}>{''.join(ods_rows(page))}"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row></table:table>'
        for page in pages
    )
    names = " ".join(f'xmlns:{name}="{XMLNS}:{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    return package(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{XMLNS}:manifest:1.0"/>'.encode(),
            "content.xml": content.encode(),
        }
    )


def ods_rows(page: Page) -> Iterator[str]:
    """The rows of an OpenDocument table."""
    ranges = {(top, left): (bottom, right) for top, left, bottom, right in merged(page)}
    covered = {place for corner, end in ranges.items() for place in places(corner, end) if place != corner}
    for row, line in enumerate(page.rows):
        cells = []
        for column, cell in enumerate(line.cells):
            bottom, right = ranges.get((row, column), (row, column))
            spans = (
                f' table:number-rows-spanned="{bottom - row + 1}" table:number-columns-spanned="{right - column + 1}"'
            )
            text = escape(shown(cell, "ods"))
            if (row, column) in covered:
                cells.append("<table:covered-table-cell/>")
            elif not text:
                cells.append("<table:table-cell/>")
            else:
                kind = "string" if isinstance(cell, str) else f'float" office:value="{cell}'
                spanned = spans if (row, column) in ranges else ""
                cells.append(
                    f'<table:table-cell office:value-type="{kind}"{spanned}><text:p>{text}</text:p></table:table-cell>'
                )
        hidden = ' table:visibility="collapse"' if line.hidden else ""
        yield f"<table:table-row{hidden}>{''.join(cells) or '<table:table-cell/>'}</table:table-row>"


def merged(page: Page) -> list[tuple[int, int, int, int]]:
    """The merged ranges (top, left, bottom, right) of a sheet whose other cells are empty, none over another."""
    taken: set[tuple[int, int]] = set()
    found = []
    for row, line in enumerate(page.rows):
        for column in sorted({*line.across, *line.down}):
            bottom = min(row + line.down.get(column, 1), len(page.rows)) - 1
            right = column + line.across.get(column, 1) - 1
            corner, end = (row, column), (bottom, right)
            if column < len(line.cells) and corner != end and not taken.intersection(places(corner, end)):
                taken.update(places(corner, end))
                found.append((row, column, bottom, right))
    for top, left, bottom, right in found:
        for row, column in places((top, left), (bottom, right)):
            if (row, column) != (top, left) and column < len(page.rows[row].cells):
                page.rows[row].cells[column] = ""
    return found


def places(corner: tuple[int, int], end: tuple[int, int]) -> list[tuple[int, int]]:
    """All cells of a range."""
    return [(row, column) for row in range(corner[0], end[0] + 1) for column in range(corner[1], end[1] + 1)]


def package(parts: dict[str, bytes]) -> bytes:
    """A zip package."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """The parts of a zip package."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def damaged(content: bytes, damage: str, draw: random.Random) -> bytes:
    """What is left of a file: cut off, bits flipped, read in another encoding than it was written, zeros between its
    bytes, packed once more; or a package whose single parts suffer the same, with checksums that fit."""
    if damage == "cut":
        return content[: draw.randrange(len(content) + 1)]
    if damage == "flipped":
        return flipped(content, draw)
    if damage == "reread":
        return content.decode("utf-8", errors="replace").encode("gb18030", errors="replace")
    if damage == "zeros":
        place = draw.randrange(len(content) + 1)
        return content[:place] + b"\0" * draw.randrange(1, 5000) + content[place:]
    if damage == "wrapped" or not zipfile.is_zipfile(io.BytesIO(content)):
        return package({"x.xlsx": content}) if damage == "wrapped" else flipped(content, draw)
    parts = unpacked(content)
    part = draw.choice([*parts, *(name for name in parts if re.search("sheet|content|Strings", name))])
    if damage == "part_lost":
        del parts[part]
    elif damage == "part_cut":
        parts[part] = parts[part][: draw.randrange(len(parts[part]) + 1)]
    elif damage == "surrogates":
        reference = draw.choice([b"&#xD800;", b"&#0;", b"_xD800_", b"\xed\xa0\x80", b"&#x110000;", b"&x;"])
        parts = {
            name: re.sub(b"(>)([^<>]+<)", rb"\1" + reference + rb"\2", text, count=3) for name, text in parts.items()
        }
    else:
        parts[part] = flipped(parts[part], draw)
    return package(parts)


def flipped(content: bytes, draw: random.Random) -> bytes:
    """The bytes with up to twenty of them overwritten."""
    data = bytearray(content or b" ")
    for _ in range(draw.randrange(1, 20)):
        data[draw.randrange(len(data))] = draw.randrange(256)
    return bytes(data)
