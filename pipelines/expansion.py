"""From the warehouse to the program points that may grow in one round, and back.

Belongs here: reading the tables, writing decisions.expansion_point. Does not belong here: who may grow
(`models.expansion`).
"""

from pathlib import Path

import duckdb

from models.expansion import barring_states, expansion_points
from pipelines.decisions import store_tables
from pipelines.rule_texts import read_plan_settings, read_rulebook

TABLE = "expansion_point"
PROGRAMS = "select program_code from marts.program_to_expand where year = ?"
UNITS = "select unit, school_id, school_name, program_code, program_name from marts.unit"
VERDICTS = "select unit, state from decisions.verdict where as_of_round = $1 and round = $1"


def build(connection: duckdb.DuckDBPyConnection, rulebook_file: Path, plan_file: Path, round_year: int) -> None:
    """Write the points of one round; those of other rounds stay as they are."""
    points = expansion_points(
        connection.execute(PROGRAMS, [round_year]).df(),
        connection.sql(UNITS).df(),
        connection.execute(VERDICTS, [round_year]).df(),
        barring_states(read_rulebook(rulebook_file), read_plan_settings(plan_file)),
    )
    words = {name: "str" for name in points.columns if name != "may_expand"}
    store_tables(connection, {TABLE: points.astype(words | {"may_expand": "bool"})}, round_year)
