"""Section 7: shortage occupations, programs to expand, new programs to consider, whom to train, next year's seats.

Belongs here: that section. Does not belong here: how catalogues are drawn up (`pipelines/sql/marts`), the plan itself
(`models.plan`).
"""

from collections.abc import Callable

import pandas as pd

from reports.content.first_page import NAMED
from reports.content.origins import Origins
from reports.content.parts import (
    Block,
    Column,
    Figure,
    Heading,
    Row,
    Section,
    Table,
    Text,
    Words,
    both,
    joined,
    linked,
    pair,
    paragraph,
    sentence,
    words,
)  # fmt: skip
from reports.content.supply import in_words
from reports.content.tabulate import Cell, Record, amount, code, name, rate, tabulate
from reports.listing import as_list
from reports.plan import headline, signed, summary_lines
from reports.round_tables import RoundTables
from reports.wording import missing, number, texts

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
    where = origins.catalogue("shortage", tuple(origins.occupation(code) for code in rows["occupation_code"]))
    signals = texts_by_name("signals")
    cells = {
        "occupation_code": code("occupation_code"),
        "occupation": name(origins.names.occupation, "occupation_code", "occupation_name"),
        "grade": code("grade"),
        "valid_until": Cell(lambda row: whole(row["valid_until"])),
        "signals": Cell(lambda row: joined([signals[one] for one in as_list(row["met"])])),
        "vacancies": amount("vacancies", 0),
        "job_seekers": amount("job_seekers", 0),
        "openings_to_seekers": amount("openings_to_seekers"),
        "forecast": amount("forecast_mid", 0),
        "graduates": amount("graduates", 1),
        "unfilled": amount("vacancies_unfilled", 1),
        "offered_programs": amount("offered_programs"),
    }
    caption = words("report.proposals.shortage")
    return [
        sentence(
            "report.proposals.shortage_lead", n=Figure(number(len(rows)), where),
            a=Figure(number((rows["grade"] == "A").sum()), where),
            name=origins.names.occupation(top["occupation_code"], top["occupation_name"]),
            unfilled=Figure(number(top["vacancies_unfilled"], 1), origins.occupation(top["occupation_code"])),
        ),
        tabulate("shortage", caption, rows, cells, of_occupation(origins), grades(tables)),
    ]  # fmt: skip


def of_occupation(origins: Origins) -> Callable[[Record], str]:
    """The evidence of a row's occupation."""
    return lambda row: origins.occupation(row["occupation_code"])


def grades(tables: RoundTables) -> Words:
    """How many signals each grade of the catalogue takes, as its settings say."""
    rows = tables.frame("core.shortage_grade").sort_values("signals", ascending=False)
    said = [
        words("report.proposals.grade", grade=str(row["grade"]), n=int(row["signals"]))
        for row in rows.to_dict("records")
    ]
    return words("report.proposals.shortage_note", grades=joined(said))


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
    cells = {
        "program_code": code("program_code"),
        "program": name(origins.names.program, "program_code", "program_name"),
        "leads_to": Cell(lambda row: listed_names(origins, "occupation", row["occupations"])),
        "providers": amount("providers"),
        "graduates": amount("graduates"),
        "allotted_openings": amount("allotted_openings", 1),
        "ratio": amount("supply_demand_ratio"),
        "intake_rate": rate("intake_rate"),
        "matched_rate": rate("matched_rate"),
        "unfilled": amount("vacancies_unfilled", 1),
    }
    where = origins.catalogue("expand", tuple(origins.program(code) for code in rows["program_code"]))
    caption, note = (words(f"report.proposals.expand{part}") for part in ("", "_note"))
    return [
        sentence("report.proposals.expand_lead", n=Figure(number(len(rows)), where), names=joined(named, NAMED)),
        tabulate("expand", caption, rows, cells, lambda row: origins.program(row["program_code"]), note),
    ]


def consider(tables: RoundTables, origins: Origins) -> list[Block]:
    """Programs of the catalogue that nobody offers and that lead to an occupation in shortage."""
    rows = of_round(tables, "program_to_consider")
    if rows.empty:
        return [paragraph(words("report.proposals.consider_none"))]
    rows = rows.sort_values(["grade", "vacancies", "occupation_code"], ascending=[True, False, True])
    cells = {
        "program": Cell(lambda row: known_program(origins, row)),
        "program_code": Cell(lambda row: "–" if missing(row["program_code"]) else str(row["program_code"])),
        "category": Cell(lambda row: "–" if missing(row["category"]) else in_words(row["category"])),
        "occupation": name(origins.names.occupation, "occupation_code", "occupation_name"),
        "grade": code("grade"),
        "vacancies": amount("vacancies", 0),
        "job_seekers": amount("job_seekers", 0),
        "openings_to_seekers": amount("openings_to_seekers"),
        "forecast": amount("forecast_mid", 0),
    }
    programs = [known_program(origins, row) for row in rows.to_dict("records")]
    known = list(dict.fromkeys(program for program in programs if program != "–"))
    where = origins.catalogue(
        "consider", tuple(dict.fromkeys(origins.occupation(code) for code in rows["occupation_code"]))
    )
    caption, note = (words(f"report.proposals.consider{part}") for part in ("", "_note"))
    lead = sentence("report.proposals.consider_lead", n=Figure(number(len(known)), where), names=joined(known, NAMED))
    return [
        lead if known else paragraph(words("report.proposals.consider_none")),
        tabulate("consider", caption, rows, cells, of_occupation(origins), note),
    ]


def known_program(origins: Origins, row: Record) -> Text:
    """The program of a row of the catalogue of programs to consider; a dash where the catalogue has none."""
    return "–" if missing(row["program_code"]) else origins.names.program(row["program_code"], row["program_name"])


def training(tables: RoundTables, origins: Origins) -> list[Block]:
    """Occupations that lack hands even when every seeker and graduate is placed."""
    rows = of_round(tables, "training_occupation")
    if rows.empty:
        return []
    rows = rows.sort_values(["persons_to_train", "occupation_code"], ascending=[False, True])
    cells = {
        "occupation_code": code("occupation_code"),
        "occupation": name(origins.names.occupation, "occupation_code", "occupation_name"),
        "vacancies": amount("vacancies", 0),
        "job_seekers": amount("job_seekers", 0),
        "graduates": amount("graduates", 1),
        "persons_to_train": amount("persons_to_train", 1),
        "programs": Cell(lambda row: listed_names(origins, "program", row["programs"])),
        "schools_offering": Cell(lambda row: listed_names(origins, "school", row["schools"])),
    }
    where = origins.catalogue("training", tuple(origins.occupation(code) for code in rows["occupation_code"]))
    persons = Figure(number(rows["persons_to_train"].sum(), 0), where)
    caption, note = (words(f"report.proposals.training{part}") for part in ("", "_note"))
    return [
        sentence("report.proposals.training_lead", n=Figure(number(len(rows)), where), persons=persons),
        tabulate("training", caption, rows, cells, of_occupation(origins), note),
    ]


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
    heads = tuple(Column(words(f"plan.columns.{title}"), title in numeric) for title in titles)
    caption = words("report.proposals.plan")
    note = words("report.see_annex", caption=caption) if len(shown) < len(rows) else ""
    return Table(key, caption, heads, shown, note)
