"""Yearly series for the tests of the forecast, and the settings that the project ships."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipelines.rule_texts import read_forecast_settings
from pipelines.settings import shipped_forecast

SETTINGS = read_forecast_settings(shipped_forecast())


def series(values: Mapping[str, Sequence[float | None]], first_year: int = 2010, source: str = "x") -> pd.DataFrame:
    """One section per name, one value per year."""
    rows = [
        ("R", "section", code, first_year + number, persons, source, 1)
        for code, persons_by_year in values.items()
        for number, persons in enumerate(persons_by_year)
    ]
    return pd.DataFrame(rows, columns=["region", "level", "code", "year", "persons", "source", "parts"])
