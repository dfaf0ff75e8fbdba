"""The public match report (匹配状况报告): the sections of the report, from published numbers only.

Belongs here: what the public reads of every section. Does not belong here: the report with its evidence, which is
internal (`reports.content`); what is public (`public_counts`, `public_catalogues`, `public_match`).

Sections are called as in the report, and what it says of industry is taken from it; whatever counts persons of schools
and programs stands in the public tables, hidden numbers as `*`.
"""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from reports.content.economy import employed, forecast, value_added
from reports.content.origins import Origins
from reports.content.parts import Block as Part
from reports.content.parts import Paragraph, Table, say, sentence, words
from reports.content.scope import cut_off
from reports.figures import COLOURS, Figure, layout
from reports.public_counts import ENROLLED, PUBLISHED, RATES
from reports.site_blocks import Block, Page, Site, grid
from reports.site_catalogues import of_round
from reports.wording import missing, number, percent

METHOD = ("method_shares", "method_balance")
WANTED = 12  # occupations with most vacancies that are told
DIGITS = 12  # of a digest
COUNT_TABLES = ("unit", "program", "school", "category", "district")


def match(site: Site) -> Page:
    """The page."""
    figures: dict[str, Figure] = {}
    origins = Origins(site.tables)
    blocks = [
        *section(site, "scope", scope(site)),
        *section(site, "economy", economy(site, origins)),
        *section(site, "supply", supply(site)),
        *section(site, "fit", fit(site, figures)),
        *section(site, "employment", outcomes(site, figures)),
        *section(site, "listed", listed(site)),
        *section(site, "proposals", proposals(site)),
        *section(site, "last_round", [Block(lines=[site.text["match"]["last_round"]])]),
        *section(site, "quality", quality(site)),
    ]
    return Page("match.html", site.text["menu"]["match"], blocks, figures)


def section(site: Site, name: str, blocks: list[Block]) -> list[Block]:
    """A section below its heading; headings inside are one level down."""
    return [Block(say(words(f"report.sections.{name}"), site.lang)), *(replace(block, level=3) for block in blocks)]


def parts(site: Site, found: Sequence[Part]) -> list[Block]:
    """Paragraphs and tables of the report as blocks of the site."""
    blocks = []
    for part in found:
        if isinstance(part, Paragraph):
            said = "".join(one if isinstance(one, str) else say(one.shown, site.lang) for one in part.parts(site.lang))
            blocks.append(Block(lines=[said]))
        elif isinstance(part, Table):
            heads = [(say(column.title, site.lang), column.numeric) for column in part.columns]
            rows = [[say(cell, site.lang) for cell in row.cells] for row in part.rows]
            blocks.append(Block(say(part.caption, site.lang), heads=heads, rows=rows))
    return blocks


def scope(site: Site) -> list[Block]:
    """What the report covers, until when, by which rules."""
    tables, units = site.tables, site.rows("outcomes_by_unit")
    covered = units[units["year"] == tables.round]
    book = tables.rulebook
    return parts(
        site,
        [
            sentence(
                "report.scope.scope", region=tables.region, round=tables.round,
                schools=number(covered["school_id"].nunique()), units=number(len(covered)),
                programs=number(covered["program_code"].nunique()), first=int(units["year"].min()), last=tables.round,
            ),
            sentence("report.scope.cut_off", **cut_off(tables)),
            sentence(
                "report.scope.rulebook", title=book.title.zh if site.lang == "zh" else book.title.en,
                version=str(book.version), since=str(book.in_force_from), status=words(book.status),
                digest=tables.rulebook_digest[:DIGITS], inputs=tables.input_digest[:DIGITS],
            ),
            sentence("report.scope.basis", document=book.basis.document, article=book.basis.article),
            *(sentence(f"report.scope.{name}") for name in METHOD),
        ],
    )  # fmt: skip


def economy(site: Site, origins: Origins) -> list[Block]:
    """Industry and the labour market: as in the report, occupations from the public table."""
    told = [*value_added(site.tables, origins), *employed(site.tables, origins), *forecast(site.tables, origins)]
    jobs = of_round(site, "occupations").sort_values(["vacancies", "occupation_code"], ascending=[False, True])
    columns = ["occupation_name", "vacancies", "job_seekers", "openings_to_seekers"]
    wanted = grid(site, site.text["match"]["wanted"], jobs.head(WANTED), columns)
    return [*parts(site, [part for part in told if isinstance(part, Paragraph | Table)]), wanted]


def supply(site: Site) -> list[Block]:
    """Programs and those who learn them, by class of programs and school."""
    text, columns = site.text["match"], ["graduates", *ENROLLED]
    by_class = of_round(site, "outcomes_by_category").sort_values("in_school", ascending=False, na_position="last")
    by_school = of_round(site, "outcomes_by_school").sort_values("in_school", ascending=False, na_position="last")
    return [
        grid(site, text["by_category"], by_class, ["category", "year", *columns]),
        grid(site, text["by_school"], by_school, ["school_name", "year", *columns]),
    ]


def fit(site: Site, figures: dict[str, Figure]) -> list[Block]:
    """Indices, structures, programs with more graduates than openings, duplicates."""
    text = site.text
    duncan = site.rows("match_indices").query("index == 'duncan'").dropna(subset="value")
    said = []
    if len(duncan):
        last = duncan.iloc[-1]
        said.append(text["match_sentence"].format(year=last["year"], value=percent(last["value"], 0)))
    over = of_round(site, "supply_demand_by_program").query("supply_demand_ratio > 1")
    over = over.sort_values(["supply_demand_ratio", "program_code"], ascending=[False, True])
    double = of_round(site, "shared_programs").query("is_duplicate == True")
    return [
        drawn(figures, "chart-index", text["index_chart"], [*said, text["index_note"]], index_figure(site)),
        index_table(site),
        drawn(figures, "chart-structure", text["structure_chart"], [text["structure_note"]], structure_figure(site)),
        structure_table(site),
        grid(
            site, text["match"]["over"], over,
            ["program_name", "graduates", "allotted_openings", "supply_demand_ratio"], [text["ratio_note"]],
        ),
        grid(
            site, text["match"]["duplicates"], double,
            ["program_name", "providers", "provider_share", "supply_demand_ratio"],
        ),
    ]  # fmt: skip


def outcomes(site: Site, figures: dict[str, Figure]) -> list[Block]:
    """How graduates fare: the district by year, classes of programs and schools in the round."""
    text, columns = site.text, ["graduates", *RATES]
    by_class, by_school = (
        of_round(site, f"outcomes_by_{level}").sort_values("graduates", ascending=False, na_position="last")
        for level in ("category", "school")
    )
    return [
        drawn(figures, "chart-outcomes", text["outcomes_chart"], [], outcomes_figure(site)),
        outcomes_table(site),
        grid(site, text["match"]["rates_by_category"], by_class, ["category", "year", *columns]),
        grid(site, text["match"]["rates_by_school"], by_school, ["school_name", "year", *columns]),
    ]


def listed(site: Site) -> list[Block]:
    """The final list; that there is none where the round is not final."""
    rows = site.rows("warned_programs")
    if rows.empty:
        return [Block(lines=[site.text["sentences"]["none_final"].format(round=site.tables.round)])]
    return [grid(site, "", rows, ["school_name", "program_name", f"state_{site.lang}"], [site.text["listed_note"]])]


def proposals(site: Site) -> list[Block]:
    """Programs to expand, and new ones to consider."""
    text = site.text
    return [
        grid(
            site, text["expand_table"], of_round(site, "programs_to_expand"),
            ["program_name", "occupations", "supply_demand_ratio"], [text["expand_note"]],
        ),
        grid(
            site, text["consider_table"], of_round(site, "programs_to_consider"),
            ["occupation_name", "grade", "program_name", "program_code"], [text["consider_note"]],
        ),
    ]  # fmt: skip


def quality(site: Site) -> list[Block]:
    """How much is hidden at which level, and what the numbers cannot tell."""
    text = site.text["match"]
    names = [*PUBLISHED, *ENROLLED]
    rows = []
    for level in COUNT_TABLES:
        found = site.rows(f"outcomes_by_{level}")
        hidden = sum(len(set(names) & set(secret)) for secret in found["hidden"])
        shown = int(found[names].notna().to_numpy().sum())
        rows.append([text["levels"][level], number(shown), number(hidden)])
    heads = [(head, place > 0) for place, head in enumerate(text["hidden_heads"])]
    return [Block(lines=text["limits"]), Block(text["hidden_table"], heads=heads, rows=rows)]


def drawn(figures: dict[str, Figure], place: str, heading: str, lines: list[str], figure: Figure) -> Block:
    """A chart in its place; only the words where there is nothing to draw."""
    if not figure["data"]:
        return Block(heading, lines)
    figures[place] = figure
    return Block(heading, lines, chart=place)


def index_figure(site: Site) -> Figure:
    """Indices by year as lines."""
    rows = site.rows("match_indices")
    data = [
        {"type": "scatter", "mode": "lines+markers", "name": site.text["indices"][index], "x": part["year"].tolist(),
         "y": part["value"].tolist(), "line": {"color": COLOURS[place]}}
        for place, (index, part) in enumerate(rows.dropna(subset="value").groupby("index"))
    ]  # fmt: skip
    return {"data": data, "layout": layout(yaxis={"range": [0, 1]})}


def index_table(site: Site) -> Block:
    """Indices as a table: one row per year, one column per index."""
    rows = site.rows("match_indices").pivot(index="year", columns="index", values="value")
    heads = [(site.field("year"), False), *((site.text["indices"][index], True) for index in rows.columns)]
    shown = [[int(year), *(number(value) for value in values)] for year, *values in rows.itertuples()]
    return Block(heads=heads, rows=shown)


def structure(site: Site) -> pd.DataFrame:
    """The round's shares by sector, with sectors called as they are in the site's language."""
    rows = of_round(site, "structure_by_sector")
    return rows.assign(class_name=rows["class_code"].map(site.text["sectors"]).fillna(rows["class_name"]))


def structure_figure(site: Site) -> Figure:
    """Shares of the round by sector, one group of bars per basis."""
    rows = structure(site).dropna(subset="share")
    data = [
        {"type": "bar", "name": site.text["bases"][basis], "x": part["class_name"].tolist(),
         "y": part["share"].tolist(), "marker": {"color": COLOURS[place]}}
        for place, (basis, part) in enumerate(rows.groupby("basis", sort=True))
    ]  # fmt: skip
    return {"data": data, "layout": layout(yaxis={"tickformat": ".0%"}, barmode="group")}


def structure_table(site: Site) -> Block:
    """The same as a table."""
    rows = structure(site)
    return grid(
        site, "", rows.assign(basis=rows["basis"].map(site.text["bases"])), ["class_name", "basis", "year", "share"]
    )


def outcomes_figure(site: Site) -> Figure:
    """Rates of the district by year as lines; years without a published rate are left out."""
    rows = site.rows("outcomes_by_district")
    data = []
    for place, name in enumerate(("direct_employment_rate", "matched_employment_rate")):
        known = rows[[not missing(value) for value in rows[name]]]
        if len(known):
            data.append(
                {"type": "scatter", "mode": "lines+markers", "name": site.field(name), "x": known["year"].tolist(),
                 "y": known[name].round(6).tolist(), "line": {"color": COLOURS[place]}}
            )  # fmt: skip
    return {"data": data, "layout": layout(yaxis={"tickformat": ".0%", "range": [0, 1]})}


def outcomes_table(site: Site) -> Block:
    """The same as a table."""
    columns = ["year", "graduates", "placement_rate", "direct_employment_rate", "matched_employment_rate"]
    rows = site.rows("outcomes_by_district")
    return grid(site, "", rows[rows["graduates"].notna()], columns)
