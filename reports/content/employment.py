"""Section 5: how graduates fare: rates of the district by year, of classes of programs and schools.

Belongs here: that section. Does not belong here: verdicts (`listed`).
"""

import pandas as pd

from reports.content.origins import Origins
from reports.content.origins.people import MORE_RATES, RATES
from reports.content.parts import (
    Block,
    Figure,
    Paragraph,
    Row,
    Section,
    Table,
    chart,
    columns,
    paragraph,
    sentence,
    words,
)
from reports.content.sums import share, summed
from reports.content.supply import named
from reports.overview_figures import rates as rates_figure
from reports.overview_figures import rates_by_year
from reports.round_tables import RoundTables
from reports.wording import number, percent


def employment(tables: RoundTables, origins: Origins) -> Section:
    """The section."""
    rows = tables.frame("marts.indicator").query("year <= @tables.round and indicator in @RATES")
    title = words("report.sections.employment")
    if rows.empty:
        return Section("employment", title, (paragraph(words("report.employment.none")),))
    year = int(rows["year"].max())
    everything = tables.frame("marts.indicator")
    where = origins.rates("district", "all", words("report.district"), year, everything)
    now = everything[everything["year"] == year]
    values = {
        name: Figure(share(*summed(now, rate), origins.fewest), where)
        for name, rate in zip(("placement", "direct", "matched"), RATES, strict=True)
    }
    graduates = Figure(number(summed(now, "placement_rate")[1], 0), where)
    blocks: list[Block] = [
        sentence("report.employment.lead", year=year, graduates=graduates, **values),
        caution(tables, origins),
        *chart(
            "chart-rates", words("report.employment.chart"), lambda lang: rates_figure(tables, lang),
            words("report.employment.chart_says"), origins.years_of_rates(),
        ),
        rate_table(tables, origins, now, "category", year),
        rate_table(tables, origins, now, "school", year),
    ]  # fmt: skip
    return Section("employment", title, tuple(blocks))


def caution(tables: RoundTables, origins: Origins) -> Paragraph:
    """Which rates the verdicts use and why, with the span of the placement rate over the years."""
    rows = rates_by_year(tables).query("indicator == 'placement_rate'")["value"]
    low, high = (Figure(percent(value), origins.years_of_rates()) for value in (rows.min(), rows.max()))
    return sentence("report.employment.caution", low=low, high=high)


def rate_table(tables: RoundTables, origins: Origins, rows: pd.DataFrame, kind: str, year: int) -> Table:
    """One row per class of programs or per school: graduates and rates of the cohort, as ratios of sums."""
    units = tables.frame("marts.unit")
    key = "category" if kind == "category" else "school_id"
    group = units.set_index("unit")[key] if key in units else pd.Series(dtype=object)
    rows = rows.assign(group=rows["unit"].map(group)).dropna(subset="group")
    sizes = {code: summed(part, "placement_rate")[1] or 0.0 for code, part in rows.groupby("group")}
    shown = []
    for code in sorted(sizes, key=lambda code: (-sizes[code], str(code))):
        part = rows[rows["group"] == code]
        name = named(origins, kind)(code)
        rates = (share(*summed(part, rate), origins.fewest) for rate in (*RATES, *MORE_RATES))
        cells = (name, number(sizes[code], 0), *rates)
        shown.append(Row(cells, origins.rates(kind, str(code), name, year, part)))
    names = ("name", "graduates", *RATES, *MORE_RATES)
    caption = words(f"report.employment.by_{kind}", year=year)
    note = words("report.employment.note", fewest=round(origins.fewest))
    return Table(f"rates-{kind}", caption, columns(*names, numeric=set(names[1:])), tuple(shown), note)
