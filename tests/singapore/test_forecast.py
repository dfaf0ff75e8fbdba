"""The forecast on Singapore's employed residents by industry, 2000–2024 (Ministry of Manpower), and its backtest.

The file is not part of the project: it is looked for beside the repository and the tests skip where it is not.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.annual_series import known_at, reported
from models.backtest import KEPT
from models.demand import Composition, demand
from models.forecast import Forecasts, forecast
from tests.forecast.series import SETTINGS

FILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "singapore" / "Industry and Occupation.csv"
# The mislabelled block's own total stands under the name that the block's occupation should have.
SUMS = ["All Industries", "Services", "Other Occupation Groups Nes"]
EVERYBODY = "All Occupation Groups, (Total Employed Residents)"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"Singapore's files are not at {FILE}")
# Every year a base year, so that all 24 origins are tested.
ALL_ORIGINS = SETTINGS.model_copy(update={"origins": SETTINGS.origins.model_copy(update={"value": 25})})


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """One row per occupation × industry × year in persons; the second block of a mislabelled group has its own name."""
    rows = pd.read_csv(FILE)
    rows["occupation"] = rows["occupation"].str.strip()
    second = rows.duplicated(["occupation", "industry", "year"], keep="first")
    rows.loc[second, "occupation"] = "Other Occupation Groups Nes"
    return rows[~rows["industry"].isin(SUMS)].assign(persons=1000 * rows["employment"])


def as_series(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    """Rows as the yearly series that the forecast reads."""
    return rows.rename(columns={code: "code"})[["code", "year", "persons"]].assign(
        region="Singapore", level="section", source="SSIC 2020", parts=1
    )


@pytest.fixture(scope="module")
def industries(table: pd.DataFrame) -> Forecasts:
    return forecast(as_series(table[table["occupation"] == EVERYBODY], "industry"), range(2000, 2025), ALL_ORIGINS)


def backtest(found: Forecasts) -> pd.DataFrame:
    return found.backtest[found.backtest["base_year"] == 2024]


def test_the_kept_forecasts_beat_the_naive_ones(industries: Forecasts) -> None:
    table = backtest(industries)
    kept = table[table["method"] == KEPT]
    assert len(kept) == 15
    assert set(kept["origins"]) == {24}
    assert np.exp(np.log(kept["relative_mae"]).mean()) < 0.97
    assert kept["mae"].sum() < 0.97 * kept["naive_mae"].sum()


def test_methods_are_chosen_industry_by_industry(industries: Forecasts) -> None:
    chosen = backtest(industries).query("chosen").set_index("code")
    assert chosen.loc["Health & Social Services", "relative_mae"] < 0.5, "it grows steadily"
    assert chosen.loc["Construction", "method"] == "naive", "it goes up and down"
    assert set(chosen["method"]) >= {"naive", "trend", "regression", "mean"}


def test_four_in_five_actual_values_lie_within_the_bands(industries: Forecasts) -> None:
    kept = backtest(industries).query("method == @KEPT").dropna(subset="coverage")
    coverage = (kept["coverage"] * kept["forecasts"]).sum() / kept["forecasts"].sum()
    assert coverage == pytest.approx(SETTINGS.band.value, abs=0.07)


def test_the_recession_and_reclassified_years_are_named(industries: Forecasts) -> None:
    jumps = {finding.key[2]: finding.years for finding in industries.findings[2024] if finding.kind == "jump"}
    assert jumps == {
        "Arts, Entertainment & Recreation": (2001, 2005, 2010),
        "Information & Communications": (2001,),
        "Other Industries Nes": (2001, 2010, 2011),
        "Professional Services": (2005,),
    }


def test_zeros_of_2006_are_missing_and_not_nobody(table: pd.DataFrame) -> None:
    cells = table[(table["occupation"] != EVERYBODY) & (table["year"] <= 2024)]
    cells = cells.assign(cell=cells["occupation"] + " / " + cells["industry"])
    assert not cells.loc[cells["year"] == 2006, "persons"].any(), "every cell by occupation is zero"
    histories, findings = known_at(reported(as_series(cells, "cell")), 2024, SETTINGS)
    named = {finding.key[2] for finding in findings if finding.kind == "zero" and 2006 in finding.years}
    employed = cells[cells["year"].isin([2005, 2007])].groupby("cell")["persons"].min()
    assert set(employed[employed > 0].index) <= named
    assert all(2006 not in history.years for key, history in histories.items() if key[2] in named)


def carried_from(table: pd.DataFrame, base_year: int) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Persons by occupation three years after `base_year`: published, carried from industries, and as in the base year.

    The industries are divided by the occupations within them in the base year.
    """
    wide = table[table["occupation"] != EVERYBODY].pivot(
        index=["occupation", "industry"], columns="year", values="persons"
    )
    matrix = wide[base_year].unstack()
    links = matrix.div(matrix.sum(axis=1), axis=0).stack().rename("weight").reset_index()
    everybody = wide.groupby("industry").sum()
    employed = pd.DataFrame(
        {
            "region": "Singapore", "base_year": base_year, "level": "section", "code": everybody.index,
            "year": base_year + 3, "last_year": base_year, "method": "naive", "judged_on": "nothing",
            "employed_last": everybody[base_year].to_numpy(),
            **{f"employed_{bound}": everybody[base_year + 3].to_numpy() for bound in ("low", "mid", "high")},
            "parents": [()] * len(everybody),
        }
    )  # fmt: skip
    sizes = matrix.sum(axis=1).rename("amount").reset_index().rename(columns={"occupation": "occupation_code"})
    links = links.rename(columns={"occupation": "occupation_code", "industry": "industry_code"})
    no_rates = pd.DataFrame(columns=["class_kind", "code", "year", "annual_rate", "source"])
    found = demand(
        employed, Composition(links.assign(level="section"), sizes.assign(year=base_year, measure="employed"), no_rates)
    )
    occupations = found[found["class_kind"] == "occupation"].set_index("code")["employed_mid"]
    return wide[base_year + 3].groupby("occupation").sum(), occupations, matrix.sum(axis=1)


def test_occupations_carried_from_industries_are_nearer_than_unchanged_ones(table: pd.DataFrame) -> None:
    # That the occupations within an industry stay as they are is an assumption; this is what it costs and brings.
    missed, unchanged = [], []
    for base_year in range(2007, 2022):
        published, carried, before = carried_from(table, base_year)
        assert carried.sum() == pytest.approx(published.sum()), "no person is lost on the way"
        missed.append(float((carried - published).abs().sum() / published.sum()))
        unchanged.append(float((before - published).abs().sum() / published.sum()))
    assert max(missed) < 0.11
    assert np.mean(missed) == pytest.approx(0.07, abs=0.01)
    assert np.mean(missed) < 0.9 * np.mean(unchanged)
