"""The warning list (预警名单) as an Excel workbook: list, evidence by year, definitions. No cell is ever a formula."""

from pathlib import Path

from models.wording import rule_in_words
from reports.evidence import evidence_grid
from reports.listing import fragility_lines, records, warned
from reports.lists import Lists
from reports.round_tables import RoundTables
from reports.wording import texts

COLUMNS = ("school_name", "program_name", "program_code", "state", "previous_state", "rules", "action", "unit")


def write(tables: RoundTables, file: Path, lang: str = "zh") -> None:
    """Write the round's list to `file`, most severe first; text from files stays text."""
    text = texts(lang)
    listed = warned(tables, lang)
    with Lists(file) as book:
        shown = {"state": "state_name", "previous_state": "previous_name"}
        rows = [
            [*(row[shown.get(name, name)] for name in COLUMNS), "\n".join(fragility_lines(tables, row["unit"], lang))]
            for row in records(listed)
        ]
        widths = (28, 22, 12, 10, 10, 40, 40, 16, 60)
        titles = [*(text["columns"][name] for name in COLUMNS), text["explain"]["fragility"]]
        book.add(text["sheet_list"], titles, rows, widths)
        evidence = tables.frame("decisions.evidence")
        grids = [
            (row, evidence_grid(tables, evidence[evidence["unit"] == row["unit"]], lang)) for row in records(listed)
        ]
        titles = [text["columns"]["school_name"], text["columns"]["program_name"]]
        titles += [title for title, _ in (grids[0][1]["heads"] if grids else [])]
        rows = [[row["school_name"], row["program_name"], *cells] for row, grid in grids for cells in grid["rows"]]
        book.add(text["sheet_evidence"], titles, rows, (28, 20, 30, *[13] * 11))
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
        book.add(text["sheet_definitions"], titles, rules, (34, 60, 60, 50))
