"""The yearly catalogues as an Excel workbook: a sheet for each, one of definitions. No cell is ever a formula."""

from pathlib import Path

from reports.catalogues import catalogues, definitions
from reports.lists import Lists
from reports.round_tables import RoundTables
from reports.wording import texts

WIDE = {
    "occupation_name": 24, "program_name": 24, "school_name": 28, "occupations": 36, "may_expand": 44, "barred": 34,
    "programs": 34, "schools": 44, "priority_lists": 24, "category": 18, "class": 20,
}  # fmt: skip


def write(tables: RoundTables, file: Path, lang: str = "zh") -> None:
    """Write the round's catalogues to `file`; text from files stays text."""
    text = texts(lang)["catalogues"]
    with Lists(file) as book:
        for catalogue in catalogues(tables, lang):
            book.add(
                catalogue.title,
                [column.title for column in catalogue.columns],
                catalogue.rows,
                [WIDE.get(column.name, 14) for column in catalogue.columns],
                [column.format for column in catalogue.columns],
            )
        book.add(text["sheets"]["definitions"], text["definitions"], definitions(tables, lang), (30, 34, 22, 110))
