"""The demand forecast as people read it: fans of persons employed, openings by occupation and industry, the backtest.

Belongs here: which numbers of the forecast are shown and how. Does not belong here: how they come about
(`models.demand`).
"""

import unicodedata
from typing import Any

import pandas as pd

from reports.content.names import Names
from reports.content.parts import say
from reports.evidence import Grid
from reports.figures import COLOURS, Figure, layout
from reports.round_tables import RoundTables
from reports.wording import missing, number, percent, texts

FANS = 6  # industries drawn, those that gain or lose most
COLUMNS = 2
MANY = 10  # findings of one kind and level that are told as a number
SERIES = ["region", "level", "code"]


def of_round(tables: RoundTables, name: str) -> pd.DataFrame:
    """The rows of a forecast mart as of the round."""
    return tables.where(name, base_year=tables.round)


def target(tables: RoundTables) -> pd.DataFrame:
    """The round's forecast for the last year ahead, in which today's entrants graduate."""
    rows = of_round(tables, "marts.demand_forecast")
    return rows[rows["year"] == rows["year"].max()]


def names(rows: pd.DataFrame) -> pd.Series:
    """The names of classes, or their codes where they have none."""
    return rows["name"].where(rows["name"].notna(), rows["code"])


def short(name: str, most: int = 22) -> str:
    """A name that fits over a small chart: at most so many columns, of which a Chinese character takes two."""
    width = 0
    for place, character in enumerate(name):
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width > most:
            return name[:place].rstrip("、，, ") + "…"
    return name


def persons(value: object) -> str:
    """Whole persons as people write them."""
    return number(value if missing(value) else round(float(value)) + 0, 0).replace("-", "−")  # type: ignore[arg-type]


def span(text: dict[str, Any], low: object, mid: object, high: object) -> str:
    """Mid with low and high as people write them."""
    if missing(mid) or missing(low):
        return persons(mid)
    return str(text["span"].format(low=persons(low), mid=persons(mid), high=persons(high)))


def spans(rows: pd.DataFrame, part: str, text: dict[str, Any]) -> list[str]:
    """Mid with low and high of every row."""
    bounds = [rows[f"{part}_{bound}"] for bound in ("low", "mid", "high")]
    return [span(text, *each) for each in zip(*bounds, strict=True)]


def grid(columns: dict[str, list[Any]], text: dict[str, Any], numeric: set[str]) -> Grid:
    """Columns of cells as a grid; the heads stand in the texts."""
    heads = [(text["columns"][name], name in numeric) for name in columns]
    return {"heads": heads, "rows": [list(row) for row in zip(*columns.values(), strict=True)]}


def occupation_rows(tables: RoundTables) -> pd.DataFrame:
    """The forecast of occupations for the last year ahead, most openings first."""
    rows = target(tables).query("class_kind == 'occupation'")
    return rows.sort_values(["openings_mid", "code"], ascending=[False, True])


def industry_rows(tables: RoundTables) -> pd.DataFrame:
    """The forecast of industries for the last year ahead; divisions are in their sections already."""
    rows = target(tables).query("class_kind == 'industry'").sort_values(["level", "code"])
    return rows[rows["level"] != "division"]


def occupations(tables: RoundTables, lang: str) -> Grid:
    """Openings by occupation beside the other signals of demand, each in a column of its own; most openings first."""
    text, rows = texts(lang)["demand"], occupation_rows(tables)
    signals = tables.frame("marts.occupation_balance").query("year == @tables.round").set_index("occupation_code")
    market, projected = (signals[signals["basis"] == basis] for basis in ("vacancies", "projection"))
    beside = {
        "vacancies": market["vacancies"].reindex(rows["code"]),
        "job_seekers": market["job_seekers"].reindex(rows["code"]),
        "projected": projected["openings"].reindex(rows["code"]),
    }
    columns = {
        "code": rows["code"].tolist(),
        "name": [known_name(tables, row, lang) for row in rows.to_dict("records")],
        "openings": spans(rows, "openings", text),
        "expansion": spans(rows, "expansion", text),
        "replacement": spans(rows, "replacement", text),
        "basis": [text["bases"][basis] for basis in rows["basis"]],
        "share_basis": [
            "、".join(text["share_bases"][part] for part in basis.split("; ")) for basis in rows["share_basis"]
        ],
        **{name: [persons(value) for value in values] for name, values in beside.items()},
    }
    return grid(columns, text, {"openings", "expansion", "replacement", "vacancies", "job_seekers", "projected"})


def industries(tables: RoundTables, lang: str) -> Grid:
    """Persons employed and openings by industry, with the method and its error in the backtest."""
    text, rows = texts(lang)["demand"], industry_rows(tables)
    tested = of_round(tables, "marts.forecast_backtest").query("chosen").set_index(SERIES)
    places = pd.MultiIndex.from_frame(rows[SERIES])
    found = tested[["origins", "relative_mae", "coverage"]].reindex(places)
    columns = {
        "code": rows["code"].tolist(),
        "name": [known_name(tables, row, lang) for row in rows.to_dict("records")],
        "employed_last": [
            text["in_year"].format(persons=persons(value), year=year)
            for value, year in zip(rows["employed_last"], rows["last_year"], strict=True)
        ],
        "employed": spans(rows, "employed", text),
        "expansion": spans(rows, "expansion", text),
        "openings": spans(rows, "openings", text),
        "basis": [text["bases"][basis] for basis in rows["basis"]],
        "method": [text["methods"][method] for method in rows["method"]],
        "relative": [number(value) for value in found["relative_mae"]],
        "origins": [number(value, 0) for value in found["origins"]],
        "coverage": [percent(value, 0) for value in found["coverage"]],
    }
    words = {"code", "name", "basis", "method"}
    return grid(columns, text, set(columns) - words)


def findings(tables: RoundTables, lang: str) -> Grid:
    """Gaps, breaks and the like in the yearly series, with what follows; what many series share is one row."""
    text = texts(lang)["demand"]
    rows = of_round(tables, "marts.forecast_finding").assign(label=names)
    rows = rows.sort_values(["kind", "level", "code"])
    shown: list[list[Any]] = []
    for (kind, _, message, _), alike in rows.groupby(["kind", "level", f"message_{lang}", "message_zh"], sort=False):
        if len(alike) > MANY:
            shown.append(["–", text["many"].format(n=len(alike)), text["kinds"][kind], "–", message])
        else:
            shown += [
                [code, label, text["kinds"][kind], years, message]
                for code, label, years in zip(alike["code"], alike["label"], alike["years"], strict=True)
            ]
    heads = [(text["columns"][name], False) for name in ("code", "name", "kind", "years", "message")]
    return {"heads": heads, "rows": shown}


def drawn_rows(tables: RoundTables) -> tuple[pd.DataFrame, list[Any]]:
    """The forecast of industries as of the round, and the keys of those drawn: the ones that gain or lose most."""
    rows = of_round(tables, "marts.demand_forecast").query("class_kind == 'industry' and employed_mid.notna()")
    rows = rows[rows["level"] != "division"] if (rows["level"] != "division").any() else rows
    last = rows[rows["year"] == rows["year"].max()].set_index(SERIES)
    moved = last["expansion_mid"].abs().sort_values(ascending=False, kind="stable")
    return rows, moved.index[:FANS].tolist()


def drawn_codes(tables: RoundTables) -> list[str]:
    """The codes of the industries drawn, in their order."""
    return [str(code) for _, _, code in drawn_rows(tables)[1]]


def drawn(tables: RoundTables, lang: str) -> Grid:
    """The numbers of the fans: low, middle and high of every industry drawn, by year ahead."""
    text, (rows, keys) = texts(lang)["demand"], drawn_rows(tables)
    cells = []
    for key in keys:
        for row in rows.set_index(SERIES).loc[[key]].sort_values("year").reset_index().to_dict("records"):
            cells.append(
                [known_name(tables, row, lang), str(row["year"]), *spans(pd.DataFrame([row]), "employed", text)]
            )
    heads = [
        (text["columns"]["name"], False),
        (texts(lang)["columns"]["round"], False),
        (text["columns"]["employed"], True),
    ]
    return {"heads": heads, "rows": cells}


def known_name(tables: RoundTables, row: Any, lang: str) -> str:
    """The name of an industry or occupation of the forecast in a language, or its code."""
    return say(Names(tables).named(row["class_kind"], row["code"], row["name"]), lang)


def fans(tables: RoundTables, lang: str) -> Figure | None:
    """Persons employed so far and ahead, with the band, of the industries that gain or lose most."""
    text = texts(lang)["demand"]
    rows, moved = drawn_rows(tables)
    if rows.empty:
        return None
    history = tables.frame("marts.employment_series").query("year <= @tables.round")
    data: list[Figure] = []
    axes: Figure = {}
    notes = []
    ahead_of = dict(iter(rows.sort_values("year").groupby(SERIES)))
    past_of = dict(iter(history.sort_values("year").groupby(SERIES)))
    for number_, key in enumerate(moved):
        ahead, past = ahead_of[key], past_of[key]
        place = "" if number_ == 0 else str(number_ + 1)
        data += fan(past, ahead, place, text, shown=number_ == 0)
        axes |= axis_pair(number_, place, len(moved))
        left, top = axes[f"xaxis{place}"]["domain"][0], axes[f"yaxis{place}"]["domain"][1]
        name = short(known_name(tables, ahead.iloc[0], lang))
        notes.append(
            {"text": name, "xref": "paper", "yref": "paper", "x": left, "y": top + 0.01,
             "xanchor": "left", "yanchor": "bottom", "showarrow": False, "font": {"size": 13}}
        )  # fmt: skip
    height = 100 + 200 * -(-len(moved) // COLUMNS)
    return {"data": data, "layout": layout(height=height, annotations=notes, **axes)}


def fan(past: pd.DataFrame, ahead: pd.DataFrame, place: str, text: dict[str, Any], *, shown: bool) -> list[Figure]:
    """The traces of one industry: observed years, the band and the middle of the years ahead."""
    axes = {"xaxis": f"x{place}", "yaxis": f"y{place}", "type": "scatter"}
    unit = text["chart_unit"]
    start_year, start = int(ahead["last_year"].iloc[0]), float(ahead["employed_last"].iloc[0]) / unit
    years = [start_year, *ahead["year"].tolist()]
    bounds = {
        bound: [start, *(ahead[f"employed_{bound}"] / unit).round(4).tolist()] for bound in ("low", "mid", "high")
    }
    traces: list[Figure] = []
    if ahead["employed_low"].notna().all():
        edge = {**axes, "mode": "lines", "line": {"width": 0}, "x": years, "hoverinfo": "skip"}
        traces = [
            {**edge, "y": bounds["low"], "showlegend": False},
            {**edge, "y": bounds["high"], "fill": "tonexty", "fillcolor": "rgba(0,114,178,0.22)", "name": text["band"],
             "legendgroup": "band", "showlegend": shown},
        ]  # fmt: skip
    line = {"color": COLOURS[0], "dash": "dash"}
    return [
        *traces,
        {**axes, "mode": "lines", "name": text["mid"], "x": years, "y": bounds["mid"], "line": line,
         "legendgroup": "mid", "showlegend": shown},
        {**axes, "mode": "lines+markers", "name": text["observed"], "x": past["year"].tolist(),
         "y": (past["persons"] / unit).round(4).tolist(), "line": {"color": COLOURS[6]}, "marker": {"size": 4},
         "legendgroup": "observed", "showlegend": shown},
    ]  # fmt: skip


def axis_pair(number_: int, place: str, count: int) -> Figure:
    """The two axes of one of `count` small charts, in rows of COLUMNS."""
    rows = -(-count // COLUMNS)
    row, column = divmod(number_, COLUMNS)
    width, height = 1 / COLUMNS, 1 / rows
    x = {"domain": [(column + 0.14) * width, (column + 0.96) * width], "anchor": f"y{place}", "nticks": 5}
    y = {"domain": [1 - (row + 0.86) * height, 1 - (row + 0.18) * height], "anchor": f"x{place}", "nticks": 6}
    return {f"xaxis{place}": {**x, "tickformat": "d"}, f"yaxis{place}": y}
