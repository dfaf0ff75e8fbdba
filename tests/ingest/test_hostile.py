"""Files that mean harm, or look as if they did: each ends in bounded time with its rows, or with a message that says
which file, what was found, where the limit is and what to do."""

import io
import os
import socket
import subprocess
import zipfile
from collections.abc import Iterator

import pytest
import xlsxwriter

from pipelines.ingest import sources
from tests.ingest.forms import Page, Row, as_xls, as_xlsm, as_xlsx, package, unpacked

HEADER = ["学校", "专业", "毕业年份", "毕业生数"]
GOOD = ["开州职教中心", "710201", 2023, 40]
OUTCOMES = "学校,专业,毕业年份,毕业生数\n开州职教中心,710201,2023,40\n"
ACCEPTED = "select school_id, program_code, cohort_year, graduates from accepted.outcome order by all"
EXPECTED = [("5001", "710201", 2023, 40)]
ACCOUNT = "select landed, accepted, quarantined, non_data from landed.account where file = ?"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def book(*rows: list[str | int]) -> bytes:
    """A workbook of a header and rows."""
    return as_xlsx([Page("表", [Row(list(HEADER)), *(Row(list(row)) for row in rows)])])


@pytest.fixture
def refused(ingested, ask):
    """Ingests a file beside a good one; asserts that only the good one was used, and returns what is said of it."""

    def run(name: str, content: bytes) -> tuple[str, str]:
        connection = ingested({name: content, "好.csv": OUTCOMES})
        assert ask(connection, ACCEPTED) == EXPECTED
        ((status, zh, en),) = ask(
            connection, "select status, message_zh, message_en from landed.file where file = ?", name
        )
        assert status == "unreadable"
        assert ask(connection, "select message_zh, message_en from quarantine.finding where file = ?", name) == [
            (f"{name}：{zh}", f"{name}: {en}")
        ]
        return zh, en

    return run


class TestSize:
    """How much is read, and what is said where it is too much."""

    def test_a_text_file_beyond_the_limit(self, refused, monkeypatch):
        monkeypatch.setattr(sources, "MAX_FILE_BYTES", 3 * 1024**2)
        assert refused("大.csv", OUTCOMES.encode() * 70_000) == (
            "文件有 5 MB，超过限度（3 MB），未读取。请拆分成较小的文件后再放入。",
            "The file has 5 MB, over the limit (3 MB), and was not read. Split it and put it back.",
        )

    @pytest.mark.parametrize("name", ["宽.csv", "宽.xlsx"])
    def test_ten_thousand_columns(self, refused, name):
        rows = [[*HEADER, *(f"列{number}" for number in range(9_996))], [*GOOD, *range(9_996)]]
        if name.endswith("csv"):
            content = "\n".join(",".join(map(str, row)) for row in rows).encode()
            assert refused(name, content) == (
                "有 10,000 列，超过限度（1,000 列），未读取。请删去多余的列，或拆成几个文件后再放入。",
                "It has 10,000 columns, over the limit (1,000 columns), and was not read."
                " Delete the columns that are not needed, or split the file.",
            )
        else:
            assert refused(name, as_xlsx([Page("表", [Row(list(row)) for row in rows])])) == (
                "sheet1.xml 伸展到第 2 行、第 10,000 列，超过限度（1,000 列，120,000,000 格），未打开。"
                "请删去远处的多余单元格后再放入。",
                "sheet1.xml reaches to row 2 and column 10,000, over the limit (1,000 columns, 120,000,000 cells), and"
                " was not opened. Delete the stray cells far out and put it back.",
            )

    def test_as_many_columns_as_are_read(self, ingested, ask):
        rows = [[*HEADER, *(f"列{number}" for number in range(996))], [*GOOD, *range(996)]]
        assert ask(ingested({"宽.csv": "\n".join(",".join(map(str, row)) for row in rows)}), ACCEPTED) == EXPECTED

    def test_a_million_rows_on_a_sheet(self, ingested, ask):
        """As many as a sheet can have; the good rows stand at both ends, blank ones between them."""
        connection = ingested({"长.xlsx": long_sheet(1_048_576)})
        assert ask(connection, ACCEPTED) == EXPECTED
        assert ask(connection, "select row_number from quarantine.row") == [(1_048_576,)]
        assert ask(connection, ACCOUNT, "长.xlsx") == [(3, 1, 1, 1)]

    @pytest.mark.parametrize("length", [32_767, 40_000])
    def test_a_cell_as_long_as_they_get_is_kept_whole(self, ingested, ask, messages, length):
        text = OUTCOMES + f"开州职教中心,{'专' * length},2023,40\n"
        connection = ingested({"长.csv": text})
        assert ask(connection, ACCEPTED) == EXPECTED
        assert ask(connection, "select length(cells->>'program_code') from quarantine.row") == [(length,)]

    def test_the_longest_cell_of_a_workbook(self, ingested, ask):
        connection = ingested({"长.xlsx": book(GOOD, ["开州职教中心", "专" * 32_767, 2023, 40])})
        assert ask(connection, ACCEPTED) == EXPECTED
        assert ask(connection, "select length(cells->>'program_code') from quarantine.row") == [(32_767,)]

    @pytest.mark.parametrize("sign", ["9", "（", "注", "校：", "a@", "2023年", " 1", "=", "联系人："])
    def test_a_long_cell_costs_no_more_than_its_length(self, ingested, ask, sign):
        long = sign * (32_000 // len(sign))
        text = f'"{long}"\n学校,专业,毕业年份,毕业生数,"{long}"\n开州职教中心,710201,2023,40,"{long}"\n'
        assert ask(ingested({"长.csv": text}), ACCEPTED) == EXPECTED


def long_sheet(rows: int) -> bytes:
    """A sheet of so many rows, written part by part; all but the first two and the last hold an empty cell."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in unpacked(book()).items():
            if "sheet1" not in name:
                archive.writestr(name, part)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for part in (row_of(1, HEADER), row_of(2, GOOD), *empty_rows(3, rows), row_of(rows, ["", "", 2023, 1])):
                sheet.write(part.encode())
            sheet.write(b"</sheetData></worksheet>")
    return stream.getvalue()


def row_of(number: int, cells: list[str | int]) -> str:
    texts = "".join(
        f'<c r="{letter}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for letter, cell in zip("ABCD", cells, strict=True)
    )
    return f'<row r="{number}">{texts}</row>'


def empty_rows(first: int, last: int) -> Iterator[str]:
    for start in range(first, last, 10_000):
        yield "".join(
            f'<row r="{number}"><c r="A{number}"/></row>' for number in range(start, min(start + 10_000, last))
        )


class TestPackages:
    """Zip packages that are not what they seem."""

    def test_a_workbook_packed_into_a_zip(self, refused):
        for content in (package({"就业.xlsx": book(GOOD)}), package({"a.zip": package({"就业.xlsx": book(GOOD)})})):
            assert refused("就业.xlsx", content) == (
                "这是 zip 文件，不是表格。请另存为 xlsx 或 csv 后再放入。",
                "This is a zip file, not a table. Save it as xlsx or csv and put it back.",
            )

    @pytest.mark.parametrize("damage", ["cut", "checksum", "lies about its size", "no sheet", "unknown compression"])
    def test_a_corrupted_package(self, refused, damage):
        zh, en = refused("就业.xlsx", corrupted(book(GOOD), damage))
        assert zh.startswith("文件已损坏，打不开（")
        assert zh.endswith("）。请在 Excel 中重新保存后再放入。")
        assert en.startswith("The file is damaged and does not open (")
        assert en.endswith("). Save it again in Excel and put it back.")

    @pytest.mark.parametrize("kept", [700, 2_000, 3_900, 4_100, 4_600, 5_200, 5_400])
    def test_an_old_workbook_cut_off_anywhere(self, ingested, ask, kept):
        """Some cuts are beyond what the reader itself expects."""
        content = as_xls([Page("表", [Row(list(HEADER)), Row(list(GOOD))])])
        connection = ingested({"就业.xls": content[:kept], "好.csv": OUTCOMES})
        assert ask(connection, ACCEPTED) == EXPECTED
        assert ask(connection, "select status, count(*) from landed.file where file = '就业.xls' group by 1") == [
            ("unreadable", 1)
        ]

    def test_entities_are_neither_fetched_nor_multiplied(self, ingested, ask, tmp_path):
        (tmp_path / "secret").write_text("SECRET")
        entities = [f'<!ENTITY a SYSTEM "{(tmp_path / "secret").as_uri()}">', '<!ENTITY b0 "ha">']
        entities += [f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 12)]
        document = f"<?xml version='1.0'?><!DOCTYPE x [{''.join(entities)}]>"
        for name in ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"):
            parts = unpacked(book(GOOD))
            text = (
                parts[name].decode().split("?>", 1)[1].replace("开州职教中心", "&a;&b11;").replace('"表"', '"&a;&b11;"')
            )
            connection = ingested({"就业.xlsx": package(parts | {name: (document + text).encode()})})
            for table in ("landed.file", "landed.outcome", "quarantine.row", "quarantine.finding", "landed.sheet"):
                assert "SECRET" not in str(ask(connection, f"from {table}")), name
                assert "hahaha" not in str(ask(connection, f"from {table}")), name


def corrupted(content: bytes, damage: str) -> bytes:
    """A workbook damaged in one way."""
    if damage == "cut":
        return content[:-40]
    if damage == "no sheet":
        parts = unpacked(content)
        return package({name: part for name, part in parts.items() if "sheet1" not in name})
    data = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    directory = content.rindex(b"PK\x01\x02", 0, content.rindex(entry.filename.encode()))
    local = entry.header_offset
    if damage == "checksum":
        data[local + 14] ^= 0xFF
        data[directory + 16] ^= 0xFF
    elif damage == "lies about its size":
        data[local + 22 : local + 26] = data[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    else:
        data[local + 8] = data[directory + 10] = 97
    return bytes(data)


class TestNothingIsRun:
    """Macros, links and formulas are read as data, and nothing is opened, fetched or run."""

    @pytest.fixture(autouse=True)
    def alone(self, monkeypatch):
        def forbidden(*_, **__):
            raise AssertionError("something was started or fetched")

        for place, name in [(socket.socket, "connect"), (subprocess, "Popen"), (os, "system"), (os, "startfile")]:
            monkeypatch.setattr(place, name, forbidden, raising=False)

    def test_macros(self, ingested, ask):
        connection = ingested({"就业.xlsm": as_xlsm([Page("表", [Row(list(HEADER)), Row(list(GOOD))])])})
        assert ask(connection, ACCEPTED) == EXPECTED
        assert ask(connection, "select kind, status from landed.file where file = '就业.xlsm'") == [("xlsm", "read")]

    def test_external_links(self, ingested, ask):
        """What the other workbook said when this one was saved stands in the cell, and that is read."""
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"in_memory": True}) as made:
            sheet = made.add_worksheet("表")
            sheet.write_row(0, 0, HEADER)
            sheet.write_row(1, 0, GOOD[:3])
            sheet.write_formula(1, 3, "='[1]Sheet1'!A1", None, 40)
            sheet.write_url(2, 0, "external:\\\\\\\\example.invalid\\\\share\\\\x.xlsx", string="注：见附件")
        link = f'<externalLink xmlns="{MAIN}" xmlns:r="{LINKS}"><externalBook r:id="a"/></externalLink>'
        target = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="a" Type="{LINKS}/externalLinkPath" Target="http://example.invalid/x.xlsx"'
            ' TargetMode="External"/></Relationships>'
        )
        parts = unpacked(stream.getvalue()) | {
            "xl/externalLinks/externalLink1.xml": link.encode(),
            "xl/externalLinks/_rels/externalLink1.xml.rels": target.encode(),
        }
        connection = ingested({"就业.xlsx": package(parts)})
        assert ask(connection, ACCEPTED) == EXPECTED
        assert ask(connection, ACCOUNT, "就业.xlsx") == [(3, 1, 0, 2)]

    @pytest.mark.parametrize("formula", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "\r=1+1"])
    def test_formulas_in_texts(self, ingested, ask, formula):
        connection = ingested({"就业.csv": OUTCOMES + f'"{formula}",710201,2023,40\n'})
        assert ask(connection, ACCEPTED) == EXPECTED
        assert ask(connection, "select cells->>'school_id' from quarantine.row") == [(formula,)]


class TestSigns:
    """Signs that no text should hold."""

    def test_a_lone_surrogate_in_a_text(self, ingested, ask, messages):
        text = OUTCOMES + "开州\ud800职教中心,710201,2024,40\n"
        for encoding in ("utf-8", "utf-16"):
            connection = ingested({"就业.csv": text.encode(encoding, errors="surrogatepass")})
            assert ask(connection, ACCEPTED) == EXPECTED
            assert ask(connection, ACCOUNT, "就业.csv") == [(3, 1, 1, 1)]
            assert messages(connection, "damaged_text") == [
                f"就业.csv：按 {encoding} 编码读取时有无法辨认的字节，已用 � 代替。请用正确的编码重新导出。"
            ]
            (message,) = messages(connection, "garbled")
            assert message.startswith("就业.csv A3：“学校”有无法辨认的字符（“开州�")

    def test_a_lone_surrogate_in_a_workbook(self, ingested, ask):
        parts = unpacked(book(GOOD))
        name = "xl/sharedStrings.xml"
        for sign in ("_xD800_", "&#xD800;", "_xDFFF_"):
            spoilt = parts[name].replace(b"710201", f"710201{sign}".encode())
            connection = ingested({"就业.xlsx": package(parts | {name: spoilt}), "好.csv": OUTCOMES})
            assert ask(connection, ACCEPTED) == EXPECTED
            assert ask(connection, "select count(*) from landed.file where file = '就业.xlsx'") == [(1,)]

    @pytest.mark.parametrize(
        ("raw", "shown"),
        [("就业.csv".encode("gb18030"), "就业.csv"), (b"a\xff\xff.csv", "a��.csv"), (b"\xed\xa0\x80.csv", None)],
    )
    def test_a_file_name_that_is_not_utf8(self, tmp_path, ask, raw, shown):
        """Names from an archive that was packed on Windows, for instance."""
        from tests.ingest.conftest import BASE, ingest_folder, write

        write(tmp_path / "raw", dict(BASE))
        with open(os.path.join(os.fsencode(tmp_path / "raw"), raw), "wb") as stream:
            stream.write(OUTCOMES.encode() + "开州职教中心,x,2024,1\n".encode())
        connection = ingest_folder(tmp_path / "raw")
        assert ask(connection, ACCEPTED) == EXPECTED
        ((name, message),) = ask(connection, "select file, message_zh from quarantine.finding where row_id is not null")
        assert message.startswith(f"{name} B3：")
        assert shown is None or name.startswith(shown.removesuffix(".csv"))

    @pytest.mark.parametrize("sign", ["\0", "\u200f", "\u202e", "\u2066", "\u200b", "\ufeff"])
    @pytest.mark.parametrize("place", ["学校", "开州职教中心", "2023", "40"])
    def test_invisible_signs_are_no_part_of_a_header_or_a_cell(self, ingested, ask, sign, place):
        text = OUTCOMES.replace(place, place[0] + sign + place[1:], 1)
        assert ask(ingested({"就业.csv": text}), ACCEPTED) == EXPECTED


def test_of_two_columns_under_one_header_one_is_used_and_the_other_named(ingested, ask, messages):
    text = "学校,专业,毕业年份,毕业生数,毕业生数\n开州职教中心,710201,2023,40,41\n"
    connection = ingested({"就业.csv": text})
    assert ask(connection, ACCEPTED) == EXPECTED
    assert messages(connection, "second_column") == [
        "就业.csv E1：列“毕业生数”与另一列同是“毕业生数”，只采用了写法更直接（或在前）的一列。"
    ]
