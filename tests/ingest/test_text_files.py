"""Text files: two readers that must agree, encodings found out in pieces, lines and cells without end."""

import csv
import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest import encodings, regular_text, text_files
from pipelines.ingest.encodings import encoding_of
from pipelines.ingest.regular_text import regular
from pipelines.ingest.text_files import TextShape, first_cut_line, load_parallel, load_records

PIECES = [
    "a",
    "学校",
    " ",
    '"',
    '""',
    ",",
    ",",
    "\n",
    "\n",
    "\r\n",
    "\t",
    ";",
    "'",
    "\\",
    "\u2028",
    "\x85",
    "\x0c",
    "0",
    "🙂",
    "\ufeff",
]


def cells(connection: duckdb.DuckDBPyConnection) -> list[tuple[str | None, ...]]:
    """The rows of the raw table, without empty columns at their ends."""
    rows = connection.execute("from raw").fetchall()
    return [row[: max((place for place, cell in enumerate(row, start=1) if cell), default=0)] for row in rows]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_what_the_parallel_reader_accepts_it_reads_like_the_patient_one(text, encoding):
    shape = TextShape(encoding, ",", damaged=False)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        file = Path(folder) / "x.csv"
        file.write_bytes(text.encode(encoding))
        if load_parallel(connection, file, shape, "raw"):
            found = cells(connection)
            load_records(connection, file, shape, "raw")
            assert found == cells(connection)


@settings(max_examples=100)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.integers(1, 8))
def test_a_file_looked_over_in_pieces_is_as_regular_as_in_one(text, size):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        file = Path(folder) / "x.csv"
        file.write_bytes(text.encode())
        whole = regular(file, ",")
        patch.setattr(regular_text, "CHUNK_BYTES", size)
        assert regular(file, ",") == whole


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a,b\n1,2\n", True),
        ("a,b\r\n1,2\r\n", True),
        ('a,"b, ""c"""\n"1",2\n', True),
        ('a,"b\nc"\n', True),
        ("a,b\n\n1,2\n", False),
        ("a,b\n1,2\r\n", False),
        ('a, "b"\n', False),
        ('a,"b" \n', False),
        ('a,b"c\n', False),
        ('a,"b\n', False),
    ],
)
def test_regular_files_have_no_empty_lines_and_tidy_quotes(tmp_path, text, found):
    (tmp_path / "x.csv").write_text(text, newline="")
    assert regular(tmp_path / "x.csv", ",") is found


@settings(max_examples=100)
@given(st.text(st.sampled_from("a1,学校🙂\n"), min_size=1), st.integers(1, 8), st.integers(0, 40), st.booleans())
def test_an_encoding_is_found_in_pieces_as_in_one(text, size, place, broken):
    data = text.encode()
    if broken:
        data = data[:place] + b"\xff" + data[place:]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        file = Path(folder) / "x.csv"
        file.write_bytes(data)
        whole = encoding_of(file)
        patch.setattr(encodings, "CHUNK_BYTES", size)
        assert encoding_of(file) == whole
        if not broken:
            assert whole == ("utf-8", False)


def test_only_line_ends_end_a_line(tmp_path):
    (tmp_path / "x.csv").write_text("a\u2028b,c\x85d\x0c\n1,2\n")
    with duckdb.connect() as connection:
        load_records(connection, tmp_path / "x.csv", TextShape("utf-8", ",", False), "raw")
        assert cells(connection) == [("a\u2028b", "c\x85d\x0c"), ("1", "2")]


@pytest.fixture
def short_lines(monkeypatch):
    """A function that lets only so many characters be read at once; the limit of `csv` is the process's own."""
    before = csv.field_size_limit()
    yield lambda most: monkeypatch.setattr(text_files, "MOST_CHARACTERS", most)
    csv.field_size_limit(before)


@pytest.mark.parametrize("opened", ["", '"'])
def test_lines_and_cells_without_end_are_cut_and_kept(tmp_path, short_lines, opened):
    short_lines(100)
    (tmp_path / "x.csv").write_text(f"a,{opened}" + "b" * 1000 + "\n1,2\n")
    with duckdb.connect() as connection:
        load_records(connection, tmp_path / "x.csv", TextShape("utf-8", ",", False), "raw")
        rows = cells(connection)
    assert "".join(text or "" for row in rows[:-1] for text in row).count("b") == 1000
    assert rows[-1] == ("1", "2")


def test_a_line_that_is_cut_is_reported_with_its_number(ingested, messages, short_lines):
    short_lines(200)
    names = ("甲校", "乙校" * 150, "丙校")
    text = "学校代码,学校名称\n" + "".join(f"500{number},{name}\n" for number, name in enumerate(names))
    connection = ingested({"学校名录.csv": text}, base=False)
    (message,) = messages(connection, "line_cut")
    assert message.startswith("学校名录.csv：第 3 行太长")
    landed, cut = connection.execute(
        "select landed, accepted + quarantined + non_data from landed.account where file = '学校名录.csv'"
    ).fetchall()[0]
    assert landed == cut == 5  # the header, the two pieces of a line, two more schools


def test_a_file_of_short_lines_has_none_that_is_cut(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\r\n1,2\r3,4\n5,6")
    assert first_cut_line(tmp_path / "x.csv", TextShape("utf-8", ",", False)) is None
