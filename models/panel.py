"""A long indicator table as unit × year matrices of exact integers, and what in it cannot be used.

Belongs here: reading and refusing input values. Does not belong here: lines and verdicts (`models.evaluation`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

COUNT_SCALE = 10**6  # counts are kept as millionths: shares of split programs are stored with six decimals
VALUE_SCALE = 10**9  # values without counts are compared to nine decimals
MISSING = np.iinfo(np.int64).min
PROBLEM_COLUMNS = ["unit", "year", "indicator", "problem_zh", "problem_en"]


@dataclass(frozen=True)
class Measure:
    """One indicator as unit × year matrices; MISSING where there is nothing to use."""

    numerator: NDArray[np.int64]
    denominator: NDArray[np.int64]
    value: NDArray[np.int64]

    @property
    def counted(self) -> NDArray[np.bool_]:
        """Where numerator and denominator are known."""
        return self.denominator != MISSING

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where there is anything to compare."""
        return self.counted | (self.value != MISSING)


@dataclass(frozen=True)
class Panel:
    """Units (sorted), years (every calendar year from first to last) and the indicators over them."""

    units: NDArray[np.object_]
    years: NDArray[np.int64]
    measures: dict[str, Measure]

    def measure(self, indicator: str) -> Measure:
        """The indicator's matrices; all missing when the table has no row of it."""
        if indicator in self.measures:
            return self.measures[indicator]
        empty = np.full((len(self.units), len(self.years)), MISSING, dtype=np.int64)
        return Measure(empty, empty, empty)


def read_panel(indicators: pd.DataFrame, wanted: set[str], last_year: int | None) -> tuple[Panel, pd.DataFrame]:
    """The usable rows of a long table as a panel, and one row per problem (PROBLEM_COLUMNS).

    `indicators`: unit, year, indicator, and numerator and denominator and/or value (numbers, decimals or text).
    A value that cannot be right (a negative count, a numerator above its denominator in a rate, text) is left out and
    named; of several rows for one unit, year and indicator none is used. A denominator of 0 is a missing year.
    """
    frame = indicators.copy()
    for name in ("numerator", "denominator", "value"):
        if name not in frame:
            frame[name] = None
    frame["unit"] = frame["unit"].astype(str)
    problems: list[pd.DataFrame] = []

    def refuse(mask: pd.Series, zh: str, en: str) -> None:
        nonlocal frame
        if mask.any():
            named = frame.loc[mask, ["unit", "year", "indicator"]].drop_duplicates()
            problems.append(named.assign(problem_zh=zh, problem_en=en))
            frame = frame[~mask]

    numbers = {name: pd.to_numeric(frame[name], errors="coerce") for name in ("numerator", "denominator", "value")}
    year = pd.to_numeric(frame["year"], errors="coerce")
    bad_year = year.isna() | (year % 1 != 0)
    unreadable = bad_year.copy()
    for name, column in numbers.items():
        unreadable |= column.isna() & frame[name].notna()
    for name, column in numbers.items():
        frame[name] = column.astype(float)
    frame["year"] = year.where(~bad_year, frame["year"])
    refuse(unreadable, "不是数字，未采用", "not a number; not used")
    frame["year"] = frame["year"].astype(int)
    infinite = frame[["numerator", "denominator", "value"]].isin([np.inf, -np.inf]).any(axis=1)
    refuse(infinite, "不是有限的数，未采用", "not a finite number; not used")
    refuse(
        frame.duplicated(["unit", "year", "indicator"], keep=False),
        "同一单位、年份、指标有多行，无法判断以哪行为准，均未采用",
        "several rows for one unit, year and indicator; none is used",
    )
    negative = (frame[["numerator", "denominator", "value"]] < 0).any(axis=1)
    refuse(negative, "数值为负，未采用", "negative; not used")
    is_rate = frame["indicator"].str.endswith("_rate")
    over = is_rate & ((frame["numerator"] > frame["denominator"]) | (frame["value"] > 1))
    over &= frame["indicator"] != "intake_rate"  # a school may take in more than planned
    refuse(over, "比率高于 100 %，未采用", "a rate above 100 %; not used")
    zero = frame["denominator"] == 0
    if zero.any():
        problems.append(
            frame.loc[zero, ["unit", "year", "indicator"]].assign(
                problem_zh="分母为 0，按缺失处理", problem_en="the denominator is 0: taken as missing"
            )
        )
        frame.loc[zero, ["numerator", "denominator", "value"]] = np.nan
    half = frame["numerator"].isna() != frame["denominator"].isna()
    frame.loc[half, ["numerator", "denominator"]] = np.nan
    units = np.array(sorted(frame["unit"].unique()), dtype=object)
    final = last_year if last_year is not None else int(frame["year"].max() if len(frame) else 0)
    frame = frame[(frame["year"] <= final) & frame["indicator"].isin(wanted)]
    first = int(frame["year"].min()) if len(frame) else final
    years = np.arange(first, final + 1)
    measures = {
        str(name): _measure(rows, units, first, len(years)) for name, rows in frame.groupby("indicator", sort=True)
    }
    named = pd.concat(problems, ignore_index=True) if problems else pd.DataFrame(columns=PROBLEM_COLUMNS)
    return Panel(units, years, measures), named.sort_values(PROBLEM_COLUMNS[:3], ignore_index=True)


def _measure(rows: pd.DataFrame, units: NDArray[np.object_], first: int, width: int) -> Measure:
    """Rows of one indicator, at most one per unit and year, as matrices."""
    place = (pd.Index(units).get_indexer(pd.Index(rows["unit"])), rows["year"].to_numpy() - first)

    def matrix(column: str, scale: int) -> NDArray[np.int64]:
        filled = np.full((len(units), width), MISSING, dtype=np.int64)
        values = rows[column].to_numpy(dtype=float)
        known = ~np.isnan(values)
        filled[place[0][known], place[1][known]] = np.rint(values[known] * scale).astype(np.int64)
        return filled

    return Measure(matrix("numerator", COUNT_SCALE), matrix("denominator", COUNT_SCALE), matrix("value", VALUE_SCALE))
