"""What all sheets that we write have in common: names that Excel allows, formats made once, sizes that fit the text."""

import math
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

LONGEST = 31
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
LINE = 15  # points of one line of text


class Formats:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.made: dict[tuple[Any, ...], Format] = {}

    def __call__(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format(properties)
        return self.made[key]


def text_width(text: str) -> int:
    """Columns that a text takes: Chinese characters take two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def row_height(cells: Sequence[str], widths: Sequence[float]) -> float:
    """The height of a row in which the texts of `cells` are wrapped at the widths of their columns."""
    lines = (
        sum(max(1, math.ceil(text_width(line) / width)) for line in cell.split("\n"))
        for cell, width in zip(cells, widths, strict=True)
    )
    return LINE * max(lines, default=1)


def sheet_names(names: Sequence[str], first: Sequence[str] = ()) -> list[str]:
    """The names, changed where Excel does not allow them or they occur twice; those in `first` keep theirs.

    Excel allows at most 31 characters, none of []:*?/\\, and no two that differ in case alone.
    """
    taken: set[str] = set()
    given: dict[int, str] = {}
    order = sorted(range(len(names)), key=lambda place: (names[place] not in first, place))
    for place in order:
        visible = "".join("_" if unicodedata.category(c)[0] == "C" else c for c in names[place])
        base = FORBIDDEN.sub("_", visible).strip("'") or "_"
        name, number = base[:LONGEST], 2
        while name.casefold() in taken or name.casefold() == "history":
            ending = f"({number})"
            name, number = base[: LONGEST - len(ending)] + ending, number + 1
        taken.add(name.casefold())
        given[place] = name
    return [given[place] for place in range(len(names))]
