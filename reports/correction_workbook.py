"""The correction workbook (更正工作簿): a sender's own sheets with the cells to be corrected coloured and commented.

Every row ends in a hidden sign that says which row it is a copy of, so that the workbook is known again when it comes
back, saved by whatever program. Belongs here: the look of the workbook. Does not belong here: which cells are wrong.
"""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.utility import quote_sheetname
from xlsxwriter.worksheet import Worksheet

from reports.sheets import Formats, row_height, sheet_names, text_width
from reports.wording import texts
from reports.workbook_marks import NOT_DATA, ORIGIN, ORIGIN_SHEET, Span, row_mark

Severity = Literal["refuse", "flag", "note"]
Cell = str | float | int | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None
COLOURS = {"refuse": {"bg_color": "#FFC7CE", "font_color": "#9C0006"}, "flag": {"bg_color": "#FFEB9C"}}
SHOWN_AS = {dt.datetime: "yyyy-mm-dd hh:mm:ss", dt.date: "yyyy-mm-dd", dt.time: "hh:mm:ss", dt.timedelta: "[h]:mm:ss"}
LONGEST_CELL = 32_767  # characters; Excel opens no file with more in a cell
LAST_COLUMN = 16_383  # the one of the signs, where a sheet is as wide as Excel allows or wider
LONGEST_FOUND = 200  # characters of a cell that the list repeats
MOST_COMMENTS = 2_000  # per sheet; Excel becomes slow with more, and the list of reasons has them all
MOST_REASONS = 20_000
WIDEST = 40
DAY_ZERO = dt.date(1900, 1, 1)  # a spreadsheet knows no earlier date


@dataclass(frozen=True)
class Reason:
    """Something found: where (`row` and `column` from 1, `also` further columns), how bad, of what, what, and why.

    Where it is about a file or a sheet as a whole, `sheet` is None or `row` is 0.
    """

    sheet: int | None
    row: int
    column: int
    severity: Severity
    title: str
    found: str
    message: str
    also: tuple[int, ...] = ()

    @property
    def cell(self) -> str:
        """The cell as Excel names it, "" where there is none."""
        return "" if not self.row else f"{xlsxwriter.utility.xl_col_to_name(self.column - 1)}{self.row}"


@dataclass(frozen=True)
class SheetCopy:
    """One sheet as it was sent: its place in the file (from 0), its rows by number (from 1), its merged ranges.

    `rows` holds only some rows of an excerpt; they then stand below each other. Merged ranges are (first row, first
    column, last row, last column), counted from 0.
    """

    index: int
    name: str
    rows: Mapping[int, Sequence[Cell]]
    merged: Sequence[tuple[int, int, int, int]] = ()
    excerpt: bool = False

    @property
    def width(self) -> int:
        """Columns."""
        return max((len(cells) for cells in self.rows.values()), default=0)

    def places(self) -> dict[int, int]:
        """Row of the file (from 1) -> row of the workbook (from 0)."""
        return {row: place if self.excerpt else row - 1 for place, row in enumerate(sorted(self.rows))}

    def spans(self) -> list[Span]:
        """The rows that are handed out."""
        spans: list[Span] = []
        for row in sorted(self.rows):
            if spans and spans[-1].last == row - 1:
                spans[-1] = Span(self.index, spans[-1].first, row)
            else:
                spans.append(Span(self.index, row, row))
        return spans


@dataclass(frozen=True)
class Correction:
    """What one workbook is made of: the file (name and digest), its sender, its sheets, and the reasons."""

    file: str
    digest: str
    sender: str
    sheets: Sequence[SheetCopy]
    reasons: Sequence[Reason] = field(default=())

    def count(self, severity: Severity) -> int:
        """How many reasons of a severity there are."""
        return sum(1 for reason in self.reasons if reason.severity == severity)


def write(correction: Correction, file: Path, lang: str = "zh") -> None:
    """Write the workbook; no text from a file becomes a formula or a link."""
    text = texts(lang)["correction"]
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(file), options) as book:
        book.set_custom_property(ORIGIN, correction.digest)
        formats = Formats(book)
        names = [
            text["reasons_sheet"],
            ORIGIN_SHEET,
            *(sheet.name or text["text_sheet"] for sheet in correction.sheets),
        ]
        reasons_name, origin_name, *copied = sheet_names(names, first=names[2:])
        reasons_sheet = book.add_worksheet(reasons_name)
        for sheet, name in zip(correction.sheets, copied, strict=True):
            write_sheet(book.add_worksheet(name), sheet, correction, formats)
        shown = {sheet.index: name for sheet, name in zip(correction.sheets, copied, strict=True)}
        write_reasons(reasons_sheet, correction, shown, formats, lang)
        write_origin(book.add_worksheet(origin_name), correction)


def write_sheet(page: Worksheet, sheet: SheetCopy, correction: Correction, formats: Formats) -> None:
    """One sheet of the sender's: cells where they were, with colours and comments, and signs in a hidden column."""
    remarks: dict[tuple[int, int], list[Reason]] = {}
    for reason in correction.reasons:
        if reason.sheet == sheet.index and reason.severity in COLOURS:
            for column in (reason.column, *reason.also):
                remarks.setdefault((reason.row, column), []).append(reason)
    places = sheet.places()
    width = min(max([sheet.width, *(column for _, column in remarks)]), LAST_COLUMN)  # an empty cell may lie far right
    merged = {(top, left): (bottom, right) for top, left, bottom, right in sheet.merged if not sheet.excerpt}
    for (top, left), (bottom, right) in merged.items():
        page.merge_range(top, left, bottom, right, "", formats(align="center", valign="vcenter"))
    for row, cells in sheet.rows.items():
        for number in range(width):
            cell = cells[number] if number < len(cells) else None
            found = remarks.get((row, number + 1), [])
            look = dict(COLOURS[worst(found)]) if found else {}
            if (row - 1, number) in merged:
                look |= {"align": "center", "valign": "vcenter"}
            write_cell(page, places[row], number, cell, look, formats)
        if any(cell is not None and cell != "" for cell in cells):
            page.write_string(places[row], width, row_mark(correction.digest, sheet.index, row))
    shown = sorted(place for place in remarks if place[0] in places)[:MOST_COMMENTS]
    for row, column in shown:
        said = "\n".join(dict.fromkeys(reason.message for reason in remarks[row, column]))
        size = {"x_scale": 2.5, "y_scale": max(1.0, min(6.0, len(said) / 60))}
        page.write_comment(places[row], column - 1, said[:LONGEST_CELL], {"author": "Duikou", **size})
    for number, size_of_column in enumerate(widths(sheet)):
        page.set_column(number, number, size_of_column)
    page.set_column(width, width, 2, None, {"hidden": True})
    page.set_landscape()
    page.fit_to_pages(1, 0)


def worst(found: Iterable[Reason]) -> str:
    """The gravest severity of a cell."""
    return "refuse" if any(reason.severity == "refuse" for reason in found) else "flag"


def write_cell(page: Worksheet, row: int, column: int, cell: Cell, look: dict[str, Any], formats: Formats) -> None:
    """One cell with the value and the type that it was sent with."""
    shape = formats(**look) if look else None
    if cell is None or cell == "":
        if shape:
            page.write_blank(row, column, None, shape)
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell, shape)
    elif isinstance(cell, int | float) and math.isfinite(cell):
        page.write_number(row, column, cell, shape)
    elif isinstance(cell, dt.datetime | dt.date | dt.time | dt.timedelta):
        if isinstance(cell, dt.date) and (cell.date() if isinstance(cell, dt.datetime) else cell) < DAY_ZERO:
            page.write_string(row, column, cell.isoformat(), shape)
        else:
            midnight = isinstance(cell, dt.datetime) and cell.time() == dt.time()
            shown = SHOWN_AS[dt.date if midnight else type(cell)]
            page.write_datetime(row, column, cell, formats(num_format=shown, **look))
    else:
        page.write_string(row, column, str(cell)[:LONGEST_CELL], shape)


def widths(sheet: SheetCopy) -> list[float]:
    """A width for every column: its longest cell, Chinese characters counting twice; long titles do not count."""
    found = [8.0] * sheet.width
    for cells in sheet.rows.values():
        filled = [cell for cell in cells if cell is not None and cell != ""]
        for number, cell in enumerate(cells):
            if cell is not None and len(filled) > 1:
                written = f"{cell:%Y-%m-%d}" if isinstance(cell, dt.datetime) else str(cell)
                length = text_width(written.split("\n")[0][:WIDEST])
                found[number] = max(found[number], min(length + 2, WIDEST))
    return found


def write_reasons(page: Worksheet, correction: Correction, names: dict[int, str], formats: Formats, lang: str) -> None:
    """The list of reasons, each with a link to its cell, under a few lines on what to do."""
    text = texts(lang)["correction"]
    page.write_string(0, 0, NOT_DATA[lang], formats(font_color="#7F7F7F"))
    page.write_string(1, 0, text["title"].format(file=correction.file), formats(bold=True, font_size=14))
    page.write_string(2, 0, text["sender"].format(sender=correction.sender))
    counts = {"refused": correction.count("refuse"), "flagged": correction.count("flag")}
    page.write_string(3, 0, text["counts"].format(**counts), formats(bold=True))
    lines = [*text["how"], *(text["excerpt"].format(sheet=names[s.index]) for s in correction.sheets if s.excerpt)]
    widths_of_columns = (6, 18, 9, 8, 18, 24, 80)
    for line, sentence in enumerate(lines, start=4):
        page.merge_range(line, 0, line, len(widths_of_columns) - 1, "", formats(text_wrap=True, valign="top"))
        page.write_string(line, 0, sentence, formats(text_wrap=True, valign="top"))
        page.set_row(line, row_height([sentence], [sum(widths_of_columns)]))
    head = 5 + len(lines)
    for column, (title, width) in enumerate(zip(text["columns"].values(), widths_of_columns, strict=True)):
        page.write_string(head, column, title, formats(bold=True, border=1, bg_color="#DCE6F1"))
        page.set_column(column, column, width)
    body = formats(text_wrap=True, valign="top", border=1)
    places = {sheet.index: sheet.places() for sheet in correction.sheets}
    for line, reason in enumerate(correction.reasons[:MOST_REASONS], start=1):
        colours = COLOURS.get(reason.severity, {})
        page.write_number(head + line, 0, line, body)
        page.write_string(head + line, 1, "" if reason.sheet is None else names[reason.sheet], body)
        place = None if reason.sheet is None else places[reason.sheet].get(reason.row)
        if place is None or reason.sheet is None:
            page.write_string(head + line, 2, reason.cell, body)
        else:
            here = xlsxwriter.utility.xl_rowcol_to_cell(place, reason.column - 1)
            link = formats(font_color="#0563C1", underline=1, valign="top", border=1)
            page.write_url(head + line, 2, f"internal:{quote_sheetname(names[reason.sheet])}!{here}", link, reason.cell)
        severity = formats(text_wrap=True, valign="top", border=1, **colours)
        page.write_string(head + line, 3, text["severity"][reason.severity], severity)
        said = (reason.title, reason.found[:LONGEST_FOUND], reason.message[:LONGEST_CELL])
        page.set_row(head + line, row_height(said, widths_of_columns[4:]))
        for column, written in enumerate(said, start=4):
            page.write_string(head + line, column, written, body)
    if len(correction.reasons) > MOST_REASONS:
        page.write_string(head + 1 + MOST_REASONS, 0, text["more"].format(n=len(correction.reasons) - MOST_REASONS))
    page.freeze_panes(head + 1, 0)
    page.set_landscape()
    page.fit_to_pages(1, 0)


def write_origin(page: Worksheet, correction: Correction) -> None:
    """The hidden sheet that says which rows of which file were handed out."""
    page.write_string(0, 0, NOT_DATA["zh"])
    for column, text in enumerate((ORIGIN, correction.digest, correction.file)):
        page.write_string(1, column, text)
    spans = [span for sheet in correction.sheets for span in sheet.spans()]
    for row, span in enumerate(spans, start=2):
        for column, number in enumerate((span.sheet, span.first, span.last)):
            page.write_number(row, column, number)
    page.very_hidden()
