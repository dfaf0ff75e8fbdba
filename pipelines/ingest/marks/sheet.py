"""What a workbook says about its cells besides their values: what is hidden, shown as a percentage, an error, merged.

Belongs here: what is known of a sheet in this way, and what becomes of it. Does not belong here: finding it in one
kind of file (`xlsx`, `xls`, `ods`), the values (`workbooks`).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import groupby

from pipelines.contracts import Bilingual
from pipelines.ingest.grid import column_letter
from pipelines.ingest.headers import is_unit
from pipelines.ingest.units import unit_key
from reports.workbook_marks import origin_of

Cell = tuple[int, int]  # row and column, counted from 0
PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[-+]?\d+)?")
QUOTED = re.compile(r'"[^"]*"|\\.')
SCALED = re.compile(r"!|,(?![#0?])")  # shows a number divided by thousands or ten thousands, though it is stored whole
PERCENT_FORMATS = {9, 10}  # 0% and 0.00%, which no file writes out
MOST_NAMED = 20


@dataclass
class Marks:
    """Of one sheet: hidden rows and columns; cells whose number is shown with a sign or unit behind it (% 万元); texts
    of cells that the reader gives wrongly or not at all; formulas without a stored result; merged ranges (first cell,
    last cell) where the reader does not give them."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    shown_with: dict[Cell, str] = field(default_factory=dict)
    texts: dict[Cell, str] = field(default_factory=dict)
    without_result: set[Cell] = field(default_factory=set)
    merged: list[tuple[Cell, Cell]] = field(default_factory=list)

    def apply(self, columns: Sequence[list[str | None]]) -> None:
        """Change the texts of `columns` to what the sheet shows."""
        height = len(columns[0]) if columns else 0
        for (row, number), text in self.texts.items():
            if number < len(columns) and row < height:
                columns[number][row] = text
        for (row, number), sign in self.shown_with.items():
            value = columns[number][row] if number < len(columns) and row < height else None
            if value and PLAIN_NUMBER.fullmatch(value):
                columns[number][row] = f"{(Decimal(value) * 100).normalize():f}%" if sign == "%" else value + sign

    def hidden(self, columns: Sequence[list[str | None]]) -> Bilingual | None:
        """The hidden rows and columns that hold something, in words; None when there are none."""
        height = len(columns[0]) if columns else 0
        rows = sorted(row for row in self.hidden_rows if row < height and any(column[row] for column in columns))
        numbers = sorted(
            number for number in self.hidden_columns if number < len(columns) and holds_data(columns[number])
        )
        lines, letters = spans(rows, lambda row: str(row + 1)), spans(numbers, column_letter)
        zh = [f"第 {'、'.join(lines)} 行"] * bool(lines) + [f"{'、'.join(letters)} 列"] * bool(letters)
        en = [f"rows {', '.join(lines)}"] * bool(lines) + [f"columns {', '.join(letters)}"] * bool(letters)
        return Bilingual(zh="、".join(zh), en=" and ".join(en)) if zh else None


def spans(numbers: Iterable[int], name: Callable[[int], str]) -> list[str]:
    """Rising numbers as spans (5–7), each end called by its `name`; no more than can be read."""
    runs = [list(run) for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])]
    found = [name(run[0][1]) + (f"–{name(run[-1][1])}" if len(run) > 1 else "") for run in runs]
    return found if len(found) <= MOST_NAMED else [*found[:MOST_NAMED], "…"]


@cache
def sign_of_format(number: int, code: str | None) -> str | None:
    """The sign or unit that a number format writes behind a number: % or a unit such as 万元; None for any other.

    % also multiplies the number by a hundred, ％ stands for a sign that is only written.
    `code` is the format as a workbook spells it out, None for those that have a number only.
    """
    if code is None:
        return "%" if number in PERCENT_FORMATS else None
    first = code.split(";")[0]
    if "%" in QUOTED.sub("", first):
        return "%"
    behind = re.split("0|general", first, flags=re.IGNORECASE)[-1]
    if SCALED.search(first):
        return None
    text = re.sub(r'["\\\s]', "", re.sub(r"[_*].|\[[^\]]*\]", "", behind))
    if text == "%":
        return "％"  # written behind the number, which is not multiplied
    return unit_key(text) if text and is_unit(text) else None


def cell_name(row: int, number: int) -> str:
    """A cell as Excel calls it; (0, 0) is A1."""
    return f"{column_letter(number)}{row + 1}"


def holds_data(column: Sequence[str | None]) -> bool:
    """Whether a column holds more than the signs that correction workbooks end their rows with."""
    return any(text and origin_of(text) is None for text in column)
