"""Forecasts of employed persons: known series, laws, the choice by backtest, bands."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.annual_series import known_at, reported
from models.backtest import KEPT
from models.forecast import SERIES, forecast
from models.forecast_methods import METHODS, forecast_all, shrunk
from tests.forecast.series import SETTINGS, series

CODES = "ABCDEF"


def panel_of(values, base_year):
    return known_at(reported(series(values)), base_year, SETTINGS)[0]


def paths(values, base_year):
    """Method -> code -> five years ahead."""
    made = forecast_all(panel_of(values, base_year), 5, SETTINGS)
    return {
        method: {key[2]: ahead.tolist() for key, ahead in series_ahead.items()} for method, series_ahead in made.items()
    }


def wandering(seed: int, years: int = 14, codes: str = CODES) -> dict[str, list[float]]:
    """Random walks with a drift of their own around 1,000 to 50,000 persons."""
    random = np.random.default_rng(seed)
    return {
        code: (1000 * 3**number * (1 + np.cumsum(random.normal(0.01 * number - 0.02, 0.02, years)))).tolist()
        for number, code in enumerate(codes)
    }


def kept(values, base_years=range(2010, 2024)) -> pd.DataFrame:
    return forecast(series(values), base_years, SETTINGS).employed


def test_every_method_continues_a_constant() -> None:
    made = paths({code: [500.0 + number] * 14 for number, code in enumerate(CODES)}, 2023)
    assert list(made) == list(METHODS)
    for ahead in made.values():
        for number, code in enumerate(CODES):
            assert ahead[code] == pytest.approx([500 + number] * 5)


def test_the_trend_of_a_single_series_continues_a_straight_line() -> None:
    assert paths({"C": [100, 110, 120, 130]}, 2013)["trend"]["C"] == pytest.approx([140, 150, 160, 170, 180])


def test_a_straight_line_is_recognised_by_the_backtest() -> None:
    employed = kept({code: [1000 + (30 + number) * year for year in range(14)] for number, code in enumerate(CODES)})
    last = employed[(employed["base_year"] == 2023) & (employed["code"] == "C")]
    assert set(last["method"]) <= {"trend", "regression"}
    assert last["employed_mid"].tolist() == pytest.approx([1448, 1480, 1512], rel=0.01)


def test_a_series_of_one_value_grows_as_the_panel_does() -> None:
    values = {"A": [100, 102, 104, 106], "B": [None, None, None, 50]}
    ahead = paths(values, 2013)
    assert ahead["naive"]["B"] == [50] * 5
    # A moves by 2 of a mean of 103 a year; so does B, of a mean of 50.
    assert ahead["trend"]["B"] == pytest.approx([50 + 50 * 2 / 103 * step for step in range(1, 6)])


def test_one_value_alone_has_only_the_naive_forecast_and_no_band() -> None:
    employed = kept({"C": [70]}, [2010])
    assert employed["employed_mid"].tolist() == [70, 70, 70]
    assert employed["year"].tolist() == [2011, 2012, 2013]
    assert employed["employed_low"].isna().all()
    assert set(zip(employed["method"], employed["judged_on"], strict=True)) == {("naive", "nothing")}


def test_nobody_employed_stays_nobody() -> None:
    employed = kept({"C": [0.0] * 14, **wandering(1, codes="AB")})
    zero = employed[(employed["code"] == "C") & (employed["base_year"] == 2023)]
    for bound in ("low", "mid", "high"):
        assert (zero[f"employed_{bound}"] == 0).all()


def test_a_late_yearbook_is_forecast_from_its_last_year() -> None:
    employed = kept(wandering(2), range(2010, 2026))
    late = employed[employed["base_year"] == 2025]
    assert set(late["last_year"]) == {2023}
    assert sorted(set(late["year"])) == [2024, 2025, 2026, 2027, 2028]


def test_shrinkage_follows_its_formula() -> None:
    # pooled (6·0.02 + 2·0.10)/8 = 0.04; Z = 6/9, 2/5 and 0
    found = shrunk(np.array([0.02, 0.10, np.nan]), np.array([6.0, 2.0, 0.0]), 3)
    assert found == pytest.approx([0.02 * 6 / 9 + 0.04 * 3 / 9, 0.10 * 2 / 5 + 0.04 * 3 / 5, 0.04])


def test_a_method_is_kept_only_where_it_beat_the_naive_forecast() -> None:
    found = forecast(series(wandering(3)), range(2010, 2024), SETTINGS)
    chosen = found.backtest[found.backtest["chosen"]]
    own = chosen[chosen["origins"] >= SETTINGS.needed_origins.value]
    assert len(own) > 20
    others = own[own["method"] != "naive"]
    assert len(others)
    most = 1 - SETTINGS.needed_gain.value
    assert (others["relative_mae"] < most).all()
    naive = own[own["method"] == "naive"].merge(found.backtest, on=["base_year", *SERIES], suffixes=("", "_other"))
    tried = naive[(naive["origins_other"] >= SETTINGS.needed_origins.value) & (naive["method_other"] != KEPT)]
    assert not (tried["relative_mae_other"] < most).any()


def test_the_backtest_is_what_a_reader_computes_by_hand() -> None:
    # Naive forecasts of 100, 110, 130, 130: errors of one step 10, 20, 0; two steps 30, 20; three steps 30.
    found = forecast(series({"C": [100, 110, 130, 130]}), range(2010, 2014), SETTINGS)
    naive = found.backtest.query("base_year == 2013 and method == 'naive'").iloc[0]
    assert (naive["origins"], naive["forecasts"]) == (3, 6)
    assert naive["mae"] == pytest.approx(110 / 6)
    assert naive["mase"] == pytest.approx(110 / 6 / 10)  # the series moves by 10 a year
    assert naive["relative_mae"] == 1


@settings(max_examples=6)
@given(st.integers(0, 1000), st.lists(st.floats(1, 1e6), min_size=3, max_size=3))
def test_the_backtest_never_looks_into_the_future(seed: int, future: list[float]) -> None:
    values = wandering(seed, 8, "ABC")
    changed = {code: [*persons[:-1], later] for (code, persons), later in zip(values.items(), future, strict=True)}
    known = range(2010, 2017)
    one, two = (forecast(series(v), range(2010, 2018), SETTINGS) for v in (values, changed))
    for name in ("employed", "backtest"):
        first, second = (getattr(found, name) for found in (one, two))
        pd.testing.assert_frame_equal(
            first[first["base_year"].isin(known)].reset_index(drop=True),
            second[second["base_year"].isin(known)].reset_index(drop=True),
        )


@settings(max_examples=6)
@given(st.integers(0, 1000), st.sampled_from([0.001, 0.5, 7.0, 1e4]))
def test_a_scaled_series_has_a_scaled_forecast(seed: int, factor: float) -> None:
    values = wandering(seed, 8, "ABC")
    scaled = values | {"B": [factor * persons for persons in values["B"]]}
    one, two = kept(values, range(2010, 2018)), kept(scaled, range(2010, 2018))
    factors = np.where(one["code"] == "B", factor, 1.0)
    assert one["method"].tolist() == two["method"].tolist()
    for bound in ("low", "mid", "high"):
        expected = (one[f"employed_{bound}"].astype(float) * factors).tolist()
        assert two[f"employed_{bound}"].tolist() == pytest.approx(expected, rel=1e-3, nan_ok=True)


@settings(max_examples=6)
@given(st.integers(0, 1000), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(seed: int, random) -> None:
    rows = series(wandering(seed, 8, "ABC"))
    order = list(range(len(rows)))
    random.shuffle(order)
    one, two = (forecast(r, range(2010, 2018), SETTINGS) for r in (rows, rows.iloc[order]))
    pd.testing.assert_frame_equal(one.employed, two.employed)
    pd.testing.assert_frame_equal(one.backtest, two.backtest)


@settings(max_examples=6)
@given(st.lists(st.lists(st.integers(0, 100_000), min_size=7, max_size=7), min_size=1, max_size=4))
def test_low_mid_and_high_are_in_order_and_never_negative(values: list[list[int]]) -> None:
    employed = kept(dict(zip(CODES, values, strict=False)), range(2010, 2017))
    banded = employed.dropna(subset="employed_low")
    assert (banded["employed_low"] >= 0).all()
    assert (banded["employed_low"] <= banded["employed_mid"]).all()
    assert (banded["employed_mid"] <= banded["employed_high"]).all()
    assert (employed["employed_mid"] >= 0).all()


def test_bands_widen_with_the_years() -> None:
    employed = kept(wandering(5)).query("base_year == 2023")
    width = (employed["employed_high"] - employed["employed_low"]).groupby(employed["code"])
    assert all(part.is_monotonic_increasing for _, part in width)


def test_four_in_five_of_simulated_series_stay_within_their_bands() -> None:
    inside, all_of_them = 0.0, 0
    for seed in range(6):
        found = forecast(series(wandering(100 + seed, 16, "ABCDEF")), range(2010, 2026), SETTINGS)
        last = found.backtest.query("base_year == 2025 and method == @KEPT").dropna(subset="coverage")
        inside += float((last["coverage"] * last["forecasts"]).sum())
        all_of_them += int(last["forecasts"].sum())
    assert all_of_them > 700
    assert inside / all_of_them == pytest.approx(SETTINGS.band.value, abs=0.08)


def test_an_old_classification_is_no_yardstick_for_a_new_one() -> None:
    rows = series({"C": [10, 11, 12, 13, 14, 90, 91, 92, 93, 94]})
    rows["source"] = ["old"] * 5 + ["new"] * 5
    found = forecast(rows, range(2010, 2020), SETTINGS)
    naive = found.backtest.query("base_year == 2019 and method == 'naive'").iloc[0]
    assert naive["mae"] == pytest.approx((4 * 1 + 3 * 2 + 2 * 3) / 9)
    assert [finding.kind for finding in found.findings[2019]] == ["break"]
