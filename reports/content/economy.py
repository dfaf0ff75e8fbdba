"""Section 2: the structure of industry, the labour market and the demand ahead.

Belongs here: that section. Does not belong here: how far programs match it (`fit`).
"""

import pandas as pd

from reports import demand
from reports.balance import of_round
from reports.content.origins import Origins
from reports.content.parts import (
    Block,
    Figure,
    Section,
    Text,
    captioned,
    chart,
    from_grids,
    joined,
    linked,
    paragraph,
    sentence,
    words,
)  # fmt: skip
from reports.content.tabulate import Cell, amount, code, name, rate, tabulate
from reports.round_tables import RoundTables
from reports.structure import change, market_rows
from reports.structure import market as market_grid
from reports.wording import missing, number, percent, texts

TOP = 12
HUNDRED_MILLION = 1e8


def economy(tables: RoundTables, origins: Origins) -> Section:
    """The section."""
    blocks: list[Block] = []
    blocks += value_added(tables, origins)
    blocks += employed(tables, origins)
    blocks += market(tables, origins)
    blocks += openings(tables, origins)
    blocks += forecast(tables, origins)
    return Section("economy", words("report.sections.economy"), tuple(blocks))


def value_added(tables: RoundTables, origins: Origins) -> list[Block]:
    """Value added of the latest year with its sectors."""
    rows = tables.frame("marts.industry_share").query(
        "class_system == 'sector' and basis == 'value_added' and year <= @tables.round"
    )
    if rows.empty:
        return []
    year = int(rows["year"].max())
    rows = rows[rows["year"] == year].sort_values("class_code")
    where = origins.industries("value_added", year)
    parts = [
        words(
            "report.economy.value_added_part",
            name=origins.names.of_class("sector", row["class_code"], row["class_name"]), share=percent(row["share"]),
        )
        for row in rows.to_dict("records")
    ]  # fmt: skip
    total = Figure(number(rows["amount"].sum() / HUNDRED_MILLION), where)
    return [sentence("report.economy.value_added", year=year, total=total, parts=linked(joined(parts), where))]


def employed_by_section(tables: RoundTables) -> pd.DataFrame:
    """Employed persons of the latest year by section: class_code, class_name, amount, share, before, change."""
    rows = tables.frame("marts.industry_share").query(
        "class_system == 'section' and basis == 'employed_persons' and year <= @tables.round"
    )
    if rows.empty:
        return rows.assign(before=[], change=[])
    year = rows["year"].max()
    before = rows[rows["year"] == year - 1].set_index("class_code")["amount"]
    now = rows[rows["year"] == year].sort_values(["amount", "class_code"], ascending=[False, True])
    now = now.assign(before=now["class_code"].map(before))
    return now.assign(change=now["amount"] / now["before"] - 1)


def employed(tables: RoundTables, origins: Origins) -> list[Block]:
    """Employed persons by section, and where they grew and fell."""
    rows = employed_by_section(tables)
    if rows.empty:
        return [paragraph(words("report.economy.none"))]
    names, year = origins.names, int(rows["year"].iloc[0])
    blocks: list[Block] = []
    moved = (
        rows.assign(moved=rows["amount"] - rows["before"]).dropna(subset="moved").sort_values(["moved", "class_code"])
    )
    top = rows.iloc[0]
    if len(moved):
        up, down = moved.iloc[-1], moved.iloc[0]
        blocks.append(
            sentence(
                "report.economy.employed", year=year, before=year - 1,
                total=Figure(number(rows["amount"].sum(), 0), origins.industries("employed_persons", year)),
                name=names.of_class("section", top["class_code"], top["class_name"]),
                share=Figure(percent(top["share"]), origins.industry(top["class_code"])),
                up=names.of_class("section", up["class_code"], up["class_name"]),
                up_change=Figure(change(up["change"]), origins.industry(up["class_code"])),
                down=names.of_class("section", down["class_code"], down["class_name"]),
                down_change=Figure(change(down["change"]), origins.industry(down["class_code"])),
            )
        )  # fmt: skip
    cells = {
        "code": code("class_code"),
        "name": Cell(lambda row: names.of_class("section", row["class_code"], row["class_name"])),
        "employed_persons": amount("amount", 0),
        "share": rate("share"),
        "employed_before": amount("before", 0),
        "change": Cell(lambda row: change(row["change"]), numeric=True),
    }
    caption = words("report.economy.sections", year=year)
    return [*blocks, tabulate("sections", caption, rows, cells, lambda row: origins.industry(row["class_code"]))]


def in_words(period: str) -> Text:
    """A quarter as people say it; another period as it stands."""
    year, _, quarter = period.partition("Q")
    if quarter not in texts("zh")["report"]["quarters"]:
        return period
    return words("report.period", year=year, quarter=words(f"report.quarters.{quarter}"))


def market(tables: RoundTables, origins: Origins) -> list[Block]:
    """Openings and seekers of the latest period: the whole market and its groups."""
    rows = market_rows(tables)
    if rows.empty:
        return []
    period = str(rows["period"].iloc[0])
    keys = [origins.market(str(group), period) for group in rows["group_code"]]
    blocks: list[Block] = []
    for row, where in zip(rows.to_dict("records"), keys, strict=True):
        if row["group_code"] == "total":
            blocks.append(
                sentence(
                    "report.economy.market", period=in_words(period),
                    vacancies=Figure(number(row["vacancies"], 0), where),
                    seekers=Figure(number(row["job_seekers"], 0), where),
                    ratio=Figure(number(row["openings_to_seekers"]), where),
                )
            )  # fmt: skip
    return [*blocks, captioned("market", lambda lang: market_grid(tables, lang), keys)]


def openings(tables: RoundTables, origins: Origins) -> list[Block]:
    """The occupations with most openings."""
    rows = of_round(tables, "marts.occupation_balance")
    rows = rows.sort_values(["openings", "occupation_code"], ascending=[False, True]).head(TOP)
    if rows.empty:
        return []
    cells = {
        "occupation_code": code("occupation_code"),
        "occupation": name(origins.names.occupation, "occupation_code", "occupation_name"),
        "openings": amount("openings", 0),
        "job_seekers": amount("job_seekers", 0),
        "openings_to_seekers": amount("openings_to_seekers"),
    }
    caption, note = (words(f"report.economy.{part}") for part in ("openings", "openings_note"))
    return [tabulate("openings", caption, rows, cells, lambda row: origins.occupation(row["occupation_code"]), note)]


def forecast(tables: RoundTables, origins: Origins) -> list[Block]:
    """The demand ahead, up to the year in which today's entrants graduate."""
    blocks: list[Block] = []
    rows = demand.target(tables).query("class_kind == 'occupation' and openings_mid.notna()")
    if len(rows):
        top = rows.sort_values(["openings_mid", "code"]).iloc[-1]
        where, together = origins.occupation(top["code"]), origins.forecast_total()
        known = {bound: rows[f"openings_{bound}"].sum(min_count=1) for bound in ("low", "mid", "high")}
        blocks.append(
            sentence(
                "report.economy.forecast", year=int(rows["year"].max()), n=Figure(number(len(rows)), together),
                openings=Figure(number(known["mid"], 0), together), low=Figure(number(known["low"], 0), together),
                high=Figure(number(known["high"], 0), together),
                expansion=Figure(demand.persons(rows["expansion_mid"].sum()), together),
                name=origins.names.occupation(top["code"], None if missing(top["name"]) else top["name"]),
                most=Figure(number(top["openings_mid"], 0), where),
            )
        )  # fmt: skip
    blocks += chart(
        "chart-demand", words("demand.chart"), lambda lang: demand.fans(tables, lang),
        words("report.economy.chart_demand_says"), first_industry(tables, origins),
        from_grids("data-chart-demand", words("demand.chart"), lambda lang: demand.drawn(tables, lang)),
    )  # fmt: skip
    if blocks:
        blocks.append(paragraph(words("demand.note"), "note"))
    return blocks


def first_industry(tables: RoundTables, origins: Origins) -> str:
    """The evidence of the industry that the first panel of the fans shows."""
    codes = demand.drawn_codes(tables)
    return origins.industry(codes[0]) if codes else origins.graduates()
