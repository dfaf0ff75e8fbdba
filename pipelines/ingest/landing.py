"""Files into the tables of the schema `landed`: every row as text, with file, sheet and row number.

Belongs here: the order of landing and what is written about each file and sheet.
Does not belong here: how bytes become cells (`text_files`, `workbooks`), where tables stand (`tables`), what is written
about each of them (`table_rows`), what a cell means (`acceptance`).
"""

from pathlib import Path

import duckdb

from pipelines.contracts import Bilingual, contracts
from pipelines.ingest.corrections import SUPERSEDED, settle_unrecognised
from pipelines.ingest.extent import TooWide, too_far
from pipelines.ingest.findings import add_finding, create_finding_table
from pipelines.ingest.graduates import LISTED, count_graduates, create_waiting_table
from pipelines.ingest.grid import shape
from pipelines.ingest.marks import read_marks
from pipelines.ingest.non_data import APART, NON_DATA, not_blank
from pipelines.ingest.package import Package
from pipelines.ingest.profiled import profiled_tables
from pipelines.ingest.profiles import Profiles, read_profiles
from pipelines.ingest.returned import RETURNED, set_explanation_apart, take_signs
from pipelines.ingest.sources import EMPTY, PROTECTED, WORKBOOKS, Source, corrupted, inventory, packaged_reference
from pipelines.ingest.table_rows import RAW, Placed, land_table, mark_merged_numbers, quarantine_table
from pipelines.ingest.tables import find_tables
from pipelines.ingest.text_files import load_text
from pipelines.ingest.withholding import WITHHELD, withhold
from pipelines.ingest.workbooks import CalamineError, PasswordError, Sheet, load_sheets, open_workbook

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
    package = Package(source.path)
    far = too_far(package, source.kind)
    if far:
        refuse_file(connection, source, far)
        return
    marks, complete = read_marks(package, source.kind)
    del package  # the parts that it has unpacked
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
