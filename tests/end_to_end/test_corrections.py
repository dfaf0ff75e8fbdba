"""The way of a correction: validate, the sender's own sheets come back corrected, the rows stand replaced."""

import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from pipelines import ingest
from pipelines.contracts import contracts
from pipelines.corrections import Handed, write_corrections
from tests.ingest.conftest import BASE, write

SOFFICE = shutil.which("soffice")
ROWS: list[list[Any]] = [
    ["开州区巨龙中等职业技术学校2023届毕业生就业情况", None, None, None, None, None],
    ["学校", "专业", "毕业年份", "毕业生数", "单位就业", "就业率"],
    ["5002", "710201", "2023届", 50, 30, 0.6],
    ["巨龙中职校", "660301", 2023, "若干", 20, "50%"],
    ["巨龙中职校", "740291", 2023, 30, 40, "—"],
    ["巨龙中职校", "740201", 2023, 30, 25, "=1+1"],
    ["合计", None, None, 150, 103, None],
]
FIXES = {"D4": 40, "B5": "740201", "E5": 28, "B6": "130700", "F6": 0.83}
ACCEPTED = (
    "select program_code, graduates, employed, published_placement_rate::double from accepted.outcome order by all"
)
RIGHT = [("130700", 30, 25, 0.83), ("660301", 40, 20, 0.5), ("710201", 50, 30, 0.6), ("740201", 30, 28, None)]

Back = Callable[[Path, Path], None]


def as_xlsx(rows: list[list[Any]], sheet: str = "就业") -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row, cells in enumerate(rows, start=1):
        for column, value in enumerate(cells, start=1):
            if value is not None:
                page.cell(row, column, value).data_type = "s" if isinstance(value, str) else "n"
    page.merge_cells("A1:F1")
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_csv(rows: list[list[Any]]) -> bytes:
    return "\r\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows).encode("gb18030")


def converted(content: bytes, kind: str, folder: Path) -> bytes:
    """An xlsx in another format, by LibreOffice."""
    file = folder / "convert.xlsx"
    file.write_bytes(content)
    saved_by_libreoffice(file, folder / "out", kind)
    return (folder / "out" / f"convert.{kind}").read_bytes()


def saved_by_libreoffice(file: Path, folder: Path, kind: str = "xlsx") -> None:
    home = f"-env:UserInstallation=file://{folder.absolute()}/profile"
    form = {"csv": "csv:Text - txt - csv (StarCalc):44,34,76"}.get(kind, kind)  # commas, quotes, UTF-8
    command = ["soffice", home, "--headless", "--convert-to", form, "--outdir", str(folder), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)


def read(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    ingest.land(connection, folder)
    for contract in contracts().values():
        ingest.accept(connection, contract)
    ingest.account(connection)
    open_rows = "from landed.account where landed <> accepted + quarantined + superseded + non_data"
    assert connection.sql(open_rows).fetchall() == []
    return connection


def corrections(folder: Path, out: Path, lang: str = "zh") -> list[Handed]:
    return write_corrections(read(folder), folder, None, out, lang).handed


def fixed(file: Path, fixes: dict[str, Any]) -> None:
    """Change cells of the second sheet, as a person would, and save."""
    book = openpyxl.load_workbook(file)
    for cell, value in fixes.items():
        book.worksheets[1][cell] = value
    book.save(file)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    write(tmp_path / "raw", {**BASE})
    return tmp_path / "raw"


def test_a_workbook_is_the_senders_own_sheet_with_wrong_cells_coloured_and_commented(raw: Path, tmp_path: Path) -> None:
    write(raw, {"上报/就业.xlsx": as_xlsx(ROWS)})
    (handed,) = corrections(raw, tmp_path / "out")
    assert (
        handed.path.relative_to(tmp_path / "out").as_posix() == "corrections/开州区巨龙中等职业技术学校/就业_更正.xlsx"
    )
    assert (handed.sender, handed.refused, handed.flagged) == ("开州区巨龙中等职业技术学校", 5, 2)
    reasons, page, hidden = openpyxl.load_workbook(handed.path).worksheets
    assert page.title == "就业"
    assert [[cell.value for cell in row[:6]] for row in page.iter_rows()] == ROWS
    assert {str(found) for found in page.merged_cells.ranges} == {"A1:F1"}
    coloured = {
        cell.coordinate: cell.fill.fgColor.rgb for row in page.iter_rows() for cell in row if cell.fill.patternType
    }
    assert {cell for cell, colour in coloured.items() if colour == "FFFFC7CE"} == {"D4", "B5", "D5", "E5", "F6"}
    assert {cell for cell, colour in coloured.items() if colour == "FFFFEB9C"} == {"D7", "E7"}
    assert page["D4"].comment.text == "“毕业生数”写的是“若干”，不是数字。请改为不小于 0 的整数。"
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
    assert page.column_dimensions["G"].hidden
    assert hidden.sheet_state == "veryHidden"
    listed = [row for row in reasons.iter_rows(values_only=True) if row[3] in ("退回", "核对")]
    assert len(listed) == 7
    assert listed[0][1:5] == ("就业", "D4", "退回", "毕业生数")


@pytest.mark.parametrize("kind", ["xlsx", "csv", "xls", "ods"])
def test_a_corrected_workbook_replaces_exactly_the_rows_that_were_corrected(
    raw: Path, tmp_path: Path, kind: str
) -> None:
    if kind in ("xls", "ods") and not SOFFICE:
        pytest.skip("LibreOffice, which makes the file, is not installed")
    content = {"xlsx": as_xlsx, "csv": as_csv}.get(kind, lambda rows: converted(as_xlsx(rows), kind, tmp_path))(ROWS)
    write(raw, {f"上报/就业.{kind}": content})
    (handed,) = corrections(raw, tmp_path / "out")
    fixed(handed.path, FIXES)
    shutil.move(handed.path, raw / "交回.xlsx")
    connection = read(raw)
    assert connection.sql(ACCEPTED).fetchall() == RIGHT
    assert connection.sql("from quarantine.row").fetchall() == []
    assert connection.sql(
        "select row_number, how, by_row_number from landed.superseded where file like '上报%' order by 1"
    ).fetchall() == [(4, "corrected", 4), (5, "corrected", 5), (6, "corrected", 6)]
    assert connection.sql(
        "select row_number, how, by_file from landed.superseded where file = '交回.xlsx'"
    ).fetchall() == [(3, "unchanged", f"上报/就业.{kind}")]
    assert corrections(raw, tmp_path / "out2") == []


@pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "csv"])
def test_a_workbook_saved_by_another_program_is_known_all_the_same(raw: Path, tmp_path: Path, kind: str) -> None:
    write(raw, {"上报/就业.xlsx": as_xlsx(ROWS)})
    (handed,) = corrections(raw, tmp_path / "out")
    fixed(handed.path, FIXES)
    file = tmp_path / "交回.xlsx"
    shutil.move(handed.path, file)
    if kind == "csv":  # the text form has one sheet: that of the data
        book = openpyxl.load_workbook(file)
        book.move_sheet(book.worksheets[1], -1)
        book.active = 0
        book.save(file)
    saved_by_libreoffice(file, tmp_path / "saved", kind)
    shutil.copy(tmp_path / "saved" / f"交回.{kind}", raw / f"交回.{kind}")
    assert read(raw).sql(ACCEPTED).fetchall() == RIGHT


def test_rows_that_are_moved_or_inserted_between_keep_their_signs(raw: Path, tmp_path: Path) -> None:
    write(raw, {"就业.xlsx": as_xlsx(ROWS)})
    (handed,) = corrections(raw, tmp_path / "out")
    fixed(handed.path, FIXES)
    book = openpyxl.load_workbook(handed.path)
    page = book.worksheets[1]
    page.insert_rows(4)
    for column, value in enumerate(["5002", "710201", 2022, 44, 33], start=1):
        page.cell(4, column, value)
    book.save(raw / "交回.xlsx")
    connection = read(raw)
    assert connection.sql(ACCEPTED).fetchall() == [*RIGHT[:2], ("710201", 44, 33, None), *RIGHT[2:]]
    assert connection.sql("select count(*) from quarantine.row").fetchall() == [(0,)]


def test_rows_left_as_they_were_come_out_again_in_the_next_workbook(raw: Path, tmp_path: Path) -> None:
    write(raw, {"就业.xlsx": as_xlsx(ROWS)})
    (handed,) = corrections(raw, tmp_path / "out")
    fixed(handed.path, {"D4": 40})
    shutil.move(handed.path, raw / "交回.xlsx")
    (again,) = corrections(raw, tmp_path / "out")
    assert (again.file, again.refused) == ("交回.xlsx", 4)
    fixed(again.path, {cell: value for cell, value in FIXES.items() if cell != "D4"})
    shutil.move(again.path, raw / "再交回.xlsx")
    connection = read(raw)
    assert connection.sql(ACCEPTED).fetchall() == RIGHT
    assert connection.sql("select count(*) from quarantine.row").fetchall() == [(0,)]


def test_a_refused_row_that_is_deleted_is_withdrawn_and_an_accepted_one_stays(raw: Path, tmp_path: Path) -> None:
    write(raw, {"就业.xlsx": as_xlsx(ROWS)})
    (handed,) = corrections(raw, tmp_path / "out")
    book = openpyxl.load_workbook(handed.path)
    book.worksheets[1].delete_rows(3, 3)
    book.worksheets[1]["F3"] = "83%"
    book.save(raw / "交回.xlsx")
    connection = read(raw)
    assert connection.sql(ACCEPTED).fetchall() == [("710201", 50, 30, 0.6), ("740201", 30, 25, 0.83)]
    assert connection.sql("select row_number from landed.superseded where how = 'withdrawn' order by 1").fetchall() == [
        (4,),
        (5,),
    ]
    flags = connection.sql("select file, cell from quarantine.finding where rule = 'missing_in_correction'").fetchall()
    assert flags == [("就业.xlsx", "A3")]


def test_a_table_without_a_known_header_is_handed_out_whole_and_comes_back(raw: Path, tmp_path: Path) -> None:
    rows = [["校", "何种", "何时", "多少"], ["5002", "710201", 2023, 50]]
    write(raw, {"就业.xlsx": as_xlsx([[None], *rows])})
    (handed,) = corrections(raw, tmp_path / "out")
    fixed(handed.path, {"A2": "学校", "B2": "专业", "C2": "毕业年份", "D2": "毕业生数"})
    shutil.move(handed.path, raw / "交回.xlsx")
    connection = read(raw)
    assert connection.sql(ACCEPTED).fetchall() == [("710201", 50, None, None)]
    assert connection.sql("select count(*) from quarantine.row").fetchall() == [(0,)]


def test_a_workbook_that_somebody_has_edited_is_not_written_over(raw: Path, tmp_path: Path) -> None:
    write(raw, {"就业.xlsx": as_xlsx(ROWS)})
    (first,) = corrections(raw, tmp_path / "out")
    (second,) = corrections(raw, tmp_path / "out")
    assert first.path == second.path
    fixed(first.path, FIXES)
    edited = first.path.read_bytes()
    (third,) = corrections(raw, tmp_path / "out")
    assert third.path.name == "就业_更正(2).xlsx"
    assert first.path.read_bytes() == edited


def test_units_and_percents_that_only_a_number_format_shows_come_back_with_their_size(
    raw: Path, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    page = book.active
    for row in (
        ["学校", "专业", "毕业年份", "毕业生数", "月薪中位数", "就业率"],
        ["5002", "710201", 2023, 50, 0.38, 0.925],
        ["5002", "660301", 2023, "若干", 0.4, 0.5],
    ):
        page.append(row)
    for line in (2, 3):
        page.cell(line, 5).number_format = '0.00"万元"'
        page.cell(line, 6).number_format = "0.0%"
    raw.mkdir(exist_ok=True)
    book.save(raw / "就业.xlsx")
    (handed,) = corrections(raw, tmp_path / "out")
    fixed(handed.path, {"D3": 40})
    shutil.move(handed.path, raw / "交回.xlsx")
    read_rows = "select file, median_monthly_wage, published_placement_rate::double from accepted.outcome order by all"
    assert read(raw).sql(read_rows).fetchall() == [("交回.xlsx", 4000, 0.5), ("就业.xlsx", 3800, 0.925)]


@pytest.mark.parametrize("name", ["../../逃", "/etc/x", "C:\\逃", "..", "CON", "a" * 300])
def test_a_school_name_cannot_lead_out_of_the_folder(raw: Path, tmp_path: Path, name: str) -> None:
    write(
        raw,
        {
            "学校二.csv": f"学校代码,学校名称\n9001,{name}\n",
            "就业.csv": "学校,专业,毕业年份,毕业生数\n9001,710201,2023,若干\n",
        },
    )
    written = corrections(raw, tmp_path / "out")
    assert written
    for handed in written:
        assert handed.path.resolve().is_relative_to((tmp_path / "out" / "corrections").resolve())
        assert handed.path.is_file()


def test_texts_from_files_become_no_formula_and_no_link(raw: Path, tmp_path: Path) -> None:
    hostile = ["=1+1", "@SUM(1)", "+1", "-1+2", "http://example.com", "'; drop table x;--", "<script>", "\tx"]
    rows = [
        ["学校", "专业", "毕业年份", "毕业生数", "统计口径"],
        *[["5002", "710201", 2023, "若干", text] for text in hostile],
    ]
    write(raw, {"就业.csv": as_csv(rows)})
    (handed,) = corrections(raw, tmp_path / "out")
    page = openpyxl.load_workbook(handed.path).worksheets[1]
    assert [page.cell(row, 5).value for row in range(2, 10)] == hostile
    assert all(cell.data_type != "f" and not cell.hyperlink for row in page.iter_rows() for cell in row)


def test_of_a_long_sheet_only_the_header_and_the_wrong_rows_are_handed_out(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.corrections.LONGEST_SHEET", 5)
    write(raw, {"就业.xlsx": as_xlsx(ROWS)})
    (handed,) = corrections(raw, tmp_path / "out")
    page = openpyxl.load_workbook(handed.path).worksheets[1]
    assert [row[0].value for row in page.iter_rows()] == [ROWS[row][0] for row in (0, 1, 3, 4, 5, 6)]
    fixed(handed.path, {"D3": 40, "B4": "740201", "E4": 28, "B5": "130700", "F5": 0.83})
    shutil.move(handed.path, raw / "交回.xlsx")
    assert read(raw).sql(ACCEPTED).fetchall() == RIGHT


def test_an_english_workbook_says_the_same(raw: Path, tmp_path: Path) -> None:
    write(raw, {"就业.xlsx": as_xlsx(ROWS)})
    (handed,) = corrections(raw, tmp_path / "out", "en")
    reasons, page, _ = openpyxl.load_workbook(handed.path).worksheets
    assert reasons.title == "Reasons"
    assert (
        page["D4"].comment.text
        == "Graduates is “若干”, which is not a number. Change it to a whole number not below 0."
    )
