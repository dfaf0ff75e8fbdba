"""Personal data stop at the door: what is recognised, what is left alone, and that nothing is kept anywhere."""

import random
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from pipelines.contracts import contracts
from pipelines.ingest.personal import MASK, header_kind, masked, parts, personal, suspicion
from pipelines.ingest.withholding import withheld_cells

PUBLISHED_IDENTITY = "11010519491231002X"  # the example of GB 11643-1999
CARD = "6222021234567890128"

days = st.dates().filter(lambda day: 1900 <= day.year <= 2015).map(lambda day: day.strftime("%Y%m%d"))


def checked(number: str) -> str:
    return number + mod_11_2.calc_check_digit(number)


identities = st.builds(
    lambda province, place, day, order: checked(f"{province}{place:04d}{day}{order:03d}"),
    st.sampled_from(["11", "23", "37", "44", "50", "51", "65"]), st.integers(0, 9999), days, st.integers(0, 999),
)  # fmt: skip
phones = st.builds(lambda second, rest: f"1{second}{rest:09d}", st.sampled_from("3456789"), st.integers(0, 10**9 - 1))
cards = st.builds(
    lambda number: f"62{number:016d}" + luhn.calc_check_digit(f"62{number:016d}"), st.integers(0, 10**16 - 1)
)


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def in_blocks(text: str, separator: str) -> str:
    cuts = {18: (6, 14), 11: (3, 7), 19: (4, 8, 12, 16)}[len(text)]
    return separator.join(text[start:end] for start, end in zip((0, *cuts), (*cuts, len(text)), strict=True))


DISGUISES = {
    "as it is": lambda number: number,
    "full-width": full_width,
    "lower case": str.lower,
    "in blocks": lambda number: in_blocks(number, " "),
    "with hyphens": lambda number: in_blocks(number, "-"),
    "with wide blanks": lambda number: in_blocks(number, "\u3000"),
    "with invisible signs": lambda number: in_blocks(number, "\u200b"),
    "between words": lambda number: f"联系（{number}）。",
    "at the end": lambda number: f"见{number}.",
    "after an apostrophe": lambda number: f"'{number}",
    "as a float": lambda number: number if "X" in number else f"{number}.0",
}


class TestRecognised:
    """A number in any disguise is masked, and so is its owner."""

    @pytest.mark.parametrize("disguise", DISGUISES)
    @settings(max_examples=60)
    @given(number=st.one_of(identities, phones, cards))
    def test_a_number_in_any_disguise(self, disguise, number):
        text = DISGUISES[disguise](number)
        left = unicodedata.normalize("NFKC", masked(text))
        assert MASK in left
        assert len(re.sub("[^0-9]", "", left)) <= 1, "at most the zero of a float is left"

    @settings(max_examples=100)
    @given(text=st.one_of(identities, phones, cards), before=st.text(max_size=8), after=st.text(max_size=8))
    def test_what_is_masked_is_always_suspected_in_the_warehouse_first(self, one_connection, text, before, after):
        whole = before + text + after
        if parts(whole):
            question = f"select {', '.join(suspicion())} from (select $1 as text)"
            assert one_connection.execute(question, [whole]).fetchall() == [(True, True)]

    @pytest.mark.parametrize(
        "text",
        [
            "110105491231002",  # 15 digits, before 1999
            "110105194912310000",  # as a spreadsheet stores it: 15 digits, then zeros
            "1.1010519491231e+17",
            "1.10105194912310016E+17",
            "G11010519491231002X",  # 学籍号
            "+86 13800000000",
            "8613800000000",
            "023-52221234",
            "(023)52221234",
            "zhang.san@example.com",
            "zhang＠example.cn",
            "身份证号 110105194912310021",  # the check digit is wrong, the label says what it is
            "联系人：张三",
            "填表人：张　三",
            "审 核：张三",
            "联系人张三",
        ],
    )
    def test_other_forms(self, text):
        assert MASK in masked(text)

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("联系人：张三 13800000000", "联系人：■■■ ■■■"),
            ("注：数据截至12月31日，联系人张三，电话13800000000。", "注：数据截至12月31日，联系人■■■，电话■■■。"),
            ("填表人：张三 审核人：李四 填报日期：2024-01-05", "填表人：■■■ 审核人：■■■ 填报日期：2024-01-05"),
            ("王小明（13800000000）", "■■■（■■■）"),
            ("本表由张三丰（13800000000）填报", "本表由■■■（■■■）填报"),
            ("欧阳修11010519491231002x", "■■■■■■"),
            ("截至2023 13800000000", "截至2023 ■■■"),
        ],
    )
    def test_the_rest_of_a_text_stays(self, text, shown):
        assert masked(text) == shown

    @pytest.mark.parametrize(
        ("header", "kind"),
        [
            ("姓名", "name"), ("姓　名", "name"), ("学生姓名*", "name"), ("单位负责人", "name"), ("Full name", "name"),
            ("身份证号", "identity_number"), ("身份证号码（18位）", "identity_number"), ("学籍号", "identity_number"),
            ("手机号码（必填）", "phone"), ("家长联系电话", "phone"), ("Tel.", "phone"),
            ("银行卡号", "bank_card"), ("电子邮箱", "email"), ("家庭住址", "address"),
        ],
    )  # fmt: skip
    def test_headers(self, header, kind):
        assert header_kind(header) == kind


class TestLeftAlone:
    """Codes, amounts and words of the field are not personal data."""

    @pytest.mark.parametrize(
        "text",
        [
            "710201", "3650001234567", "4-07-07-02", "20975000000", "5234.5", "2023-12-31 10:00:00", "20231231",
            "500234202401010001", "91500234MA5U4X8Y3K", "0.123456789012345", "1234567890123456", "9" * 30, "1e400",
            "重庆市开州区职业教育中心", "会计事务", "开州府发〔2020〕22号", "2010—2022年", "10 20 30 40 50 60 70",
            "电话客服员", "负责人事管理的专员", "注：数据截至2023年12月31日", "经审核同意", "100000000000",
        ],
    )  # fmt: skip
    def test_texts(self, text):
        assert masked(text) == text

    @settings(max_examples=300)
    @given(st.one_of(st.integers(0, 10**6), st.integers(10**12, 10**13 - 1).filter(lambda n: str(n)[:2] != "86")))
    def test_codes_of_six_and_thirteen_digits(self, code):
        assert masked(str(code)) == str(code)

    def test_no_column_of_any_contract_has_a_personal_header(self):
        for contract in contracts().values():
            for column in contract.columns:
                for header in (column.name, column.title.zh, column.title.en, *column.aliases):
                    assert header_kind(header) is None, f"{contract.table}.{column.name}: {header}"

    @given(st.text())
    def test_any_text_can_be_looked_at(self, text):
        assert masked(masked(text)) == masked(text)


HEADER = "学校,专业,毕业年份,毕业生数,单位就业"


def outcomes(*lines: str, header: str = HEADER) -> dict[str, str]:
    return {"就业.csv": "\n".join([header, *lines]) + "\n"}


class TestWithheld:
    """What a sheet holds of it is masked before anything is written, and the rest of the sheet is read as ever."""

    def test_a_column_under_a_telling_header(self, ingested, ask, messages):
        lines = [f"5001,710201,{year},50,30,x{year}" for year in (2021, 2022, 2023)]
        connection = ingested(outcomes(*lines, header=HEADER + ",联系电话"))
        assert ask(connection, "select count(*) from accepted.outcome") == [(3,)]
        assert messages(connection, "personal_column") == [
            "就业.csv F2：F 列是电话号码，属于个人信息，不予接收；整列未采用，也未保存。请删去该列后重新报送。"
        ]
        assert messages(connection, "unknown_column") == []

    def test_a_column_that_does_not_say_so_but_holds_numbers(self, ingested, ask):
        numbers = [PUBLISHED_IDENTITY, PUBLISHED_IDENTITY.lower(), full_width(PUBLISHED_IDENTITY), "110105194912310021"]
        lines = [f"5001,710201,{2020 + place},50,30,{number}" for place, number in enumerate(numbers)]
        connection = ingested(outcomes(*lines, header=HEADER + ",备注"))
        assert ask(connection, "select letter, first_row, last_row, kind, whole_column from landed.withheld") == [
            ("F", 2, 5, "identity_number", True)
        ]

    def test_where_it_stood_is_told_to_whoever_copies_the_file(self, ingested, ask):
        connection = ingested(outcomes("5001,710201,2023,50,30,x", "注：电话13800000000", header=HEADER + ",姓名"))
        ((digest,),) = ask(connection, "select file_digest from landed.file where file = '就业.csv'")
        assert withheld_cells(connection, digest) == [("", "A", 3, 3), ("", "F", 2, 3)]

    def test_a_column_of_names_under_a_header_of_no_meaning(self, ingested, ask):
        names = ["张伟", "王芳", "李 娜", "刘洋", "欧阳修", "陈静"]
        lines = [f"5001,710201,{2018 + place},50,30,{name}" for place, name in enumerate(names)]
        connection = ingested(outcomes(*lines, header=HEADER + ",备注"))
        assert ask(connection, "select letter, kind from landed.withheld") == [("F", "name")]

    def test_a_name_where_a_number_belongs(self, ingested, ask):
        text = "学校,专业,毕业年份,毕业生数,单位就业\n5001,710201,2023,张三丰,未知\n5001,660301,李 四,30,二十\n"
        connection = ingested({"就业.csv": text})
        kinds = "select letter, first_row, kind from landed.withheld order by all"
        assert ask(connection, kinds) == [("C", 3, "name"), ("D", 2, "name")]
        assert ask(connection, "select graduates, employed from landed.outcome") == [(MASK, "未知"), ("30", "二十")]

    def test_a_column_of_places_is_no_column_of_names(self, ingested, ask):
        places = ["万州", "开州", "云阳", "江津", "万州", "江津", "云阳"]
        lines = [f"5001,710201,{2015 + place},50,30,{name}" for place, name in enumerate(places)]
        connection = ingested(outcomes(*lines, header=HEADER + ",备注"))
        assert ask(connection, "from landed.withheld") == []

    def test_a_large_amount_that_reads_like_a_telephone_number(self, ingested, ask):
        text = (
            "地区,年份,行业,增加值\n开州区,2021,1,13800000000\n开州区,2022,1,15912345678\n开州区,2023,1,18600000000\n"
        )
        connection = ingested({"产业.csv": text})
        assert ask(connection, "select max(value_added) from accepted.industry") == [(18600000000.0,)]
        assert ask(connection, "from landed.withheld") == []

    def test_a_number_in_the_wrong_cell_goes_with_its_row(self, ingested, ask, messages):
        connection = ingested(outcomes("5001,710201,2023,50,13800000000", "5002,710201,2023,50,30"))
        assert messages(connection, "not_a_number") == [
            "就业.csv E2：“单位就业”写的是“■■■”，不是数字。请改为不小于 0 的整数。"
        ]
        assert ask(connection, "select school_id from accepted.outcome") == [("5002",)]

    def test_a_form_above_the_table_does_not_cost_the_columns_below_it(self, ingested, ask):
        form = "学校,开州职教中心,联系人,张三,电话\n,,,,13800000000\n"
        connection = ingested({"就业.csv": form + HEADER + "\n5001,710201,2023,50,30\n"})
        assert ask(connection, "select graduates from accepted.outcome") == [(50,)]
        assert {kind for (kind,) in ask(connection, "select kind from landed.withheld")} == {"name", "phone"}

    def test_signatures_below_the_table(self, ingested, ask):
        lines = ["5001,710201,2023,50,30", "填表人：,张三,审核人,李四,", "制表：王五,,,,"]
        connection = ingested(outcomes(*lines))
        shown = "".join(text for (text,) in ask(connection, "select text from landed.non_data where kind = 'note'"))
        assert shown == "填表人： | ■■■ | 审核人 | ■■■制表：■■■"

    def test_a_list_of_people_below_the_table(self, ingested, ask):
        lines = ["5001,710201,2023,50,30", "序号,姓名,身份证号,,", "1,阿依古丽,650102199001011234,,", "2,李四,x,,"]
        connection = ingested(outcomes(*lines))
        kept = " ".join(cells for (cells,) in ask(connection, "select cells from quarantine.row where file='就业.csv'"))
        assert "阿依古丽" not in kept
        assert "65010219900101" not in kept

    def test_a_personal_form_sheet(self, ingested, ask):
        connection = ingested({"表.csv": "姓名,张三,性别,男\n身份证号,110105194912310021,民族,汉\n住址,某路1号,,\n"})
        kept = " ".join(cells for (cells,) in ask(connection, "select cells from quarantine.row where file = '表.csv'"))
        assert not re.search("张三|1949|某路", kept)

    def test_numbers_that_a_workbook_stores_as_numbers(self, ingested, ask, workbook):
        rows = [["学校", "专业", "毕业年份", "毕业生数", "备注"]]
        rows += [["5001", "710201", 2021, 50, 13800000000], ["5001", "710201", 2022, 50, 110105194912310021]]
        rows += [["5001", "710201", 2023, 50, 110105491231002]]
        connection = ingested({"就业.xlsx": workbook({"13800000000": rows})})
        assert ask(connection, "select letter, kind, whole_column from landed.withheld")[0][0] == "E"
        assert ask(connection, "select distinct sheet from landed.sheet where file = '就业.xlsx'") == [("■■■~1",)]
        assert ask(connection, "select count(*) from accepted.outcome") == [(3,)]

    def test_names_of_files(self, ingested, ask):
        files = {f"张三{number}.csv": f"x\n{number[-2:]}\n" for number in ("13800000011", "13800000022")}
        connection = ingested(files)
        shown = [file for (file,) in ask(connection, "select file from landed.file where file like '■%'")]
        assert len(set(shown)) == 2

    def test_no_message_repeats_a_value(self, ingested, ask):
        lines = [f"5001,710201,2023,50,30,{PUBLISHED_IDENTITY}", f"{PUBLISHED_IDENTITY},{CARD},2023,x@y.cn,30,"]
        connection = ingested(outcomes(*lines, header=HEADER + ",备注"))
        text = str(ask(connection, "from quarantine.finding")) + str(ask(connection, "from quarantine.row"))
        assert not re.search(f"{PUBLISHED_IDENTITY}|{CARD}|x@y", text)


def everything(connection) -> str:
    """All texts of all tables."""
    tables = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables where table_type = 'BASE TABLE'"
    ).fetchall()
    return "\n".join(str(connection.execute(f"from {table}").fetchall()) for (table,) in tables)


@settings(max_examples=3)
@given(seed=st.integers(0, 2**32 - 1))
def test_planted_anywhere_in_a_file_it_is_nowhere_in_the_warehouse(ingested_anew, seed):
    source = random.Random(seed)
    grids, planted = [], []
    for number in range(12):
        grid = [["某表", "", "", "", "", ""], [*HEADER.split(","), source.choice(["备注", "班级", "手机", ""])]]
        grid += [["5001", "710201", str(2015 + row), "50", "30", "无"] for row in range(8)]
        grid += [["注：无", "", "", "", "", ""]]
        if number > 8:
            del grid[1]
        for _ in range(source.randrange(1, 5)):
            value = source.choice([PUBLISHED_IDENTITY, CARD, f"13{source.randrange(10**9):09d}"])
            planted.append(value)
            written = source.choice(list(DISGUISES.values()))(value)
            grid[source.randrange(len(grid))][source.randrange(6)] = source.choice([written, f"联系：张三{written}"])
        grids.append(grid)
    files = {f"{place}.csv": "\n".join(",".join(row) for row in grid) for place, grid in enumerate(grids)}
    kept = re.sub("[^0-9Xx]+", " ", unicodedata.normalize("NFKC", everything(ingested_anew(files))))
    squeezed = kept.replace(" ", "")
    for value in planted:
        assert value not in kept
        assert value.upper() not in squeezed.upper()


@pytest.fixture(scope="module")
def one_connection():
    import duckdb

    return duckdb.connect()


def test_every_kind_has_a_title_in_both_languages_and_every_threshold_a_reason():
    assert all(kind.title.zh and kind.title.en for kind in personal().kinds.values())
    assert all(setting.reason.zh and setting.reason.en for setting in personal().settings.values())
