"""Excel lists: sheets with a frozen header and filters, in which text from files stays text.

Belongs here: how a list looks. Does not belong here: what stands in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.sheets import Formats, row_height
from reports.visible_text import visible
from reports.wording import missing

STYLE = {"text_wrap": True, "valign": "top"}
A4 = 9  # Excel's number of the paper


@dataclass(frozen=True)
class Amount:
    """A number with Excel's number format for it; an empty cell where it is missing."""

    value: float | None
    format: str


@dataclass(frozen=True)
class Link:
    """A cell that leads to a row (from 1, the header being 1) of another sheet of the same workbook."""

    text: str
    sheet: str
    row: int = 1


class Lists:
    """One workbook of lists, written when the block ends. No cell is ever a formula or a link that leads out of it."""

    def __init__(self, file: Path) -> None:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book = xlsxwriter.Workbook(str(file), options)
        self.formats = Formats(self.book)
        self.link = self.formats(font_color="#1F4E9E", underline=1, **STYLE)
        self.head = self.formats(bold=True, bg_color="#DCE6F1", border=1, **STYLE)

    def __enter__(self) -> "Lists":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.book.close()

    def add(
        self,
        name: str,
        titles: Sequence[str],
        rows: Sequence[Sequence[object]],
        widths: Sequence[int] = (),
        formats: Sequence[str] = (),
    ) -> None:
        """One sheet: a row of titles and the rows below it.

        `widths` in characters, 14 where none is given; `formats`: Excel's number formats of the columns ("" and where
        none is given: General).
        """
        sheet = self.book.add_worksheet(name)
        styles = [self.formats(num_format=each or "General", **STYLE) for each in formats]
        styles += [self.formats(num_format="General", **STYLE)] * (len(titles) - len(styles))
        shown = [*widths[: len(titles)], *[14] * (len(titles) - len(widths))]
        sheet.set_row(0, row_height(titles, shown))
        for column, title in enumerate(titles):
            sheet.set_column(column, column, shown[column])
            sheet.write_string(0, column, title, self.head)
        for line, cells in enumerate(rows, start=1):
            sheet.set_row(line, row_height([text_of(cell) for cell in cells], shown))
            for column, cell in enumerate(cells):
                self.write(sheet, line, column, cell, styles[column])
        sheet.freeze_panes(1, 0)
        if titles:
            sheet.autofilter(0, 0, max(1, len(rows)), len(titles) - 1)
        set_print(sheet)

    def write(self, sheet: Worksheet, line: int, column: int, cell: object, style: Format) -> None:
        """One cell: a number as a number, a link, any other value as its text; nothing where there is no value."""
        if isinstance(cell, Amount):
            look = cell.format
            if not missing(cell.value) and cell.value == int(cell.value or 0):
                look = look.replace(".##", "")  # Excel would write a whole number with a point behind it
            style, cell = self.formats(num_format=look, **STYLE), cell.value
        if isinstance(cell, Link):
            place = cell.sheet.replace("'", "''")
            sheet.write_url(line, column, f"internal:'{place}'!A{cell.row}", self.link, visible(cell.text))
        elif missing(cell) or cell == "":
            return
        elif isinstance(cell, int | float):
            sheet.write_number(line, column, cell, style)
        else:
            sheet.write_string(line, column, visible(str(cell)), style)


def text_of(cell: object) -> str:
    """The text of a cell that may need several lines; a number needs one."""
    if isinstance(cell, Link):
        return cell.text
    return cell if isinstance(cell, str) else ""


def set_print(sheet: Worksheet) -> None:
    """A4 across, as wide as one page, the header on every page, page numbers at the foot."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&R&P / &N")
