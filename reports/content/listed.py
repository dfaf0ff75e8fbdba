"""Section 6: the warning and exit list, and the evidence of each verdict.

Belongs here: who is listed, why, and what a verdict's evidence shows. Does not belong here: how verdicts come about
(`models.mechanism`).
"""

from typing import Any

import pandas as pd

from reports.content.origins import Origins
from reports.content.origins.cells import CELL_COLUMNS, in_ranges
from reports.content.parts import (
    Block,
    Evidence,
    Figure,
    Measure,
    Row,
    Section,
    Table,
    Text,
    Words,
    both,
    chart,
    columns,
    from_grids,
    joined,
    pair,
    paragraph,
    sentence,
    words,
)  # fmt: skip
from reports.evidence import rule_grid, unit_sources
from reports.listing import fragility_lines, path_lines, records, warned
from reports.overview_figures import listed_trends
from reports.ratio_parts import with_parts
from reports.round_tables import RoundTables
from reports.wording import is_rate, measure, missing, number, texts

STATE = 3  # the column of the state in the list


def listed_section(tables: RoundTables, origins: Origins, listed: pd.DataFrame) -> Section:
    """The section."""
    title = words("report.sections.listed")
    if listed.empty:
        return Section("listed", title, (paragraph(words("list_none")), *exempt(tables, origins)))
    keys = evidence(tables, origins)
    rows = origins.enrollment.query("year == @tables.round")
    students = rows[rows["unit"].isin(listed["unit"])]["in_school"].sum()
    where = origins.verdicts()
    seats = origins.seats("listed", "all", title, listed["unit"].tolist(), [tables.round])
    blocks: list[Block] = [
        sentence(
            "report.listed.lead", n=Figure(number(len(listed)), where),
            schools=Figure(number(listed["school_id"].nunique()), where), students=Figure(number(students, 0), seats),
        ),
        *exempt(tables, origins),
        list_table(tables, origins, listed, keys),
    ]  # fmt: skip
    first = listed["unit"].iloc[0]
    blocks += chart(
        "chart-trend", words("report.listed.chart"), lambda lang: listed_trends(tables, listed, lang),
        words("report.listed.chart_says"), keys[first],
    )  # fmt: skip
    return Section("listed", title, tuple(blocks))


def list_table(tables: RoundTables, origins: Origins, listed: pd.DataFrame, keys: dict[str, str]) -> Table:
    """The list, most severe first."""
    english = warned(tables, "en")
    shown = []
    for zh, en in zip(records(listed), records(english), strict=True):
        of = origins.names.units[zh["unit"]]
        cells = (
            of["school"], of["program"], of["code"],
            *(pair(zh[name] if zh[name] == zh[name] else "–", en[name] if en[name] == en[name] else "–")
              for name in ("state_name", "previous_name", "rules", "action")),
        )  # fmt: skip
        shown.append(Row(cells, keys[zh["unit"]], int(zh["rank"])))
    names = ("school_name", "program_name", "program_code", "state", "previous_state", "rules", "action")
    return Table("list", words("list"), columns(*names), tuple(shown), ranked=STATE)


def exempt(tables: RoundTables, origins: Origins) -> list[Block]:
    """Programs with an exemption in the round."""
    rows = tables.frame("core.exemption")
    rows = rows[(rows["from"] <= tables.round) & (rows["to"] >= tables.round)]
    units = origins.names.units
    said: list[Text] = [
        words(
            "report.listed.exempt_unit", school=units[row["unit"]]["school"], program=units[row["unit"]]["program"],
            until=int(row["to"]), document=str(row["document"]),
        )
        for row in records(rows)
        if row["unit"] in units
    ]  # fmt: skip
    return [sentence("report.listed.exempt", units=joined(said))] if said else []


def evidence(tables: RoundTables, origins: Origins) -> dict[str, str]:
    """The evidence of every listed unit; keys by unit."""
    pages = {lang: {row["unit"]: row for row in records(warned(tables, lang))} for lang in ("zh", "en")}
    return {
        unit: origins.once(f"unit-{unit}", lambda key, unit=unit: unit_evidence(tables, origins, key, unit, pages))  # type: ignore[misc]
        for unit in pages["zh"]
    }


def unit_evidence(
    tables: RoundTables, origins: Origins, key: str, unit: str, pages: dict[str, dict[str, dict[str, Any]]]
) -> Evidence:
    """What stands behind one verdict: its numbers of the round, how it came about, evidence by rule and year, cells."""
    of = origins.names.units[unit]
    rows = with_parts(tables, tables.where("decisions.evidence", unit=unit).sort_values(["rule", "round"]))
    hit = rows[(rows["outcome"] == "hit") & (rows["round"] == tables.round)]
    book = tables.rulebook
    row = pages["zh"][unit]
    articles = tuple(sorted(set(hit["article"]))) or (f"{book.basis.document} {book.basis.article}",)

    def lines(build: Any) -> tuple[Text, ...]:
        return tuple(pair(zh, en) for zh, en in zip(build("zh"), build("en"), strict=True))

    facts = (
        (words("verdict"), (pair(row["state_name"], pages["en"][unit]["state_name"]),)),
        (words("action"), (pair(row["action"], pages["en"][unit]["action"]),)),
        (words("came_about"), lines(lambda lang: path_lines(tables, row["path"], lang))),
        (words("explain.fragility"), lines(lambda lang: fragility_lines(tables, unit, lang)) or (words("none"),)),
        (words("history"), (both(lambda lang: history(tables, unit, lang)),)),
        (words("article"), articles),
        (words("report.evidence_parts.objection"), (words("object"),)),
    )
    grids = tuple(
        from_grids(
            f"{key}-{rule}", both(lambda lang, part=part: rule_grid(tables, part, lang)[0]),  # type: ignore[misc]
            lambda lang, part=part: rule_grid(tables, part, lang)[1],  # type: ignore[misc]
        )
        for rule, part in rows.groupby("rule", sort=True)
    )  # fmt: skip
    title = words("report.evidence_of.unit", school=of["school"], program=of["program"], code=of["code"])
    cells = unit_sources(tables, unit, set(rows["indicator"]))
    sources = in_ranges(cells[list(CELL_COLUMNS)].itertuples(index=False, name=None))
    see = (origins.program(str(of["code"])),)
    return Evidence(key, title, measures(tables, rows), tuple(sources), facts, grids, see)


def measures(tables: RoundTables, rows: pd.DataFrame) -> tuple[Measure, ...]:
    """The unit's numbers of the round, one per indicator that a rule looked at."""
    found = []
    for row in records(rows[rows["round"] == tables.round].drop_duplicates("indicator")):
        indicator = str(row["indicator"])
        known = tables.rulebook.indicators[indicator].name
        definition = defined({"intake_rate": "intake"}.get(indicator, indicator))
        whole = row["denominator"] == row["denominator"] and is_rate(indicator)
        names = ("numerator", "denominator") if whole else ("ratio_numerator", "ratio_denominator")
        given = not any(missing(row[name]) for name in names)
        parts = (number(row[names[0]]), number(row[names[1]])) if given else ("", "")
        rest = "" if parts[0] else words("report.counted.indicator", table="marts.indicator")
        found.append(Measure(Words(known.zh, known.en), definition, measure(indicator, row["value"]), *parts, rest))
    return tuple(found)


def defined(indicator: str) -> Text:
    """What an indicator means; its bare name when the texts do not know it."""
    known = indicator in texts("zh")["report"]["measures"]
    return words(f"report.measures.{indicator}.definition") if known else indicator


def history(tables: RoundTables, unit: str, lang: str) -> str:
    """The unit's states round by round."""
    names = {state.id: state.name.in_language(lang) for state in tables.rulebook.ladder}
    verdicts = tables.where("decisions.verdict", unit=unit).sort_values("round")
    verdicts = verdicts[verdicts["round"] <= tables.round]
    return " → ".join(
        f"{year} {names[state]}" for year, state in zip(verdicts["round"], verdicts["state"], strict=True)
    )
