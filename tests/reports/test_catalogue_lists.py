"""The catalogues as a workbook: every sheet, its lines and reasons, text that stays text."""

from pathlib import Path

import openpyxl
import pytest

from reports.catalogue_lists import write
from reports.catalogues import COLUMNS, catalogues, definitions
from reports.wording import texts
from tests.district import DistrictRun
from tests.reports.district import FORMULA, tables


@pytest.fixture(scope="module", params=["zh", "en"])
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, openpyxl.Workbook]:
    file = tmp_path_factory.mktemp("catalogues") / "catalogues.xlsx"
    write(tables(), file, request.param)
    return request.param, openpyxl.load_workbook(file)


def test_there_is_a_sheet_for_every_catalogue_and_one_of_definitions(book: tuple[str, openpyxl.Workbook]) -> None:
    lang, found = book
    assert found.sheetnames == list(texts(lang)["catalogues"]["sheets"].values())
    for sheet in found.worksheets:
        assert sheet.freeze_panes == "A2", sheet.title
        assert sheet.auto_filter.ref, sheet.title
        assert sheet.max_row > 1, sheet.title


def test_no_cell_of_the_catalogues_is_a_formula_or_a_link(book: tuple[str, openpyxl.Workbook]) -> None:
    cells = [cell for sheet in book[1] for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)
    assert any(cell.value == FORMULA for cell in cells)


def test_the_shortage_catalogue_shows_indicators_beside_their_lines(book: tuple[str, openpyxl.Workbook]) -> None:
    lang, found = book
    sheet = found.worksheets[1]
    titles = {cell.value: cell.column for cell in sheet[1]}
    wanted = "求人倍率（≥1.5）" if lang == "zh" else "Openings to seekers (≥ 1.5)"
    assert sheet.cell(2, titles[wanted]).value == 0.5
    share = sheet.cell(2, titles["招聘岗位补不足（≥30 %）" if lang == "zh" else "Vacancies left open (≥ 30 %)"])
    assert (share.value, share.number_format) == (0.5, "0.0%")
    assert sheet.cell(2, titles["有效至（年）" if lang == "zh" else "Valid until"]).value == 2026
    assert sheet.cell(2, titles["连续达到的年数（≥2）" if lang == "zh" else "Years in a row (≥ 2)"]).value is None


def test_a_school_that_a_verdict_bars_is_not_among_those_that_may_expand() -> None:
    expand = next(found for found in catalogues(tables(), "zh") if found.name == "expand")
    (row,) = expand.rows
    shown = dict(zip(COLUMNS["expand"], row, strict=True))
    assert shown["may_expand"] == "B"
    assert shown["barred"].endswith("（停招）")


def test_a_program_that_no_school_may_expand_is_not_listed() -> None:
    barred = tables()
    barred.frames["decisions.expansion_point"] = barred.frames["decisions.expansion_point"].assign(may_expand=False)
    assert next(found for found in catalogues(barred, "zh") if found.name == "expand").rows == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_line_and_every_column_is_defined(lang: str) -> None:
    district = tables()
    said = definitions(district, lang)
    rules = district.frames["core.catalogue_definition"]
    assert len(said) == 2 + len(rules) + sum(map(len, COLUMNS.values()))
    assert all(row[3] for row in said)
    assert set(rules[f"reason_{lang}"]) <= {row[3] for row in said}


def test_a_district_without_any_entry_gives_empty_sheets(tmp_path: Path) -> None:
    empty = tables()
    for name in [name for name in empty.frames if name.startswith("marts.") and name != "marts.class_member"]:
        empty.frames[name] = empty.frames[name].iloc[:0]
    write(empty, tmp_path / "empty.xlsx", "zh")
    sheets = openpyxl.load_workbook(tmp_path / "empty.xlsx").worksheets
    assert [sheet.max_row for sheet in sheets[:-1]] == [1] * len(COLUMNS)


def test_the_run_writes_the_catalogues_of_the_sample_district(sample_run: DistrictRun) -> None:
    found = openpyxl.load_workbook(sample_run.out / "2024" / "catalogues.zh.xlsx")
    listed = {row[1] for row in found["紧缺型职业（工种）目录"].iter_rows(min_row=2, values_only=True)}
    assert {"半导体芯片制造工", "无人机驾驶员", "养老护理员"} <= listed
    considered = {row[1] for row in found["可考虑新设的专业"].iter_rows(min_row=2, values_only=True)}
    assert considered == {"半导体芯片制造工", "无人机驾驶员"}
    expand = {row[1]: row[3:5] for row in found["可扩大招生的专业"].iter_rows(min_row=2, values_only=True)}
    assert "汉水中等专业学校（虚构）" not in expand["中餐烹饪"][0]
    assert "汉水中等专业学校（虚构）（停招）" in expand["中餐烹饪"][1]
