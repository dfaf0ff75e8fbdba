"""Charts of the match report as Plotly figures (plain mappings, drawn by the plotly.js inside the page).

Belongs here: what is drawn. Does not belong here: numbers that are computed nowhere else.
"""

from typing import Any

import pandas as pd

from reports.balance import of_round
from reports.content.names import Names
from reports.content.parts import Drawing, say
from reports.round_tables import RoundTables
from reports.wording import texts

# Okabe and Ito's palette, told apart by colour-blind readers.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#555555")
DASHES = ("solid", "dash", "dot", "dashdot")
Figure = Drawing
MOST_BARS = 20  # of a chart; the annex has the rest
DIGITS = 6  # of what is drawn: more than anybody writes, so that nothing is rounded twice
UPRIGHT = 6  # classes whose bars stand; the names of more are read beside lying bars
HATCH = {"fgcolor": "#fff", "fillmode": "overlay", "solidity": 0.3}
HATCHED = {"surplus", "shortage"}  # what is too much or missing is told by more than its colour


def hatched(colour: str | list[str], marks: bool | list[bool]) -> Figure:
    """A marker of one colour or one per bar, hatched where `marks` says so."""
    shape = ["/" if mark else "" for mark in marks] if isinstance(marks, list) else "/" if marks else ""
    return {"color": colour, "pattern": {"shape": shape, **HATCH}}


def layout(**more: Any) -> Figure:
    """What all charts share."""
    font = {"family": "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif", "size": 13}
    return {
        "font": font,
        "margin": {"l": 60, "r": 20, "t": 20, "b": 60},
        "legend": {"orientation": "h", "y": 1.12},
        "paper_bgcolor": "#fff",
        "plot_bgcolor": "#fff",
        **more,
    }


def shares(tables: RoundTables, class_system: str, bases: tuple[str, ...], lang: str) -> Figure | None:
    """Shares of graduates beside shares of industry, by class, for the latest year up to the round with both."""
    text = texts(lang)
    supply = tables.frame("marts.supply_share").query("class_system == @class_system and basis == 'graduates'")
    industry = tables.frame("marts.industry_share").query("class_system == @class_system and basis in @bases")
    years = sorted(set(supply["year"]) & set(industry["year"]) & set(range(tables.round + 1)))
    if not years:
        return None
    parts = [("graduates", supply[supply["year"] == years[-1]], years[-1])]
    for basis in bases:
        rows = industry[(industry["basis"] == basis) & (industry["year"] <= tables.round)]
        if len(rows):
            parts.append((basis, rows[rows["year"] == rows["year"].max()], int(rows["year"].max())))
    named = pd.concat([rows for _, rows, _ in parts]).drop_duplicates("class_code").sort_values("class_code")
    order = list(zip(named["class_code"], named["class_name"], strict=True))
    known = Names(tables)
    names = [say(known.of_class(class_system, code, name), lang) for code, name in order]
    lying = len(order) > UPRIGHT
    data = []
    for number, (basis, rows, year) in enumerate(parts):
        share = rows.set_index("class_code")["share"]
        values = [round(float(share.get(code, 0.0)), DIGITS) for code, _ in order]
        bar = {"type": "bar", "name": f"{text[basis]} {year}", "marker": hatched(COLOURS[number], number == 1)}
        data.append({**bar, "orientation": "h", "y": names, "x": values} if lying else {**bar, "x": names, "y": values})
    of_shares, of_classes = {"tickformat": ".0%"}, {"automargin": True, "type": "category"}
    if lying:
        axes = {"xaxis": of_shares, "yaxis": {**of_classes, "autorange": "reversed"}}
        return {"data": data, "layout": layout(barmode="group", height=130 + 30 * len(order), **axes)}
    return {"data": data, "layout": layout(barmode="group", height=340, yaxis=of_shares, xaxis=of_classes)}


def labels(rows: pd.DataFrame, subject: str, names: Names, lang: str) -> list[str]:
    """Names of programs or occupations; with the code where the name is missing or not the only one."""
    codes = rows[f"{subject}_code"].astype(str).tolist()
    said = [
        say(names.named(subject, code, name), lang) for code, name in zip(codes, rows[f"{subject}_name"], strict=True)
    ]
    named = pd.Series(said)
    return named.where(~named.duplicated(keep=False), named + " " + pd.Series(codes)).tolist()


def stacked(rows: pd.DataFrame, subject: str, parts: dict[str, str], names: Names, lang: str) -> Figure:
    """Horizontal bars of two parts that add up, the first row on top; `parts` are columns with their colours."""
    text = texts(lang)
    rows = rows.iloc[::-1]
    data: list[Figure] = [
        {
            "type": "bar", "orientation": "h", "name": text[part], "y": labels(rows, subject, names, lang),
            "x": rows[part].round(1).tolist(), "marker": hatched(colour, part in HATCHED),
        }
        for part, colour in parts.items()
    ]  # fmt: skip
    height = 140 + 22 * len(rows)
    legend = {"orientation": "h", "y": 1, "yanchor": "bottom", "traceorder": "normal"}
    bounds = [-0.7, len(rows) - 0.3]
    axes = {"yaxis": {"automargin": True, "type": "category", "range": bounds}, "xaxis": {"rangemode": "tozero"}}
    return {"data": data, "layout": layout(height=height, barmode="stack", legend=legend, **axes)}


def allotted_programs(tables: RoundTables, lang: str) -> Figure | None:
    """Graduates with an opening and left over by program, with the openings allotted; the largest programs."""
    rows = of_round(tables, "marts.program_balance")
    if rows.empty:
        return None
    rows = rows.sort_values(["surplus", "graduates", "program_code"], ascending=[False, False, True]).head(MOST_BARS)
    names = Names(tables)
    figure = stacked(rows, "program", {"matched": COLOURS[0], "surplus": COLOURS[5]}, names, lang)
    marks = {
        "type": "scatter", "mode": "markers", "name": texts(lang)["allotted"],
        "y": labels(rows, "program", names, lang)[::-1], "x": rows["allotted_openings"].round(1).tolist()[::-1],
        "marker": {"symbol": "line-ns", "size": 13, "line": {"width": 3, "color": "#111"}},
    }  # fmt: skip
    return figure | {"data": [*figure["data"], marks]}


def allotted_occupations(tables: RoundTables, lang: str) -> Figure | None:
    """Openings filled and short by occupation; the largest shortages."""
    rows = of_round(tables, "marts.occupation_balance")
    if rows.empty:
        return None
    order = ["shortage", "openings", "occupation_code"]
    rows = rows.sort_values(order, ascending=[False, False, True])
    parts = {"filled": COLOURS[0], "shortage": COLOURS[1]}
    return stacked(rows.head(MOST_BARS), "occupation", parts, Names(tables), lang)


def ratios(tables: RoundTables, lang: str) -> Figure | None:
    """Supply–demand ratio by program, highest first, with the balance at 1."""
    rows = of_round(tables, "marts.program_balance").dropna(subset="supply_demand_ratio")
    if rows.empty:
        return None
    rows = rows.sort_values(["supply_demand_ratio", "program_code"], ascending=[True, False]).tail(MOST_BARS)
    ratio = rows["supply_demand_ratio"].round(DIGITS).tolist()
    colours = [COLOURS[5] if value > 1 else COLOURS[0] for value in ratio]
    bar = {
        "type": "bar",
        "orientation": "h",
        "name": texts(lang)["columns"]["supply_demand_ratio"],
        "y": labels(rows, "program", Names(tables), lang),
        "x": ratio,
        "marker": hatched(colours, [value > 1 for value in ratio]),
    }
    line = {
        "type": "line",
        "x0": 1,
        "x1": 1,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"dash": "dash", "color": "#333"},
    }
    height = 120 + 22 * len(rows)
    return {"data": [bar], "layout": layout(height=height, shapes=[line], yaxis={"automargin": True}, showlegend=False)}


def indices(tables: RoundTables, lang: str) -> Figure | None:
    """Similarity and Duncan index by year, sectors against employed persons."""
    text = texts(lang)
    rows = tables.frame("marts.match_index")
    if rows.empty:
        return None
    rows = rows.query(
        "class_system == 'sector' and supply_basis == 'graduates' and industry_basis == 'employed_persons'"
        " and year <= @tables.round and index in ['cosine', 'duncan']"
    )
    if rows.empty:
        return None
    data = [
        {
            "type": "scatter", "mode": "lines+markers", "name": text[str(name)],
            "x": part["year"].tolist(), "y": part["value"].round(DIGITS).tolist(),
            "line": {"color": COLOURS[number], "dash": DASHES[number]},
        }
        for number, (name, part) in enumerate(rows.sort_values("year").groupby("index"))
    ]  # fmt: skip
    return {"data": data, "layout": layout(xaxis={"dtick": 1}, yaxis={"range": [0, 1.05]})}
