"""Employed persons by industry in the years ahead, with the backtest that chose the methods.

Belongs here: the forecast as tables. Does not belong here: methods (`models.forecast_methods`), the comparison of
methods (`models.backtest`), the reading of series (`models.annual_series`), openings (`models.demand`).

Everything is computed as of a base year from rows up to that year alone, so that an earlier round's forecast can be
repeated and the forecasts made from earlier base years are the backtest of the later ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from models.annual_series import Finding, History, Key, known_at, reported
from models.backtest import ALL_METHODS, Made, Met, choose, keep, make, met_at, scores, set_bands
from models.forecast_settings import ForecastSettings

SERIES = ["region", "level", "code"]
FORECAST_COLUMNS = [
    "base_year", *SERIES, "year", "last_year", "step", "method", "judged_on", "employed_last", "employed_low",
    "employed_mid", "employed_high",
]  # fmt: skip
BACKTEST_COLUMNS = [
    "base_year", *SERIES, "method", "origins", "forecasts", "mae", "naive_mae", "relative_mae", "mase", "coverage",
    "chosen",
]  # fmt: skip


@dataclass(frozen=True)
class Forecasts:
    """Frames `employed` (FORECAST_COLUMNS) and `backtest` (BACKTEST_COLUMNS), and findings by base year."""

    employed: pd.DataFrame
    backtest: pd.DataFrame
    findings: dict[int, list[Finding]]


def forecast(series: pd.DataFrame, base_years: Iterable[int], settings: ForecastSettings) -> Forecasts:
    """Forecasts of every series as of each of the last `origins` base years.

    `series`: one row per region × level × code × year with `persons`, `source`, `parts` (see `reported`). The
    industries of one region and level are one panel; panels know nothing of each other.

    `employed`: one row per base year × series × year, from the year after the last observed one to base year + horizon;
    persons employed at low, mid and high (NaN where no band is known), `step` = years since `last_year`, `method` and
    what it was `judged_on`: its own backtest ("series"), the backtest over all industries of the level ("panel"), or
    "nothing". `backtest`: one row per base year × series × method, with "kept" for the forecasts that were really made:
    mean absolute error in persons over all origins and steps up to the horizon (`mae`), that of the naive forecast over
    the same (`naive_mae`), their ratio (`relative_mae`, below 1 is better than naive; NaN where naive was never wrong),
    the error in units of the mean yearly change (`mase`: R. J. Hyndman, A. B. Koehler, Another look at measures of
    forecast accuracy, International Journal of Forecasting 22, 2006), the share of actual values within the band
    (`coverage`), `chosen`.
    """
    years = sorted(set(base_years))[-settings.origins.value :]
    known, findings = {}, {}
    rows = reported(series)
    for year in years:
        known[year], findings[year] = known_at(rows, year, settings)
    with threadpool_limits(1):  # the matrices are tiny: threads cost more than they compute
        made = make(years, list(known.values()), settings)
    employed: list[tuple[Any, ...]] = []
    tested: list[tuple[Any, ...]] = []
    for origin, year in enumerate(years):
        met = met_at(made, origin, known[year], settings.horizon.value)
        chosen, judged = choose(made, origin, met, settings)
        keep(made, origin, chosen)
        set_bands(made, origin, met, settings)
        methods = [ALL_METHODS[number] for number in chosen]
        employed += ahead(made, origin, methods, judged, settings)
        tested += compared(made, origin, met, known[year], methods)
    return Forecasts(
        pd.DataFrame(employed, columns=FORECAST_COLUMNS), pd.DataFrame(tested, columns=BACKTEST_COLUMNS), findings
    )


def ahead(
    made: Made, origin: int, methods: list[str], judged: list[str], settings: ForecastSettings
) -> list[tuple[Any, ...]]:
    """The rows of FORECAST_COLUMNS of one origin."""
    year, rows = int(made.years[origin]), []
    for number, key in enumerate(made.keys):
        last_year = int(made.last_year[origin, number])
        if last_year:
            bounds = np.stack([part[origin, number, -1] for part in (made.low, made.mid, made.high)], axis=1)
            rows += [
                (year, *key, last_year + step, last_year, step, methods[number], judged[number],
                 made.last[origin, number], *bounds[step - 1])
                for step in range(1, year + settings.horizon.value - last_year + 1)
            ]  # fmt: skip
    return rows


def compared(
    made: Made, origin: int, met: Met, histories: Mapping[Key, History], methods: list[str]
) -> list[tuple[Any, ...]]:
    """The rows of BACKTEST_COLUMNS of one origin: series and methods with at least one forecast that was met."""
    own = scores(met.error, np.arange(len(made.keys)))
    banded = np.isfinite(met.within).sum(axis=(0, 3))
    held = np.nansum(met.within, axis=(0, 3))
    rows = []
    for number, key in enumerate(made.keys):
        if key not in histories:
            continue
        changes = np.abs(histories[key].changes())
        movement = float(changes.mean()) * histories[key].level if len(changes) else 0.0
        for place, method in enumerate(ALL_METHODS):
            if own.forecasts[number, place]:
                mae, count = own.mae[number, place], banded[number, place]
                rows.append(
                    (int(made.years[origin]), *key, method, own.origins[number, place], own.forecasts[number, place],
                     mae, own.naive_mae[number, place], own.relative[number, place],
                     mae / movement if movement > 0 else np.nan, held[number, place] / count if count else np.nan,
                     method == methods[number])
                )  # fmt: skip
    return rows
