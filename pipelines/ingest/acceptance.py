"""Landed rows of one contract to accepted or quarantined rows, by SQL that is generated from the contract alone.

Belongs here: the order of judging a row: read, resolve, constrain, check, compare with its repeats.
Does not belong here: what one cell means (`values`), the wording of reasons (`findings`).
"""

import duckdb

from pipelines.contracts import Check, Column, Contract
from pipelines.ingest.corrections import apply_corrections
from pipelines.ingest.findings import sql_text
from pipelines.ingest.reasons import record_reasons, record_recognised
from pipelines.ingest.references import contradiction_sql, join_sql, look_up
from pipelines.ingest.totals import check_totals
from pipelines.ingest.values import TYPES, Reading, bare_number, reading

REPEATED = "ordinal in (select ordinal from repeated where rule is not null)"
NUMERIC = ("count", "number", "rate")
PROVENANCE = "row_id, file_digest, file, sheet, row_number"


def accept(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Write accepted.<table> and the contract's rows and findings in quarantine, replacing what was there.

    quarantine.<table> holds the refused rows as far as they could be read, typed like accepted.<table>.
    Tables that the contract refers to must have been accepted before (the order of `contracts()`).
    """
    connection.execute("create schema if not exists accepted")
    connection.execute("delete from quarantine.row where contract = ?", [contract.table])
    connection.execute("delete from quarantine.finding where contract = ? and row_id is not null", [contract.table])
    connection.execute("delete from quarantine.suggestion where contract = ?", [contract.table])
    create_typed_tables(connection, contract)
    if not connection.execute(f"from landed.{contract.table} limit 1").fetchall():
        return
    columns = present_columns(connection, contract)
    judge(connection, contract, columns)
    record_reasons(connection, contract, columns)
    for column in columns:
        if column.references:
            record_recognised(connection, contract, column, source_sql(contract, [column], "l"))
    connection.execute(accepted_sql(contract))
    for statement in quarantined_sql(contract):
        connection.execute(statement)
    check_totals(connection, contract)
    named = [f"named_{column.name}" for column in columns if column.references]
    for name in ("facts", "percents", "judged", "repeated", "troubled", *named):
        connection.execute(f"drop table if exists temp.{name}")


def present_columns(connection: duckdb.DuckDBPyConnection, contract: Contract) -> list[Column]:
    """The columns of a contract that any file has; of the others there is nothing to read."""
    found = connection.execute(
        "select distinct column_name from landed.column_map where contract = ?", [contract.table]
    ).fetchall()
    return [column for column in contract.columns if (column.name,) in found]


def create_typed_tables(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Empty accepted.<table> and quarantine.<table>."""
    columns = ", ".join(f'"{column.name}" {TYPES[column.type]}' for column in contract.columns)
    for schema in ("accepted", "quarantine"):
        connection.execute(
            f"create or replace table {schema}.{contract.table}"
            f" ({columns}, row_id varchar, file varchar, sheet varchar, row_number integer)"
        )


def judge(connection: duckdb.DuckDBPyConnection, contract: Contract, columns: list[Column]) -> None:
    """Read every landed row once, over the `columns` that are there.

    temp.judged: ordinal (the row's place in landed.<table>), provenance, the typed columns, q_<column> the rule that a
    cell breaks, c_<check> whether a check fails, refused. temp.repeated: rows whose key occurs more than once.
    temp.troubled: judged rows with any reason, with their cells as found (x_<column>) and letters (l_<column>).
    """
    connection.execute(facts_sql(contract, columns))
    rates = [column for column in columns if column.type == "rate"]
    if rates:
        connection.execute(percents_sql(contract, rates))
    for column in columns:
        if column.references:
            look_up(connection, contract, column)
    connection.execute(f"create or replace temp table judged as {judged_sql(contract, columns)}")
    for name, contradicting in contradiction_sql(contract):
        connection.execute(
            f"update judged set q_{name} = 'contradicting_name', refused = true where ordinal in ({contradicting})"
        )
    apply_corrections(connection, contract, repeated_sql(contract, "standing"))
    connection.execute(f"create or replace temp table repeated as {repeated_sql(contract, 'judged')}")
    connection.execute(f"create or replace temp table troubled as {troubled_sql(contract, columns)}")


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


def source_sql(contract: Contract, columns: list[Column], facts: str) -> str:
    """Landed rows (cells as x_<column>) beside facts of their table: "m" the size of the header's unit, "l" letters."""
    cells = ", ".join(f'landed."{column.name}" as x_{column.name}' for column in columns)
    wanted = ", ".join(f"{facts}_{column.name}" for column in columns if facts == "l" or column.type in NUMERIC)
    provenance = ", ".join(f"landed.{name.strip()}" for name in PROVENANCE.split(","))
    return (
        f"select landed.rowid as ordinal, {provenance}, part, first_row, {cells}{', ' if wanted else ''}{wanted}"
        f" from landed.{contract.table} as landed left join facts on landed.file_digest = facts.file_digest"
        " and landed.sheet = facts.sheet and landed.row_number between first_row and last_row"
        " and right(landed.row_id, length(part)) = part"
    )


def percents_sql(contract: Contract, rates: list[Column]) -> str:
    """One row per table of a sheet: whether each rate column is in percent, by its header or a bare value above 1."""
    texts = ", ".join(f"{reading(column).text} as t_{column.name}" for column in rates)
    parts = ", ".join(f"{reading(column).parts} as p_{column.name}" for column in rates)
    flags = ", ".join(
        f"coalesce(bool_or(m_{column.name} = 0.01 or {bare_number(column)} > 1), false) as percent_{column.name}"
        for column in rates
    )
    return (
        f"create or replace temp table percents as with source as ({source_sql(contract, rates, 'm')}),"
        f" texts as (select *, {texts} from source), parts as (select *, {parts} from texts)"
        f" select file_digest, sheet, part, first_row, {flags} from parts group by all"
    )


def judged_sql(contract: Contract, columns: list[Column]) -> str:
    """The one SELECT that reads, resolves and checks all rows of a contract."""
    readings = {column.name: reading(column) for column in columns}
    texts = "".join(f", {readings[column.name].text} as t_{column.name}" for column in columns if not column.references)
    parts = "".join(f", {found.parts} as p_{name}" for name, found in readings.items() if found.parts)
    amounts = "".join(f", {found.amount} as a_{name}" for name, found in readings.items() if found.amount)
    values = ", ".join(value_sql(column, readings[column.name]) for column in columns)
    joins = "".join(join_sql(column) for column in columns if column.references)
    source = source_sql(contract, columns, "m")
    if any(column.type == "rate" for column in columns):
        source = f"from ({source}) left join percents using (file_digest, sheet, part, first_row)"
    problems = ", ".join(f"{problem_sql(column, readings[column.name])} as q_{column.name}" for column in columns)
    typed = ", ".join(f'{typed_sql(column, columns)} as "{column.name}"' for column in contract.columns)
    broken = "".join(f', {check_sql(check, columns)} as "c_{check.name}"' for check in contract.checks)
    refused = " or ".join(
        [f"q_{column.name} is not null" for column in columns]
        + [f'"c_{check.name}"' for check in contract.checks if check.severity == "refuse"]
    )
    return (
        f"with source as ({source}), texts as (select *{texts} from source), parts as (select *{parts} from texts),"
        f" amounts as (select *{amounts} from parts), read as (select amounts.*, {values} from amounts{joins}),"
        f" typed as (select ordinal, {PROVENANCE}, {typed}, {problems} from read),"
        f" checked as (select *{broken} from typed)"
        f" select *, ({refused}) as refused from checked"
    )


def typed_sql(column: Column, columns: list[Column]) -> str:
    """SQL of a typed column; where no file has it, its default or NULL."""
    if column in columns:
        return f"v_{column.name}::{TYPES[column.type]}"
    return f"{'null' if column.default is None else sql_text(column.default)}::{TYPES[column.type]}"


def check_sql(check: Check, columns: list[Column]) -> str:
    """SQL: the check fails, in a row whose cells can all be read."""
    rules = ", ".join(f"q_{column.name}" for column in columns if column.name in check.columns)
    return f"not coalesce(({check.holds}), true) and coalesce({rules or 'null'}) is null"


def troubled_sql(contract: Contract, columns: list[Column]) -> str:
    """Judged rows with any reason, beside their cells as found and the letters of these."""
    flags = " or ".join(["refused", *(f'"c_{check.name}"' for check in contract.checks), REPEATED])
    found = f"select ordinal, columns('^[lx]_.*') from ({source_sql(contract, columns, 'l')})"
    return f"select * from (from judged where {flags}) join ({found}) using (ordinal)"


def value_sql(column: Column, found: Reading) -> str:
    """SQL of v_<column>, the typed value, with the contract's default where the cell is missing."""
    name = column.name
    if column.references:
        return f"named_{name}.id as v_{name}, named_{name}.shared as s_{name}, named_{name}.tidied as t_{name}"
    if column.default is None:
        return f"{found.value} as v_{name}"
    default = f"{sql_text(column.default)}::{TYPES[column.type]}"
    return f"case when t_{name} is null then {default} else {found.value} end as v_{name}"


def problem_sql(column: Column, found: Reading) -> str:
    """SQL of q_<column>: the name of the first rule that the cell breaks, NULL when it breaks none."""
    name = column.name
    cases = []
    if column.required and column.default is None:
        cases.append((f"t_{name} is null", "missing"))
    if column.type in ("text", "code", "list", "choice") or column.references:
        cases.append((f"contains(t_{name}, '\ufffd')", "garbled"))
    if column.references:
        cases.append((f"s_{name}", "ambiguous_reference"))
        cases.append((f"t_{name} is not null and v_{name} is null", "unknown_reference"))
    else:
        cases.append((f"t_{name} is not null and v_{name} is null", found.unread))
        cases.extend(found.refusals)
    if column.min is not None:
        cases.append((f"v_{name} < {column.min:.15g}", "below_minimum"))
    if column.max is not None:
        cases.append((f"v_{name} > {column.max:.15g}", "above_maximum"))
    return "case " + " ".join(f"when {condition} then '{rule}'" for condition, rule in cases) + " end"


def repeated_sql(contract: Contract, rows: str) -> str:
    """Rows whose key occurs more than once among those of temp.<rows> that are otherwise good.

    Columns: ordinal, rule (duplicate_row or conflicting_rows; NULL for the first of exact repeats), other_zh and
    other_en (where the row stands that it repeats).
    """
    key = ", ".join(f'"{name}"' for name in contract.key)
    content = "hash(" + ", ".join(f'"{column.name}"' for column in contract.columns) + ")"
    same = " and ".join(f'rows."{name}" is not distinct from keys."{name}"' for name in contract.key)
    place = "file || if(sheet = '', '', '/' || sheet)"
    return (
        f"with keys as (select {key}, min(ordinal) as first, min({content}) <> max({content}) as conflicting"
        f" from {rows} where not refused group by all having count(*) > 1),"
        " repeats as (select rows.ordinal, first, conflicting,"
        f" {place} || ' 第' || row_number || '行' as place_zh, {place} || ' row ' || row_number as place_en"
        f" from {rows} as rows join keys on {same} where not refused),"
        " ends as (select first, arg_max(place_zh, ordinal) as last_zh, arg_max(place_en, ordinal) as last_en,"
        " arg_min(place_zh, ordinal) as first_zh, arg_min(place_en, ordinal) as first_en from repeats group by first)"
        " select ordinal, case when conflicting then 'conflicting_rows'"
        " when ordinal <> first then 'duplicate_row' end as rule,"
        " if(ordinal = first, last_zh, first_zh) as other_zh, if(ordinal = first, last_en, first_en) as other_en"
        " from repeats join ends using (first)"
    )


def accepted_sql(contract: Contract) -> str:
    """Fill accepted.<table>: the typed columns and where each row came from."""
    columns = ", ".join(f'"{column.name}"' for column in contract.columns)
    return (
        f"insert into accepted.{contract.table} select {columns}, row_id, file, sheet, row_number"
        f" from judged where not refused and not {REPEATED} order by ordinal"
    )


def quarantined_sql(contract: Contract) -> list[str]:
    """Fill quarantine.row with the refused rows as found, and quarantine.<table> with what could be read of them."""
    cells = ", ".join(f"'{column.name}', landed.\"{column.name}\"" for column in contract.columns)
    provenance = ", ".join(f"landed.{name.strip()}" for name in PROVENANCE.split(","))
    columns = ", ".join(f'"{column.name}"' for column in contract.columns)
    refused = f"from troubled where refused or {REPEATED} order by ordinal"
    return [
        f"insert into quarantine.row select {provenance}, {sql_text(contract.table)}, json_object({cells})"
        f" from landed.{contract.table} as landed join (select ordinal {refused}) on landed.rowid = ordinal"
        " order by ordinal",
        f"insert into quarantine.{contract.table} select {columns}, row_id, file, sheet, row_number {refused}",
    ]
