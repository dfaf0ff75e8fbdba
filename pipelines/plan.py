"""From the warehouse to next year's enrollment plan and back: reads core, marts and verdicts, calls `models.plan`.

Belongs here: moving frames, which signal of demand has openings for the year, and the words for what could not be used.
Does not belong here: limits and their values (`models/plan`), words of documents (`reports.plan`).
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from models.plan import CONFLICT_COLUMNS, Plan, make_plan
from models.plan.placements import placements_per_seat
from models.plan.settings import PlanSettings, Source
from pipelines.decisions import store_tables, with_text_for_lists
from pipelines.problems import Problem
from pipelines.rule_texts import read_plan_settings, read_rulebook
from pipelines.run import check_warehouse
from pipelines.settings import Settings
from pipelines.warehouse.rows import only_row
from reports.plan_list import write
from reports.round_tables import PlanTables

# One row per program point; seats of the round's year, a part of a seat (from a split code) rounded.
UNITS = """
select
    v.unit, u.school_id, u.program_code, u.school_name, u.program_name, v.state, v.proposal, v.plan_limit,
    cast(floor(coalesce(e.planned, e.registered) + 0.5) as double) as last_seats,
    e.planned is null as seats_are_registered
from decisions.verdict as v
join marts.unit as u on u.unit = v.unit
left join core.enrollment as e on e.school_id = u.school_id and e.program_code = u.program_code and e.year = v.round
where v.as_of_round = $round and v.round = $round
order by v.unit
"""
ENROLLMENT = """
select school_id || '-' || program_code as unit, year, cast(planned as double) as planned,
    cast(registered as double) as registered
from core.enrollment where year <= $round order by all
"""
OUTCOME = """
select school_id || '-' || program_code as unit, cohort_year as year, cast(graduates as double) as graduates,
    cast(matched as double) as matched
from core.outcome where cohort_year <= $round order by all
"""
EDGES = """
select from_code as program_code, to_code as occupation_code
from core.crosswalk where relation = 'program_occupation' and weight > 0 order by all
"""
# Conditions of the latest year up to the round; who entered in the last years stays in school.
SCHOOLS = """
with latest as (
    select *, row_number() over (partition by school_id order by year desc) as recency
    from core.school_condition where year <= $round
),
staying as (
    select school_id, sum(cast(registered as double)) as staying
    from core.enrollment where year > $round + 1 - $years and year <= $round group by school_id
)
select l.school_id, l.year, cast(l.seats as double) as seats, cast(l.teachers as double) as teachers, s.staying
from latest as l left join staying as s on s.school_id = l.school_id
where l.recency = 1 order by l.school_id
"""
# By signal: openings by occupation for a year. A forecast is taken as of the round, of the latest year that it reaches.
OPENINGS: dict[Source, str] = {
    "forecast": """
with reached as (
    select region, max(year) as year from marts.demand_forecast
    where class_kind = 'occupation' and base_year = $round and year <= $graduation group by region
)
select f.code as occupation_code, max(f.name) as occupation_name, min(f.year) as year, sum(f.openings_mid) as openings,
    sum(f.openings_low) as openings_low, sum(f.openings_high) as openings_high
from marts.demand_forecast as f join reached as r on r.region = f.region and r.year = f.year
where f.class_kind = 'occupation' and f.base_year = $round and f.openings_mid is not null
group by f.code order by f.code
""",
    "projection": """
with ranked as (
    select distinct region, base_year, target_year, classification from core.occupation_projection
    where base_year <= $round and target_year >= $graduation
),
chosen as (
    select *, row_number() over (
        partition by region order by base_year desc, target_year, classification desc
    ) as place
    from ranked
)
select p.occupation_code, max(p.occupation_name) as occupation_name, $graduation as year,
    cast(sum(p.annual_openings) as double) as openings, cast(null as double) as openings_low,
    cast(null as double) as openings_high
from core.occupation_projection as p
join chosen as c on c.region = p.region and c.base_year = p.base_year and c.target_year = p.target_year
    and c.classification = p.classification
where c.place = 1
group by p.occupation_code order by p.occupation_code
""",
    "vacancies": """
select occupation_code, max(occupation_name) as occupation_name, $round as year,
    cast(sum(openings) as double) as openings, cast(null as double) as openings_low,
    cast(null as double) as openings_high
from marts.occupation_opening where basis = 'vacancies' and year = $round
group by occupation_code order by occupation_code
""",
}
TABLES = (
    "plan", "plan_unit", "plan_requirement", "plan_kind", "plan_occupation", "plan_program", "plan_conflict",
    "plan_problem",
)  # fmt: skip


@dataclass(frozen=True)
class RoundPlan:
    """The plan made in one round: for which intake, against the openings of which year and signal, and what was found.

    `plan_year` is the year of intake, `graduation_year` that in which the entrants graduate, `openings_year` the year
    of the openings. `units` names the program points (school_name, program_name, proposal) with the counts behind their
    rates; `problems`: one row per unit or occupation that could not be used as it stands — code, problem_zh,
    problem_en.
    """

    round: int
    plan_year: int
    graduation_year: int
    openings_year: int | None
    source: Source | None
    settings: PlanSettings
    plan: Plan
    units: pd.DataFrame
    occupations: pd.DataFrame
    edges: pd.DataFrame
    problems: pd.DataFrame


def plan_round(connection: duckdb.DuckDBPyConnection, settings: PlanSettings, round_year: int) -> RoundPlan:
    """Next year's plan from the verdicts of a decided round.

    Raises Problem when the round is not decided, no program had seats, no signal has openings or nobody's placement was
    counted.
    """
    years = settings.years_to_graduation.value
    plan_year, graduation = round_year + 1, round_year + 1 + years
    known = connection.execute(UNITS, {"round": round_year}).df() if has_verdicts(connection) else pd.DataFrame()
    if known.empty:
        raise Problem(
            f"{round_year} 轮尚未评议，没有判定可依。请先运行 duikou run --round {round_year}。",
            f"Round {round_year} has not been decided, so there are no verdicts to plan by."
            f" Run duikou run --round {round_year} first.",
        )
    units = known[known["last_seats"].notna()].reset_index(drop=True)
    if units.empty:
        raise Problem(
            f"招生数据中没有 {round_year} 年的招生计划或报到人数，无从比较。请补交《招生与在校生》表。",
            f"The enrollment data hold neither plan nor intake of {round_year}: there is nothing to start from."
            " Add the enrollment table of that year.",
        )
    enrollment = connection.execute(ENROLLMENT, {"round": round_year}).df()
    outcome = connection.execute(OUTCOME, {"round": round_year}).df()
    schools = connection.execute(SCHOOLS, {"round": round_year, "years": years}).df()
    source, openings = openings_of(connection, settings, round_year, graduation)
    edges = connection.sql(EDGES).df()
    try:
        rates = placements_per_seat(units, enrollment, outcome, round_year, years, settings.rates)
    except ValueError as error:
        raise Problem(
            f"全区没有可用的人数来估计{RATES_ZH[str(error)]}，无法编制计划。请补交就业和招生数据。",
            f"The district has no counts from which the {error} rate could be estimated, so no plan can be made."
            " Add outcomes and enrollment.",
        ) from error
    plan = make_plan(units, rates.set_index("unit")["per_seat"], edges, openings, schools, settings)
    openings_year = int(openings["year"].min())
    found = problems(known, schools, edges, openings, round_year)
    return RoundPlan(
        round_year, plan_year, graduation, openings_year, source, settings, plan,
        units.merge(rates.drop(columns="per_seat"), on="unit"), openings, edges, found,
    )  # fmt: skip


RATES_ZH = {"fill": "报到率", "completion": "毕业率", "matched": "对口就业率"}


def plan_or_none(connection: duckdb.DuckDBPyConnection, settings: PlanSettings, round_year: int) -> RoundPlan:
    """The plan of a round; where none can be made, an empty one whose only problem says why."""
    try:
        return plan_round(connection, settings, round_year)
    except Problem as problem:
        years = settings.years_to_graduation.value
        counts = [f"{rate}_{part}" for rate in RATES_ZH for part in ("numerator", "denominator", "rate")]
        return RoundPlan(
            round_year, round_year + 1, round_year + 1 + years, None, None, settings,
            Plan.none(pd.DataFrame(columns=CONFLICT_COLUMNS)),
            pd.DataFrame(columns=[*KNOWN_OF_UNITS, *counts]), pd.DataFrame(columns=OPENING_COLUMNS),
            pd.DataFrame(columns=["program_code", "occupation_code"]),
            pd.DataFrame([(str(round_year), problem.zh, problem.en)], columns=["code", "problem_zh", "problem_en"]),
        )  # fmt: skip


OPENING_COLUMNS = ["occupation_code", "occupation_name", "year", "openings", "openings_low", "openings_high"]


def has_verdicts(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether any round has been decided."""
    query = "select 1 from information_schema.tables where table_schema = 'decisions' and table_name = 'verdict'"
    return bool(connection.execute(query).fetchall())


def openings_of(
    connection: duckdb.DuckDBPyConnection, settings: PlanSettings, round_year: int, graduation: int
) -> tuple[Source, pd.DataFrame]:
    """The first signal that the settings name and that has openings, with its openings by occupation."""
    for source in settings.openings.take:
        query = OPENINGS[source]
        named = {"round": round_year, "graduation": graduation}
        found = connection.execute(query, {name: year for name, year in named.items() if f"${name}" in query}).df()
        short = graduation - settings.openings.years_short.value
        if len(found) and (source != "forecast" or found["year"].min() >= short):
            return source, found
    raise Problem(
        f"没有 {graduation} 年的岗位数：{'、'.join(settings.openings.take)} 都没有数据。"
        "请补交从业人员、职业需求预测或人力资源市场供求表。",
        f"There are no openings for {graduation}: {', '.join(settings.openings.take)} have no data."
        " Add employment by industry, occupational projections or the labour market.",
    )


def problems(
    known: pd.DataFrame, schools: pd.DataFrame, edges: pd.DataFrame, openings: pd.DataFrame, round_year: int
) -> pd.DataFrame:
    """What could not be used as it stands, or was taken for something else: code, problem_zh, problem_en."""
    rows: list[tuple[str, str, str]] = []
    for row in known.to_dict("records"):
        if pd.isna(row["last_seats"]):
            zh = f"没有 {round_year} 年的招生数据，未列入计划"
            rows.append((row["unit"], zh, f"no enrollment of {round_year}; not planned"))
        elif row["seats_are_registered"]:
            zh, en = "没有上报招生计划，以实际报到人数代替", "no plan was reported; the intake stands for it"
            rows.append((row["unit"], zh, en))
    planned = known[known["last_seats"].notna()]
    linked = edges[edges["program_code"].isin(planned["program_code"])]
    for code in sorted(set(planned["program_code"]) - set(linked["program_code"])):
        zh, en = "没有专业—职业对照，按没有岗位计", "no crosswalk to an occupation; counted as without openings"
        rows.append((code, zh, en))
    for code in sorted(set(linked["occupation_code"]) - set(openings["occupation_code"])):
        zh, en = "没有这一职业的岗位数，按没有岗位计", "no openings are known for the occupation; counted as none"
        rows.append((code, zh, en))
    for school in sorted(set(planned["school_id"]) - set(schools["school_id"])):
        zh, en = "没有办学条件数据，容量和师资不作限制", "no conditions are known; room and teachers bind nobody"
        rows.append((school, zh, en))
    return pd.DataFrame(rows, columns=["code", "problem_zh", "problem_en"])


def tables(found: RoundPlan) -> dict[str, pd.DataFrame]:
    """The frames of TABLES, as the warehouse keeps them and documents read them."""
    plan = found.plan
    summary = pd.DataFrame(
        [
            {
                "round": found.round,
                "plan_year": found.plan_year,
                "graduation_year": found.graduation_year,
                "openings_source": found.source,
                "openings_year": found.openings_year,
                "feasible": plan.feasible,
                "seats": plan.units["seats"].sum() if plan.feasible else None,
                "last_seats": float(found.units["last_seats"].sum()),
                "matched": plan.matched,
                "last_matched": plan.last_matched,
                "gain": plan.gain,
                "best": plan.best,
                "settings": found.settings.plan,
                "settings_version": found.settings.version,
                "settings_digest": found.settings.digest,
            }
        ]
    )
    counts = [f"{rate}_{part}" for rate in RATES_ZH for part in ("numerator", "denominator", "rate")]
    occupations = found.occupations[["occupation_code", "occupation_name", "openings_low", "openings_high"]]
    programs = found.units[["program_code", "program_name"]].drop_duplicates("program_code")
    reached = found.edges.merge(found.occupations, on="occupation_code")
    reached = reached.sort_values(["openings", "occupation_code"], ascending=[False, True])
    named = reached.groupby("program_code")["occupation_name"].agg(list).rename("occupations")
    programs = programs.merge(named, on="program_code", how="left")
    frames = {
        "plan": summary,
        "plan_unit": found.units[[*KNOWN_OF_UNITS, *counts]].merge(
            plan.units.drop(columns=[name for name in KNOWN_OF_UNITS if name != "unit" and name in plan.units]),
            on="unit",
            how="left",
        ),
        "plan_requirement": plan.requirements,
        "plan_kind": plan.kinds,
        "plan_occupation": plan.occupations.merge(occupations, on="occupation_code", how="left"),
        "plan_program": plan.programs.merge(programs, on="program_code", how="left"),
        "plan_conflict": plan.conflict,
        "plan_problem": found.problems,
    }
    return {name: typed(frame) for name, frame in frames.items()}


# What is known of a program point before there is a plan.
KNOWN_OF_UNITS = [
    "unit", "school_id", "school_name", "program_code", "program_name", "state", "proposal", "plan_limit", "last_seats",
]  # fmt: skip
# Columns of words, lists among them, and of yes or no; all others are numbers. An empty frame has the same types.
WORDS = {
    "unit", "school_id", "program_code", "state", "reason", "held_up_by", "held_down_by", "school_name", "program_name",
    "kind", "who", "occupation_code", "occupation_name", "units", "code", "problem_zh", "problem_en", "settings",
    "settings_version", "settings_digest", "openings_source", "occupations",
}  # fmt: skip
YES_OR_NO = {"kept", "kept_last", "proposal", "feasible"}


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the type that each column has in the warehouse, lists as JSON text."""
    types = {name: "str" if name in WORDS else "bool" if name in YES_OR_NO else "float64" for name in frame.columns}
    return with_text_for_lists(frame).astype(types)


def store(connection: duckdb.DuckDBPyConnection, found: RoundPlan) -> None:
    """Write the plan made in one round; those of other rounds stay as they are."""
    store_tables(connection, tables(found), found.round)


@dataclass(frozen=True)
class Written:
    """A plan that was made and written: for which intake, its tables, and where the list is."""

    plan_year: int
    tables: PlanTables
    file: Path


def plan_file(settings: Settings, round_year: int | None) -> Written:
    """Make the plan of a round (default: the latest decided) from the warehouse and write it as a list to settings.out.

    The warehouse stays as it is. Raises Problem with what a person can mend.
    """
    check_warehouse(settings.warehouse)
    rules, rulebook = read_plan_settings(settings.plan), read_rulebook(settings.rulebook)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        found = plan_round(connection, rules, round_year or latest_decided(connection))
    made = PlanTables(found.round, tables(found), rules, rulebook)
    settings.out.mkdir(parents=True, exist_ok=True)
    (lang,) = settings.languages
    file = settings.out / f"enrollment_plan_{found.plan_year}.{lang}.xlsx"
    write(made, file, lang)
    return Written(found.plan_year, made, file)


def latest_decided(connection: duckdb.DuckDBPyConnection) -> int:
    """The latest round that was decided; Problem when there is none."""
    if has_verdicts(connection):
        (latest,) = only_row(connection, "select max(as_of_round) from decisions.verdict")
        if latest is not None:
            return int(latest)
    raise Problem("还没有评议过的轮次。请先运行 duikou run。", "No round has been decided yet. Run duikou run first.")
