"""The warning list (预警名单) as an Excel workbook: list, evidence by year, definitions. No cell is ever a formula."""

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from models.wording import rule_in_words
from reports.evidence import evidence_grid
from reports.listing import fragility_lines, records, warned
from reports.round_tables import RoundTables
from reports.wording import missing, texts

COLUMNS = ("school_name", "program_name", "program_code", "state", "previous_state", "rules", "action", "unit")


def write(tables: RoundTables, file: Path, lang: str = "zh") -> None:
    """Write the round's list to `file`, most severe first; text from files stays text."""
    text = texts(lang)
    listed = warned(tables, lang)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(file), options) as book:
        head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True, "valign": "top"})
        body = book.add_format({"text_wrap": True, "valign": "top"})
        shown = {"state": "state_name", "previous_state": "previous_name"}
        rows = [
            [*(row[shown.get(name, name)] for name in COLUMNS), "\n".join(fragility_lines(tables, row["unit"], lang))]
            for row in records(listed)
        ]
        widths = (28, 22, 12, 10, 10, 40, 40, 16, 60)
        titles = [*(text["columns"][name] for name in COLUMNS), text["explain"]["fragility"]]
        add_sheet(book, text["sheet_list"], titles, rows, widths, head, body)
        evidence = tables.frame("decisions.evidence")
        grids = [
            (row, evidence_grid(tables, evidence[evidence["unit"] == row["unit"]], lang)) for row in records(listed)
        ]
        titles = [text["columns"]["school_name"], text["columns"]["program_name"]]
        titles += [title for title, _ in (grids[0][1]["heads"] if grids else [])]
        rows = [[row["school_name"], row["program_name"], *cells] for row, grid in grids for cells in grid["rows"]]
        add_sheet(book, text["sheet_evidence"], titles, rows, (28, 20, 30, *[13] * 11), head, body)
        rules = [
            [
                rule.name.in_language(lang),
                rule_in_words(rule, tables.rulebook, lang),
                rule.reason.in_language(lang),
                f"{rule.basis.document} {rule.basis.article}",
            ]
            for rule in tables.rulebook.rules
        ]
        titles = [text["columns"]["rule"], text["rule_label"], text["reason"], text["article"]]
        add_sheet(book, text["sheet_definitions"], titles, rules, (34, 60, 60, 50), head, body)


def add_sheet(
    book: xlsxwriter.Workbook,
    name: str,
    titles: list[str],
    rows: Sequence[Sequence[object]],
    widths: tuple[int, ...],
    head: "xlsxwriter.format.Format",
    body: "xlsxwriter.format.Format",
) -> None:
    """One sheet with a frozen header, filters and wrapped text."""
    sheet = book.add_worksheet(name)
    for column, title in enumerate(titles):
        sheet.set_column(column, column, widths[column] if column < len(widths) else 14)
        sheet.write_string(0, column, title, head)
    for line, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells):
            if isinstance(cell, int | float) and not missing(cell):
                sheet.write_number(line, column, cell, body)
            else:
                sheet.write_string(line, column, "" if missing(cell) else str(cell), body)
    sheet.freeze_panes(1, 0)
    if titles:
        sheet.autofilter(0, 0, max(1, len(rows)), len(titles) - 1)
