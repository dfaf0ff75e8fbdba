"""Sums over rows and their ratios as people write them, with what is missing left out.

Belongs here: numbers that a sentence, a table and an evidence share. Does not belong here: how a number is written
(`reports.wording`).
"""

import pandas as pd

from reports.wording import missing, percent


def summed(rows: pd.DataFrame, indicator: str) -> tuple[float | None, float | None]:
    """Numerator and denominator of a rate over units that report both."""
    known = rows[(rows["indicator"] == indicator) & rows["numerator"].notna() & rows["denominator"].notna()]
    return (float(known["numerator"].sum()), float(known["denominator"].sum())) if len(known) else (None, None)


def total(values: pd.Series) -> float | None:
    """A sum; None when nothing is known."""
    known = values.dropna()
    return float(known.sum()) if len(known) else None


def share(numerator: float | None, denominator: float | None, fewest: float = 0) -> str:
    """A ratio as people write it; a dash where it is unknown or below the fewest persons."""
    if missing(numerator) or missing(denominator) or not denominator or denominator < fewest:
        return "–"
    return percent(numerator / denominator)  # type: ignore[operator]
