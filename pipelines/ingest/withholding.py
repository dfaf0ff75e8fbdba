"""Personal data in the cells of one sheet are withheld before anything of the sheet is written.

Belongs here: masking them in the raw table of a sheet, and saying where they stood. Whatever comes after (landed rows,
notes, quarantine, findings, pages) reads the raw table and so never sees them. Does not belong here: what a personal
datum looks like (`personal`), where in a sheet such stand (`personal_places`).
"""

import re
from collections.abc import Iterable
from dataclasses import replace

import duckdb
import pyarrow as pa

from pipelines.contracts import Bilingual, contracts
from pipelines.ingest.findings import add_finding, sql_text
from pipelines.ingest.grid import column_letter
from pipelines.ingest.non_data import BLANKS
from pipelines.ingest.personal import MASK, masked, parts, personal
from pipelines.ingest.personal_places import SUSPECT, Region, Withheld, find_personal
from pipelines.ingest.tables import Table

WITHHELD = (
    "file_digest varchar, file varchar, sheet varchar, contract varchar, letter varchar, first_row integer,"
    " last_row integer, kind varchar, whole_column boolean"
)
PHONE = frozenset({"phone"})


def withhold(
    connection: duckdb.DuckDBPyConnection, raw: str, tables: list[Table], names: tuple[str, str, str]
) -> list[Table]:
    """Mask everything personal in the raw table of a sheet; the tables with their header texts masked.

    `names` are the sheet's digest, file and sheet name. Every withheld column and every column with withheld cells
    becomes a finding that says where and what kind, never the value, and rows of landed.withheld.
    """
    regions = regions_of(tables)
    found, hit = find_personal(connection, raw, regions)
    if not hit and not found.columns and not found.cells:
        return tables
    mask_columns(connection, raw, regions, found)
    mask_cells(connection, raw, regions, hit, found)
    tell(connection, regions, found, names)
    return [with_masked_texts(table, regions, found) for table in tables]


def regions_of(tables: list[Table]) -> list[Region]:
    """The places of the tables, each once although several tables may share it."""
    found: dict[tuple[int, int, range], Region] = {}
    for table in tables:
        region = found.setdefault((table.start, table.last, table.across), Region(table, {}))
        if table.contract:
            sources = {name: [number] for name, number in table.columns.items()}
            for name, sql in table.cells.items():
                sources.setdefault(name, []).extend(int(number) for number in re.findall(r"\bc([0-9]+)\b", sql))
            for name, numbers in sources.items():
                for number in numbers:
                    region.mapped.setdefault(number, []).append(contracts()[table.contract].column(name))
    return list(found.values())


def mask_columns(connection: duckdb.DuckDBPyConnection, raw: str, regions: list[Region], found: Withheld) -> None:
    """Replace every filled cell of the withheld columns."""
    for (place, number), (_, first) in found.columns.items():
        span = f"between {first} and {regions[place].table.last}"
        filled = f"trim(c{number}, {sql_text(BLANKS)}) <> ''"
        connection.execute(f"update {raw} set c{number} = '{MASK}' where rowid {span} and {filled}")
        connection.execute(f"delete from {SUSPECT} where number = {number} and place {span}")


def mask_cells(
    connection: duckdb.DuckDBPyConnection, raw: str, regions: list[Region], hit: Iterable[int], found: Withheld
) -> None:
    """Replace what is personal in single cells: those that a label announced, and those that show it themselves."""
    for number in {number for _, number in found.cells}:
        announced_rows = pa.table({"place": [row for row, other in found.cells if other == number]})
        connection.register("announced_rows", announced_rows)
        within = "in (select place from announced_rows)"
        connection.execute(f"update {raw} set c{number} = '{MASK}' where rowid {within}")
        connection.execute(f"delete from {SUSPECT} where number = {number} and place {within}")
        connection.unregister("announced_rows")
    amounts = {number for region in regions for number in region.amounts()}
    for number in hit:
        but = PHONE if number in amounts else frozenset[str]()
        texts = connection.execute(f"select distinct text from {SUSPECT} where number = {number}").fetchall()
        kinds = {text: found_parts[0][2] for (text,) in texts if (found_parts := parts(text, but))}
        if not kinds:
            continue
        shown = pa.table(
            {
                "text": pa.array(kinds, pa.string()),
                "shown": pa.array([masked(text, but) for text in kinds], pa.string()),
            }
        )
        connection.register("shown", shown)
        places = connection.execute(
            f"select place, text from {SUSPECT} join shown using (text) where number = {number}"
        ).fetchall()
        found.cells |= {(row, number): kinds[text] for row, text in places}
        connection.execute(
            f"update {raw} set c{number} = shown.shown from shown, {SUSPECT} as suspect where suspect.number = {number}"
            f" and suspect.place = {raw}.rowid and suspect.text = shown.text"
        )
        connection.unregister("shown")


def tell(
    connection: duckdb.DuckDBPyConnection, regions: list[Region], found: Withheld, names: tuple[str, str, str]
) -> None:
    """Findings and rows of landed.withheld for everything that was withheld."""
    _, file, sheet = names
    kinds = {name: kind.title for name, kind in personal().kinds.items()}
    rows = []
    for (place, number), (kind, first) in found.columns.items():
        table, letter = regions[place].table, column_letter(number)
        rows.append((*names, table.contract, letter, first + 1, table.last + 1, kind, True))
        add_finding(
            connection, "personal_column", file=file, sheet=sheet, cell=f"{letter}{first + 1}", contract=table.contract,
            found=kinds[kind], name=Bilingual(zh=letter, en=letter),
        )  # fmt: skip
    cells: dict[tuple[str, int, str], list[int]] = {}
    for (row, number), kind in sorted(found.cells.items()):
        inside = [region.table for region in regions if region.table.start <= row <= region.table.last]
        contract = next((table.contract for table in inside if number in table.across), "")
        rows.append((*names, contract, column_letter(number), row + 1, row + 1, kind, False))
        cells.setdefault((contract, number, kind), []).append(row)
    for (contract, number, kind), places in cells.items():
        letter, many = column_letter(number), str(len(places))
        add_finding(
            connection, "personal_cells", file=file, sheet=sheet, cell=f"{letter}{places[0] + 1}", contract=contract,
            found=kinds[kind], expected=Bilingual(zh=many, en=many), name=Bilingual(zh=letter, en=letter),
        )  # fmt: skip
    if rows:
        names_of_columns = [column.split()[0] for column in WITHHELD.split(", ")]
        connection.register(
            "withheld", pa.Table.from_pylist([dict(zip(names_of_columns, row, strict=True)) for row in rows])
        )
        connection.execute("insert into landed.withheld by name from withheld")
        connection.unregister("withheld")


def with_masked_texts(table: Table, regions: list[Region], found: Withheld) -> Table:
    """The table with its header texts, and the texts it takes from titles, masked like the cells.

    A withheld column is not reported a second time as one that no contract knows.
    """
    gone = {number for place, number in found.columns if regions[place].table.across == table.across}
    return replace(
        table,
        headers={name: masked(text) for name, text in table.headers.items()},
        extras={number: masked(text) for number, text in table.extras.items() if number not in gone},
        cells={name: masked(sql) if sql.startswith("'") else sql for name, sql in table.cells.items()},
        stated={name: replace(said, text=masked(said.text)) for name, said in table.stated.items()},
        refusal=replace(table.refusal, found=masked(table.refusal.found)),
    )


def withheld_cells(connection: duckdb.DuckDBPyConnection, file_digest: str) -> list[tuple[str, str, int, int]]:
    """Sheet, column letter, first and last row of everything withheld in a file: a copy of it must not show these."""
    return connection.execute(
        "select sheet, letter, first_row, last_row from landed.withheld where file_digest = ? order by all",
        [file_digest],
    ).fetchall()


def listed_rows(connection: duckdb.DuckDBPyConnection, file_digest: str) -> list[tuple[str, int, int]]:
    """Sheet, first and last row of everything in a file that lists people one by one: no copy of it holds these."""
    return connection.execute(
        "select sheet, first_row, last_row from landed.listed where file_digest = ? order by all", [file_digest]
    ).fetchall()
