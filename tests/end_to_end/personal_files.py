"""Files of every kind with personal data planted wherever people put them, and a search for what was planted."""

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import duckdb
import openpyxl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from stdnum import luhn
from stdnum.iso7064 import mod_11_2

SCHOOL, PROGRAM = "云枫职业教育中心（虚构）", "660103"
OUTCOME = ["学校名称", "专业代码", "毕业年份", "毕业生数", "单位就业", "升学"]
NAMES = ["魏紫曦", "秦凌霄", "彭若尘", "韩听雨", "冯惊蛰", "邓知秋", "许沧澜", "曹望舒", "欧阳灵犀", "司徒青阳"]
PEOPLE = len(NAMES)


def identity(number: int) -> str:
    """An identity number of the invented person with a valid check digit."""
    plain = f"500234200{number % 10}0{1 + number % 9}1{number % 10}4{number:02d}"
    return plain + mod_11_2.calc_check_digit(plain)


def phone(number: int) -> str:
    """A mobile number."""
    return f"1398357{6400 + number * 7}"


def card(number: int) -> str:
    """A bank card number with a valid check digit."""
    plain = f"6222023100{number:08d}"[:18]
    return plain + luhn.calc_check_digit(plain)


IDENTITIES = [identity(n) for n in range(PEOPLE)]
PHONES = [phone(n) for n in range(PEOPLE)]
CARDS = [card(10000000 + 7919 * n) for n in range(PEOPLE)]
WAGES = [f"{4321 + 13 * n}.37" for n in range(PEOPLE)]  # of single graduates
PSEUDONYMS = [f"化名丙丁{n}号" for n in range(PEOPLE)]
PLANTED = [*NAMES, *IDENTITIES, *PHONES, *CARDS, *WAGES, *PSEUDONYMS]

Rows = list[list[object]]


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def spaced(text: str) -> str:
    return f"{text[:6]} {text[6:14]} {text[14:]}"


def outcome_rows(year: int) -> Rows:
    return [[SCHOOL, PROGRAM, year, 40, 30, 5]]


def everywhere(year: int) -> Rows:
    """An outcome table with people in titles, headers, remarks, wrong cells, notes and columns that say nothing."""
    rows: Rows = [
        [f"毕业生就业情况（填表人：{NAMES[0]} 联系电话：{PHONES[0]}）"],
        [*OUTCOME, "姓名", f"备注（联系人：{NAMES[1]}）", "身份证号", "乙", "银行卡"],
        [*outcome_rows(year)[0], NAMES[2], f"{NAMES[3]} {full_width(PHONES[3])}", spaced(IDENTITIES[2]), "x", CARDS[2]],
        [SCHOOL, IDENTITIES[4], year, PHONES[5], full_width(IDENTITIES[6]), CARDS[7], NAMES[4], f"卡号{CARDS[8]}",
         f"'{IDENTITIES[5]}", f"{IDENTITIES[3]}.0", CARDS[9]],
        [SCHOOL, PROGRAM, year, NAMES[3], NAMES[6], NAMES[7]],
        [f"注：本表由{NAMES[5]}（{PHONES[6]}）填报，审核人：{NAMES[6]}"],
        ["填表人", NAMES[7], "联系方式", PHONES[7]],
    ]  # fmt: skip
    return rows


def people() -> Rows:
    """A list of people that is no table of ours, under a header that says nothing of names."""
    return [
        ["序", "甲", "乙", "丙", "月薪"],
        *([n, NAMES[n], IDENTITIES[n], PHONES[n], WAGES[n]] for n in range(PEOPLE)),
    ]


def graduates(year: int, header_of_destination: str = "毕业去向") -> Rows:
    """A list of graduates with everything that must not be in it; two of its rows cannot be read."""
    header = [
        "学校",
        "专业",
        "毕业年份",
        "学生姓名",
        "身份证号码",
        "手机",
        "工资卡号",
        "化名编号",
        header_of_destination,
    ]
    words = ["单位就业", "升学", "不晓得", "升学", *["单位就业"] * (PEOPLE - 4)]  # the median is nobody's wage
    rows: Rows = [[*header, "是否对口", "月薪"]]
    for n, word in enumerate(words):
        year_or_not: object = year if n != 4 else NAMES[4]
        person = [NAMES[n], IDENTITIES[n], PHONES[n], CARDS[n], PSEUDONYMS[n]]
        rows.append([SCHOOL, PROGRAM, year_or_not, *person, word, "是", WAGES[n]])
    return rows


def xlsx(sheets: dict[str, Rows]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = BytesIO()
    book.properties.creator = NAMES[8]
    book.save(stream)
    return stream.getvalue()


def xls(sheets: dict[str, Rows]) -> bytes:
    book = xlwt.Workbook()
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(line, column, cell)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def ods(sheets: dict[str, Rows]) -> bytes:
    book = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        table = Table(name=name)
        for row in rows:
            line = TableRow()
            for cell in row:
                written = TableCell(valuetype="string")
                written.addElement(P(text=str(cell)))
                line.addElement(written)
            table.addElement(line)
        book.spreadsheet.addElement(table)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv(rows: Rows, encoding: str = "utf-8") -> bytes:
    return "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows).encode(encoding)


def plant(folder: Path) -> None:
    """Write the files below `folder`."""
    written = {
        "甲/就业.xlsx": xlsx({"表": everywhere(2021), f"联系人：{NAMES[1]} {PHONES[1]}": people()}),
        "甲/就业.xls": xls({"表": everywhere(2020), "附": people()}),
        "甲/就业.ods": ods({"表": everywhere(2019), "附": people()}),
        "甲/就业.csv": csv(everywhere(2018), "gb18030"),
        f"乙/{NAMES[8]} {PHONES[8]} {IDENTITIES[8]}.csv": csv(outcome_rows(2017)),
        f"丙（联系人：{NAMES[9]}）/就业.csv": csv(outcome_rows(2016)),
        "丁/人员.xlsx": xlsx({"名单": people()}),
        "丁/人员.csv": csv(people()),
        "戊/毕业生.xlsx": xlsx({"名单": graduates(2015)}),
        "戊/毕业生.ods": ods({"名单": graduates(2014)}),
        "戊/毕业生.xls": xls({"名单": graduates(2013)}),
        "戊/毕业生.csv": csv(graduates(2012), "utf-16"),
        "戊/认不出的毕业生.csv": csv(graduates(2011, "说法")),
        "己/损坏.xlsx": xlsx({"表": everywhere(2010)})[:-300],
    }
    for name, content in written.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def plain(text: str) -> str:
    """A text without blanks and marks between digits, half-width, so that no disguise hides a number."""
    return re.sub(r"[\s\-'\u200b]", "", unicodedata.normalize("NFKC", text))


def found_in(text: str) -> set[str]:
    """What was planted and stands in a text, in whatever disguise."""
    bare = plain(text)
    return {value for value in PLANTED if value in text or value in bare}


def found_in_bytes(content: bytes) -> set[str]:
    """The same for the bytes of any file, in any of the encodings that files have."""
    encoded = {
        value: {value.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")} for value in PLANTED
    }
    escaped = {value: {value.encode("ascii", "backslashreplace")} for value in PLANTED}
    return {value for value in PLANTED if any(form in content for form in encoded[value] | escaped[value])}


def texts_of(file: Path) -> Iterator[tuple[str, str]]:
    """Everything that a file says, by part: members of packages, columns of tables, else the text itself."""
    if zipfile.is_zipfile(file):
        yield from members_of(str(file), file.read_bytes())
    elif file.suffix == ".duckdb":
        with duckdb.connect(str(file), read_only=True) as connection:
            tables = connection.execute(
                "select schema_name, table_name, column_name from duckdb_columns() where not internal"
            ).fetchall()
            for schema, table, column in tables:
                rows = connection.execute(f'select distinct "{column}"::varchar from {schema}."{table}"').fetchall()
                yield f"{file}!{schema}.{table}.{column}", "\n".join(text for (text,) in rows if text)
    elif file.suffix == ".parquet":
        with duckdb.connect() as connection:
            yield str(file), "\n".join(map(repr, connection.execute(f"from '{file}'").fetchall()))
    else:
        yield str(file), file.read_bytes().decode("utf-8", "replace")


def members_of(place: str, content: bytes) -> Iterator[tuple[str, str]]:
    """The texts of a package's members, and of packages among them, such as the workbook behind a chart in Word."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        for member in package.namelist():
            inside = package.read(member)
            if zipfile.is_zipfile(BytesIO(inside)):
                yield from members_of(f"{place}!{member}", inside)
            else:
                yield f"{place}!{member}", re.sub("<[^>]+>", " ", inside.decode("utf-8", "replace"))


def leaks(folder: Path, but: Path) -> dict[str, set[str]]:
    """Where below `folder`, the folder `but` excepted, something planted is found: place -> values."""
    found: dict[str, set[str]] = {}
    for file in folder.rglob("*"):
        if file.is_relative_to(but):
            continue
        if inside := found_in(file.relative_to(folder).as_posix()):
            found[f"name of {file.relative_to(folder)}"] = inside
        if not file.is_file():
            continue
        if inside := found_in_bytes(file.read_bytes()):
            found[f"bytes of {file.relative_to(folder)}"] = inside
        for place, text in texts_of(file):
            if inside := found_in(text):
                found[place] = inside
    return found
