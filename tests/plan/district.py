"""Tiny districts for plans: made by hand or drawn, and every plan of one tried in turn."""

from functools import cache
from itertools import product

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from models.plan.settings import PlanSettings, parse

QUARTERS = 4  # placements per seat are drawn in quarters, so that a maximum flow of whole numbers checks them
HEAD = """
plan: test
title: {zh: 试, en: test}
authority: {zh: 试, en: test}
status: example
version: "1"
in_force_from: 2020-01-01
basis: {document: d, article: a}
years_to_graduation: {value: 3, reason: {zh: 试, en: test}}
openings:
  take: [projection]
  years_short: {value: 1, reason: {zh: 试, en: test}}
  share_for_graduates: {value: 1, reason: {zh: 试, en: test}}
  reason: {zh: 试, en: test}
rates: {cohorts: 3, prior_persons: 30, reason: {zh: 试, en: test}}
"""
WHY = "reason: {zh: 试, en: test}"


def settings(gain_kept: float = 1.0, classes: int | None = None, beyond: bool = True, **limits: float) -> PlanSettings:
    """Settings with the limits named; `no_growth` holds for the state "warning"."""
    lines = [f"gain_kept: {{value: {gain_kept}, {WHY}}}"]
    if classes:
        lines.append(f"classes: {{at_least: {classes}, one_class_beyond_limits: {str(beyond).lower()}, {WHY}}}")
    if limits.pop("no_growth", False):
        lines.append(f"no_growth: {{states: [warning], {WHY}}}")
    lines += [f"{name}: {{value: {value}, {WHY}}}" for name, value in limits.items()]
    return parse(HEAD + "\n".join(lines), "test.yaml")


def units(*rows: tuple[str, str, int, str, float]) -> pd.DataFrame:
    """School, program, last seats, state, plan limit."""
    frame = pd.DataFrame(rows, columns=["school_id", "program_code", "last_seats", "state", "plan_limit"])
    return frame.assign(unit=frame["school_id"] + "-" + frame["program_code"])


def schools(**rooms: tuple[float, float, float]) -> pd.DataFrame:
    """School -> room for entrants, teachers, students who stay."""
    rows = [(school, *room) for school, room in rooms.items()]
    return pd.DataFrame(rows, columns=["school_id", "seats", "teachers", "staying"]).astype(
        {"seats": float, "teachers": float, "staying": float}
    )


def openings(**jobs: float) -> pd.DataFrame:
    """Occupation -> openings."""
    return pd.DataFrame({"occupation_code": list(jobs), "openings": list(jobs.values())})


def edges(*pairs: str) -> pd.DataFrame:
    """Pairs such as "1X": program 1 leads to occupation X."""
    return pd.DataFrame({"program_code": [p[0] for p in pairs], "occupation_code": [p[1] for p in pairs]})


@st.composite
def districts(draw: st.DrawFn) -> dict[str, object]:
    """Up to four program points of two schools, two programs and two occupations, with or without each limit."""
    points = draw(st.lists(st.sampled_from(["A-1", "A-2", "B-1", "B-2"]), min_size=1, max_size=4, unique=True))
    rows = []
    for point in points:
        state = draw(st.sampled_from(["normal", "normal", "warning", "reduce", "suspend"]))
        limit = {"reduce": float(draw(st.integers(0, 4))), "suspend": 0.0}.get(state, np.nan)
        rows.append((*point.split("-"), draw(st.integers(0, 4)), state, limit))
    maybe = st.none() | st.sampled_from([0.0, 0.2, 0.25, 0.5])
    limits = {name: draw(maybe) for name in ("change_down", "change_up", "school_loss", "total_growth", "total_loss")}
    chosen = settings(
        gain_kept=draw(st.sampled_from([0.0, 0.5, 1.0])),
        classes=draw(st.none() | st.integers(1, 3)),
        beyond=draw(st.booleans()),
        no_growth=draw(st.booleans()),
        **{name: value for name, value in limits.items() if value is not None},
        **({"students_per_teacher": 2} if draw(st.booleans()) else {}),
    )
    seats = st.integers(0, 6).map(float)
    room = (
        seats if limits["change_up"] is None else seats | st.just(np.nan)
    )  # every plan can be tried only if few can be
    return {
        "units": units(*rows),
        "per_seat": pd.Series({p: draw(st.integers(0, QUARTERS)) / QUARTERS for p in points}),
        "edges": edges(*draw(st.lists(st.sampled_from(["1X", "1Y", "2X", "2Y"]), unique=True))),
        "openings": openings(X=draw(st.integers(0, 6)), Y=draw(st.integers(0, 3))),
        "schools": schools(**{school: (draw(room), draw(room), float(draw(st.integers(0, 4)))) for school in "AB"}),
        "settings": chosen,
    }


def allowed(row: pd.Series, rules: PlanSettings, most: int) -> set[int]:
    """The numbers of seats that one program point may have, from the settings alone."""
    last, limit = int(row["last_seats"]), row["plan_limit"]
    if last == 0:
        return {0}
    class_size = rules.classes.at_least if rules.classes else 0
    low = int(np.ceil(last * (1 - float(rules.change_down.value)) - 1e-9)) if rules.change_down else 0
    high = int(np.floor(last * (1 + float(rules.change_up.value)) + 1e-9)) if rules.change_up else most
    if high < class_size and rules.classes and rules.classes.one_class_beyond_limits:
        found = {0, class_size}
    else:
        found = {n for n in range(low, high + 1) if n == 0 or n >= class_size}
    if rules.no_growth and row["state"] == "warning":
        found = {n for n in found if n <= last}
    if not np.isnan(limit):
        if limit < max(class_size, 1):
            return {0}
        found = {n for n in found if n <= limit} | ({int(limit)} if low > limit else set())
    return found


def shared(given: dict[str, object]) -> list[tuple[list[int], float, float]]:
    """What schools and district ask and allow, from the settings alone: positions of units, least and most seats."""
    table, rooms, rules = (
        given["units"].reset_index(drop=True),
        given["schools"].set_index("school_id"),
        given["settings"],
    )
    last, found = table["last_seats"].sum(), []
    most = np.floor(last * (1 + float(rules.total_growth.value)) + 1e-9) if rules.total_growth else np.inf
    least = np.ceil(last * (1 - float(rules.total_loss.value)) - 1e-9) if rules.total_loss else 0.0
    found.append((list(range(len(table))), least, most))
    for school, rows in table.groupby("school_id"):
        allowed_to = [np.inf, rooms.loc[school, "seats"]]
        if rules.students_per_teacher:
            taught = rooms.loc[school, "teachers"] * float(rules.students_per_teacher.value)
            allowed_to.append(np.maximum(taught - rooms.loc[school, "staying"], 0))
        kept = 0.0
        for row in rows.to_dict("records") if rules.school_loss else ():
            smallest = max(rules.classes.at_least if rules.classes else 0, 1)
            limit = row["plan_limit"]
            kept += row["last_seats"] if np.isnan(limit) else min(row["last_seats"], limit) * (limit >= smallest)
        share = float(rules.school_loss.value) if rules.school_loss else 1.0
        found.append((list(rows.index), np.ceil(kept * (1 - share) - 1e-9), np.nanmin(allowed_to)))
    return found


def every_plan(given: dict[str, object], most: int = 6) -> list[dict[str, int]]:
    """All feasible seats of a tiny district."""
    table, rows = given["units"], shared(given)
    choices = [sorted(allowed(row, given["settings"], most)) for _, row in table.iterrows()]
    return [
        dict(zip(table["unit"], seats, strict=True))
        for seats in product(*choices)
        if all(least <= sum(seats[at] for at in where) <= up_to for where, least, up_to in rows)
    ]


def placed(seats: dict[str, int], given: dict[str, object]) -> float:
    """Matched placements of seats by a maximum flow of quarters."""
    supply = dict.fromkeys("12", 0)
    for row in given["units"].to_dict("records"):
        supply[row["program_code"]] += round(QUARTERS * given["per_seat"][row["unit"]]) * seats[row["unit"]]
    links = tuple(given["edges"].itertuples(index=False, name=None))
    jobs = tuple((name, int(number)) for name, number in given["openings"].itertuples(index=False, name=None))
    return flow(supply["1"], supply["2"], links, jobs) / QUARTERS


@cache
def flow(one: int, two: int, links: tuple[tuple[str, str], ...], jobs: tuple[tuple[str, int], ...]) -> int:
    """The maximum flow from programs 1 and 2 to occupations X and Y, in quarters."""
    nodes = ["source", *"12", *"XY", "sink"]
    capacity = np.zeros((6, 6), dtype=np.int32)
    capacity[0, 1:3] = one, two
    for program, occupation in links:
        capacity[nodes.index(program), nodes.index(occupation)] = 10_000
    for occupation, number in jobs:
        capacity[nodes.index(occupation), 5] = QUARTERS * number
    return int(maximum_flow(csr_array(capacity), 0, 5).flow_value)


def distance(seats: dict[str, int], given: dict[str, object]) -> float:
    """How far seats are from last year: steps of 5 % of a program's seats (one seat at least), the n-th counting n."""
    total = 0.0
    for row in given["units"].to_dict("records"):
        left, width, n = abs(seats[row["unit"]] - row["last_seats"]), max(1.0, 0.05 * row["last_seats"]), 1
        while left > 0:
            total += n * min(left, width)
            left, n = left - width, min(n + 1, 20)
    return total
