"""The table of match indices: which indices are computed between supply and industry, for every year and pair of bases.

Belongs here: bringing two structures to the same classes and naming the results. Does not belong here: formulas
(`structure`, `coordination`), and how shares come about (`pipelines/sql/marts`).
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from pydantic import Field

from models import structure
from models.coordination import coordination, entropy_weights, standardised
from models.settings_parts import Part

INDEX_COLUMNS = [
    "year", "class_system", "supply_basis", "industry_basis", "index", "class_code", "class_name", "value",
]  # fmt: skip
Row = tuple[Any, ...]


class CoordinationSettings(Part):
    """How the coupling coordination degree of supply and industry is computed; see the reasons in `measures.yaml`."""

    corrected: bool = True
    k: float | None = Field(default=None, gt=0)
    weights: tuple[float, float] = (0.5, 0.5)
    floor: float = Field(default=0.01, ge=0, lt=1)
    at_least_years: int = Field(default=3, ge=2)


# Indices of two whole structures, supply first. They need classes that divide the whole.
WHOLE: dict[str, Callable[[structure.Vector, structure.Vector], float]] = {
    "cosine": structure.cosine_similarity,
    "duncan": structure.duncan_dissimilarity,
    "krugman": structure.krugman,
    "jensen_shannon": structure.jensen_shannon,
    "theil": structure.theil,
    "gini_specialisation": structure.gini_specialisation,
}


def match_indices(
    industry_share: pd.DataFrame,
    supply_share: pd.DataFrame,
    settings: CoordinationSettings | None = None,
    gaps: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """All match indices of every year, class system and pair of bases for which both structures exist.

    `industry_share`: region, year, class_system, class_code, class_name, basis, amount, share, overlapping.
    `supply_share`: the same without region. `gaps`: region, year, class_system, class_code, basis of industry classes
    whose amount is missing. Returns one row per year × class system × supply basis × industry basis ×
    index × class, columns INDEX_COLUMNS; `class_code` is empty for indices of a whole structure. Where several regions
    are given, the one with most rows is used.

    Whole structures: those in WHOLE, and by year coupling, development and coordination of the two as systems that
    develop over the years (from the third common year on; levels are entropy-weighted classes, standardised over all
    common years up to that year, so that a later year changes nothing). Classes: structural_deviation (industry share
    over supply share − 1, positive where too few are trained), structural_deviation_reversed (supply over industry − 1)
    and location_quotient (supply share over industry share).

    A class that one side lacks counts as 0 there; one whose industry amount is missing is left out on both sides, so
    that missing is not taken for zero. Where classes overlap or leave a remainder (priority lists), shares
    are of the whole and not of their sum, and only the indices of classes are given, for the
    classes that industry has. An index that is infinite or
    undefined has no row.
    """
    if industry_share.empty or supply_share.empty:
        return pd.DataFrame(columns=INDEX_COLUMNS)
    region = industry_share["region"].mode().iloc[0]
    industry = industry_share[industry_share["region"] == region]
    left_out: dict[tuple[str, str, int], set[str]] = {}
    if gaps is not None:
        of_region = gaps[gaps["region"] == region]
        for (system, basis, year), rows_of in of_region.groupby(["class_system", "basis", "year"]):
            left_out[str(system), str(basis), int(year)] = set(rows_of["class_code"])
    rows: list[Row] = []
    for (system, supply_basis), supply in supply_share.groupby(["class_system", "basis"]):
        present = industry[industry["class_system"] == system]
        for industry_basis, need in present.groupby("basis"):
            gone = {year: codes for (s, b, year), codes in left_out.items() if (s, b) == (system, industry_basis)}
            found = [*_of_years(supply, need, gone), *_coordination(supply, need, settings or CoordinationSettings())]
            rows += [(year, system, supply_basis, industry_basis, *row) for year, *row in found if np.isfinite(row[-1])]
    order = ["year", "class_system", "supply_basis", "industry_basis"]
    return pd.DataFrame(rows, columns=INDEX_COLUMNS).sort_values(order, kind="stable", ignore_index=True)


def _of_years(supply: pd.DataFrame, need: pd.DataFrame, gone: dict[int, set[str]]) -> Iterator[Row]:
    """Year, index, class code, class name and value of each year in which both structures exist, without `gone`."""
    for year in sorted(set(supply["year"]) & set(need["year"])):
        x, y = (
            side[(side["year"] == year) & ~side["class_code"].isin(gone.get(int(year), set()))]
            for side in (supply, need)
        )
        overlapping = bool(x["overlapping"].any() or y["overlapping"].any())
        if overlapping:  # a list that industry cannot tell for the year has no row there
            x = x[x["class_code"].isin(y["class_code"])]
        names = pd.concat([y, x]).drop_duplicates("class_code").set_index("class_code")["class_name"].sort_index()
        column = "share" if overlapping else "amount"
        a = x.set_index("class_code")[column].reindex(names.index, fill_value=0.0).to_numpy(dtype=float)
        b = y.set_index("class_code")[column].reindex(names.index, fill_value=0.0).to_numpy(dtype=float)
        if a.sum() == 0 or b.sum() == 0:
            continue
        if overlapping:
            with np.errstate(divide="ignore", invalid="ignore"):
                quotient = a / b
        else:
            quotient = structure.location_quotient(a, b)
            yield from _whole(int(year), a, b)
        with np.errstate(divide="ignore"):
            deviation = 1 / quotient - 1
        for index, values in (
            ("structural_deviation", deviation),
            ("structural_deviation_reversed", quotient - 1),
            ("location_quotient", quotient),
        ):
            yield from ((int(year), index, *row) for row in zip(names.index, names, values.tolist(), strict=True))


def _whole(year: int, supply: structure.Vector, need: structure.Vector) -> Iterator[Row]:
    """The indices of two whole structures; the one that a class without counterpart makes impossible is left out."""
    for index, of in WHOLE.items():
        if index == "gini_specialisation" and ((need == 0) & (supply > 0)).any():
            continue
        yield year, index, None, None, of(supply, need)


def _coordination(supply: pd.DataFrame, need: pd.DataFrame, settings: CoordinationSettings) -> Iterator[Row]:
    """Coupling, development and coordination of supply and industry as of each common year from the third on."""
    if supply["overlapping"].any() or need["overlapping"].any():
        return
    tables = [
        side.pivot_table(index="year", columns="class_code", values="amount", aggfunc="sum") for side in (supply, need)
    ]
    years = tables[0].index.intersection(tables[1].index).sort_values()
    for number, year in enumerate(years, start=1):
        if number < settings.at_least_years:
            continue
        levels = [_level(table.loc[years[:number]], settings.floor) for table in tables]
        found = coordination(np.array([levels]), settings.weights, settings.k, corrected=settings.corrected)
        for index, value in zip(("coupling", "development", "coordination"), found, strict=True):
            yield int(year), index, None, None, float(value[0])


def _level(amounts: pd.DataFrame, floor: float) -> float:
    """The level in the last row: classes reported in every row, standardised, weighted by their entropy."""
    known = amounts.dropna(axis=1)
    if known.empty:
        return np.nan
    values = standardised(known.to_numpy(dtype=float), floor)
    return float(values[-1] @ entropy_weights(values))
