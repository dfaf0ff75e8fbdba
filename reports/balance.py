"""The balance of supply and demand as reports show it: of one round, by one signal of demand.

Belongs here: which rows of the balance are shown and in which order. Does not belong here: charts (`figures`), words
(`wording`), how openings are allotted (`models.allotment`).
"""

from collections.abc import Hashable

import pandas as pd

from reports.round_tables import RoundTables


def basis_of(tables: RoundTables) -> str:
    """The signal of demand that the round's balance is shown by: vacancies, or projections where there are none."""
    rows = tables.where("marts.program_balance", year=tables.round)
    return "projection" if len(rows) and not (rows["basis"] == "vacancies").any() else "vacancies"


def of_round(tables: RoundTables, table: str, **values: Hashable) -> pd.DataFrame:
    """The round's rows of a mart of the balance, by that one signal; only those with these values, if any."""
    return tables.where(table, year=tables.round, basis=basis_of(tables), **values)


def occupations(tables: RoundTables, *, every: bool = False) -> pd.DataFrame:
    """Occupations that programs feed, or every one: code, name, openings, filled, shortage, programs."""
    rows = of_round(tables, "marts.occupation_balance")
    rows = rows if every else rows[rows["feeding_programs"] > 0]
    return rows[["occupation_code", "occupation_name", "feeding_programs", "openings", "filled", "shortage"]]


def double_counting(tables: RoundTables) -> tuple[float, float]:
    """Openings within reach of any program, and the sum that the simple way makes of them (jobs)."""
    programs = of_round(tables, "marts.program_balance")
    return float(programs["allotted_openings"].sum()), float(programs["reachable_openings"].sum())
