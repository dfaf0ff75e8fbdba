"""From the warehouse's indicators to stored verdicts: reads marts, calls `models.mechanism`, writes `decisions`.

Belongs here: moving frames between DuckDB and the mechanism. Does not belong here: any rule or threshold.
"""

import json
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from models.fragility import fragility
from models.mechanism import Decisions, decide
from models.rulebook import Rulebook

# What the mechanism reads, by the name of its argument; rulings that change nothing (uphold) only answer objections.
INPUTS = {
    # `special`: whether the program is on the list of special programs that year.
    # `shortage`: whether the program leads to an occupation of a shortage catalogue that holds that year; unknown in
    # years without a catalogue.
    "indicators": (
        "select i.unit, i.year, i.indicator, i.numerator, i.denominator, i.value, i.definition, i.rate_only,"
        " case when p.program_code is not null then 'true' else 'false' end as special,"
        " case when s.program_code is not null then 'true' when y.year is not null then 'false' end as shortage"
        " from marts.indicator as i left join marts.shortage_program as s"
        " on s.year = i.year and s.program_code = i.program_code"
        " left join core.special_program as p on p.round = i.year and p.program_code = i.program_code"
        " left join (select distinct year from marts.skill_supply_demand) as y on y.year = i.year"
        " where i.year <= $last_round order by i.unit, i.indicator, i.year"
    ),
    "units": "select * from marts.unit where $last_round is not null order by unit",
    "exemptions": (
        'select unit, rule, "from", "to", reason, document, approver, approved_on from core.exemption'
        ' where "from" <= $last_round order by unit, rule, "from"'
    ),
    "rulings": (
        "select unit, round, ruling, state, rule, reason, document, approver, ruled_on from core.ruling"
        " where round <= $last_round and ruling <> 'uphold' order by unit, round, ruling, rule"
    ),
}
Inputs = dict[str, pa.Table]


def read_inputs(connection: duckdb.DuckDBPyConnection, last_round: int) -> Inputs:
    """The tables that the decisions up to `last_round` are made from, by their names in INPUTS."""
    # Arrow keeps DECIMAL exact; a float frame would not.
    return {
        name: connection.sql(query, params={"last_round": last_round}).to_arrow_table()
        for name, query in INPUTS.items()
    }


def decide_inputs(inputs: Inputs, rulebook: Rulebook, last_round: int) -> Decisions:
    """Verdicts and evidence of all rounds up to `last_round` from `read_inputs`."""
    frames = {name: table.to_pandas() for name, table in inputs.items()}
    return decide(frames.pop("indicators"), rulebook, **frames, last_round=last_round)


def decide_round(connection: duckdb.DuckDBPyConnection, rulebook: Rulebook, last_round: int) -> Decisions:
    """Verdicts and evidence of all rounds up to `last_round`, from the warehouse."""
    return decide_inputs(read_inputs(connection, last_round), rulebook, last_round)


def store(connection: duckdb.DuckDBPyConnection, decisions: Decisions, as_of_round: int) -> None:
    """Write the decisions taken as of one round; those taken as of other rounds stay as they are."""
    frames = {
        "verdict": decisions.verdicts,
        "evidence": decisions.evidence,
        "problem": decisions.problems,
        "fragility": fragility(decisions, as_of_round),
    }
    digest = decisions.district.book.digest
    store_tables(connection, {name: f.assign(rulebook_digest=digest) for name, f in frames.items()}, as_of_round)


def store_tables(connection: duckdb.DuckDBPyConnection, frames: dict[str, pd.DataFrame], as_of_round: int) -> None:
    """Write frames to tables of the schema `decisions`, in place of the rows as of the same round."""
    connection.execute("create schema if not exists decisions")
    for table, frame in frames.items():
        stored = with_text_for_lists(frame).assign(as_of_round=as_of_round)
        connection.register("incoming", stored)
        connection.execute("begin")
        if columns_of(connection, f"decisions.{table}") != set(stored.columns):
            # Written by another version: what was published is in the ledger, drafts come back when rounds are rerun.
            connection.execute(f"drop table if exists decisions.{table}")
        connection.execute(f"create table if not exists decisions.{table} as from incoming limit 0")
        connection.execute(f"delete from decisions.{table} where as_of_round = ?", [as_of_round])
        connection.execute(f"insert into decisions.{table} by name from incoming")
        connection.execute("commit")
        connection.unregister("incoming")


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    """Names of a table's columns; none when there is no such table."""
    schema, name = table.split(".")
    found = connection.execute(
        "select column_name from information_schema.columns where table_schema = ? and table_name = ?", [schema, name]
    ).fetchall()
    return {column for (column,) in found}


def with_text_for_lists(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy in which columns of lists and mappings hold JSON text, so that any table or file can carry them."""
    copy = frame.copy()
    for name in copy.columns:
        if copy[name].map(lambda value: isinstance(value, list | dict | tuple)).any():
            copy[name] = copy[name].map(as_json)
    return copy


def as_json(value: Any) -> Any:
    """JSON text of a list or mapping; anything else as it is."""
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value
