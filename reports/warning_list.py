"""The warning list (预警名单) as an Excel workbook: list, evidence by year, definitions. No cell is ever a formula."""

from dataclasses import replace
from pathlib import Path

from models.wording import rule_in_words, steps_in_words
from reports.listing import fragility_lines, records, warned
from reports.lists import Amount, Lists
from reports.ratio_parts import with_parts
from reports.round_tables import RoundTables
from reports.school_numbers import COUNT, EVIDENCE, NARROW, WIDTHS, Rows, evidence_rows, titles
from reports.wording import texts

COLUMNS = (
    "school_name", "program_name", "program_code", "state", "previous_state", "rules", "action", "plan_limit", "unit",
    "fragility",
)  # fmt: skip
SHOWN = {"state": "state_name", "previous_state": "previous_name"}
LEAD = ("school_name", "program_name", "program_code")
DEFINITIONS = ("item", "meaning", "steps", "reason", "article")


def write(tables: RoundTables, file: Path, lang: str = "zh") -> None:
    """Write the round's list to `file`, most severe first; text from files stays text."""
    text, tables = texts(lang), tables.called(lang)
    listed = records(warned(tables, lang))
    evidence = with_parts(tables, tables.frame("decisions.evidence"))
    counted = replace(tables, frames=tables.frames | {"decisions.evidence": evidence})
    sheets: dict[str, tuple[tuple[str, ...], Rows]] = {
        "sheet_list": (COLUMNS, [list_row(tables, row, lang) for row in listed]),
        "sheet_evidence": ((*LEAD, *EVIDENCE[2:]), evidence_rows(counted, listed, lang, LEAD)),
        "sheet_definitions": (DEFINITIONS, definition_rows(tables, lang)),
    }
    with Lists(file) as book:
        for name, (columns, rows) in sheets.items():
            book.add(text[name], titles(columns, lang), rows, [WIDTHS.get(column, NARROW) for column in columns])


def list_row(tables: RoundTables, row: dict[str, object], lang: str) -> list[object]:
    """One listed program."""
    limit = row["plan_limit"]
    known = row | {
        "plan_limit": Amount(limit if isinstance(limit, float) else None, COUNT),
        "fragility": "\n".join(fragility_lines(tables, str(row["unit"]), lang)),
    }
    return [known[SHOWN.get(name, name)] for name in COLUMNS]


def definition_rows(tables: RoundTables, lang: str) -> Rows:
    """Every rule, what the columns mean, every indicator, and what each state entails."""
    book, text = tables.rulebook, texts(lang)
    said = text["school_evidence"]
    rules: Rows = [
        [
            rule.name.in_language(lang),
            rule_in_words(rule, book, lang),
            steps_in_words(rule, book, lang),
            rule.reason.in_language(lang),
            str(rule.basis),
        ]
        for rule in book.rules
    ]
    others = [
        *((titles((name,), lang)[0], meaning) for name, meaning in said["definitions"].items()),
        *((text["indicators"].get(name, name), meaning) for name, meaning in said["indicators"].items()),
        *((state.name.in_language(lang), state.action.in_language(lang)) for state in book.ladder),
    ]
    return [*rules, *([name, meaning, "", "", ""] for name, meaning in others)]
