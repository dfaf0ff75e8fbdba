"""Every different text of a column, read once: what it says and which rule it breaks, however often it occurs.

Belongs here: the tables temp.read_<column> of one contract, and how landed rows are joined to them. Does not belong
here: how a text is read (`values`, `references`), what is asked of whole rows (`acceptance`).
"""

import duckdb

from pipelines.contracts import Column, Contract
from pipelines.ingest.findings import sql_text
from pipelines.ingest.references import look_up
from pipelines.ingest.values import TYPES, Reading, bare_number, reading

NUMERIC = ("count", "number", "rate")
PROVENANCE = "row_id, file_digest, file, sheet, row_number"
PLACE = "file_digest, sheet, part, first_row"  # names a table of a sheet


def read_texts(connection: duckdb.DuckDBPyConnection, contract: Contract, columns: list[Column]) -> str:
    """Read all texts of the `columns`; the SQL of the landed rows joined to what their texts say.

    Creates temp.facts (one row per table of a sheet: the letter l_ and the header's unit m_ of every column, and
    percent_, whether a rate is in percent), temp.named_<column> (see `references`) and temp.read_<column>: x the text,
    v the value, q the rule that it breaks, and what else decides its meaning where it is not the same for all rows: m
    and percent as in the facts, or referring, the text of the column that says which table a name belongs to.
    """
    connection.execute(facts_sql(contract, columns))
    rates = [column for column in columns if column.type == "rate"]
    if rates:
        percents = percents_sql(contract, rates)
        connection.execute(f"create or replace temp table facts as from facts left join ({percents}) using ({PLACE})")
    units, in_percent = header_units(connection, contract), rates_in_percent(connection, rates)
    joins, needs_facts = "", False
    for column in columns:
        name = column.name
        if column.references:
            look_up(connection, contract, column)
            keys = {"referring": f'landed."{column.referring}"'} if column.referring else {}
            connection.execute(f"create or replace temp table read_{name} as {reference_sql(column)}")
        else:
            stated = {"m": units.get(name, {"null"}), "percent": in_percent.get(name, {"false"})}
            keys = {key: f"{key}_{name}" for key, values in stated.items() if len(values) > 1}
            needs_facts = needs_facts or bool(keys)
            same_for_all = {key: next(iter(values)) for key, values in stated.items() if key not in keys}
            connection.execute(
                f"create or replace temp table read_{name} as {reading_sql(contract, column, keys, same_for_all)}"
            )
        same = [f'read_{name}.x is not distinct from landed."{name}"']
        same += [f"read_{name}.{key} is not distinct from {sql}" for key, sql in keys.items()]
        joins += f" left join read_{name} on {' and '.join(same)}"
    return f"landed.{contract.table} as landed{FACTS if needs_facts else ''}{joins}"


def drop_readings(connection: duckdb.DuckDBPyConnection, columns: list[Column]) -> None:
    """Drop what `read_texts` created."""
    named = [f"named_{column.name}" for column in columns if column.references]
    for name in ("facts", *named, *(f"read_{column.name}" for column in columns)):
        connection.execute(f"drop table if exists temp.{name}")


def facts_sql(contract: Contract, columns: list[Column]) -> str:
    """One row per table of a sheet: the letter and the header's unit of every column."""
    facts = ", ".join(
        f"max(coalesce(cell, letter)) filter (column_name = '{column.name}') as l_{column.name},"
        f" max(unit_size) filter (column_name = '{column.name}') as m_{column.name}"
        for column in columns
    )
    return (
        f"create or replace temp table facts as select file_digest, sheet, part, first_row, last_row, {facts}"
        f" from landed.column_map where contract = {sql_text(contract.table)} group by all"
    )


FACTS = (
    " left join facts on landed.file_digest = facts.file_digest and landed.sheet = facts.sheet"
    " and landed.row_number between first_row and last_row and right(landed.row_id, length(part)) = part"
)


def source_sql(contract: Contract, columns: list[Column], facts: str, where: str = "true") -> str:
    """Landed rows (cells as x_<column>) beside facts of their table: "m" the size of the header's unit, "l" letters."""
    cells = ", ".join(f'landed."{column.name}" as x_{column.name}' for column in columns)
    wanted = ", ".join(f"{facts}_{column.name}" for column in columns if facts == "l" or column.type in NUMERIC)
    provenance = ", ".join(f"landed.{name.strip()}" for name in PROVENANCE.split(","))
    rows = (
        f"(select rowid as ordinal, * from landed.{contract.table} as landed where {where})"  # before they are joined
    )
    return (
        f"select landed.ordinal, {provenance}, part, first_row, {cells}{', ' if wanted else ''}{wanted}"
        f" from {rows} as landed{FACTS}"
    )


def percents_sql(contract: Contract, rates: list[Column]) -> str:
    """SELECT of one row per table of a sheet: which rate columns are in percent, by header or a bare value above 1."""
    texts = ", ".join(f"{reading(column).text} as t_{column.name}" for column in rates)
    parts = ", ".join(f"{reading(column).parts} as p_{column.name}" for column in rates)
    flags = ", ".join(
        f"coalesce(bool_or(m_{column.name} = 0.01 or {bare_number(column)} > 1), false) as percent_{column.name}"
        for column in rates
    )
    cells = ", ".join(f"x_{column.name}, m_{column.name}" for column in rates)
    return (
        f"with source as (select distinct {PLACE}, {cells}"
        f" from ({source_sql(contract, rates, 'm')})),"
        f" texts as (select *, {texts} from source), parts as (select *, {parts} from texts)"
        f" select {PLACE}, {flags} from parts group by all"
    )


def header_units(connection: duckdb.DuckDBPyConnection, contract: Contract) -> dict[str, set[str]]:
    """The sizes of the units that headers state, as SQL, by column: more than one where tables differ."""
    found: dict[str, set[str]] = {}
    sizes = "select distinct column_name, unit_size::varchar from landed.column_map where contract = ?"
    for name, size in connection.execute(sizes, [contract.table]).fetchall():
        found.setdefault(name, set()).add(size or "null")
    return found


def rates_in_percent(connection: duckdb.DuckDBPyConnection, rates: list[Column]) -> dict[str, set[str]]:
    """Whether rate columns are in percent, as SQL, by column: both where tables differ."""
    if not rates:
        return {}
    flags = ", ".join(f"list(distinct percent_{column.name}::varchar)" for column in rates)
    found = connection.execute(f"select {flags} from facts").fetchall()[0]
    return {column.name: set(values or ["false"]) for column, values in zip(rates, found, strict=True)}


def reference_sql(column: Column) -> str:
    """temp.read_<column> of a column that names rows of another table."""
    cases = [("tidied is null", "missing")] if column.required and column.default is None else []
    cases += [
        ("contains(tidied, '\ufffd')", "garbled"),
        ("shared", "ambiguous_reference"),
        ("id is null and contradicting", "code_contradicts_name"),
        ("tidied is not null and id is null", "unknown_reference"),
    ]
    referring = ", referring" if column.referring else ""
    return f"select found as x{referring}, id as v, {rule_sql(cases)} as q from named_{column.name}"


def reading_sql(contract: Contract, column: Column, keys: dict[str, str], same_for_all: dict[str, str]) -> str:
    """temp.read_<column> of any other column.

    A text is read with the size of its header's unit (m) and with whether its column is in percent (percent). Where
    tables differ in that, it is one of `keys`, with its SQL in the facts; else its value stands in `same_for_all`.
    """
    name, found = column.name, reading(column)
    wanted = ", ".join(["x", *keys])
    source = f'select distinct landed."{name}" as x{"".join(f", {sql} as {key}" for key, sql in keys.items())}'
    source += f" from landed.{contract.table} as landed"
    if keys:
        source += FACTS
    facts = f"{same_for_all.get('m', 'm')}::decimal(15,3) as m_{name}"
    facts += f", {same_for_all.get('percent', 'percent')} as percent_{name}"
    parts = f", {found.parts} as p_{name}" if found.parts else ""
    amount = f", {found.amount} as a_{name}" if found.amount else ""
    return (
        f"with source as ({source}), cells as (select *, x as x_{name}, {facts} from source),"
        f" texts as (select *, {found.text} as t_{name} from cells), parts as (select *{parts} from texts),"
        f" amounts as (select *{amount} from parts),"
        f" read as (select *, {value_sql(column, found)}::{TYPES[column.type]} as v_{name} from amounts)"
        f" select {wanted}, v_{name} as v, {rule_sql(problems(column, found))} as q from read"
    )


def value_sql(column: Column, found: Reading) -> str:
    """SQL of the typed value, with the contract's default where the cell is missing."""
    if column.default is None:
        return f"({found.value})"
    return f"(case when t_{column.name} is null then {default_sql(column)} else {found.value} end)"


def default_sql(column: Column) -> str:
    """SQL of the contract's default, NULL where it has none."""
    return f"{'null' if column.default is None else sql_text(column.default)}::{TYPES[column.type]}"


def problems(column: Column, found: Reading) -> list[tuple[str, str]]:
    """(condition, rule) of everything that can be wrong with a cell, the first that holds counts."""
    name = column.name
    cases = []
    if column.required and column.default is None:
        cases.append((f"t_{name} is null", "missing"))
    if column.type in ("text", "code", "list", "choice"):
        cases.append((f"contains(t_{name}, '\ufffd')", "garbled"))
    cases.append((f"t_{name} is not null and v_{name} is null", found.unread))
    cases.extend(found.refusals)
    if column.min is not None:
        cases.append((f"v_{name} < {column.min:.15g}", "below_minimum"))
    if column.max is not None:
        cases.append((f"v_{name} > {column.max:.15g}", "above_maximum"))
    return cases


def rule_sql(cases: list[tuple[str, str]]) -> str:
    """SQL: the rule of the first condition that holds, NULL when none does."""
    return "case " + " ".join(f"when {condition} then '{rule}'" for condition, rule in cases) + " end"
