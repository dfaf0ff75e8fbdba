"""Delimited text into a table of cells: encoding, delimiter, records.

Belongs here: everything between the bytes of a text file and rows of cells as text.
Does not belong here: which rows are data (`tables`) and what a cell means (`values`).
"""

import csv
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.ingest.sources import Source, utf16_without_mark

LARGE_BYTES = 8 * 1024**2  # from here on DuckDB's parallel reader takes over, if the file keeps to the rules
DELIMITERS = ",\t;|"
OTHER_DELIMITERS = ("，", "；", "、", "^", "~", ":", "\x1f", "\x01", "  ", " ")  # tried where none of those divides
BLANK_RUNS = {"  ": re.compile(r"[ \u3000]{2,}"), " ": re.compile(r"[ \u3000]+")}  # columns aligned by blanks
DIVIDED = 0.5  # so many records have to be of one width
SAMPLE_CHARACTERS = 1 << 17
SAMPLE_RECORDS = 100
BATCH_RECORDS = 50_000
FIELD_LIMIT = 1 << 30
EMPTY_RECORDS = (b"\n\n", b"\n\r\n", b"\r\r")  # DuckDB passes over them, and rows would lose their numbers


@dataclass(frozen=True)
class TextShape:
    """How a text file is written: its encoding, its delimiter, and whether some bytes do not decode."""

    encoding: str
    delimiter: str
    damaged: bool


def encoding_of(data: bytes) -> tuple[str, bool]:
    """Encoding of the bytes of a text file, and whether some of them do not decode in it.

    UTF-8 and UTF-16 with or without byte order mark, else GB18030. A file that is UTF-8 but for a few bytes is UTF-8.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return encoding, not decodes(data, encoding)
    even, odd = data[:4096:2].count(0), data[1:4096:2].count(0)
    if max(even, odd) > 0.2 * len(data[:4096]) / 2:
        encoding = "utf-16-be" if even > odd else "utf-16-le"
        return encoding, not decodes(data, encoding)
    if decodes(data, "utf-8"):
        return "utf-8", False
    if unmarked := utf16_without_mark(data[:SAMPLE_CHARACTERS]):
        return unmarked, not decodes(data, unmarked)
    if decodes(data, "gb18030"):
        # One broken byte can turn UTF-8 into something that decodes as GB18030 by chance.
        return ("utf-8", True) if mostly_utf8(data) else ("gb18030", False)
    return ("utf-8" if mostly_utf8(data) else "gb18030"), True


def decodes(data: bytes, encoding: str) -> bool:
    """Whether all bytes decode."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def mostly_utf8(data: bytes) -> bool:
    """Whether at least 9 of 10 characters beyond ASCII decode as UTF-8."""
    text = data[:SAMPLE_CHARACTERS].decode("utf-8", errors="replace")
    beyond = sum(1 for character in text if ord(character) > 127)
    return text.count("\ufffd") * 10 <= beyond


def delimiter_of(text: str) -> str:
    """The delimiter under which most records of a sample have the same number (more than one) of cells.

    A first line "sep=;", which Excel understands, names it. An unusual delimiter has to divide at least half of them.
    """
    if named := re.match(r'"?sep=([^"\w ])"?\r?(?:\n|$)', text, re.IGNORECASE):
        return named[1]
    lines = lines_of(text)
    scores = {delimiter: evenness(lines, delimiter) for delimiter in DELIMITERS}
    if not any(scores.values()):
        scores = {delimiter: evenness(lines, delimiter) for delimiter in OTHER_DELIMITERS}
        scores = {delimiter: score for delimiter, score in scores.items() if score > DIVIDED}
    best = max(scores, key=lambda delimiter: scores[delimiter], default=",")
    return best if scores.get(best) else ","


def lines_of(text: str) -> list[str]:
    """Lines that end in LF, CR or both, and nowhere else: form feeds and the like stay inside a cell."""
    return list(StringIO(text, newline=""))


def evenness(lines: list[str], delimiter: str) -> float:
    """The share of the records that have the most frequent number of cells above one, and more for wider records."""
    records = islice(split(lines, delimiter), SAMPLE_RECORDS)
    widths = Counter(len(record) for record in records if any(record))
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 0.0
    width, count = max(wide.items(), key=lambda item: (item[1] * item[0], item[0]))
    return count / widths.total() + width / 1000


def split(lines: Iterable[str], delimiter: str, *, strict: bool = False) -> Iterator[list[str]]:
    """Records of the lines of a text. Raises csv.Error when it is `strict` and quotes do not pair up."""
    if blanks := BLANK_RUNS.get(delimiter):
        lines, delimiter = (blanks.sub("\t", line.strip(" \u3000")) for line in lines), "\t"
    return csv.reader(lines, delimiter=delimiter, strict=strict)


def load_text(connection: duckdb.DuckDBPyConnection, source: Source, raw: str) -> TextShape:
    """Create the temporary table `raw` with columns c0, c1, …: one row per record, blank records included.

    Record n of the file (counting from 1) has rowid n - 1. An empty cell is NULL.
    """
    csv.field_size_limit(FIELD_LIMIT)
    data = source.path.read_bytes()
    encoding, damaged = encoding_of(data)
    sample = data[:SAMPLE_CHARACTERS].decode(encoding, errors="ignore").replace("\0", "")
    shape = TextShape(encoding, delimiter_of(sample), damaged)
    regular = len(data) >= LARGE_BYTES and not damaged and not has_empty_records(data)
    regular = regular and shape.delimiter in DELIMITERS
    if not (regular and load_parallel(connection, source.path, data, shape, raw)):
        load_records(connection, data.decode(encoding, errors="replace"), shape.delimiter, raw)
    return shape


def has_empty_records(data: bytes) -> bool:
    """Whether a file has lines without any character."""
    return data.startswith((b"\n", b"\r")) or any(ends in data for ends in EMPTY_RECORDS)


def load_parallel(connection: duckdb.DuckDBPyConnection, path: Path, data: bytes, shape: TextShape, raw: str) -> bool:
    """Let DuckDB read a regular file; False when the file does not keep to the rules of CSV."""
    sample = data[:SAMPLE_CHARACTERS].decode(shape.encoding, errors="ignore")
    records = csv.reader(lines_of(sample), delimiter=shape.delimiter)
    width = max((len(record) for record in islice(records, SAMPLE_RECORDS)), default=1)
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(width))
    with tempfile.TemporaryDirectory(prefix="duikou-") as folder:
        if shape.encoding not in ("utf-8", "utf-8-sig"):
            path = Path(folder) / "transcoded.csv"
            path.write_text(data.decode(shape.encoding), encoding="utf-8", newline="")
        try:
            connection.execute(
                f"create or replace temp table {raw} as from read_csv(?, columns = {{{columns}}}, delim = ?,"
                " quote = '\"', escape = '\"', header = false, auto_detect = false, null_padding = true)",
                [str(path), shape.delimiter],
            )
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            return False
    return True


def load_records(connection: duckdb.DuckDBPyConnection, text: str, delimiter: str, raw: str) -> None:
    """Read any text, however irregular: one record per line where the quotes do not pair up."""
    text = text.removeprefix("\ufeff")
    lines = lines_of(text)
    width = max((len(record) for record in records_of(lines, delimiter)), default=1) or 1
    schema = pa.schema([(f"c{index}", pa.string()) for index in range(width)])
    batches = record_batches(records_of(lines, delimiter), schema)
    connection.register("records", pa.RecordBatchReader.from_batches(schema, batches))
    connection.execute(f"create or replace temp table {raw} as from records")
    connection.unregister("records")


def records_of(lines: list[str], delimiter: str) -> Iterator[list[str]]:
    """Records of a text; when its quotes do not pair up, every line is a record of its own."""
    try:
        for _ in split(lines, delimiter, strict=True):
            pass
    except csv.Error:
        return (next(split([line], delimiter), []) for line in lines)
    return split(lines, delimiter)


def record_batches(records: Iterable[list[str]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Records as Arrow batches, padded to the width of the widest; empty cells become NULL."""
    width = len(schema)
    records = iter(records)
    while batch := list(islice(records, BATCH_RECORDS)):
        columns = [
            pa.array([(record[index] or None) if index < len(record) else None for record in batch], pa.string())
            for index in range(width)
        ]
        yield pa.record_batch(columns, schema=schema)
