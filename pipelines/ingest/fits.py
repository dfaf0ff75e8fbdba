"""Header lines against the contracts: which contract they fit best, and how.

Belongs here: matching all columns of a header at once, years among them. Does not belong here: the spelling of one
header (`headers`), where a table begins and ends (`tables`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.contracts import Contract, contracts
from pipelines.ingest.grid import HEADER_LINES, Grid, column_letter
from pipelines.ingest.headers import (
    NUMERIC,
    ROW_NUMBERS,
    HeaderMatch,
    header_key,
    known_names,
    match_header,
    spellings,
)
from pipelines.ingest.stated import Line, Statement, Surroundings, stated_measure, statements
from pipelines.ingest.years import DatedHeader, dated_header, year_column

FIGURE = re.compile(r"^\s*[-+]?[0-9][0-9,.]*\s*[%％‰]?\s*$")
YEAR = re.compile(r"^\s*(19|20)[0-9]{2}\s*$")
LONGEST_STATEMENT = 300  # characters; a longer line above a table is prose, and its beginning says enough

Levels = Mapping[int, tuple[str, ...]]  # column of the sheet -> its header from the top line to the bottom line


@dataclass
class Year:
    """The columns of one year in a header: the year as written, the column it is first written over, the measures."""

    text: str
    number: int
    measures: dict[str, tuple[int, HeaderMatch]] = field(default_factory=dict)


@dataclass(frozen=True)
class Fit:
    """How well header lines fit one contract.

    `matches`: column -> where it stands. `years`: the columns that stand once per year. `stated`: what the lines above
    say for all rows, `twice`: where they contradict the sheet's name. `unnamed`: years over columns of which nothing
    says what they count. `extras` are headers not used; `seconds` says which of them name a column once more.
    `levels` are the header texts by column.
    """

    contract: Contract
    first: int
    last: int
    matches: dict[str, tuple[int, HeaderMatch]]
    years: dict[str, Year]
    stated: dict[str, Statement]
    twice: dict[str, tuple[Statement, Statement]]
    unnamed: tuple[str, ...]
    extras: dict[int, str]
    seconds: dict[int, str]
    levels: Levels

    @property
    def named(self) -> list[str]:
        """The contract columns that the header gives, the one of its years included."""
        year = year_column(self.contract)
        measures = dict.fromkeys(name for found in self.years.values() for name in found.measures)
        return [*self.matches, *measures, *([year.name] if year and self.years else [])]

    @property
    def missing(self) -> tuple[str, ...]:
        """Required columns that neither header nor surroundings give."""
        given = {*self.named, *self.stated}
        return tuple(
            column.name
            for column in self.contract.columns
            if column.required and column.default is None and column.name not in given
        )

    @property
    def complete(self) -> bool:
        """Whether rows under this header can be read by the contract."""
        return not (self.missing or self.unnamed)

    @property
    def merit(self) -> tuple[int, bool, int, int, int]:
        """Most columns matched; then complete; then units found, fewer unknown headers and fewer lines."""
        units = sum(1 for _, match in self.matches.values() if match.unit)
        return (len(self.named), self.complete, units, -len(self.extras), self.first - self.last)


def best_fit(grid: Grid, row: int, start: int, head: int) -> Fit | None:
    """The best reading of the lines from `row` on as a header, or None when they name fewer than two columns.

    A line above the header proper, such as a title, is left out of it where that fits as well. The titles of the table
    begin at `start`, those of the sheet end before `head`.
    """
    if not may_be_header(grid, row):
        return None
    best: Fit | None = None
    for last in range(row, row + HEADER_LINES):
        if last not in grid.rows or (last > row and (has_figures(grid, row) or has_figures(grid, last))):
            break
        for first in range(row, last + 1):
            levels = header_levels(grid, first, last)
            around = surroundings(grid, start, first, head)
            for contract in contracts().values():
                fit = fit_header(levels, contract, first, last, around)
                if fit.years and any(is_figure(text) for line in range(first, last + 1) for text in grid.line(line)):
                    continue  # a row of data that names a year and a class
                if len(fit.named) >= 2 and (best is None or fit.merit > best.merit):
                    best = fit
    return best


def may_be_header(grid: Grid, row: int) -> bool:
    """Whether some cell of a row is spelled like a header, or two of them like years over columns.

    Beside numbers, names count only where they are not those of the line above: cells of a header may be merged over
    the row of data below it.
    """
    texts = [grid.shown(row, number) for number in grid.across]
    if has_figures(grid, row):
        above = grid.line(row - 1) if row - 1 in grid.rows else [""] * len(texts)
        texts = [text for text, upper in zip(texts, above, strict=True) if text != upper]
    if any(spelled_like_a_header(text) for text in texts):
        return True
    own = [text for text in grid.line(row) if text]  # a merged title that names a year is one text, not many
    return sum(1 for text in own if dated_header((text,), "year")) > 1 and not any(map(is_figure, texts))


def has_figures(grid: Grid, row: int) -> bool:
    """Whether a line holds numbers, as a line of a header of several lines does not: it is a row of data."""
    return any(is_figure(text) for text in grid.line(row))


def is_figure(text: str) -> bool:
    """Whether a cell is a number that a header would not hold (a year it might)."""
    return bool(FIGURE.match(text) and not is_year(text))


def is_year(text: str) -> bool:
    """Whether a cell is the number of a year."""
    return bool(YEAR.match(text))


def spelled_like_a_header(text: str) -> bool:
    """Whether a cell is, but for its unit, the name of some contract column."""
    return bool(text) and any(name in known_names() for name, _ in spellings(header_key(text)))


def header_levels(grid: Grid, first: int, last: int) -> Levels:
    """For every column the header texts from the top line to the bottom line.

    Merged ranges spread their text. Where nothing is merged (csv), a blank in an upper line repeats its left neighbour.
    """
    lines = [[grid.shown(row, number) for number in grid.across] for row in range(first, last + 1)]
    for row, upper in enumerate(lines[:-1], start=first):
        for place in range(1, len(upper)):
            merged = (row, grid.across[place - 1]) in grid.spread
            if not upper[place] and not merged and lines[-1][place] and lines[-1][place - 1]:
                upper[place] = upper[place - 1]
    return {number: tuple(line[place] for line in lines) for place, number in enumerate(grid.across)}


def surroundings(grid: Grid, start: int, first: int, head: int) -> Surroundings:
    """The lines from `first` up to `start`, then those of the sheet's head, nearest first, and the sheet's name."""
    rows = [*range(first - 1, start - 1, -1), *range(min(head, start) - 1, -1, -1)]
    return Surroundings(tuple(line for row in rows for line in lines_of(grid, row)), grid.sheet)


def lines_of(grid: Grid, row: int) -> list[Line]:
    """The cells of a line; a cell that ends in a colon is joined with the one that follows it."""
    filled = [(number, text) for number in grid.across if (text := grid.cell(row, number))]
    found: list[Line] = []
    for place, (number, text) in enumerate(filled):
        following = filled[place + 1][1] if place + 1 < len(filled) else ""
        joined = f"{text}{following}" if text.endswith((":", "：")) else text
        found.append(Line(f"{column_letter(number)}{row + 1}", joined[:LONGEST_STATEMENT]))
    return found


def fit_header(levels: Levels, contract: Contract, first: int, last: int, around: Surroundings) -> Fit:
    """Match every column's header to `contract`; of two headers for one column the more direct one counts."""
    matches: dict[str, tuple[int, HeaderMatch]] = {}
    extras: dict[int, str] = {}
    seconds: dict[int, str] = {}
    dated = dated_headers(levels, contract)
    for number, texts in levels.items():
        match = match_header(dated[number].rest if number in dated else texts, contract)
        if match is None or (number in dated and contract.column(match.column).type in NUMERIC):
            if match is None and any(texts) and number not in dated and not is_row_number(texts):
                extras[number] = header_text(texts)
            continue
        dated.pop(number, None)
        second = number
        if match.column not in matches or matches[match.column][1].rank > match.rank:
            second = matches[match.column][0] if match.column in matches else -1
            matches[match.column] = (number, match)
        if second >= 0:
            extras[second] = header_text(levels[second])
            seconds[second] = match.column
    year = year_column(contract)
    if year and year.name in matches:
        extras |= {number: header_text(levels[number]) for number in dated}
        dated = {}
    years, unnamed = years_of(levels, dated, contract, around, extras, seconds)
    if unnamed and not years and any(contract.column(name).type in NUMERIC for name in matches):
        extras |= {number: header_text(levels[number]) for number in dated}
        unnamed = ()
    if len(years) > 1:  # a number without a year beside numbers of several years belongs to none of them
        for name in [name for name in matches if contract.column(name).type in NUMERIC]:
            number, _ = matches.pop(name)
            extras[number] = header_text(levels[number])
    given = {*matches, *([year.name] if year and years else [])}
    stated, twice = statements(contract, [c for c in contract.columns if c.name not in given], around)
    return Fit(contract, first, last, matches, years, stated, twice, unnamed, extras, seconds, levels)


def is_row_number(texts: tuple[str, ...]) -> bool:
    """Whether a header is that of a column which only numbers the rows."""
    return header_key(texts[-1] or texts[0]) in ROW_NUMBERS


def dated_headers(levels: Levels, contract: Contract) -> dict[int, DatedHeader]:
    """The headers with a year in them; none where the year of the rows has a column of its own."""
    column = year_column(contract)
    if column is None:
        return {}
    found = {number: dated for number, texts in levels.items() if (dated := dated_header(texts, column.type))}
    own = (match_header(texts, contract) for number, texts in levels.items() if number not in found)
    return {} if any(match and match.column == column.name for match in own) else found


def years_of(
    levels: Levels,
    dated: Mapping[int, DatedHeader],
    contract: Contract,
    around: Surroundings,
    extras: dict[int, str],
    seconds: dict[int, str],
) -> tuple[dict[str, Year], tuple[str, ...]]:
    """The columns of each year, and the years over columns that nothing names. Adds to `extras` and `seconds`."""
    years: dict[str, Year] = {}
    unnamed: list[str] = []
    for number, header in dated.items():
        match = match_header(header.rest, contract) if header.rest else stated_measure(contract, around)
        if match is None and not header.rest:
            unnamed.append(header.year)
        year = years.get(header.key) or Year(header.year, number)
        if match is None or match.column in year.measures:
            extras[number] = header_text(levels[number])
            if match:
                seconds[number] = match.column
            continue
        year.measures[match.column] = (number, match)
        years[header.key] = year
    return years, tuple(dict.fromkeys(unnamed))


def header_text(levels: tuple[str, ...]) -> str:
    """A header as one text for messages."""
    return " / ".join(dict.fromkeys(" ".join(level.split()) for level in levels if level))
