"""Layouts in which a value does not stand in a column of its own: years across, tables side by side, titles, names of
sheets."""

import pytest

OUTCOMES = "select school_id, program_code, cohort_year, graduates, employed from accepted.outcome order by all"
ACCOUNT = "select landed, accepted, quarantined, non_data, source_rows from landed.account where contract = 'outcome'"
HEADER = ["专业", "毕业生数", "单位就业"]
ROW = ["计算机应用", 50, 45]
LONG = [
    ("5001", "660301", 2021, 40, None),
    ("5001", "660301", 2022, 42, None),
    ("5001", "710201", 2021, 50, None),
    ("5001", "710201", 2022, 52, None),
]


def notes(ask, connection, *rules):
    """Cell, rule and text of the findings that do not concern one row."""
    return ask(
        connection,
        "select cell, rule, found from quarantine.finding where row_id is null and list_contains(?, rule) order by all",
        list(rules),
    )


class TestYearsAcross:
    """Columns that are years become one row per year, whose numbers keep their own cells."""

    @pytest.mark.parametrize(
        "header",
        [
            "学校,专业,2021年毕业生数,2022年毕业生数",
            "学校,专业,毕业生数（2021）,毕业生数（2022）",
            "学校,专业,２０２１届毕业生数(人),２０２２届毕业生数(人)",
            "学校,专业,二〇二一年毕业生数,二〇二二年毕业生数",
            "学校,专业,毕业生数,\n,,2021,2022",
            "学校,专业,2021,2022\n,,毕业生数,毕业生数",
            "学校,专业,2020-2021学年,2021-2022学年\n,,毕业生数,毕业生数",
            "各校毕业生数（人）\n学校,专业,2021,2022",
            "各校毕业生数\n学校,专业,2021年,2022年",
        ],
    )
    def test_in_every_form_of_header(self, ingested, ask, header):
        text = f"{header}\n开州职教中心,计算机应用,50,52\n开州职教中心,机电技术应用,40,42\n"
        assert ask(ingested({"就业.csv": text}), OUTCOMES) == LONG

    @pytest.mark.parametrize("merged", [["C1:D1", "E1:F1", "A1:A2", "B1:B2"], []])
    def test_a_year_over_several_measures(self, ingested, ask, workbook, merged):
        rows = [
            ["学校", "专业", "2021年", None, "2022年", None],
            [None, None, "毕业生数", "单位就业", "毕业生数", "单位就业"],
            ["开州职教中心", "计算机应用", 50, 45, 52, 46],
        ]
        connection = ingested({"就业.xlsx": workbook({"表": rows}, {"表": merged})})
        assert ask(connection, OUTCOMES) == [("5001", "710201", 2021, 50, 45), ("5001", "710201", 2022, 52, 46)]
        assert ask(
            connection,
            "select column_name, letter, header, cell, part from landed.column_map where file = '就业.xlsx' and"
            " column_name in ('graduates', 'cohort_year') order by part, column_name",
        ) == [
            ("cohort_year", None, "2021年", "C1", ":C"),
            ("graduates", "C", "毕业生数", None, ":C"),
            ("cohort_year", None, "2022年", "E1", ":E"),
            ("graduates", "E", "毕业生数", None, ":E"),
        ]

    def test_a_measure_over_several_years_below_a_title(self, ingested, ask, workbook):
        rows = [
            ["开州区毕业生情况", *[None] * 5],
            ["学校", "专业", "毕业生数（人）", None, "单位就业", None],
            [None, None, 2021, 2022, 2021, 2022],
            ["开州职教中心", "计算机应用", 50, 52, 45, 46],
        ]
        merged = ["A1:F1", "C2:D2", "E2:F2", "A2:A3", "B2:B3"]
        connection = ingested({"就业.xlsx": workbook({"表": rows}, {"表": merged})})
        assert ask(connection, OUTCOMES) == [("5001", "710201", 2021, 50, 45), ("5001", "710201", 2022, 52, 46)]

    def test_a_unit_in_the_title_counts_for_every_year(self, ingested, ask):
        text = "开州区增加值（亿元）\n地区,行业,2021,2022\n开州区,第一产业,100.5,110\n"
        assert ask(ingested({"产业.csv": text}), "select year, value_added from accepted.industry order by 1") == [
            (2021, 1.005e10),
            (2022, 1.1e10),
        ]

    def test_quarters_across(self, ingested, ask):
        text = "地区,职业代码,职业,2024年一季度岗位需求,2024年二季度岗位需求\n开州区,6-01,厨师,5,7\n"
        assert ask(ingested({"供求.csv": text}), "select period, vacancies from accepted.labour_market order by 1") == [
            ("2024Q1", 5),
            ("2024Q2", 7),
        ]

    def test_a_wrong_number_is_named_by_its_own_cell_and_takes_no_other_year_with_it(self, ingested, ask, messages):
        text = "学校,专业,2021年毕业生数,2022年毕业生数\n开州职教中心,计算机应用,50,五十二\n"
        connection = ingested({"就业.csv": text})
        assert ask(connection, OUTCOMES) == [("5001", "710201", 2021, 50, None)]
        assert messages(connection, "not_a_number")[0].startswith("就业.csv D2：")

    def test_a_source_row_counts_once_per_year_and_once_among_the_rows_of_the_file(self, ingested, ask):
        text = (
            "各校毕业生数\n学校,专业,2021,2022,2023\n开州职教中心,计算机应用,50,,52\n巨龙中职校,计算机应用,—,五,\n"
            "开州技工学校,中餐烹饪,,,\n合计,,50,,52\n注：未含五年制\n"
        )
        connection = ingested({"就业.csv": text})
        assert ask(connection, "select school_id, cohort_year, graduates from accepted.outcome order by all") == [
            ("5001", 2021, 50),
            ("5001", 2023, 52),
            ("5002", 2021, None),
            ("5003", 2021, None),
        ]
        assert ask(
            connection, "select row_number, kind, part from landed.non_data where file = '就业.csv' order by all"
        ) == [
            (1, "title", ":C"),
            (2, "header", ":C"),
            (3, "no_number", ":D"),
            (4, "no_number", ":E"),
            (5, "no_number", ":D"),
            (5, "no_number", ":E"),
            (6, "total", ":C"),
            (7, "note", ":C"),
        ]
        assert ask(connection, ACCOUNT) == [(4 + 3 * 3, 4, 1, 8, 7)]

    def test_years_of_which_nothing_says_what_they_count_are_refused(self, ingested, ask, messages):
        connection = ingested({"就业.csv": "学校,专业,2021,2022\n开州职教中心,计算机应用,50,52\n"})
        assert messages(connection, "unnamed_years") == [
            "就业.csv A1：表头只有年份（2021、2022），没有写明是哪一项数。请在年份旁边或标题里写明；整张表暂时隔离。"
        ]
        assert ask(connection, "select quarantined from landed.account where file = '就业.csv'") == [(2,)]

    def test_growth_and_other_numbers_without_a_year_are_not_used(self, ingested, ask):
        header = "学校,专业,2021年毕业生数,2022年毕业生数,2022年毕业生数同比增长（%）,单位就业"
        connection = ingested({"就业.csv": f"{header}\n开州职教中心,计算机应用,50,52,4,47\n"})
        assert ask(connection, OUTCOMES) == [("5001", "710201", 2021, 50, None), ("5001", "710201", 2022, 52, None)]
        assert [cell for cell, _, _ in notes(ask, connection, "unknown_column")] == ["E1", "F1"]

    def test_where_the_year_has_a_column_a_year_in_a_header_is_no_year(self, ingested, ask):
        text = "学校,专业,毕业年份,毕业生数,2022年底在校生数\n开州职教中心,计算机应用,2023,50,300\n"
        assert ask(ingested({"就业.csv": text}), OUTCOMES) == [("5001", "710201", 2023, 50, None)]


class TestStatedOnce:
    """A year or a school that stands only above the table or in the name of the sheet holds for all its rows."""

    def test_one_sheet_per_year(self, ingested, ask, workbook):
        sheets = {name: [["学校", *HEADER], ["开州职教中心", *ROW]] for name in ("2022", "2023届", "２０２４年")}
        connection = ingested({"就业.xlsx": workbook(sheets)})
        assert ask(connection, "select sheet, cohort_year from accepted.outcome order by 1") == [
            ("2022", 2022),
            ("2023届", 2023),
            ("２０２４年", 2024),
        ]
        assert notes(ask, connection, "taken_from_sheet_name") == [
            (None, "taken_from_sheet_name", year) for year in ("2022", "2023届", "2024年")
        ]

    def test_one_sheet_per_school_below_a_title_with_the_year(self, ingested, ask, workbook, messages):
        sheets = {
            name: [["开州区2023届毕业生就业情况统计表（2024年1月填报）"], HEADER, ROW]
            for name in ("开州职教中心", "巨龙中职校")
        }
        connection = ingested({"就业.xlsx": workbook(sheets)})
        assert ask(connection, OUTCOMES) == [("5001", "710201", 2023, 50, 45), ("5002", "710201", 2023, 50, 45)]
        assert messages(connection, "taken_from_title")[0] == (
            "就业.xlsx 工作表“巨龙中职校” A1：表里没有“毕业年份”列，各行采用这里写的“2023届”。"
        )
        assert messages(connection, "taken_from_sheet_name")[0] == (
            "就业.xlsx 工作表“巨龙中职校”：表里没有“学校”列，各行采用工作表名里的“巨龙中职校”。"
        )

    @pytest.mark.parametrize(
        "title",
        [
            "开州职教中心2023届毕业生就业情况统计表",
            "开州职教中心 2023 年毕业生就业情况",
            "2023届开州职教中心毕业生就业一览表",
            "重庆市开州区职业教育中心二〇二三届毕业生就业情况",
            "学校：开州职教中心    毕业年份：2023",
            "填报单位：开州职教中心；毕业年度：2023年",
            "学校（盖章）： 开州职教中心　届别：2022-2023学年",
        ],
    )
    def test_in_every_form_of_title(self, ingested, ask, workbook, title):
        connection = ingested({"就业.xlsx": workbook({"Sheet1": [[title], HEADER, ROW]})})
        assert ask(connection, OUTCOMES) == [("5001", "710201", 2023, 50, 45)]

    def test_labels_and_values_in_cells_of_their_own(self, ingested, ask):
        text = "毕业生就业情况\n学校：,开州职教中心,毕业年份：,2023\n专业,毕业生数,单位就业\n计算机应用,50,45\n"
        connection = ingested({"就业.csv": text})
        assert ask(connection, OUTCOMES) == [("5001", "710201", 2023, 50, 45)]
        assert [(cell, found) for cell, _, found in notes(ask, connection, "taken_from_title")] == [
            ("A2", "开州职教中心"),
            ("C2", "2023"),
        ]

    def test_each_of_several_tables_has_its_own_title(self, ingested, ask):
        text = "".join(
            f"{school}{year}届毕业生就业情况,,\n专业,毕业生数,单位就业\n计算机应用,{number},45\n\n"
            for school, year, number in [("开州职教中心", 2022, 50), ("巨龙中等职业技术学校", 2023, 60)]
        ).replace("巨龙", "开州区巨龙")
        connection = ingested({"就业.csv": text})
        assert ask(connection, OUTCOMES) == [("5001", "710201", 2022, 50, 45), ("5002", "710201", 2023, 60, 45)]

    def test_an_unknown_school_in_a_title_is_refused_like_any_other(self, ingested, ask, messages):
        connection = ingested({"就业.csv": "某某学校2023届毕业生就业情况\n专业,毕业生数\n计算机应用,50\n"})
        assert ask(connection, OUTCOMES) == []
        assert messages(connection, "unknown_reference")[0].startswith("就业.csv A1：“学校”写的是“某某学校”，查不到。")

    def test_a_title_and_a_sheet_name_of_different_years_are_not_decided(self, ingested, ask, messages, workbook):
        rows = [["开州职教中心2022年毕业生就业情况"], HEADER, ROW]
        connection = ingested({"就业.xlsx": workbook({"2023年": rows})})
        assert ask(connection, OUTCOMES) == []
        assert messages(connection, "stated_twice") == [
            "就业.xlsx 工作表“2023年” A1：“毕业年份”没有列，而标题和工作表名说的不一样："
            "2022年（A1）、2023年（2023年）。请改成一致，或加上这一列；整张表暂时隔离。"
        ]

    def test_a_cohort_outweighs_the_year_of_the_report(self, ingested, ask, workbook):
        rows = [["开州职教中心2024年填报的2023届毕业生就业情况"], HEADER, ROW]
        connection = ingested({"就业.xlsx": workbook({"2024": rows})})
        assert ask(connection, OUTCOMES) == [("5001", "710201", 2023, 50, 45)]

    @pytest.mark.parametrize(
        "title",
        [
            "开州职教中心2021-2023年毕业生就业情况",
            "开州职教中心毕业生就业情况（2023年12月）",
            "开府发〔2020〕22号附件",
            "就业表",
        ],
    )
    def test_a_title_without_one_year_states_none(self, ingested, ask, messages, title):
        connection = ingested({"就业.csv": f"{title}\n学校,专业,毕业生数\n开州职教中心,计算机应用,50\n"})
        assert ask(connection, OUTCOMES) == []
        assert len(messages(connection, "missing_column")) == 1

    def test_a_number_above_the_table_is_no_value_of_its_rows(self, ingested, ask):
        text = "毕业生数：120\n学校,专业,毕业年份,单位就业\n开州职教中心,计算机应用,2023,45\n"
        assert ask(ingested({"就业.csv": text}), OUTCOMES) == [("5001", "710201", 2023, None, 45)]


class TestSideBySide:
    """Tables beside each other are read one by one; every row counts for each table that has cells in it."""

    def test_tables_of_two_contracts(self, ingested, ask, workbook):
        rows = [
            ["一、就业", None, None, None, None, "二、招生"],
            ["学校", "专业", "毕业年份", "毕业生数", None, "学校", "专业", "招生年度", "招生计划"],
            ["开州职教中心", "计算机应用", 2023, 50, None, "巨龙中职校", "计算机应用", 2023, 100],
            ["开州职教中心", "机电技术应用", 2023, 40, None, "巨龙中职校", "中餐烹饪", 2023, 60],
            ["合计", None, None, 90, None, "开州技工学校", "中餐烹饪", 2023, 30],
            [None, None, None, None, None, "合计", None, None, 190],
        ]
        connection = ingested({"综合.xlsx": workbook({"表": rows})})
        assert [row[3] for row in ask(connection, OUTCOMES)] == [40, 50]
        assert ask(connection, "select school_id, planned from accepted.enrollment order by 2") == [
            ("5003", 30),
            ("5002", 60),
            ("5002", 100),
        ]
        assert ask(
            connection,
            "select contract, landed, accepted, quarantined, non_data from landed.account where file = '综合.xlsx'",
        ) == [("enrollment", 6, 3, 0, 3), ("outcome", 5, 2, 0, 3)]

    @pytest.mark.parametrize("gap", ["", ","])
    def test_a_long_table_broken_into_columns(self, ingested, ask, gap):
        line = "{},{}" + gap + "\n"
        text = "".join(
            line.format(left, right if not gap else "," + right)
            for left, right in [
                ("学校,专业,毕业年份,毕业生数", "学校,专业,毕业年份,毕业生数"),
                ("开州职教中心,计算机应用,2022,50", "开州职教中心,机电技术应用,2022,52"),
                ("开州职教中心,计算机应用,2023,五", "合计,,,102"),
            ]
        )
        connection = ingested({"就业.csv": text})
        assert [row[3] for row in ask(connection, OUTCOMES)] == [52, 50]
        assert ask(connection, "select cell, rule from quarantine.finding where row_id is not null") == [
            ("D3", "not_a_number")
        ]
        assert ask(connection, "select row_number, kind from landed.non_data where file = '就业.csv' order by all") == [
            (1, "header"),
            (1, "header"),
            (3, "total"),
        ]
        assert ask(connection, ACCOUNT) == [(6, 2, 1, 3, 6)]

    def test_a_blank_column_within_a_table_does_not_divide_it(self, ingested, ask):
        text = "学校,专业,,毕业年份,毕业生数\n开州职教中心,计算机应用,,2023,50\n"
        assert ask(ingested({"就业.csv": text}), OUTCOMES) == [("5001", "710201", 2023, 50, None)]

    def test_a_title_over_the_gap_is_counted(self, ingested, ask):
        header = "学校,专业,毕业年份,毕业生数"
        text = f",,,,就业,,,,\n{header},,{header}\n5001,710201,2023,50,,5002,710201,2023,60\n"
        connection = ingested({"就业.csv": text})
        assert len(ask(connection, OUTCOMES)) == 2
        assert ask(connection, ACCOUNT) == [(5, 2, 0, 3, 5)]


def test_a_header_of_three_lines(ingested, ask, workbook):
    rows = [
        ["学校", "专业", "毕业年份", "毕业生情况", None, None],
        [None, None, None, "毕业生数", "其中", None],
        [None, None, None, None, "单位就业", "升学"],
        ["开州职教中心", "计算机应用", 2023, 50, 30, 15],
    ]
    merged = ["A1:A3", "B1:B3", "C1:C3", "D1:F1", "D2:D3", "E2:F2"]
    connection = ingested({"就业.xlsx": workbook({"表": rows}, {"表": merged})})
    assert ask(connection, OUTCOMES) == [("5001", "710201", 2023, 50, 30)]
    assert ask(connection, "select further_study from accepted.outcome") == [(15,)]


@pytest.mark.parametrize("numbers", ["甲,乙,丙,1", "1,2,3,4", "A,B,C,1"])
def test_a_line_that_numbers_the_columns_belongs_to_the_header(ingested, ask, numbers):
    text = f"学校,专业,毕业年份,毕业生数\n{numbers}\n5001,710201,2023,50\n"
    connection = ingested({"就业.csv": text})
    assert ask(connection, "select row_number, kind from landed.non_data where file = '就业.csv'") == [
        (1, "header"),
        (2, "header"),
    ]
    assert ask(connection, "select count(*) from quarantine.row") == [(0,)]


@pytest.mark.parametrize(
    "remark",
    [
        "本表数据由各校上报，区教委汇总。",
        "1. 毕业生数不含五年制学生",
        "①含成人教育",
        "* 未经审计",
        "单位负责人（签章）：　　　填表人：",
        "2024年1月5日",
        "重庆市开州区教育委员会职业教育与成人教育科二〇二四年一月汇总",
        "Note: as reported by schools, not audited, rounded.",
        "填表人：甲；审核人：乙；2024年1月",
    ],
)
def test_remarks_below_a_table_are_notes(ingested, ask, remark):
    connection = ingested({"就业.csv": f'学校,专业,毕业年份,毕业生数\n5001,710201,2023,50\n\n"{remark}"\n'})
    assert ask(connection, "select row_number, kind from landed.non_data where file = '就业.csv'") == [
        (1, "header"),
        (4, "note"),
    ]


@pytest.mark.parametrize(
    "cell", ["开州职教中心", "1,030", "-5", "开州技工学校;710201;2023;50", "5001|专业|年份", "5001,710201,2023,50"]
)
def test_a_lone_name_number_or_pasted_row_below_a_table_is_not_taken_for_a_note(ingested, ask, cell):
    connection = ingested({"就业.csv": f'学校,专业,毕业年份,毕业生数\n5001,710201,2023,50\n"{cell}"\n'})
    assert ask(connection, "select row_number from quarantine.row") == [(3,)]
