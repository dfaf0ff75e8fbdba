"""Section 7: shortage occupations, programs to expand, new programs to consider, whom to train, next year's seats.

Belongs here: that section. Does not belong here: how catalogues are drawn up (`pipelines/sql/marts`), the plan itself
(`models.plan`).
"""

import pandas as pd

from reports.content.first_page import NAMED
from reports.content.origins import Origins, figure
from reports.content.parts import (
    Block,
    Column,
    Heading,
    Row,
    Section,
    Table,
    Text,
    both,
    columns,
    joined,
    linked,
    pair,
    paragraph,
    sentence,
    words,
)  # fmt: skip
from reports.content.supply import in_words
from reports.listing import as_list
from reports.plan import headline, signed, summary_lines
from reports.round_tables import RoundTables
from reports.wording import missing, number, percent, texts

PLAN_SHOWN = 12  # of the programs whose seats change; the annex has all


def proposals(tables: RoundTables, origins: Origins) -> Section:
    """The section."""
    blocks = [
        *shortage(tables, origins),
        *expand(tables, origins),
        *consider(tables, origins),
        *training(tables, origins),
        *plan(tables, origins),
    ]
    return Section("proposals", words("report.sections.proposals"), tuple(blocks))


def of_round(tables: RoundTables, name: str) -> pd.DataFrame:
    """The round's rows of a catalogue."""
    return tables.frame(f"marts.{name}").query("year == @tables.round")


def whole(value: object) -> str:
    """A year or a number of things as people write it."""
    return "–" if missing(value) else str(int(float(str(value))))


def listed_names(origins: Origins, kind: str, found: object) -> Text:
    """A list of Chinese names as stored, in both languages."""
    names = [origins.names.by_name(kind, str(name)) for name in as_list(found)]
    return joined(names) if names else "–"


def shortage(tables: RoundTables, origins: Origins) -> list[Block]:
    """Occupations in shortage: the strongest evidence and the largest gap first."""
    rows = of_round(tables, "shortage_occupation")
    if rows.empty:
        return [paragraph(words("report.proposals.shortage_none"))]
    rows = rows.sort_values(["grade", "vacancies_unfilled", "occupation_code"], ascending=[True, False, True])
    top = rows.sort_values(["vacancies_unfilled", "occupation_code"], na_position="first").iloc[-1]
    where = origins.occupation(top["occupation_code"])
    signals = texts_by_name("signals")
    shown = tuple(
        Row(
            (
                row["occupation_code"], origins.names.occupation(row["occupation_code"], row["occupation_name"]),
                str(row["grade"]), whole(row["valid_until"]), joined([signals[one] for one in as_list(row["met"])]),
                number(row["vacancies"], 0), number(row["job_seekers"], 0), number(row["openings_to_seekers"]),
                number(row["forecast_mid"], 0), number(row["graduates"], 1), number(row["vacancies_unfilled"], 1),
                number(row["offered_programs"]),
            ),
            origins.occupation(row["occupation_code"]),
        )
        for row in rows.to_dict("records")
    )  # fmt: skip
    names = (
        "occupation_code", "occupation", "grade", "valid_until", "signals", "vacancies", "job_seekers",
        "openings_to_seekers", "forecast", "graduates", "unfilled", "offered_programs",
    )  # fmt: skip
    return [
        sentence(
            "report.proposals.shortage_lead", n=figure(number(len(rows)), where),
            a=figure(number((rows["grade"] == "A").sum()), where),
            name=origins.names.occupation(top["occupation_code"], top["occupation_name"]),
            unfilled=figure(number(top["vacancies_unfilled"], 1), where),
        ),
        Table(
            "shortage", words("report.proposals.shortage"), columns(*names, numeric=set(names[5:])), shown,
            words("report.proposals.shortage_note"),
        ),
    ]  # fmt: skip


def texts_by_name(name: str) -> dict[str, Text]:
    """The texts of a group under report, by name."""
    return {key: words(f"report.{name}.{key}") for key in texts("zh")["report"][name]}


def expand(tables: RoundTables, origins: Origins) -> list[Block]:
    """Programs that could take more students."""
    rows = of_round(tables, "program_to_expand")
    if rows.empty:
        return [paragraph(words("report.proposals.expand_none"))]
    rows = rows.sort_values(["vacancies_unfilled", "program_code"], ascending=[False, True])
    named = [
        origins.names.program(code, name)
        for code, name in rows[["program_code", "program_name"]].itertuples(index=False)
    ]
    shown = tuple(
        Row(
            (
                row["program_code"], name, listed_names(origins, "occupation", row["occupations"]),
                number(row["providers"]), number(row["graduates"]), number(row["allotted_openings"], 1),
                number(row["supply_demand_ratio"]), percent(row["intake_rate"]), percent(row["matched_rate"]),
                number(row["vacancies_unfilled"], 1),
            ),
            origins.program(row["program_code"]),
        )
        for row, name in zip(rows.to_dict("records"), named, strict=True)
    )  # fmt: skip
    names = (
        "program_code", "program", "leads_to", "providers", "graduates", "allotted_openings", "ratio", "intake_rate",
        "matched_rate", "unfilled",
    )  # fmt: skip
    where = origins.program(rows["program_code"].iloc[0])
    return [
        sentence("report.proposals.expand_lead", n=figure(number(len(rows)), where), names=joined(named, NAMED)),
        Table(
            "expand", words("report.proposals.expand"), columns(*names, numeric=set(names[3:])), shown,
            words("report.proposals.expand_note"),
        ),
    ]  # fmt: skip


def consider(tables: RoundTables, origins: Origins) -> list[Block]:
    """Programs of the catalogue that nobody offers and that lead to an occupation in shortage."""
    rows = of_round(tables, "program_to_consider")
    if rows.empty:
        return [paragraph(words("report.proposals.consider_none"))]
    rows = rows.sort_values(["grade", "vacancies", "occupation_code"], ascending=[True, False, True])
    programs = [
        "–" if missing(code) else origins.names.program(code, name)
        for code, name in rows[["program_code", "program_name"]].itertuples(index=False)
    ]
    shown = tuple(
        Row(
            (
                name, "–" if missing(row["program_code"]) else str(row["program_code"]),
                "–" if missing(row["category"]) else in_words(row["category"]),
                origins.names.occupation(row["occupation_code"], row["occupation_name"]), str(row["grade"]),
                number(row["vacancies"], 0), number(row["job_seekers"], 0), number(row["openings_to_seekers"]),
                number(row["forecast_mid"], 0),
            ),
            origins.occupation(row["occupation_code"]),
        )
        for row, name in zip(rows.to_dict("records"), programs, strict=True)
    )  # fmt: skip
    names = (
        "program", "program_code", "category", "occupation", "grade", "vacancies", "job_seekers",
        "openings_to_seekers", "forecast",
    )  # fmt: skip
    known = list(dict.fromkeys(name for name in programs if name != "–"))
    where = origins.occupation(rows["occupation_code"].iloc[0])
    lead = sentence("report.proposals.consider_lead", n=figure(number(len(known)), where), names=joined(known, NAMED))
    return [
        lead if known else paragraph(words("report.proposals.consider_none")),
        Table(
            "consider", words("report.proposals.consider"), columns(*names, numeric=set(names[5:])), shown,
            words("report.proposals.consider_note"),
        ),
    ]  # fmt: skip


def training(tables: RoundTables, origins: Origins) -> list[Block]:
    """Occupations that lack hands even when every seeker and graduate is placed."""
    rows = of_round(tables, "training_occupation")
    if rows.empty:
        return []
    rows = rows.sort_values(["persons_to_train", "occupation_code"], ascending=[False, True])
    shown = tuple(
        Row(
            (
                row["occupation_code"], origins.names.occupation(row["occupation_code"], row["occupation_name"]),
                number(row["vacancies"], 0), number(row["job_seekers"], 0), number(row["graduates"], 1),
                number(row["persons_to_train"], 1), listed_names(origins, "program", row["programs"]),
                listed_names(origins, "school", row["schools"]),
            ),
            origins.occupation(row["occupation_code"]),
        )
        for row in rows.to_dict("records")
    )  # fmt: skip
    names = (
        "occupation_code", "occupation", "vacancies", "job_seekers", "graduates", "persons_to_train", "programs",
        "schools_offering",
    )  # fmt: skip
    where = origins.occupation(rows["occupation_code"].iloc[0])
    persons = figure(number(rows["persons_to_train"].sum(), 0), where)
    return [
        sentence("report.proposals.training_lead", n=figure(number(len(rows)), where), persons=persons),
        Table(
            "training", words("report.proposals.training"), columns(*names, numeric=set(names[2:6])), shown,
            words("report.proposals.training_note"),
        ),
    ]  # fmt: skip


def plan(tables: RoundTables, origins: Origins) -> list[Block]:
    """Next year's seats beside last year's: sentences, and the programs that differ; nothing without a plan."""
    found = tables.plan
    if found is None:
        return []
    blocks: list[Block] = [Heading(words("report.proposals.heading_plan"))]
    lines = list(zip(summary_lines(found, "zh"), summary_lines(found, "en"), strict=True))
    blocks += [linked(pair(zh, en), origins.plan()) for zh, en in lines]
    if not found.feasible:
        return blocks
    table = plan_table(tables, origins, "plan-top", PLAN_SHOWN)
    return [*blocks, *([table] if table else [])]


def plan_table(tables: RoundTables, origins: Origins, key: str, most: int | None = None) -> Table | None:
    """Programs whose seats change, the largest changes first; None without a plan."""
    found = tables.plan
    if found is None or not found.feasible:
        return None
    rows = found.frames["plan_unit"]
    rows = rows.assign(change=rows["seats"] - rows["last_seats"]).query("change != 0")
    rows = rows.assign(size=rows["change"].abs()).sort_values(["size", "change", "unit"], ascending=[False, True, True])
    shown = tuple(
        Row(
            (
                origins.names.school(row["school_id"], row["school_name"]),
                origins.names.program(row["program_code"], row["program_name"]), number(row["last_seats"], 0),
                number(row["seats"], 0), signed(row["change"]),
                both(lambda lang, row=row: headline(found, row, lang)),  # type: ignore[misc]
            ),
            origins.plan_unit(row["unit"]),
        )
        for row in rows.head(most or len(rows)).to_dict("records")
    )  # fmt: skip
    titles = ("school_name", "program_name", "last_seats", "seats", "change", "why")
    numeric = {"last_seats", "seats", "change"}
    heads = tuple(Column(words(f"plan.columns.{name}"), name in numeric) for name in titles)
    caption = words("report.proposals.plan")
    note = words("report.see_annex", caption=caption) if len(shown) < len(rows) else ""
    return Table(key, caption, heads, shown, note)
