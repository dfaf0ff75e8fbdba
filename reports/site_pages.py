"""The pages of the public site: which there are, and what stands on them.

Belongs here: the content of every page but those of the catalogues and of the match. Does not belong here: those
(`site_catalogues`), what must be hidden (`public_counts`), the public tables (`open_data`), how pages become files
(`public_site`).

Every number of persons comes from the tables of `open_data`; a page shows nothing that they do not.
"""

from reports.figures import COLOURS, layout
from reports.site_blocks import Block, Link, Page, Site, grid, linked, related
from reports.site_catalogues import new_programs, shortage, standing_in_catalogues, training
from reports.site_match import match
from reports.site_things import KINDS, address, known
from reports.wording import missing, number, percent, texts


def pages(site: Site) -> list[Page]:
    """All pages of one language."""
    found = [index(site), supply_demand(site), shortage(site), training(site), new_programs(site), match(site)]
    found += [listed(site), data(site)]
    found += [things(site, kind) for kind in KINDS]
    for kind, page in (("program", program), ("occupation", occupation), ("school", school), ("industry", industry)):
        found += [page(site, code, name) for code, name in known(site.tables, kind)]
    return found


def index(site: Site) -> Page:
    """The first page: what there is, and the sentences that matter."""
    text = site.text
    links = [Link(f"{name}.html", text["menu"][name], text["about"][name]) for name in text["menu"] if name != "index"]
    return Page(
        "index.html", text["title"], [Block(text["summary"], sentences(site)), Block(text["contents"], links=links)]
    )


def sentences(site: Site) -> list[str]:
    """What the public tables say in a few sentences; one without data is left out."""
    text, year = site.text["sentences"], site.tables.round
    found = []
    district = site.rows("outcomes_by_district").query("year == @year")
    if len(district) and not missing(district["direct_employment_rate"].iloc[0]):
        row = district.iloc[0]
        words = {"graduates": number(row["graduates"], 0), "rate": percent(row["direct_employment_rate"])}
        found.append(text["district"].format(round=year, **words))
    balance = site.rows("supply_demand_by_program").query("year == @year and supply_demand_ratio > 1")
    if len(balance):
        top = balance.sort_values("supply_demand_ratio").iloc[-1]
        name = site.name("program", top["program_code"], top["program_name"])
        found.append(text["surplus"].format(name=name, ratio=number(top["supply_demand_ratio"])))
    wanted = site.rows("occupations").query("year == @year and openings_to_seekers > 1")
    if len(wanted):
        top = wanted.sort_values("openings_to_seekers").iloc[-1]
        name = site.name("occupation", top["occupation_code"], top["occupation_name"])
        found.append(text["shortage"].format(name=name, ratio=number(top["openings_to_seekers"])))
    n = len(site.rows("warned_programs"))
    found.append(text["warned"].format(round=year, n=n) if n else text["none_final"].format(round=year))
    return found


def supply_demand(site: Site) -> Page:
    """The annual supply–demand information (年度技能人才供需信息)."""
    text = site.text
    programs = site.rows("supply_demand_by_program").query("year == @site.tables.round")
    programs = programs.sort_values("supply_demand_ratio", ascending=False, na_position="last")
    jobs = (
        site.rows("occupations").query("year == @site.tables.round").sort_values("openings_to_seekers", ascending=False)
    )
    drawn = programs[programs["supply_demand_ratio"].notna()].iloc[::-1]
    names = [site.name("program", *row) for row in drawn[["program_code", "program_name"]].itertuples(index=False)]
    colours = [COLOURS[5] if value > 1 else COLOURS[0] for value in drawn["supply_demand_ratio"]]
    ratio = drawn["supply_demand_ratio"].round(6).tolist()
    figure = {
        "data": [{"type": "bar", "orientation": "h", "x": ratio, "y": names, "marker": {"color": colours}}],
        "layout": layout(height=120 + 24 * len(drawn), yaxis={"automargin": True}, showlegend=False),
    }
    blocks = [
        Block(text["ratio_chart"], [text["ratio_note"]], chart="chart-ratio" if len(drawn) else ""),
        grid(
            site,
            text["programs_table"],
            programs,
            ["program_name", "graduates", "allotted_openings", "supply_demand_ratio"],
        ),
        grid(
            site,
            text["occupations_table"],
            jobs,
            [
                "occupation_name",
                "vacancies",
                "job_seekers",
                "openings_to_seekers",
                "projected_openings",
                "forecast_low",
                "forecast_mid",
                "forecast_high",
                "graduates",
                "vacancies_unfilled",
            ],
            [text["signals_note"]],
        ),
    ]
    figures = {"chart-ratio": figure} if len(drawn) else {}
    return Page("supply_demand.html", text["menu"]["supply_demand"], blocks, figures)


def listed(site: Site) -> Page:
    """The listed programs, final decisions only."""
    text = site.text
    columns = ["school_name", "program_name", f"state_{site.lang}", "year"]
    return Page(
        "listed.html", text["menu"]["listed"], [grid(site, text["listed_note"], site.rows("warned_programs"), columns)]
    )


def data(site: Site) -> Page:
    """The downloads, and what each table is."""
    text = site.text
    up = "" if site.lang == "zh" else "../"
    folder = f"{up}data/{site.tables.round}"
    called = texts(site.lang)["open_data"]["tables"]
    rows = [
        [
            called[name],
            number(len(site.rows(name)), 0),
            *(Link(f"{folder}/{name}.{kind}", label) for kind, label in KINDS_OF_FILES),
        ]
        for name in site.resources
    ]
    heads = [(head, place == 1) for place, head in enumerate(text["files_heads"])]
    links = [
        Link(f"{folder}/{name}", name) for name in ("datapackage.json", f"dictionary.{site.lang}.csv", "SHA256SUMS")
    ]
    note = texts(site.lang)["open_data"]["description"]
    blocks = [Block("", [note]), Block(text["files"], heads=heads, rows=rows), Block(text["about_files"], links=links)]
    return Page("data.html", text["menu"]["data"], blocks)


def things(site: Site, kind: str) -> Page:
    """All programs, occupations, schools or industries."""
    links = [Link(address(kind, code), site.name(kind, code, name), code) for code, name in known(site.tables, kind)]
    name = {"program": "programs", "occupation": "occupations", "school": "schools", "industry": "industries"}[kind]
    return Page(f"{name}.html", site.text["menu"][name], [Block("", links=links)])


def program(site: Site, code: str, name: str) -> Page:
    """One program: outcomes by year, supply and demand, who offers it, which occupations and industries it feeds."""
    text = site.text
    years = site.rows("outcomes_by_program").query("program_code == @code")
    offered = site.rows("outcomes_by_unit").query("program_code == @code").sort_values(["school_id", "year"])
    balance = site.rows("supply_demand_by_program").query("program_code == @code")
    blocks = [
        grid(site, text["by_year"], years, ["year", *OUTCOMES], root=UP),
        grid(
            site, text["balance"], balance, ["year", "graduates", "allotted_openings", "supply_demand_ratio"], root=UP
        ),
        linked(site, text["occupations_of_program"], related(site, "program", "occupation", code)),
        linked(site, text["industries_of_program"], related(site, "program", "industry", code)),
        grid(site, text["schools_of_program"], offered, ["school_name", "year", *OUTCOMES], root=UP),
    ]
    return Page(address("program", code), f"{site.name('program', code, name)} {code}", blocks)


KINDS_OF_FILES = (("csv", "CSV"), ("parquet", "Parquet"))
UP = "../"  # from the page of a single thing to the top
OUTCOMES = [
    "graduates", "placement_rate", "direct_employment_rate", "matched_employment_rate", "registered", "in_school",
]  # fmt: skip


def occupation(site: Site, code: str, name: str) -> Page:
    """One occupation: vacancies and seekers by year, the programs for it, the industries it works in."""
    text = site.text
    years = site.rows("occupations").query("occupation_code == @code")
    blocks = [
        grid(site, text["by_year"], years, ["year", "vacancies", "job_seekers", "openings_to_seekers"], root=UP),
        *standing_in_catalogues(site, code),
        linked(site, text["programs_of_occupation"], related(site, "occupation", "program", code)),
        linked(site, text["industries_of_occupation"], related(site, "occupation", "industry", code)),
    ]
    return Page(address("occupation", code), f"{site.name('occupation', code, name)} {code}", blocks)


def school(site: Site, code: str, name: str) -> Page:
    """One school: outcomes by year and by program."""
    text = site.text
    years = site.rows("outcomes_by_school").query("school_id == @code")
    offered = site.rows("outcomes_by_unit").query("school_id == @code").sort_values(["program_code", "year"])
    blocks = [
        grid(site, text["by_year"], years, ["year", *OUTCOMES], root=UP),
        grid(site, text["programs_of_school"], offered, ["program_name", "year", *OUTCOMES], root=UP),
    ]
    return Page(address("school", code), site.name("school", code, name), blocks)


def industry(site: Site, code: str, name: str) -> Page:
    """One section of the industry classification: its amounts by year, occupations and programs."""
    text = site.text
    rows = site.rows("industry_structure").query("class_system == 'section' and class_code == @code")
    rows = rows.assign(basis=rows["basis"].map(texts(site.lang)).fillna(rows["basis"]))
    blocks = [
        grid(site, text["by_year"], rows, ["year", "basis", "amount", "share"], root=UP),
        linked(site, text["occupations_of_industry"], related(site, "industry", "occupation", code)),
        linked(site, text["programs_of_industry"], related(site, "industry", "program", code)),
    ]
    return Page(address("industry", code), f"{site.name('industry', code, name)} {code}", blocks)
