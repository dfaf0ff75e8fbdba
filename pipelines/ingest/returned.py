"""Correction workbooks that come back: the signs in their cells, and which row each of their rows was copied from.

Belongs here: reading the signs of `reports.workbook_marks` off the raw cells of a sheet, before tables are looked for.
Does not belong here: which row stands in the end (`corrections`), writing such workbooks.
"""

import duckdb
import pyarrow as pa

from pipelines.ingest.findings import sql_text
from pipelines.ingest.personal import masked
from reports.workbook_marks import ORIGIN, explains, origin_of

HEAD_ROWS = 60  # every row that we hand out is signed, so that the first rows show where the signs stand
RETURNED = {
    "returned": "file_digest varchar, file varchar, sheet varchar, row_number integer, origin varchar, filled boolean",
    "handed_out": "file_digest varchar, file varchar, origin_digest varchar, origin_file varchar, sheet_index integer,"
    " first_row integer, last_row integer",
}


def take_signs(connection: duckdb.DuckDBPyConnection, raw: str, names: tuple[str, str, str]) -> str | None:
    """Move the signs of a sheet's rows from the raw table to landed.returned; the file (12 hex digits) they name.

    `names` are the sheet's digest, file and sheet name. None where the sheet has no signs, as almost all.
    """
    columns = connection.table(raw).columns
    head = connection.execute(f"from {raw} limit {HEAD_ROWS}").fetchall()
    signed = [
        name
        for number, name in enumerate(columns)
        if any(row[number] and row[number].startswith("duikou:") and origin_of(row[number]) for row in head)
    ]
    if not signed:
        return None
    texts = connection.execute(f"select rowid + 1, {', '.join(signed)} from {raw} order by rowid").fetchall()
    origins = [
        (row, origin)
        for row, *cells in texts
        if (origin := next((o for cell in cells if (o := origin_of(cell or ""))), None))
    ]
    for name in signed:
        connection.execute(f"update {raw} set {name} = null where starts_with({name}, 'duikou:')")
    rows, places = zip(*origins, strict=True)
    connection.register("signs", pa.table({"row": rows, "origin": places}))
    others = ", ".join(columns)
    connection.execute(
        f"insert into landed.returned select {', '.join(map(sql_text, names))}, row, origin,"
        f" trim(concat({others})) <> '' from signs join {raw} on {raw}.rowid + 1 = row"
    )
    connection.unregister("signs")
    return str(places[0].split(":")[0])


def set_explanation_apart(connection: duckdb.DuckDBPyConnection, raw: str, names: tuple[str, str, str]) -> bool:
    """Write a sheet that only explains to landed.non_data, all of it; False for any other sheet."""
    columns = connection.table(raw).columns
    first = connection.execute(
        f"select coalesce({', '.join(columns)}) as text from {raw} where text <> '' limit 1"
    ).fetchall()
    if not first or not explains(first[0][0]):
        return False
    place = ", ".join(map(sql_text, names))
    filled = f"from {raw} where trim(concat({', '.join(columns)})) <> ''"
    connection.execute(
        f"insert into landed.non_data select {place}, rowid + 1, 'explanation', '', '', '' {filled} order by rowid"
    )
    connection.execute(f"insert into landed.sheet select {place}, '', count(*), count(*) {filled}")
    read_origin(connection, raw, names)
    return True


def read_origin(connection: duckdb.DuckDBPyConnection, raw: str, names: tuple[str, str, str]) -> None:
    """Write to landed.handed_out which rows of which file a correction workbook was made of, where the sheet says so.

    Its lines: the sign, then ORIGIN with the file's digest and name, then sheet, first and last row of each span.
    """
    rows = connection.execute(f"from {raw} limit 2").fetchall()
    if len(rows) < 2 or rows[1][0] != ORIGIN or len(rows[1]) < 3:
        return
    digest, file, _ = names
    _, origin_digest, origin_file, *_ = rows[1]
    connection.execute(
        "insert into landed.handed_out select ?, ?, ?, ?, sheet, first, last from"
        f" (select try_cast(c0 as integer) as sheet, try_cast(c1 as integer) as first,"
        f" try_cast(c2 as integer) as last from {raw} where rowid >= 2)"
        " where sheet is not null and first is not null and last is not null",
        [digest, file, origin_digest, masked(origin_file or "")],
    )
