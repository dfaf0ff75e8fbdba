"""The first page: five sentences and three charts, written from the tables of the round.

Belongs here: what changed, the largest surplus, the largest gap, who is warned, the overall match. Does not belong
here: the sections that tell more.
"""

import pandas as pd

from reports import figures
from reports.balance import of_round
from reports.content.origins import Origins
from reports.content.origins.verdicts import moves
from reports.content.parts import (
    Block,
    Figure,
    Paragraph,
    Part,
    Section,
    Text,
    Words,
    chart,
    joined,
    linked,
    sentence,
    words,
)
from reports.content.sums import share
from reports.overview_figures import gaps, states
from reports.round_tables import RoundTables
from reports.structure import basis, indices_of, sides
from reports.wording import number, percent

NAMED = 5


def first_page(tables: RoundTables, origins: Origins, listed: pd.DataFrame) -> Section:
    """The section."""
    blocks: list[Block] = [
        changed(tables, origins),
        *surplus(tables, origins),
        *shortage(tables, origins),
        warned(tables, origins, listed),
        *match(tables, origins),
    ]
    said = "report.first.chart_{}_says"
    count = words(said.format("states"), round=tables.round, n=len(listed))
    blocks += chart(
        "chart-states", words("report.first.chart_states"), lambda lang: states(tables, lang), count, origins.verdicts()
    )
    blocks += chart(
        "chart-gaps", words("report.first.chart_gaps"), lambda lang: gaps(tables, lang), words(said.format("gaps")),
        origins.graduates(),
    )  # fmt: skip
    blocks += sector_chart(tables, origins)
    return Section("first", words("report.sections.first"), tuple(blocks))


def changed(tables: RoundTables, origins: Origins) -> Paragraph:
    """What changed since the round before."""
    before = tables.round - 1
    if not (tables.frame("decisions.verdict")["round"] == before).any():
        return sentence("report.first.first_round")
    rows = moves(tables.frame("decisions.verdict"), tables.round)
    counts = rows["change"].value_counts()
    counted = {
        name: Figure(number(counts.get(name, 0)), origins.verdicts()) for name in ("new", "worse", "better", "lifted")
    }
    return sentence(
        "report.first.changed", before=before, **counted,
        was=Figure(number((rows["rank_before"] > 0).sum()), origins.verdicts()),
        now=Figure(number((rows["rank"] > 0).sum()), origins.verdicts()),
    )  # fmt: skip


def surplus(tables: RoundTables, origins: Origins) -> list[Paragraph]:
    """The program with most graduates left over."""
    rows = of_round(tables, "marts.program_balance")
    if rows.empty:
        return []
    over = rows[rows["surplus"] > 0]
    if over.empty:
        return [sentence("report.first.no_surplus")]
    top = over.sort_values(["surplus", "program_code"], ascending=[True, False]).iloc[-1]
    where = origins.program(top["program_code"])
    return [
        sentence(
            "report.first.surplus", name=origins.names.program(top["program_code"], top["program_name"]),
            graduates=Figure(number(top["graduates"]), where),
            openings=Figure(number(top["allotted_openings"], 0), where),
            ratio=Figure(number(top["supply_demand_ratio"]), where), surplus=Figure(number(top["surplus"], 0), where),
        )
    ]  # fmt: skip


def shortage(tables: RoundTables, origins: Origins) -> list[Paragraph]:
    """The occupation with most openings short, and those that nobody trains for."""
    rows = of_round(tables, "marts.occupation_balance").query("shortage > 0")
    if rows.empty:
        return []
    top = rows.sort_values(["shortage", "occupation_code"], ascending=[True, False]).iloc[-1]
    where = origins.occupation(top["occupation_code"])
    first = sentence(
        "report.first.shortage", name=origins.names.occupation(top["occupation_code"], top["occupation_name"]),
        openings=Figure(number(top["openings"], 0), where), filled=Figure(number(top["filled"], 0), where),
        shortage=Figure(number(top["shortage"], 0), where),
    )  # fmt: skip
    found = unfed(tables)
    if found.empty:
        return [first]
    where = origins.catalogue("unfed", tuple(origins.occupation(code) for code in found["occupation_code"]))
    names = joined(unfed_names(origins, found), NAMED)
    more = sentence("report.first.unfed", n=Figure(number(len(found)), where), names=names)
    return [Paragraph((*first.zh, *more.zh), (*first.en, " ", *more.en))]


def unfed(tables: RoundTables) -> pd.DataFrame:
    """The round's occupations with more vacancies than seekers that no local program feeds, most vacancies first."""
    rows = tables.frame("marts.unfed_occupation").query("year == @tables.round")
    return rows.sort_values(["vacancies", "occupation_code"], ascending=[False, True])


def unfed_names(origins: Origins, rows: pd.DataFrame) -> list[Text]:
    """What those occupations are called."""
    found = rows[["occupation_code", "occupation_name"]].itertuples(index=False)
    return [origins.names.occupation(code, name) for code, name in found]


def warned(tables: RoundTables, origins: Origins, listed: pd.DataFrame) -> Paragraph:
    """How many are on the list, in which states, and for whom a stop or an exit is proposed."""
    verdicts = tables.frame("decisions.verdict").query("round == @tables.round")
    where = origins.verdicts()
    reviewed = Figure(number(verdicts["evaluated"].sum()), where)
    if listed.empty:
        return sentence("report.first.nobody", n=reviewed)
    book = tables.rulebook
    counts = listed["state"].value_counts()
    said = [
        words("report.first.state", name=Words(state.name.zh, state.name.en), n=int(counts[state.id]))
        for state in reversed(book.ladder)
        if state.id in counts
    ]
    values: dict[str, Part] = {
        "n": reviewed,
        "warned": Figure(number(len(listed)), where),
        "states": linked(joined(said), where),
    }
    stopped = listed[listed["proposal"].astype(bool)]
    if stopped.empty:
        return sentence("report.first.warned_none", **values)
    units = origins.names.units
    names = [
        words("report.first.unit", school=units[unit]["school"], program=units[unit]["program"])
        for unit in stopped["unit"]
    ]
    return sentence(
        "report.first.warned", **values, stopped=Figure(number(len(stopped)), where), names=joined(names, NAMED)
    )


def match(tables: RoundTables, origins: Origins) -> list[Paragraph]:
    """How close the structures are, and how many graduates have an opening."""
    rows = of_round(tables, "marts.program_balance")
    if rows.empty:
        return []
    where = origins.graduates()
    values = {
        "graduates": Figure(number(rows["graduates"].sum()), where),
        "share": Figure(share(rows["matched"].sum(), rows["graduates"].sum()), where),
    }
    found = sector_indices(tables)
    if not {"cosine", "duncan"} <= set(found):
        return [sentence("report.first.match_no_index", **values)]
    place = origins.structure(*basis(tables))
    return [
        sentence(
            "report.first.match", **values, cosine=Figure(number(found["cosine"], 3), place),
            duncan=Figure(percent(found["duncan"]), place),
        )
    ]  # fmt: skip


def sector_indices(tables: RoundTables) -> dict[str, float]:
    """The indices of whole structures by sector, for the year and basis that the report shows."""
    rows = indices_of(tables).query("class_system == 'sector'")
    return dict(zip(rows["index"], rows["value"], strict=True))


def sector_chart(tables: RoundTables, origins: Origins) -> list[Block]:
    """Shares of the sectors, with the widest gap in words."""
    found = widest(tables, origins, "sector")
    if found is None:
        return []
    drawn = chart(
        "chart-sector", words("report.first.chart_sector"),
        lambda lang: figures.shares(tables, "sector", ("employed_persons", "value_added"), lang),
        words("report.first.chart_sector_says", **found), origins.structure(*basis(tables)),
    )  # fmt: skip
    return list(drawn)


def widest(tables: RoundTables, origins: Origins, system: str) -> dict[str, Text] | None:
    """The class whose shares of graduates and employed persons differ most: name, supply, industry."""
    supply, need = (rows[rows["class_system"] == system] for rows in sides(tables))
    both = need.merge(supply, on="class_code", how="outer", suffixes=("", "_supply"))
    if both.empty or supply.empty:
        return None
    both[["share", "share_supply"]] = both[["share", "share_supply"]].fillna(0.0)
    name = both["class_name"].fillna(both["class_name_supply"])
    top = (
        both.assign(name=name, gap=(both["share"] - both["share_supply"]).abs())
        .sort_values(["gap", "class_code"])
        .iloc[-1]
    )
    return {
        "name": origins.names.of_class(system, top["class_code"], top["name"]),
        "supply": percent(top["share_supply"]),
        "industry": percent(top["share"]),
    }
