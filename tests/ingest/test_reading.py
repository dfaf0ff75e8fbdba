"""Bytes to cells: encodings, delimiters, kinds of files, and files that cannot be read."""

import os
from pathlib import Path

import pytest

from pipelines import ingest
from pipelines.ingest import sources, text_files
from pipelines.problems import Problem
from tests.ingest.forms import package, unpacked

OUTCOMES = "学校,专业,毕业年份,毕业生数\n开州职教中心,710201,2023,40\n巨龙中职校,660301,2023,35\n"
ACCEPTED = "select school_id, program_code, cohort_year, graduates from accepted.outcome order by all"
EXPECTED = [("5001", "710201", 2023, 40), ("5002", "660301", 2023, 35)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
def test_every_encoding_gives_the_same_rows(ingested, ask, encoding):
    assert ask(ingested({"就业.csv": OUTCOMES.encode(encoding)}), ACCEPTED) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_text_of_hardly_anything_but_chinese_is_told_apart(ingested, ask, encoding):
    text = "学校\t专业\t毕业年份\t备注\n" + "开州职教中心\t计算机应用\t二〇二三\t同一专业一个班，开设于开州区中和镇\n"
    connection = ingested({"就业.txt": text.encode(encoding)})
    assert ask(connection, "select school_id, program_code, cohort_year from accepted.outcome") == [
        ("5001", "710201", 2023)
    ]
    assert ask(connection, "select encoding from landed.file where file = '就业.txt'") == [(encoding,)]


def test_a_four_byte_character_is_gb18030(ingested, ask):
    text = OUTCOMES.replace("毕业生数", "毕业生数,备注").replace(",40", ",40,䶮㐀𠀀").replace(",35", ",35,")
    assert ask(ingested({"就业.csv": text.encode("gb18030")}), ACCEPTED) == EXPECTED


@pytest.mark.parametrize("delimiter", ["，", "；", "、", "^", "~", ":", "\x1f", "\x01", " ", "   ", "　", "||", " | "])
def test_unusual_delimiters_are_found(ingested, ask, delimiter):
    connection = ingested({"就业.txt": "开州区就业统计表\n" + OUTCOMES.replace(",", delimiter)})
    assert ask(connection, ACCEPTED) == EXPECTED


def test_a_first_line_that_names_the_delimiter_is_obeyed_and_kept_apart(ingested, ask):
    connection = ingested({"就业.csv": "sep=;\n" + OUTCOMES.replace(",", ";").replace("40", '"1,040"')})
    assert ask(connection, "select graduates from accepted.outcome order by 1") == [(35,), (1040,)]
    assert ask(connection, "select row_number, kind, text from landed.non_data where file = '就业.csv'")[0] == (
        *(1, "title"),
        "sep=",
    )


def test_thousands_separators_do_not_hide_the_delimiter(ingested, ask):
    text = "学校\t专业\t毕业年份\t毕业生数\t单位就业\n" + "".join(
        f"开州职教中心\t710201\t{year}\t1,030\t1,020\n" for year in (2021, 2022, 2023)
    )
    assert ask(ingested({"就业.tsv": text}), "select graduates from accepted.outcome") == [(1030,)] * 3


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end_gives_the_same_rows(ingested, ask, delimiter, line_end):
    text = OUTCOMES.replace(",", delimiter).replace("\n", line_end)
    assert ask(ingested({"就业.txt": text}), ACCEPTED) == EXPECTED


def test_rows_are_numbered_as_a_spreadsheet_shows_them(ingested, ask):
    text = "开州区就业统计表\n\n" + OUTCOMES.replace("\n巨龙", "\n\n巨龙")
    assert ask(ingested({"就业.csv": text}), "select row_number from accepted.outcome order by 1") == [(4,), (6,)]


def test_quotes_keep_delimiters_and_line_breaks_inside_a_cell(ingested, ask):
    text = '学校,专业,毕业年份,毕业生数\n"开州职教\n中心",710201,2023,"1,040"\n'
    assert ask(ingested({"就业.csv": text}), ACCEPTED) == [("5001", "710201", 2023, 1040)]


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x85", "\u2028"])
def test_only_line_ends_end_a_row(ingested, ask, sign):
    text = OUTCOMES.replace("毕业生数", "毕业生数,备注").replace(",40", f",40,甲{sign}乙").replace(",35", ",35,")
    assert ask(ingested({"就业.csv": text}), ACCEPTED) == EXPECTED


def test_an_open_quote_spoils_its_own_line_only(ingested, ask):
    connection = ingested({"就业.csv": OUTCOMES.replace("710201", '"710201')})
    assert ask(connection, ACCEPTED) == EXPECTED[1:]
    assert ask(connection, "select landed, accepted, quarantined from landed.account where contract = 'outcome'") == [
        (3, 1, 1)
    ]


def test_a_broken_byte_is_told_and_spoils_its_own_row_only(ingested, ask, messages):
    data = OUTCOMES.encode().replace("巨龙".encode(), "巨".encode() + b"\xe9\xbe")
    connection = ingested({"就业.csv": data})
    assert ask(connection, ACCEPTED) == EXPECTED[:1]
    assert messages(connection, "damaged_text")[0].startswith("就业.csv：按 utf-8 编码读取时有无法辨认的字节")
    assert "�" in messages(connection, "garbled")[0]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_large_files_take_the_parallel_reader_to_the_same_rows(ingested, ask, monkeypatch, encoding):
    monkeypatch.setattr(text_files, "LARGE_BYTES", 0)
    text = OUTCOMES.replace("35\n", '"1,035"\n')
    assert ask(ingested({"就业.csv": text.encode(encoding)}), ACCEPTED) == [EXPECTED[0], ("5002", "660301", 2023, 1035)]


def test_large_files_that_break_the_rules_are_read_record_by_record(ingested, ask, monkeypatch):
    monkeypatch.setattr(text_files, "LARGE_BYTES", 0)
    text = OUTCOMES + "开州技工学校,740201,2023,20" + "," * 500 + "\n"
    assert len(ask(ingested({"就业.csv": text}), ACCEPTED)) == 3


class TestNotATable:
    """A file that is not what its name says is named, and the others go on."""

    def told(self, ingested, ask, name, content):
        connection = ingested({name: content, "就业.csv": OUTCOMES})
        assert ask(connection, ACCEPTED) == EXPECTED
        ((status, zh, en),) = ask(
            connection, "select status, message_zh, message_en from landed.file where file = ?", name
        )
        finding = ask(connection, "select message_zh from quarantine.finding where file = ?", name)
        return status, zh, en, finding

    def test_an_empty_file(self, ingested, ask):
        status, zh, en, finding = self.told(ingested, ask, "空.csv", b"")
        assert (status, zh) == ("unreadable", "文件是空的。请重新导出后再放入。")
        assert en == "The file is empty. Export it again and put it back."
        assert finding == [("空.csv：文件里没有任何数据。请重新导出后再放入。",)]

    def test_a_file_of_blanks(self, ingested, ask):
        status, _, _, finding = self.told(ingested, ask, "空白.csv", b" ,\n\n , \t,\n")
        assert status == "unreadable"
        assert len(finding) == 1

    def test_a_workbook_without_cells(self, ingested, ask, workbook):
        assert self.told(ingested, ask, "空.xlsx", workbook({"Sheet1": []}))[0] == "unreadable"

    def test_binary_data_called_csv(self, ingested, ask):
        status, zh, _, _ = self.told(ingested, ask, "x.csv", bytes(range(256)) * 20)
        assert status == "unreadable"
        assert zh.startswith("内容不是表格也不是文字（二进制数据）")

    @pytest.mark.parametrize(
        ("content", "name"),
        [(b"%PDF-1.7 ...", "PDF"), (b"\x89PNG\r\n", "PNG"), (b"<html><body>", "HTML/XML"), (b"\x1f\x8b\x08", "gzip")],
    )
    def test_another_kind_of_file_called_xlsx(self, ingested, ask, content, name):
        status, zh, _, _ = self.told(ingested, ask, "x.xlsx", content)
        assert (status, zh) == ("unreadable", f"这是 {name} 文件，不是表格。请另存为 xlsx 或 csv 后再放入。")

    def test_a_word_document_called_xlsx(self, ingested, ask):
        assert "Word" in self.told(ingested, ask, "x.xlsx", package({"word/document.xml": b"<x/>"}))[1]

    def test_a_corrupt_zip(self, ingested, ask, workbook):
        status, zh, _, _ = self.told(ingested, ask, "x.xlsx", workbook({"a": [["学校"]]})[:-200])
        assert status == "unreadable"
        assert zh.startswith("文件已损坏，打不开")

    def test_a_workbook_with_a_broken_part(self, ingested, ask):
        content = package({"xl/workbook.xml": b"<workbook", "[Content_Types].xml": b"<Types/>"})
        assert self.told(ingested, ask, "x.xlsx", content)[0] == "unreadable"

    def test_a_file_that_would_unpack_beyond_measure(self, ingested, ask, monkeypatch):
        monkeypatch.setattr(sources, "SMALL_PACKAGE", 1000)
        content = package({"xl/workbook.xml": b"0" * 3_000_000})
        status, zh, en, _ = self.told(ingested, ask, "x.xlsx", content)
        assert (status, zh) == (
            "unreadable",
            "解压后有 3 MB，超过限度（4,096 MB，或文件大小的 400 倍），未打开。请拆分成较小的文件后再放入。",
        )
        assert en == (
            "It would unpack to 3 MB, over the limit (4,096 MB, or 400 times the size of the file), and was not opened."
            " Split the file and put it back."
        )

    def test_nothing_of_such_a_file_is_unpacked(self, ingested, ask, monkeypatch):
        monkeypatch.setattr(sources, "SMALL_PACKAGE", 1000)
        monkeypatch.setattr(sources.Package, "part", lambda self, name: pytest.fail(f"{name} was unpacked"))
        content = package({"mimetype": b"0" * 3_000_000, "xl/workbook.xml": b"<workbook/>"})
        assert "解压后有 3 MB" in self.told(ingested, ask, "x.xlsx", content)[1]

    def test_a_sheet_in_an_unusual_place_is_measured_as_well(self, ingested, ask, workbook):
        parts = unpacked(workbook({"a": [["学校", "专业"]]}))
        parts["xl/media/picture.xml"] = parts.pop("xl/worksheets/sheet1.xml").replace(b'"B1"', b'"XFD1048576"')
        links = "xl/_rels/workbook.xml.rels"
        parts[links] = parts[links].replace(b"worksheets/sheet1.xml", b"media/picture.xml")
        status, zh, _, _ = self.told(ingested, ask, "x.xlsx", package(parts))
        assert status == "unreadable"
        assert zh.startswith("picture.xml 伸展到第 1,048,576 行")

    @pytest.mark.parametrize("cell", ["XFD1048576", "A99999999999"])
    def test_a_stray_cell_in_the_far_corner(self, ingested, ask, workbook, cell):
        content = replaced(
            workbook({"a": [["学校", "专业"]]}), "xl/worksheets/sheet1.xml", b'"B1"', f'"{cell}"'.encode()
        )
        rows, columns = ("1,048,576", "16,384") if cell == "XFD1048576" else ("99,999,999,999", "1")
        status, zh, en, _ = self.told(ingested, ask, "x.xlsx", content)
        assert (status, zh) == (
            "unreadable",
            f"sheet1.xml 伸展到第 {rows} 行、第 {columns} 列，超过限度（1,000 列，120,000,000 格），未打开。"
            "请删去远处的多余单元格后再放入。",
        )
        assert en == (
            f"sheet1.xml reaches to row {rows} and column {columns}, over the limit (1,000 columns, 120,000,000 cells),"
            " and was not opened. Delete the stray cells far out and put it back."
        )

    def test_a_workbook_that_claims_more_texts_than_there_can_be(self, ingested, ask):
        parts = {"xl/workbook.xml": b"<workbook/>", "xl/sharedStrings.xml": b'<sst uniqueCount="99999999999"/>'}
        assert self.told(ingested, ask, "x.xlsx", package(parts))[0] == "unreadable"

    def test_a_csv_called_xlsx_is_read_and_told(self, ingested, ask, messages):
        connection = ingested({"就业.xlsx": OUTCOMES})
        assert ask(connection, ACCEPTED) == EXPECTED
        assert messages(connection, "name_differs") == ["就业.xlsx：文件名与内容不符：内容是 csv，已按内容读取。"]

    def test_an_xlsx_called_csv_is_read_and_told(self, ingested, ask, messages, workbook):
        rows = [line.split(",") for line in OUTCOMES.splitlines()]
        connection = ingested({"就业.csv": workbook({"表": rows})})
        assert ask(connection, ACCEPTED) == EXPECTED
        assert messages(connection, "name_differs") == ["就业.csv：文件名与内容不符：内容是 xlsx，已按内容读取。"]


def replaced(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A package with a text of one part replaced."""
    parts = unpacked(content)
    assert old in parts[part]
    return package(parts | {part: parts[part].replace(old, new)})


XMLNS = "urn:oasis:names:tc:opendocument:xmlns"
ODS = f"""<office:document-content xmlns:office="{XMLNS}:office:1.0"
 xmlns:table="{XMLNS}:table:1.0" xmlns:text="{XMLNS}:text:1.0">
<office:body><office:spreadsheet><table:table table:name="表">{{rows}}</table:table></office:spreadsheet></office:body>
</office:document-content>"""


def test_an_opendocument_sheet_is_read(ingested, ask):
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(
        f"<table:table-row>{''.join(cell.format(text) for text in line.split(','))}</table:table-row>"
        for line in OUTCOMES.splitlines()
    )
    empty = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    parts = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{XMLNS}:manifest:1.0"/>'.encode(),
        "content.xml": ODS.format(rows=rows + empty).encode(),
    }
    assert ask(ingested({"就业.ods": package(parts)}), ACCEPTED) == EXPECTED


def test_the_same_file_sent_twice_is_used_once(ingested, ask, messages):
    connection = ingested({"a.csv": OUTCOMES, "b/a.csv": OUTCOMES})
    assert ask(connection, ACCEPTED) == EXPECTED
    assert ask(connection, "select file, status from landed.file where status = 'duplicate'") == [
        ("b/a.csv", "duplicate")
    ]
    assert messages(connection, "duplicate_file") == ["b/a.csv：内容与 a.csv 完全相同，只采用一次。"]


def test_lock_files_and_notes_are_left_alone(ingested, ask):
    connection = ingested({"~$就业.xlsx": b"x", ".gitkeep": b"", "README.md": b"# x"})
    assert ask(connection, "select distinct status from landed.file where file not like '%.csv'") == [("ignored",)]
    assert ask(connection, "select count(*) from quarantine.finding") == [(0,)]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(Problem, match="找不到输入文件夹"):
        ingest.inventory(tmp_path / "none")


def test_the_inventory_names_every_file_once_with_its_kind(tmp_path, workbook):
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    (tmp_path / "b.xls").write_bytes(workbook({"a": [["x"]]}))
    found = ingest.inventory(tmp_path)
    assert [(source.file, source.kind, source.name_differs) for source in found] == [
        ("a.csv", "csv", False),
        ("b.xls", "xlsx", True),
    ]
    assert all(len(source.digest) == 64 for source in found)


def test_a_file_name_that_is_not_utf8_is_read_as_gb18030_and_stays_apart_from_one_that_looks_alike(
    tmp_path: Path,
) -> None:
    content = "校名\n云枫\n".encode()
    for raw in ("毕业生.csv".encode("gb18030"), "毕业生.csv".encode(), b"\xff\xfe\x80.csv"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + raw)).write_bytes(content)
    files = [source.file for source in sources.inventory(tmp_path)]
    assert len(set(files)) == len(files) == 3
    assert sum(file.startswith("毕业生.csv") for file in files) == 2
    for file in files:
        file.encode()
