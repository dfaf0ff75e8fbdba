"""Charts of the first page and of employment quality: states by round, largest gaps, rates with intervals.

Belongs here: what is drawn. Does not belong here: structures and balances (`figures`), flows (`flows`).
"""

from typing import Any

import pandas as pd

from models.uncertainty import jeffreys_interval, wilson_interval
from reports.balance import occupations, of_round
from reports.content.names import Names
from reports.content.parts import say
from reports.figures import COLOURS, DASHES, DIGITS, HATCHED, Figure, hatched, labels, layout
from reports.round_tables import RoundTables
from reports.wording import texts

# From light to dark in the order of the ladder, told apart without seeing red or green; each part carries its number.
SEVERITY = ("#F7D57E", "#EFA94A", "#D9742B", "#9E3D1F", "#4F1D12")
ROUNDS = 5
GAPS = 8
RATES = ("placement_rate", "direct_employment_rate", "matched_employment_rate")
SYMBOLS = ("circle", "square", "diamond", "cross")


def states(tables: RoundTables, lang: str) -> Figure | None:
    """Listed programs by state in the last rounds."""
    verdicts = tables.frame("decisions.verdict").query("round <= @tables.round and rank > 0")
    rounds = sorted(set(tables.frame("decisions.verdict").query("round <= @tables.round")["round"]))[-ROUNDS:]
    if verdicts.empty:
        return None
    data: list[Figure] = []
    for place, state in enumerate(tables.rulebook.ladder[1:]):
        counts = verdicts[verdicts["state"] == state.id].groupby("round").size().reindex(rounds, fill_value=0)
        data.append(
            {
                "type": "bar", "orientation": "h", "name": state.name.in_language(lang),
                "y": [str(year) for year in rounds], "x": counts.tolist(),
                "text": [str(count) if count else "" for count in counts], "textposition": "inside",
                "insidetextanchor": "middle", "textangle": 0,
                "textfont": {"color": "#fff" if place > 1 else "#1d2530", "size": 14},
                "marker": {"color": SEVERITY[min(place, len(SEVERITY) - 1)], "line": {"color": "#fff", "width": 1}},
            }
        )  # fmt: skip
    axes = {
        "yaxis": {"type": "category"},
        "xaxis": {"title": {"text": texts(lang)["report"]["programs_axis"]}, "rangemode": "tozero"},
    }
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "traceorder": "normal"}
    return {"data": data, "layout": layout(barmode="stack", height=110 + 44 * len(rounds), legend=legend, **axes)}


def gaps(tables: RoundTables, lang: str) -> Figure | None:
    """The programs with most graduates left over, above the occupations with most openings short."""
    text, names = texts(lang), Names(tables)
    panels = (
        ("program", "surplus", of_round(tables, "marts.program_balance"), COLOURS[5]),
        ("occupation", "shortage", occupations(tables, every=True), COLOURS[0]),
    )
    shown = []
    for subject, part, rows, colour in panels:
        most = rows[rows[part] > 0].sort_values([part, f"{subject}_code"], ascending=[False, True]).head(GAPS)
        if len(most):
            shown.append((subject, part, most.iloc[::-1], colour))
    if not shown:
        return None
    bars = sum(len(rows) for _, _, rows, _ in shown)
    data: list[Figure] = []
    axes: Figure = {}
    notes = []
    top, gap = 1.0, 0.16 if len(shown) > 1 else 0.0
    for place, (subject, part, rows, colour) in enumerate(shown):
        axis = "" if place == 0 else str(place + 1)
        height = (1 - gap * (len(shown) - 1)) * len(rows) / bars
        axes[f"yaxis{axis}"] = {"domain": [max(0.0, top - height), top], "automargin": True, "type": "category"}
        axes[f"xaxis{axis}"] = {"anchor": f"y{axis}", "matches": "x", "rangemode": "tozero", "automargin": True}
        notes.append(
            {
                "text": text["report"]["gap_panels"][part], "xref": "paper", "yref": "paper", "x": 0, "y": top,
                "xanchor": "left", "yanchor": "bottom", "showarrow": False, "font": {"size": 13},
            }
        )  # fmt: skip
        data.append(
            {
                "type": "bar", "orientation": "h", "name": text[part], "y": labels(rows, subject, names, lang),
                "x": rows[part].round(1).tolist(), "text": [f"{value:,.0f}" for value in rows[part]],
                "textposition": "outside", "cliponaxis": False, "xaxis": f"x{axis}", "yaxis": f"y{axis}",
                "marker": hatched(colour, part in HATCHED),
            }
        )  # fmt: skip
        top -= height + gap
    margin = {"l": 60, "r": 50, "t": 40, "b": 40}
    return {
        "data": data,
        "layout": layout(height=150 + 40 * bars, showlegend=False, annotations=notes, margin=margin, **axes),
    }


def rates_by_year(tables: RoundTables) -> pd.DataFrame:
    """The district's rates: year, indicator, numerator, denominator, value and 95 % Wilson interval (low, high).

    Sums over the programs that report both counts.
    """
    rows = tables.frame("marts.indicator").query("indicator in @RATES and year <= @tables.round")
    rows = rows[rows["numerator"].notna() & rows["denominator"].notna()]
    sums = rows.groupby(["year", "indicator"], as_index=False)[["numerator", "denominator"]].sum()
    sums = sums[sums["denominator"] > 0]
    low, high = wilson_interval(sums["numerator"], sums["denominator"])
    return sums.assign(value=sums["numerator"] / sums["denominator"], low=low, high=high)


def rates(tables: RoundTables, lang: str) -> Figure | None:
    """The district's rates by year with their intervals."""
    found = rates_by_year(tables)
    if found.empty:
        return None
    data = [
        {
            "type": "scatter", "mode": "lines+markers", "name": texts(lang)["indicators"][name],
            "x": part["year"].tolist(), "y": part["value"].round(DIGITS).tolist(),
            "line": {"color": COLOURS[place], "dash": DASHES[place]}, "marker": {"symbol": SYMBOLS[place], "size": 8},
            "error_y": error_bars(part),
        }
        for place, (name, part) in enumerate(found.sort_values("year").groupby("indicator"))
    ]  # fmt: skip
    return {
        "data": data,
        "layout": layout(height=380, xaxis={"dtick": 1, "tickformat": "d"}, yaxis={"tickformat": ".0%"}),
    }


def error_bars(rows: pd.DataFrame) -> dict[str, Any]:
    """Intervals (low, high) around values as Plotly draws them."""
    return {
        "type": "data", "symmetric": False, "thickness": 1, "width": 3,
        "array": (rows["high"] - rows["value"]).round(DIGITS).tolist(),
        "arrayminus": (rows["value"] - rows["low"]).round(DIGITS).tolist(),
    }  # fmt: skip


def listed_rates(tables: RoundTables, listed: pd.DataFrame) -> pd.DataFrame:
    """Direct employment rates of listed programs that a line on them hit, with Jeffreys intervals.

    Columns: unit, round, numerator, denominator, value, low, high, line.
    """
    rows = tables.frame("decisions.evidence").query(
        "indicator == 'direct_employment_rate' and comparison == 'below' and round <= @tables.round"
    )
    hit = rows[(rows["outcome"] == "hit") & (rows["round"] == tables.round)]["unit"]
    rows = rows[rows["unit"].isin(set(hit) & set(listed["unit"])) & rows["value"].notna() & rows["denominator"].notna()]
    if rows.empty:
        return rows.assign(low=[], high=[])
    low, high = jeffreys_interval(rows["numerator"], rows["denominator"])
    return rows.assign(low=low, high=high, value=rows["numerator"] / rows["denominator"]).sort_values(["unit", "round"])


def listed_trends(tables: RoundTables, listed: pd.DataFrame, lang: str) -> Figure | None:
    """A small chart per listed program that an employment rule hit: its rates with intervals, and the line."""
    rows, names = listed_rates(tables, listed), Names(tables)
    if rows.empty:
        return None
    units = [unit for unit in listed["unit"] if unit in set(rows["unit"])]
    columns = 2
    lines = -(-len(units) // columns)
    data: list[Figure] = []
    axes: Figure = {}
    notes, shapes = [], []
    for place, unit in enumerate(units):
        part = rows[rows["unit"] == unit]
        axis = "" if place == 0 else str(place + 1)
        line, column = divmod(place, columns)
        x = {"domain": [(column + 0.1) / columns, (column + 0.97) / columns], "anchor": f"y{axis}"}
        top, bottom = 1 - (line + 0.2) / lines, 1 - (line + 0.86) / lines
        span = [int(rows["round"].min()) - 0.5, int(rows["round"].max()) + 0.5]
        axes[f"xaxis{axis}"] = {**x, "dtick": 1, "tickformat": "d", "range": span}
        axes[f"yaxis{axis}"] = {
            "domain": [bottom, top], "anchor": f"x{axis}", "tickformat": ".0%", "range": [0, 1.05], "dtick": 0.5,
        }  # fmt: skip
        of = names.units[unit]
        notes.append(
            {
                "text": f"{say(of['program'], lang)} · {say(of['school'], lang)}", "xref": "paper", "yref": "paper",
                "x": x["domain"][0], "y": top + 0.005, "xanchor": "left", "yanchor": "bottom", "showarrow": False,
                "font": {"size": 12},
            }
        )  # fmt: skip
        data.append(
            {
                "type": "scatter", "mode": "lines+markers", "xaxis": f"x{axis}", "yaxis": f"y{axis}",
                "name": f"{say(of['school'], lang)} {say(of['program'], lang)}", "x": part["round"].tolist(),
                "y": part["value"].round(DIGITS).tolist(), "line": {"color": COLOURS[0]}, "error_y": error_bars(part),
            }
        )  # fmt: skip
        height = float(part["line"].iloc[-1])
        shapes.append(
            {
                "type": "line", "xref": f"x{axis}", "yref": f"y{axis}", "x0": span[0], "x1": span[1], "y0": height,
                "y1": height, "line": {"dash": "dash", "color": COLOURS[5], "width": 1.5},
            }
        )  # fmt: skip
    margin = {"l": 10, "r": 10, "t": 10, "b": 20}
    return {
        "data": data,
        "layout": layout(
            height=30 + 170 * lines, showlegend=False, annotations=notes, shapes=shapes, margin=margin, **axes
        ),
    }  # fmt: skip
