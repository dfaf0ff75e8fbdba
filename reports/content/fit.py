"""Section 4: how far programs match industry: indices, supply–demand ratio, gaps, duplicates.

Belongs here: that section and its tables. Does not belong here: proposals that follow (`proposals`).
"""

import pandas as pd

from reports import figures, structure
from reports.balance import basis_of, double_counting, of_round
from reports.balance import occupations as fed_occupations
from reports.content.first_page import NAMED, sector_indices, unfed, unfed_names, widest
from reports.content.origins import Origins
from reports.content.parts import (
    Block,
    Figure,
    Heading,
    Section,
    Table,
    Text,
    Words,
    both,
    captioned,
    chart,
    joined,
    linked,
    paragraph,
    sentence,
    words,
)  # fmt: skip
from reports.content.tabulate import Cell, amount, code, name, rate, tabulate
from reports.listing import as_list
from reports.round_tables import RoundTables
from reports.wording import number, percent, texts

TOP = 10
WITNESSES_SHOWN = 20
NAMES_SHOWN = 5


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
            "duncan": Figure(percent(found["duncan"]), where),
            "cosine": Figure(number(found["cosine"], 3), where),
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
            "report.fit.balance_lead", graduates=Figure(number(programs["graduates"].sum()), where),
            openings=Figure(number(programs["allotted_openings"].sum(), 1), where),
            matched=Figure(number(programs["matched"].sum(), 1), where),
            surplus=Figure(number(programs["surplus"].sum(), 1), where), n=Figure(number(len(over)), where),
        ),
        linked(both(lambda lang: balance_line(tables, lang)), where, "note"),
    ]  # fmt: skip
    for key, draw in (
        ("ratio", figures.ratios), ("balance", figures.allotted_programs), ("gap", figures.allotted_occupations),
    ):  # fmt: skip
        says = words(f"report.fit.chart_{key}_says")
        of = "occupation" if key == "gap" else "program"
        if len(of_round(tables, f"marts.{of}_balance")) > figures.MOST_BARS:
            rest = words("report.fit.cut", n=figures.MOST_BARS, caption=words(f"report.annexes.{of}s"))
            says = Words(f"{says.zh}{rest.zh}", f"{says.en} {rest.en}")
        blocks += chart(
            f"chart-{key}", words(f"chart_{key}"), lambda lang, draw=draw: draw(tables, lang),  # type: ignore[misc]
            says, where,
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
    cells = {
        "program_code": code("program_code"),
        "program_name": name(origins.names.program, "program_code", "program_name"),
        "providers": amount("providers"),
        "graduates": amount("graduates"),
        "matched": amount("matched", 1),
        "surplus": amount("surplus", 1),
        "allotted_openings": amount("allotted_openings", 1),
        "supply_demand_ratio": amount("supply_demand_ratio"),
        "reachable_openings": amount("reachable_openings"),
        "simple_ratio": amount("simple_ratio"),
    }
    shown = rows.head(most or len(rows))
    caption, note = cut(words("report.annexes.programs"), "programs", len(shown), len(rows))
    return tabulate(key, caption, shown, cells, lambda row: origins.program(row["program_code"]), note)


def occupation_table(tables: RoundTables, origins: Origins, key: str, most: int | None = None) -> Table:
    """Occupations that programs feed by openings short, most first."""
    rows = fed_occupations(tables).sort_values(["shortage", "occupation_code"], ascending=[False, True])
    cells = {
        "occupation_code": code("occupation_code"),
        "occupation_name": name(origins.names.occupation, "occupation_code", "occupation_name"),
        "feeding_programs": amount("feeding_programs"),
        "openings": amount("openings"),
        "filled": amount("filled", 1),
        "shortage": amount("shortage", 1),
    }
    shown = rows.head(most or len(rows))
    caption, note = cut(words("report.annexes.occupations"), "occupations", len(shown), len(rows))
    return tabulate(key, caption, shown, cells, lambda row: origins.occupation(row["occupation_code"]), note)


def witnesses(tables: RoundTables, origins: Origins) -> Table:
    """Programs that share too few openings, the largest surplus first."""
    rows = of_round(tables, "marts.surplus_witness").sort_values("surplus", ascending=False, kind="stable")

    def names(kind: str) -> Cell:
        return Cell(
            lambda row: joined(
                [origins.names.by_name(kind, str(name)) for name in as_list(row[f"{kind}_names"])], NAMES_SHOWN
            )
        )

    cells = {
        "program_names": names("program"),
        "graduates": amount("graduates", 0),
        "occupation_names": names("occupation"),
        "openings": amount("openings", 0),
        "surplus": amount("surplus", 0),
    }
    return tabulate("witnesses", words("report.annexes.witnesses"), rows.head(WITNESSES_SHOWN), cells, origins.witness)


def duplicates(tables: RoundTables, origins: Origins) -> list[Block]:
    """Duplicate programs with the schools that offer them."""
    rows = tables.frame("marts.duplicate_supplier").query("year == @tables.round")
    found = rows[rows["is_duplicate"].astype(bool)]
    codes = found["program_code"].drop_duplicates().tolist()
    if not codes:
        return [paragraph(words("report.fit.no_duplicates"))]
    names: list[Text] = [origins.names.program(code) for code in codes]
    where = origins.catalogue("duplicate", tuple(origins.program(code) for code in codes))
    return [
        sentence("report.fit.duplicates_lead", n=Figure(number(len(codes)), where), names=joined(names, NAMED)),
        supplier_table(origins, found, "duplicates", words("report.fit.duplicate_suppliers")),
    ]


def supplier_table(origins: Origins, rows: pd.DataFrame, key: str, caption: Text) -> Table:
    """One row per program and school that offers it."""
    rows = rows.sort_values(
        ["providers", "program_code", "graduates", "school_id"], ascending=[False, True, False, True]
    )
    cells = {
        "program_code": code("program_code"),
        "program": name(origins.names.program, "program_code", "program_name"),
        "school": name(origins.names.school, "school_id", "school_name"),
        "planned": amount("planned", 0),
        "registered": amount("registered", 0),
        "graduates": amount("graduates", 0),
        "share_of_graduates": rate("share_of_graduates"),
        "matched_employment_rate": rate("matched_rate"),
        "providers": amount("providers"),
        "provider_share": rate("provider_share"),
        "ratio": amount("supply_demand_ratio"),
    }
    return tabulate(key, caption, rows, cells, origins.supplier)


def untaught(tables: RoundTables, origins: Origins) -> list[Block]:
    """Shortage occupations that no local program feeds."""
    rows = unfed(tables)
    blocks: list[Block] = []
    if len(rows):
        where = origins.catalogue("unfed", tuple(origins.occupation(code) for code in rows["occupation_code"]))
        names = joined(unfed_names(origins, rows), NAMED)
        blocks.append(sentence("report.fit.unfed_lead", n=Figure(number(len(rows)), where), names=names))
    cells = {
        "occupation_code": code("occupation_code"),
        "occupation": name(origins.names.occupation, "occupation_code", "occupation_name"),
        "vacancies": amount("vacancies", 0),
        "job_seekers": amount("job_seekers", 0),
        "openings_to_seekers": amount("openings_to_seekers"),
    }
    table = tabulate("unfed", words("unfed"), rows, cells, lambda row: origins.occupation(row["occupation_code"]))
    return [*blocks, table]
