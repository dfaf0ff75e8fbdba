"""What the public may read of the match of programs and industry, rounded so that nothing small shows.

Belongs here: public shares by sector and public indices. Does not belong here: how an index is computed (`models`).

Graduates by sector are sums over all programs with the weights of the crosswalk. Rounded to STEP they leave each sum
within a range of STEP × graduates persons; they are public only in years in which that is SAFE persons or more, so that
no number below 5 can be told from them.
"""

import pandas as pd

from reports.public_counts import BELOW
from reports.round_tables import RoundTables

STEP = 0.01
SAFE = 2 * BELOW
INDICES = ("cosine", "duncan")


def safe_years(tables: RoundTables) -> set[object]:
    """Years with so many graduates that a rounded share tells of no small number."""
    rows = tables.frame("marts.supply_share").query("class_system == 'sector' and basis == 'graduates'")
    persons = rows[rows["year"] <= tables.round].groupby("year")["amount"].sum()
    return set(persons[STEP * persons >= SAFE].index)


def rounded(values: pd.Series) -> pd.Series:
    """The values in whole steps."""
    return (values / STEP).round().mul(STEP).round(10)


def structure_by_sector(tables: RoundTables) -> pd.DataFrame:
    """Shares of graduates, employed persons and value added by sector: year, class_code, class_name, basis, share."""
    supply = tables.frame("marts.supply_share").query("basis == 'graduates'")
    supply = supply[supply["year"].isin(safe_years(tables))]
    industry = tables.frame("marts.industry_share")
    columns = ["year", "class_code", "class_name", "basis", "share"]
    rows = pd.concat([part[part["class_system"] == "sector"][columns] for part in (supply, industry)])
    rows = rows[rows["year"] <= tables.round].drop_duplicates(["year", "class_code", "basis"])
    return rows.assign(share=rounded(rows["share"])).sort_values(["year", "basis", "class_code"], ignore_index=True)


def match_indices(tables: RoundTables) -> pd.DataFrame:
    """Indices of graduates against employed persons by sector: index, year, value."""
    rows = tables.frame("marts.match_index").query(
        "class_system == 'sector' and supply_basis == 'graduates' and industry_basis == 'employed_persons'"
    )
    rows = rows[rows["index"].isin(INDICES) & rows["year"].isin(safe_years(tables))]
    rows = rows.assign(value=rounded(rows["value"]))[["index", "year", "value"]]
    return rows.drop_duplicates(["index", "year"]).sort_values(["index", "year"], ignore_index=True)
