"""The balance of supply and demand as reports show it: of one round, by one signal of demand.

Belongs here: which rows of the balance are shown and in which order. Does not belong here: charts (`figures`), words
(`wording`), how openings are allotted (`models.allotment`).
"""

import pandas as pd

from reports.round_tables import RoundTables


def basis_of(tables: RoundTables) -> str:
    """The signal of demand that the round's balance is shown by: vacancies, or projections where there are none."""
    rows = tables.frame("marts.program_balance").query("year == @tables.round")
    return "projection" if len(rows) and not (rows["basis"] == "vacancies").any() else "vacancies"


def of_round(tables: RoundTables, table: str) -> pd.DataFrame:
    """The round's rows of a mart of the balance, by that one signal."""
    rows = tables.frame(table)
    return rows[(rows["year"] == tables.round) & (rows["basis"] == basis_of(tables))]
