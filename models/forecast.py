"""Employed persons by industry in the years ahead: backtest from rolling origins, choice of method, bands.

Belongs here: which method is kept for which series, how wrong it was, how wide its band is. Does not belong here: the
methods (`models.forecast_methods`), the reading of series (`models.annual_series`), openings (`models.demand`).

Everything is computed as of a base year from rows up to that year alone, so that an earlier round's forecast can be
repeated and the forecasts made from earlier base years are the backtest of the later ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from models.annual_series import Finding, History, Key, known_at
from models.forecast_methods import METHODS, forecast_all, volatility
from models.forecast_settings import ForecastSettings

SERIES = ["region", "level", "code"]
FORECAST_COLUMNS = [
    "base_year", *SERIES, "year", "last_year", "step", "method", "judged_on", "employed_last", "employed_low",
    "employed_mid", "employed_high",
]  # fmt: skip
BACKTEST_COLUMNS = [
    "base_year", *SERIES, "method", "origins", "forecasts", "mae", "naive_mae", "relative_mae", "mase",
    "coverage", "chosen",
]  # fmt: skip
KEPT = "kept"  # the method that the backtest kept at each origin: what was really forecast


@dataclass(frozen=True)
class Forecasts:
    """Frames `employed` (FORECAST_COLUMNS) and `backtest` (BACKTEST_COLUMNS), and findings by base year."""

    employed: pd.DataFrame
    backtest: pd.DataFrame
    findings: dict[int, list[Finding]]


def forecast(series: pd.DataFrame, base_years: Iterable[int], settings: ForecastSettings) -> Forecasts:
    """Forecasts of every series as of each of the last `origins` base years.

    `series`: one row per region × level × code × year with `persons`, `source`, `parts` (see `known_at`). The
    industries of one region and level are one panel; panels know nothing of each other.

    `employed`: one row per base year × series × year, from the year after the last observed one to base year + horizon;
    persons employed at low, mid and high (NaN where no band is known), `step` = years since `last_year`, `method` and
    what it was `judged_on`: its own backtest ("series"), the backtest over all industries of the level ("panel"), or
    "nothing". `backtest`: one row per base year × series × method, with METHODS and "kept", the forecasts that were
    really made: mean absolute error in persons over all origins and steps up to the horizon (`mae`), that of the naive
    forecast over the same (`naive_mae`), their ratio (`relative_mae`, below 1 is better than naive; NaN where naive was
    never wrong), the error in units of the mean yearly change (`mase`: R. J. Hyndman, A. B. Koehler, Another look at
    measures of forecast accuracy, International Journal of Forecasting 22, 2006), the share of actual values within the
    band (`coverage`), `chosen`.
    """
    years = sorted(set(base_years))[-settings.origins.value :]
    with threadpool_limits(1):  # the matrices are tiny: threads cost more than they compute
        made = [Origin.at(series, year, settings) for year in years]
    made_paths = [origin.paths for origin in made]
    employed, backtests = [], []
    for number, origin in enumerate(made):
        history = pd.concat(made_paths[: number + 1], ignore_index=True)
        errors = errors_until(history, origin)
        choice = choose(errors, origin, settings)
        kept = origin.paths.merge(choice, on=[*SERIES, "method"])
        made_paths[number] = with_bands(
            pd.concat([origin.paths, kept.drop(columns="judged_on").assign(method=KEPT)]), errors, settings
        )
        shown = made_paths[number][made_paths[number]["method"] == KEPT].drop(columns="method").merge(choice, on=SERIES)
        employed.append(shown.rename(columns={name: f"employed_{name}" for name in ("low", "mid", "high")}))
        backtests.append(backtest(errors, choice, origin))
    return Forecasts(
        employed=stacked(employed, FORECAST_COLUMNS).sort_values(["base_year", *SERIES, "year"], ignore_index=True),
        backtest=stacked(backtests, BACKTEST_COLUMNS),
        findings={origin.year: origin.findings for origin in made},
    )


def stacked(frames: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """The frames under each other with these columns; an empty frame with them where there is nothing."""
    filled = [frame[columns] for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)


@dataclass(frozen=True)
class Origin:
    """What was known at the end of `year`, and the forecasts that every method makes from it.

    `paths`: one row per series × method × year ahead: base_year, region, level, code, year, last_year, step, method,
    employed_last, mid, and `unit`, the persons by which the series moves in a year.
    """

    year: int
    histories: dict[Key, History]
    findings: list[Finding]
    paths: pd.DataFrame

    @classmethod
    def at(cls, series: pd.DataFrame, year: int, settings: ForecastSettings) -> "Origin":
        """The origin at the end of `year`."""
        histories, findings = known_at(series, year, settings)
        steps = settings.horizon.value + settings.oldest_years.value
        rows = []
        for panel_name in sorted({key[:2] for key in histories}):
            panel = {key: history for key, history in histories.items() if key[:2] == panel_name}
            units = volatility(panel, settings.shrinkage_years.value)
            for method, series_ahead in forecast_all(panel, steps, settings).items():
                for key, ahead in series_ahead.items():
                    history = panel[key]
                    count = year + settings.horizon.value - history.last_year
                    rows += [
                        (year, *key, history.last_year + step, history.last_year, step, method, history.values[-1],
                         ahead[step - 1], units[key])
                        for step in range(1, count + 1)
                    ]  # fmt: skip
        columns = ["base_year", *SERIES, "year", "last_year", "step", "method", "employed_last", "mid", "unit"]
        return cls(year, histories, findings, pd.DataFrame(rows, columns=columns))

    def actual(self) -> pd.DataFrame:
        """The values known at this origin: region, level, code, year, `persons`, and `since`, the series' first
        year."""
        rows = [
            (*key, int(year), float(value), int(history.years[0]))
            for key, history in self.histories.items()
            for year, value in zip(history.years, history.values, strict=True)
        ]
        return pd.DataFrame(rows, columns=[*SERIES, "year", "persons", "since"])


def errors_until(paths: pd.DataFrame, origin: Origin) -> pd.DataFrame:
    """The rows of `paths` whose target year is known at `origin`, with the actual `persons` and the absolute `error`.

    Only forecasts from a year that was observed and belongs to the same unbroken series count.
    """
    met = paths[paths["base_year"] == paths["last_year"]].merge(origin.actual(), on=[*SERIES, "year"])
    met = met[met["base_year"] >= met["since"]].reindex(columns=[*met.columns.union(["low", "high"], sort=False)])
    return met.assign(error=(met["mid"] - met["persons"]).abs())


def choose(errors: pd.DataFrame, origin: Origin, settings: ForecastSettings) -> pd.DataFrame:
    """The method kept for every series: region, level, code, method, judged_on.

    The one with the smallest mean absolute error relative to the naive forecast over the same origins and steps, if it
    beats the naive one; else "naive". A series with fewer than `needed_origins` origins is judged by the errors of its
    whole panel, each in units of its series' yearly movement; a panel with fewer keeps the naive forecast.
    """
    available = origin.paths[[*SERIES, "method"]].drop_duplicates()
    compared = beside_naive(errors[errors["method"] != KEPT])
    panel = compared[compared["unit"] > 0].copy()
    for name in ("error", "naive_error"):
        panel[name] = panel[name] / panel["unit"]
    own, common = relative(compared, SERIES), relative(panel, SERIES[:2])
    needed = settings.needed_origins.value
    ranked = available.merge(own, on=[*SERIES, "method"], how="left").merge(
        common, on=[*SERIES[:2], "method"], how="left", suffixes=("", "_panel")
    )
    naive_origins = ranked[ranked["method"] == "naive"].set_index(SERIES)["origins"].fillna(0)
    is_own = (naive_origins >= needed).reindex(pd.MultiIndex.from_frame(ranked[SERIES])).to_numpy(dtype=bool)
    ratio = np.where(is_own, ranked["relative_mae"], ranked["relative_mae_panel"])
    count = np.where(is_own, ranked["origins"], ranked["origins_panel"])
    judged = np.where(is_own, "series", np.where(ranked["origins_panel"] >= needed, "panel", "nothing"))
    ranked = ranked.assign(
        judged_on=judged,
        ratio=np.where(ranked["method"] == "naive", 1.0, np.where((count >= needed) & (ratio < 1), ratio, np.inf)),
        place=ranked["method"].map(METHODS.index),
    )
    best = ranked.sort_values([*SERIES, "ratio", "place"], kind="stable").drop_duplicates(SERIES)
    return best[[*SERIES, "method", "judged_on"]].reset_index(drop=True)


def beside_naive(errors: pd.DataFrame) -> pd.DataFrame:
    """Errors with `naive_error`, the one of the naive forecast of the same series, origin and year."""
    naive = errors.loc[errors["method"] == "naive", [*SERIES, "base_year", "year", "error"]]
    return errors.merge(naive.rename(columns={"error": "naive_error"}), on=[*SERIES, "base_year", "year"])


def relative(compared: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """By group × method: origins, forecasts, mae, naive_mae, relative_mae (NaN where the naive one was never wrong)."""
    summed = compared.groupby([*by, "method"], as_index=False).agg(
        origins=("base_year", "nunique"),
        forecasts=("error", "size"),
        mae=("error", "mean"),
        naive_mae=("naive_error", "mean"),
    )
    return summed.assign(relative_mae=summed["mae"] / summed["naive_mae"].where(summed["naive_mae"] > 0))


def with_bands(paths: pd.DataFrame, errors: pd.DataFrame, settings: ForecastSettings) -> pd.DataFrame:
    """`paths` with `low` and `high`: mid ± the error that `band` of the panel's forecasts stayed within.

    Errors are measured in units of the series' yearly movement at their origin and pooled over the panel by method and
    step; the ⌈(n + 1) · band⌉-th smallest of n is taken (split conformal prediction: J. Lei, M. G'Sell, A. Rinaldo, R.
    J. Tibshirani, L. Wasserman, Distribution-free predictive inference for regression, JASA 113, 2018). A band never
    narrows with the step; beyond the last step that has errors it widens with the square root of the step, as a random
    walk does. Without enough errors there is no band. Low is never negative.
    """
    widths = band_widths(errors[errors["unit"] > 0], settings.band.value, int(paths["step"].max() if len(paths) else 0))
    found = paths.merge(widths, on=[*SERIES[:2], "method", "step"], how="left")
    half = found["width"] * found["unit"]
    return found.drop(columns="width").assign(low=(found["mid"] - half).clip(lower=0), high=found["mid"] + half)


def band_widths(errors: pd.DataFrame, band: float, steps: int) -> pd.DataFrame:
    """By region × level × method × step: the half `width` of the band in units of yearly movement."""
    scores = errors.assign(score=errors["error"] / errors["unit"])
    rows = []
    for group, members in scores.groupby([*SERIES[:2], "method"], sort=True):
        width, measured = 0.0, 0
        for step in range(1, steps + 1):
            ordered = np.sort(members.loc[members["step"] == step, "score"].to_numpy())
            rank = int(np.ceil((len(ordered) + 1) * band - 1e-9))
            if 0 < rank <= len(ordered):
                width, measured = max(width, float(ordered[rank - 1])), step
                rows.append((*group, step, width))
            elif measured:
                rows.append((*group, step, width * float(np.sqrt(step / measured))))
    return pd.DataFrame(rows, columns=[*SERIES[:2], "method", "step", "width"])


def backtest(errors: pd.DataFrame, choice: pd.DataFrame, origin: Origin) -> pd.DataFrame:
    """The rows of BACKTEST_COLUMNS as known at `origin`."""
    found = relative(beside_naive(errors), SERIES)
    if found.empty:
        return pd.DataFrame(columns=BACKTEST_COLUMNS)
    banded = errors[errors["low"].notna()]
    within = banded.assign(coverage=(banded["persons"] >= banded["low"]) & (banded["persons"] <= banded["high"]))
    coverage = within.groupby([*SERIES, "method"], as_index=False)["coverage"].mean()
    moves = {
        key: float(np.abs(history.changes()).mean()) * history.level
        for key, history in origin.histories.items()
        if len(history.years) > 1
    }
    movement = pd.Series([moves.get(tuple(key), np.nan) for key in found[SERIES].itertuples(index=False)], dtype=float)
    found = found.merge(coverage, on=[*SERIES, "method"], how="left").merge(
        choice[[*SERIES, "method"]].assign(chosen=True), on=[*SERIES, "method"], how="left"
    )
    return found.assign(
        base_year=origin.year,
        mase=found["mae"] / movement.where(movement > 0),
        chosen=found["chosen"].eq(True),
    )[BACKTEST_COLUMNS]
