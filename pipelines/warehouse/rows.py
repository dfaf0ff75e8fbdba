"""Reading single rows: DuckDB keeps a connection busy until a result is fetched to its end."""

from collections.abc import Sequence
from typing import Any

import duckdb


def only_row(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()) -> tuple[Any, ...]:
    """The first row of a query that gives at least one."""
    found: tuple[Any, ...] = connection.execute(sql, list(parameters)).fetchall()[0]
    return found
