"""The ways to forecast yearly series: last value, trend, exponential smoothing, pooled regression, their mean.

Belongs here: one function per method, from the histories of a panel (the industries of one level) to the years ahead.
Does not belong here: which method is used (`models.forecast`).

All methods are free of units: a series that is scaled has its forecast scaled. No forecast is negative.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from models.annual_series import History, Key
from models.forecast_settings import ForecastSettings

METHODS = ("naive", "trend", "smoothing", "regression", "mean")  # of equally good ones the first is taken
Ahead = dict[Key, NDArray[np.float64]]


def forecast_all(panel: Mapping[Key, History], steps: int, settings: ForecastSettings) -> dict[str, Ahead]:
    """Method -> series -> persons 1 … `steps` years after the last year of the series.

    A method leaves out a series that is too short for it; "naive" and "trend" leave out none.
    """
    found = {
        "naive": {key: np.full(steps, history.values[-1]) for key, history in panel.items()},
        "trend": trend(panel, steps, settings.shrinkage_years.value),
        "smoothing": smoothing(panel, steps, settings.smoothing_years.value),
        "regression": regression(panel, steps, settings),
    }
    complete = set.intersection(*(set(ahead) for ahead in found.values()))
    found["mean"] = {key: np.mean([ahead[key] for ahead in found.values()], axis=0) for key in sorted(complete)}
    return {method: {key: np.maximum(ahead, 0.0) for key, ahead in series.items()} for method, series in found.items()}


def shrunk(own: NDArray[np.float64], counts: NDArray[np.float64], years: float) -> NDArray[np.float64]:
    """Means of single series drawn towards the mean of all: Z · own + (1 − Z) · pooled, with Z = n / (n + `years`).

    `own`: mean yearly change of each series; `counts`: the number n of changes that it is the mean of; where n is 0,
    `own` may be anything and the pooled mean stands. Pooled = mean of all yearly changes of all series. A single series
    has nothing to be drawn to: Z = 1. This is the credibility formula (H. Bühlmann, Experience rating and credibility,
    ASTIN Bulletin 4, 1967) with its constant set rather than estimated: yearly changes of employment are negatively
    autocorrelated, so that the variance formula takes noise for likeness and shrinks long series too much.
    """
    if not counts.sum():
        return np.zeros(len(own))
    own = np.where(counts > 0, own, 0.0)
    pooled = float((counts * own).sum() / counts.sum())
    credibility = counts / (counts + years) if len(own) > 1 and years > 0 else (counts > 0).astype(float)
    return credibility * own + (1 - credibility) * pooled


def growth(panel: Mapping[Key, History], years: float) -> NDArray[np.float64]:
    """Mean yearly change of each series of the panel as a share of its level, shrunk towards the pooled mean."""
    changes = [history.changes() for history in panel.values()]
    counts = np.array([len(each) for each in changes], dtype=float)
    return shrunk(np.array([each.mean() if len(each) else 0.0 for each in changes]), counts, years)


def volatility(panel: Mapping[Key, History], years: float) -> dict[Key, float]:
    """Persons by which each series moves in a year: mean absolute change, shrunk like `growth`, times the level."""
    changes = [np.abs(history.changes()) for history in panel.values()]
    counts = np.array([len(each) for each in changes], dtype=float)
    share = shrunk(np.array([each.mean() if len(each) else 0.0 for each in changes]), counts, years)
    return {key: float(s) * history.level for (key, history), s in zip(panel.items(), share, strict=True)}


def trend(panel: Mapping[Key, History], steps: int, shrinkage_years: float) -> Ahead:
    """Last value + step × mean yearly change (random walk with drift), the change shrunk as in `shrunk`.

    A series of one value grows as the panel does. Source: R. J. Hyndman, G. Athanasopoulos, Forecasting: principles and
    practice, 3rd edition, 2021, section 5.2 (drift method).
    """
    ahead = np.arange(1, steps + 1)
    rates = growth(panel, shrinkage_years)
    return {
        key: history.values[-1] + ahead * rate * history.level
        for (key, history), rate in zip(panel.items(), rates, strict=True)
    }


def smoothing(panel: Mapping[Key, History], steps: int, fewest: int) -> Ahead:
    """Simple exponential smoothing with half the slope of the linear trend as drift, which is the Theta method.

    The drift is taken out, the rest smoothed by statsmodels from its first value on with the coefficient that fits
    best, and the drift put back in. Series with fewer than `fewest` values are left out. Source: R. J. Hyndman, B.
    Billah, Unmasking the Theta method, International Journal of Forecasting 19, 2003. On Singapore's industries it errs
    as little as statsmodels' own ThetaModel, in a third of the time.
    """
    from statsmodels.tsa.holtwinters import SimpleExpSmoothing

    found: Ahead = {}
    for key, history in panel.items():
        if len(history.values) < fewest:
            continue
        values = history.bridged()
        if np.ptp(values) == 0:
            found[key] = np.full(steps, values[-1])
            continue
        years = np.arange(len(values))
        drift = np.polyfit(years, values / history.level, 1)[0] / 2
        rest = values / history.level - drift * years
        smoothed = SimpleExpSmoothing(rest, initialization_method="known", initial_level=rest[0]).fit()
        found[key] = (smoothed.level[-1] + drift * (years[-1] + np.arange(1, steps + 1))) * history.level
    return found


def regression(panel: Mapping[Key, History], steps: int, settings: ForecastSettings) -> Ahead:
    """Ridge regression over all series: yearly growth until a target year on what was known at the origin.

    One observation per series × origin × target, up to the horizon ahead, all within the histories given. Explained:
    mean yearly change from origin to target as a share of the value at the origin. Explaining, all known at the origin:
    mean yearly change so far and last change as shares of the value, and the median last change of the panel. The
    penalty is chosen by scikit-learn's leave-one-out formula. Series with fewer than three values or a last value of 0
    are left out, all of them where there are fewer than `regression_pairs` observations.
    """
    first = min(int(history.years[0]) for history in panel.values())
    last = max(history.last_year for history in panel.values())
    values = np.full((last - first + 1, len(panel)), np.nan)
    observed = np.zeros(values.shape, dtype=bool)
    for column, history in enumerate(panel.values()):
        start = int(history.years[0]) - first
        line = history.bridged()
        values[start : start + len(line), column] = line
        observed[history.years - first, column] = True
    explaining = what_is_known(values)
    horizon = settings.horizon.value
    inputs, outputs = [], []
    with np.errstate(divide="ignore", invalid="ignore"):
        for step in range(1, min(horizon, len(values) - 1) + 1):
            rate = (values[step:] - values[:-step]) / values[:-step] / step
            usable = (
                observed[step:] & observed[:-step] & np.isfinite(explaining[:-step]).all(axis=2) & np.isfinite(rate)
            )
            inputs.append(explaining[:-step][usable])
            outputs.append(rate[usable])
    if sum(map(len, outputs)) < max(settings.regression_pairs.value, 1):
        return {}
    from sklearn.linear_model import RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), RidgeCV(alphas=np.logspace(-2, 4, 13)))
    model.fit(np.concatenate(inputs), np.concatenate(outputs))
    ahead = np.arange(1, steps + 1)
    known = np.stack([explaining[history.last_year - first, column] for column, history in enumerate(panel.values())])
    usable = np.isfinite(known).all(axis=1)
    rates = np.full(len(panel), np.nan)
    if usable.any():
        rates[usable] = model.predict(known[usable])
    return {
        key: history.values[-1] * (1 + ahead * rate)
        for (key, history), rate in zip(panel.items(), rates, strict=True)
        if np.isfinite(rate)
    }


def what_is_known(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """For every year × series: mean yearly change so far, last change, median last change of all; NaN where unknown."""
    years = np.arange(len(values))[:, None]
    started = np.isfinite(values)
    begins = np.where(started.any(axis=0), started.argmax(axis=0), 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        so_far = (values - values[begins, np.arange(values.shape[1])]) / (years - begins) / values
        latest = np.full(values.shape, np.nan)
        latest[1:] = np.diff(values, axis=0) / values[1:]
    so_far[(years - begins) < 2] = np.nan
    so_far[~np.isfinite(so_far)] = np.nan
    latest[~np.isfinite(latest)] = np.nan
    common = np.array([np.median(row[np.isfinite(row)]) if np.isfinite(row).any() else np.nan for row in latest])
    return np.stack([so_far, latest, np.broadcast_to(common[:, None], values.shape)], axis=2)
