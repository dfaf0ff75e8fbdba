"""The limits of next year's seats: every requirement as one row with its kind, whom it binds, and its number.

Belongs here: what verdicts, last year's seats, schools and the district allow, and what gives way to what. Does not
belong here: choosing seats within the limits (`models.plan.program`).

Order of precedence: a verdict stands before the minimum class, the class before the change limits. A program that its
verdict leaves less than one class gets none; its change limit never asks for more than its verdict allows.
"""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import numpy as np
import pandas as pd

from models.plan.settings import PlanSettings

DISTRICT = "*"
KINDS = (
    "verdict", "no_growth", "not_offered", "minimum_class", "change_down", "change_up", "capacity", "teachers",
    "school_loss", "total_growth", "total_loss",
)  # fmt: skip
LIMIT_COLUMNS = ["kind", "who", "least", "most"]
ROUNDING = 1e-9  # 1.2 × 50 is 60, not 59.999…


@dataclass(frozen=True)
class Limits:
    """`requirements`: one row per kind × unit, school or district ("*") — kind, who, least, most (seats, NaN: none).

    `units`: one row per unit in the order of the plan, with `low` and `high`, the seats that its own requirements leave
    when it opens (low > high: they contradict each other), `may_close`, and `smallest_class` (0: no minimum).
    """

    requirements: pd.DataFrame
    units: pd.DataFrame


def limits(units: pd.DataFrame, schools: pd.DataFrame, settings: PlanSettings, without: Collection[str] = ()) -> Limits:
    """The requirements of a plan; those whose kind is in `without` are left out, with what follows from them.

    `units`: unit, school_id, last_seats, state, plan_limit (NaN: none). `schools`: school_id, seats (room for
    entrants), teachers, staying (students who stay in school next year); NaN where not known, which binds nobody.
    """
    units = units.sort_values("unit", kind="stable").reset_index(drop=True)
    rows: list[tuple[str, str, float, float]] = []
    bounds = [unit_bounds(row, settings, without, rows) for row in units.to_dict("records")]
    own = pd.DataFrame(bounds, columns=["low", "high", "may_close", "smallest_class", "kept_by_verdict"])
    units = pd.concat([units, own], axis=1)
    school_requirements(units, schools, settings, without, rows)
    total = float(units["last_seats"].sum())
    if settings.total_growth is not None and "total_growth" not in without:
        most = floor(total * (1 + float(settings.total_growth.value)) + ROUNDING)
        rows.append(("total_growth", DISTRICT, np.nan, most))
    if settings.total_loss is not None and "total_loss" not in without:
        rows.append(("total_loss", DISTRICT, ceil(total * (1 - float(settings.total_loss.value)) - ROUNDING), np.nan))
    return Limits(pd.DataFrame(rows, columns=LIMIT_COLUMNS), units)


def unit_bounds(
    row: Mapping[Hashable, Any],
    settings: PlanSettings,
    without: Collection[str],
    rows: list[tuple[str, str, float, float]],
) -> tuple[float, float, bool, int, float]:
    """Least and most seats of an open unit, whether it may close, its smallest class, and what its verdict leaves it.

    The last is of last year's seats. Its requirements are appended to `rows`.
    """
    unit, last = str(row["unit"]), float(row["last_seats"])
    cap = float(row["plan_limit"])
    smallest = settings.classes.at_least if settings.classes and "minimum_class" not in without else 0
    low, high, kept = 0.0, np.inf, last
    if last == 0:
        rows.append(("not_offered" if np.isnan(cap) or "verdict" in without else "verdict", unit, np.nan, 0))
        return 0.0, 0.0, True, smallest, 0.0
    if settings.change_down is not None and "change_down" not in without:
        low = ceil(last * (1 - float(settings.change_down.value)) - ROUNDING)
    if settings.change_up is not None and "change_up" not in without:
        high = floor(last * (1 + float(settings.change_up.value)) + ROUNDING)
    may_close = low == 0
    if high < smallest and settings.classes and settings.classes.one_class_beyond_limits:
        low, high, may_close = 0.0, float(smallest), True
    if low > 0:
        rows.append(("change_down", unit, low, np.nan))
    if np.isfinite(high):
        rows.append(("change_up", unit, np.nan, high))
    if settings.no_growth and "no_growth" not in without and row["state"] in settings.no_growth.states:
        rows.append(("no_growth", unit, np.nan, last))
        high = min(high, last)
    if smallest:
        rows.append(("minimum_class", unit, smallest, np.nan))
    if not np.isnan(cap) and "verdict" not in without:
        cap = floor(cap + ROUNDING)
        rows.append(("verdict", unit, np.nan, cap))
        kept = min(last, cap)
        if cap < max(smallest, 1):
            low, high, may_close, kept = 0.0, 0.0, True, 0.0
        else:
            low, high = min(low, cap), min(high, cap)
        relax_change_down(rows, unit, low)
    return low, high, may_close, smallest, kept


def relax_change_down(rows: list[tuple[str, str, float, float]], unit: str, low: float) -> None:
    """The change limit as far as the verdict leaves it; none where it leaves nothing."""
    for number, (kind, who, least, most) in enumerate(rows):
        if kind == "change_down" and who == unit and least > low:
            rows[number] = (kind, who, low, most)
    rows[:] = [row for row in rows if row[:3] != ("change_down", unit, 0.0)]


def school_requirements(
    units: pd.DataFrame,
    schools: pd.DataFrame,
    settings: PlanSettings,
    without: Collection[str],
    rows: list[tuple[str, str, float, float]],
) -> None:
    """Room and teachers of each school, and the seats that it keeps; appended to `rows`."""
    kept = units.groupby("school_id")["kept_by_verdict"].sum()
    known = schools.set_index("school_id")
    for school in sorted(units["school_id"].unique()):
        found = known.loc[school] if school in known.index else None
        if found is not None and "capacity" not in without and not np.isnan(found["seats"]):
            rows.append(("capacity", school, np.nan, floor(found["seats"])))
        if found is not None and settings.students_per_teacher is not None and "teachers" not in without:
            taught = found["teachers"] * float(settings.students_per_teacher.value) - found["staying"]
            if not np.isnan(taught):
                rows.append(("teachers", school, np.nan, max(0, floor(taught + ROUNDING))))
        if settings.school_loss is not None and "school_loss" not in without:
            least = ceil(kept[school] * (1 - float(settings.school_loss.value)) - ROUNDING)
            rows.append(("school_loss", school, least, np.nan))
