"""Small folders of input files, ingested: what the tests of this folder start from."""

import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from pipelines import ingest
from pipelines.contracts import contracts

SCHOOLS = """学校代码,学校名称,别名,办学类型,举办性质
5001,重庆市开州区职业教育中心,开州职教中心;开州区职教中心,中等职业学校,公办
5002,开州区巨龙中等职业技术学校,巨龙中职校;巨龙技校,中等职业学校,民办
5003,重庆（开州）技工学校,开州技工学校,技工学校,公办
"""
CATALOGUE = """目录版本,专业代码,专业名称,专业大类,专业类,层次,目录性质
2021,710201,计算机应用,电子与信息大类,计算机类,中职,非官方整理
2010,090100,计算机应用,信息技术类,,中职,非官方整理
2021,660301,机电技术应用,装备制造大类,自动化类,中职,非官方整理
2010,051300,机电技术应用,加工制造类,,中职,非官方整理
2021,740201,中餐烹饪,旅游大类,餐饮类,中职,非官方整理
2010,130700,中餐烹饪与营养膳食,旅游服务类,,中职,非官方整理
2021,700206,汽车运用与维修,交通运输大类,道路运输类,中职,非官方整理
2021,500211,汽车运用与维修,交通运输大类,道路运输类,高职专科,非官方整理
"""
INDUSTRIES = """行业代码,行业名称,层级,三次产业,门类,分类标准
1,第一产业,sector,1,,三次产业
2,第二产业,sector,2,,三次产业
3,第三产业,sector,3,,三次产业
C,制造业,section,2,C,GB/T 4754-2017
P,教育,section,3,P,GB/T 4754-2017
83,教育,division,3,P,GB/T 4754-2017
"""
BASE = {"学校名录.csv": SCHOOLS, "专业目录.csv": CATALOGUE, "行业分类.csv": INDUSTRIES}

Files = dict[str, str | bytes]
Ingest = Callable[..., duckdb.DuckDBPyConnection]


@pytest.fixture
def ingested(tmp_path: Path) -> Ingest:
    """Writes files beside the base tables (schools, catalogue, industries) and ingests the folder.

    Text is written as UTF-8. With `base=False` only the given files are there.
    `profiles` are files of a profile folder.
    """

    def run(files: Files, *, base: bool = True, profiles: Files | None = None) -> duckdb.DuckDBPyConnection:
        folder = tmp_path / "raw"
        write(folder, BASE | files if base else files)
        profile_folder = None
        if profiles is not None:
            profile_folder = tmp_path / "profiles"
            write(profile_folder, profiles)
        return ingest_folder(folder, profile_folder)

    return run


def write(folder: Path, files: Files) -> None:
    """Write files into a folder."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)


def ingest_folder(folder: Path, profiles: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Land, accept and account for everything in a folder."""
    connection = duckdb.connect()
    ingest.land(connection, folder, profiles)
    for contract in contracts().values():
        ingest.accept(connection, contract)
    ingest.account(connection)
    return connection


@pytest.fixture(scope="session")
def ingested_anew() -> Callable[[Files], duckdb.DuckDBPyConnection]:
    """Ingests the given files beside the base tables in a folder of their own, as often as wanted in one test."""

    def run(files: Files) -> duckdb.DuckDBPyConnection:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), BASE | files)
            return ingest_folder(Path(folder))

    return run


@pytest.fixture
def workbook() -> Callable[..., bytes]:
    """Builds an xlsx from sheets {name: rows}, with merged ranges {name: ["A1:C1"]}."""

    def build(sheets: dict[str, list[list[Any]]], merged: dict[str, list[str]] | None = None) -> bytes:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
            for cells in (merged or {}).get(name, []):
                sheet.merge_cells(cells)
        stream = BytesIO()
        book.save(stream)
        return stream.getvalue()

    return build


@pytest.fixture
def ask() -> Callable[..., list[tuple[Any, ...]]]:
    """Runs a query and returns its rows."""

    def query(connection: duckdb.DuckDBPyConnection, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return connection.execute(sql, list(parameters)).fetchall()

    return query


@pytest.fixture
def messages(ask: Callable[..., list[tuple[Any, ...]]]) -> Callable[..., list[str]]:
    """The Chinese messages of one rule, checking on the way that each has an English one of its own."""

    def found(connection: duckdb.DuckDBPyConnection, rule: str) -> list[str]:
        rows = ask(
            connection,
            "select message_zh, message_en from quarantine.finding where rule = ? order by file, sheet, cell",
            rule,
        )
        assert all(zh and en and zh != en for zh, en in rows)
        return [zh for zh, _ in rows]

    return found
