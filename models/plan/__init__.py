"""The enrollment plan (招生计划): next year's seats per program point that place most graduates in matched openings.

Belongs here: the one function that plans, and what a plan is. Does not belong here: reading and storing (`pipelines`),
words (`reports`), values of the settings (`kaizhou.yaml` in this folder).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.plan.conflict import CONFLICT_COLUMNS, conflict
from models.plan.limits import DISTRICT, KINDS, limits
from models.plan.program import Floats, NoPlan, Prices, Program
from models.plan.reasons import reasons
from models.plan.settings import PlanSettings

__all__ = ["CONFLICT_COLUMNS", "KINDS", "Plan", "make_plan"]

UNIT_COLUMNS = [
    "unit", "school_id", "program_code", "state", "plan_limit", "last_seats", "seats", "per_seat", "matched",
    "last_matched", "reason", "held_up_by", "held_down_by", "value_of_a_seat", "price_of_a_seat",
]  # fmt: skip
REQUIREMENT_COLUMNS = ["kind", "who", "least", "most", "seats", "last_seats", "price", "kept", "kept_last"]
KIND_COLUMNS = ["kind", "matched_without", "cost"]
OCCUPATION_COLUMNS = ["occupation_code", "openings", "filled", "last_filled", "value_of_an_opening"]
PROGRAM_COLUMNS = ["program_code", "last_seats", "seats", "graduates", "matched", "last_matched", "openings"]


@dataclass(frozen=True)
class Plan:
    """A plan, or why there is none (then every frame but `conflict` is empty and the numbers are NaN).

    `units`: one row per program point, by unit (UNIT_COLUMNS) — last year's seats, seats, expected matched graduates
    per seat, expected matched placements under the plan and under last year's seats, and the reason (see
    `models.plan.reasons`). A program's placements are shared by its points in proportion to their matched graduates.
    `requirements`: one row per requirement (REQUIREMENT_COLUMNS) — the seats it counts under the plan and last year,
    whether each keeps it, and `price`: matched placements that one seat more of what is allowed, or of what is asked,
    brings to the best plan (negative for what is asked), a dual value with the plan's open programs kept open; 0 where
    the plan does not reach the requirement.
    `kinds`: one row per kind of requirement — matched placements of the best plan without it, and the difference (below
    0 where a verdict frees seats that no other requirement would let go; NaN where without it nothing is feasible,
    because a verdict or a class excuses from the change limits).
    `occupations`: one row per occupation that a program feeds: openings, filled under the plan and under last year's
    seats, and what one more opening is worth. `programs`: one row per program: seats, matched graduates and placements,
    and the openings of its occupations (an opening counts for every program that reaches it).
    `matched`: expected matched placements; `best`: of the best plan, of whose gain this one keeps the stated share;
    `last_matched`: of last year's seats.
    """

    units: pd.DataFrame
    requirements: pd.DataFrame
    kinds: pd.DataFrame
    occupations: pd.DataFrame
    programs: pd.DataFrame
    conflict: pd.DataFrame
    matched: float
    best: float
    last_matched: float

    @classmethod
    def none(cls, contradiction: pd.DataFrame) -> "Plan":
        """No plan, because of a contradiction or because there was nothing to plan with (then it is empty)."""
        columns = (UNIT_COLUMNS, REQUIREMENT_COLUMNS, KIND_COLUMNS, OCCUPATION_COLUMNS, PROGRAM_COLUMNS)
        units, rows, kinds, occupations, programs = (pd.DataFrame(columns=names) for names in columns)
        return cls(units, rows, kinds, occupations, programs, contradiction, np.nan, np.nan, np.nan)

    @property
    def feasible(self) -> bool:
        """Whether there is a plan."""
        return not np.isnan(self.matched)

    @property
    def gain(self) -> float:
        """Expected matched placements more than with last year's seats."""
        return self.matched - self.last_matched

    @property
    def broken_by_last(self) -> pd.DataFrame:
        """The requirements that last year's seats would break."""
        return self.requirements[~self.requirements["kept_last"].astype(bool)]


def make_plan(
    units: pd.DataFrame,
    per_seat: pd.Series,
    edges: pd.DataFrame,
    openings: pd.DataFrame,
    schools: pd.DataFrame,
    settings: PlanSettings,
    *,
    costs: bool = True,
) -> Plan:
    """Next year's seats; the same rows in any order give the same plan.

    `units`: one row per program point — unit, school_id, program_code, last_seats (whole), state, plan_limit (NaN:
    none). `per_seat`: matched graduates per seat by unit (see `models.plan.placements`). `edges`: program_code,
    occupation_code. `openings`: occupation_code, openings of the year of graduation; occupations without a row have
    none. `schools`: see `models.plan.limits`. `costs`: also plan without each kind of requirement. Raises ValueError
    when a unit stands twice, has no per_seat, or a number is negative.
    """
    check(units, per_seat, openings)
    links, open_jobs = network(units, edges, openings, float(settings.openings.share_for_graduates.value))

    def program(*without: str) -> Program:
        found = limits(units, schools, settings, without)
        return Program(found, per_seat.reindex(found.units["unit"]).to_numpy(float), links, open_jobs)

    whole = program()
    try:
        solution = whole.solve(float(settings.gain_kept.value))
    except NoPlan:
        return Plan.none(conflict(whole.limits))
    prices = whole.prices(solution.seats)
    last_flow = whole.place(whole.last)
    supply, last_supply = (whole.supply @ seats for seats in (solution.seats, whole.last))
    placed, last_placed = (whole.sends @ flow for flow in (solution.flow, last_flow))
    table = whole.units.assign(
        seats=solution.seats,
        per_seat=whole.per_seat,
        matched=whole.per_seat * solution.seats * shares(placed, supply)[whole.program_of],
        last_matched=whole.per_seat * whole.last * shares(last_placed, last_supply)[whole.program_of],
    ).merge(reasons(whole, solution.seats, prices), on="unit")
    by_program = table.groupby("program_code", sort=True)[["last_seats", "seats", "matched", "last_matched"]].sum()
    programs = by_program.assign(graduates=supply, openings=whole.sends @ whole.widest).reset_index()
    return Plan(
        table[UNIT_COLUMNS],
        requirements(whole, solution.seats, prices),
        without_each(program, whole, solution.best) if costs else pd.DataFrame(columns=KIND_COLUMNS),
        whole.openings.assign(
            filled=whole.takes @ solution.flow,
            last_filled=whole.takes @ last_flow,
            value_of_an_opening=prices.occupation,
        )[OCCUPATION_COLUMNS],
        programs[PROGRAM_COLUMNS],
        pd.DataFrame(columns=CONFLICT_COLUMNS),
        solution.matched,
        solution.best,
        float(last_flow.sum()),
    )


def check(units: pd.DataFrame, per_seat: pd.Series, openings: pd.DataFrame) -> None:
    """ValueError unless units stand once, with whole last seats and a placement rate, and no opening is negative."""
    if units["unit"].duplicated().any():
        raise ValueError(f"units that stand twice: {sorted(units.loc[units['unit'].duplicated(), 'unit'])}")
    last = units["last_seats"].to_numpy(float)
    if not (np.isfinite(last).all() and (last >= 0).all() and (last == np.round(last)).all()):
        raise ValueError("last_seats are whole numbers, 0 or more")
    rate = per_seat.reindex(units["unit"]).to_numpy(float)
    if not (np.isfinite(rate).all() and (rate >= 0).all()):
        raise ValueError("every unit has a number of matched graduates per seat, 0 or more")
    if (openings["openings"] < 0).any() or openings["openings"].isna().any():
        raise ValueError("openings are numbers, 0 or more")


def network(
    units: pd.DataFrame, edges: pd.DataFrame, openings: pd.DataFrame, share: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The edges of the units' programs, and openings for graduates of the occupations that they reach; both sorted."""
    links = edges[edges["program_code"].isin(units["program_code"])][["program_code", "occupation_code"]]
    links = links.drop_duplicates().sort_values(["program_code", "occupation_code"]).reset_index(drop=True)
    known = openings.groupby("occupation_code")["openings"].sum() * share
    reached = pd.Index(sorted(links["occupation_code"].unique()), name="occupation_code")
    return links, known.reindex(reached, fill_value=0.0).reset_index()


def shares(placed: Floats, supply: Floats) -> Floats:
    """The share of each program's matched graduates that finds an opening; 0 where there is no graduate."""
    found: Floats = np.divide(placed, supply, out=np.zeros_like(supply), where=supply > 0)
    return found


def requirements(program: Program, seats: Floats, prices: Prices) -> pd.DataFrame:
    """One row per requirement with what it counts, whether it is kept, and its price."""
    rows = program.limits.requirements
    units = pd.Index(program.units["unit"])
    at = units.get_indexer(pd.Index(rows["who"]))
    counted = {}
    for name, number in (("seats", seats), ("last_seats", program.last)):
        by_school = pd.Series(number).groupby(program.units["school_id"].to_numpy()).sum()
        by_school[DISTRICT] = number.sum()
        counted[name] = np.where(at >= 0, number[at], rows["who"].map(by_school).to_numpy(float))
    found = rows.assign(**counted)
    for name, kept in (("seats", "kept"), ("last_seats", "kept_last")):
        closed = (found["kind"] == "minimum_class") & (found[name] == 0)
        enough = found["least"].isna() | (found[name] >= found["least"]) | closed
        found[kept] = enough & (found["most"].isna() | (found[name] <= found["most"]))
    reached = (found["seats"] == found["least"]) | (found["seats"] == found["most"])
    of_unit = np.where(found["most"].notna(), prices.unit_high[at], prices.unit_low[at])
    shared = dict(zip(zip(program.shared["kind"], program.shared["who"], strict=True), prices.shared, strict=True))
    of_shared = [shared.get(pair, 0.0) for pair in zip(found["kind"], found["who"], strict=True)]
    found["price"] = np.where(at >= 0, of_unit, of_shared) * reached + 0.0  # no −0
    return found[REQUIREMENT_COLUMNS]


def without_each(program: Callable[..., Program], whole: Program, best: float) -> pd.DataFrame:
    """The best plan without each kind of requirement that is set, solved anew."""
    kinds = [kind for kind in KINDS if kind in set(whole.limits.requirements["kind"]) and kind != "not_offered"]
    free = [best_or_none(program(kind)) for kind in kinds]
    return pd.DataFrame({"kind": kinds, "matched_without": free, "cost": np.array(free) - best})


def best_or_none(program: Program) -> float:
    """Placements of the best plan, NaN when nothing is feasible."""
    try:
        return program.best()
    except NoPlan:
        return np.nan
