"""The law of ingestion under mutation: whatever happens to good files, no row is lost and nothing crashes.

A folder of mutated files is ingested together, and every file is then counted from two sides: what the product says it
did with its rows, and the places of the rows that the mutation itself put in. DUIKOU_MUTATIONS sets how many files are
tried (default 2,000), DUIKOU_MUTATIONS_FROM the number of the first: file n is the same file in every run.
`make mutations` tries 20,000.
"""

import os
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

import duckdb
import pytest

from pipelines.contracts import contracts
from tests.ingest.mutated_files import Mutated, Plan, Step, built, plan_of, without_step
from tests.ingest.mutations import MUTATIONS

FILES = int(os.environ.get("DUIKOU_MUTATIONS", "2000"))
FIRST = int(os.environ.get("DUIKOU_MUTATIONS_FROM", "0"))
FILES_PER_FOLDER = 100
FOLDERS = range(FIRST, FIRST + FILES, FILES_PER_FOLDER)
COUNTED = "landed, accepted, quarantined, superseded, non_data"
CONSISTENT = {
    "rows unaccounted for": "from landed.account where landed <> accepted + quarantined + superseded + non_data",
    "refused without a reason": "select row_id from quarantine.row where contract <> '' and row_id not in"
    " (select row_id from quarantine.finding where severity = 'refuse' and row_id is not null)",
    "accepted in spite of a reason": "select row_id from accepted.outcome where row_id in"
    " (select row_id from quarantine.finding where severity = 'refuse' and row_id is not null)",
    "both accepted and refused": "select row_id from accepted.outcome where row_id in"
    " (select row_id from quarantine.row)",
    "a message that does not say where": "from quarantine.finding where not starts_with(message_zh, file)"
    " or not starts_with(message_en, file)",
    "a file not read and no word why": "from landed.file where status = 'unreadable' and message_zh is null",
}
ONCE_BROKEN = (
    # A row of data between the lines of a header, under its merged cells.
    Plan(
        4307,
        3050991686,
        (Step("three_line_header", 2351446228), Step("three_line_header", 397156598), Step("move_row", 4027030691)),
        "xlsx",
        "xlsx",
    ),
    # Rows of data below a header whose merged cells reach over their first columns.
    Plan(7250, 2278261097, (Step("three_line_header", 3296553793), Step("move_row", 747712148)), "xlsx", "xlsx"),
    Plan(
        6269,
        2987646370,
        (Step("two_line_header", 1929435780), Step("delete_row", 344619096), Step("move_row", 2794026340)),
        "xlsm",
        "xlsm",
    ),
    # Rows of data above the header, with a few numbers among many cells.
    Plan(16326, 142078035, (Step("move_row", 1140001787), Step("repeat_column", 3942283851)), "xlsx", "xlsx"),
    # A row of data above the header, with one number beside a year.
    Plan(20873, 3469318122, (Step("move_row", 28705135), Step("missing_marker", 2928206008)), "ods", "ods"),
    # A second table below the first, with another delimiter, so that its rows are single cells.
    Plan(16829, 227339336, (Step("one_column", 1516165070), Step("table_below", 2789891621)), "utf-8-sig", "csv"),
    # A header with hundreds of NUL characters.
    Plan(2581, 1335160467, (), "utf-16", "tsv", "zeros"),
    # A package whose first part does not unpack.
    Plan(6896, 44482284, (Step("junk_row", 634937696), Step("merged_title", 3922097794)), "ods", "ods", "flipped"),
)


@pytest.mark.parametrize("first", FOLDERS)
def test_no_row_is_lost_whatever_happens_to_the_files(ingested_anew, record_property, first):
    files = [built(plan_of(number)) for number in range(first, min(first + FILES_PER_FOLDER, FIRST + FILES))]
    record_property("mutations", counts(ingested_by_the_law(ingested_anew, files), files))


def test_files_that_once_broke_the_law_keep_it(ingested_anew):
    ingested_by_the_law(ingested_anew, [built(plan) for plan in ONCE_BROKEN])


def ingested_by_the_law(ingested_anew, files: list[Mutated]) -> duckdb.DuckDBPyConnection:
    """The folder of the files ingested; fails with the fewest mutations that do where it breaks the law."""
    try:
        connection = ingested_anew({file.name: file.content for file in files})
    except BaseException as error:  # a panic of a native reader is no Exception
        error.add_note(culprits(ingested_anew, files))
        raise
    wrong = [*inconsistent(connection), *(line for file in files for line in lost(connection, file, files))]
    assert not wrong, "\n".join([*wrong, culprits(ingested_anew, files)])
    return connection


def lost(connection: duckdb.DuckDBPyConnection, file: Mutated, files: list[Mutated]) -> Iterator[str]:
    """What is wrong with the account of one file, in words; rows are looked for by their places in the file."""
    ((status,),) = connection.execute("select status from landed.file where file = ?", [file.name]).fetchall()
    if status == "duplicate":
        twins = [one for one in files if sha256(one.content).digest() == sha256(file.content).digest()]
        if len(twins) < 2:
            yield f"{file.name} was taken for a duplicate"
        return
    if file.rows is None:
        return
    found = places(connection, file.name, ["quarantine.row", "landed.non_data", *landed_tables()])
    judged = places(connection, file.name, ["quarantine.row", *landed_tables()])
    if missing := sorted(file.rows - found):
        yield f"{file.name} ({status}): never landed {missing}"
    if invented := sorted(found - file.rows - file.doubtful):
        yield f"{file.name} ({status}): landed without being there {invented}"
    if dropped := sorted(file.data - judged - set(missing)):
        yield f"{file.name} ({status}): rows of data taken for no data {dropped}"


def landed_tables() -> list[str]:
    return [f"landed.{table}" for table in contracts()]


def places(connection: duckdb.DuckDBPyConnection, name: str, tables: list[str]) -> set[tuple[str, int]]:
    """Sheet and number of all rows of a file in some tables."""
    rows = " union ".join(f"select sheet, row_number from {table} where file = $1" for table in tables)
    return set(connection.execute(rows, [name]).fetchall())


def inconsistent(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The two sides of the account are equal, refused rows have reasons, accepted rows have none."""
    found = {name: connection.execute(question).fetchall() for name, question in CONSISTENT.items()}
    return [f"{name}: {rows}" for name, rows in found.items() if rows]


def counts(connection: duckdb.DuckDBPyConnection, files: list[Mutated]) -> dict[str, int]:
    """What was tried: files, files by status, rows by what became of them."""
    sums = ", ".join(f"sum({name})" for name in COUNTED.split(", "))
    ((*rows, unaccounted),) = connection.execute(
        f"select {sums}, sum(abs(landed - accepted - quarantined - superseded - non_data)) from landed.account"
        " where regexp_matches(file, '^[0-9]+[.]')"
    ).fetchall()
    statuses = connection.execute("select status, count(*) from landed.file group by all").fetchall()
    return {
        "files": len(files),
        "rows put in": sum(len(file.rows or ()) for file in files),
        **dict(zip(COUNTED.split(", "), map(int, rows), strict=True)),
        "unaccounted": int(unaccounted),
        **{f"files {status}": number for status, number in statuses},
    }


def culprits(ingested_anew, files: list[Mutated]) -> str:
    """The files that fail alone, each with the fewest mutations that still make it fail."""
    shrunk = [shrink(ingested_anew, file.plan) for file in failing(ingested_anew, files)]
    return "\n".join(map(str, shrunk)) or "no file fails alone: the folder does as a whole"


def failing(ingested_anew, files: list[Mutated]) -> list[Mutated]:
    """The files of a failing folder that fail alone, found by halving it."""
    if len(files) == 1:
        return files
    halves = files[: len(files) // 2], files[len(files) // 2 :]
    return [file for half in halves if fails(ingested_anew, half) for file in failing(ingested_anew, half)]


def fails(ingested_anew, files: list[Mutated]) -> bool:
    """Whether a folder of files breaks the law."""
    try:
        connection = ingested_anew({file.name: file.content for file in files})
    except KeyboardInterrupt:
        raise
    except BaseException:  # a panic of a native reader is no Exception
        return True
    return bool(inconsistent(connection) or [line for file in files for line in lost(connection, file, files)])


def shrink(ingested_anew, plan: Plan) -> Plan:
    """The plan without the mutations that are not needed to fail."""
    for place in reversed(range(len(plan.steps))):
        if fails(ingested_anew, [built(shorter := without_step(plan, place))]):
            plan = shorter
    return plan


def test_every_mutation_occurs_among_the_files_tried():
    tried = Counter(step.name for number in range(FIRST, FIRST + FILES) for step in plan_of(number).steps)
    assert set(tried) == set(MUTATIONS) or FILES < 1000
