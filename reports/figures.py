"""Charts of the match report as Plotly figures (plain mappings, drawn by the plotly.js inside the page).

Belongs here: what is drawn. Does not belong here: numbers that are computed nowhere else.
"""

from typing import Any

import pandas as pd

from models.uncertainty import jeffreys_interval
from reports.balance import of_round
from reports.round_tables import RoundTables
from reports.wording import missing, texts

# Okabe and Ito's palette, told apart by colour-blind readers.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#555555")
DASHES = ("solid", "dash", "dot", "dashdot")
Figure = dict[str, Any]
MOST_BARS = 40


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
    names = [code if missing(name) else name for code, name in order]
    data = []
    for number, (basis, rows, year) in enumerate(parts):
        share = rows.set_index("class_code")["share"]
        values = [round(float(share.get(code, 0.0)), 5) for code, _ in order]
        data.append(
            {
                "type": "bar",
                "name": f"{text[basis]} {year}",
                "x": names,
                "y": values,
                "marker": {"color": COLOURS[number]},
            }
        )
    return {
        "data": data,
        "layout": layout(barmode="group", yaxis={"tickformat": ".0%"}, xaxis={"automargin": True, "type": "category"}),
    }


def labels(rows: pd.DataFrame, subject: str) -> list[str]:
    """Names of programs or occupations; with the code where the name is missing or not the only one."""
    name, code = rows[f"{subject}_name"], rows[f"{subject}_code"]
    named = name.where(~name.duplicated(keep=False), name + " " + code)
    return named.fillna(code).tolist()


def stacked(rows: pd.DataFrame, subject: str, parts: dict[str, str], lang: str) -> Figure:
    """Horizontal bars of two parts that add up, the first row on top; `parts` are columns with their colours."""
    text = texts(lang)
    rows = rows.iloc[::-1]
    data: list[Figure] = [
        {
            "type": "bar", "orientation": "h", "name": text[part], "y": labels(rows, subject),
            "x": rows[part].round(1).tolist(), "marker": {"color": colour},
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
    rows = rows.sort_values(["surplus", "graduates"], ascending=False).head(MOST_BARS)
    figure = stacked(rows, "program", {"matched": COLOURS[0], "surplus": COLOURS[5]}, lang)
    marks = {
        "type": "scatter", "mode": "markers", "name": texts(lang)["allotted"],
        "y": labels(rows, "program")[::-1], "x": rows["allotted_openings"].round(1).tolist()[::-1],
        "marker": {"symbol": "line-ns", "size": 13, "line": {"width": 3, "color": "#111"}},
    }  # fmt: skip
    return figure | {"data": [*figure["data"], marks]}


def allotted_occupations(tables: RoundTables, lang: str) -> Figure | None:
    """Openings filled and short by occupation; the largest shortages."""
    rows = of_round(tables, "marts.occupation_balance").sort_values(["shortage", "openings"], ascending=False)
    if rows.empty:
        return None
    return stacked(rows.head(MOST_BARS), "occupation", {"filled": COLOURS[0], "shortage": COLOURS[1]}, lang)


def ratios(tables: RoundTables, lang: str) -> Figure | None:
    """Supply–demand ratio by program, highest first, with the balance at 1."""
    rows = of_round(tables, "marts.program_balance").dropna(subset="supply_demand_ratio")
    if rows.empty:
        return None
    rows = rows.sort_values("supply_demand_ratio").tail(MOST_BARS)
    ratio = rows["supply_demand_ratio"].round(4).tolist()
    colours = [COLOURS[5] if value > 1 else COLOURS[0] for value in ratio]
    bar = {
        "type": "bar",
        "orientation": "h",
        "y": rows["program_name"].tolist(),
        "x": ratio,
        "marker": {"color": colours},
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
            "x": part["year"].tolist(), "y": part["value"].round(5).tolist(),
            "line": {"color": COLOURS[number], "dash": DASHES[number]},
        }
        for number, (name, part) in enumerate(rows.sort_values("year").groupby("index"))
    ]  # fmt: skip
    return {"data": data, "layout": layout(xaxis={"dtick": 1}, yaxis={"range": [0, 1.05]})}


def trends(tables: RoundTables, listed: pd.DataFrame, lang: str) -> Figure | None:
    """Direct employment rate of listed programs that an employment rule hit, with intervals and the line."""
    rows = tables.frame("decisions.evidence").query("indicator == 'direct_employment_rate' and comparison == 'below'")
    hit = rows[(rows["outcome"] == "hit") & (rows["round"] == tables.round)]["unit"]
    hit_rows = listed[listed["unit"].isin(hit)]
    names = dict(zip(hit_rows["unit"], hit_rows["school_name"] + " " + hit_rows["program_name"], strict=True))
    rows = rows[rows["unit"].isin(list(names)) & rows["value"].notna() & rows["denominator"].notna()]
    if rows.empty:
        return None
    low, high = jeffreys_interval(rows["numerator"], rows["denominator"])
    rows = rows.assign(low=low, high=high, rate=rows["numerator"] / rows["denominator"]).sort_values("round")
    data: list[Figure] = []
    for number, (unit, part) in enumerate(rows.groupby("unit")):
        data.append(
            {
                "type": "scatter", "mode": "lines+markers",
                "name": names[str(unit)],
                "x": part["round"].tolist(), "y": part["rate"].round(4).tolist(),
                "line": {"color": COLOURS[number % len(COLOURS)], "dash": DASHES[number % len(DASHES)]},
                "error_y": {
                    "type": "data", "symmetric": False, "thickness": 1, "width": 3,
                    "array": (part["high"] - part["rate"]).round(4).tolist(),
                    "arrayminus": (part["rate"] - part["low"]).round(4).tolist(),
                },
            }
        )  # fmt: skip
    line = float(rows["line"].iloc[0])
    shape = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": line, "y1": line, "line": {"dash": "dash"}}
    return {
        "data": data,
        "layout": layout(
            height=520, shapes=[shape], xaxis={"dtick": 1}, yaxis={"tickformat": ".0%", "range": [0, 1.02]},
            legend={"orientation": "h", "y": -0.15},
        ),
    }  # fmt: skip
