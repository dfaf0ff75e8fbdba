"""The yearly catalogues as people read them: of one round, with lines, grades and reasons in words.

Belongs here: which columns and rows each catalogue shows, in which order. Does not belong here: who is listed
(`pipelines/sql/marts`), the workbook (`catalogue_lists`).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports.listing import as_list
from reports.round_tables import RoundTables
from reports.wording import missing, number, percent, texts

COUNT, RATIO, SHARE, YEAR, WORDS = "#,##0", "0.00", "0.0%", "0", ""
KINDS = {
    RATIO: (
        "openings_to_seekers", "openings_to_seekers_year_before", "supply_demand_ratio", "signal_openings_to_seekers",
    ),
    SHARE: (
        "intake_rate", "matched_rate", "weight", "provider_share", "share_of_graduates", "signal_unfilled_vacancies",
        "signal_unfilled_projection", "signal_unfilled_forecast",
    ),
    YEAR: ("valid_until", "forecast_year"),
    WORDS: (
        "occupation_code", "occupation_name", "grade", "signals", "priority_lists", "programs", "schools",
        "program_code", "program_name", "may_expand", "barred", "occupations", "category", "class", "school_name",
        "is_duplicate",
    ),
}  # fmt: skip
FORMATS = {name: kind for kind, names in KINDS.items() for name in names}
SIGNALS = (
    "openings_to_seekers", "years_in_a_row", "unfilled_vacancies", "unfilled_projection", "unfilled_forecast",
)  # fmt: skip
OCCUPATION = ("occupation_code", "occupation_name")
COLUMNS = {
    "supply_demand": (
        *OCCUPATION, "vacancies", "job_seekers", "openings_to_seekers", "openings_to_seekers_year_before",
        "projected_openings", "forecast_year", "forecast_low", "forecast_mid", "forecast_high", "graduates",
        "vacancies_unfilled", "projected_unfilled", "entrants", "offered_programs", "program_points",
    ),
    "shortage": (
        *OCCUPATION, "grade", "valid_until", "signals", *(f"signal_{name}" for name in SIGNALS), "vacancies",
        "job_seekers", "projected_openings", "forecast_low", "forecast_mid", "forecast_high", "graduates",
        "vacancies_unfilled", "projected_unfilled", "offered_programs", "priority_lists",
    ),
    "training": (
        *OCCUPATION, "persons_to_train", "vacancies", "job_seekers", "openings_to_seekers", "graduates", "grade",
        "valid_until", "programs", "schools",
    ),
    "expand": (
        "program_code", "program_name", "occupations", "may_expand", "barred", "graduates", "allotted_openings",
        "supply_demand_ratio", "intake_rate", "matched_rate", "vacancies_unfilled", "projected_unfilled",
    ),
    "consider": (
        *OCCUPATION, "grade", "valid_until", "vacancies", "job_seekers", "openings_to_seekers", "projected_openings",
        "forecast_mid", "program_code", "program_name", "category", "class", "weight",
    ),
    "duplicate": (
        "is_duplicate", "program_code", "program_name", "providers", "provider_share", "supply_demand_ratio",
        "program_graduates", "allotted_openings", "school_name", "planned", "registered", "graduates",
        "share_of_graduates", "matched_rate",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column of a catalogue: its name, its title with unit and line, what it means, its number format."""

    name: str
    title: str
    meaning: str
    format: str


@dataclass(frozen=True)
class Catalogue:
    """One catalogue of the round: its name (a key of COLUMNS), its title, its columns and its rows of cells.

    Numbers are numbers (persons, openings, ratios; shares between 0 and 1), None where nothing is known.
    """

    name: str
    title: str
    columns: list[Column]
    rows: list[list[Any]]


def catalogues(tables: RoundTables, lang: str) -> list[Catalogue]:
    """All catalogues of a round; one without entries has no rows."""
    build = {
        "supply_demand": supply_demand,
        "shortage": shortage,
        "training": training,
        "expand": expand,
        "consider": consider,
        "duplicate": duplicate,
    }
    titles = texts(lang)["catalogues"]["sheets"]
    return [
        Catalogue(name, titles[name], columns(tables, name, lang), cells(rows(tables, lang), COLUMNS[name]))
        for name, rows in build.items()
    ]


def columns(tables: RoundTables, catalogue: str, lang: str) -> list[Column]:
    """The columns of a catalogue; those of signals carry their line in the title."""
    text = texts(lang)["catalogues"]
    found = []
    for name in COLUMNS[catalogue]:
        title, meaning = text["columns"][name]
        if name.startswith("signal_"):
            value = line_of(tables, "shortage", name.removeprefix("signal_"))
            title = text["with_line"].format(title=title, line=in_words(name, value))
        found.append(Column(name, title, meaning, FORMATS.get(name, COUNT)))
    return found


def line_of(tables: RoundTables, catalogue: str, name: str) -> float:
    """A value of the catalogues' rules."""
    rows = tables.frame("core.catalogue_definition")
    (value,) = rows.loc[(rows["catalogue"] == catalogue) & (rows["name"] == name), "value"]
    return float(value)


def in_words(name: str, value: float) -> str:
    """A number as people write it: shares as percent."""
    return percent(value, 0) if FORMATS.get(name) == SHARE else number(value)


def cells(rows: pd.DataFrame, names: Iterable[str]) -> list[list[Any]]:
    """The named columns as plain values, numbers without the dust of floating point."""

    def plain(value: Any) -> Any:
        if not isinstance(value, str) and missing(value):
            return None
        return round(float(value), 6) if isinstance(value, float) else value

    shown = rows.reindex(columns=list(names)).astype(object)
    return [[plain(value) for value in row] for row in shown.itertuples(index=False, name=None)]


def of_round(tables: RoundTables, table: str) -> pd.DataFrame:
    """The round's rows of a mart."""
    return tables.frame(f"marts.{table}").query("year == @tables.round")


def named(rows: pd.DataFrame, tables: RoundTables, lang: str) -> pd.DataFrame:
    """The rows with occupations, programs and schools called as they are in the language."""
    for kind, code in (("occupation", "occupation_code"), ("program", "program_code"), ("school", "school_id")):
        name = f"{kind}_name"
        if {code, name} <= set(rows.columns):
            called = [
                None if missing(each) else tables.name(kind, own, each, lang)
                for own, each in rows[[code, name]].itertuples(index=False)
            ]
            rows = rows.assign(**{name: pd.Series(called, index=rows.index, dtype=object)})
    return rows


# Kind of thing -> frame with its codes and names.
NAMED = {
    "program": ("marts.unit", "program_code"), "school": ("marts.unit", "school_id"),
    "occupation": ("marts.skill_supply_demand", "occupation_code"),
}  # fmt: skip


def called(tables: RoundTables, kind: str, found: Any, lang: str) -> list[str]:
    """The names of a list as they are in the language."""
    frame, code = NAMED[kind]
    pairs = tables.frame(frame)[[code, f"{kind}_name"]].drop_duplicates()
    known = {name: tables.name(kind, own, name, lang) for own, name in pairs.itertuples(index=False)}
    return [known.get(name, str(name)) for name in as_list(found)]


def joined(found: Any, lang: str) -> str:
    """The texts of a list as one; empty when there is none."""
    return str(texts(lang)["separator"].join(map(str, as_list(found))))


def supply_demand(tables: RoundTables, lang: str) -> pd.DataFrame:
    """Annual supply–demand information: occupations, those with the most unfilled vacancies first."""
    rows = named(of_round(tables, "skill_supply_demand"), tables, lang)
    return rows.sort_values(["vacancies_unfilled", "occupation_code"], ascending=[False, True], na_position="last")


def shortage(tables: RoundTables, lang: str) -> pd.DataFrame:
    """The shortage catalogue: the firmest evidence first, with the value of every signal."""
    rows = named(of_round(tables, "shortage_occupation"), tables, lang)
    signals = of_round(tables, "shortage_signal").pivot(index="occupation_code", columns="signal", values="value")
    lists = tables.frame("marts.class_member").query("class_system == 'priority_list'")
    english: dict[str, object] = dict(lists[["class_name", "class_name_en"]].drop_duplicates().itertuples(index=False))
    rows = rows.merge(signals.add_prefix("signal_"), on="occupation_code", how="left").assign(
        signals=[f"{met}/{known}" for met, known in rows[["signals_met", "signals_known"]].itertuples(index=False)],
        priority_lists=[
            joined(
                [name if lang == "zh" or missing(english.get(name)) else english[name] for name in as_list(found)], lang
            )
            for found in rows["priority_lists"]
        ],
    )
    order = ["grade", "signals_met", "vacancies_unfilled", "occupation_code"]
    return rows.sort_values(order, ascending=[True, False, False, True])


def training(tables: RoundTables, lang: str) -> pd.DataFrame:
    """The training catalogue: most persons to train first."""
    rows = named(of_round(tables, "training_occupation"), tables, lang)
    rows = rows.assign(
        **{
            f"{kind}s": [joined(called(tables, kind, found, lang), lang) for found in rows[f"{kind}s"]]
            for kind in ("program", "school")
        }
    )
    return rows.sort_values(["persons_to_train", "occupation_code"], ascending=[False, True])


def expand(tables: RoundTables, lang: str) -> pd.DataFrame:
    """Programs to expand, with the schools that may and those that a verdict bars; a program that no school may expand
    is left out."""
    text = texts(lang)
    rows = named(of_round(tables, "program_to_expand"), tables, lang)
    points = tables.called(lang).frame("decisions.expansion_point")
    states = {state.id: state.name.in_language(lang) for state in tables.rulebook.ladder}
    points = points.assign(
        said=[
            school if may else text["catalogues"]["barred"].format(school=school, state=states.get(state, state))
            for school, state, may in points[["school_name", "state", "may_expand"]].itertuples(index=False)
        ]
    )
    schools = {
        may: points[points["may_expand"] == may].groupby("program_code")["said"].agg(text["separator"].join)
        for may in (True, False)
    }
    rows = rows.assign(
        may_expand=rows["program_code"].map(schools[True]),
        barred=rows["program_code"].map(schools[False]),
        occupations=[
            text["separator"].join(
                text["catalogues"]["graded"].format(name=name, grade=grade)
                for name, grade in zip(called(tables, "occupation", names, lang), as_list(grades), strict=True)
            )
            for names, grades in rows[["occupations", "grades"]].itertuples(index=False)
        ],
    )
    rows = rows[rows["may_expand"].notna()]
    return rows.sort_values(["vacancies_unfilled", "program_code"], ascending=[False, True])


def consider(tables: RoundTables, lang: str) -> pd.DataFrame:
    """New programs to consider: shortage occupations that nobody trains for, with the programs that would."""
    rows = named(of_round(tables, "program_to_consider"), tables, lang)
    return rows.sort_values(["grade", "vacancies", "occupation_code", "weight"], ascending=[True, False, True, False])


def duplicate(tables: RoundTables, lang: str) -> pd.DataFrame:
    """Programs of several schools, school by school; duplicates first."""
    text = texts(lang)["catalogues"]
    rows = named(of_round(tables, "duplicate_supplier"), tables, lang)
    order = ["is_duplicate", "supply_demand_ratio", "program_code", "school_id"]
    rows = rows.sort_values(order, ascending=[False, False, True, True], na_position="last")
    return rows.assign(is_duplicate=[text["yes"] if found else text["no"] for found in rows["is_duplicate"]])


def definitions(tables: RoundTables, lang: str) -> list[list[str]]:
    """What the catalogues rest on: catalogue, item, value, meaning or reason; rules first, then columns."""
    text = texts(lang)["catalogues"]
    first = tables.frame("core.catalogue_definition").iloc[0]
    said = [
        ["", text["rules"], first["version"], f"{first[f'title_{lang}']} ({text['status'][first['status']]})"],
        ["", text["basis"], "", first["basis"]],
    ]
    titles = text["sheets"]
    said += rules(tables, lang, (*titles, "protect"))
    for catalogue in COLUMNS:
        said += [[titles[catalogue], column.title, "", column.meaning] for column in columns(tables, catalogue, lang)]
    return said


def rules(tables: RoundTables, lang: str, catalogues: Collection[str]) -> list[list[str]]:
    """The rules of some catalogues ("shortage", "training", "expand", "protect", "duplicate"): catalogue, item, value,
    reason."""
    text = texts(lang)["catalogues"]
    titles = text["sheets"] | {"protect": text["protect"]}
    grades = tables.frame("core.shortage_grade")
    values = tables.frame("core.catalogue_definition").query("catalogue in @catalogues")
    said = []
    for catalogue, name, value, reason in values[["catalogue", "name", "value", f"reason_{lang}"]].itertuples(
        index=False
    ):
        if name.startswith("grade_"):
            (years,) = grades.loc[grades["grade"] == name.removeprefix("grade_"), "valid_years"]
            item = text["grade"].format(grade=name.removeprefix("grade_"))
            shown = text["grade_value"].format(signals=number(value), years=years)
        elif name == "grades":
            counted = "expands" if catalogue == "expand" else "protects"
            item, shown = text["lines"]["grades"], text["and"].join(grades.loc[grades[counted], "grade"])
        else:
            item, shown = text["lines"][name], (percent(value, 0) if name in SHARES_OF_RULES else number(value))
        said.append([titles[catalogue], item, shown, reason])
    return said


# Values of the rules that are written as percent.
SHARES_OF_RULES = {
    "listed_above", "unfilled_vacancies", "unfilled_projection", "unfilled_forecast", "least_weight",
    "lowest_intake_rate", "lowest_matched_rate", "provider_share",
}  # fmt: skip
