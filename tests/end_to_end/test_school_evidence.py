"""The evidence workbooks of the sample district: each number against the warehouse, every school its own."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from reports.wording import texts
from tests.district import DistrictRun

TEXT = texts("zh")
NAMES = {name: key for key, name in TEXT["indicators"].items()}
SHEETS = TEXT["school_evidence"]["sheets"]


@pytest.fixture(scope="module")
def folder(sample_run: DistrictRun) -> Path:
    return sample_run.out / "2024" / "evidence"


@pytest.fixture(scope="module")
def marts(sample_run: DistrictRun) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(sample_run.warehouse), read_only=True) as connection:
        yield connection


def rows_of(folder: Path, sheet: str) -> pd.DataFrame:
    """The rows of one sheet of all workbooks, with the school's code; columns by title."""
    frames = []
    for file in sorted(folder.glob("*.zh.xlsx")):
        with CalamineWorkbook.from_path(file) as book:
            head, *rows = book.get_sheet_by_name(SHEETS[sheet]).to_python()
        frames.append(pd.DataFrame(rows, columns=head).assign(school_id=file.name.split(".")[0]))
    return pd.concat(frames, ignore_index=True).replace("", None)


def test_every_school_has_one_workbook(folder: Path, marts: duckdb.DuckDBPyConnection) -> None:
    schools = [row[0] for row in marts.sql("select distinct school_id from marts.unit order by 1").fetchall()]
    assert [file.name for file in sorted(folder.glob("*.xlsx"))] == [f"{school}.zh.xlsx" for school in schools]


def test_all_schools_together_show_every_indicator_of_every_program_year_once(
    folder: Path, marts: duckdb.DuckDBPyConnection
) -> None:
    shown = rows_of(folder, "facts").assign(indicator=lambda rows: rows["指标"].map(NAMES))
    expected = marts.sql("select * from marts.indicator where year <= 2024").df()
    found = shown.merge(
        expected, left_on=["school_id", "专业代码", "年度", "indicator"],
        right_on=["school_id", "program_code", "year", "indicator"], how="outer", indicator=True,
    )  # fmt: skip
    assert len(shown) == len(expected) == len(found)
    assert set(found["_merge"]) == {"both"}
    counted = found[found["denominator"].notna()]
    for shown_as, name in (("分子", "numerator"), ("分母", "denominator")):
        assert (counted[shown_as].astype(float) - counted[name].astype(float)).abs().max() == 0
    values = found[found["比率"].notna()]
    assert (values["比率"].astype(float) - values["value"]).abs().max() < 1e-12
    unshown = found[found["比率"].isna() & found["value"].notna()]
    assert (unshown["denominator"].astype(float) < 10).all(), "no rate on fewer than 10 persons, any other is shown"


def test_every_verdict_of_the_round_is_in_one_workbook(folder: Path, marts: duckdb.DuckDBPyConnection) -> None:
    shown = rows_of(folder, "verdicts")
    found = sorted(zip(shown["school_id"] + "-" + shown["专业代码"], shown[TEXT["columns"]["state"]], strict=True))
    states = {
        "normal": "正常",
        "notice": "提示",
        "warning": "黄牌",
        "reduce": "调减",
        "suspend": "停招",
        "exit": "撤销",
    }
    expected = marts.sql("select unit, state from decisions.verdict where round = 2024 and as_of_round = 2024")
    assert found == sorted((unit, states[state]) for unit, state in expected.fetchall())


def test_the_evidence_is_that_of_the_decisions_and_lines_of_rankings_are_rounded(
    folder: Path, marts: duckdb.DuckDBPyConnection
) -> None:
    shown = rows_of(folder, "evidence")
    expected = marts.sql("select * from decisions.evidence where as_of_round = 2024 and round <= 2024").df()
    rules = {"直接就业率不达标": "direct_employment_low", "直接就业率位于全区后 10 %": "bottom_tenth"}
    for title, rule in rules.items():
        rows = shown[shown["规则"] == title].assign(unit=lambda rows: rows["school_id"] + "-" + rows["专业代码"])
        both = rows.merge(expected[expected["rule"] == rule], left_on=["unit", "年度"], right_on=["unit", "round"])
        assert len(both) == len(rows) == (expected["rule"] == rule).sum()
        for name, column in (("合并分子", "pooled_numerator"), ("比较值", "compared_value")):
            numbers = both[[name, column]].astype(float)
            assert numbers[name].isna().equals(numbers[column].isna())
            assert (numbers[name] - numbers[column]).abs().max() < 1e-12
        lines = both["界线"].dropna().astype(float)
        digits = 3 if rule == "bottom_tenth" else 9
        assert (lines - lines.round(digits)).abs().max() < 1e-12, "an exact quotient tells another school's counts"
        assert (lines - both.loc[lines.index, "line"]).abs().max() < 10**-digits


def test_what_was_sent_and_what_was_read_stand_side_by_side(folder: Path, marts: duckdb.DuckDBPyConnection) -> None:
    shown = rows_of(folder, "cells")
    used = shown[shown["采用"] == "是"].query("表 == '毕业生就业情况' and 列 == '毕业生数'")
    totals = used.groupby(["school_id", "年度"])["读出的值"].sum()
    ((graduates,),) = marts.sql("select sum(graduates) from core.outcome").fetchall()
    assert totals.astype(float).sum() == float(graduates)
    wide = shown[shown["原文"].astype(str).str.contains("[０-９]", regex=True)]
    assert len(wide), "full-width digits stand as they were sent"
    assert pd.api.types.is_number(wide["读出的值"].iloc[0])


def test_refused_rows_are_told_to_the_school_that_sent_them(folder: Path) -> None:
    refused = rows_of(folder, "findings").query("处理 == '退回（未计入）'")
    assert set(refused["school_id"]) == {"KZ09"}
    assert {"B12", "F13", "G14", "F15"} <= set(refused["单元格"])


def test_no_other_schools_few_graduates_follow_from_a_ratio(folder: Path) -> None:
    facts = rows_of(folder, "facts")
    own = facts[facts["指标"] == "毕业去向落实率"].set_index(["school_id", "专业代码", "年度"])["分母"].astype(float)
    ratios = facts[facts["指标"].isin(["区域供求比", "预测供求比"])]
    places = pd.MultiIndex.from_frame(ratios[["school_id", "专业代码", "年度"]])
    others = ratios["分子"].astype(float).to_numpy() - own.reindex(places).to_numpy()
    assert len(others)
    assert not ((others > 1e-6) & (others < 5)).any()


def test_a_workbook_names_no_other_school(folder: Path, marts: duckdb.DuckDBPyConnection) -> None:
    names = dict(marts.sql("select school_id, name from accepted.school").fetchall())
    for file in folder.glob("*.xlsx"):
        with CalamineWorkbook.from_path(file) as book:
            sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        said = "\n".join(str(value) for rows in sheets for row in rows for value in row)
        others = [name for school, name in names.items() if school != file.name.split(".")[0] and name in said]
        assert not others


def test_sheets_are_set_up_for_reading_and_printing(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "KZ01.zh.xlsx")
    assert book.sheetnames == list(SHEETS.values())
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows == "$1:$1"
        assert all(cell.data_type in ("s", "n") for row in sheet.iter_rows() for cell in row)
        links = [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]
        assert all(link.location and not link.target for link in links)
        for link in links:
            name, cell = link.location.rsplit("!", 1)
            assert book[name.strip("'")][cell].value is not None
    facts = book[SHEETS["facts"]]
    titles = [cell.value for cell in facts[1]]
    rate = next(row for row in facts.iter_rows(min_row=2) if row[3].value == "直接就业率")
    assert rate[titles.index("比率")].number_format == "0.0%"
