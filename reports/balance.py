"""The balance of supply and demand as reports show it: of one round, by one signal of demand.

Belongs here: which rows of the balance are shown and in which order. Does not belong here: charts (`figures`), words
(`wording`), how openings are allotted (`models.allotment`).
"""

from collections.abc import Sequence

import pandas as pd

from reports.round_tables import RoundTables
from reports.wording import number, texts

WITNESSES_SHOWN = 20
NAMES_SHOWN = 5
WITNESS_COLUMNS = ["program_names", "graduates", "occupation_names", "openings", "surplus"]


def basis_of(tables: RoundTables) -> str:
    """The signal of demand that the round's balance is shown by: vacancies, or projections where there are none."""
    rows = tables.frame("marts.program_balance").query("year == @tables.round")
    return "projection" if len(rows) and not (rows["basis"] == "vacancies").any() else "vacancies"


def of_round(tables: RoundTables, table: str) -> pd.DataFrame:
    """The round's rows of a mart of the balance, by that one signal."""
    rows = tables.frame(table)
    return rows[(rows["year"] == tables.round) & (rows["basis"] == basis_of(tables))]


def occupations(tables: RoundTables, *, every: bool = False) -> pd.DataFrame:
    """Occupations that programs feed, or every one: code, name, openings, filled, shortage, programs."""
    rows = of_round(tables, "marts.occupation_balance")
    rows = rows if every else rows[rows["feeding_programs"] > 0]
    return rows[["occupation_code", "occupation_name", "feeding_programs", "openings", "filled", "shortage"]]


def double_counting(tables: RoundTables) -> tuple[float, float]:
    """Openings within reach of any program, and the sum that the simple way makes of them (jobs)."""
    programs = of_round(tables, "marts.program_balance")
    return float(programs["allotted_openings"].sum()), float(programs["reachable_openings"].sum())


def witnesses(tables: RoundTables, lang: str) -> list[list[str]]:
    """Programs that share too few openings: names, graduates, occupations, openings, surplus; the largest first."""
    text = texts(lang)
    rows = of_round(tables, "marts.surplus_witness").sort_values("surplus", ascending=False).head(WITNESSES_SHOWN)

    def names(found: Sequence[str]) -> str:
        more = len(found) - NAMES_SHOWN
        return text["separator"].join(map(str, found[:NAMES_SHOWN])) + (
            text["and_more"].format(n=more) if more > 0 else ""
        )

    return [
        [names(programs), number(graduates, 0), names(occupations), number(openings, 0), number(surplus, 0)]
        for programs, graduates, occupations, openings, surplus in rows[WITNESS_COLUMNS].to_numpy()
    ]  # fmt: skip
