"""Pages of the yearly catalogues on the public site.

Belongs here: shortage and training catalogue, programs to expand, to consider and shared. Does not belong here: what is
public (`public_catalogues`), the match report (`site_match`), the other pages (`site_pages`).
"""

import pandas as pd

from reports.catalogues import rules
from reports.site_blocks import Block, Page, Site, grid

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
        found.append(grid(site, menu["shortage"], listed, ["year", *SHORTAGE[1:]], root="../"))
    if len(taught):
        found.append(
            grid(site, menu["training"], taught, ["year", "persons_to_train", "programs", "schools"], root="../")
        )
    new = site.rows("programs_to_consider").query("occupation_code == @code")
    if len(new):
        found.append(grid(site, site.text["consider_table"], new, ["year", "program_name", "program_code"], root="../"))
    return found
