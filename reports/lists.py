"""Excel lists: sheets with a frozen header and filters, in which text from files stays text.

Belongs here: how a list looks. Does not belong here: what stands in it.
"""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import xlsxwriter

from reports.sheets import Formats, row_height
from reports.wording import missing

STYLE = {"text_wrap": True, "valign": "top"}


class Lists:
    """One workbook of lists, written when the block ends. No cell is ever a formula or a link."""

    def __init__(self, file: Path) -> None:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book = xlsxwriter.Workbook(str(file), options)
        self.formats = Formats(self.book)
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
            sheet.set_row(line, row_height(["" if missing(cell) else str(cell) for cell in cells], shown))
            for column, cell in enumerate(cells):
                if isinstance(cell, int | float) and not missing(cell):
                    sheet.write_number(line, column, cell, styles[column])
                elif missing(cell):
                    sheet.write_blank(line, column, None, styles[column])
                else:
                    sheet.write_string(line, column, str(cell), styles[column])
        sheet.freeze_panes(1, 0)
        if titles:
            sheet.autofilter(0, 0, max(1, len(rows)), len(titles) - 1)
