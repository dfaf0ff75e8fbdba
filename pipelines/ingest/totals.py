"""Total rows (合计, 小计, 总计): kept out of the data, and checked against the sum of the rows that they cover.

Belongs here: what a total covers, the comparison, its finding. Does not belong here: telling that a row is a total
(`non_data`), checks between columns of a row (contracts).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import duckdb

from pipelines.contracts import Bilingual, Column, Contract
from pipelines.ingest.findings import add_finding, sql_text
from pipelines.ingest.values import reading, size_sql

PARTIAL = re.compile("小[\\s　]*计|subtotal", re.IGNORECASE)
NARROWED = re.compile("其中|[（(][男女]|[男女]生")  # a total of some of the people only
PLACE = ("file_digest", "file", "sheet", "part", "first_row", "last_row")


@dataclass(frozen=True)
class Segment:
    """Data rows between two total rows: the first and the last, how many; per column the sum and the empty cells."""

    first: int
    last: int
    rows: int
    sums: dict[str, float]
    gaps: dict[str, int]


@dataclass(frozen=True)
class Stated:
    """One cell of a total row: what is written, its value and the size of its unit and of its last digit, in the
    stored unit."""

    column: str
    letter: str
    found: str
    value: float
    unit: float
    digit: float


@dataclass(frozen=True)
class Total:
    """One total row: its texts (| between them), its row, its cells, and the number of segments above it."""

    word: str
    row: int
    cells: tuple[Stated, ...]
    above: int

    @property
    def partial(self) -> bool:
        """Whether it says that it is the total of a group."""
        return bool(PARTIAL.search(self.word))


def additive(contract: Contract) -> list[Column]:
    """The columns whose values add up over rows."""
    return [column for column in contract.columns if column.type == "count" or column.additive]


def check_totals(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Add a finding for every cell of a total row that differs from the sum of the rows it covers.

    Sums run over all landed rows that can be read, refused and superseded ones included: the total is its sender's own
    arithmetic. What a total covers is the reading of its place that most of its cells agree with.
    """
    connection.execute("delete from quarantine.finding where contract = ? and rule = 'total_differs'", [contract.table])
    columns = [
        column
        for column in additive(contract)
        if connection.execute(
            "from landed.total where contract = ? and column_name = ? limit 1", [contract.table, column.name]
        ).fetchall()
    ]
    if not columns:
        return
    stated = connection.execute(stated_sql(contract, columns)).fetchall()
    segments = connection.execute(segments_sql(contract, columns)).fetchall()
    sums: dict[tuple[str, ...], dict[int, Segment]] = {}
    names = [column.name for column in columns]
    for *place, number, first, last, rows, totals, gaps in segments:
        segment = Segment(first, last, rows, dict(zip(names, totals, strict=True)), dict(zip(names, gaps, strict=True)))
        sums.setdefault(tuple(place), {})[number] = segment
    for place, found in groupby(stated, key=lambda row: row[:6]):
        table = totals_of(found)
        parts = [sums.get(place, {}).get(number) for number in range(len(table) + 1)]
        for total in table:
            if not NARROWED.search(total.word):
                record_differences(connection, contract, place, total, covered(total, table, parts))


def stated_sql(contract: Contract, columns: list[Column]) -> str:
    """One row per total row and column with a number: place, row, word, column, letter, text, value, unit, digit."""
    branches = []
    place = ", ".join(PLACE)
    for column in columns:
        name = column.name
        found = reading(column)
        source = (
            f"select {place}, row_number, word, letter, found as x_{name}, unit_size as m_{name} from landed.total"
            f" where contract = {sql_text(contract.table)} and column_name = {sql_text(name)}"
        )
        size = f"if(p_{name} is null, 1, {size_sql(column)}::double)"
        decimals = f"if(p_{name} is null, 0, greatest(length(p_{name}.fraction) - 1, 0))"
        branches.append(
            f"select {place}, row_number, word, {sql_text(name)} as column_name, letter, x_{name} as found,"
            f" ({found.value})::double as value, {size} as unit, {size} * power(10, -{decimals}) as digit"
            f" from (select *, {found.amount} as a_{name} from (select *, {found.parts} as p_{name}"
            f" from (select *, {found.text} as t_{name} from ({source}))))"
        )
    cells = " union all ".join(branches)
    return f"select * from ({cells}) where value is not null order by {place}, row_number, letter"


def segments_sql(contract: Contract, columns: list[Column]) -> str:
    """One row per run of data rows between total rows: place, the number of total rows above it, its first and last
    row, its rows, and for `columns` the sums and the number of cells without a value."""
    quoted = ", ".join(f'"{column.name}"' for column in columns)
    rows = " union all ".join(
        f"select row_id, file, sheet, row_number, {quoted} from {schema}.{contract.table}"
        " where file in (select file from totals)"
        for schema in ("accepted", "quarantine", "superseded")
    )
    sums = ", ".join(f'coalesce(sum("{column.name}"), 0)::double' for column in columns)
    gaps = ", ".join(f'count(*) - count("{column.name}")' for column in columns)
    place, of_table, of_row = (", ".join(owner + name for name in PLACE) for owner in ("", "tables.", "placed."))
    return (
        f"with totals as (select distinct {place}, row_number as total_row from landed.total"
        f" where contract = {sql_text(contract.table)}),"
        f" numbered as (select *, row_number() over (partition by {place} order by total_row) as number from totals),"
        f" tables as (select distinct {place} from totals), rows as ({rows}),"
        f" placed as (select {of_table}, rows.* exclude (file, sheet)"
        " from rows join tables on rows.file = tables.file and rows.sheet = tables.sheet"
        " and rows.row_number between first_row and last_row and right(row_id, length(part)) = part)"
        f" select {of_row}, coalesce(number, 0), min(row_number), max(row_number), count(*), [{sums}], [{gaps}]"
        " from placed asof left join numbered on placed.file_digest = numbered.file_digest"
        " and placed.sheet = numbered.sheet and placed.part = numbered.part and placed.first_row = numbered.first_row"
        " and placed.row_number > numbered.total_row group by all"
    )


def totals_of(cells: Iterator[tuple]) -> list[Total]:
    """The total rows of one table from their cells, in the order of rows."""
    found = []
    for number, (row, group) in enumerate(groupby(cells, key=lambda cell: cell[6])):
        members = list(group)
        found.append(Total(members[0][7], row, tuple(Stated(*cell[8:]) for cell in members), number + 1))
    return found


def covered(total: Total, table: Sequence[Total], parts: Sequence[Segment | None]) -> list[Segment]:
    """The segments that a total covers: of the places it may sum up, the one most of its cells agree with.

    A partial total may stand below its group or above it; any other may sum up the whole table, what is above it, or
    what is above it since the last total of its rank.
    """
    rank = [other.row for other in table if total.partial or not other.partial]
    since = max((other.above for other in table if other.row in rank and other.row < total.row), default=0)
    until = min((other.above for other in table if other.row in rank and other.row > total.row), default=len(parts))
    above, below = parts[since : total.above], parts[total.above : until]
    places = [above, below] if total.partial else [parts, parts[: total.above], above, below]
    choices = [[part for part in place if part] for place in places]
    return max(
        filter(None, choices), default=[], key=lambda segments: sum(agrees(cell, segments) for cell in total.cells)
    )


def agrees(cell: Stated, segments: Sequence[Segment]) -> bool:
    """Whether a total equals the sum, within the rounding of rounded numbers (such as 亿元 with two decimals)."""
    rounded = cell.digit / 2 * (1 + sum(segment.rows for segment in segments))
    allowed = 0.5 if cell.digit == 1 else rounded
    return abs(cell.value - sum(segment.sums[cell.column] for segment in segments)) <= allowed * (1 + 1e-9)


def record_differences(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    place: tuple,
    total: Total,
    segments: Sequence[Segment],
) -> None:
    """One finding per cell of a total that differs, naming the cell, what it states, the sum and the rows."""
    for cell in total.cells:
        if not segments or agrees(cell, segments):
            continue
        first, last = min(part.first for part in segments), max(part.last for part in segments)
        rows = sum(part.rows for part in segments)
        gaps = sum(part.gaps[cell.column] for part in segments)
        amount = f"{sum(part.sums[cell.column] for part in segments) / cell.unit:.15g}"
        zh = f"第 {first}–{last} 行中 {rows} 行之和 {amount}" + (f"（其中 {gaps} 格没有数）" if gaps else "")
        en = f"the sum {amount} of {rows} rows in {first}–{last}" + (
            f" ({gaps} of them without a number)" if gaps else ""
        )
        add_finding(
            connection,
            "total_differs",
            file=place[1],
            sheet=place[2],
            cell=f"{cell.letter}{total.row}",
            contract=contract.table,
            column=cell.column,
            found=cell.found,
            expected=Bilingual(zh=zh, en=en),
            name=contract.column(cell.column).title,
        )
