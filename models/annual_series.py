"""Yearly series as they were known at the end of a year: gaps, zeros that stand for missing, breaks, jumps.

Belongs here: which years of a series can be used together, and what has to be said about the others.
Does not belong here: forecasts (`models.forecast_methods`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.forecast_settings import ForecastSettings

# region, level ("sector", "section", "division"), class code
Key = tuple[str, str, str]


@dataclass(frozen=True)
class History:
    """The usable part of one series: the years observed, ascending, and the persons employed in them."""

    years: NDArray[np.int64]
    values: NDArray[np.float64]

    @property
    def last_year(self) -> int:
        """The last year observed."""
        return int(self.years[-1])

    @property
    def level(self) -> float:
        """Mean of the values: what changes are measured against, so that a scaled series has the same changes."""
        return float(self.values.mean())

    def bridged(self) -> NDArray[np.float64]:
        """One value for every year from the first to the last; missing years lie on a line between their neighbours."""
        every = np.arange(self.years[0], self.years[-1] + 1)
        return np.interp(every, self.years, self.values)

    def changes(self) -> NDArray[np.float64]:
        """Yearly changes of the bridged series as shares of its level; zeros where everything is zero."""
        differences = np.diff(self.bridged())
        return differences / self.level if self.level > 0 else np.zeros(len(differences))


@dataclass(frozen=True)
class Finding:
    """Something that a reader of the forecast must know about a series. `years` are those it concerns."""

    key: Key
    kind: str
    years: tuple[int, ...]
    used: bool  # whether the series is forecast nevertheless


@dataclass(frozen=True)
class Reported:
    """One series as reported, years ascending: persons (NaN is missing), source and parts of every year."""

    years: NDArray[np.int64]
    persons: NDArray[np.float64]
    source: NDArray[np.object_]
    parts: NDArray[np.float64]

    def until(self, year: int) -> "Reported":
        """The rows up to a year."""
        end = int(np.searchsorted(self.years, year, side="right"))
        return Reported(self.years[:end], self.persons[:end], self.source[:end], self.parts[:end])


def reported(series: pd.DataFrame) -> dict[Key, Reported]:
    """The series in a frame, by key.

    `series`: one row per region × level × code × year with `persons` (NaN is missing), `source` (text; values of
    different sources are not comparable: classification and level as reported) and `parts` (how many reported rows were
    added up).
    """
    ordered = series.sort_values(["region", "level", "code", "year"], kind="stable")
    found: dict[Key, Reported] = {}
    for key, rows in ordered.groupby(["region", "level", "code"], sort=True):
        found[str(key[0]), str(key[1]), str(key[2])] = Reported(
            rows["year"].to_numpy(dtype=np.int64),
            rows["persons"].to_numpy(dtype=float),
            rows["source"].to_numpy(dtype=object),
            rows["parts"].to_numpy(dtype=float),
        )
    return found


def known_at(
    series: Mapping[Key, Reported], base_year: int, settings: ForecastSettings
) -> tuple[dict[Key, History], list[Finding]]:
    """The usable history of every series at the end of `base_year`, and what was found on the way.

    Years after `base_year` are not looked at. In this order: only the years since the last change of source are used
    (finding "break"); a sum with fewer parts than others of the same source is missing ("incomplete"); a zero after a
    positive value that is not followed by another zero is missing ("zero"), because an industry does not vanish for one
    year; after a gap of more than `bridged_years` only the later years are used ("gap", as for the shorter ones); a
    change of more than `jump` is named ("jump"). A series whose last year is more than `oldest_years` back ("ended") or
    that has no value ("empty") is not forecast; one with fewer than `smoothing_years` values is ("short").
    """
    histories: dict[Key, History] = {}
    findings: list[Finding] = []
    for key, rows in series.items():
        known = rows.until(base_year)
        if not len(known.years):
            continue
        history, found = usable(known, base_year, settings)
        if history is not None:
            histories[key] = history
        findings += [Finding(key, kind, years, history is not None) for kind, years in found.items()]
    return histories, findings


def usable(
    known: Reported, base_year: int, settings: ForecastSettings
) -> tuple[History | None, dict[str, tuple[int, ...]]]:
    """The usable history of one series with its findings by kind; None where nothing can be forecast."""
    found: dict[str, tuple[int, ...]] = {}
    present = np.isfinite(known.persons)
    years, values = known.years[present], known.persons[present]
    source, parts = known.source[present], known.parts[present]
    if not len(years):
        return None, {"empty": ()}
    changed = np.flatnonzero(source[1:] != source[:-1])
    if len(changed):
        start = int(changed[-1]) + 1
        found["break"] = tuple(years[:start].tolist())
        years, values, parts = years[start:], values[start:], parts[start:]
    complete = parts == parts.max()
    if not complete.all():
        found["incomplete"] = tuple(years[~complete].tolist())
        years, values = years[complete], values[complete]
    before = np.concatenate([[0.0], values[:-1]])
    after = np.concatenate([values[1:], [1.0]])
    vanished = (values == 0) & (before > 0) & (after > 0)
    if vanished.any():
        found["zero"] = tuple(years[vanished].tolist())
        years, values = years[~vanished], values[~vanished]
    steps = np.diff(years)
    if (steps > 1).any():
        missing = sorted(set(range(int(years[0]), int(years[-1]))) - set(years.tolist()))
        found["gap"] = tuple(missing)
        long = np.flatnonzero(steps > settings.bridged_years.value + 1)
        if len(long):
            years, values = years[long[-1] + 1 :], values[long[-1] + 1 :]
    history = History(years, values)
    with np.errstate(divide="ignore", invalid="ignore"):
        jumped = np.abs(np.diff(values)) / values[:-1] / np.diff(years) > settings.jump.value
    if jumped.any():
        found["jump"] = tuple(years[1:][jumped].tolist())
    if base_year - history.last_year > settings.oldest_years.value:
        return None, found | {"ended": (history.last_year,)}
    if len(years) < settings.smoothing_years.value:
        found["short"] = tuple(years.tolist())
    return history, found
