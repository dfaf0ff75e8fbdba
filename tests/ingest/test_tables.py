"""Where tables stand in a sheet, and which contract they fit."""

import pytest

HEADER = ["序号", "学校", "专业", "毕业年份", "毕业生数", "单位就业", "升学"]
ROWS = [
    [1, "开州职教中心", "计算机应用", 2023, 50, 30, 15],
    [2, "巨龙中职校", "机电技术应用", 2023, 40, 20, 10],
]
ACCEPTED = (
    "select row_number, school_id, program_code, graduates, employed, further_study from accepted.outcome order by 1"
)
ACCOUNT = "select landed, accepted, quarantined, non_data from landed.account where contract = 'outcome'"
KINDS = "select row_number, kind from landed.non_data where contract = 'outcome' order by sheet, row_number"


def test_title_lines_above_and_notes_below_are_kept_apart(ingested, ask, workbook):
    rows = [
        ["开州区毕业生就业情况统计表"],
        [None, None, None, None, "2023年12月"],
        HEADER,
        *ROWS,
        [],
        ["合计", None, None, None, 90, 50, 25],
        ["注：数据截至 12 月 31 日"],
        ["填表人：", None, "审核人：", None, "日期：2024-01-05"],
    ]
    connection = ingested({"就业.xlsx": workbook({"2023": rows}, {"2023": ["A1:G1", "A7:D7"]})})
    assert ask(connection, ACCEPTED) == [(4, "5001", "710201", 50, 30, 15), (5, "5002", "660301", 40, 20, 10)]
    assert ask(connection, KINDS) == [(1, "title"), (2, "title"), (3, "header"), (7, "total"), (8, "note"), (9, "note")]
    assert ask(connection, ACCOUNT) == [(8, 2, 0, 6)]


@pytest.mark.parametrize("total", ["合计", "小计", "总计", "合 计", "合　计", "共计", "总　计：", "Total"])
def test_total_rows_are_not_ingested(ingested, ask, total):
    text = f"学校,专业,毕业年份,毕业生数\n开州职教中心,710201,2023,40\n{total},,,40\n"
    connection = ingested({"就业.csv": text})
    assert ask(connection, KINDS) == [(1, "header"), (3, "total")]


def test_a_header_of_two_lines_with_merged_groups(ingested, ask, workbook):
    rows = [
        ["序号", "学校", "专业", "毕业年份", "毕业生数", "毕业去向", None, None],
        [None, None, None, None, "（人）", "单位就业", "升学", "未就业"],
        [1, "开州职教中心", "计算机应用", 2023, 50, 30, 15, 5],
    ]
    merged = ["A1:A2", "B1:B2", "C1:C2", "D1:D2", "F1:H1"]
    connection = ingested({"就业.xlsx": workbook({"表": rows}, {"表": merged})})
    assert ask(connection, ACCEPTED) == [(3, "5001", "710201", 50, 30, 15)]
    assert ask(connection, "select letter, header from landed.column_map where column_name = 'further_study'") == [
        ("G", "升学")
    ]


def test_a_header_of_two_lines_in_text(ingested, ask):
    text = "学校,专业,毕业年份,毕业生数,毕业去向,,\n,,,,单位就业,升学,未就业\n开州职教中心,710201,2023,50,30,15,5\n"
    assert ask(ingested({"就业.csv": text}), ACCEPTED) == [(3, "5001", "710201", 50, 30, 15)]


def test_a_column_that_counts_only_women_is_not_taken_for_all(ingested, ask, workbook):
    rows = [
        ["学校", "专业", "毕业年份", "毕业生数", "其中：女"],
        [None, None, None, None, "毕业生数"],
        ["开州职教中心", "计算机应用", 2023, 50, 22],
    ]
    connection = ingested({"就业.xlsx": workbook({"表": rows}, {"表": ["A1:A2", "B1:B2", "C1:C2", "D1:D2"]})})
    assert ask(connection, "select graduates from accepted.outcome") == [(50,)]


def test_among_which_in_front_of_a_column_is_that_column(ingested, ask, workbook):
    rows = [
        ["学校", "专业", "毕业生数", None, "其中：单位就业", None],
        [None, None, "2022年", "2023年", "2022年", "2023年"],
        ["开州职教中心", "计算机应用", 50, 60, 40, 45],
    ]
    connection = ingested({"就业.xlsx": workbook({"表": rows}, {"表": ["A1:A2", "B1:B2", "C1:D1", "E1:F1"]})})
    assert ask(connection, "select cohort_year, graduates, employed from accepted.outcome order by 1") == [
        (2022, 50, 40),
        (2023, 60, 45),
    ]


@pytest.mark.parametrize("header", ["其中：女单位就业", "其中：本省", "其中：同比增长"])
def test_among_which_in_front_of_anything_else_narrows(ingested, ask, header):
    text = f"学校,专业,毕业年份,毕业生数,{header}\n开州职教中心,710201,2023,50,30\n"
    connection = ingested({"就业.csv": text})
    assert ask(connection, "select graduates, employed, local from accepted.outcome") == [(50, None, None)]


def test_headers_are_known_whatever_their_width_breaks_and_brackets(ingested, ask):
    header = '"学校\n名称",专业（必填）,毕业年份,毕业生数【人】,单位 就业人数(人),ＬＯＣＡＬ＊'
    text = f"{header}\n开州职教中心,710201,2023,50,30,20\n"
    connection = ingested({"就业.csv": text})
    assert ask(
        connection, "select column_name, letter, header from landed.column_map where file = '就业.csv' order by 2"
    ) == [
        ("school_id", "A", "学校 名称"),
        ("program_code", "B", "专业（必填）"),
        ("cohort_year", "C", "毕业年份"),
        ("graduates", "D", "毕业生数【人】"),
        ("employed", "E", "单位 就业人数(人)"),
        ("local", "F", "ＬＯＣＡＬ＊"),
    ]
    assert ask(connection, "select graduates, employed, local from accepted.outcome") == [(50, 30, 20)]


def test_of_two_headers_for_one_column_the_more_direct_one_counts(ingested, ask, messages):
    connection = ingested({"就业.csv": "学校,专业名称,专业,毕业年份\n开州职教中心,计算机,计算机应用,2023\n"})
    assert ask(connection, "select program_code from accepted.outcome") == [("710201",)]
    assert messages(connection, "second_column") == [
        "就业.csv B1：列“专业名称”与另一列同是“专业代码”，只采用了写法更直接（或在前）的一列。"
    ]


def test_a_name_beside_a_code_is_read_with_it(ingested, ask, messages):
    text = (
        "学校,专业名称,专业代码,毕业年份\n开州职教中心,计算机应用,710201,2023\n"
        "开州职教中心,计算机应用（智能方向）,710201,2022\n开州职教中心,计算机应用,,2021\n开州职教中心,,710201,2020\n"
    )
    connection = ingested({"就业.csv": text})
    assert ask(connection, "select program_code, cohort_year from accepted.outcome order by 2 desc") == [
        ("710201", year) for year in (2023, 2022, 2021, 2020)
    ]
    assert not messages(connection, "second_column")


def test_a_code_that_contradicts_the_name_beside_it_is_not_guessed(ingested, ask, messages):
    text = (
        "学校,专业代码,专业名称,毕业年份\n开州职教中心,710201,机电技术应用,2023\n开州职教中心,999999,计算机应用,2023\n"
    )
    connection = ingested({"就业.csv": text})
    assert not ask(connection, "select * from accepted.outcome")
    refusals = messages(connection, "code_contradicts_name") + messages(connection, "unknown_reference")
    assert [message.split("。请")[0].split("（")[0] for message in refusals] == [
        "就业.csv B2：“专业代码”写的是“710201 机电技术应用”，代码和名称说的不是同一项",
        "就业.csv B3：“专业代码”写的是“999999 计算机应用”，查不到",
    ]
    known = ask(connection, "select code from quarantine.suggestion where found like '710201%' order by place")
    assert known == [("710201",), ("660301",)]
    best = ask(connection, "select name from quarantine.suggestion where found like '999999%' and place = 1")
    assert best == [("计算机应用",)]


def test_a_merged_title_with_a_year_is_no_header_of_years(ingested, ask, workbook):
    rows = [
        ["2023届毕业生就业情况统计表"],
        ["填报单位：开州职教中心（公章）    填报日期：2023年12月20日    单位：人"],
        ["序号", "专业", None, "毕业生\n人数", "毕业去向", None],
        [None, "代码", "名称", None, "单位就业", "升 学"],
        [1, "710201", "计算机应用", 50, 30, 15],
    ]
    merged = ["A1:F1", "A2:F2", "A3:A4", "B3:C3", "D3:D4", "E3:F3"]
    connection = ingested({"就业.xlsx": workbook({"2023届": rows}, {"2023届": merged})})
    assert ask(connection, ACCEPTED) == [(5, "5001", "710201", 50, 30, 15)]


def test_a_school_merged_over_several_rows_stands_in_each(ingested, ask, workbook):
    rows = [HEADER, [1, "开州职教中心", "计算机应用", 2023, 50, 30, 15], [2, None, "机电技术应用", 2023, 40, 20, 10]]
    connection = ingested({"就业.xlsx": workbook({"表": rows}, {"表": ["B2:B3"]})})
    assert ask(connection, "select school_id from accepted.outcome") == [("5001",), ("5001",)]


def test_every_sheet_is_read(ingested, ask, workbook):
    sheets = {str(year): [HEADER, [1, "开州职教中心", "710201", year, 50, 30, 15]] for year in (2022, 2023)}
    connection = ingested({"就业.xlsx": workbook(sheets | {"说明": [["口径说明"], ["单位就业指……"]]})})
    assert ask(connection, "select sheet, cohort_year from accepted.outcome order by 1") == [
        ("2022", 2022),
        ("2023", 2023),
    ]
    assert ask(connection, "select sheet, quarantined from landed.account where contract = ''") == [("说明", 2)]


def test_several_tables_below_each_other(ingested, ask, workbook):
    rows = [
        ["一、就业"],
        HEADER,
        *ROWS,
        [],
        ["二、招生"],
        ["学校", "专业", "招生年度", "招生计划", "实际报到"],
        ["开州职教中心", "计算机应用", 2023, 100, 90],
        ["三、就业（续）"],
        HEADER,
        [3, "开州技工学校", "中餐烹饪", 2023, 20, 10, 5],
    ]
    connection = ingested({"综合.xlsx": workbook({"表": rows})})
    assert [row[0] for row in ask(connection, ACCEPTED)] == [3, 4, 11]
    assert ask(connection, "select row_number, planned, registered from accepted.enrollment") == [(8, 100, 90)]
    assert ask(
        connection, "select sum(landed) = sum(accepted + quarantined + superseded + non_data) from landed.account"
    ) == [(True,)]


def test_a_header_repeated_on_every_page_is_no_row(ingested, ask, workbook):
    connection = ingested({"就业.xlsx": workbook({"表": [HEADER, ROWS[0], HEADER, ROWS[1]]})})
    assert ask(connection, KINDS) == [(1, "header"), (3, "header")]
    assert len(ask(connection, ACCEPTED)) == 2


def test_the_unit_above_a_table_counts_for_its_columns(ingested, ask):
    text = "开州区生产总值\n单位：万元、万人\n地区,年份,产业,增加值,从业人员\n开州区,2023,第一产业,1000,2\n"
    connection = ingested({"gdp.csv": text})
    assert ask(connection, "select value_added, employed_persons from accepted.industry") == [(1e7, 2e4)]


def test_the_contract_with_most_columns_wins(ingested, ask):
    text = "学校代码,学校名称,专业代码,招生年度,招生计划,毕业年份\n5001,x,710201,2023,50,\n"
    connection = ingested({"招生.csv": text})
    assert ask(connection, "select file, contract from landed.account where file = '招生.csv'") == [
        ("招生.csv", "enrollment")
    ]


class TestUnrecognised:
    """A table that fits no contract is quarantined whole and told."""

    def test_a_sheet_of_something_else(self, ingested, ask, messages):
        connection = ingested({"食谱.csv": "菜名,价格\n宫保鸡丁,28\n\n麻婆豆腐,18\n"})
        assert ask(connection, "select landed, quarantined from landed.account where contract = ''") == [(3, 3)]
        assert messages(connection, "unrecognised_table") == [
            "食谱.csv A1：没有找到可以识别的表头，整张表已隔离。请对照模板核对表头。"
        ]
        assert ask(connection, "select row_number, cells->>'A' from quarantine.row order by 1") == [
            (1, "菜名"),
            (2, "宫保鸡丁"),
            (4, "麻婆豆腐"),
        ]
        assert ask(connection, "select status from landed.file where file = '食谱.csv'") == [("unrecognised",)]

    def test_a_missing_required_column_is_named(self, ingested, ask, messages):
        connection = ingested({"就业.csv": "学校,毕业年份,毕业生数\n开州职教中心,2023,40\n"})
        assert messages(connection, "missing_column") == [
            "就业.csv A1：像是“毕业生就业情况”表，但缺少必需的列：专业代码。请补上该列，整张表暂时隔离。"
        ]
        assert ask(connection, "select landed, quarantined from landed.account where file = '就业.csv'") == [(2, 2)]

    def test_an_outcome_table_without_its_program_is_not_taken_for_a_list_of_schools(self, ingested, ask):
        text = "学校代码,学校名称,毕业年份,毕业生数\n5001,另一个名字,2023,40\n"
        connection = ingested({"就业.csv": text})
        assert ask(connection, "select count(*) from accepted.school") == [(3,)]
        assert ask(connection, "select column_name from quarantine.finding where rule = 'missing_column'") == [
            ("program_code",)
        ]

    def test_a_foreign_table_above_a_known_one_is_not_taken_for_its_title(self, ingested, ask):
        text = "a,b,c\n1,2,3\n4,5,6\n学校,专业,毕业年份,毕业生数\n开州职教中心,710201,2023,40\n"
        connection = ingested({"混合.csv": text})
        assert ask(
            connection, "select contract, landed, accepted, quarantined from landed.account where file = '混合.csv'"
        ) == [
            ("", 3, 0, 3),
            ("outcome", 2, 1, 0),
        ]

    def test_unknown_columns_are_named_in_a_note(self, ingested, messages):
        connection = ingested({"就业.csv": "学校,专业,毕业年份,毕业生数,备注\n开州职教中心,710201,2023,40,x\n"})
        assert messages(connection, "unknown_column") == ["就业.csv E1：列“备注”不在“毕业生就业情况”的约定中，未采用。"]


def test_a_row_of_data_that_names_a_class_and_a_year_is_no_header(ingested, ask):
    head = "2020年分行业离岗率（虚构）\n分类,代码,年份,年离岗率,来源,发布日期\n"
    rows = "行业,C,2020,3.8%,年鉴,2021-06-30\n行业,P,2020,2.9%,年鉴,2021-06-30\n"
    found = ingested({"离岗率.csv": head + rows})
    assert ask(found, "select code, annual_rate::double from accepted.replacement_rate order by code") == [
        ("C", 0.038),
        ("P", 0.029),
    ]
