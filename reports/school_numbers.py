"""The numbers of a school's evidence workbook: by rule and year, by indicator and year, and as reported.

Belongs here: which numbers a row has, their formats, and what is remarked on them. Does not belong here: the other
sheets and the workbook (`school_evidence`), what a school may see (`own_view`).
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from models.uncertainty import jeffreys_interval
from reports.evidence import pooled
from reports.listing import records
from reports.lists import Amount
from reports.ratio_parts import PARTS
from reports.round_tables import RoundTables
from reports.wording import is_rate, missing, texts

Rows = list[list[object]]
NARROW = 9
COUNT, RATE, RATIO = "#,##0.##;-#,##0.##;0", "0.0%", "0.000"  # Excel's number formats
WIDTHS = {  # in characters; NARROW where none is given: as narrow as can be read when printed on A4
    "school_name": 24, "unit": 14, "program_name": 17, "program_code": 9, "state": 7, "previous_state": 8, "rules": 24,
    "action": 24, "path": 34, "fragility": 34, "rule": 19, "said": 40, "steps": 30, "reason": 40, "article": 26,
    "indicator": 14, "file": 46, "sheet": 14, "column_name": 15, "found": 16, "message": 80, "definition": 44,
    "lines": 24, "remark": 22, "differs": 46, "by": 40, "said_by": 46, "document": 22, "standing": 20,
    "reported_codes": 10, "year": 6, "round": 6, "criterion": 5, "item": 26, "meaning": 80, "pooled_years": 12,
    "exempt": 22, "compared": 8, "counted": 16, "severity": 14, "contract": 16, "how": 16, "run_length": 6, "used": 6,
}  # fmt: skip
EVIDENCE = (
    "program_name", "program_code", "round", "rule", "criterion", "indicator", "numerator", "denominator", "value",
    "pooled_numerator", "pooled_denominator", "pooled_years", "compared_value", "compared", "line", "interval_low",
    "interval_high", "probability", "confidence", "outcome", "run_length", "remark",
)  # fmt: skip
FACTS = (
    "program_name", "program_code", "year", "indicator", "numerator", "denominator", "value", "interval_low",
    "interval_high", "lines", "definition", "remark",
)  # fmt: skip


def titles(columns: Sequence[str], lang: str) -> list[str]:
    """Titles of columns; one that has none is a title itself."""
    text = texts(lang)
    known = text["plan"]["columns"] | text["columns"] | text["school_evidence"]["columns"]
    return [known.get(column, column) for column in columns]


def by_unit(frame: pd.DataFrame, units: list[dict[str, Any]], *order: str) -> Iterator[tuple[dict[str, Any], Any]]:
    """Unit and row for every row of a frame, in the order of the units."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in records(frame.sort_values(list(order), kind="stable")):
        groups.setdefault(row["unit"], []).append(row)
    for unit in units:
        for row in groups.get(unit["unit"], ()):
            yield unit, row


def named(unit: dict[str, Any]) -> list[object]:
    """Name and code of a unit's program."""
    return [unit["program_name"], unit["program_code"]]


def evidence_rows(
    tables: RoundTables, units: list[dict[str, Any]], lang: str, lead: Sequence[str] = EVIDENCE[:2]
) -> Rows:
    """One row per program × rule × criterion × year: own numbers, what was compared with which line, the outcome.

    `lead` are the columns of a unit that begin its rows; decisions.evidence has those of `ratio_parts.with_parts`.
    """
    text, book = texts(lang), tables.rulebook
    order = {rule.id: number for number, rule in enumerate(book.rules)}
    names = {rule.id: rule.name.in_language(lang) for rule in book.rules}
    evidence = tables.frame("decisions.evidence")
    evidence = evidence[evidence["round"] <= tables.round].assign(order=evidence["rule"].map(order))
    rows: Rows = []
    for unit, row in by_unit(evidence, units, "order", "round", "criterion"):
        look = number_format(tables, str(row["indicator"]))
        counts = {name: row[name] for name in ("numerator", "denominator")}
        if missing(row["denominator"]):
            counts = {name: row[f"ratio_{name}"] for name in counts}
        rows.append(
            [
                *(unit[name] for name in lead),
                row["round"],
                names[row["rule"]],
                row["criterion"],
                text["indicators"].get(str(row["indicator"]), row["indicator"]),
                Amount(counts["numerator"], COUNT),
                Amount(counts["denominator"], COUNT),
                Amount(row["value"], look),
                Amount(row["pooled_numerator"], COUNT),
                Amount(row["pooled_denominator"], COUNT),
                pooled(row["pooled_years"]),
                Amount(row["compared_value"], look),
                text[row["comparison"]],
                Amount(row["line"], look),
                Amount(row["interval_low"], RATE),
                Amount(row["interval_high"], RATE),
                Amount(row["probability"], RATE),
                Amount(row["confidence"], RATE),
                text["outcomes"].get(row["outcome"], row["outcome"]),
                row["run_length"],
                remark(row, lang),
            ]
        )
    return rows


def remark(row: dict[str, Any], lang: str) -> str:
    """Why a number is not there, or whose it is."""
    text = texts(lang)["school_evidence"]["remarks"]
    said = []
    if row.get("line_withheld"):
        said.append(text["line"])
    if row.get("value_withheld"):
        said.append(text["value"])
    elif row["indicator"] in PARTS:
        said.append(text["district"])
    elif row.get("rate_only") and is_rate(str(row["indicator"])):
        said.append(text["rate_only"])
    if row.get("too_small"):
        said.append(text["small"])
    return texts(lang)["explain"]["then"].join(said)


def fact_rows(tables: RoundTables, units: list[dict[str, Any]], lang: str) -> Rows:
    """One row per program × year × indicator: numerator, denominator, value, interval, the rules' lines, definition."""
    text, facts = texts(lang), with_intervals(tables)
    names = text["indicators"]
    lines = lines_by_fact(tables, lang)
    rows: Rows = []
    for unit, row in by_unit(facts, units, "indicator", "year"):
        look = number_format(tables, row["indicator"])
        counts = [row[name] for name in ("numerator", "denominator")]
        if missing(row["denominator"]):
            counts = [row[f"ratio_{name}"] for name in ("numerator", "denominator")]
        definition = text["school_evidence"]["indicators"].get(row["indicator"], "")
        rows.append(
            [
                *named(unit),
                row["year"],
                names.get(row["indicator"], row["indicator"]),
                *(Amount(count, COUNT) for count in counts),
                Amount(row["value"], look),
                Amount(row["interval_low"], RATE),
                Amount(row["interval_high"], RATE),
                lines.get((row["unit"], row["year"], row["indicator"]), ""),
                definition if missing(row["definition"]) else f"{definition}〔{row['definition']}〕",
                remark(row, lang),
            ]
        )
    return rows


def with_intervals(tables: RoundTables) -> pd.DataFrame:
    """The school's indicators up to the round, with 95 % intervals of shares of persons; no rate on too few persons."""
    facts = tables.frame("marts.indicator")
    facts = facts[facts["year"] <= tables.round].copy()
    numerator, denominator = (facts[name].astype(float) for name in ("numerator", "denominator"))
    kinds = {name: indicator.kind for name, indicator in tables.rulebook.indicators.items()}
    share = facts["indicator"].map(lambda name: kinds.get(name, "rate" if is_rate(name) else "amount") == "rate")
    cohort = tables.rulebook.cohort
    least = 0.0
    if cohort is not None:
        least = cohort.shown_from(tables.round)
    few = share & (denominator < least)
    low, high = jeffreys_interval(numerator.where(share & ~few), denominator.where(share & ~few))
    return facts.assign(
        value=facts["value"].mask(few), interval_low=low, interval_high=high, too_small=few & denominator.notna()
    )


def lines_by_fact(tables: RoundTables, lang: str) -> dict[tuple[str, int, str], str]:
    """The lines that the rules set an indicator of a year against, in words."""
    text, evidence = texts(lang), tables.frame("decisions.evidence")
    rows = evidence[evidence["line"].notna() & (evidence["round"] <= tables.round)]
    found: dict[tuple[str, int, str], list[str]] = {}
    for row in records(rows):
        value = float(row["line"])
        shown = f"{value:.1%}" if number_format(tables, str(row["indicator"])) == RATE else f"{value:g}"
        ranked = row["comparison"] in ("bottom", "top")
        said = f"{text['explain']['rank_line'] if ranked else text[row['comparison']] + ' '}{shown}"
        place = (row["unit"], row["round"], str(row["indicator"]).split(".")[0])
        if said not in found.setdefault(place, []):
            found[place].append(said)
    return {place: text["explain"]["then"].join(said) for place, said in found.items()}


def number_format(tables: RoundTables, indicator: str) -> str:
    """Excel's number format of an indicator's values."""
    name, _, part = indicator.partition(".")
    if part in ("numerator", "denominator"):
        return COUNT
    known = tables.rulebook.indicators.get(name)
    if known is not None:
        return RATE if known.in_percent else COUNT if known.kind == "amount" else RATIO
    return RATE if is_rate(name) else RATIO


def counted_sheet(
    tables: RoundTables, units: list[dict[str, Any]], table: str, lang: str
) -> tuple[Sequence[str], Rows]:
    """Columns and rows of what the school reported by program × year."""
    columns = tables.frame("school.column").query("contract == @table")
    heads = ("program_name", "program_code", "year", *columns[f"column_{lang}"])
    kinds = dict(zip(columns["column_name"], columns["type"], strict=True))
    rows: Rows = []
    for unit, row in by_unit(tables.frame(f"school.{table}"), units, "year"):
        cells = [
            Amount(row[name], RATE if kind == "rate" else COUNT)
            if kind in ("count", "number", "rate")
            else day_or_text(row[name])
            for name, kind in kinds.items()
        ]
        rows.append([*named(unit), row["year"], *cells])
    return heads, rows


def day_or_text(value: object) -> str:
    """A date as 2024-12-31, any other value as its text."""
    if missing(value) or value is pd.NaT:
        return ""
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)
