"""Tables from the rows of a mart: which cell is written how, and which evidence stands behind a row.

Belongs here: the one shape that the tables of all sections share. Does not belong here: which tables there are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports.content.parts import Column, Row, Table, Text, title_of
from reports.wording import number, percent

Record = dict[Any, Any]  # a row of a frame by column


@dataclass(frozen=True)
class Cell:
    """How a cell is written from its row, and whether its column is of numbers."""

    written: Callable[[Record], Text]
    numeric: bool = False


def amount(column: str, digits: int = 2) -> Cell:
    """A number with so many digits at most."""
    return Cell(lambda row: number(row[column], digits), numeric=True)


def rate(column: str) -> Cell:
    """A fraction as a percentage."""
    return Cell(lambda row: percent(row[column]), numeric=True)


def code(column: str) -> Cell:
    """A code as it stands."""
    return Cell(lambda row: str(row[column]))


def name(of: Callable[[str, object], Text], code_column: str, name_column: str) -> Cell:
    """What a thing is called in both languages, by its code and the name that it comes with."""
    return Cell(lambda row: of(row[code_column], row[name_column]))


def tabulate(
    key: str,
    caption: Text,
    rows: pd.DataFrame,
    cells: Mapping[str, Cell],
    evidence: Callable[[Record], str],
    note: Text = "",
) -> Table:
    """A table of the rows in their order; `cells` by the name of the column, whose title stands in the texts."""
    heads = tuple(Column(title_of(named), cell.numeric) for named, cell in cells.items())
    shown = tuple(
        Row(tuple(cell.written(row) for cell in cells.values()), evidence(row)) for row in rows.to_dict("records")
    )
    return Table(key, caption, heads, shown, note)
