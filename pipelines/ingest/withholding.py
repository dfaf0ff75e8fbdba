"""Personal data in the cells of one sheet are withheld before anything of the sheet is written.

Belongs here: deciding, for the raw table of a sheet, which columns and which cells hold personal data, masking them in
it, and saying where they stood. Whatever comes after (landed rows, notes, quarantine, findings, pages) reads the raw
table and so never sees them. Does not belong here: what a personal datum looks like (`personal`).
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import duckdb
import pyarrow as pa

from pipelines.contracts import Bilingual, Column, contracts
from pipelines.ingest.findings import add_finding, sql_text
from pipelines.ingest.grid import column_letter, fetch
from pipelines.ingest.headers import header_key, known_names
from pipelines.ingest.non_data import BLANKS
from pipelines.ingest.personal import (
    MASK,
    header_kind,
    label_kind,
    looks_like_a_name,
    masked,
    name_pattern,
    number_kind,
    parts,
    personal,
    setting,
    suspicion,
)
from pipelines.ingest.tables import Table

SUSPECT = "suspect_cells"
SHORTEST = 6  # bytes; nothing personal is shorter: two Chinese characters, a@b.cn
COLUMNS_AT_ONCE = 100
MANY = 2000  # texts that are looked at one by one; more are sifted once more before
SAMPLED = 500  # distinct cells that are looked at to tell what a column holds
LARGE_AMOUNT = 1e10  # columns that may hold so large a number may hold one that reads like a telephone number
WITHHELD = (
    "file_digest varchar, file varchar, sheet varchar, contract varchar, letter varchar, first_row integer,"
    " last_row integer, kind varchar, whole_column boolean"
)
PHONE = frozenset({"phone"})
FIGURES = {"count", "number", "rate", "year", "period", "date"}


@dataclass(frozen=True)
class Region:
    """The rows and columns of the tables over one place of a sheet, and the contract columns that each column fills."""

    table: Table
    mapped: dict[int, list[Column]]

    def amounts(self) -> set[int]:
        """Columns of amounts so large that one may read like a telephone number."""
        return {
            number
            for number, columns in self.mapped.items()
            if any(column.type == "number" and (column.max or LARGE_AMOUNT) >= LARGE_AMOUNT for column in columns)
        }

    def may_be_names(self) -> list[int]:
        """Columns that might hold personal names: those that no contract knows, and codes of a contract's own."""
        return [
            number
            for number in self.table.across
            if all(column.type == "code" and not column.references for column in self.mapped.get(number, []))
        ]

    def never_names(self) -> list[int]:
        """Columns that hold numbers, years or dates and nothing else."""
        return [number for number, columns in self.mapped.items() if {column.type for column in columns} <= FIGURES]


@dataclass
class Withheld:
    """What is withheld: whole columns as (region, column) -> (kind, first row), cells as (row, column) -> kind."""

    columns: dict[tuple[int, int], tuple[str, int]] = field(default_factory=dict)
    cells: dict[tuple[int, int], str] = field(default_factory=dict)


def withhold(
    connection: duckdb.DuckDBPyConnection, raw: str, tables: list[Table], names: tuple[str, str, str]
) -> list[Table]:
    """Mask everything personal in the raw table of a sheet; the tables with their header texts masked.

    `names` are the sheet's digest, file and sheet name. Every withheld column and every column with withheld cells
    becomes a finding that says where and what kind, never the value, and rows of landed.withheld.
    """
    regions = regions_of(tables)
    width = 1 + max((number for region in regions for number in region.table.across), default=-1)
    long = long_columns(connection, raw, width)
    hit = gather_suspects(connection, raw, long)
    found = Withheld()
    for place, region in enumerate(regions):
        name_columns(connection, raw, place, region, found)
        names_among_numbers(connection, raw, region, long, found)
    if not hit and not found.columns and not found.cells:
        return tables
    for place, region in enumerate(regions):
        number_columns(connection, raw, place, region, hit, found)
    announced(connection, raw, regions, found)
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


def gather_suspects(connection: duckdb.DuckDBPyConnection, raw: str, columns: list[int]) -> list[int]:
    """Fill temp.suspect_cells (place, number, text) with cells that may hold something personal; the columns hit."""
    connection.execute(f"create or replace temp table {SUSPECT} (place bigint, number integer, text varchar)")
    for first in range(0, len(columns), COLUMNS_AT_ONCE):
        chosen = columns[first : first + COLUMNS_AT_ONCE]
        connection.register("found_texts", suspect_texts(connection, raw, chosen))
        found = " union all ".join(
            f"select rowid, {number}, c{number} from {raw} where c{number} in (from found_texts)" for number in chosen
        )
        if connection.execute("from found_texts limit 1").fetchall():
            connection.execute(f"insert into {SUSPECT} {found}")
        connection.unregister("found_texts")
    return [number for (number,) in connection.execute(f"select distinct number from {SUSPECT} order by 1").fetchall()]


def suspect_texts(connection: duckdb.DuckDBPyConnection, raw: str, numbers: list[int]) -> pa.Table:
    """The different texts in some columns that may hold something personal.

    Looking at every different text once is several times cheaper than looking at every cell.
    """
    cheap, strict = suspicion()
    texts = (
        f"select text from (select unnest([{', '.join(f'c{number}' for number in numbers)}]) as text from {raw})"
        f" where strlen(text) >= {SHORTEST} group by text"
    )
    found = connection.sql(f"with texts as materialized ({texts}) from texts where {cheap}").to_arrow_table()
    if len(found) > MANY:
        connection.register("found_texts", found)
        found = connection.sql(f"from found_texts where {strict}").to_arrow_table()
        connection.unregister("found_texts")
    return found


def long_columns(connection: duckdb.DuckDBPyConnection, raw: str, width: int) -> list[int]:
    """Columns with a cell that is long enough to hold anything personal."""
    found: list[int] = []
    for first in range(0, width, COLUMNS_AT_ONCE):
        numbers = range(first, min(first + COLUMNS_AT_ONCE, width))
        longest = ", ".join(f"max(strlen(c{number}))" for number in numbers)
        lengths = connection.execute(f"select {longest} from {raw}").fetchall()[0]
        found += [number for number, length in zip(numbers, lengths, strict=True) if (length or 0) >= SHORTEST]
    return found


def data_span(region: Region) -> str:
    """SQL: a row lies below the header of a region."""
    return f"between {region.table.first} and {region.table.last}"


def name_columns(connection: duckdb.DuckDBPyConnection, raw: str, place: int, region: Region, found: Withheld) -> None:
    """Columns that no contract knows and that are filled with names of people."""
    numbers = region.may_be_names()
    pattern = sql_text(rf"\s*{name_pattern()}\s*")
    for first in range(0, len(numbers), COLUMNS_AT_ONCE):
        chosen = numbers[first : first + COLUMNS_AT_ONCE]
        likes = ", ".join(
            f"count(c{n}), count(*) filter (strlen(c{n}) between 6 and 30 and regexp_full_match(c{n}, {pattern}))"
            for n in chosen
        )
        counts = connection.execute(f"select {likes} from {raw} where rowid {data_span(region)}").fetchall()[0]
        for position, number in enumerate(chosen):
            filled, names = counts[2 * position], counts[2 * position + 1]
            if names < setting("name_cells") or names < setting("name_share") * filled:
                continue
            ((different,),) = connection.execute(
                f"select count(distinct c{number}) from {raw} where rowid {data_span(region)}"
            ).fetchall()
            if different >= max(setting("name_cells"), filled / 2):
                found.columns[place, number] = ("name", region.table.first)


def names_among_numbers(
    connection: duckdb.DuckDBPyConnection, raw: str, region: Region, long: list[int], found: Withheld
) -> None:
    """Cells with nothing but a name of a person in columns of numbers, years and dates, where no name belongs.

    `long` are the columns with a cell long enough for a name.
    """
    pattern = sql_text(rf"\s*{name_pattern()}\s*")
    for number in (number for number in region.never_names() if number in long):
        rows = connection.execute(
            f"select rowid from {raw} where rowid {data_span(region)} and strlen(c{number}) between 6 and 30"
            f" and ascii(c{number}) not between 33 and 127 and regexp_full_match(c{number}, {pattern})"
        ).fetchall()
        found.cells |= {(row, number): "name" for (row,) in rows}


def number_columns(
    connection: duckdb.DuckDBPyConnection, raw: str, place: int, region: Region, hit: Iterable[int], found: Withheld
) -> None:
    """Columns of which so large a share are personal numbers that the rest must be mistyped ones."""
    amounts = region.amounts()
    for number in hit:
        if number not in region.table.across or (place, number) in found.columns:
            continue
        ((filled, suspects),) = connection.execute(
            f"select (select count(*) from {raw} where rowid {data_span(region)} and trim(c{number}) <> ''), count(*)"
            f" from {SUSPECT} where number = {number} and place {data_span(region)}"
        ).fetchall()
        if suspects < setting("column_cells") or suspects < setting("column_share") * filled:
            continue
        sample = connection.execute(
            f"select text from (select distinct text from {SUSPECT} where number = {number}"
            f" and place {data_span(region)}) order by hash(text) limit {SAMPLED}"
        ).fetchall()
        kinds = Counter(number_kind(text) for (text,) in sample)
        kinds.pop(None, 0)
        if number in amounts:
            kinds.pop("phone", 0)
        if kinds.total() / len(sample) * suspects >= setting("column_share") * filled:
            found.columns[place, number] = (str(kinds.most_common(1)[0][0]), region.table.first)


def announced(connection: duckdb.DuckDBPyConnection, raw: str, regions: list[Region], found: Withheld) -> None:
    """Columns under a header, and cells beside a label, that say what they hold."""
    texts = connection.execute(f"select distinct text from {SUSPECT}").fetchall()
    telling = {text: kind for (text,) in texts if (kind := label_kind(text))}
    if not telling:
        return
    connection.register("telling", pa.table({"text": pa.array(telling, pa.string())}))
    cells = connection.execute(
        f"select place, number, text from {SUSPECT} join telling using (text) order by place, number"
    ).fetchall()
    connection.execute(
        f"create or replace temp table near as select distinct place from (select unnest([place, place + 1]) as place"
        f" from {SUSPECT} join telling using (text))"
    )
    connection.unregister("telling")
    rows = fetch(connection, raw, "rowid in (select place from near)")
    connection.execute("drop table near")
    for row, number, text in cells:
        for place, region in enumerate(regions):
            if region.table.start <= row <= region.table.last and number in region.table.across:
                announce(rows, place, region, (row, number, telling[text]), found)


def announce(
    rows: dict[int, list[str | None]], place: int, region: Region, cell: tuple[int, int, str], found: Withheld
) -> None:
    """What one header or label says about the cells below it or to its right."""
    row, number, kind = cell
    table = region.table
    if table.header_first <= row <= table.header_last:
        if number not in region.mapped:
            found.columns.setdefault((place, number), (kind, table.first))
        return
    right = [(row, n) for n in table.across if n > number and filled(rows[row][n])]
    below = (rows.get(row + 1) or [None] * (number + 1))[number] if row < table.last else None
    heads = (
        header_kind(rows[row][number] or "") is not None
        and not (rows[row][number] or "").rstrip().endswith((":", "："))
        and (not table.contract or row > table.header_last)
        and filled(below)
        and label_kind(below or "") is None
        and not any(number_kind(text) or looks_like_a_name(text) for text in rows[row] if text)
    )
    if heads:
        found.columns.setdefault((place, number), (kind, row + 1))
    for position, (_, neighbour) in enumerate(right):
        text = rows[row][neighbour] or ""
        named = kind == "name" and looks_like_a_name(text)
        if (position > 0 or heads) and not named:
            break
        if label_kind(text) is None and header_key(text) not in known_names():
            found.cells[row, neighbour] = kind


def filled(text: str | None) -> bool:
    """Whether a cell holds something."""
    return bool(text and text.strip())


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
