"""Charts inside Word files: native charts of Office, drawn by whatever program opens the document.

Belongs here: turning the report's bars and lines into a chart part with its numbers in a small workbook. Does not
belong here: what is drawn (`figures`, `overview_figures`), where a chart stands (`word_report`).

An image would need a browser or a plotting library and a Chinese font on the machine that makes it; a native chart
needs neither, prints sharply, has the reader's own fonts, and its numbers can be checked by opening it. XlsxWriter
writes the workbook with the chart; the chart is taken out of it and put into the document with that workbook as its
data (ECMA-376, part 1, 21.2). Flows and heat maps are no charts of Office: they are told by tables (`word_report`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import xlsxwriter
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Length, Mm
from docx.text.paragraph import Paragraph

from reports.official_text import writable
from reports.visible_text import visible

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
MOST_CATEGORIES, MOST_SHOWN = 20, 15  # of lying bars: where there are more than the first, the topmost are drawn
MOST_PANELS, MOST_SMALL = 2, 12  # above each other; beside each other in twos, of lines
MOST_UPRIGHT = 8  # categories whose names fit under upright bars
DASHES = {"solid": "solid", "dash": "dash", "dot": "round_dot", "dashdot": "dash_dot"}
BAR, GAP, LEGEND, LEAST = 4.6, 14, 8, 34  # millimetres: of a category, of the axis, of the legend, of a whole chart
UPRIGHT, SMALL = 60, 42  # millimetres: the height of bars that stand and of lines, and of a small chart
FONT = {"size": 9}
SHEET = "data"
LABEL = (
    b'<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
    b'<c:showPercent val="0"/><c:showBubbleSize val="0"/>'
)


@dataclass(frozen=True)
class Panel:
    """One chart with one pair of axes: a heading (empty where the caption is enough), its traces and how they stand."""

    heading: str
    traces: tuple[Mapping[str, Any], ...]
    across: bool
    lines: bool
    stacked: bool
    number_format: str
    first_on_top: bool = False  # of bars that lie
    small: bool = False  # one of many, beside another
    left_out: int = 0  # categories below those that are drawn
    banded: bool = False  # some of its lines are the edges of a shade

    @property
    def categories(self) -> list[str]:
        """The categories of all traces, from left to right or, of bars that lie, from the bottom up."""
        along = "y" if self.across else "x"
        found = list(dict.fromkeys(str(value) for trace in self.traces for value in trace[along]))
        if self.lines:
            found.sort()  # years: a line of the years to come may be drawn first
        return found[::-1] if self.lies and (self.first_on_top or not self.across) else found

    @property
    def lies(self) -> bool:
        """Whether its bars lie: as they were drawn, or because upright ones would have no room for their names."""
        along = "y" if self.across else "x"
        return self.across or (not self.lines and len(set(map(str, self.traces[0][along]))) > MOST_UPRIGHT)

    def values(self, trace: Mapping[str, Any]) -> list[float | None]:
        """The values of a trace by category; None where it has none."""
        along, value = ("y", "x") if self.across else ("x", "y")
        found = dict(zip(map(str, trace[along]), trace[value], strict=True))
        return [found.get(category) for category in self.categories]


def panels(drawing: Mapping[str, Any]) -> list[Panel]:
    """The panels of a Plotly figure that can be drawn natively; none where it is of another kind or too large."""
    traces: Sequence[Mapping[str, Any]] = drawing["data"]
    bars = all(trace["type"] == "bar" for trace in traces)
    lines = all(trace["type"] == "scatter" and "lines" in trace.get("mode", "") for trace in traces)
    if not traces or not (bars or lines):
        return []
    by_axis: dict[str, list[Mapping[str, Any]]] = {}
    for trace in traces:
        by_axis.setdefault(trace.get("yaxis", "y"), []).append(trace)
    layout = drawing["layout"]
    headings = [str(note["text"]) for note in layout.get("annotations", ())]
    if len(headings) != len(by_axis):
        headings = [""] * len(by_axis)
    axes = [layout[axis] for axis in layout if axis[:5] in ("xaxis", "yaxis")]
    percent = any("%" in str(axis.get("tickformat", "")) for axis in axes)
    found = [
        Panel(
            heading,
            tuple([*group, *levels(layout, axis, group)] if lines else group),
            across=bars and group[0].get("orientation") == "h",
            lines=lines,
            stacked=layout.get("barmode") == "stack",
            number_format="0%" if percent else "General",
            first_on_top=layout.get("yaxis", {}).get("autorange") == "reversed",
            small=len(by_axis) > MOST_PANELS,
            banded=any("fill" in trace for trace in group),
        )
        for heading, (axis, group) in zip(headings, by_axis.items(), strict=True)
    ]
    if len(found) == 1 and bars:
        found = [topmost(found[0])]
    fits = len(found) <= (MOST_SMALL if lines else MOST_PANELS)
    return found if fits and all(len(panel.categories) <= MOST_CATEGORIES for panel in found) else []


def topmost(panel: Panel) -> Panel:
    """A panel of lying bars with the topmost only where there are too many."""
    order = panel.categories  # from the bottom up
    if not panel.across or len(order) <= MOST_CATEGORIES:
        return panel
    kept = set(order[-MOST_SHOWN:])
    traces = []
    for trace in panel.traces:
        places = [place for place, name in enumerate(trace["y"]) if str(name) in kept]
        cut = {axis: [trace[axis][place] for place in places] for axis in ("x", "y")}
        marker = dict(trace.get("marker", {}))
        if isinstance(marker.get("color"), list):
            marker["color"] = [marker["color"][place] for place in places]
        if isinstance(marker.get("pattern", {}).get("shape"), list):
            shapes = marker["pattern"]["shape"]
            marker["pattern"] = {**marker["pattern"], "shape": [shapes[place] for place in places]}
        traces.append({**trace, **cut, "marker": marker})
    return replace(panel, traces=tuple(traces), left_out=len(order) - MOST_SHOWN)


def levels(layout: Mapping[str, Any], axis: str, group: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Level lines that the layout draws across the axes of a group of lines, as further lines."""
    years = sorted({value for trace in group for value in trace["x"]})
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "",
            "x": years,
            "y": [shape["y0"]] * len(years),
            "line": shape["line"],
        }
        for shape in layout.get("shapes", ())
        if shape.get("type") == "line" and shape.get("y0") == shape.get("y1") and shape.get("yref", "y") == axis
    ]


def height_of(panel: Panel) -> Length:
    """How high a panel is drawn: by its bars where they lie."""
    if not panel.lies:
        return Mm(SMALL if panel.small else UPRIGHT)
    bars = 1 if panel.stacked else len(panel.traces)
    legend = LEGEND if len(panel.traces) > 1 or panel.heading else 0
    return Mm(max(LEAST, GAP + legend + BAR * len(panel.categories) * (1 + (bars - 1) / 3)))


def place(paragraph: Paragraph, panel: Panel, width: Length, description: str) -> None:
    """Put a panel into a paragraph, as wide as `width`."""
    height = height_of(panel)
    document = paragraph.part
    chart, workbook = chart_and_workbook(panel)
    package = document.package
    number = sum(str(part.partname).startswith("/word/charts/") for part in package.iter_parts()) + 1
    sheet = Part(
        PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{number}.xlsx"), CONTENT_TYPE.SML_SHEET, workbook, package
    )
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, chart, package)
    data = part.relate_to(sheet, RELATIONSHIP_TYPE.PACKAGE)
    end = f'<c:externalData r:id="{data}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'.encode()
    chart = re.sub(rb"<c:printSettings>.*?</c:printSettings>", b"", chart)
    # What a label does not show has to be said: programs differ in what they take for granted.
    chart = chart.replace(b'<c:showVal val="1"/>', LABEL)
    if b"dispBlanksAs" not in chart:
        chart = chart.replace(b'<c:plotVisOnly val="1"/>', b'<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/>')
    if panel.lines and b"<c:smooth" not in chart:
        chart = chart.replace(b"</c:val></c:ser>", b'</c:val><c:smooth val="0"/></c:ser>')
    part._blob = chart.replace(b"</c:chartSpace>", end)
    relation = document.relate_to(part, RELATIONSHIP_TYPE.CHART)
    frame = parse_xml(
        f'<w:drawing {nsdecls("w", "wp", "a", "r")}><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{int(width)}" cy="{int(height)}"/><wp:docPr id="{1000 + number}" name="chart{number}"/>'
        f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{CHART}">'
        f'<c:chart xmlns:c="{CHART}" r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )
    frame[0].find("{*}docPr").set("descr", writable(description))
    paragraph.add_run()._r.append(frame)


def chart_and_workbook(panel: Panel) -> tuple[bytes, bytes]:
    """The XML of the chart, and the workbook that holds its numbers."""
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        sheet = book.add_worksheet(SHEET)
        categories = panel.categories
        for row, category in enumerate(categories, start=1):
            sheet.write_string(row, 0, visible(category))
        kind = {"type": "line"} if panel.lines else {"type": "bar" if panel.lies else "column"}
        chart = book.add_chart(kind | ({"subtype": "stacked"} if panel.stacked and not panel.lines else {}))
        for column, trace in enumerate(panel.traces, start=1):
            sheet.write_string(0, column, visible(str(trace.get("name", ""))))
            for row, value in enumerate(panel.values(trace), start=1):
                if value is not None:
                    sheet.write_number(row, column, value)
            chart.add_series(
                {
                    "name": [SHEET, 0, column],
                    "categories": [SHEET, 1, 0, len(categories), 0],
                    "values": [SHEET, 1, column, len(categories), column],
                    **look(panel, trace),
                }
            )
        axes = {"num_font": FONT, "name_font": FONT}
        values: dict[str, Any] = {
            **axes,
            "num_format": panel.number_format,
            "major_gridlines": {"visible": True, "line": GRID},
        }
        if panel.lines and panel.small:
            values["num_font"] = {"size": 8}
        if panel.lines and panel.number_format == "0%":
            values |= {"min": 0, "max": 1}
        named = {**axes, "text_axis": True, "interval_unit": 1}
        chart.set_x_axis(values if panel.lies else named)
        chart.set_y_axis(named if panel.lies else values)
        chart.set_title({"name": visible(panel.heading), "name_font": {"size": 10, "bold": False}, "overlay": False}
                        if panel.heading else {"none": True})  # fmt: skip
        chart.set_legend({"none": True} if len(panel.traces) == 1 or panel.small else {"position": "top", "font": FONT})
        chart.set_chartarea({"border": {"none": True}})
        chart.show_blanks_as("gap")
        sheet.insert_chart(0, len(panel.traces) + 2, chart)
    with ZipFile(BytesIO(content.getvalue())) as archive:
        return archive.read("xl/charts/chart1.xml"), content.getvalue()


GRID = {"color": "#D0D0D0", "width": 0.5}


def look(panel: Panel, trace: Mapping[str, Any]) -> dict[str, Any]:
    """Colours, dashes and labels of a series."""
    found: dict[str, Any]
    if panel.lines:
        line = trace.get("line", {})
        colour = line.get("color", "#0072B2")
        found = {
            "line": {"color": colour, "width": 1.75, "dash_type": DASHES.get(line.get("dash", "solid"), "solid")},
            "marker": {"type": "circle", "size": 5, "fill": {"color": colour}, "border": {"color": colour}},
        }
        if "markers" not in trace.get("mode", ""):
            found["marker"] = {"type": "none"}
            found["line"]["width"] = 1 if "fill" in trace or not line.get("width", 1) else 1.75
        if "array" in trace.get("error_y", {}):
            error = trace["error_y"]
            below = error.get("arrayminus", error["array"])
            found["y_error_bars"] = {
                "type": "custom", "plus_values": list(error["array"]), "minus_values": list(below),
                "line": {"color": colour, "width": 0.75},
            }  # fmt: skip
        return found
    colour = trace.get("marker", {}).get("color", "#0072B2")
    single = colour if isinstance(colour, str) else colour[0]
    found = {**filled(single, hatched(trace)), "border": {"color": "#FFFFFF", "width": 0.5}, "gap": 60}
    if not isinstance(colour, str):
        marks = trace["marker"].get("pattern", {}).get("shape", "")
        marks = marks if isinstance(marks, list) else [marks] * len(colour)
        found["points"] = [filled(each, bool(mark)) for each, mark in zip(colour, marks, strict=True)]
    if panel.lies or len(panel.categories) <= MOST_UPRIGHT:
        white = panel.stacked and dark(single) and not hatched(trace)
        labels: dict[str, Any] = {"value": True, "font": {**FONT, "color": "#FFFFFF" if white else "#000000"}}
        labels["num_format"] = "0.0%" if "%" in panel.number_format else "#,##0;-#,##0;;"
        found["data_labels"] = labels
    return found


def hatched(trace: Mapping[str, Any]) -> bool:
    """Whether all bars of a trace are hatched."""
    shape = trace.get("marker", {}).get("pattern", {}).get("shape", "")
    return isinstance(shape, str) and bool(shape)


def filled(colour: str, hatch: bool) -> dict[str, Any]:
    """A fill, or white lines across it, which are told apart without colour."""
    if not hatch:
        return {"fill": {"color": colour}}
    return {"pattern": {"pattern": "dark_upward_diagonal", "fg_color": colour, "bg_color": "#FFFFFF"}}


def dark(colour: str) -> bool:
    """Whether white is read better on it than black (relative luminance of WCAG 2 below 0.25)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] < 0.25
