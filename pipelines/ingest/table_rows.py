"""The rows of one table of a sheet: those of data to landed.<contract>, the others apart or to quarantine.

Belongs here: what is written about each table, where its columns stand, what its totals say. Does not belong here:
files and sheets (`landing`), where tables stand (`tables`), which of their rows are no data (`non_data`), what a cell
means (`acceptance`).
"""

import re
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from pipelines.contracts import Bilingual, Column, contracts
from pipelines.ingest.findings import add_finding, sql_text
from pipelines.ingest.graduates import lists_people, waiting_table
from pipelines.ingest.grid import column_letter
from pipelines.ingest.headers import NUMERIC
from pipelines.ingest.marks import cell_name
from pipelines.ingest.non_data import APART, blank_year, data_rows, not_blank, set_apart
from pipelines.ingest.sources import Source
from pipelines.ingest.tables import Table
from pipelines.ingest.totals import additive
from pipelines.ingest.units import multipliers
from pipelines.ingest.workbooks import Sheet
from reports.workbook_marks import BESIDE

RAW = "raw_cells"


@dataclass(frozen=True)
class Placed:
    """A sheet of a source, as its rows are named: the prefix of every row_id, the digest, file and sheet."""

    source: Source
    sheet: Sheet

    @property
    def row_prefix(self) -> str:
        """What comes before the row number in a row_id."""
        return f"{self.source.digest[:12]}:{self.sheet.index}:"

    @property
    def names(self) -> tuple[str, str, str]:
        """file_digest, file and sheet."""
        return self.source.digest, self.source.file, self.sheet.name

    @property
    def columns_sql(self) -> str:
        """The same as SQL literals."""
        return ", ".join(map(sql_text, self.names))


def mark_merged_numbers(connection: duckdb.DuckDBPyConnection, placed: Placed, table: Table) -> None:
    """Write the merged range beside a number that stands for several cells, in each of them: it is none of theirs."""
    contract = contracts()[table.contract]
    numeric = {number for name, number in table.columns.items() if contract.column(name).type in NUMERIC}
    marked = [
        (number, row, f"{text}（{cell_name(*first)}:{cell_name(*last)} 合并）")
        for first, last in placed.sheet.merged
        if first[1] in numeric and re.search("[0-9０-９]", text := placed.sheet.spread.get(first, ""))
        for number in numeric.intersection(range(first[1], last[1] + 1))
        for row in range(max(first[0], table.first), min(last[0], table.last) + 1)
        if first[0] < last[0] or len(numeric.intersection(range(first[1], last[1] + 1))) > 1
    ]
    if not marked:
        return
    numbers, rows, texts = zip(*marked, strict=True)
    connection.register("merged", pa.table({"number": numbers, "row": rows, "shown": texts}))
    connection.execute(
        f"create or replace temp table filled as select rowid as row from {RAW} where"
        f" rowid in (select row from merged) and {not_blank(table.across)}"
    )
    for number in set(numbers):
        connection.execute(
            f"update {RAW} set c{number} = shown from merged join filled using (row)"
            f" where number = {number} and {RAW}.rowid = row"
        )
    connection.execute("drop table filled")
    connection.unregister("merged")


def land_table(connection: duckdb.DuckDBPyConnection, placed: Placed, table: Table) -> None:
    """Write one table's rows: non-data rows apart, the others to landed.<contract>.

    Where a source row gives several rows (one per year), it counts once among source_rows and once per row that it
    gives among non_empty_rows; rows that are no data count with the first of the tables over the same rows.
    """
    contract = contracts()[table.contract]
    cells = {column.name: table.cells.get(column.name) or "null" for column in contract.columns}
    cells |= {name: f"c{number}" for name, number in table.columns.items() if name not in table.cells}
    span = f"rowid between {table.start} and {table.last}"
    if table.leads:
        set_apart(connection, RAW, table, cells.values(), placed.columns_sql)
    record_columns(connection, placed, table)
    record_totals(connection, placed, table)
    not_apart, in_order = data_rows(connection)
    data = f"{span} and {not_apart}"
    blank = blank_year(table)
    connection.execute(
        f"insert into {waiting_table(contract)} select {sql_text(placed.row_prefix)} || (rowid + 1) ||"
        f" {sql_text(table.part)}, {placed.columns_sql}, rowid + 1, {', '.join(cells.values())} from {RAW}"
        f" where {data}{f' and not {blank}' if blank else ''} {in_order}"
    )
    if blank:
        connection.execute(
            f"insert into landed.non_data select {placed.columns_sql}, rowid + 1, 'no_number', '',"
            f" {sql_text(table.contract)}, {sql_text(table.part)} from {RAW} where {data} and {blank} order by rowid"
        )
    filled = f"{span} and rowid not in (select place from {APART} where kind = 'blank')"
    connection.execute(
        f"insert into landed.sheet select {placed.columns_sql}, {sql_text(table.contract)}, count(*),"
        f" {'count(*)' if table.leads else '0'} from {RAW} where {filled if table.leads else data}"
    )


def record_columns(connection: duckdb.DuckDBPyConnection, placed: Placed, table: Table) -> None:
    """Where every column stands (in a letter, or for all rows in one cell), and a note for every header not used."""
    contract = contracts()[table.contract]
    rows = [
        (
            *(placed.source.digest, placed.source.file, placed.sheet.name, table.contract, name),
            column_letter(number) if number is not None else None,
            table.headers.get(name),
            table.units.get(name),
            unit_size(contract.column(name), table.units.get(name)),
            *(table.first + 1, table.last + 1, table.part, table.places.get(name)),
        )
        for name, number in [
            *table.columns.items(),
            *((name, None) for name in table.cells if name not in table.columns),
        ]
    ]
    values = ", ".join(f"({', '.join('?' for _ in row)})" for row in rows)
    connection.execute(f"insert into landed.column_map values {values}", [cell for row in rows for cell in row])
    if not table.leads:
        return
    for name, found in table.stated.items():
        add_finding(
            connection,
            "taken_from_title" if found.cell else "taken_from_sheet_name",
            file=placed.source.file,
            sheet=placed.sheet.name,
            cell=found.cell or "",
            contract=table.contract,
            column=name,
            found=found.text,
            name=contract.column(name).title,
        )
    for number, header in table.extras.items():
        if header.startswith(tuple(BESIDE.values())):
            continue
        add_finding(
            connection,
            "second_column" if number in table.seconds else "unknown_column",
            file=placed.source.file,
            sheet=placed.sheet.name,
            cell=f"{column_letter(number)}{table.header_last + 1}",
            contract=table.contract,
            found=header,
            name=contract.column(table.seconds[number]).title if number in table.seconds else contract.title,
        )


def record_totals(connection: duckdb.DuckDBPyConnection, placed: Placed, table: Table) -> None:
    """Write the cells of total rows to landed.total, one row per cell of a column that adds up.

    Where a profile leaves rows out, a total says nothing about those that are left.
    """
    contract = contracts()[table.contract]
    columns = [column for column in additive(contract) if column.name in table.columns]
    if not columns or table.distinct or any(kind == "filtered" for _, kind in table.apart):
        return
    totals = f"(select place, text from {APART} where kind = 'total')"
    if not connection.execute(f"from {totals} limit 1").fetchall():
        return
    cells = ", ".join(total_cell(column, table) for column in columns)
    connection.execute(
        f"insert into landed.total select {placed.columns_sql}, {sql_text(table.contract)}, {sql_text(table.part)},"
        f" {table.first + 1}, {table.last + 1}, place + 1, text, unnest([{cells}], recursive := true)"
        f" from {RAW} join {totals} on {RAW}.rowid = place"
    )


def total_cell(column: Column, table: Table) -> str:
    """SQL of one cell of a total row: its column, letter, the size of its unit, and the cell as found."""
    number = table.columns[column.name]
    size = unit_size(column, table.units.get(column.name))
    return (
        f"{{'column_name': {sql_text(column.name)}, 'letter': '{column_letter(number)}',"
        f" 'unit_size': {size or 'null'}::decimal(15,3), 'found': {table.cells.get(column.name) or f'c{number}'}}}"
    )


def unit_size(column: Column, unit: str | None) -> str | None:
    """How many stored units the header's unit is; NULL where it says nothing new."""
    size = multipliers(column.unit, column.type).get(unit or "")
    return None if size == "1" else size


def quarantine_table(connection: duckdb.DuckDBPyConnection, placed: Placed, table: Table) -> None:
    """Quarantine every row of a region that fits no contract, with one finding for the whole region.

    Of a region that lists people, only the places of its rows are kept.
    """
    span = f"rowid between {table.start} and {table.last} and {not_blank(table.across)}"
    kept = () if lists_people(connection, placed.names, table) else table.across
    pairs = ", ".join(f"'{column_letter(number)}', c{number}" for number in kept)
    connection.execute(
        f"insert into quarantine.row select {sql_text(placed.row_prefix)} || (rowid + 1) || {sql_text(table.part)},"
        f" {placed.columns_sql}, rowid + 1, '', json_object({pairs}) from {RAW} where {span} order by rowid"
    )
    connection.execute(
        f"insert into landed.sheet select {placed.columns_sql}, '', count(*), count(*) from {RAW} where {span}"
    )
    nearest = contracts().get(table.nearest)
    columns = [nearest.column(name) for name in table.refusal.columns] if nearest else []
    add_finding(
        connection,
        table.refusal.rule,
        file=placed.source.file,
        sheet=placed.sheet.name,
        cell=f"{column_letter(table.across.start)}{table.start + 1}",
        column=", ".join(table.refusal.columns) or None,
        found=table.refusal.found,
        expected=Bilingual(
            zh="、".join(column.title.zh for column in columns), en=", ".join(column.title.en for column in columns)
        ),
        name=nearest.title if nearest else None,
    )
