"""The cells of the files that numbers came from, by indicator and unit or by input table and code.

Belongs here: which cells stand behind a number, written as people write ranges. Does not belong here: the numbers.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import pandas as pd

from reports.balance import basis_of
from reports.content.parts import Source, Words, joined, pair
from reports.round_tables import RoundTables
from reports.wording import missing

CELL_COLUMNS = ("file", "sheet", "cell", "column_zh", "column_en")
Cell = tuple[Any, ...]  # the values of CELL_COLUMNS
ADDRESS = re.compile(r"^([A-Z]+)([0-9]+)$")


class Cells:
    """The source cells of one round."""

    def __init__(self, tables: RoundTables) -> None:
        self.tables = tables

    @cached_property
    def by_indicator(self) -> dict[tuple[str, int], list[tuple[str, str, Cell]]]:
        """Unit, column and cell by indicator and year."""
        found: dict[tuple[str, int], list[tuple[str, str, Cell]]] = {}
        rows = self.tables.frame("marts.indicator_source")
        names = ["indicator", "year", "unit", "column_name", *CELL_COLUMNS]
        for indicator, year, unit, column, *cell in rows[names].itertuples(index=False, name=None):
            found.setdefault((indicator, int(year)), []).append((unit, column, tuple(cell)))
        return found

    @cached_property
    def by_input(self) -> dict[str, list[tuple[str, int | None, str | None, str, Cell]]]:
        """Code, year, period, column and cell by input table, up to the round."""
        found: dict[str, list[tuple[str, int | None, str | None, str, Cell]]] = {}
        rows = self.tables.frame("marts.input_source")
        names = ["contract", "code", "year", "period", "column_name", *CELL_COLUMNS]
        for contract, code, year, period, column, *cell in rows[names].itertuples(index=False, name=None):
            known = None if year is pd.NA or missing(year) else int(year)
            if known is None or known <= self.tables.round:
                found.setdefault(contract, []).append((code, known, period, column, tuple(cell)))
        return found

    def of_units(
        self, indicator: str, years: Sequence[int], columns: set[str] | None, units: Sequence[str] | None
    ) -> list[Source]:
        """Cells of the schools' files behind an indicator in some years, of some units or of all."""
        wanted = None if units is None else set(units)
        return in_ranges(
            cell
            for year in years
            for unit, column, cell in self.by_indicator.get((indicator, year), [])
            if (wanted is None or unit in wanted) and (columns is None or column in columns)
        )

    def inputs(
        self,
        contract: str,
        columns: set[str],
        codes: Sequence[str] | None,
        years: Sequence[int] | None = None,
        periods: Sequence[str] | None = None,
    ) -> list[Source]:
        """Cells of the other files: of some codes or all, of some years or periods or all up to the round."""
        wanted = None if codes is None else set(codes)
        return in_ranges(
            cell
            for code, year, period, column, cell in self.by_input.get(contract, [])
            if column in columns
            and (wanted is None or code in wanted)
            and (years is None or year is None or year in years)
            and (periods is None or period in periods)
        )

    def openings(self, occupations: Sequence[str]) -> list[Source]:
        """Cells of the openings of occupations in the round, by the signal that the balance is shown by."""
        if basis_of(self.tables) == "vacancies":
            return self.inputs("labour_market", {"vacancies", "job_seekers"}, occupations, [self.tables.round])
        return self.inputs("occupation_projection", {"annual_openings"}, occupations)

    def files_of(self, *contracts: str) -> list[Source]:
        """Whole files, where a number counts their rows."""
        rows = self.tables.frame("marts.source_file").query("contract in @contracts")
        return [
            Source(str(row["file"]), "", "", Words(row["contract_zh"], row["contract_en"]))
            for row in rows.sort_values(["contract", "file"]).to_dict("records")
        ]


def in_ranges(cells: Iterable[Cell]) -> list[Source]:
    """Cells (file, sheet, cell, titles of the column) by file and sheet; neighbours as a range."""
    found: dict[tuple[str, str], dict[tuple[str, str], list[str]]] = {}
    for file, sheet, cell, zh, en in cells:
        place = (str(file), "" if missing(sheet) else str(sheet))
        found.setdefault(place, {}).setdefault((str(zh), str(en)), []).append("" if missing(cell) else str(cell))
    sources = []
    for place in sorted(found):
        written = {title: ranges(of_column) for title, of_column in found[place].items()}
        titles = sorted(written, key=lambda title: in_order(written[title]))
        shown = "; ".join(written[title] for title in titles)
        sources.append(Source(*place, shown, joined([pair(*title) for title in titles])))
    return sources


def in_order(cells: str) -> tuple[int, str]:
    """Columns in the order of a sheet: A before B, Z before AA."""
    letters = re.match(r"[A-Z]*", cells)
    return (len(letters[0]), letters[0]) if letters else (0, cells)


def ranges(cells: Iterable[str]) -> str:
    """Cells as people write them: E3:E9, F4."""
    columns: dict[str, set[int]] = {}
    others = []
    for cell in dict.fromkeys(cells):
        found = ADDRESS.match(cell)
        if found:
            columns.setdefault(found[1], set()).add(int(found[2]))
        elif cell:
            others.append(cell)
    written = []
    for letter in sorted(columns, key=lambda letter: (len(letter), letter)):
        rows = sorted(columns[letter])
        start = rows[0]
        for row, following in zip(rows, [*rows[1:], 0], strict=True):
            if following != row + 1:
                written.append(f"{letter}{row}" if start == row else f"{letter}{start}:{letter}{row}")
                start = following
    return ", ".join([*written, *others])
