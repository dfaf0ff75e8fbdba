"""Rows of a table that are no data: blank ones, titles, headers once more, totals, notes, examples.

Belongs here: how such rows are known, and setting them apart in landed.non_data. Does not belong here: where tables
stand (`tables`), whether totals add up (`totals`), landing the rows that are left (`table_rows`).
"""

from collections.abc import Iterable

import duckdb

from pipelines.contracts import contracts
from pipelines.ingest.findings import sql_text
from pipelines.ingest.fits import FIGURE
from pipelines.ingest.tables import Table

APART = "rows_apart"
MOST_RUNS = 50
BLANKS = " \t\r\n\x0b\x0c\u00a0\u3000\ufeff\u200b\u200c\u200d\u2060\0"
BLANK = r"[\s\x{a0}\x{3000}]"  # RE2's \s alone is ASCII
FILLED = "[^" + "".join(rf"\x{{{ord(character):x}}}" for character in BLANKS) + "]"
TOTAL = (
    rf"((.{{0,30}}{BLANK})?{BLANK}*([合小总共]{BLANK}*计|总{BLANK}*和|全[区市县省国]合?计|(grand |sub)?total)"
    rf"|.{{0,30}}[合小总]计)({BLANK}*[（(][^（）()]{{0,12}}[)）])?{BLANK}*[:：]?"
)
NOTE = (
    rf"^{BLANK}*(注|附注|备注|说明|填表说明|数据来源|资料来源|来源|填表人?|制表人?|填报人?|填报单位|审核人?|复核人?"
    r"|审批人?|单位负责人|负责人|联系人|联系电话|电话|填报日期|制表日期|日期|sources?|notes?|remarks?|prepared by)"
    rf"{BLANK}*(\d{{0,2}}{BLANK}*[:：.．、]|[\d①-⑩])"
)
EXAMPLE = rf"^{BLANK}*(示例|例|填写示例|填报示例|example){BLANK}*[:：]"
PART_OF_TOTAL = "[计和]|(?i:total)"  # in every word for a total
ANY_WORD = f"{PART_OF_TOTAL}|{EXAMPLE}|{NOTE}"
NON_DATA = (
    "file_digest varchar, file varchar, sheet varchar, row_number integer, kind varchar, text varchar,"
    " contract varchar, part varchar"
)


def not_blank(columns: Iterable[int], first: str | None = None) -> str:
    """SQL: a row of the raw table holds something besides blanks in the `columns`; `first` is its first cell, if known.

    Most rows show it by their first character and most others by their first cell, which is asked before all cells.
    """
    cells = ", ".join(f"c{number}" for number in columns)
    first = first or f"coalesce({cells})"
    blanks = ", ".join(str(ord(character)) for character in BLANKS)
    return (
        f"({first} is not null and (ascii({first}) not in ({blanks}) or regexp_matches({first}, {sql_text(FILLED)})"
        f" or trim(concat({cells}), {sql_text(BLANKS)}) <> ''))"
    )


def blank_year(table: Table) -> str:
    """SQL: a row has no number in the year of this part, and has one in another year; "" unless years are columns.

    A row without any number stays with the first year, to be judged.
    """
    own, *others = [
        f"(trim(concat({', '.join(f'c{number}' for number in numbers)}), {sql_text(BLANKS)}) = '')"
        for numbers in table.year_cells
    ] or [""]
    if not others:
        return ""
    return f"({own} and not ({' and '.join(others)}))" if table.leads else own


def set_apart(connection: duckdb.DuckDBPyConnection, raw: str, table: Table, cells: Iterable[str], place: str) -> None:
    """Write the rows of a table that are not data to landed.non_data, and keep temp.rows_apart: place, kind, text.

    `raw` is the table of the sheet's cells. `cells` is the SQL of what the table takes from a row, `place` that of its
    file_digest, file and sheet. Blank rows are kept apart, too (kind blank), but count for nothing.
    Of a table about single people no text below the header is kept.
    """
    texts = ", ".join(f"c{number}" for number in table.across)
    span = f"rowid between {table.start} and {table.last}"
    rows = f"select rowid as place, *, coalesce({texts}) as first_cell from {raw} where {span}"
    kinds = f"select *, {row_kind(table)} as kind from (select *, {first_word(table)} as first_word from ({rows}))"
    if table.distinct:
        same = ", ".join(f"kind is null, {cell}" for cell in dict.fromkeys(cells))
        kinds = (
            f"select * replace (case when kind is not null then kind when row_number() over (partition by {same}"
            f" order by place) > 1 then 'repeat' end as kind) from ({kinds})"
        )
    connection.execute(
        f"create or replace temp table {APART} as select place, kind, if(kind = 'blank', '', concat_ws(' | ', {texts}))"
        f" as text from ({kinds}) where kind is not null order by place"
    )
    text = "if(kind in ('title', 'header'), text, '')" if contracts()[table.contract].counted_into else "text"
    connection.execute(
        f"insert into landed.non_data select {place}, place + 1, kind, {text}, {sql_text(table.contract)},"
        f" {sql_text(table.part)} from {APART} where kind <> 'blank'"
    )


def data_rows(connection: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    """SQL: a row is not apart, and how to put such rows in order.

    Where another table is asked which rows are apart, the rows come in any order. So it is asked beforehand, and the
    runs of rows are written out; where these are many, the rows are put in order again.
    """
    runs = connection.execute(
        "select min(place), max(place) from (select place, place - row_number() over (order by place) as run"
        f" from {APART}) group by run order by 1 limit {MOST_RUNS + 1}"
    ).fetchall()
    if len(runs) > MOST_RUNS:
        return f"rowid not in (select place from {APART})", "order by rowid"
    return " and ".join(["true", *(f"rowid not between {first} and {last}" for first, last in runs)]), ""


def first_word(table: Table) -> str:
    """SQL: the first cell of a row of the table that holds more than blanks, in lower case."""
    cells = ", ".join(f"nullif(trim(c{number}, {sql_text(BLANKS)}), '')" for number in table.across)
    return f"lower(case when regexp_full_match(first_cell, '{BLANK}*') then coalesce({cells}) else first_cell end)"


def row_kind(table: Table) -> str:
    """SQL: what a row of the table is when it is not data (blank, title, header, total, note), else NULL.

    It sees the place of the row, its first_cell and its first_word.
    """
    contract = contracts()[table.contract]
    header = repeats_header(table)
    awaited = [table.columns[name] for name in contract.awaits if name in table.columns]
    rest = [(f"not {not_blank(awaited)}", "undecided")] * bool(awaited) + list(table.apart)
    own = "".join(f" when {condition} then {sql_text(kind)}" for condition, kind in rest)
    return (
        f"coalesce(case when {not_blank(table.across, 'first_cell')} then case"
        f" when place < {table.header_first} then 'title' when place <= {table.header_last} then 'header'"
        f" when {header} then 'header' end else 'blank' end, {worded_kind(table)},"
        f" {f'case{own} end' if own else 'null'})"
    )


def repeats_header(table: Table) -> str:
    """SQL: a row of the table says its header once more, and holds no number in the columns of which nothing is read.

    Cells of a header that are merged over a row of data say the header in that row as well, beside its numbers.
    """
    used = table.columns.values()
    said = [f"c{number} = {sql_text(table.headers[name])}" for name, number in table.columns.items()]
    others = ", ".join(f"c{number}" for number in table.across if number not in used)
    if others and said:
        figure = FIGURE.pattern.removeprefix("^").removesuffix("$")
        said.append(f"not regexp_matches(concat_ws('|', {others}), '(^|[|]){figure}([|]|$)')")
    return " and ".join(said) or "false"


def worded_kind(table: Table) -> str:
    """SQL: what the first filled cell of a row of the table, or the name in it, says that the row is, else NULL.

    What all such words have in common is asked first: one look at most rows instead of five.
    """
    named = [
        f"c{table.columns[column.name]}"
        for column in contracts()[table.contract].columns
        if column.required and column.type in ("code", "text") and column.name in table.columns
    ]
    any_word = " or ".join(
        [f"regexp_matches(first_word, {sql_text(ANY_WORD)})"]
        + [f"regexp_matches({name}, {sql_text(PART_OF_TOTAL)})" for name in named]
    )
    words = ", ".join(["first_word", *(f"lower(trim({name}))" for name in named)])
    total = (
        f"regexp_full_match(word, {sql_text(TOTAL)})"  # stands once: it is long, and put together anew for each place
    )
    totals = f"list_bool_or(list_transform([{words}], lambda word: {total}))"
    return (
        f"case when {any_word} then case when {totals} then 'total'"
        f" when regexp_matches(first_word, {sql_text(EXAMPLE)}) then 'example'"
        f" when regexp_matches(first_word, {sql_text(NOTE)}) then 'note' end end"
    )
