"""How far shares that add up to a whole may miss it, as a table that core reads.

Belongs here: carrying the one setting with its reason from the contract to SQL. Does not belong here: the setting
itself (`contracts/program_lineage.yaml`).
"""

import duckdb

from pipelines.contracts import contracts

TABLE = "core.share_rounding"


def build(connection: duckdb.DuckDBPyConnection) -> None:
    """Build core.share_rounding anew: one row, `tolerance` per share (a fraction) of a sum that should be 1."""
    check = next(check for check in contracts()["program_lineage"].checks if check.name == "shares_add_up")
    connection.execute("create schema if not exists core")
    connection.execute(
        f"create or replace table {TABLE} as select ?::double as tolerance", [check.settings["tolerance"].value]
    )
