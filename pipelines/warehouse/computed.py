"""Tables that Python makes of tables and that SQL files read in turn: what they need, and how they are built.

Belongs here: their place in the order of the data. Does not belong here: how they are computed (`models`), tables that
no SQL file reads.
"""

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from pipelines import balance, catalogues, demand, share_rounding


@dataclass(frozen=True)
class Computed:
    """Tables ("schema.name") that are built together from `upstream`."""

    tables: tuple[str, ...]
    upstream: tuple[str, ...]
    build: Callable[[duckdb.DuckDBPyConnection], None]


COMPUTED = (
    Computed(catalogues.TABLES, (), catalogues.build),
    Computed((share_rounding.TABLE,), (), share_rounding.build),
    Computed(tuple(balance.TABLES), balance.UPSTREAM, balance.build),
    Computed(demand.TABLES, demand.UPSTREAM, demand.build),
)
