"""Input forms: written from the contracts, filled in, and read back with nothing refused."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipelines import ingest
from pipelines.contracts import Column, Contract, contracts
from pipelines.ingest.names import key
from pipelines.open_names import open_names, open_names_form
from pipelines.templates import Lists, cell_of, form_of, read_lists, write_templates
from reports.input_form import LAST_ROW
from reports.input_form import write as write_form
from tests.district import ROOT, DistrictRun, duikou
from tests.ingest.conftest import BASE, ingest_folder, write

LANGUAGES = ("zh", "en")
CODES = {"school": "KZ01", "program_catalogue": "710201", "industry_class": "C"}  # of the examples
REFERENCES = {"school": ["5001", "5003"], "program_catalogue": ["710201", "090100"], "industry_class": ["C", "83"]}


def columns_of(table: str) -> str:
    return ", ".join(f'"{column.name}"' for column in contracts()[table].columns)


def filled(contract: Contract, rows: list[dict[str, Any]], lists: Lists, file: Path, lang: str) -> None:
    """Write a form and fill it in below its example, as a person would, with openpyxl in the place of Excel."""
    write_form(form_of(contract, lists, lang), file, lang)
    book = openpyxl.load_workbook(file)
    page = book.worksheets[0]
    for line, row in enumerate(rows, start=3):
        for number, column in enumerate(contract.columns, start=1):
            value = cell_of(column, row.get(column.name), lang)
            if value is not None:
                page.cell(line, number, value)
                if isinstance(value, str):
                    page.cell(line, number).data_type = "s"
    book.save(file)


@pytest.fixture(scope="module")
def reference() -> Iterator[duckdb.DuckDBPyConnection]:
    """The reference tables of the sample district."""
    with duckdb.connect() as connection:
        ingest.land(connection, ROOT / "data" / "raw" / "基础")
        for contract in contracts().values():
            ingest.accept(connection, contract)
        yield connection


@pytest.mark.parametrize("lang", LANGUAGES)
def test_blank_forms_hold_no_data_and_every_row_of_them_is_accounted_for(
    reference: duckdb.DuckDBPyConnection, tmp_path: Path, lang: str
) -> None:
    written = write_templates(tmp_path, reference, lang)
    assert len(written) == len(contracts())
    connection = ingest_folder(tmp_path)
    account = "select sum(landed), sum(non_data) from landed.account where file not like 'reference/%'"
    ((landed, non_data),) = connection.sql(account).fetchall()
    assert landed == non_data > 0
    kinds = "select contract from landed.non_data where kind = 'example'"
    assert {table for (table,) in connection.sql(kinds).fetchall()} == set(contracts())
    assert connection.sql("from quarantine.finding").fetchall() == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_example_of_every_form_would_be_accepted_if_it_were_data(tmp_path: Path, lang: str) -> None:
    write(tmp_path, {name: text for name, text in BASE.items() if name != "行业分类.csv"})
    for table, contract in contracts().items():
        example = {column.name: column.example for column in contract.columns}
        example |= {c.name: CODES[next(iter(c.refers_to.values()))] for c in contract.columns if c.references}
        filled(contract, [example], Lists({}, {}), tmp_path / f"{table}.xlsx", lang)
    connection = ingest_folder(tmp_path)
    assert connection.sql("select message_en from quarantine.finding where severity <> 'note'").fetchall() == []
    for table, contract in contracts().items():
        kept = contract.counted_into or table
        rows = connection.sql(f"select count(*) from accepted.{kept} where file = '{table}.xlsx'").fetchall()
        assert rows == [(1,)], table


def test_the_whole_sample_district_filled_into_forms_gives_the_same_accepted_tables(
    sample_run: DistrictRun, tmp_path: Path
) -> None:
    with duckdb.connect(str(sample_run.warehouse), read_only=True) as connection:
        lists = read_lists(connection)
        before = {}
        for table, contract in contracts().items():
            rows = connection.sql(f"select {columns_of(table)} from accepted.{table}").fetchall()
            names = [column.name for column in contract.columns]
            before[table] = sorted(rows, key=repr)
            if rows:
                dicts = [dict(zip(names, row, strict=True)) for row in rows]
                filled(contract, dicts, lists, tmp_path / f"{table}.xlsx", "zh")
    connection = ingest_folder(tmp_path)
    assert connection.sql("select message_zh from quarantine.finding where severity = 'refuse'").fetchall() == []
    for table, rows in before.items():
        found = connection.sql(f"select {columns_of(table)} from accepted.{table}").fetchall()
        assert sorted(found, key=repr) == rows, table


WORDS = st.text("区教委计算机与abc 12（）", max_size=8).map(lambda text: f"测{text}试")  # nothing in the base tables
SQL_TYPES = {"count": "bigint", "year": "integer", "number": "double", "rate": "decimal(18, 10)", "date": "date"}


def cell_values(column: Column) -> st.SearchStrategy[Any]:
    """Stored values that a column may hold."""
    low, high = (column.min or 0, 10**6 if column.max is None else column.max)
    if column.references:
        return st.sampled_from(REFERENCES[next(iter(column.refers_to.values()))])
    if column.choices:
        return st.sampled_from(column.choices)
    by_type: dict[str, st.SearchStrategy[Any]] = {
        "count": st.integers(int(low), int(high)),
        "year": st.integers(int(low), int(high)),
        "number": st.integers(int(low * 100), int(high * 100)).map(lambda cents: cents / 100),
        "rate": st.integers(0, 1000).map(lambda thousandths: thousandths / 1000),
        "date": st.dates(dt.date(2000, 1, 1), dt.date(2060, 1, 1)),
        "period": st.builds("{}{}".format, st.integers(2000, 2060), st.sampled_from(["", "Q1", "Q4"])),
        "list": st.lists(st.sampled_from("甲乙丙"), min_size=1, max_size=2),
    }
    return by_type.get(column.type, WORDS)


def keeps_its_checks(contract: Contract, row: dict[str, Any]) -> bool:
    """Whether a row breaks no check that refuses it."""
    holds = " and ".join(f"coalesce(({check.holds}), true)" for check in contract.checks if check.severity == "refuse")
    cells = ", ".join(
        f'${column.name}::{SQL_TYPES.get(column.type, "varchar")} as "{column.name}"' for column in contract.columns
    )
    return bool(duckdb.execute(f"select {holds or 'true'} from (select {cells})", row).fetchall()[0][0])


def rows_of(contract: Contract) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows that the contract accepts, no two with the same key."""
    cells = {
        column.name: cell_values(column) if column.required else st.none() | cell_values(column)
        for column in contract.columns
    }
    for column in contract.columns:
        if column.referring:  # which table a code is of
            cells[column.referring] = st.just(next(iter(column.refers_to)))
    if contract.table == "alias":  # a decision is about a name that no list has
        cells["text"] = WORDS.map(lambda text: f"别{text}")
    good = st.fixed_dictionaries(cells).filter(lambda row: keeps_its_checks(contract, row))
    return st.lists(
        good, min_size=1, max_size=3, unique_by=lambda row: tuple(key(str(row[name])) for name in contract.key)
    )


KEPT = {table: contract for table, contract in contracts().items() if not contract.counted_into}
ALL_ROWS = st.fixed_dictionaries({table: rows_of(contract) for table, contract in KEPT.items()})


@settings(max_examples=4, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate))
@given(ALL_ROWS, st.sampled_from(LANGUAGES))
def test_filled_forms_of_all_tables_are_read_with_no_row_refused(
    tmp_path_factory: pytest.TempPathFactory, rows: dict[str, list[dict[str, Any]]], lang: str
) -> None:
    folder = tmp_path_factory.mktemp("filled")
    write(folder, dict(BASE))
    for table, contract in KEPT.items():
        filled(contract, rows[table], Lists({}, {}), folder / f"{table}.xlsx", lang)
    connection = ingest_folder(folder)
    assert connection.sql("select message_zh from quarantine.finding where severity = 'refuse'").fetchall() == []
    for table in KEPT:
        ((count,),) = connection.sql(f"select count(*) from accepted.{table} where file = '{table}.xlsx'").fetchall()
        assert count == len(rows[table]), table


def test_a_form_offers_lists_checks_cells_and_keeps_its_header_in_sight(
    reference: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = tmp_path / "outcome.xlsx"
    write_form(form_of(contracts()["outcome"], read_lists(reference), "zh"), file, "zh")
    page, guide, lists = openpyxl.load_workbook(file).worksheets
    assert page.freeze_panes == "A2"
    assert lists.sheet_state == "hidden"
    header = [cell.value for cell in page[1]]
    assert header[:3] == ["学校*", "专业代码*", "毕业年份*"]
    assert {"毕业生数（人）", "月薪中位数（元）", "毕业去向落实率"} <= set(header)
    assert "Graduates" in page["F1"].comment.text
    rules = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    schools = rules[f"A2:A{LAST_ROW + 1}"]
    assert (schools.type, schools.formula1) == ("list", "选项!$A$2:$A$10")
    assert lists["A2"].value == "KZ01 云枫职业教育中心（虚构）"
    graduates = rules[f"F2:F{LAST_ROW + 1}"]
    assert (graduates.type, graduates.operator, graduates.formula1) == ("whole", "greaterThanOrEqual", "0")
    rate = rules[f"T2:T{LAST_ROW + 1}"]
    assert (rate.type, rate.formula1, rate.formula2) == ("decimal", "0", "1")
    assert page["A2"].value == "示例：KZ01 云枫职业教育中心（虚构）"
    assert guide["A1"].value == "〔本页只作说明，不是数据〕"
    assert all(cell.data_type != "f" for sheet in (page, guide, lists) for row in sheet.iter_rows() for cell in row)


def test_undecided_names_come_as_a_form_with_suggestions_and_hold_once_they_are_decided(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    rows = ["巨龙职业学校,710201,2023,50", "巨龙 职业学校,烹饪,2023,30", "巨龙职业学校,710291,2023,20"]
    write(raw, {**BASE, "就业.csv": "学校,专业,毕业年份,毕业生数\n" + "\n".join(rows)})
    connection = ingest_folder(raw)
    assert [(entry.kind, entry.text, entry.rows, entry.place) for entry in open_names(connection)] == [
        ("专业", "烹饪", 1, "就业.csv B3"),
        ("学校", "巨龙 职业学校", 3, "就业.csv A3"),
    ]
    file = raw / "待认定.xlsx"
    form = open_names_form(connection, "zh")
    assert form is not None
    write_form(form, file)
    unchanged = ingest_folder(raw)
    kinds = "select kind, count(*) from landed.non_data where contract = 'alias' group by all order by 1"
    assert unchanged.sql(kinds).fetchall() == [("example", 1), ("header", 1), ("undecided", 2)]
    assert unchanged.sql("select rule from quarantine.finding where file = '待认定.xlsx'").fetchall() == []
    book = openpyxl.load_workbook(file)
    page = book.worksheets[0]
    assert [cell.value for cell in page[4]][6] == "5002 开州区巨龙中等职业技术学校（96）"
    for line, code in ((3, "740201"), (4, "5002 开州区巨龙中等职业技术学校")):
        for column, value in zip("CDEF", (code, "区教委（虚构）", "2025-01-10", "简称"), strict=True):
            page[f"{column}{line}"] = value
    book.save(file)
    decided = ingest_folder(raw)
    assert decided.sql("select school_id, program_code, graduates from accepted.outcome order by 3").fetchall() == [
        ("5002", "740201", 30),
        ("5002", "710201", 50),
    ]
    assert open_names(decided) == []


def test_the_command_writes_a_form_for_every_table_and_leaves_a_full_folder_alone(tmp_path: Path) -> None:
    finished = duikou("template", tmp_path / "forms", "--lang", "en", cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert len(list((tmp_path / "forms").glob("*.xlsx"))) == len(contracts())
    again = duikou("template", tmp_path / "forms", cwd=tmp_path)
    assert again.returncode == 1
    assert "不是空的" in again.stderr.replace("\n", "")
    unknown = duikou("template", tmp_path / "more", "--reference", tmp_path / "none", cwd=tmp_path)
    assert unknown.returncode == 1
    assert "不是数据仓库也不是输入文件夹" in unknown.stderr.replace("\n", "")
