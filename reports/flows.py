"""Charts of who teaches what and where graduates go: heat map of schools, flow to occupations and industry.

Belongs here: these two charts and the frames that they draw. Does not belong here: bars and lines (`figures`).
"""

from typing import Any

import pandas as pd

from reports.balance import basis_of
from reports.content.names import Names
from reports.content.parts import say
from reports.demand import short
from reports.figures import COLOURS, Figure, layout
from reports.round_tables import RoundTables
from reports.wording import missing, texts

CLASSES, OCCUPATIONS, SECTIONS = 9, 14, 9  # bands shown one by one; the rest of each column is one band
BAND_NAME = 28  # columns of a name beside a band; the numbers of the chart have it whole
OTHER = "…"
FLOW = ["source", "target", "persons"]


def flows(tables: RoundTables) -> pd.DataFrame:
    """Graduates of the round by class of program, occupation and section of industry, by the weights of the crosswalk.

    Columns: category, occupation_code, section_code (None where the occupation leads to no industry), persons. The
    persons of an occupation without industry stay with it.
    """
    rows = tables.frame("marts.allotment")
    rows = rows[(rows["year"] == tables.round) & (rows["basis"] == basis_of(tables))]
    units = tables.frame("marts.unit")
    category = units.drop_duplicates("program_code").set_index("program_code")["category"]
    links = tables.frame("core.crosswalk").query("relation == 'occupation_industry'")
    classes = tables.frame("core.industry_class").drop_duplicates("industry_code").set_index("industry_code")
    section = classes["section_code"].where(classes["section_code"].notna(), classes.index.to_series())
    links = links.assign(section_code=links["to_code"].map(section))[["from_code", "section_code", "weight"]]
    joined = rows.merge(links, left_on="occupation_code", right_on="from_code", how="left")
    joined["persons"] = joined["preferred"] * joined["weight"].astype(float).fillna(1.0)
    joined["category"] = joined["program_code"].map(category).fillna("–")
    found = joined.groupby(["category", "occupation_code", "section_code"], dropna=False, as_index=False)[["persons"]]
    return found.sum()


def largest(rows: pd.DataFrame, column: str, most: int) -> pd.Series:
    """A column in which all but the largest values by persons stand as one."""
    sums = rows.groupby(column)["persons"].sum().sort_values(ascending=False, kind="stable")
    return rows[column].where(rows[column].isin(sums.index[:most]), OTHER)


def bands(tables: RoundTables) -> tuple[pd.DataFrame, dict[str, int]]:
    """The flow as it is drawn, and how many of each column stand together.

    Columns: category, occupation_code, section_code with the small ones as one, persons.
    """
    rows = flows(tables)
    rows["section_code"] = rows["section_code"].fillna("–")
    most = {"category": CLASSES, "occupation_code": OCCUPATIONS, "section_code": SECTIONS}
    shown = rows.assign(**{column: largest(rows, column, count) for column, count in most.items()})
    rest = {column: rows[column].nunique() - count for column, count in most.items()}
    return shown.groupby(list(most), as_index=False)[["persons"]].sum(), rest


def band_name(names: Names, column: str, code: str, rest: dict[str, int], lang: str) -> str:
    """What a band of the flow is called; `rest` as of `bands`."""
    text = texts(lang)["report"]["flow"]
    kind = {"category": "category", "occupation_code": "occupation", "section_code": "industry"}[column]
    if code == OTHER:
        return str(text["rest"][kind].format(n=rest[column]))
    if code == "–":
        return str(text["none"])
    if kind == "category":
        return str(text["categories"].get(code, code))
    return say(names.named(kind, code), lang)


def sankey(tables: RoundTables, lang: str) -> Figure | None:
    """Graduates from classes of programs through occupations to sections of industry."""
    (rows, rest), names = bands(tables), Names(tables)
    if rows.empty:
        return None
    nodes: dict[tuple[str, str], int] = {}
    labels: list[str] = []
    colours: list[str] = []
    for column, colour in (("category", COLOURS[0]), ("occupation_code", COLOURS[6]), ("section_code", COLOURS[2])):
        sums = rows.groupby(column)["persons"].sum().sort_values(ascending=False, kind="stable")
        for code in [*(code for code in sums.index if code not in (OTHER, "–")), OTHER, "–"]:
            if code in sums.index:
                nodes[column, code] = len(nodes)
                labels.append(short(band_name(names, column, code, rest, lang), BAND_NAME))
                colours.append(colour)
    links: dict[str, list[Any]] = {"source": [], "target": [], "value": [], "color": []}
    for start, end, colour in (
        ("category", "occupation_code", "rgba(0,114,178,0.28)"),
        ("occupation_code", "section_code", "rgba(0,158,115,0.28)"),
    ):
        for code, target, persons in rows.groupby([start, end], as_index=False)["persons"].sum().to_numpy():
            links["source"].append(nodes[start, code])
            links["target"].append(nodes[end, target])
            links["value"].append(round(float(persons), 1))
            links["color"].append(colour)
    trace = {
        "type": "sankey", "arrangement": "snap", "valueformat": ",.0f",
        "node": {"label": labels, "color": colours, "pad": 12, "thickness": 14, "line": {"width": 0}},
        "link": links,
    }  # fmt: skip
    return {"data": [trace], "layout": layout(height=680, margin={"l": 10, "r": 10, "t": 10, "b": 10})}


def taught(tables: RoundTables) -> pd.DataFrame:
    """Students in school in the round by school and class of programs: school_id, category, in_school."""
    rows = tables.frame("core.enrollment").query("year == @tables.round")
    units = tables.frame("marts.unit")[["school_id", "program_code", "category"]]
    rows = rows.merge(units, on=["school_id", "program_code"]).dropna(subset="in_school")
    return rows.groupby(["school_id", "category"], as_index=False)[["in_school"]].sum()


def heat_map(tables: RoundTables, lang: str) -> Figure | None:
    """Students in school by school and class of programs; empty where a school does not teach a class."""
    rows, names = taught(tables), Names(tables)
    if rows.empty:
        return None
    wide = rows.pivot(index="category", columns="school_id", values="in_school")
    wide = wide.loc[wide.sum(axis=1).sort_values(kind="stable").index]
    text = texts(lang)["report"]["flow"]
    cells = [[None if missing(value) else int(value) for value in line] for line in wide.to_numpy()]
    written = [["" if cell is None else f"{cell:,}" for cell in line] for line in cells]
    trace = {
        "type": "heatmap", "x": [say(names.school(code), lang) for code in wide.columns],
        "y": [text["categories"].get(code, code) for code in wide.index], "z": cells,
        "text": written, "texttemplate": "%{text}", "hovertemplate": "%{x}<br>%{y}: %{z}<extra></extra>",
        "colorscale": [[0, "#EAF2FB"], [0.35, "#9CC4E4"], [0.7, "#3A86C0"], [1, "#08306B"]], "xgap": 2, "ygap": 2,
        "colorbar": {"title": {"text": text["students"]}, "thickness": 12, "len": 0.8},
    }  # fmt: skip
    axes = {
        "xaxis": {"automargin": True, "tickangle": -35, "showgrid": False},
        "yaxis": {"automargin": True, "showgrid": False},
    }
    return {"data": [trace], "layout": layout(height=180 + 40 * len(wide), **axes)}
