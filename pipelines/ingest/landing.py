"""Files into the tables of the schema `landed`: every row as text, with file, sheet and row number.

Belongs here: the order of landing and what is written about each file, sheet and row.
Does not belong here: how bytes become cells (`text_files`, `workbooks`), where tables stand (`tables`), which of their
rows are no data (`non_data`), what a cell means (`acceptance`).
"""

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.contracts import Bilingual, Column, contracts
from pipelines.ingest.corrections import SUPERSEDED, settle_unrecognised
from pipelines.ingest.extent import TooWide, too_far
from pipelines.ingest.findings import add_finding, create_finding_table, sql_text
from pipelines.ingest.graduates import LISTED, count_graduates, create_waiting_table, lists_people, waiting_table
from pipelines.ingest.grid import column_letter, shape
from pipelines.ingest.headers import NUMERIC
from pipelines.ingest.marks import cell_name, read_marks
from pipelines.ingest.non_data import APART, NON_DATA, blank_year, data_rows, not_blank, set_apart
from pipelines.ingest.profiled import profiled_tables
from pipelines.ingest.profiles import Profiles, read_profiles
from pipelines.ingest.returned import RETURNED, set_explanation_apart, take_signs
from pipelines.ingest.sources import EMPTY, PROTECTED, WORKBOOKS, Source, corrupted, inventory, packaged_reference
from pipelines.ingest.tables import Table, find_tables
from pipelines.ingest.text_files import load_text
from pipelines.ingest.totals import additive
from pipelines.ingest.units import multipliers
from pipelines.ingest.withholding import WITHHELD, withhold
from pipelines.ingest.workbooks import CalamineError, PasswordError, Sheet, load_sheets, open_workbook
from reports.workbook_marks import BESIDE

RAW = "raw_cells"
MOST_CELLS_NAMED = 10
LANDED = {
    "file": "file_digest varchar, file varchar, bytes bigint, kind varchar, encoding varchar, status varchar,"
    " message_zh varchar, message_en varchar",
    "sheet": "file_digest varchar, file varchar, sheet varchar, contract varchar, non_empty_rows bigint,"
    " source_rows bigint",
    "column_map": "file_digest varchar, file varchar, sheet varchar, contract varchar, column_name varchar,"
    " letter varchar, header varchar, unit varchar, unit_size decimal(15,3), first_row integer, last_row integer,"
    " part varchar, cell varchar",
    "total": "file_digest varchar, file varchar, sheet varchar, contract varchar, part varchar, first_row integer,"
    " last_row integer, row_number integer, word varchar, column_name varchar, letter varchar,"
    " unit_size decimal(15,3), found varchar",
    **RETURNED,
    "superseded": SUPERSEDED,
    "withheld": WITHHELD,
    "listed": LISTED,
    "non_data": NON_DATA,
}


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


def land(connection: duckdb.DuckDBPyConnection, input_dir: Path, profiles: Path | None = None) -> None:
    """Write all landed.* tables anew from the files of `input_dir` (and of `profiles`), and empty the quarantine.

    A contract that has a packaged reference file and no rows in the input is filled from that file. Raises Problem
    when a folder does not exist; whatever is wrong with a file becomes a finding.
    """
    create_landed_tables(connection)
    create_finding_table(connection)
    create_waiting_table(connection)
    seen: dict[str, str] = {}
    sources = inventory(input_dir, profiles)
    rules = read_profiles(profiles).with_copies({source.digest[:12]: source.file for source in sources})
    for source in sources:
        land_source(connection, source, rules, seen)
    settle_unrecognised(connection)
    count_graduates(connection)
    for table in contracts():
        reference = packaged_reference(table)
        if reference and not connection.execute(f"from landed.{table} limit 1").fetchall():
            land_source(connection, reference, Profiles(), seen)
    for name in (RAW, APART):
        connection.execute(f"drop table if exists temp.{name}")


def create_landed_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Empty tables of the schema landed."""
    connection.execute("create schema if not exists landed")
    for name, columns in LANDED.items():
        connection.execute(f"create or replace table landed.{name} ({columns})")
    for contract in contracts().values():
        columns = ", ".join(f'"{column.name}" varchar' for column in contract.columns)
        connection.execute(
            f"create or replace table landed.{contract.table} (row_id varchar, file_digest varchar, file varchar,"
            f" sheet varchar, row_number integer, {columns})"
        )


def land_source(
    connection: duckdb.DuckDBPyConnection, source: Source, profiles: Profiles, seen: dict[str, str]
) -> None:
    """Land one file, or record why not. `seen` maps the digests that came before to their files."""
    reason = source.problem if source.kind == "ignored" else profiles.reason_to_ignore(source.file)
    if reason:
        record_file(connection, source, "ignored", reason)
    elif source.problem:
        rule = "empty_file" if source.kind == "empty" else "unreadable_file"
        add_finding(connection, rule, file=source.file, found=source.problem)
        record_file(connection, source, "unreadable", source.problem)
    elif source.digest in seen:
        message = add_finding(connection, "duplicate_file", file=source.file, found=seen[source.digest])
        record_file(connection, source, "duplicate", message)
    else:
        seen[source.digest] = source.file
        if source.name_differs:
            add_finding(connection, "name_differs", file=source.file, found=source.kind)
        if source.kind in WORKBOOKS:
            land_workbook(connection, source, profiles)
        else:
            land_text(connection, source, profiles)


def record_file(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    status: str,
    message: Bilingual | None = None,
    encoding: str | None = None,
) -> None:
    """One row of landed.file."""
    connection.execute(
        "insert into landed.file values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            *(source.digest, source.file, source.bytes, source.kind, encoding, status),
            *((message.zh, message.en) if message else (None, None)),
        ],
    )


def land_text(connection: duckdb.DuckDBPyConnection, source: Source, profiles: Profiles) -> None:
    """Land a delimited text file as one sheet without name."""
    try:
        text_shape = load_text(connection, source, RAW)
    except TooWide as error:
        refuse_file(connection, source, error.problem)
        return
    if text_shape.damaged:
        add_finding(connection, "damaged_text", file=source.file, found=text_shape.encoding)
    if text_shape.cut_line:
        add_finding(connection, "line_cut", file=source.file, found=f"{text_shape.cut_line:,}")
    landed = land_sheet(connection, Placed(source, Sheet(0, "")), profiles)
    record_outcome(connection, source, landed, text_shape.encoding)


def land_workbook(connection: duckdb.DuckDBPyConnection, source: Source, profiles: Profiles) -> None:
    """Land all sheets of a workbook; what was landed before a damaged sheet stays."""
    landed: list[bool | None] = []
    far = too_far(source.path, source.kind)
    if far:
        refuse_file(connection, source, far)
        return
    marks, complete = read_marks(source.path, source.kind)
    try:
        for sheet in load_sheets(connection, open_workbook(source.path), marks, RAW):
            landed.append(land_sheet(connection, Placed(source, sheet), profiles))
    except (CalamineError, TooWide) as error:
        problem = problem_of(error)
        if not landed:
            refuse_file(connection, source, problem)
            return
        add_finding(connection, "unreadable_file", file=source.file, found=problem)
    if not complete:
        add_finding(connection, "marks_unread", file=source.file)
    record_outcome(connection, source, any(landed) if any(found is not None for found in landed) else None, None)


def problem_of(error: CalamineError | TooWide) -> Bilingual:
    """What stopped the reading of a workbook, in words."""
    if isinstance(error, TooWide):
        return error.problem
    return PROTECTED if isinstance(error, PasswordError) else corrupted(str(error))


def refuse_file(connection: duckdb.DuckDBPyConnection, source: Source, problem: Bilingual) -> None:
    """Record that nothing of a file was read, and why."""
    add_finding(connection, "unreadable_file", file=source.file, found=problem)
    record_file(connection, source, "unreadable", problem)


def record_outcome(
    connection: duckdb.DuckDBPyConnection, source: Source, recognised: bool | None, encoding: str | None
) -> None:
    """The status of a file that was read: `recognised` None means that it holds no cell at all."""
    if recognised is None:
        add_finding(connection, "empty_file", file=source.file)
        record_file(connection, source, "unreadable", EMPTY, encoding)
    elif recognised:
        record_file(connection, source, "read", None, encoding)
    else:
        message = Bilingual(
            zh="没有一张表可以识别，各行已隔离。", en="No table in it was recognised; its rows are quarantined."
        )
        record_file(connection, source, "unrecognised", message, encoding)


def land_sheet(connection: duckdb.DuckDBPyConnection, placed: Placed, profiles: Profiles) -> bool | None:
    """Land the sheet in the raw table; whether any of its tables fits a contract, None when it is empty."""
    width, height = shape(connection, RAW)
    if not height or not connection.execute(f"select 1 from {RAW} where {not_blank(range(width))} limit 1").fetchall():
        return None
    if set_explanation_apart(connection, RAW, placed.names):
        return None
    origin = take_signs(connection, RAW, placed.names)
    record_marks(connection, placed, hides_signs=origin is not None)
    profile = profiles.source(placed.source.file, placed.sheet.name, origin)
    if profile:
        tables = profiled_tables(connection, RAW, profile)
    else:
        tables = find_tables(connection, RAW, placed.sheet.spread, placed.sheet.name)
    tables = withhold(connection, RAW, tables, placed.names)
    for table in tables:
        if table.contract:
            mark_merged_numbers(connection, placed, table)
            land_table(connection, placed, table)
        else:
            quarantine_table(connection, placed, table)
    return any(table.contract for table in tables)


def record_marks(connection: duckdb.DuckDBPyConnection, placed: Placed, *, hides_signs: bool) -> None:
    """A finding for what is hidden in the sheet, which is read like the rest, and for formulas without a result.

    Where a correction workbook came back, what is hidden is its column of signs, which no sender has to explain.
    """
    if placed.sheet.hidden and not hides_signs:
        add_finding(connection, "hidden", file=placed.source.file, sheet=placed.sheet.name, found=placed.sheet.hidden)
    if cells := placed.sheet.without_result:
        named = "、".join(cells[:MOST_CELLS_NAMED]) + ("…" if len(cells) > MOST_CELLS_NAMED else "")
        add_finding(
            connection,
            "formula_without_result",
            file=placed.source.file,
            sheet=placed.sheet.name,
            cell=cells[0],
            found=named,
        )


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
    marks = ", ".join("?" for _ in rows[0])
    connection.executemany(f"insert into landed.column_map values ({marks})", rows)
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
    words = f"select place, text from {APART} where kind = 'total'"
    if not connection.execute(f"{words} limit 1").fetchall():
        return
    for column in columns:
        number = table.columns[column.name]
        cell = table.cells.get(column.name) or f"c{number}"
        size = unit_size(column, table.units.get(column.name))
        connection.execute(
            f"insert into landed.total select {placed.columns_sql}, {sql_text(table.contract)}, {sql_text(table.part)},"
            f" {table.first + 1}, {table.last + 1}, place + 1, text, {sql_text(column.name)},"
            f" '{column_letter(number)}', {size or 'null'}, {cell} from {RAW} join ({words}) on {RAW}.rowid = place"
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
