"""Yearly series for the tests of the forecast, and the settings that the project ships."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from models.forecast_settings import parse

SETTINGS = parse((Path(__file__).parents[2] / "models" / "forecast.yaml").read_text(encoding="utf-8"))


def series(values: Mapping[str, Sequence[float | None]], first_year: int = 2010, source: str = "x") -> pd.DataFrame:
    """One section per name, one value per year."""
    rows = [
        ("R", "section", code, first_year + number, persons, source, 1)
        for code, persons_by_year in values.items()
        for number, persons in enumerate(persons_by_year)
    ]
    return pd.DataFrame(rows, columns=["region", "level", "code", "year", "persons", "source", "parts"])
