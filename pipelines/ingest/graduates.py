"""Lists with one row per graduate are counted at the door: the counts land as outcomes, the rows are never kept.

The rows wait in a temporary table, are judged by their contract in a database of their own that lives in memory only,
and are counted by `graduates.sql`. What stays of them: how many there were, how many were counted and refused, and for
each reason the column and the row numbers, never a value.
Belongs here: everything that touches single rows after landing has read them. Does not belong here: personal data in
them (`withholding`), what becomes of the counts (they are outcomes like any other).
"""

from collections.abc import Iterable
from importlib.resources import files

import duckdb

from pipelines.contracts import Bilingual, Contract, contracts
from pipelines.ingest.acceptance import accept
from pipelines.ingest.findings import add_finding, create_finding_table, rules, sql_text
from pipelines.ingest.personal import MASK, setting
from pipelines.ingest.reasons import expectation
from pipelines.ingest.tables import Table

LIST = "graduate"
WAITING = f"temp.single_{LIST}"
LISTED = (
    "file_digest varchar, file varchar, sheet varchar, contract varchar, first_row integer, last_row integer,"
    " counted bigint, refused bigint"
)
FILLED_IN = "graduate_number"  # where a list has none, the place of a row stands for it
SAME = ("school_id", "program_code", "cohort_year", "survey_date", "definition", "restated_on")
COUNTS = (
    "graduates", "employed", "self_employed", "flexible", "further_study", "enlisted", "unemployed", "unknown",
    "matched", "local", "contract", "insured", "certified",
)  # fmt: skip
OF_DESTINATION = COUNTS[:8]
MOST_ROWS_NAMED = 20


def waiting_table(contract: Contract) -> str:
    """Where landing puts the rows of a contract: for rows about single people a table that is gone with the run."""
    return WAITING if contract.counted_into else f"landed.{contract.table}"


def create_waiting_table(connection: duckdb.DuckDBPyConnection) -> None:
    """An empty temporary table like landed.graduate."""
    connection.execute(f"create or replace temp table single_{LIST} as from landed.{LIST} limit 0")


def lists_people(connection: duckdb.DuckDBPyConnection, names: tuple[str, str, str], table: Table) -> bool:
    """Whether a region that fits no contract seems to list people, and so must not be kept; notes it in landed.listed.

    It does where it comes nearest to a list of graduates, or where a whole column of it was withheld.
    """
    digest, file, sheet = names
    span = (table.start + 1, table.last + 1)
    withheld = connection.execute(
        "from landed.withheld where file_digest = ? and sheet = ? and whole_column and first_row <= ? and last_row >= ?"
        " limit 1",
        [digest, sheet, span[1], span[0]],
    ).fetchall()
    if table.nearest != LIST and not withheld:
        return False
    connection.execute("insert into landed.listed values (?, ?, ?, '', ?, ?, 0, 0)", [digest, file, sheet, *span])
    return True


def count_graduates(connection: duckdb.DuckDBPyConnection) -> None:
    """Count the waiting rows into landed.outcome, one list (file) after the other, and forget them.

    A list that says other than the school's own outcomes lands nothing for that school, program and year: a finding
    names both numbers. landed.listed gets what became of the rows.
    """
    lists = connection.execute(f"select file_digest from {WAITING} group by file_digest order by min(rowid)").fetchall()
    if lists:
        with duckdb.connect(config={"temp_directory": ""}) as door:  # in memory, and never spilled to disk
            take_along(connection, door)
            for (digest,) in lists:
                judge_list(connection, door, digest)
                land_counts(connection, door)
                tell_refusals(connection, door)
    connection.execute(f"drop table {WAITING}")


def take_along(connection: duckdb.DuckDBPyConnection, door: duckdb.DuckDBPyConnection) -> None:
    """Copy what judging needs: the bookkeeping of landing, and the outcomes and the tables that rows refer to."""
    needed = referred_to({contracts()[LIST], contracts()["outcome"]})
    tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'landed'").fetchall()
    door.execute("create schema landed")
    for (table,) in tables:
        if table not in contracts() or table in needed:
            copy_into(connection, door, f"from landed.{table}", f"landed.{table}")
    create_finding_table(door)
    for table, contract in contracts().items():
        if table in needed - {LIST}:
            accept(door, contract)


def referred_to(wanted: Iterable[Contract]) -> set[str]:
    """Tables with everything that they refer to, directly or through others."""
    found: set[str] = set()
    waiting = list(wanted)
    while waiting:
        contract = waiting.pop()
        if contract.table in found:
            continue
        found.add(contract.table)
        waiting += [contracts()[naming.table] for naming in contract.also]
        waiting += [contracts()[table] for column in contract.columns for table in column.refers_to.values()]
    return found | {"program_lineage"}


def copy_into(source: duckdb.DuckDBPyConnection, target: duckdb.DuckDBPyConnection, sql: str, table: str) -> None:
    """Make a table of the target from a query on the source."""
    target.register("copied", source.sql(sql).to_arrow_table())
    target.execute(f"create or replace table {table} as from copied")
    target.unregister("copied")


def judge_list(connection: duckdb.DuckDBPyConnection, door: duckdb.DuckDBPyConnection, digest: str) -> None:
    """Judge the rows of one list by the contract, as rows of any table are judged, and count those that are good."""
    rows = f"from {WAITING} where file_digest = {sql_text(digest)} order by rowid"
    copy_into(connection, door, f"select * {rows}", f"landed.{LIST}")
    blank = f"{FILLED_IN} is null or trim({FILLED_IN}) = '' or contains({FILLED_IN}, '{MASK}')"
    door.execute(f"update landed.{LIST} set {FILLED_IN} = row_id where {blank}")
    door.execute(
        "insert into landed.column_map select * replace (? as column_name, null as letter, null as header, '' as cell)"
        " from landed.column_map as map where contract = ? and column_name = 'destination' and not exists (select 1"
        " from landed.column_map as own where own.column_name = ? and own.file_digest = map.file_digest"
        " and own.sheet = map.sheet and own.part = map.part and own.first_row = map.first_row)",
        [FILLED_IN, LIST, FILLED_IN],
    )
    accept(door, contracts()[LIST])
    door.execute(
        "create or replace temp view accepted_graduate as select graduate.*, landed.rowid as ordinal"
        f" from accepted.{LIST} as graduate join landed.{LIST} as landed using (row_id)"
    )
    door.execute(f"create or replace temp table counted as {counting_sql()}")
    door.execute(
        "create or replace temp table own as select counted.ordinal, outcome.* from counted join accepted.outcome"
        " using (school_id, cohort_year) where outcome.program_code = counted.program_code or exists ("
        "select 1 from accepted.program_lineage where (old_code, new_code) in"
        " ((outcome.program_code, counted.program_code), (counted.program_code, outcome.program_code)))"
    )


def counting_sql() -> str:
    """The SELECT of `graduates.sql`, from the view accepted_graduate: the accepted rows with their ordinals."""
    sql = (files(__package__) / "graduates.sql").read_text(encoding="utf-8")
    return sql.replace("$least_wages", str(int(setting("least_wages"))))


def land_counts(connection: duckdb.DuckDBPyConnection, door: duckdb.DuckDBPyConnection) -> None:
    """Write the counts of the list to landed.outcome, but for what the school reported itself, and landed.listed."""
    compare_with_own(connection, door)
    measures = ", ".join((*SAME, *COUNTS, "median_monthly_wage"))
    texts = ", ".join(f"{name.strip()}::varchar as {name.strip()}" for name in measures.split(","))
    landed = door.sql(
        f"select row_id, file_digest, file, sheet, row_number, {texts} from counted join (select rowid as ordinal,"
        f" row_id, file_digest, file, sheet, row_number from landed.{LIST}) using (ordinal)"
        " where ordinal not in (select ordinal from own) order by ordinal"
    ).to_arrow_table()
    connection.register("counts", landed)
    connection.execute("insert into landed.outcome by name from counts")
    connection.execute(
        "insert into landed.sheet select file_digest, file, sheet, 'outcome', count(*), 0 from counts group by all"
    )
    connection.unregister("counts")
    if len(landed):
        say_where_from(connection, door)
    (digest,) = door.execute(f"select any_value(file_digest) from landed.{LIST}").fetchall()[0]
    for sheet, counted, refused in door.execute(
        f"select landed.sheet, count(accepted.row_id), count(*) - count(accepted.row_id) from landed.{LIST} as landed"
        f" left join accepted.{LIST} as accepted using (row_id) group by landed.sheet order by landed.sheet"
    ).fetchall():
        connection.execute(
            "insert into landed.listed select file_digest, any_value(file), sheet, contract, min(first_row),"
            " max(last_row), ?, ? from landed.column_map where file_digest = ? and sheet = ? and contract = ?"
            " group by file_digest, sheet, contract",
            [counted, refused, digest, sheet, LIST],
        )


def say_where_from(connection: duckdb.DuckDBPyConnection, door: duckdb.DuckDBPyConnection) -> None:
    """Write where each count comes from to landed.column_map: the cells of the list's column, from first to last."""
    source = {name: name for name in (*SAME, *COUNTS[8:])}
    source |= dict.fromkeys(OF_DESTINATION, "destination") | {"median_monthly_wage": "monthly_wage"}
    pairs = ", ".join(f"({sql_text(name)}, {sql_text(column)})" for name, column in source.items())
    (digest,) = door.execute(f"select any_value(file_digest) from landed.{LIST}").fetchall()[0]
    connection.execute(
        "insert into landed.column_map"
        " with list as (from landed.column_map where file_digest = $digest and contract = $list),"
        " cells as (select column_name, string_agg(coalesce(cell, letter || first_row || ':' || letter || last_row),"
        " ' ' order by sheet, first_row) as cells from list group by column_name)"
        " select file_digest, file, sheet, 'outcome', pair.name, letter, header, null, null, first_row, last_row, part,"
        f" cells from list join (values {pairs}) as pair (name, source) on column_name = source"
        " join cells using (column_name)",
        {"digest": digest, "list": LIST},
    )


def compare_with_own(connection: duckdb.DuckDBPyConnection, door: duckdb.DuckDBPyConnection) -> None:
    """A finding for every school, program and year that the school reported itself: what differs, if anything does."""
    titles = {name: contracts()["outcome"].column(name).title for name in (*COUNTS, "median_monthly_wage")}
    pairs = ", ".join(f"counted.{name}, own.{name}" for name in titles)
    for file, sheet, row, school, program, year, own_file, own_sheet, own_row, *numbers in door.execute(
        "select place.file, place.sheet, place.row_number, own.school_id, own.program_code, own.cohort_year, own.file,"
        f" own.sheet, own.row_number, {pairs} from counted join own using (ordinal) join (select rowid as ordinal,"
        f" file, sheet, row_number from landed.{LIST}) as place using (ordinal) order by ordinal, own.row_id"
    ).fetchall():
        both = zip(titles.values(), numbers[::2], numbers[1::2], strict=True)
        differing = [(title, *two) for title, *two in both if None not in two and two[0] != two[1]]
        words = [f"{title.zh} {plain(listed)}（自报 {plain(own)}）" for title, listed, own in differing]
        english = [f"{title.en} {plain(listed)} (own {plain(own)})" for title, listed, own in differing]
        add_finding(
            connection,
            "list_contradicts" if differing else "list_agrees",
            file=file,
            sheet=sheet,
            cell=f"A{row}",
            contract=LIST,
            found=Bilingual(zh="、".join(words), en=", ".join(english)),
            expected=Bilingual(
                zh=f"{own_file}{'/' + own_sheet if own_sheet else ''} 第{own_row}行",
                en=f"{own_file}{'/' + own_sheet if own_sheet else ''} row {own_row}",
            ),
            name=Bilingual(zh=f"{school} {program} {year}", en=f"{school} {program} {year}"),
        )


def plain(number: float) -> str:
    """A number without a point where it is whole."""
    return f"{number:.15g}"


def tell_refusals(connection: duckdb.DuckDBPyConnection, door: duckdb.DuckDBPyConnection) -> None:
    """One finding per reason and column: how many rows were refused, and which; never what stands in them."""
    contract = contracts()[LIST]
    for sheet, rule, column, file, numbers, cell in door.execute(
        f"select sheet, rule, column_name, any_value(finding.file), list(distinct row_number order by row_number),"
        f" arg_min(cell, row_number) from quarantine.finding as finding join (select row_id, row_number"
        f" from landed.{LIST}) using (row_id) where contract = ? and severity = 'refuse' group by sheet, rule,"
        " column_name order by all",
        [LIST],
    ).fetchall():
        named = "、".join(map(str, numbers[:MOST_ROWS_NAMED])) + ("…" if len(numbers) > MOST_ROWS_NAMED else "")
        known = contract.column(column) if column in {known.name for known in contract.columns} else None
        wanted = expectation(known) if known else Bilingual(zh="…", en="…")
        reason = Bilingual(
            **{
                lang: rules()[rule]
                .text.in_language(lang)
                .format(
                    found="…",
                    expected=wanted.in_language(lang),
                    name=known.title.in_language(lang) if known else "…",
                )
                for lang in ("zh", "en")
            }
        )
        add_finding(
            connection,
            "listed_rows_refused",
            file=file,
            sheet=sheet,
            cell=cell or f"A{numbers[0]}",
            contract=LIST,
            column=column,
            found=Bilingual(zh=f"{len(numbers)} 行（{named}）", en=f"{len(numbers)} row(s) ({named})"),
            expected=reason,
        )
