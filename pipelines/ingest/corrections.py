"""Which row stands where a later one says that it takes its place: corrections that came back, and restatements.

A row is replaced only by a row that says so: it carries the sign of the row it was copied from, or the date on which it
restates rows of its key. Never by the order of files. What another row stands for is kept in landed.superseded.
Belongs here: deciding that, for the judged rows of one contract. Does not belong here: reading signs (`returned`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import duckdb
import pyarrow as pa

from pipelines.contracts import Contract
from pipelines.ingest.findings import add_finding, sql_text

How = Literal["corrected", "unchanged", "withdrawn", "restated"]
SUPERSEDED = (
    "row_id varchar, file_digest varchar, file varchar, sheet varchar, row_number integer, contract varchar,"
    " cells json, how varchar, by_row_id varchar, by_file varchar, by_sheet varchar, by_row_number integer"
)
PLACE = "regexp_extract({}, '^[^:]*:[0-9]+:[0-9]+')"  # of a row_id: file, sheet and row, without the part of the row


@dataclass(frozen=True)
class Row:
    """A judged row that takes part in corrections: its texts and typed values as hashes, whether its cells are refused.

    `origin` is the row_id of the row that it was copied from, None for a row that others were copied from.
    """

    ordinal: int
    row_id: str
    refused: bool
    texts: int
    values: int
    origin: str | None = None

    def same_as(self, other: "Row") -> bool:
        """Whether it says the same: the same texts or, where both can be read, the same values."""
        readable = not self.refused and not other.refused
        return self.texts == other.texts or (readable and self.values == other.values)


@dataclass
class Settled:
    """What became of the rows of one generation: (row, how, the row that stands for it), and rows in dispute."""

    superseded: list[tuple[Row, How, Row]] = field(default_factory=list)
    disputed: list[Row] = field(default_factory=list)


def settle(standing: Row, refused: bool, copies: Sequence[Row]) -> Settled:
    """What becomes of a row and of its copies that came back; `refused` whether the standing row is, by any rule.

    - One correction that can be accepted: it replaces the row and every other copy but its own repeats.
    - Several that differ: all are in dispute; they replace the row only if it was refused anyway.
    - None: a copy left as it was replaces a refused row, and so carries its question on, and merely repeats an accepted
      one; a copy that is itself refused replaces a refused row and leaves an accepted one standing.
    """
    settled = Settled()
    same = [copy for copy in copies if copy.same_as(standing)]
    changed = [copy for copy in copies if copy not in same]
    good = [copy for copy in changed if not copy.refused]
    bad = [copy for copy in changed if copy.refused]
    if len({copy.values for copy in good}) == 1:
        settled.superseded = [(row, "corrected", good[0]) for row in (standing, *same, *bad)]
        return settled
    settled.disputed = good
    heirs = [*good, *bad, *same] if refused else [standing]
    settled.superseded = [(copy, "unchanged", heirs[0]) for copy in same if copy is not heirs[0]]
    if refused:
        settled.superseded.append((standing, "corrected" if heirs[0] not in same else "unchanged", heirs[0]))
    return settled


def apply_corrections(connection: duckdb.DuckDBPyConnection, contract: Contract, repeated_sql: str) -> None:
    """Take the rows that a correction or a restatement replaces out of temp.judged, and keep them.

    `repeated_sql` is the SELECT of ordinal and rule of the rows in temp.standing that repeat or contradict another.
    Corrections are settled one generation after the other: the first copies, the copies of copies, and so on.
    """
    connection.execute("delete from landed.superseded where contract = ?", [contract.table])
    if connection.execute("from landed.returned limit 1").fetchall():
        rows = rows_taking_part(connection, contract)
        missing = rows_not_returned(connection, contract)
        if rows or missing:
            apply_returned(connection, contract, rows, missing, repeated_sql)
    if contract.restated_by:
        apply_restatements(connection, contract)


def rows_taking_part(connection: duckdb.DuckDBPyConnection, contract: Contract) -> dict[str, Row]:
    """The copies among the judged rows and the rows that they were copied from, by row_id."""
    texts = ", ".join(f'landed."{column.name}"' for column in contract.columns)
    values = ", ".join(f'taking_part."{column.name}"' for column in contract.columns)
    found = connection.execute(
        "with signed as (select judged.*, origin || substr(judged.row_id, 1 + length("
        f"{PLACE.format('judged.row_id')})) as origin_row_id from judged left join landed.returned as returned"
        " using (file_digest, sheet, row_number)),"
        " taking_part as (select * from signed where origin_row_id is not null"
        " or row_id in (select origin_row_id from signed))"
        f" select ordinal, taking_part.row_id, refused, hash({texts}), hash({values}), origin_row_id"
        f" from taking_part join landed.{contract.table} as landed on landed.rowid = ordinal order by ordinal"
    ).fetchall()
    rows = {row[1]: Row(*row) for row in found}
    return {
        name: row if row.origin in rows else Row(row.ordinal, name, row.refused, row.texts, row.values)
        for name, row in rows.items()
    }


def rows_not_returned(connection: duckdb.DuckDBPyConnection, contract: Contract) -> list[tuple[int, str, str]]:
    """Rows that were handed out and that no returned workbook has any more: ordinal, row_id, the workbook's file."""
    place = PLACE.format("judged.row_id")
    found: list[tuple[int, str, str]] = connection.execute(
        "select ordinal, row_id, min(handed_out.file) from judged join landed.handed_out on"
        f" {place} = concat_ws(':', origin_digest[:12], sheet_index, row_number)"
        f" and row_number between first_row and last_row"
        f" where {place} not in (select origin from landed.returned where filled) group by all order by ordinal"
    ).fetchall()
    return found


def apply_returned(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    rows: dict[str, Row],
    missing: list[tuple[int, str, str]],
    repeated_sql: str,
) -> None:
    """Settle the copies generation by generation, and write what was settled."""
    generations = by_generation(rows)
    stands: dict[str, Row] = {}  # what stands for a row that does not stand itself
    replaced: list[tuple[int, How, int | None, str | None]] = []
    disputed: list[int] = []
    left = {row_id: (ordinal, file) for ordinal, row_id, file in missing}
    for number in range(1, max(2, len(generations))):
        waiting = [row.ordinal for later in generations[number:] for row in later] + [entry[0] for entry in replaced]
        refused = refused_ordinals(connection, waiting, repeated_sql)
        for row_id in [
            row_id for row_id, (ordinal, _) in left.items() if ordinal in refused and ordinal not in waiting
        ]:
            ordinal, file = left.pop(row_id)
            replaced.append((ordinal, "withdrawn", None, file))
        copies: dict[str, list[Row]] = defaultdict(list)
        for row in generations[number] if number < len(generations) else ():
            standing = rows[str(row.origin)]
            while standing.row_id in stands:
                standing = stands[standing.row_id]
            copies[standing.row_id].append(row)
        for row_id, found in copies.items():
            settled = settle(rows[row_id], rows[row_id].ordinal in refused, found)
            disputed += [row.ordinal for row in settled.disputed]
            for row, how, heir in settled.superseded:
                stands[row.row_id] = heir
                replaced.append((row.ordinal, how, heir.ordinal, None))
    write_superseded(connection, contract, replaced)
    first = contract.key[0]
    connection.execute(
        f"update judged set q_{first} = 'disputed_correction', refused = true where list_contains(?, ordinal)",
        [disputed],
    )
    tell_missing(connection, contract, left)


def by_generation(rows: dict[str, Row]) -> list[list[Row]]:
    """Originals, their copies, the copies of these, and so on; copies that are each other's are left out."""
    known: dict[str | None, int] = {None: -1}
    generations: list[list[Row]] = []
    open_rows = list(rows.values())
    while open_rows:
        ready = [row for row in open_rows if row.origin in known]
        if not ready:
            break
        for row in ready:
            depth = known[row.origin] + 1
            known[row.row_id] = depth
            while len(generations) <= depth:
                generations.append([])
            generations[depth].append(row)
        open_rows = [row for row in open_rows if row.row_id not in known]
    return generations


def refused_ordinals(connection: duckdb.DuckDBPyConnection, waiting: Iterable[int], repeated_sql: str) -> set[int]:
    """The judged rows that are refused, by a cell or by another row, when those `waiting` are left out."""
    connection.register("waiting", pa.table({"ordinal": pa.array(list(waiting), pa.int64())}))
    connection.execute("create or replace temp table standing as from judged anti join waiting using (ordinal)")
    connection.unregister("waiting")
    found = connection.execute(
        f"select ordinal from standing where refused union select ordinal from ({repeated_sql}) where rule is not null"
    ).fetchall()
    connection.execute("drop table temp.standing")
    return {ordinal for (ordinal,) in found}


def write_superseded(
    connection: duckdb.DuckDBPyConnection, contract: Contract, replaced: list[tuple[int, How, int | None, str | None]]
) -> None:
    """Move judged rows to landed.superseded (as found) and superseded.<table> (typed).

    `replaced` has their ordinals, how, and the row or only the file that replaces them.
    """
    if not replaced:
        return
    ordinals, hows, heirs, files = zip(*replaced, strict=True)
    by = {
        "ordinal": ordinals,
        "how": hows,
        "heir": pa.array(heirs, pa.int64()),
        "only_file": pa.array(files, pa.string()),
    }
    connection.register("replaced", pa.table(by))
    cells = ", ".join(f"'{column.name}', landed.\"{column.name}\"" for column in contract.columns)
    connection.execute(
        "insert into landed.superseded select old.row_id, old.file_digest, old.file, old.sheet, old.row_number,"
        f" {sql_text(contract.table)}, json_object({cells}), how, heir.row_id, coalesce(heir.file, only_file),"
        f" heir.sheet, heir.row_number from replaced join judged as old using (ordinal)"
        f" join landed.{contract.table} as landed on landed.rowid = old.ordinal"
        " left join judged as heir on heir.ordinal = replaced.heir order by old.ordinal"
    )
    columns = ", ".join(f'"{column.name}"' for column in contract.columns)
    connection.execute(
        f"insert into superseded.{contract.table} select {columns}, row_id, file, sheet, row_number from judged"
        " semi join replaced using (ordinal) order by ordinal"
    )
    connection.execute("delete from judged where ordinal in (select ordinal from replaced)")
    connection.unregister("replaced")


def tell_missing(connection: duckdb.DuckDBPyConnection, contract: Contract, left: dict[str, tuple[int, str]]) -> None:
    """Flag accepted rows that a returned workbook has no more: they stay, because nobody said that they were wrong."""
    for row_id, (ordinal, file) in left.items():
        place = connection.execute("select file, sheet, row_number from judged where ordinal = ?", [ordinal]).fetchall()
        for where, sheet, row_number in place:
            add_finding(
                connection,
                "missing_in_correction",
                file=where,
                sheet=sheet,
                cell=f"A{row_number}",
                contract=contract.table,
                found=file,
                row_id=row_id,
            )


def apply_restatements(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Of rows with one key, those restated last stand; the others are superseded.

    Rows of the same latest date that differ settle nothing: then all rows of the key contradict each other.
    """
    key = ", ".join(f'"{name}"' for name in contract.key)
    content = ", ".join(f'"{column.name}"' for column in contract.columns)
    found = connection.execute(
        f"with dated as (select ordinal, {key}, hash({content}) as content,"
        f" coalesce({contract.restated_by}, date '0001-01-01') as since from judged where not refused),"
        " last as (select *, max(since) over same as newest from dated window same as (partition by"
        f" {key})), heirs as (select {key}, min(ordinal) as heir from last where since = newest"
        f" and newest > date '0001-01-01' group by {key} having min(content) = max(content))"
        f" select ordinal, heir from last join heirs on {same_key(contract)} where since < newest order by ordinal"
    ).fetchall()
    write_superseded(connection, contract, [(ordinal, "restated", heir, None) for ordinal, heir in found])


def same_key(contract: Contract) -> str:
    """SQL: a row has the key of an heir."""
    return " and ".join(f'last."{name}" is not distinct from heirs."{name}"' for name in contract.key)


def settle_unrecognised(connection: duckdb.DuckDBPyConnection) -> None:
    """Rows of tables that fitted no contract are superseded as soon as a correction of their sheet has come back.

    Their copies carry the question on where they still fit none; a row that the workbook has no more was withdrawn.
    """
    place = PLACE.format("row.row_id")
    connection.execute(
        "insert into landed.superseded with copies as (select distinct on (origin) origin, file, sheet, row_number"
        " from landed.returned where filled order by origin, file, sheet, row_number)"
        " select row.row_id, row.file_digest, row.file, row.sheet, row.row_number, '', row.cells,"
        " if(origin is null, 'withdrawn', 'corrected'), null, coalesce(copies.file, handed_out.file), copies.sheet,"
        f" copies.row_number from quarantine.row as row left join copies on origin = {place}"
        f" left join landed.handed_out on {place} = concat_ws(':', origin_digest[:12], sheet_index, row.row_number)"
        " and row.row_number between first_row and last_row"
        " where row.contract = '' and coalesce(origin, handed_out.file) is not null"
        " qualify row_number() over (partition by row.row_id) = 1"
    )
    gone = "(select row_id from landed.superseded where contract = '')"
    connection.execute(f"delete from quarantine.row where contract = '' and row_id in {gone}")
    connection.execute(
        "delete from quarantine.finding where row_id is null and severity = 'refuse' and (file, sheet) in"
        " (select file, sheet from landed.superseded where contract = '') and (file, sheet) not in"
        " (select file, sheet from quarantine.row where contract = '')"
    )
    connection.execute(
        "update landed.file set status = 'read', message_zh = null, message_en = null where status = 'unrecognised'"
        " and file not in (select file from quarantine.row where contract = '')"
    )
