"""Pages of the yearly catalogues and of the match on the public site.

Belongs here: shortage and training catalogue, programs to expand, to consider and shared, the match report of published
numbers. Does not belong here: what is public (`public_catalogues`), the other pages (`site_pages`).
"""

import pandas as pd

from reports.catalogues import rules
from reports.figures import COLOURS, Figure, layout
from reports.site_blocks import Block, Page, Site, grid
from reports.wording import missing, percent

SIGNALS = ["openings_to_seekers", "years_in_a_row", "unfilled_vacancies", "unfilled_projection", "unfilled_forecast"]
SHORTAGE = ["occupation_name", "grade", "valid_until", "signals_met", "signals_known", *SIGNALS]
TRAINING = ["occupation_name", "persons_to_train", "vacancies", "job_seekers", "openings_to_seekers", "programs",
            "schools"]  # fmt: skip


def of_round(site: Site, name: str) -> pd.DataFrame:
    """The round's rows of a public table."""
    return site.rows(name).query("year == @site.tables.round")


def rules_block(site: Site, *catalogues: str) -> Block:
    """The rules of some catalogues with their reasons; the catalogue is named where there are several."""
    first = 0 if len(catalogues) > 1 else 1
    rows = [list(row[first:]) for row in rules(site.tables, site.lang, catalogues)]
    heads = [(head, False) for head in site.text["rules_heads"][first:]]
    return Block(site.text["rules_table"], heads=heads, rows=rows)


def shortage(site: Site) -> Page:
    """The shortage catalogue (紧缺型职业（工种）目录)."""
    text = site.text
    order = ["grade", "signals_met", "openings_to_seekers", "occupation_code"]
    rows = of_round(site, "shortage_occupations").sort_values(order, ascending=[True, False, False, True])
    table = grid(site, f"{text['menu']['shortage']} {site.tables.round}", rows, SHORTAGE, [text["shortage_note"]])
    return Page("shortage.html", text["menu"]["shortage"], [table, rules_block(site, "shortage")])


def training(site: Site) -> Page:
    """The training catalogue (职业技能培训职业（工种）目录)."""
    text = site.text
    rows = of_round(site, "training_occupations").sort_values(
        ["persons_to_train", "occupation_code"], ascending=[False, True]
    )
    table = grid(site, f"{text['menu']['training']} {site.tables.round}", rows, TRAINING, [text["training_note"]])
    return Page("training.html", text["menu"]["training"], [table, rules_block(site, "training")])


def new_programs(site: Site) -> Page:
    """Programs to expand, new programs to consider, shared and duplicate programs."""
    text = site.text
    shared = of_round(site, "shared_programs").sort_values(
        ["is_duplicate", "providers", "program_code"], ascending=[False, False, True]
    )
    shared = shared.assign(is_duplicate=[text["yes"] if found else text["no"] for found in shared["is_duplicate"]])
    blocks = [
        grid(
            site, text["expand_table"], of_round(site, "programs_to_expand"),
            ["program_name", "occupations", "supply_demand_ratio"], [text["expand_note"]],
        ),
        grid(
            site, text["consider_table"], of_round(site, "programs_to_consider"),
            ["occupation_name", "grade", "valid_until", "program_name", "program_code"], [text["consider_note"]],
        ),
        grid(
            site, text["shared_table"], shared,
            ["program_name", "providers", "provider_share", "supply_demand_ratio", "is_duplicate"],
            [text["shared_note"]],
        ),
        rules_block(site, "expand", "duplicate"),
    ]  # fmt: skip
    return Page("new_programs.html", text["menu"]["new_programs"], blocks)


def standing_in_catalogues(site: Site, code: str) -> list[Block]:
    """What the catalogues say of one occupation; nothing where they do not list it."""
    listed = site.rows("shortage_occupations").query("occupation_code == @code")
    taught = site.rows("training_occupations").query("occupation_code == @code")
    menu, found = site.text["menu"], []
    if len(listed):
        found.append(grid(site, menu["shortage"], listed, ["year", *SHORTAGE[1:]]))
    if len(taught):
        found.append(grid(site, menu["training"], taught, ["year", "persons_to_train", "programs", "schools"]))
    new = site.rows("programs_to_consider").query("occupation_code == @code")
    if len(new):
        found.append(grid(site, site.text["consider_table"], new, ["year", "program_name", "program_code"]))
    return found


def match(site: Site) -> Page:
    """The match of programs and industry (专业与产业匹配状况): published numbers only, in the charts too."""
    text = site.text
    blocks: list[Block] = []
    figures: dict[str, Figure] = {}
    duncan = site.rows("match_indices").query("index == 'duncan'").dropna(subset="value")
    said = []
    if len(duncan):
        last = duncan.iloc[-1]
        said.append(text["match_sentence"].format(year=last["year"], value=percent(last["value"], 0)))
    for name, place, figure, note, table in (
        ("index_chart", "chart-index", index_figure(site), text["index_note"], index_table(site)),
        ("structure_chart", "chart-structure", structure_figure(site), text["structure_note"], structure_table(site)),
        ("outcomes_chart", "chart-outcomes", outcomes_figure(site), "", outcomes_table(site)),
    ):
        if figure["data"]:
            figures[place] = figure
        lines = [*(said if name == "index_chart" else []), *([note] if note else [])]
        blocks += [Block(text[name], lines, chart=place if figure["data"] else ""), table]
    return Page("match.html", text["menu"]["match"], blocks, figures)


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
    """Indices by year as a table."""
    rows = site.rows("match_indices").assign(index=lambda frame: frame["index"].map(site.text["indices"]))
    return grid(site, "", rows, ["index", "year", "value"])


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
