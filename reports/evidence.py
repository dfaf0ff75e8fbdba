"""The evidence behind a verdict as grids of text: numbers by rule and year, and the cells that they came from.

Belongs here: which evidence is shown and how it is written. Does not belong here: the documents that show it.
"""

import json
from typing import Any

import pandas as pd

from reports.listing import records
from reports.round_tables import RoundTables
from reports.wording import is_rate, measure, missing, number, percent, texts

Grid = dict[str, Any]
NUMERIC = {"numerator", "denominator", "value", "compared_value", "line", "probability", "interval"}


def evidence_grid(tables: RoundTables, evidence: pd.DataFrame, lang: str) -> Grid:
    """The evidence of one unit by rule and year; rates of cohorts that are too small are not shown."""
    text, book = texts(lang), tables.rulebook
    rules = {rule.id: rule.name.in_language(lang) for rule in book.rules}
    columns = [
        "rule", "round", "indicator", "numerator", "denominator", "value", "compared_value", "line", "interval",
        "probability", "pooled_years", "outcome",
    ]  # fmt: skip
    rows = []
    for found in records(evidence):
        indicator = str(found["indicator"])
        ranked = found["comparison"] in ("bottom", "top")  # the line is the rate of the last one in, not the share
        said = text["explain"]["rank_line"] if ranked else text[found["comparison"]] + " "
        line = said + measure(indicator, found["line"])
        counts = [found[name] for name in ("numerator", "denominator")]
        if missing(counts[1]):  # of the district, where the caller has put them in (`ratio_parts`)
            counts = [found.get(f"ratio_{name}") for name in ("numerator", "denominator")]
        interval = "–"
        if found["interval_low"] == found["interval_low"] and is_rate(indicator):
            interval = f"{percent(found['interval_low'])}–{percent(found['interval_high'])}"
        rows.append(
            [
                rules[found["rule"]],
                found["round"],
                text["indicators"].get(indicator, indicator),
                number(counts[0]),
                number(counts[1]),
                measure(indicator, found["value"]),
                measure(indicator, found["compared_value"]),
                line,
                interval,
                percent(found["probability"]),
                pooled(found["pooled_years"]),
                text["outcomes"][found["outcome"]],
            ]
        )
    return {"heads": heads(columns, lang), "rows": rows}


def rule_grid(tables: RoundTables, evidence: pd.DataFrame, lang: str) -> tuple[str, Grid]:
    """The evidence of one rule: its name, and the grid without the column that would repeat it."""
    grid = evidence_grid(tables, evidence, lang)
    return str(grid["rows"][0][0]), {"heads": grid["heads"][1:], "rows": [cells[1:] for cells in grid["rows"]]}


def pooled(years: object) -> str:
    """The cohorts that were put together, when there are several."""
    found = json.loads(years) if isinstance(years, str) else list(years)  # type: ignore[call-overload]
    return "、".join(map(str, found)) if len(found) > 1 else "–"


def heads(columns: list[str], lang: str) -> list[tuple[str, bool]]:
    """Column titles with whether the column is of numbers."""
    titles = texts(lang)["columns"]
    return [(titles[name], name in NUMERIC or name in COUNTS) for name in columns]


COUNTS = {
    "providers", "graduates", "matched", "surplus", "simple_ratio", "openings", "filled", "shortage",
    "feeding_programs", "allotted_openings", "supply_demand_ratio", "reachable_openings", "schools_in_region",
    "provider_share", "vacancies", "job_seekers", "openings_to_seekers",
    "landed", "accepted", "quarantined", "superseded", "non_data",
}  # fmt: skip


def unit_sources(tables: RoundTables, unit: str, indicators: set[str]) -> pd.DataFrame:
    """The source cells of a unit's indicators, by file, sheet and cell."""
    sources = tables.frame("marts.indicator_source").query("unit == @unit and indicator in @indicators")
    return sources.sort_values(["file", "sheet", "cell"], kind="stable")
