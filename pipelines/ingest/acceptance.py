"""Landed rows of one contract to accepted or quarantined rows, by SQL that is generated from the contract alone.

Belongs here: the order of judging a row: read, resolve, constrain, check, compare with its repeats.
Does not belong here: what one cell means (`values`), the wording of reasons (`findings`).
"""

import duckdb

from pipelines.contracts import Check, Column, Contract
from pipelines.ingest.corrections import apply_corrections
from pipelines.ingest.findings import sql_text
from pipelines.ingest.readings import PROVENANCE, default_sql, drop_readings, read_texts, source_sql
from pipelines.ingest.reasons import record_reasons, record_recognised
from pipelines.ingest.references import contradiction_sql, decisions_in
from pipelines.ingest.totals import check_totals
from pipelines.ingest.values import TYPES

REPEATED = "ordinal in (select ordinal from repeated where rule is not null)"
TYPED = ("accepted", "quarantine", "superseded")


def accept(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Write accepted.<table> and the contract's rows and findings in quarantine, replacing what was there.

    quarantine.<table> holds the refused rows, and superseded.<table> those that another row stands for, as far as they
    could be read, typed like accepted.<table>.
    Tables that the contract refers to must have been accepted before (the order of `contracts()`).
    """
    for schema in TYPED:
        connection.execute(f"create schema if not exists {schema}")
    connection.execute("delete from quarantine.row where contract = ?", [contract.table])
    connection.execute("delete from quarantine.finding where contract = ? and row_id is not null", [contract.table])
    connection.execute("delete from quarantine.suggestion where contract = ?", [contract.table])
    create_typed_tables(connection, contract)
    if not connection.execute(f"from landed.{contract.table} limit 1").fetchall():
        return
    columns = present_columns(connection, contract)
    rows = read_texts(connection, contract, columns)
    judge(connection, contract, columns, rows)
    record_reasons(connection, contract, columns)
    for column in columns:
        if column.references:
            record_recognised(connection, contract, column, source_sql(contract, [column], "l"))
    connection.execute(accepted_sql(contract, columns, rows))
    for statement in quarantined_sql(contract):
        connection.execute(statement)
    check_totals(connection, contract)
    for name in ("in_question", "judged", "repeated", "troubled"):
        connection.execute(f"drop table if exists temp.{name}")
    drop_readings(connection, columns)


def present_columns(connection: duckdb.DuckDBPyConnection, contract: Contract) -> list[Column]:
    """The columns of a contract that any file has; of the others there is nothing to read."""
    found = connection.execute(
        "select distinct column_name from landed.column_map where contract = ?", [contract.table]
    ).fetchall()
    return [column for column in contract.columns if (column.name,) in found]


def create_typed_tables(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Empty accepted.<table>, quarantine.<table> and superseded.<table>."""
    columns = ", ".join(f'"{column.name}" {TYPES[column.type]}' for column in contract.columns)
    for schema in TYPED:
        connection.execute(
            f"create or replace table {schema}.{contract.table}"
            f" ({columns}, row_id varchar, file varchar, sheet varchar, row_number integer)"
        )


def judge(connection: duckdb.DuckDBPyConnection, contract: Contract, columns: list[Column], rows: str) -> None:
    """Judge the landed rows; `rows` is the SQL of them, joined to what their texts say.

    temp.in_question: ordinal (the row's place in landed.<table>) of the rows that must be looked at one by one: refused
    or flagged, or with a key that occurs more than once. All others are good. temp.judged: these rows with provenance,
    the typed columns, q_<column> the rule that a cell breaks, c_<check> whether a check fails, refused.
    temp.repeated: rows whose key occurs more than once. temp.troubled: judged rows with any reason, with their cells as
    found (x_<column>) and letters (l_<column>).
    """
    every = f"select rowid as ordinal from landed.{contract.table}"
    in_question = every if needs_every_row(connection, contract) else in_question_sql(contract, columns, rows)
    connection.execute(f"create or replace temp table in_question as {in_question}")
    chosen = "landed.rowid in (select ordinal from in_question)"
    connection.execute(f"create or replace temp table judged as {judged_sql(contract, columns, rows, chosen)}")
    for name, contradicting in contradiction_sql(contract):
        connection.execute(
            f"update judged set q_{name} = 'contradicting_name', refused = true where ordinal in ({contradicting})"
        )
    apply_corrections(connection, contract, repeated_sql(contract, "standing"))
    connection.execute(f"create or replace temp table repeated as {repeated_sql(contract, 'judged')}")
    connection.execute(f"create or replace temp table troubled as {troubled_sql(contract, columns)}")


def needs_every_row(connection: duckdb.DuckDBPyConnection, contract: Contract) -> bool:
    """Whether rows are judged by others than those of their own key, so that all of them are in question."""
    returned = "select 1 from landed.returned union all select 1 from landed.handed_out limit 1"
    return bool(decisions_in(contract) or connection.execute(returned).fetchall())


def in_question_sql(contract: Contract, columns: list[Column], rows: str) -> str:
    """SELECT of the ordinals of temp.in_question, unless all rows are."""
    key = ", ".join(f'"{name}"' for name in contract.key)
    flagged = " or ".join(["refused", *(f'"c_{check.name}"' for check in contract.checks)])
    return (
        f"with judged as ({judged_sql(contract, columns, rows)}),"
        f" marked as materialized (select ordinal, refused, ({flagged}) as flagged, hash({key}) as key from judged),"
        " repeated as (select key from marked where not refused group by key having count(*) > 1)"
        " select ordinal from marked where flagged or key in (from repeated)"
    )


def judged_sql(contract: Contract, columns: list[Column], rows: str, where: str = "true") -> str:
    """The one SELECT that types and checks rows of a contract."""
    provenance = ", ".join(f"landed.{name.strip()}" for name in PROVENANCE.split(","))
    typed = ", ".join(f'{typed_sql(column, columns)} as "{column.name}"' for column in contract.columns)
    problems = ", ".join(f"read_{column.name}.q as q_{column.name}" for column in columns)
    broken = "".join(f', {check_sql(check, columns)} as "c_{check.name}"' for check in contract.checks)
    refused = " or ".join(
        [f"q_{column.name} is not null" for column in columns]
        + [f'"c_{check.name}"' for check in contract.checks if check.severity == "refuse"]
    )
    return (
        f"with typed as (select landed.rowid as ordinal, {provenance}, {typed}, {problems} from {rows} where {where}),"
        f" checked as (select *{broken} from typed)"
        f" select *, ({refused}) as refused from checked"
    )


def typed_sql(column: Column, columns: list[Column]) -> str:
    """SQL of a typed column; where no file has it, its default or NULL."""
    return f"read_{column.name}.v" if column in columns else default_sql(column)


def check_sql(check: Check, columns: list[Column]) -> str:
    """SQL: the check fails, in a row whose cells can all be read."""
    rules = ", ".join(f"q_{column.name}" for column in columns if column.name in check.columns)
    return f"not coalesce(({check.holds}), true) and coalesce({rules or 'null'}) is null"


def troubled_sql(contract: Contract, columns: list[Column]) -> str:
    """Judged rows with any reason, beside their cells as found and the letters of these."""
    flags = " or ".join(["refused", *(f'"c_{check.name}"' for check in contract.checks), REPEATED])
    chosen = "landed.rowid in (select ordinal from judged)"
    found = f"select ordinal, columns('^[lx]_.*') from ({source_sql(contract, columns, 'l', chosen)})"
    return f"select * from (from judged where {flags}) join ({found}) using (ordinal)"


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


def accepted_sql(contract: Contract, columns: list[Column], rows: str) -> str:
    """Fill accepted.<table>, in any order: the typed columns and where each row came from."""
    typed = ", ".join(typed_sql(column, columns) for column in contract.columns)
    good = f"select ordinal from judged where not refused and not {REPEATED}"
    return (
        f"insert into accepted.{contract.table} select {typed}, landed.row_id, landed.file, landed.sheet,"
        f" landed.row_number from {rows} where landed.rowid not in (select ordinal from in_question except {good})"
    )


def quarantined_sql(contract: Contract) -> list[str]:
    """Fill quarantine.row with the refused rows as found, and quarantine.<table> with what could be read of them."""
    cells = ", ".join(f"'{column.name}', landed.\"{column.name}\"" for column in contract.columns)
    provenance = ", ".join(f"landed.{name.strip()}" for name in PROVENANCE.split(","))
    columns = ", ".join(f'"{column.name}"' for column in contract.columns)
    refused = f"from troubled where refused or {REPEATED}"
    return [
        f"insert into quarantine.row select {provenance}, {sql_text(contract.table)}, json_object({cells})"
        f" from landed.{contract.table} as landed where landed.rowid in (select ordinal {refused})",
        f"insert into quarantine.{contract.table} select {columns}, row_id, file, sheet, row_number {refused}"
        " order by ordinal",
    ]
