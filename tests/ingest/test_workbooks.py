"""Workbooks of every kind, and what they say about their cells besides values: hidden, merged, percent, errors."""

import datetime as dt
import io
import zipfile
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableColumn, TableRow
from odf.text import P
from python_calamine import CalamineWorkbook

from pipelines.ingest import workbooks
from pipelines.ingest.marks.sheet import sign_of_format
from pipelines.ingest.workbooks import column_texts

HEADER = ["学校", "专业", "毕业年份", "统计日期", "毕业生数", "就业率"]
ROWS = [
    ["开州职教中心", "计算机应用", 2023, dt.date(2023, 12, 31), 50, 0.925],
    [None, "机电技术应用", 2023, dt.date(2023, 12, 31), 40, 0.8],
    ["巨龙中职校", "中餐烹饪", 2023, dt.date(2023, 12, 31), 30, 1],
]
ACCEPTED = (
    "select school_id, program_code, cohort_year, survey_date, graduates, published_placement_rate::double"
    " from accepted.outcome order by row_number"
)
EXPECTED = [
    ("5001", "710201", 2023, dt.date(2023, 12, 31), 50, 0.925),
    ("5001", "660301", 2023, dt.date(2023, 12, 31), 40, 0.8),
    ("5002", "740201", 2023, dt.date(2023, 12, 31), 30, 1.0),
]
KINDS = ["xlsx", "xlsm", "xls", "ods"]


def built(kind: str) -> bytes:
    """The same workbook in each kind: a merged title, a school merged over two rows, rates shown as percentages, a
    hidden row (the third of data), a hidden column (the dates) and a hidden sheet."""
    return {"xls": as_xls, "ods": as_ods}.get(kind, lambda: as_xlsx(macros=kind == "xlsm"))()


def as_xlsx(*, macros: bool = False) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("2023届")
        percent, date = book.add_format({"num_format": "0.0%"}), book.add_format({"num_format": "yyyy/m/d"})
        sheet.merge_range(0, 0, 0, 5, "毕业生就业情况")
        sheet.write_row(1, 0, HEADER)
        for row, cells in enumerate(ROWS, start=2):
            for column, value in enumerate(cells):
                if isinstance(value, dt.date):
                    sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), date)
                elif value is not None:
                    sheet.write(row, column, value, percent if column == 5 else None)
        sheet.merge_range(2, 0, 3, 0, ROWS[0][0])
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.set_column(3, 3, None, None, {"hidden": True})
        other = book.add_worksheet("旧")
        other.write(0, 0, "旧数据")
        other.hide()
    if not macros:
        return stream.getvalue()
    with zipfile.ZipFile(stream, "a") as package:
        package.writestr("xl/vbaProject.bin", b"not a program")
    return stream.getvalue()


def as_xls() -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("2023届")
    percent, date = xlwt.easyxf(num_format_str="0.0%"), xlwt.easyxf(num_format_str="yyyy/m/d")
    sheet.write_merge(0, 0, 0, 5, "毕业生就业情况")
    for column, text in enumerate(HEADER):
        sheet.write(1, column, text)
    for row, cells in enumerate(ROWS, start=2):
        for column, value in enumerate(cells):
            if value is not None and column:
                style = {3: date, 5: percent}.get(column, xlwt.Style.default_style)
                sheet.write(row, column, value, style)
    sheet.write_merge(2, 3, 0, 0, ROWS[0][0])
    sheet.write(4, 0, ROWS[2][0])
    sheet.row(4).hidden = True
    sheet.col(3).hidden = True
    other = book.add_sheet("旧")
    other.write(0, 0, "旧数据")
    other.visibility = 1
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_ods() -> bytes:
    book = OpenDocumentSpreadsheet()
    hidden = Style(name="hidden", family="table")
    hidden.addElement(TableProperties(display="false"))
    book.automaticstyles.addElement(hidden)
    sheet = Table(name="2023届")
    sheet.addElement(TableColumn(numbercolumnsrepeated=3))
    sheet.addElement(TableColumn(visibility="collapse"))
    sheet.addElement(TableColumn(numbercolumnsrepeated=2))
    for row, cells in enumerate([["毕业生就业情况"], HEADER, *ROWS]):
        line = TableRow(**({"visibility": "collapse"} if row == 4 else {}))
        for column, value in enumerate(cells):
            line.addElement(
                ods_cell(value, percent=column == 5, spans={(0, 0): (1, 6), (2, 0): (2, 1)}.get((row, column)))
            )
        sheet.addElement(line)
    sheet.addElement(TableRow(numberrowsrepeated=1_048_000))
    book.spreadsheet.addElement(sheet)
    other = Table(name="旧", stylename="hidden")
    line = TableRow()
    line.addElement(ods_cell("旧数据", percent=False, spans=None))
    other.addElement(line)
    book.spreadsheet.addElement(other)
    stream = io.BytesIO()
    book.write(stream)
    return stream.getvalue()


def ods_cell(value: Any, *, percent: bool, spans: tuple[int, int] | None) -> Any:
    if value is None:
        return CoveredTableCell()
    if isinstance(value, dt.date):
        kind = {"valuetype": "date", "datevalue": value.isoformat()}
    elif isinstance(value, str):
        kind = {"valuetype": "string"}
    else:
        kind = {"valuetype": "percentage" if percent and not isinstance(value, str) else "float", "value": str(value)}
    if spans:
        kind |= {"numberrowsspanned": spans[0], "numbercolumnsspanned": spans[1]}
    cell = TableCell(**kind)
    cell.addElement(P(text=str(value)))
    return cell


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_workbook_gives_the_same_rows(ingested, ask, kind):
    connection = ingested({f"就业.{kind}": built(kind)})
    assert ask(connection, ACCEPTED) == EXPECTED
    assert ask(connection, "select kind, status from landed.file where file like '就业%'") == [(kind, "read")]
    assert ask(connection, "select rule from quarantine.finding where rule in ('name_differs', 'marks_unread')") == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_hidden_is_read_and_named(ingested, ask, messages, kind):
    connection = ingested({f"就业.{kind}": built(kind)})
    assert messages(connection, "hidden") == [
        f"就业.{kind} 工作表“2023届”：第 5 行、D 列被隐藏（手动隐藏或筛选），已和其他内容一样读取。"
        "请确认其中的数据应当上报；不应上报的请删去，而不是隐藏。",
        f"就业.{kind} 工作表“旧”：整张工作表被隐藏（手动隐藏或筛选），已和其他内容一样读取。"
        "请确认其中的数据应当上报；不应上报的请删去，而不是隐藏。",
    ]
    assert ask(connection, "select row_number from accepted.outcome where row_number = 5") == [(5,)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_shown_as_a_percentage_is_one_below_a_header_in_percent(ingested, ask, monkeypatch, kind):
    monkeypatch.setattr("tests.ingest.test_workbooks.HEADER", [*HEADER[:5], "就业率（%）"])
    assert ask(ingested({f"就业.{kind}": built(kind)}), ACCEPTED) == EXPECTED


def test_hidden_blank_rows_and_columns_are_not_worth_a_word(ingested, ask, workbook):
    book = openpyxl.load_workbook(io.BytesIO(workbook({"表": [HEADER, ROWS[0]]})))
    book["表"].row_dimensions[7].hidden = True
    book["表"].column_dimensions["J"].hidden = True
    assert ask(ingested({"就业.xlsx": saved(book)}), "select * from quarantine.finding where rule = 'hidden'") == []


def test_many_hidden_rows_are_named_as_spans(ingested, messages, workbook):
    rows = [["开州职教中心", "计算机应用", 2000 + number, None, 5, None] for number in range(60)]
    book = openpyxl.load_workbook(io.BytesIO(workbook({"表": [HEADER, *rows]})))
    for row in [*range(3, 10), *range(11, 60, 2)]:
        book["表"].row_dimensions[row].hidden = True
    (message,) = messages(ingested({"就业.xlsx": saved(book)}), "hidden")
    assert message.startswith("就业.xlsx 工作表“表”：第 3–9、11、13、")
    assert "、…" in message


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("merged", "refused"),
    [("D2:D3", ["D2", "D3"]), ("D2:E2", ["D2", "E2"]), ("D2:E3", ["D2", "D3", "E2", "E3"])],
)
def test_a_number_merged_over_several_cells_belongs_to_none_of_them(ingested, ask, messages, workbook, merged, refused):
    rows = [
        ["学校", "专业", "毕业年份", "毕业生数", "单位就业"],
        ["5001", "710201", 2023, 90, 30],
        ["5001", "660301", 2023, 40, 20],
        ["5002", "660301", 2023, 40, 20],
    ]
    connection = ingested({"就业.xlsx": workbook({"表": rows}, {"表": [merged]})})
    assert ask(connection, "select cell from quarantine.finding where rule = 'not_a_number' order by 1") == [
        (cell,) for cell in refused
    ]
    assert f"写的是“90（{merged} 合并）”，不是数字" in messages(connection, "not_a_number")[0]
    assert ask(connection, "select school_id from accepted.outcome order by row_number")[-1] == ("5002",)


def test_a_year_and_a_missing_marker_merged_over_rows_stand_in_each(ingested, ask, workbook):
    rows = [
        ["学校", "专业", "毕业年份", "毕业生数"],
        ["5001", "710201", 2023, "—"],
        ["5001", "660301", None, None],
    ]
    connection = ingested({"就业.xlsx": workbook({"表": rows}, {"表": ["C2:C3", "D2:D3"]})})
    assert ask(connection, "select cohort_year, graduates from accepted.outcome") == [(2023, None)] * 2


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_an_error_in_a_cell_is_refused_and_not_taken_for_an_empty_one(ingested, ask, messages, kind):
    cells = ["5001", "710201", 2023]
    if kind == "xlsx":
        book = openpyxl.Workbook()
        book.active.append([*HEADER[:3], "毕业生数", "单位就业"])
        book.active.append([*cells, "#DIV/0!", "#N/A"])
        content = saved(book)
    else:
        old = xlwt.Workbook()
        sheet = old.add_sheet("Sheet")
        for column, text in enumerate([*HEADER[:3], "毕业生数", "单位就业"]):
            sheet.write(0, column, text)
        for column, value in enumerate(cells):
            sheet.write(1, column, value)
        sheet.row(1).set_cell_error(3, "#DIV/0!")
        sheet.row(1).set_cell_error(4, "#N/A!")
        stream = io.BytesIO()
        old.save(stream)
        content = stream.getvalue()
    connection = ingested({f"就业.{kind}": content})
    assert ask(connection, "select cells->>'graduates', cells->>'employed' from quarantine.row") == [
        ("#DIV/0!", "#N/A")
    ]
    assert ask(connection, "select cell, rule from quarantine.finding where row_id is not null") == [
        ("D2", "not_a_number")
    ]


def test_a_formula_that_was_never_calculated_is_named(ingested, ask, messages, workbook):
    rows = [["学校", "专业", "毕业年份", "毕业生数"], ["5001", "710201", 2023, "=20+30"]]
    connection = ingested({"就业.xlsx": workbook({"表": rows})})
    assert messages(connection, "formula_without_result") == [
        "就业.xlsx 工作表“表” D2：D2 是公式，但文件里没有存下计算结果，读成了空白。"
        "请在 Excel 中打开、重新计算并保存后再放入。"
    ]


def test_a_raised_footnote_mark_is_told_from_a_digit(ingested, ask):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet, raised = book.add_worksheet("表"), book.add_format({"font_script": 1})
        sheet.write_row(0, 0, ["学校", "专业", "毕业年份", "毕业生数"])
        sheet.write_rich_string(1, 0, "开州职教中心", raised, "1")
        sheet.write_rich_string(1, 1, "计算机应用", raised, "a")
        sheet.write(1, 2, 2023)
        sheet.write_rich_string(1, 3, "12", raised, "1")
    connection = ingested({"就业.xlsx": stream.getvalue()})
    assert ask(connection, "select school_id, program_code, graduates from accepted.outcome") == [
        ("5001", "710201", 12)
    ]


@pytest.mark.parametrize(
    ("number", "code", "sign"),
    [
        (9, None, "%"),
        (0, None, None),
        (164, "0.0%", "%"),
        (164, "0.0 %;[Red]-0.0 %", "%"),
        (164, '0.00"万元"', "万元"),
        (164, "#,##0\\人", "人"),
        (164, 'General"人"', "人"),
        (164, '0"%"', "％"),
        (164, '0.0,"千元"', None),
        (164, '0!.0,"万"', None),
        (164, 'yyyy"年"m"月"', None),
        (164, '#,##0_ "x"', None),
    ],
)
def test_the_sign_behind_a_number_is_that_of_its_format(number, code, sign):
    assert sign_of_format(number, code) == sign


def test_a_unit_that_the_format_writes_counts(ingested, ask):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet, unit = book.add_worksheet("表"), book.add_format({"num_format": '0.00"亿元"'})
        sheet.write_row(0, 0, ["地区", "年份", "行业", "增加值"])
        sheet.write_row(1, 0, ["开州区", 2023, "第一产业"])
        sheet.write(1, 3, 105.25, unit)
    connection = ingested({"产业.xlsx": stream.getvalue()})
    assert ask(connection, "select value_added from accepted.industry") == [(10_525_000_000.0,)]


def test_cells_keep_their_places_and_texts_however_few_rows_are_held_at_a_time(monkeypatch):
    monkeypatch.setattr(workbooks, "ROWS_AT_ONCE", 2)
    book = openpyxl.Workbook()
    for row, cells in enumerate([(1, True, "1"), (True, 1, None), (0.0, False, ""), (2.5, 1e16, "x")], start=4):
        for column, value in enumerate(cells, start=3):
            book.active.cell(row, column, value)
    stream = io.BytesIO()
    book.save(stream)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(stream.getvalue())).get_sheet_by_index(0)
    rows = list(zip(*column_texts(sheet), strict=True))
    assert rows[:3] == [(None,) * 5] * 3
    assert rows[3:] == [
        (None, None, "1", "TRUE", "1"),
        (None, None, "TRUE", "1", None),
        (None, None, "0", "FALSE", None),
        (None, None, "2.5", "1e+16", "x"),
    ]


def test_a_sheet_without_cells_has_no_columns():
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    assert column_texts(CalamineWorkbook.from_filelike(io.BytesIO(stream.getvalue())).get_sheet_by_index(0)) == []
