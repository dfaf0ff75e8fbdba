"""From the warehouse to the balance of graduates and openings and back: three marts, by year and demand signal.

Belongs here: moving frames between the warehouse and `models.allotment`. Does not belong here: how graduates and
openings are allotted to each other; what a program's or occupation's openings are (`pipelines/sql/marts`).
"""

import duckdb
import pandas as pd

from models.allotment import EDGE_COLUMNS, OCCUPATION_COLUMNS, PROGRAM_COLUMNS, allot

UPSTREAM = ("core.crosswalk", "core.outcome", "marts.occupation_opening")
# Programs that feed no occupation whose openings are known that year are left out (marts.balance_exclusion names them).
SUPPLY = """
select cohort_year as year, program_code, cast(sum(graduates) as double) as graduates
from core.outcome where graduates > 0 group by cohort_year, program_code
"""
DEMAND = "select year, basis, occupation_code, openings from marts.occupation_opening"
EDGES = """
select from_code as program_code, to_code as occupation_code, weight
from core.crosswalk where relation = 'program_occupation'
"""
TABLES = {
    "marts.allotment": "edges",
    "marts.program_allotment": "programs",
    "marts.occupation_allotment": "occupations",
}
WHOLE = ("year", "feeding_programs", "one_more_graduate", "one_more_opening", "witness", "bottleneck")
COLUMNS = {"edges": EDGE_COLUMNS, "programs": PROGRAM_COLUMNS, "occupations": OCCUPATION_COLUMNS}


def balance(connection: duckdb.DuckDBPyConnection) -> dict[str, pd.DataFrame]:
    """The frames of TABLES by table, each with year and basis in front of the columns of `models.allotment`."""
    supply, demand, edges = (connection.sql(query).df() for query in (SUPPLY, DEMAND, EDGES))
    found: dict[str, list[pd.DataFrame]] = {table: [] for table in TABLES}
    for (year, basis), openings in demand.groupby(["year", "basis"]):
        reached = edges[edges["occupation_code"].isin(openings["occupation_code"])]
        graduates = supply[(supply["year"] == year) & supply["program_code"].isin(reached["program_code"])]
        allotted = allot(graduates, openings, reached)
        for table, part in TABLES.items():
            frame: pd.DataFrame = getattr(allotted, part)
            frame.insert(0, "year", year)
            frame.insert(1, "basis", basis)
            found[table].append(frame)
    empty = {table: pd.DataFrame(columns=["year", "basis", *COLUMNS[part]]) for table, part in TABLES.items()}
    return {table: pd.concat(frames, ignore_index=True) if frames else empty[table] for table, frames in found.items()}


def build(connection: duckdb.DuckDBPyConnection) -> None:
    """Build the marts of TABLES anew."""
    for table, frame in balance(connection).items():
        codes = [name for name in frame.columns if name.endswith("_code") or name == "basis"]
        whole = [name for name in frame.columns if name in WHOLE]
        types = dict.fromkeys(codes, "varchar") | dict.fromkeys(whole, "integer")
        columns = ", ".join(f"cast({name} as {types.get(name, 'double')}) as {name}" for name in frame.columns)
        connection.register("incoming", frame)
        connection.execute(f"create or replace table {table} as select {columns} from incoming")
        connection.unregister("incoming")
