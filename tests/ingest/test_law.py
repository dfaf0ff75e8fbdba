"""The law of ingestion under mutation: whatever happens to good files, no row is lost and nothing crashes.

One example is a folder of mutated files, ingested together. DUIKOU_MUTATIONS sets how many files are tried (default
200); the files are derived from the seed that Hypothesis reports.
"""

import csv
import io
import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FILES_PER_FOLDER = 20
FOLDERS = max(1, int(os.environ.get("DUIKOU_MUTATIONS", "200")) // FILES_PER_FOLDER)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030")
OUTCOMES = [
    ["开州区毕业生就业统计表"],
    ["学校", "专业", "毕业年份", "毕业生数", "单位就业", "升学", "就业率（%）"],
    ["开州职教中心", "计算机应用", "2021", "50", "30", "15", "90"],
    ["开州职教中心", "机电技术应用", "2021届", "４０", "20", "10", "75.0%"],
    ["巨龙中职校", "计算机应用", "2022", "1,030", "900", "—", "87.4"],
    ["巨龙中职校", "740201", "2022", "30", "10", "5", "50"],
    ["合计", "", "", "1150", "960", "30", ""],
    ["注：数据截至12月31日"],
]
ENROLLMENT = [
    ["学校代码", "专业代码", "招生年度", "招生计划", "实际报到"],
    ["5001", "710201", "2023", "100", "90"],
    ["5002", "660301", "2023-2024学年", "50", "45"],
    ["5003", "740201", "2023", "50", "na"],
]
JUNK = [
    *(
        "",
        " ",
        "　",
        "—",
        "0",
        "-5",
        "十二",
        "1e400",
        "9" * 30,
        "0.9",
        "105%",
        "合计",
        "小计",
        "注：x",
        "2023届",
        "nan",
    ),
    *(
        "=1+1",
        "@x",
        "<script>",
        "'; drop table x;--",
        '"',
        'a"b',
        "'",
        ",",
        ";",
        "\t",
        "a\nb",
        "\ufffd",
        "\u202e倒",
        "🙂",
    ),
    *("\x00", "x" * 40000, "学校", "专业", "毕业年份", "毕业生数", "学校代码", "专业名称", "单位：万人"),
]
BLANK = " \t\r\n　\u00a0\u200b\x00"


@dataclass(frozen=True)
class Mutated:
    """One mutated file, and how many non-empty rows it holds; None where bytes were damaged."""

    name: str
    content: bytes
    rows: int | None


def mutated(source: random.Random, number: int) -> Mutated:
    """A good file after up to six mutations of its cells and rows, in one of five forms, bytes damaged or not."""
    grid = [list(row) for row in source.choice([OUTCOMES, OUTCOMES, ENROLLMENT])]
    for _ in range(source.randrange(7)):
        mutate(source, grid)
    form = source.choice(["xlsx", *ENCODINGS])
    rows = sum(1 for row in grid if any(cell.strip(BLANK) for cell in row))
    if form == "xlsx":
        content = as_workbook(grid)
    else:
        text = io.StringIO()
        csv.writer(text, delimiter=source.choice(",,,;\t"), lineterminator=source.choice(["\n", "\r\n"])).writerows(
            grid
        )
        content = text.getvalue().encode(form)
    name = f"{number}.{source.choice(['xlsx', 'csv', 'csv', 'xls', 'txt'])}"
    if source.random() < 0.3:
        return Mutated(name, damaged(source, content), None)
    return Mutated(name, content, rows)


def mutate(source: random.Random, grid: list[list[str]]) -> None:
    """Swap, blank or garble a cell; delete, repeat, move or insert a row; drop a column."""
    rows = len(grid)
    if not rows:
        return
    row = source.randrange(rows)
    kind = source.randrange(8)
    if kind == 0 and grid[row]:
        other = source.randrange(rows)
        if grid[other]:
            a, b = source.randrange(len(grid[row])), source.randrange(len(grid[other]))
            grid[row][a], grid[other][b] = grid[other][b], grid[row][a]
    elif kind in (1, 2, 3) and grid[row]:
        grid[row][source.randrange(len(grid[row]))] = source.choice(JUNK)
    elif kind == 4:
        del grid[row]
    elif kind == 5:
        grid.insert(source.randrange(rows), list(grid[row]))
    elif kind == 6:
        grid.insert(row, [source.choice(JUNK) for _ in range(source.randrange(10))])
    else:
        column = source.randrange(8)
        for cells in grid:
            if column < len(cells):
                del cells[column]


def damaged(source: random.Random, content: bytes) -> bytes:
    """Bytes cut off, overwritten, or read in another encoding than they were written."""
    kind = source.randrange(3)
    if kind == 0 or not content:
        return content[: source.randrange(len(content) + 1)]
    if kind == 1:
        data = bytearray(content)
        for _ in range(source.randrange(1, 20)):
            data[source.randrange(len(data))] = source.randrange(256)
        return bytes(data)
    return content.decode("utf-8", errors="replace").encode("gb18030", errors="replace")


def as_workbook(grid: list[list[str]]) -> bytes:
    """The grid as xlsx; every cell is text, as it stands."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("表")
        for row, cells in enumerate(grid):
            for column, cell in enumerate(cells):
                if cell:
                    sheet.write_string(row, column, cell[:32767].replace("\x00", ""))
    return stream.getvalue()


@pytest.fixture(scope="module")
def tally() -> Iterator[Counter[str]]:
    """Counts what was tried, and says so at the end (pytest -s shows it)."""
    counts: Counter[str] = Counter()
    yield counts
    print(f"\nmutated files {counts['files']}, rows {counts['rows']}, unaccounted rows {counts['unaccounted']}")


@settings(max_examples=FOLDERS, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32 - 1))
def test_no_row_is_lost_whatever_happens_to_the_files(ingested_anew, tally, seed):
    source = random.Random(seed)
    files = [mutated(source, number) for number in range(FILES_PER_FOLDER)]
    connection = ingested_anew({file.name: file.content for file in files})
    ((rows, unaccounted),) = connection.execute(
        "select sum(landed), sum(abs(landed - accepted - quarantined - superseded - non_data)) from landed.account"
    ).fetchall()
    tally.update(files=len(files), rows=int(rows), unaccounted=int(unaccounted))
    for file in files:
        assert_accounted(connection, file)
    assert_consistent(connection)


def assert_accounted(connection: duckdb.DuckDBPyConnection, file: Mutated) -> None:
    """Every row that went in is found once, in the account of its file."""
    (status,) = connection.execute("select status from landed.file where file = ?", [file.name]).fetchall()[0]
    (landed,) = connection.execute(
        "select coalesce(sum(landed), 0) from landed.account where file = ?", [file.name]
    ).fetchall()[0]
    if file.rows is not None and status != "duplicate":
        assert landed == file.rows, (file.name, status)


def assert_consistent(connection: duckdb.DuckDBPyConnection) -> None:
    """The two sides of the account are equal, refused rows have reasons, accepted rows have none."""
    questions = {
        "rows unaccounted for": "from landed.account where landed <> accepted + quarantined + superseded + non_data",
        "refused without a reason": "select row_id from quarantine.row where contract <> '' and row_id not in"
        " (select row_id from quarantine.finding where severity = 'refuse' and row_id is not null)",
        "accepted in spite of a reason": "select row_id from accepted.outcome where row_id in"
        " (select row_id from quarantine.finding where severity = 'refuse' and row_id is not null)",
        "both accepted and refused": "select row_id from accepted.outcome where row_id in"
        " (select row_id from quarantine.row)",
        "a message that does not say where": "from quarantine.finding where not starts_with(message_zh, file)"
        " or not starts_with(message_en, file)",
    }
    for name, question in questions.items():
        assert connection.execute(question).fetchall() == [], name
