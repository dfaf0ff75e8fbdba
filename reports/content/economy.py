"""Section 2: the structure of industry, the labour market and the demand ahead.

Belongs here: that section. Does not belong here: how far programs match it (`fit`).
"""

import pandas as pd

from reports import demand
from reports.balance import of_round
from reports.content.origins import Origins, figure
from reports.content.parts import (
    Block,
    Row,
    Section,
    Table,
    captioned,
    chart,
    columns,
    from_grids,
    joined,
    linked,
    paragraph,
    sentence,
    words,
)  # fmt: skip
from reports.round_tables import RoundTables
from reports.structure import change, market_rows
from reports.structure import market as market_grid
from reports.wording import missing, number, percent

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
    where = origins.share("sector", str(rows["class_code"].iloc[0]), year, "value_added")
    parts = [
        words(
            "report.economy.value_added_part",
            name=origins.names.of_class("sector", row["class_code"], row["class_name"]), share=percent(row["share"]),
        )
        for row in rows.to_dict("records")
    ]  # fmt: skip
    total = figure(number(rows["amount"].sum() / HUNDRED_MILLION), where)
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
                total=figure(number(rows["amount"].sum(), 0), origins.industry(top["class_code"])),
                name=names.of_class("section", top["class_code"], top["class_name"]),
                share=figure(percent(top["share"]), origins.industry(top["class_code"])),
                up=names.of_class("section", up["class_code"], up["class_name"]),
                up_change=figure(change(up["change"]), origins.industry(up["class_code"])),
                down=names.of_class("section", down["class_code"], down["class_name"]),
                down_change=figure(change(down["change"]), origins.industry(down["class_code"])),
            )
        )  # fmt: skip
    shown = tuple(
        Row(
            (
                row["class_code"], names.of_class("section", row["class_code"], row["class_name"]),
                number(row["amount"], 0), percent(row["share"]), number(row["before"], 0), change(row["change"]),
            ),
            origins.industry(row["class_code"]),
        )
        for row in rows.to_dict("records")
    )  # fmt: skip
    heads = ("code", "name", "employed_persons", "share", "employed_before", "change")
    caption = words("report.economy.sections", year=year)
    numeric = {"employed_persons", "share", "employed_before", "change"}
    return [*blocks, Table("sections", caption, columns(*heads, numeric=numeric), shown)]


def market(tables: RoundTables, origins: Origins) -> list[Block]:
    """Openings and seekers of the latest period: the whole market and its groups."""
    rows = market_rows(tables)
    if rows.empty:
        return []
    period = str(rows["period"].iloc[0])
    keys = [origins.market(code, str(code), period) for code in rows["group_code"]]
    blocks: list[Block] = []
    for row, where in zip(rows.to_dict("records"), keys, strict=True):
        if row["group_code"] == "total":
            blocks.append(
                sentence(
                    "report.economy.market", period=period, vacancies=figure(number(row["vacancies"], 0), where),
                    seekers=figure(number(row["job_seekers"], 0), where),
                    ratio=figure(number(row["openings_to_seekers"]), where),
                )
            )  # fmt: skip
    return [*blocks, captioned("market", lambda lang: market_grid(tables, lang), keys)]


def openings(tables: RoundTables, origins: Origins) -> list[Block]:
    """The occupations with most openings."""
    rows = of_round(tables, "marts.occupation_balance")
    rows = rows.sort_values(["openings", "occupation_code"], ascending=[False, True]).head(TOP)
    if rows.empty:
        return []
    shown = tuple(
        Row(
            (
                row["occupation_code"], origins.names.occupation(row["occupation_code"], row["occupation_name"]),
                number(row["openings"], 0), number(row["job_seekers"], 0), number(row["openings_to_seekers"]),
            ),
            origins.occupation(row["occupation_code"]),
        )
        for row in rows.to_dict("records")
    )  # fmt: skip
    heads = columns(
        "occupation_code", "occupation", "openings", "job_seekers", "openings_to_seekers",
        numeric={"openings", "job_seekers", "openings_to_seekers"},
    )  # fmt: skip
    return [Table("openings", words("report.economy.openings"), heads, shown, words("report.economy.openings_note"))]


def forecast(tables: RoundTables, origins: Origins) -> list[Block]:
    """The demand ahead, up to the year in which today's entrants graduate."""
    blocks: list[Block] = []
    rows = demand.target(tables).query("class_kind == 'occupation' and openings_mid.notna()")
    if len(rows):
        top = rows.sort_values(["openings_mid", "code"]).iloc[-1]
        where = origins.occupation(top["code"])
        known = {bound: rows[f"openings_{bound}"].sum(min_count=1) for bound in ("low", "mid", "high")}
        blocks.append(
            sentence(
                "report.economy.forecast", year=int(rows["year"].max()), n=figure(number(len(rows)), where),
                openings=figure(number(known["mid"], 0), where), low=figure(number(known["low"], 0), where),
                high=figure(number(known["high"], 0), where),
                expansion=figure(demand.persons(rows["expansion_mid"].sum()), where),
                name=origins.names.occupation(top["code"], None if missing(top["name"]) else top["name"]),
                most=figure(number(top["openings_mid"], 0), where),
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
