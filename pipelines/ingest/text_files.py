"""Delimited text into a table of cells: delimiter, records.

Belongs here: everything between the bytes of a text file and rows of cells as text.
Does not belong here: the encoding (`encodings`), which rows are data (`tables`), what a cell means (`values`).
"""

import csv
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from io import StringIO
from itertools import chain, islice, pairwise
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.ingest.encodings import CHUNK_BYTES, MARKED, beginning, encoding_of, evident_encoding
from pipelines.ingest.extent import MOST_COLUMNS, TooWide
from pipelines.ingest.regular_text import regular
from pipelines.ingest.sources import Source

LARGE_BYTES = 8 * 1024**2  # from here on DuckDB's parallel reader takes over, if the file keeps to the rules
DELIMITERS = ",\t;|"
OTHER_DELIMITERS = ("，", "；", "、", "^", "~", ":", "\x1f", "\x01", "  ", " ")  # tried where none of those divides
BLANK_RUNS = {"  ": re.compile(r"[ \u3000]{2,}"), " ": re.compile(r"[ \u3000]+")}  # columns aligned by blanks
DIVIDED = 0.5  # so many records have to be of one width
SAMPLE_RECORDS = 100
BATCH_CELLS = 1_000_000
MOST_CHARACTERS = 1 << 24  # of a cell or line: a longer cell is a quote never closed, a longer line is cut


@dataclass(frozen=True)
class TextShape:
    """How a text file is written: its encoding, its delimiter, and whether some bytes do not decode.

    `cut_line` is the number of the first line that is too long to be read in one piece, None where all can be.
    """

    encoding: str
    delimiter: str
    damaged: bool
    cut_line: int | None = None


def delimiter_of(text: str) -> str:
    """The delimiter under which most records of a sample have the same number (more than one) of cells.

    A first line "sep=;", which Excel understands, names it. An unusual delimiter has to divide at least half of them.
    """
    if named := re.match(r'"?sep=([^"\w ])"?\r?(?:\n|$)', text, re.IGNORECASE):
        return named[1]
    lines = list(StringIO(text, newline=""))
    scores = {delimiter: evenness(lines, delimiter) for delimiter in DELIMITERS}
    if not any(scores.values()):
        scores = {delimiter: evenness(lines, delimiter) for delimiter in OTHER_DELIMITERS}
        scores = {delimiter: score for delimiter, score in scores.items() if score > DIVIDED}
    best = max(scores, key=lambda delimiter: scores[delimiter], default=",")
    return best if scores.get(best) else ","


def evenness(lines: list[str], delimiter: str) -> float:
    """The share of the records that have the most frequent number of cells above one, and more for wider records."""
    records = islice(split(lines, delimiter), SAMPLE_RECORDS)
    widths = Counter(len(record) for record in records if any(record))
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 0.0
    width, count = max(wide.items(), key=lambda item: (item[1] ** 2 * item[0], item[0]))  # one long line is not a table
    return count / widths.total() + width / 1000


def split(lines: Iterable[str], delimiter: str, *, strict: bool = False) -> Iterator[list[str]]:
    """Records of the lines of a text. Raises csv.Error when it is `strict` and quotes do not pair up."""
    if blanks := BLANK_RUNS.get(delimiter):
        lines, delimiter = (blanks.sub("\t", line.strip(" \u3000")) for line in lines), "\t"
    return csv.reader(lines, delimiter=delimiter, strict=strict)


def load_text(connection: duckdb.DuckDBPyConnection, source: Source, raw: str) -> TextShape:
    """Create the temporary table `raw` with columns c0, c1, …: one row per record, blank records included.

    Record n of the file (counting from 1) has rowid n - 1. An empty cell is NULL. Of the file a few megabytes are held
    at a time, and what DuckDB keeps of the table within its own limit. Raises TooWide.
    """
    large = source.bytes >= LARGE_BYTES
    likely = evident_encoding(source.path) or "utf-8"
    if large and likely.startswith("utf-8"):  # DuckDB itself finds out whether all bytes decode
        shape = shape_of(source.path, likely, damaged=False)
        if shape.delimiter in DELIMITERS and load_parallel(connection, source.path, shape, raw):
            return shape
    encoding, damaged = encoding_of(source.path)
    shape = shape_of(source.path, encoding, damaged)
    transcode = large and not damaged and not encoding.startswith("utf-8") and shape.delimiter in DELIMITERS
    if not (transcode and load_parallel(connection, source.path, shape, raw)):
        load_records(connection, source.path, shape, raw)
        if source.bytes > MOST_CHARACTERS:
            shape = replace(shape, cut_line=first_cut_line(source.path, shape))
    return shape


def shape_of(path: Path, encoding: str, damaged: bool) -> TextShape:
    """The shape of a text file whose encoding is known."""
    return TextShape(encoding, delimiter_of(sample_of(path, encoding)), damaged)


def sample_of(path: Path, encoding: str) -> str:
    """The text that a file begins with."""
    return beginning(path).decode(encoding, errors="ignore").replace("\0", "")


def load_parallel(connection: duckdb.DuckDBPyConnection, path: Path, shape: TextShape, raw: str) -> bool:
    """Let DuckDB read a regular file; False when the file does not keep to the rules of CSV or to its encoding."""
    records = csv.reader(StringIO(sample_of(path, shape.encoding), newline=""), delimiter=shape.delimiter)
    width = max((len(record) for record in islice(records, SAMPLE_RECORDS)), default=1) or 1
    if width > MOST_COLUMNS:
        raise TooWide(width)
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(width))
    with tempfile.TemporaryDirectory(prefix="duikou-") as folder:
        if not shape.encoding.startswith("utf-8"):
            path = transcoded(path, shape.encoding, Path(folder))
        if not regular(path, shape.delimiter):
            return False
        for parallel in (True, False):  # quoted line breaks in short records are beyond the parallel reader
            try:
                connection.execute(
                    f"create or replace temp table {raw} as from read_csv(?, columns = {{{columns}}}, delim = ?,"
                    " quote = '\"', escape = '\"', header = false, auto_detect = false, null_padding = true,"
                    f" parallel = {parallel})",
                    [str(path), shape.delimiter],
                )
                return True
            except duckdb.OperationalError:  # no room left, on disk or in memory
                raise
            except duckdb.Error as error:
                if "parallel" not in str(error):
                    return False
    return False


def transcoded(path: Path, encoding: str, folder: Path) -> Path:
    """A copy of a text file in UTF-8."""
    copy = folder / "transcoded.csv"
    with path.open(encoding=encoding, newline="") as text, copy.open("w", encoding="utf-8", newline="") as written:
        while chunk := text.read(CHUNK_BYTES):
            written.write(chunk)
    return copy


def load_records(connection: duckdb.DuckDBPyConnection, path: Path, shape: TextShape, raw: str) -> None:
    """Read any text, however irregular: one record per line where the quotes do not pair up. Raises TooWide."""
    csv.field_size_limit(MOST_CHARACTERS)
    paired = quotes_pair_up(path, shape)
    width = max((len(record) for record in records_of(path, shape, paired)), default=1) or 1
    if width > MOST_COLUMNS:
        raise TooWide(width)
    schema = pa.schema([(f"c{index}", pa.string()) for index in range(width)])
    batches = record_batches(records_of(path, shape, paired), schema)
    connection.register("records", pa.RecordBatchReader.from_batches(schema, batches))
    connection.execute(f"create or replace temp table {raw} as from records")
    connection.unregister("records")


def lines_of(path: Path, shape: TextShape) -> Iterator[str]:
    """Lines that end in LF, CR or both, and nowhere else: form feeds and the like stay inside a cell."""
    with path.open(encoding=shape.encoding, errors="replace", newline="") as text:
        first = text.readline(MOST_CHARACTERS)
        if shape.encoding not in MARKED:
            first = first.removeprefix("\ufeff")
        yield from chain([first] if first else [], iter(partial(text.readline, MOST_CHARACTERS), ""))


def first_cut_line(path: Path, shape: TextShape) -> int | None:
    """The number, counted from 1, of the first line that is read in several pieces; None when there is none."""
    pieces = enumerate(pairwise(lines_of(path, shape)), start=1)
    return next((number for number, (piece, _) in pieces if not piece.endswith(("\n", "\r"))), None)


def quotes_pair_up(path: Path, shape: TextShape) -> bool:
    """Whether the quotes of a text file pair up, so that line breaks between them belong to a cell."""
    try:
        for _ in split(lines_of(path, shape), shape.delimiter, strict=True):
            pass
    except csv.Error:
        return False
    return True


def records_of(path: Path, shape: TextShape, paired: bool) -> Iterator[list[str]]:
    """Records of a text file; when its quotes do not pair up, every line is a record of its own."""
    if paired:
        return split(lines_of(path, shape), shape.delimiter)
    return (next(split([line], shape.delimiter), []) for line in lines_of(path, shape))


def record_batches(records: Iterable[list[str]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Records as Arrow batches, padded to the width of the widest; empty cells become NULL."""
    width = len(schema)
    records = iter(records)
    while batch := list(islice(records, max(1, BATCH_CELLS // width))):
        columns = [
            pa.array([(record[index] or None) if index < len(record) else None for record in batch], pa.string())
            for index in range(width)
        ]
        yield pa.record_batch(columns, schema=schema)
