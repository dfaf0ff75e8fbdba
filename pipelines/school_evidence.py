"""From the warehouse to what each school is shown beside its verdicts: its rows, cells, refusals and decisions.

Belongs here: whose a row, a cell or a finding is. Does not belong here: what a school may see of numbers that are not
its own (`reports.own_view`), the workbook (`reports.school_evidence`).
"""

from dataclasses import replace

import duckdb
import pandas as pd

from pipelines.contracts import Column, Contract, contracts
from pipelines.settings import LANGUAGES
from reports.round_tables import RoundTables

TABLES = {"outcome": "cohort_year", "enrollment": "year"}  # what schools are judged by, and the year of a row
CORE = ("outcome", "enrollment", "objection", "ruling", "exemption", "program_lineage", "special_program")
NUMBERS = ("count", "number", "rate")  # types of columns with numbers


def with_school_frames(connection: duckdb.DuckDBPyConnection, tables: RoundTables) -> RoundTables:
    """The tables of a round with the frames "school.*", each with school_id; years up to the round.

    school.outcome, school.enrollment: core rows with their unit. school.cell: one row per accepted cell with a value:
    year, contract, column_name, column_zh, column_en, file, sheet, cell, found (as sent), read, used (whether the row
    is in the core table). school.finding: file, sheet, cell, severity, found, message_zh, message_en of rows that were
    refused or flagged. school.superseded: contract, year, how, the places of the row and of the one that stands for it,
    and what differs. school.decision: objections, rulings, exemptions and special programs: kind, round, to_round, day,
    said, document.
    """
    frames = {
        "school.outcome": core_rows(connection, "outcome", tables.round),
        "school.enrollment": core_rows(connection, "enrollment", tables.round),
        "school.cell": pd.concat([cells(connection, table, tables.round) for table in TABLES], ignore_index=True),
        "school.finding": findings(connection),
        "school.superseded": pd.concat([superseded(connection, table) for table in TABLES], ignore_index=True),
        "school.decision": human_decisions(connection),
        "school.column": reported_columns(),
    }
    return replace(tables, frames=tables.frames | frames)


def reported_columns() -> pd.DataFrame:
    """What schools report by program and year: contract, column_name, type, column_zh, column_en."""
    rows = [
        (table, column.name, column.type, *(column.title.in_language(lang) for lang in LANGUAGES))
        for table in TABLES
        for column in own_columns(contracts()[table])
    ]
    return pd.DataFrame(rows, columns=["contract", "column_name", "type", *(f"column_{lang}" for lang in LANGUAGES)])


def own_columns(contract: Contract) -> list[Column]:
    """The columns of a table besides school, program, year and the date of a restatement."""
    return [column for column in contract.columns if column.name not in (*contract.key[:3], contract.restated_by)]


def core_rows(connection: duckdb.DuckDBPyConnection, table: str, last: int) -> pd.DataFrame:
    """The rows of core.outcome or core.enrollment, with unit and year."""
    year = TABLES[table]
    return connection.execute(
        f"select school_id || '-' || program_code as unit, {year} as year, * exclude ({year})"
        f" from core.{table} where {year} <= ? order by unit, year",
        [last],
    ).df()


def cells(connection: duckdb.DuckDBPyConnection, table: str, last: int) -> pd.DataFrame:
    """Every value that was accepted: the cell that it stood in, as sent and as read."""
    contract, year = contracts()[table], TABLES[table]
    columns = own_columns(contract)
    names = ", ".join(f"'{column.name}'" for column in columns)
    found = ", ".join(f"landed.{column.name}::varchar" for column in columns)
    read = ", ".join(f"accepted.{column.name}::varchar" for column in columns)
    frame = connection.execute(
        f"with used as (select unnest(source_rows) as row_id from core.{table}),"
        f" value as (select accepted.school_id, accepted.program_code, accepted.{year} as year, row_id,"
        f" landed.file_digest, landed.file, landed.sheet, landed.row_number, unnest([{names}]) as column_name,"
        f" unnest([{found}]) as found, unnest([{read}]) as read from landed.{table} as landed"
        f" join accepted.{table} as accepted using (row_id))"
        " select distinct v.school_id || '-' || l.current_code as unit, v.school_id, v.program_code, v.year,"
        f" '{table}' as contract, v.column_name, v.file, v.sheet, v.row_number,"
        " coalesce(m.cell, m.letter || v.row_number, '') as cell, v.found, v.read, v.row_id in (from used) as used"
        " from value as v join core.program_lineage as l using (program_code)"
        " join landed.column_map as m on m.file_digest = v.file_digest and m.sheet = v.sheet"
        f" and m.contract = '{table}' and m.column_name = v.column_name"
        " and v.row_number between m.first_row and m.last_row and right(v.row_id, length(m.part)) = m.part"
        " where v.year <= ? and v.found is not null order by unit, year, file, sheet, row_number, cell, column_name",
        [last],
    ).df()
    types = {column.name: column.type for column in columns}
    titles = {column.name: column.title for column in columns}
    is_number = frame["column_name"].map(types).isin(NUMBERS)
    frame["number"] = pd.to_numeric(frame["read"].where(is_number))
    for lang in LANGUAGES:
        frame[f"column_{lang}"] = [titles[name].in_language(lang) for name in frame["column_name"]]
    return frame


def findings(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """What was refused or flagged, by the school of the row; of what is about no one row, the school of the file."""
    rows = " union ".join(
        f"select row_id, file, school_id from {schema}.{table} where school_id is not null"
        for table in TABLES
        for schema in ("accepted", "quarantine", "superseded")
    )
    return connection.execute(
        f"with owner as ({rows}), of_row as (select distinct row_id, school_id from owner),"
        " of_file as (select file, min(school_id) as school_id from owner group by file"
        " having count(distinct school_id) = 1)"
        " select distinct coalesce(r.school_id, o.school_id) as school_id, f.file, f.sheet, f.cell, f.contract,"
        " f.severity, f.found, f.message_zh, f.message_en from quarantine.finding as f"
        " left join of_row as r using (row_id) left join of_file as o on o.file = f.file"
        " where severity in ('refuse', 'flag') and coalesce(r.school_id, o.school_id) is not null"
        " order by school_id, severity desc, file, sheet, cell"
    ).df()


def superseded(connection: duckdb.DuckDBPyConnection, table: str) -> pd.DataFrame:
    """Rows that a later one of their key stands for, with the values that changed."""
    contract, year = contracts()[table], TABLES[table]
    columns = [column for column in contract.columns if column.type in NUMBERS and column.name not in contract.key]
    differing = {
        lang: ", ".join(
            f"case when old.{c.name} is distinct from new.{c.name} then"
            f" concat(?, ' ', coalesce(old.{c.name}::varchar, '–'), ' → ', coalesce(new.{c.name}::varchar, '–')) end"
            for c in columns
        )
        for lang in LANGUAGES
    }
    return connection.execute(
        f"select old.school_id, old.program_code, old.{year} as year, '{table}' as contract, s.how, s.file, s.sheet,"
        " s.row_number, s.by_file, s.by_sheet, s.by_row_number,"
        + ", ".join(f" concat_ws('；', {differing[lang]}) as differs_{lang}" for lang in LANGUAGES)
        + f" from superseded.{table} as old join landed.superseded as s using (row_id)"
        f" left join accepted.{table} as new on new.row_id = s.by_row_id"
        " order by old.school_id, year, s.file, s.sheet, s.row_number",
        [column.title.in_language(lang) for lang in LANGUAGES for column in columns],
    ).df()


def human_decisions(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Objections, rulings and exemptions of every unit, and whether its program is on the list of special programs."""
    return connection.execute(
        "with decision as (select unit, 'objection' as kind, round, round as to_round, received_on as day,"
        " null as ruling, null as state, null as rule, grounds as said, document from core.objection"
        " union all select unit, 'ruling', round, round, ruled_on, ruling, state, rule, reason, document"
        " from core.ruling"
        ' union all select unit, \'exemption\', "from", "to", approved_on, null, null, rule, reason, document'
        " from core.exemption"
        " union all select u.unit, 'special_program', min(s.round), max(s.round), null, null, null, null, s.kind,"
        " s.document"
        " from core.special_program as s join marts.unit as u on u.program_code = s.program_code"
        " group by u.unit, s.kind, s.document)"
        " select u.school_id, u.program_code, u.program_name, d.* from decision as d join marts.unit as u using (unit)"
        " order by unit, round, kind"
    ).df()
