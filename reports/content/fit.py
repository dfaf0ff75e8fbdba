"""Section 4: how far programs match industry: indices, supply–demand ratio, gaps, duplicates.

Belongs here: that section and its tables. Does not belong here: proposals that follow (`proposals`).
"""

import pandas as pd

from reports import figures, structure
from reports.balance import WITNESS_COLUMNS, basis_of, double_counting, of_round
from reports.balance import occupations as fed_occupations
from reports.balance import witnesses as witness_rows
from reports.content.first_page import NAMED, sector_indices, unfed, widest
from reports.content.origins import Origins, figure
from reports.content.parts import (
    Block,
    Heading,
    Row,
    Section,
    Table,
    Text,
    Words,
    both,
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
from reports.evidence import heads
from reports.round_tables import RoundTables
from reports.wording import number, percent, texts

TOP = 10


def fit(tables: RoundTables, origins: Origins) -> Section:
    """The section."""
    blocks = [
        Heading(words("report.fit.heading_structure")), *indices(tables, origins),
        Heading(words("report.fit.heading_balance")), *balance(tables, origins),
        Heading(words("report.fit.heading_duplicates")), *duplicates(tables, origins),
        Heading(words("report.fit.heading_unfed")), *untaught(tables, origins),
    ]  # fmt: skip
    return Section("fit", words("report.sections.fit"), tuple(blocks))


def indices(tables: RoundTables, origins: Origins) -> list[Block]:
    """Indices of structure with their meaning, sections side by side, indices by year, priority lists."""
    where = origins.structure(*structure.basis(tables))
    blocks: list[Block] = []
    found = sector_indices(tables)
    if {"cosine", "duncan"} <= set(found):
        values = {
            "duncan": figure(percent(found["duncan"]), where),
            "cosine": figure(number(found["cosine"], 3), where),
        }
        blocks.append(sentence("report.fit.indices_lead", **values))
    blocks.append(captioned("indices", lambda lang: structure.indices(tables, lang), where))
    gap = widest(tables, origins, "section")
    blocks += chart(
        "chart-section", words("chart_section"),
        lambda lang: figures.shares(tables, "section", ("employed_persons",), lang),
        words("report.fit.chart_section_says", **gap) if gap else "", where,
    )  # fmt: skip
    blocks += chart(
        "chart-index", words("chart_index"), lambda lang: figures.indices(tables, lang),
        words("report.fit.chart_index_says"), where,
    )  # fmt: skip
    year, industry = structure.basis(tables)
    keys = [origins.share(system, code, year, industry) for system, code in structure.list_codes(tables)]
    blocks.append(captioned("lists", lambda lang: structure.lists(tables, lang), keys))
    return blocks


def balance(tables: RoundTables, origins: Origins) -> list[Block]:
    """Supply and demand by program and occupation, and the programs that share too few openings."""
    programs = of_round(tables, "marts.program_balance")
    if programs.empty:
        return [paragraph(words("no_data"), "note")]
    where = origins.graduates()
    over = programs[programs["supply_demand_ratio"] > 1]
    blocks: list[Block] = [
        sentence(
            "report.fit.balance_lead", graduates=figure(number(programs["graduates"].sum()), where),
            openings=figure(number(programs["allotted_openings"].sum(), 1), where),
            matched=figure(number(programs["matched"].sum(), 1), where),
            surplus=figure(number(programs["surplus"].sum(), 1), where), n=figure(number(len(over)), where),
        ),
        linked(both(lambda lang: balance_line(tables, lang)), where, "note"),
    ]  # fmt: skip
    for key, draw in (
        ("ratio", figures.ratios), ("balance", figures.allotted_programs), ("gap", figures.allotted_occupations),
    ):  # fmt: skip
        blocks += chart(
            f"chart-{key}", words(f"chart_{key}"), lambda lang, draw=draw: draw(tables, lang),  # type: ignore[misc]
            words(f"report.fit.chart_{key}_says"), where,
        )  # fmt: skip
    blocks += [
        program_table(tables, origins, "programs-top", TOP),
        occupation_table(tables, origins, "occupations-top", TOP),
    ]
    return [*blocks, witnesses(tables, origins), paragraph(words("balance_note"), "note")]


def balance_line(tables: RoundTables, lang: str) -> str:
    """By which signal of demand the balance is drawn up, and how often the simple way counts an opening."""
    text = texts(lang)
    openings, counted = double_counting(tables)
    line: str = text["balance_basis"][basis_of(tables)]
    if openings:
        said = {"openings": openings, "counted": counted, "double": counted - openings}
        line += text["balance_double"].format(**{name: number(jobs, 0) for name, jobs in said.items()})
    return line


def cut(caption: Words, key: str, shown: int, everything: int) -> tuple[Words, Text]:
    """Caption and note of a table of which the annex holds the rest."""
    if shown >= everything:
        return caption, ""
    return caption, words("report.see_annex", caption=words(f"report.annexes.{key}"))


def program_table(tables: RoundTables, origins: Origins, key: str, most: int | None = None) -> Table:
    """Programs by supply–demand ratio, highest first."""
    rows = of_round(tables, "marts.program_balance")
    rows = rows.sort_values(["supply_demand_ratio", "program_code"], ascending=[False, True], na_position="last")
    names = (
        "program_code", "program_name", "providers", "graduates", "matched", "surplus", "allotted_openings",
        "supply_demand_ratio", "reachable_openings", "simple_ratio",
    )  # fmt: skip
    shown = tuple(
        Row(
            (
                row["program_code"], origins.names.program(row["program_code"], row["program_name"]),
                *(number(row[name]) for name in names[2:]),
            ),
            origins.program(row["program_code"]),
        )
        for row in rows.head(most or len(rows)).to_dict("records")
    )  # fmt: skip
    caption, note = cut(words("report.annexes.programs"), "programs", len(shown), len(rows))
    return Table(key, caption, columns(*names, numeric=set(names[2:])), shown, note)


def occupation_table(tables: RoundTables, origins: Origins, key: str, most: int | None = None) -> Table:
    """Occupations that programs feed by openings short, most first."""
    rows = fed_occupations(tables).sort_values(["shortage", "occupation_code"], ascending=[False, True])
    names = ("occupation_code", "occupation_name", "feeding_programs", "openings", "filled", "shortage")
    shown = tuple(
        Row(
            (
                row["occupation_code"], origins.names.occupation(row["occupation_code"], row["occupation_name"]),
                *(number(row[name]) for name in names[2:]),
            ),
            origins.occupation(row["occupation_code"]),
        )
        for row in rows.head(most or len(rows)).to_dict("records")
    )  # fmt: skip
    caption, note = cut(words("report.annexes.occupations"), "occupations", len(shown), len(rows))
    return Table(key, caption, columns(*names, numeric=set(names[2:])), shown, note)


def witnesses(tables: RoundTables, origins: Origins) -> Table:
    """Programs that share too few openings."""

    def build(lang: str) -> dict[str, object]:
        return {"heads": heads(WITNESS_COLUMNS, lang), "rows": witness_rows(tables, lang)}

    return from_grids("witnesses", words("report.annexes.witnesses"), build, origins.graduates())


def duplicates(tables: RoundTables, origins: Origins) -> list[Block]:
    """Duplicate programs with the schools that offer them."""
    rows = tables.frame("marts.duplicate_supplier").query("year == @tables.round")
    found = rows[rows["is_duplicate"].astype(bool)]
    codes = found["program_code"].drop_duplicates().tolist()
    if not codes:
        return [paragraph(words("report.fit.no_duplicates"))]
    names: list[Text] = [origins.names.program(code) for code in codes]
    where = origins.program(codes[0])
    return [
        sentence("report.fit.duplicates_lead", n=figure(number(len(codes)), where), names=joined(names, NAMED)),
        supplier_table(origins, found, "duplicates", words("report.fit.duplicate_suppliers")),
    ]


def supplier_table(origins: Origins, rows: pd.DataFrame, key: str, caption: Text) -> Table:
    """One row per program and school that offers it."""
    rows = rows.sort_values(
        ["providers", "program_code", "graduates", "school_id"], ascending=[False, True, False, True]
    )
    names = (
        "program_code", "program", "school", "planned", "registered", "graduates", "share_of_graduates",
        "matched_employment_rate", "providers", "provider_share", "ratio",
    )  # fmt: skip
    shown = tuple(
        Row(
            (
                row["program_code"], origins.names.program(row["program_code"], row["program_name"]),
                origins.names.school(row["school_id"], row["school_name"]), number(row["planned"], 0),
                number(row["registered"], 0), number(row["graduates"], 0), percent(row["share_of_graduates"]),
                percent(row["matched_rate"]), number(row["providers"]), percent(row["provider_share"]),
                number(row["supply_demand_ratio"]),
            ),
            origins.program(row["program_code"]),
        )
        for row in rows.to_dict("records")
    )  # fmt: skip
    return Table(key, caption, columns(*names, numeric=set(names[3:])), shown)


def untaught(tables: RoundTables, origins: Origins) -> list[Block]:
    """Shortage occupations that no local program feeds."""
    codes, names = unfed(tables, origins)
    blocks: list[Block] = []
    if codes:
        where = origins.occupation(codes[0])
        blocks.append(
            sentence("report.fit.unfed_lead", n=figure(number(len(codes)), where), names=joined(names, NAMED))
        )
    rows = tables.frame("marts.unfed_occupation").query("year == @tables.round").set_index("occupation_code")
    shown = tuple(
        Row(
            (
                code, name, number(rows.loc[code, "vacancies"], 0), number(rows.loc[code, "job_seekers"], 0),
                number(rows.loc[code, "openings_to_seekers"]),
            ),
            origins.occupation(code),
        )
        for code, name in zip(codes, names, strict=True)
    )  # fmt: skip
    heads_ = ("occupation_code", "occupation", "vacancies", "job_seekers", "openings_to_seekers")
    return [*blocks, Table("unfed", words("unfed"), columns(*heads_, numeric=set(heads_[2:])), shown)]
