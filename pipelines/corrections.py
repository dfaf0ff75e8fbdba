"""Correction workbooks for the senders of files with refused or doubtful cells: what goes into them, and where they go.

Belongs here: gathering the files' own cells and the findings about them. Does not belong here: the look of a workbook
(`reports.correction_workbook`), what becomes of one that comes back (`pipelines.ingest.corrections`).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb

from pipelines.contracts import contracts
from pipelines.ingest.findings import place, rules
from pipelines.ingest.marks import Marks, read_marks
from pipelines.ingest.package import Package
from pipelines.ingest.personal import MASK, public_name
from pipelines.ingest.sources import WORKBOOKS, Source, inventory
from pipelines.ingest.text_files import load_text
from pipelines.ingest.withholding import listed_rows, withheld_cells
from pipelines.ingest.workbooks import CalamineError, cell_text, open_workbook
from pipelines.open_names import open_names_form
from reports.correction_workbook import LAST_COLUMN, Cell, Correction, Reason, Severity, SheetCopy, write
from reports.file_names import file_name
from reports.input_form import write as write_form
from reports.wording import texts
from reports.workbook_marks import explains, origin_of

FOLDER = "corrections"
WRITTEN = ".written.json"  # digests of the workbooks as they were written, to tell which ones people have edited since
LONGEST_SHEET = 20_000  # rows; of a longer sheet only the header and the rows to be corrected are handed out
HEAD_ROWS = 20  # of a long sheet in which no header was found
PLACE = re.compile(r"^([A-Z]+)([0-9]+)$")


@dataclass(frozen=True)
class Handed:
    """A correction workbook that was written: for whom, about which file, how many cells, and where it is."""

    sender: str
    file: str
    refused: int
    flagged: int
    path: Path


@dataclass(frozen=True)
class Outgoing:
    """Everything that goes out after a validation: correction workbooks, and the form of undecided names, if any."""

    handed: list[Handed]
    open_names: Path | None = None


def write_corrections(
    connection: duckdb.DuckDBPyConnection, input_dir: Path, profiles: Path | None, out: Path, lang: str
) -> Outgoing:
    """Write one workbook per file with something to correct to `out`/corrections/<sender>/, and what to decide.

    Workbooks of an earlier call go, unless somebody has edited them: those stay, and the new one gets another name.
    """
    folder = out / FOLDER
    kept = clear_unedited(folder)
    written: list[Handed] = []
    sources = {source.file: source for source in inventory(input_dir, profiles)}
    for file, digest in files_to_correct(connection):
        source = sources.get(file)
        if source is None or source.digest != digest:
            continue  # changed since it was read: the next validation will tell
        correction = correction_of(connection, source, lang)
        suffix = texts(lang)["correction"]["file_suffix"]
        stem = file_name(f"{PurePosixPath(file).stem}_{suffix}")
        path = free_path(
            folder / file_name(correction.sender) / f"{stem}.xlsx", kept | {entry.path for entry in written}
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        write(correction, path, lang)
        counts = (correction.count("refuse"), correction.count("flag"))
        written.append(Handed(correction.sender, file, *counts, path))
    undecided = None
    if form := open_names_form(connection, lang):
        undecided = free_path(folder / f"{texts(lang)['form']['open_names']}.xlsx", kept)
        undecided.parent.mkdir(parents=True, exist_ok=True)
        write_form(form, undecided, lang)
    remember(folder, [entry.path for entry in written] + ([undecided] if undecided else []))
    return Outgoing(written, undecided)


def files_to_correct(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Files (name and digest) that were read and have something refused, or something to be checked.

    What is only to be checked is not asked again once a correction workbook of the file has come back.
    """
    return connection.execute(
        "select file, file_digest from landed.file join (select file, bool_or(severity = 'refuse') as refused,"
        " bool_or(severity = 'flag') as doubtful from quarantine.finding group by file) using (file)"
        " where status in ('read', 'unrecognised') and not starts_with(file, 'reference/') and (refused or doubtful and"
        " file_digest[:12] not in (select split_part(origin, ':', 1) from landed.returned)) order by file"
    ).fetchall()


def sender_of(connection: duckdb.DuckDBPyConnection, file: str) -> str:
    """The school that a file is about; else the folder that it came in; else its own name."""
    about = " union ".join(
        f"select {column.name} from {schema}.{table} where file = $1"
        for table, contract in contracts().items()
        for column in contract.columns
        if column.references == "school"
        for schema in ("accepted", "quarantine", "superseded")
    )
    schools = connection.execute(
        f"select any_value(name) from ({about}) as about(school_id) join accepted.school using (school_id)"
        " group by school_id",
        [file],
    ).fetchall()
    if len(schools) == 1:
        return str(schools[0][0])
    path = PurePosixPath(file)
    return path.parent.name or path.stem


def correction_of(connection: duckdb.DuckDBPyConnection, source: Source, lang: str) -> Correction:
    """The sheets of a file and everything that was found in them."""
    copies = list(sheet_copies(connection, source))
    indices = {copy.name: copy.index for copy in copies}
    reasons = reasons_of(connection, source, indices, lang)
    sheets = []
    for copy in copies:
        about = {reason.row for reason in reasons if reason.sheet == copy.index}
        sheets.append(excerpt(connection, source, copy, about) if len(copy.rows) > LONGEST_SHEET else copy)
    return Correction(source.file, source.digest, sender_of(connection, source.file), sheets, reasons)


def sheet_copies(connection: duckdb.DuckDBPyConnection, source: Source) -> Iterator[SheetCopy]:
    """The cells of every sheet as they were sent, personal data masked."""
    if source.kind not in WORKBOOKS:
        with duckdb.connect() as own:
            load_text(own, source, "raw_cells")
            rows = own.execute("from raw_cells order by rowid").fetchall()
        yield masked(connection, source, SheetCopy(0, "", trimmed(rows)))
        return
    workbook, (marks, _) = open_workbook(source.path), read_marks(Package(source.path), source.kind)
    for index, name in enumerate(workbook.sheet_names):
        try:
            sheet = workbook.get_sheet_by_index(index)
            cells: list[Any] = sheet.to_python(skip_empty_area=False)
        except CalamineError:
            continue  # a damaged sheet has a finding of its own and nothing to give back
        if explains(next((str(cell) for cells_of_row in cells for cell in cells_of_row if cell != ""), "")):
            continue  # of a workbook that came back: the next one has its own list of reasons
        if index < len(marks):
            show(cells, marks[index])
        ranges = [(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()]
        known = public_name(name, str(index + 1))  # as reading named it
        yield masked(connection, source, SheetCopy(index, known, trimmed(cells), apart(ranges, len(cells))))


def show(cells: list[list[Any]], marks: Marks) -> None:
    """Write out, as reading does, what only the look of a cell says: 0.38 shown as 0.38万元 would come back as 0.38."""
    columns = [list(map(cell_text, column)) for column in zip(*cells, strict=True)]
    marks.apply(columns)
    for row, number in {*marks.texts, *marks.shown_with}:
        if row < len(cells) and number < len(columns):
            cells[row][number] = columns[number][row]


def trimmed(rows: list[Any]) -> dict[int, list[Cell]]:
    """Rows by number from 1, without empty cells at their ends and signs of an earlier workbook."""
    found: dict[int, list[Cell]] = {}
    for number, cells in enumerate(rows, start=1):
        row = [None if cell == "" or is_sign(cell) else cell for cell in cells[:LAST_COLUMN]]
        while row and row[-1] is None:
            row.pop()
        if row:
            found[number] = row
    return found


def is_sign(cell: Cell) -> bool:
    """Whether a cell holds the sign of a row of an earlier workbook."""
    return isinstance(cell, str) and origin_of(cell) is not None


def apart(ranges: list[tuple[int, int, int, int]], height: int) -> list[tuple[int, int, int, int]]:
    """Merged ranges of more than one cell that do not overlap: Excel opens no file in which some do."""
    taken: set[tuple[int, int]] = set()
    found = []
    for top, left, bottom, right in ranges:
        size = (bottom - top + 1) * (right - left + 1)
        if not 1 < size <= LONGEST_SHEET or bottom >= height + LONGEST_SHEET or right >= LAST_COLUMN:
            continue
        cells = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
        if not cells & taken:
            taken |= cells
            found.append((top, left, bottom, right))
    return found


def masked(connection: duckdb.DuckDBPyConnection, source: Source, copy: SheetCopy) -> SheetCopy:
    """The sheet without the cells that were withheld as personal data, and without rows about single people."""
    listed = [(first, last) for sheet, first, last in listed_rows(connection, source.digest) if sheet == copy.name]
    rows = {row: cells for row, cells in copy.rows.items() if not any(first <= row <= last for first, last in listed)}
    for sheet, letter, first, last in withheld_cells(connection, source.digest):
        if sheet != copy.name:
            continue
        column = column_number(letter)
        for row in rows if last - first > len(rows) else rows.keys() & set(range(first, last + 1)):
            cells = rows[row]
            if first <= row <= last and len(cells) >= column and cells[column - 1] is not None:
                rows[row] = [*cells[: column - 1], MASK, *cells[column:]]
    return replace(copy, rows=rows)


def excerpt(connection: duckdb.DuckDBPyConnection, source: Source, copy: SheetCopy, about: set[int]) -> SheetCopy:
    """Of a long sheet the titles, headers and the rows that something was found in."""
    head = connection.execute(
        "select row_number from landed.non_data where file_digest = ? and sheet = ? and kind in ('title', 'header')",
        [source.digest, copy.name],
    ).fetchall()
    wanted = about | {row for (row,) in head} or set(sorted(copy.rows)[:HEAD_ROWS])
    rows = {row: cells for row, cells in copy.rows.items() if row in wanted}
    return SheetCopy(copy.index, copy.name, rows, excerpt=True)


def reasons_of(
    connection: duckdb.DuckDBPyConnection, source: Source, indices: dict[str, int], lang: str
) -> list[Reason]:
    """Everything found in a file: what is refused first, then from top to bottom."""
    involved = columns_of_checks(connection, source)
    found: list[Reason] = []
    for sheet, cell, contract, column, rule, severity, text, message in connection.execute(
        "select sheet, coalesce(cell, ''), coalesce(contract, ''), column_name, rule, severity, coalesce(found, ''),"
        f" message_{lang} from quarantine.finding where file = ? order by all",
        [source.file],
    ).fetchall():
        index = 0 if source.kind not in WORKBOOKS else indices.get(sheet)
        letters, row = PLACE.match(cell).groups() if PLACE.match(cell) else ("A", "0")  # type: ignore[union-attr]
        said = message.removeprefix(place(source.file, sheet, cell).in_language(lang))
        title = ""
        if contract in contracts() and column in {known.name for known in contracts()[contract].columns}:
            title = contracts()[contract].column(column).title.in_language(lang)
        also = tuple(
            number
            for first, last, number in involved.get((sheet, contract, rule), ())
            if first <= int(row) <= last and number != column_number(letters)
        )
        at = (index, int(row), min(column_number(letters), LAST_COLUMN))
        found.append(Reason(*at, severity_of(severity), title, text, said, also))
    gravest = ("refuse", "flag", "note").index
    return sorted(found, key=lambda r: (gravest(r.severity), -1 if r.sheet is None else r.sheet, r.row, r.column))


def severity_of(text: str) -> Severity:
    """A severity as the workbook knows it."""
    return "refuse" if text == "refuse" else "flag" if text == "flag" else "note"


def columns_of_checks(
    connection: duckdb.DuckDBPyConnection, source: Source
) -> dict[tuple[str, str, str], list[tuple[int, int, int]]]:
    """For every sheet, contract and check between columns: first and last row, and number (from 1) of each column."""
    found: dict[tuple[str, str, str], list[tuple[int, int, int]]] = {}
    for sheet, table, column, letter, first, last in connection.execute(
        "select sheet, contract, column_name, letter, first_row, last_row from landed.column_map where file_digest = ?"
        " and letter is not null",
        [source.digest],
    ).fetchall():
        for check in contracts()[table].checks:
            if column in check.columns and check.name not in rules():
                found.setdefault((sheet, table, check.name), []).append((first, last, column_number(letter)))
    return found


def column_number(letters: str) -> int:
    """The number of a column, 1 for A."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def free_path(path: Path, taken: set[Path]) -> Path:
    """The path, or one with a number behind its name that is not taken."""
    number, free = 2, path
    while free in taken or free.exists():
        number, free = number + 1, path.with_stem(f"{path.stem}({number})")
    return free


def clear_unedited(folder: Path) -> set[Path]:
    """Remove the workbooks of an earlier call that are as they were written; the paths of the others."""
    kept = set()
    for name, digest in remembered(folder).items():
        path = folder / name
        if not path.is_file():
            continue
        if sha256(path.read_bytes()).hexdigest() == digest:
            path.unlink()
            if not any(path.parent.iterdir()):
                path.parent.rmdir()
        else:
            kept.add(path)
    return kept


def remembered(folder: Path) -> dict[str, str]:
    """Relative path -> digest of the workbooks that the earlier calls wrote."""
    file = folder / WRITTEN
    if not file.is_file():
        return {}
    found = json.loads(file.read_text(encoding="utf-8"))
    return {
        name: digest for name, digest in found.items() if (folder / name).resolve().is_relative_to(folder.resolve())
    }


def remember(folder: Path, paths: list[Path]) -> None:
    """Keep the digests of the workbooks as written, for the next call."""
    if paths:
        digests = {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in paths}
        (folder / WRITTEN).write_text(json.dumps(digests, ensure_ascii=False, indent=1), encoding="utf-8")
    else:
        (folder / WRITTEN).unlink(missing_ok=True)
