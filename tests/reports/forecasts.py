"""The forecast marts of the tiny district, made by the real forecast from two series, one of them with a gap."""

from pathlib import Path

import pandas as pd

from models.demand import Composition, demand
from models.forecast import forecast
from pipelines.demand import findings
from pipelines.rule_texts import read_forecast_settings

SETTINGS = Path(__file__).parents[2] / "models" / "forecast.yaml"
FIRST_YEAR = 2014


def forecast_frames(name: str, occupation_name: str) -> dict[str, pd.DataFrame]:
    """Frames by table name; the industries C and F and the occupation 1 bear the names given."""
    persons = {
        "C": [900.0 + 20 * year for year in range(11)],
        "F": [500.0, 510, 505, None, 520, 515, 530, 525, 520, 535, 540],
    }
    rows = [
        ("R", "section", code, FIRST_YEAR + n, p, "x", 1)
        for code, all_of in persons.items()
        for n, p in enumerate(all_of)
    ]
    series = pd.DataFrame(rows, columns=["region", "level", "code", "year", "persons", "source", "parts"])
    found = forecast(series, range(FIRST_YEAR, 2025), read_forecast_settings(SETTINGS))
    composition = Composition(
        pd.DataFrame([("1", "section", "C", 1.0)], columns=["occupation_code", "level", "industry_code", "weight"]),
        pd.DataFrame([("1", 2023, "employed", 400.0)], columns=["occupation_code", "year", "measure", "amount"]),
        pd.DataFrame(
            [("industry", "C", 2020, 0.04, "x")], columns=["class_kind", "code", "year", "annual_rate", "source"]
        ),
    )
    openings = demand(found.employed.assign(parents=[()] * len(found.employed)), composition)
    names = {"C": name, "1": occupation_name}
    return {
        "marts.employment_series": series.dropna(subset="persons").assign(name=series["code"].map(names)),
        "marts.demand_forecast": openings.assign(name=openings["code"].map(names)),
        "marts.forecast_backtest": found.backtest.assign(name=found.backtest["code"].map(names)),
        "marts.forecast_finding": findings(found, names),
    }
