"""The match report (匹配状况报告) as one self-contained HTML page.

Belongs here: which numbers stand where. Not here: charts (`figures`), words (`wording`), the list (`listing`).
"""

from pathlib import Path
from typing import Any

import pandas as pd
from plotly.offline import get_plotlyjs

from models.wording import rule_in_words, steps_in_words
from reports import demand, figures, structure
from reports.balance import WITNESS_COLUMNS, basis_of, double_counting, occupations, of_round, witnesses
from reports.evidence import COUNTS, Grid, heads, rule_grid, source_grid
from reports.listing import fragility_lines, path_lines, records, warned
from reports.plan import headline, signed, summary_lines
from reports.round_tables import RoundTables
from reports.web_page import embedded_figures, template
from reports.wording import number, percent, texts

SECTIONS = ("summary", "list", "structure", "balance", "demand", "next_plan", "rulebook", "quality", "evidence")
REFUSED_SHOWN = 200


def build(tables: RoundTables, lang: str = "zh") -> str:
    """The page as text; the same tables give the same page. `lang` is "zh" or "en"."""
    text = texts(lang)
    listed = warned(tables, lang)
    drawn = {
        "chart-sector": figures.shares(tables, "sector", ("employed_persons", "value_added"), lang),
        "chart-section": figures.shares(tables, "section", ("employed_persons",), lang),
        "chart-balance": figures.allotted_programs(tables, lang),
        "chart-gap": figures.allotted_occupations(tables, lang),
        "chart-ratio": figures.ratios(tables, lang),
        "chart-index": figures.indices(tables, lang),
        "chart-demand": demand.fans(tables, lang),
        "chart-trend": figures.trends(tables, listed, lang),
    }
    drawn = {name: figure for name, figure in drawn.items() if figure}
    book = tables.rulebook
    return template("match_report.html").render(
        t=text,
        round=tables.round,
        subtitle=text["subtitle"].format(region=tables.region, round=tables.round),
        proposed=book.status == "proposed",
        sections=[(name, text[name]["title"] if name == "demand" else text[name]) for name in SECTIONS],
        sentences=sentences(tables, listed, lang),
        listed=[unit_page(tables, row, lang) for row in records(listed)],
        structure=structure.grids(tables, lang),
        balance=grid(of_round(tables, "marts.program_balance"), "supply_demand_ratio", lang),
        balance_line=balance_line(tables, lang),
        witnesses={"heads": heads(WITNESS_COLUMNS, lang), "rows": witnesses(tables, lang)},
        occupations=grid(occupations(tables), "shortage", lang),
        duplicates=table(tables, "marts.duplicate_program", "provider_share", lang),
        unfed=table(tables, "marts.unfed_occupation", "vacancies", lang),
        demand=demand.grids(tables, lang),
        plan=next_plan(tables, lang),
        book=book,
        rulebook_line=text["rulebook_line"].format(
            title=book.title.in_language(lang), version=book.version, since=book.in_force_from, status=text[book.status]
        ),
        rules=[
            {
                "name": rule.name.in_language(lang),
                "line": rule_in_words(rule, book, lang),
                "steps": steps_in_words(rule, book, lang),
                "reason": rule.reason.in_language(lang),
                "article": f"{rule.basis.document} {rule.basis.article}",
            }
            for rule in book.rules
        ],
        cohort_reason=book.cohort.reason.in_language(lang) if book.cohort else "",
        checks_line=checks_line(tables, lang),
        refused=refused(tables, lang),
        problems=structure.problems(tables, lang),
        account=account(tables, lang),
        digests=text["digests"].format(rulebook=tables.rulebook_digest[:16], inputs=tables.input_digest[:16]),
        figures=drawn,
        figures_json=embedded_figures(drawn),
        plotly_js=get_plotlyjs(),
    )


def write(tables: RoundTables, file: Path, lang: str = "zh") -> None:
    """Write the page to `file`."""
    file.write_text(build(tables, lang), encoding="utf-8")


def sentences(tables: RoundTables, listed: pd.DataFrame, lang: str) -> list[str]:
    """The sentences that matter, written from the tables; one without data is left out."""
    text = texts(lang)
    verdicts = tables.frame("decisions.verdict").query("round == @tables.round")
    states = "、".join(f"{name} {n}" for name, n in listed.groupby("state_name", sort=False).size().items())
    words = {"n": int(verdicts["evaluated"].sum()), "warned": len(listed), "states": states}
    found = [text["s_states" if len(listed) else "s_nobody"].format(**words)]
    balance = of_round(tables, "marts.program_balance").query("supply_demand_ratio > 1")
    if len(balance):
        top = balance.sort_values("supply_demand_ratio").iloc[-1]
        found.append(
            text["s_surplus"].format(
                name=top["program_name"],
                graduates=number(top["graduates"]),
                openings=number(top["allotted_openings"], 0),
                ratio=number(top["supply_demand_ratio"]),
            )
        )
    gaps = of_round(tables, "marts.occupation_balance").query("shortage > 0")
    if len(gaps):
        top = gaps.sort_values("shortage").iloc[-1]
        found.append(
            text["s_shortage"].format(
                name=top["occupation_name"], openings=number(top["openings"], 0), filled=number(top["filled"], 0)
            )
        )
    unfed = tables.frame("marts.unfed_occupation").query("year == @tables.round")
    if len(unfed):
        names = "、".join(unfed.sort_values("vacancies", ascending=False)["occupation_name"].head(5))
        found.append(text["s_unfed"].format(n=len(unfed), names=names))
    found += demand.sentence(tables, lang)
    index = tables.frame("marts.match_index")
    if len(index):
        index = index.query(
            "year == @tables.round and class_system == 'sector' and supply_basis == 'graduates'"
            " and industry_basis == 'employed_persons' and index == 'duncan'"
        )
        found += [text["s_duncan"].format(value=percent(value)) for value in index["value"].head(1)]
    sums = tables.frame("landed.account")[["landed", "accepted", "quarantined"]].sum()
    found.append(text["s_quarantine"].format(**{str(name): number(value) for name, value in sums.items()}))
    return found


def balance_line(tables: RoundTables, lang: str) -> str:
    """By which signal of demand the balance is drawn up, and how often the simple way counts an opening."""
    text = texts(lang)
    openings, counted = double_counting(tables)
    line: str = text["balance_basis"][basis_of(tables)]
    if openings:
        said = {"openings": openings, "counted": counted, "double": counted - openings}
        line += text["balance_double"].format(**{name: number(jobs, 0) for name, jobs in said.items()})
    return line


def unit_page(tables: RoundTables, row: dict[str, Any], lang: str) -> dict[str, Any]:
    """What the evidence page of one listed unit shows."""
    book, unit = tables.rulebook, row["unit"]
    names = {state.id: state.name.in_language(lang) for state in book.ladder}
    verdicts = tables.frame("decisions.verdict").query("unit == @unit").sort_values("round")
    history = " → ".join(
        f"{year} {names[state]}" for year, state in zip(verdicts["round"], verdicts["state"], strict=True)
    )
    evidence = tables.frame("decisions.evidence").query("unit == @unit").sort_values(["rule", "round"])
    hit = evidence[(evidence["outcome"] == "hit") & (evidence["round"] == tables.round)]
    return {
        **row,
        "anchor": f"unit-{unit}",
        "path": path_lines(tables, row["path"], lang),
        "history": history,
        "fragility": fragility_lines(tables, str(unit), lang),
        "articles": sorted(set(hit["article"])) or [f"{book.basis.document} {book.basis.article}"],
        "evidence": [rule_grid(tables, rows, lang) for _, rows in evidence.groupby("rule", sort=True)],
        "sources": source_grid(tables, str(unit), set(evidence["indicator"]), lang),
    }


def table(tables: RoundTables, name: str, order: str, lang: str) -> Grid:
    """The round's rows of a mart, highest first, with the columns that the texts name."""
    return grid(tables.frame(name).query("year == @tables.round"), order, lang)


def grid(rows: pd.DataFrame, order: str, lang: str) -> Grid:
    """Rows, highest first, with the columns that the texts name."""
    rows = rows.sort_values(order, ascending=False, na_position="last")
    columns = [column for column in rows.columns if column in texts(lang)["columns"]]
    shown = [
        [
            percent(value) if column == "provider_share" else number(value) if column in COUNTS else value
            for column, value in zip(columns, row, strict=True)
        ]
        for row in rows[columns].itertuples(index=False, name=None)
    ]
    return {"heads": heads(columns, lang), "rows": shown}


def refused(tables: RoundTables, lang: str) -> Grid:
    """The refused rows with file, sheet, cell, what was found and why."""
    rows = tables.frame("quarantine.finding").query("severity == 'refuse'").sort_values(["file", "sheet", "cell"])
    columns = ["file", "sheet", "cell", "found", f"message_{lang}"]
    titles = ["file", "sheet", "cell", "found", "message"]
    return {"heads": heads(titles, lang), "rows": rows[columns].head(REFUSED_SHOWN).fillna("").values.tolist()}


def account(tables: RoundTables, lang: str) -> Grid:
    """Rows by file and contract: landed, accepted, quarantined, non-data."""
    columns = ["file", "contract", "landed", "accepted", "quarantined", "superseded", "non_data"]
    frame = tables.frame("landed.account")
    sums = frame.fillna({"contract": ""}).groupby(columns[:2], as_index=False)[columns[2:]].sum()
    rows = [[file, contract, *map(number, counts)] for file, contract, *counts in sums[columns].values.tolist()]
    return {"heads": heads(columns, lang), "rows": rows}


def next_plan(tables: RoundTables, lang: str) -> dict[str, Any] | None:
    """Next year's seats beside last year's: sentences and rows; None when the round has no plan."""
    if tables.plan is None:
        return None
    plan, text = tables.plan, texts(lang)["plan"]["columns"]
    names = ("school_name", "program_name", "last_seats", "seats", "change", "why")
    rows = [
        [
            row["school_name"], row["program_name"], number(row["last_seats"], 0), number(row["seats"], 0),
            signed(row["seats"] - row["last_seats"]), headline(plan, row, lang),
        ]
        for row in plan.frames["plan_unit"].to_dict("records")
        if plan.feasible and row["seats"] != row["last_seats"]
    ]  # fmt: skip
    heads = [(text[name], name in ("last_seats", "seats", "change")) for name in names]
    return {"lines": summary_lines(plan, lang), "heads": heads, "rows": rows}


def checks_line(tables: RoundTables, lang: str) -> str:
    """How many expectations hold."""
    checks = tables.frame("checks.expectation")
    broken = checks[~checks["success"].astype(bool)].groupby("stage").size()
    return str(
        texts(lang)["checks_line"].format(
            n=len(checks), received=broken.get("received", 0), accepted=broken.get("accepted", 0)
        )
    )
