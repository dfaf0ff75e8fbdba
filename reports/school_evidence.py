"""The evidence workbook (依据册) of one school: what it needs to check its verdicts and to answer them.

Belongs here: which sheets there are and what stands in them. Does not belong here: what the school may see
(`own_view`), how a list looks (`lists`), reading tables (`pipelines.school_evidence`).

Built from an own view (`own_view.own_view`) of tables with the frames "school.*". The sheets: about, verdicts, earlier
rounds, rules hit and not hit, evidence and indicators by year, outcomes, enrollment, source cells, refused and doubtful
cells, corrections, human decisions, definitions.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.wording import rule_in_words, steps_in_words
from reports.answering import objection, response, stage_of
from reports.listing import as_list, exempt_reason, fragility_lines, joined, path_lines, records
from reports.lists import Amount, Link, Lists
from reports.round_tables import RoundTables
from reports.school_numbers import (
    COUNT,
    EVIDENCE,
    FACTS,
    NARROW,
    WIDTHS,
    Rows,
    by_unit,
    counted_sheet,
    day_or_text,
    evidence_rows,
    fact_rows,
    named,
    titles,
)
from reports.standing import standing_of
from reports.wording import missing, texts

VERDICTS = (
    "program_name", "program_code", "reported_codes", "state", "previous_state", "rules", "path", "action",
    "plan_limit", "next_step", "exempt", "fragility", "standing",
)  # fmt: skip
HISTORY = ("program_name", "program_code", "round", "state", "previous_state", "rules", "path")
RULES = ("program_name", "program_code", "rule", "hit", "counted", "said", "steps", "article", "reason")
CELLS = (
    "program_name", "program_code", "year", "contract", "column_name", "found", "read", "file", "sheet", "cell", "used",
)  # fmt: skip
FINDINGS = ("severity", "file", "sheet", "cell", "contract", "found", "message")
SUPERSEDED = ("program_code", "year", "contract", "how", "differs", "file", "sheet", "by")
DECISIONS = ("program_name", "program_code", "kind", "round", "to_round", "day", "said_by", "document")


def write(tables: RoundTables, file: Path, lang: str) -> None:
    """Write the workbook of the school whose own view `tables` are. ValueError when they hold several schools."""
    schools = tables.frame("marts.unit")["school_id"].unique()
    if len(schools) != 1:
        raise ValueError(f"the own view of one school is expected, these tables hold {len(schools)}")
    text, tables = texts(lang)["school_evidence"], tables.called(lang)
    units = ordered_units(tables)
    sheets: dict[str, tuple[Sequence[str], Rows]] = {
        "verdicts": (VERDICTS, verdict_rows(tables, units, lang)),
        "history": (HISTORY, history_rows(tables, units, lang)),
        "rules": (RULES, rule_rows(tables, units, lang)),
        "evidence": (EVIDENCE, evidence_rows(tables, units, lang)),
        "facts": (FACTS, fact_rows(tables, units, lang)),
        "outcome": counted_sheet(tables, units, "outcome", lang),
        "enrollment": counted_sheet(tables, units, "enrollment", lang),
        "cells": (CELLS, cell_rows(tables, units, lang)),
        "findings": (FINDINGS, finding_rows(tables, lang)),
        "superseded": (SUPERSEDED, superseded_rows(tables, lang)),
        "decisions": (DECISIONS, decision_rows(tables, lang)),
        "definitions": (("item", "meaning"), definition_rows(tables, lang)),
    }
    link_verdicts(sheets, lang)
    with Lists(file) as book:
        about = [*about_rows(tables, lang), *sheet_links(sheets, lang)]
        book.add(text["sheets"]["about"], titles(("item", "content"), lang), about, (30, 110))
        for name, (columns, rows) in sheets.items():
            widths = [WIDTHS.get(column, NARROW) for column in columns]
            book.add(
                text["sheets"][name],
                titles(columns, lang),
                rows or [[text["empty"], *[""] * (len(columns) - 1)]],
                widths,
            )


def ordered_units(tables: RoundTables) -> list[dict[str, Any]]:
    """The school's units, the most severe first."""
    verdicts = tables.frame("decisions.verdict").query("round == @tables.round")[["unit", "rank"]]
    units = tables.frame("marts.unit").merge(verdicts, on="unit", how="left")
    return records(units.sort_values(["rank", "program_name", "unit"], ascending=[False, True, True], kind="stable"))


def about_rows(tables: RoundTables, lang: str) -> Rows:
    """Whom it is for, what it rests on, how to object and until when."""
    text, book = texts(lang)["school_evidence"], tables.rulebook
    school = str(tables.frame("marts.unit")["school_name"].iloc[0])
    verdicts = tables.frame("decisions.verdict").query("round == @tables.round")
    standings = [standing_of(tables, unit) for unit in verdicts["unit"]]
    said = {
        "school": school,
        "round": tables.round,
        "stage": text["stages"][stage_of(standings)],
        "rulebook": text["rulebook"].format(
            title=book.title.in_language(lang), version=book.version, status=texts(lang)[book.status]
        ),
        "objection": objection(tables, standings, lang),
        "response": response(tables, standings, lang) if (verdicts["rank"] > 0).any() else text["none"],
        "recompute": text["recompute"],
        "withheld": text["withheld"],
        "digests": text["digests"].format(rulebook=tables.rulebook_digest[:16], inputs=tables.input_digest[:16]),
    }
    heading = text["title"].format(school=school, round=tables.round)
    return [[heading, text["for_whom"]], *([text["about"][name], value] for name, value in said.items())]


def sheet_links(sheets: dict[str, tuple[Sequence[str], Rows]], lang: str) -> Rows:
    """A link to every other sheet, with its number of rows."""
    text = texts(lang)["school_evidence"]["sheets"]
    return [[Link(text[name], text[name]), len(rows)] for name, (_, rows) in sheets.items()]


def link_verdicts(sheets: dict[str, tuple[Sequence[str], Rows]], lang: str) -> None:
    """Make a verdict's program lead to its rules, its code to its evidence, its state to its indicators by year."""
    text = texts(lang)["school_evidence"]["sheets"]
    headers, verdicts = sheets["verdicts"]
    codes = [row[headers.index("program_code")] for row in verdicts]  # a program without a verdict has no row
    for column, name in ((0, "rules"), (1, "evidence"), (3, "facts")):
        place = sheets[name][0].index("program_code")
        first: dict[object, int] = {}
        for number, row in enumerate(sheets[name][1], start=2):
            first.setdefault(row[place], number)
        for code, row in zip(codes, verdicts, strict=True):
            if code in first:
                row[column] = Link(str(row[column]), text[name], first[code])


def verdict_rows(tables: RoundTables, units: list[dict[str, Any]], lang: str) -> Rows:
    """One row per program: its verdict in this round."""
    book, then = tables.rulebook, "\n"
    verdicts = tables.frame("decisions.verdict").query("round == @tables.round")
    rules = {rule.id: rule.name.in_language(lang) for rule in book.rules}
    rows: Rows = []
    for unit, row in by_unit(verdicts, units, "round"):
        state = book.state(row["state"])
        rows.append(
            [
                *named(unit),
                ", ".join(map(str, as_list(unit.get("reported_codes")))),
                state.name.in_language(lang),
                book.state(row["previous_state"]).name.in_language(lang),
                joined(row["rules_hit"], rules, lang),
                then.join(path_lines(tables, row["path"], lang)) if row["rank"] or as_list(row["path"]) else "",
                state.action.in_language(lang),
                Amount(row["plan_limit"], COUNT),
                "" if missing(row["next_step"]) else book.state(row["next_step"]).name.in_language(lang),
                "" if missing(row["exempt"]) else exempt_reason(tables, row["exempt"], lang),
                then.join(fragility_lines(tables, row["unit"], lang)),
                standing_line(tables, row["unit"], lang),
            ]
        )
    return rows


def standing_line(tables: RoundTables, unit: str, lang: str) -> str:
    """Where the verdict stands in the ledger, and which one it replaced."""
    text, standing = texts(lang)["school_evidence"], standing_of(tables, unit)
    said = text["stages"][standing.stage]
    if standing.recorded_on:
        said += f" {standing.recorded_on.isoformat()}"
    if standing.superseded_state:
        before = tables.rulebook.state(standing.superseded_state).name.in_language(lang)
        said += f"\n{before} {standing.superseded_on} → {standing.reason}"
    return said


def history_rows(tables: RoundTables, units: list[dict[str, Any]], lang: str) -> Rows:
    """One row per program × round up to this one."""
    book = tables.rulebook
    rules = {rule.id: rule.name.in_language(lang) for rule in book.rules}
    verdicts = tables.frame("decisions.verdict")
    return [
        [
            *named(unit),
            row["round"],
            book.state(row["state"]).name.in_language(lang),
            book.state(row["previous_state"]).name.in_language(lang),
            joined(row["rules_hit"], rules, lang),
            "\n".join(path_lines(tables, row["path"], lang)) if row["rank"] or as_list(row["path"]) else "",
        ]
        for unit, row in by_unit(verdicts[verdicts["round"] <= tables.round], units, "round")
    ]


def rule_rows(tables: RoundTables, units: list[dict[str, Any]], lang: str) -> Rows:
    """One row per program × rule: hit or not in this round, the years counted, what the rule says."""
    text, book = texts(lang), tables.rulebook
    said = text["school_evidence"]
    evidence = tables.frame("decisions.evidence")
    verdicts = {row["unit"]: row for row in records(tables.frame("decisions.verdict").query("round == @tables.round"))}
    rows: Rows = []
    seen = set(evidence.loc[evidence["round"] <= tables.round, ["unit", "rule"]].itertuples(index=False, name=None))
    words = {rule.id: (rule_in_words(rule, book, lang), steps_in_words(rule, book, lang)) for rule in book.rules}
    for unit in units:
        found = verdicts.get(unit["unit"], {})
        rules_hit, steps = as_list(found.get("rules_hit")), as_list(found.get("path"))
        for rule in book.rules:
            known = (unit["unit"], rule.id) in seen
            years = sorted({year for step in steps if step["rule"] == rule.id for year in step.get("years", [])})
            hit = text["explain"]["hit"] if rule.id in rules_hit else said["nothing_hit" if known else "no_data"]
            rows.append(
                [
                    *named(unit),
                    rule.name.in_language(lang),
                    hit,
                    ", ".join(map(str, years)),
                    *words[rule.id],
                    str(rule.basis),
                    rule.reason.in_language(lang),
                ]
            )
    return rows


def cell_rows(tables: RoundTables, units: list[dict[str, Any]], lang: str) -> Rows:
    """One row per accepted cell: as sent, as read, and where it stood."""
    text = texts(lang)["school_evidence"]
    rows: Rows = []
    frame = tables.frame("school.cell")
    for unit, row in by_unit(frame, units, "year", "contract", "file", "sheet", "row_number"):
        read = day_or_text(row["read"]) if missing(row["number"]) else Amount(row["number"], "General")
        rows.append(
            [
                unit["program_name"],
                row["program_code"],
                row["year"],
                text["contracts"][row["contract"]],
                row[f"column_{lang}"],
                row["found"],
                read,
                row["file"],
                row["sheet"],
                row["cell"],
                text["yes" if row["used"] else "no"],
            ]
        )
    return rows


def finding_rows(tables: RoundTables, lang: str) -> Rows:
    """One row per cell that was refused or is to be checked, and why."""
    text = texts(lang)["school_evidence"]
    return [
        [
            text["severities"][row["severity"]],
            row["file"],
            row["sheet"],
            row["cell"],
            text["contracts"].get(row["contract"], row["contract"]),
            row["found"],
            row[f"message_{lang}"],
        ]
        for row in records(tables.frame("school.finding"))
    ]


def superseded_rows(tables: RoundTables, lang: str) -> Rows:
    """One row per reported row that a later one stands for, with what changed."""
    text, place = texts(lang)["school_evidence"], texts(lang)["notice"]["place"]
    return [
        [
            row["program_code"],
            row["year"],
            text["contracts"][row["contract"]],
            text["how"].get(row["how"], row["how"]),
            row[f"differs_{lang}"],
            row["file"],
            f"{row['sheet']} {row['row_number']}",
            f"{place.format(file=row['by_file'], sheet=row['by_sheet'])} {row['by_row_number']}",
        ]
        for row in records(tables.frame("school.superseded"))
    ]


def decision_rows(tables: RoundTables, lang: str) -> Rows:
    """One row per objection, ruling and exemption."""
    text, book = texts(lang)["school_evidence"], tables.rulebook
    rows: Rows = []
    for row in records(tables.frame("school.decision")):
        said = [] if missing(row["ruling"]) else [text["rulings"].get(row["ruling"], row["ruling"])]
        if not missing(row["state"]) and row["state"] in book.states:
            said.append(book.state(row["state"]).name.in_language(lang))
        said += [str(row[name]) for name in ("rule", "said") if not missing(row[name])]
        kind = text["kinds"][row["kind"]]
        rows.append(
            [
                row["program_name"],
                row["program_code"],
                kind,
                row["round"],
                row["to_round"],
                day_or_text(row["day"]),
                texts(lang)["explain"]["then"].join(said),
                row["document"],
            ]
        )
    return rows


def definition_rows(tables: RoundTables, lang: str) -> Rows:
    """What columns, indicators and states mean."""
    text, book = texts(lang), tables.rulebook
    said = text["school_evidence"]
    return [
        *([titles((name,), lang)[0], meaning] for name, meaning in said["definitions"].items()),
        *([text["indicators"].get(name, name), meaning] for name, meaning in said["indicators"].items()),
        *([state.name.in_language(lang), state.action.in_language(lang)] for state in book.ladder),
        *([book.title.in_language(lang), reason.in_language(lang)] for reason in reasons(tables)),
    ]


def reasons(tables: RoundTables) -> list[Any]:
    """The reasons that the rule-book gives for its cohorts, recovery and windows."""
    book = tables.rulebook
    parts = (book.cohort, book.recovery, book.publication)
    return [part.reason for part in parts if part is not None and part.reason is not None]
