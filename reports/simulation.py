"""The what-if page: units per state under each variant of the rules, who changes state, with how many students.

Belongs here: chart, table and words of `duikou simulate`. Does not belong here: deciding (`models`).
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from plotly.offline import get_plotlyjs

from models.rules import Rulebook
from reports.figures import COLOURS, DASHES, Figure, layout
from reports.web_page import embedded_figures, template
from reports.wording import number, texts


@dataclass(frozen=True)
class Variant:
    """One variant: its name, units per state, and the units that change state (`models.simulation.CHANGE_COLUMNS`)."""

    name: str
    rulebook: Rulebook
    states: dict[str, int]
    changes: pd.DataFrame

    def students(self, direction: str) -> float:
        """Students of the units that move in a direction."""
        return float(self.changes.loc[self.changes["direction"] == direction, "students"].sum())


def state_names(variants: list[Variant], lang: str) -> dict[str, str]:
    """Every state of any variant's ladder by id, the base's first."""
    names: dict[str, str] = {}
    for variant in variants:
        names |= {state.id: state.name.in_language(lang) for state in variant.rulebook.ladder if state.id not in names}
    return names


def chart(variants: list[Variant], lang: str) -> Figure:
    """Units per state over the variants: one line per state, mildest first; the base stands at the left."""
    names = state_names(variants, lang)
    labels = [variants[0].name, " ", *(variant.name for variant in variants[1:])]  # the base stands apart
    data = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": labels,
            "y": [variants[0].states.get(state, 0), None, *(variant.states.get(state, 0) for variant in variants[1:])],
            "line": {"color": COLOURS[place % len(COLOURS)], "dash": DASHES[place % len(DASHES)]},
        }
        for place, (state, name) in enumerate(names.items())
        if place > 0  # the first state is all the rest
    ]
    axis = {"type": "category", "automargin": True}
    return {
        "data": data,
        "layout": layout(xaxis=axis, yaxis={"rangemode": "tozero"}, legend={"orientation": "h", "y": -0.3}),
    }


def summary(variants: list[Variant], lang: str) -> pd.DataFrame:
    """One row per variant: units per state, units and students that move up and down the ladder."""
    text, names = texts(lang)["simulation"], state_names(variants, lang)
    rows = []
    for variant in variants:
        row: dict[str, object] = {text["variant"]: variant.name}
        row |= {name: variant.states.get(state, 0) for state, name in names.items()}
        for direction in ("worse", "better"):
            row[text[direction]] = int((variant.changes["direction"] == direction).sum())
            row[text[f"{direction}_students"]] = number(variant.students(direction), 0)
        rows.append(row)
    return pd.DataFrame(rows)


def changes(variants: list[Variant], labels: dict[str, str], lang: str) -> pd.DataFrame:
    """One row per variant and unit that changes state; `labels`: what people call a unit."""
    text, names = texts(lang)["simulation"], state_names(variants, lang)
    rows = [
        {
            text["variant"]: variant.name,
            text["unit"]: row["unit"],
            text["name"]: labels.get(row["unit"], ""),
            text["before"]: names[row["state_before"]],
            text["after"]: names[row["state_after"]],
            text["students"]: number(row["students"], 0),
        }
        for variant in variants
        for row in variant.changes.to_dict("records")
    ]
    columns = [text[key] for key in ("variant", "unit", "name", "before", "after", "students")]
    return pd.DataFrame(rows, columns=columns)


def write_page(variants: list[Variant], labels: dict[str, str], round_year: int, file: Path, lang: str) -> None:
    """Write the page (HTML with plotly.js inside) to `file`."""
    found = {"summary": summary(variants, lang), "changes": changes(variants, labels, lang)}
    html = template("simulation.html").render(
        t=texts(lang)["simulation"],
        lang=texts(lang)["lang"],
        round=round_year,
        base=variants[0].name,
        tables=[(name, list(frame.columns), frame.to_numpy().tolist()) for name, frame in found.items()],
        figures=embedded_figures({"chart": chart(variants, lang)}),
        plotlyjs=get_plotlyjs(),
    )
    file.write_text(html, encoding="utf-8")


def write_workbook(variants: list[Variant], labels: dict[str, str], file: Path, lang: str) -> None:
    """Write summary and changes as two sheets; text from files stays text."""
    text = texts(lang)["simulation"]
    options = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    with pd.ExcelWriter(file, engine="xlsxwriter", engine_kwargs=options) as workbook:
        for name, frame in (("summary", summary(variants, lang)), ("changes", changes(variants, labels, lang))):
            frame.to_excel(workbook, sheet_name=text[name], index=False, freeze_panes=(1, 0))
