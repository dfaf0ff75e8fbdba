"""The backtest from rolling origins: errors of every method, the method kept, the width of bands.

Belongs here: what the forecasts made from earlier years say about the methods. Does not belong here: how a forecast is
made (`models.forecast_methods`) and how it is shown (`models.forecast`).

All numbers stand in arrays over origin × series × method × step; a forecast that was not made is NaN.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.annual_series import History, Key
from models.forecast_methods import METHODS, forecast_all, volatility
from models.forecast_settings import ForecastSettings

KEPT = "kept"  # the method that the backtest kept at each origin: what was really forecast
ALL_METHODS = (*METHODS, KEPT)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Made:
    """The forecasts of all origins.

    `years` of the origins, ascending; `keys` of the series and `panel`, the number of each series' panel (region ×
    level). `mid`, `low`, `high`: origin × series × ALL_METHODS × step, persons `step` + 1 years after `last_year`. Of
    origin × series: `last_year` (0 where the series was not known), `last` value, `unit`: persons by which the series
    moves in a year.
    """

    years: NDArray[np.int64]
    keys: tuple[Key, ...]
    panel: NDArray[np.int64]
    last_year: NDArray[np.int64]
    last: Floats
    unit: Floats
    mid: Floats
    low: Floats
    high: Floats


def make(years: Sequence[int], known: Sequence[Mapping[Key, History]], settings: ForecastSettings) -> Made:
    """Forecasts by METHODS from each of `years`, with what was `known` then; nothing is kept and no band set yet."""
    keys = tuple(sorted({key for histories in known for key in histories}))
    place = {key: number for number, key in enumerate(keys)}
    panels = sorted({key[:2] for key in keys})
    steps = settings.horizon.value + settings.oldest_years.value
    flat, deep = (len(years), len(keys)), (len(years), len(keys), len(ALL_METHODS), steps)
    made = Made(
        np.array(years, dtype=np.int64), keys, np.array([panels.index(key[:2]) for key in keys], dtype=np.int64),
        np.zeros(flat, dtype=np.int64), np.full(flat, np.nan), np.full(flat, np.nan),
        np.full(deep, np.nan), np.full(deep, np.nan), np.full(deep, np.nan),
    )  # fmt: skip
    for origin, histories in enumerate(known):
        for name in panels:
            panel = {key: histories[key] for key in sorted(histories) if key[:2] == name}
            if not panel:
                continue
            for key, unit in volatility(panel, settings.shrinkage_years.value).items():
                made.unit[origin, place[key]] = unit
                made.last_year[origin, place[key]] = panel[key].last_year
                made.last[origin, place[key]] = panel[key].values[-1]
            for method, series_ahead in forecast_all(panel, steps, settings).items():
                for key, ahead in series_ahead.items():
                    made.mid[origin, place[key], METHODS.index(method)] = ahead
    return made


@dataclass(frozen=True)
class Met:
    """The forecasts whose target year is known at an origin: their absolute `error` and whether the band held it.

    `error`: origin × series × ALL_METHODS × step up to the horizon, NaN where not met; `within` likewise 1, 0 or NaN.
    Only forecasts from a year that was observed and belongs to the same unbroken series count.
    """

    error: Floats
    within: Floats


def met_at(made: Made, origin: int, histories: Mapping[Key, History], horizon: int) -> Met:
    """What had become of the forecasts at the end of the year of `origin`, by the series as known then."""
    first = int(made.years[0])
    actual = np.full((len(made.keys), int(made.years[origin]) - first + horizon + 1), np.nan)
    since = np.full(len(made.keys), np.iinfo(np.int64).max)
    for number, key in enumerate(made.keys):
        if key in histories:
            history = histories[key]
            later = history.years >= first
            actual[number, history.years[later] - first] = history.values[later]
            since[number] = history.years[0]
    start = made.years[: origin + 1]
    target = (start - first)[:, None] + np.arange(1, horizon + 1)
    values = np.moveaxis(actual[:, target], 0, 1)  # origin × series × step
    usable = (made.last_year[: origin + 1] == start[:, None]) & (start[:, None] >= since)
    values = np.where(usable[:, :, None], values, np.nan)[:, :, None, :]
    mid, low, high = (part[: origin + 1, :, :, :horizon] for part in (made.mid, made.low, made.high))
    error = np.abs(mid - values)
    within = np.where(np.isfinite(error) & np.isfinite(low), (values >= low) & (values <= high), np.nan)
    return Met(error, within)


@dataclass(frozen=True)
class Scores:
    """By series (or panel) × ALL_METHODS: number of `origins` and `forecasts`, mean absolute error, that of the naive
    forecast over the same origins and steps, and their ratio (NaN where the naive one was never wrong)."""

    origins: NDArray[np.int64]
    forecasts: NDArray[np.int64]
    mae: Floats
    naive_mae: Floats
    relative: Floats


def scores(error: Floats, groups: NDArray[np.int64]) -> Scores:
    """The scores of groups of series, from errors over origin × series × method × step; groups are numbered from 0."""
    is_met = np.isfinite(error)
    naive = np.broadcast_to(error[:, :, :1], error.shape)
    number = int(groups.max()) + 1 if len(groups) else 0
    shape = (number, error.shape[2])
    total, naive_total = np.zeros(shape), np.zeros(shape)
    forecasts, origins = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for group in range(number):
        members = groups == group
        here = is_met[:, members]
        total[group] = np.where(here, error[:, members], 0.0).sum(axis=(0, 1, 3))
        naive_total[group] = np.where(here, naive[:, members], 0.0).sum(axis=(0, 1, 3))
        forecasts[group] = here.sum(axis=(0, 1, 3))
        origins[group] = here.any(axis=(1, 3)).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mae, naive_mae = total / forecasts, naive_total / forecasts
        return Scores(origins, forecasts, mae, naive_mae, np.where(naive_mae > 0, mae / naive_mae, np.nan))


def in_units(error: Floats, unit: Floats) -> Floats:
    """Errors in units of the yearly movement of their series at their origin; NaN where a series does not move."""
    return error / np.where(unit > 0, unit, np.nan)[:, :, None, None]


def choose(made: Made, origin: int, met: Met, settings: ForecastSettings) -> tuple[NDArray[np.int64], list[str]]:
    """For every series known at `origin` the number of the method kept, and what it was judged on.

    The one with the smallest mean absolute error relative to the naive forecast over the same origins and steps, if it
    beats the naive one by more than `needed_gain`; else the naive one. A series with fewer than `needed_origins`
    origins is judged by the errors of its whole panel, each in units of its series' yearly movement ("panel"); a panel
    with fewer keeps the naive forecast ("nothing").
    """
    needed, most = settings.needed_origins.value, 1 - settings.needed_gain.value
    own = scores(met.error, np.arange(len(made.keys)))
    common = scores(in_units(met.error, made.unit[: origin + 1]), made.panel)
    chosen, judged = np.zeros(len(made.keys), dtype=np.int64), []
    for number, panel in enumerate(made.panel):
        if own.origins[number, 0] >= needed:
            by, origins, ratios = "series", own.origins[number], own.relative[number]
        else:
            by, origins, ratios = "panel", common.origins[panel], common.relative[panel]
        judged.append(by if origins[0] >= needed else "nothing")
        possible = np.isfinite(made.mid[origin, number, : len(METHODS), 0]) & (origins[: len(METHODS)] >= needed)
        ratio = np.where(possible & (ratios[: len(METHODS)] < most), ratios[: len(METHODS)], np.inf)
        chosen[number] = int(ratio.argmin()) if np.isfinite(ratio).any() else 0
    return chosen, judged


def keep(made: Made, origin: int, chosen: NDArray[np.int64]) -> None:
    """Enter the forecasts of the chosen methods as those that were kept at `origin`."""
    made.mid[origin, :, -1] = made.mid[origin, np.arange(len(made.keys)), chosen]


def set_bands(made: Made, origin: int, met: Met, settings: ForecastSettings) -> None:
    """Enter low and high at `origin`: mid ± the error that `band` of the panel's forecasts stayed within.

    Errors are measured in units of the series' yearly movement at their origin and pooled over the panel by method and
    step; the ⌈(n + 1) · band⌉-th smallest of n is taken (split conformal prediction: J. Lei, M. G'Sell, A. Rinaldo, R.
    J. Tibshirani, L. Wasserman, Distribution-free predictive inference for regression, JASA 113, 2018). A band never
    narrows with the step; beyond the last step that has errors it widens with the square root of the step, as a random
    walk does. Without enough errors there is no band. Low is never negative.
    """
    error = in_units(met.error, made.unit[: origin + 1])
    for panel in range(int(made.panel.max()) + 1 if len(made.panel) else 0):
        members = np.flatnonzero(made.panel == panel)
        width = band_widths(error[:, members], settings.band.value, made.mid.shape[3])
        half = width[None] * made.unit[origin, members][:, None, None]
        mid = made.mid[origin, members]
        made.low[origin, members] = np.maximum(mid - half, 0.0)
        made.high[origin, members] = mid + half


def band_widths(error: Floats, band: float, steps: int) -> Floats:
    """Method × step: half the width of the band, from errors over origin × series × method × step; NaN without
    enough."""
    widths = np.full((error.shape[2], steps), np.nan)
    for method in range(error.shape[2]):
        width, measured = 0.0, 0
        for step in range(1, steps + 1):
            met = error[:, :, method, step - 1].ravel() if step <= error.shape[3] else np.empty(0)
            ordered = np.sort(met[np.isfinite(met)])
            rank = int(np.ceil((len(ordered) + 1) * band - 1e-9))
            if 0 < rank <= len(ordered):
                width, measured = max(width, float(ordered[rank - 1])), step
                widths[method, step - 1] = width
            elif measured:
                widths[method, step - 1] = width * float(np.sqrt(step / measured))
    return widths
