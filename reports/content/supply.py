"""Section 3: which schools teach what, how many students there are, and where graduates go.

Belongs here: that section. Does not belong here: whether they are needed (`fit`), how they fare (`employment`).
"""

from collections.abc import Callable, Hashable

import pandas as pd

from reports.content.origins import Origins
from reports.content.parts import (
    Block,
    Column,
    Figure,
    Row,
    Section,
    Table,
    Text,
    chart,
    columns,
    pair,
    paragraph,
    sentence,
    words,
)  # fmt: skip
from reports.content.sums import share, total
from reports.flows import band_name, bands, heat_map, sankey, taught
from reports.round_tables import RoundTables
from reports.wording import number, texts

COUNTS = ("in_school", "registered", "planned")


def supply(tables: RoundTables, origins: Origins) -> Section:
    """The section."""
    blocks: list[Block] = []
    rows = of_year(tables, origins)
    if rows.empty:
        blocks.append(paragraph(words("report.supply.none")))
    else:
        blocks += lead(tables, origins, rows)
    blocks += chart(
        "chart-heat", words("report.supply.heat"), lambda lang: heat_map(tables, lang),
        words("report.supply.heat_says"),
        origins.seats("district", "all", words("report.district"), rows["unit"].tolist(), [tables.round]),
        heat_numbers(tables, origins),
    )  # fmt: skip
    blocks += chart(
        "chart-flow", words("report.supply.flow"), lambda lang: sankey(tables, lang), words("report.supply.flow_says"),
        origins.graduates(), flow_numbers(tables, origins),
    )  # fmt: skip
    if len(rows):
        for kind, key in (("category", "category"), ("school", "school_id")):
            blocks.append(layout_table(tables, origins, rows, kind, key))
    return Section("supply", words("report.sections.supply"), tuple(blocks))


def of_year(tables: RoundTables, origins: Origins) -> pd.DataFrame:
    """Enrollment of the round by unit, with school, program and class, and the graduates of the year."""
    rows = origins.enrollment.query("year == @tables.round")
    units = tables.frame("marts.unit")[["unit", "category"]]
    graduates = tables.frame("marts.indicator").query("indicator == 'placement_rate' and year == @tables.round")
    known = graduates.drop_duplicates("unit").set_index("unit")["denominator"]
    merged = rows.merge(units, on="unit")
    return merged.assign(graduates=merged["unit"].map(known))


def lead(tables: RoundTables, origins: Origins, rows: pd.DataFrame) -> list[Block]:
    """Students, entrants and graduates of the year; the largest class and the most offered program."""
    where = origins.seats("district", "all", words("report.district"), rows["unit"].tolist(), [tables.round])
    sums = {name: total(rows[name]) for name in COUNTS}
    graduates = total(rows["graduates"])
    rates = origins.rates("district", "all", words("report.district"), tables.round, tables.frame("marts.indicator"))
    blocks: list[Block] = [
        sentence(
            "report.supply.lead", year=tables.round, students=Figure(number(sums["in_school"], 0), where),
            registered=Figure(number(sums["registered"], 0), where), planned=Figure(number(sums["planned"], 0), where),
            rate=Figure(share(sums["registered"], sums["planned"]), where),
            graduates=Figure(number(graduates, 0), rates),
        )
    ]  # fmt: skip
    students = rows.groupby("category")["in_school"].sum().sort_values(kind="stable")
    offered = tables.frame("marts.duplicate_program").query("year == @tables.round")
    if len(students) and students.sum() and len(offered):
        top = offered.sort_values(["providers", "program_code"], ascending=[True, False]).iloc[-1]
        category = str(students.index[-1])
        of_category = rows[rows["category"] == category]["unit"].tolist()
        place = origins.seats("category", category, in_words(category), of_category, [tables.round])
        blocks.append(
            sentence(
                "report.supply.largest", name=in_words(category),
                share=Figure(share(students.iloc[-1], students.sum()), place),
                program=origins.names.program(top["program_code"], top["program_name"]),
                providers=Figure(number(top["providers"]), origins.program(top["program_code"])),
            )
        )  # fmt: skip
    return blocks


def in_words(category: str) -> Text:
    """A class of programs in both languages."""
    zh, en = (texts(lang)["report"]["flow"]["categories"].get(category, category) for lang in ("zh", "en"))
    return pair(zh, en)


def named(origins: Origins, kind: str) -> Callable[[Hashable], Text]:
    """What the groups of a kind are called."""
    return lambda code: in_words(str(code)) if kind == "category" else origins.names.school(str(code))


def layout_table(tables: RoundTables, origins: Origins, rows: pd.DataFrame, kind: str, key: str) -> Table:
    """One row per class of programs or per school: programs, students, entrants, graduates; most students first."""
    order = rows.groupby(key)["in_school"].sum().sort_values(ascending=False, kind="stable").index
    students = total(rows["in_school"])
    shown = []
    for code in order:
        part = rows[rows[key] == code]
        name = named(origins, kind)(code)
        sums = {column: total(part[column]) for column in (*COUNTS, "graduates")}
        other = part["school_id"].nunique() if kind == "category" else part["category"].nunique()
        cells = (
            name, number(len(part)), number(other), number(sums["in_school"], 0), share(sums["in_school"], students, 0),
            number(sums["planned"], 0), number(sums["registered"], 0), share(sums["registered"], sums["planned"], 0),
            number(sums["graduates"], 0),
        )  # fmt: skip
        shown.append(Row(cells, origins.seats(kind, str(code), name, part["unit"].tolist(), [tables.round])))
    other_name = "schools" if kind == "category" else "category"
    names = ("name", "points", other_name, "in_school", "share", "planned", "registered", "intake_rate", "graduates")
    return Table(
        f"layout-{kind}", words(f"report.supply.by_{kind}", year=tables.round),
        columns(*names, numeric=set(names) - {"name"}), tuple(shown),
    )  # fmt: skip


def heat_numbers(tables: RoundTables, origins: Origins) -> Table:
    """The numbers of the heat map."""
    rows = taught(tables)
    wide = rows.pivot(index="category", columns="school_id", values="in_school") if len(rows) else rows
    heads = [Column(words("report.columns.category"))]
    heads += [Column(origins.names.school(str(code)), numeric=True) for code in wide.columns] if len(rows) else []
    shown = tuple(
        Row((in_words(str(code)), *(number(value, 0) for value in line)))
        for code, line in zip(wide.index, wide.to_numpy(), strict=True)
    )
    return Table("data-chart-heat", words("report.supply.heat"), tuple(heads), shown)


def flow_numbers(tables: RoundTables, origins: Origins) -> Table:
    """The numbers of the flow: graduates by class, occupation and section as drawn."""
    rows, rest = bands(tables)

    def told(column: str, code: str) -> Text:
        return pair(*(band_name(origins.names, column, code, rest, lang) for lang in ("zh", "en")))

    shown = tuple(
        Row((*(told(column, code) for column, code in zip(rows.columns[:3], codes, strict=True)), number(persons, 1)))
        for *codes, persons in rows.sort_values(["category", "persons"], ascending=[True, False]).to_numpy()
    )
    heads = columns("category", "occupation", "name", "graduates", numeric={"graduates"})
    return Table("data-chart-flow", words("report.supply.flow"), heads, shown)
