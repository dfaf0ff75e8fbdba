"""Excel lists: sheets with a frozen header and filters, in which text from files stays text.

Belongs here: how a list looks. Does not belong here: what stands in it.
"""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import xlsxwriter

from reports.wording import missing


class Lists:
    """One workbook of lists, written when the block ends. No cell is ever a formula or a link."""

    def __init__(self, file: Path) -> None:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book = xlsxwriter.Workbook(str(file), options)
        style = {"text_wrap": True, "valign": "top"}
        self.head = self.book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, **style})
        self.body = self.book.add_format(style)

    def __enter__(self) -> "Lists":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.book.close()

    def add(
        self, name: str, titles: Sequence[str], rows: Sequence[Sequence[object]], widths: Sequence[int] = ()
    ) -> None:
        """One sheet: a row of titles and the rows below it; widths in characters, 14 where none is given."""
        sheet = self.book.add_worksheet(name)
        for column, title in enumerate(titles):
            sheet.set_column(column, column, widths[column] if column < len(widths) else 14)
            sheet.write_string(0, column, title, self.head)
        for line, cells in enumerate(rows, start=1):
            for column, cell in enumerate(cells):
                if isinstance(cell, int | float) and not missing(cell):
                    sheet.write_number(line, column, cell, self.body)
                else:
                    sheet.write_string(line, column, "" if missing(cell) else str(cell), self.body)
        sheet.freeze_panes(1, 0)
        if titles:
            sheet.autofilter(0, 0, max(1, len(rows)), len(titles) - 1)
