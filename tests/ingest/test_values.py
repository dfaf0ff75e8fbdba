"""What the cells of real files mean, one spelling per line."""

import datetime as dt

import pytest

REST = "开州职教中心,710201"
COUNTS = {
    "40": 40,
    "４０": 40,
    "1,030": 1030,
    "1 030": 1030,
    "350人": 350,
    "1.2万人": 12000,
    "12*": 12,
    "12①": 12,
    "40.0": 40,
    "0": 0,
    "+7": 7,
    "１，０３０": 1030,
    "1\u2009030": 1030,
    "1\u00a0030 人": 1030,
    "350名": 350,
    "3百人": 300,
    "1.5 万": 15000,
    "12（注1）": 12,
    "12[2]": 12,
    "12²": 12,
    "12†‡": 12,
    "12 ** ①": 12,
}
MISSING = [
    *("", "—", "——", "–", "…", "……", "...", "/", "／", "-", "－", "－－", "无", "空", "(空白)", "　"),
    *("na", "NA", "N.A.", "n/a", "Ｎ／Ａ", "ns", "NS", "n.s.", "*", "＊", "**", "＊＊", "***", "#N/A", "NULL", "不详"),
]
WAGES = {
    "3500": 3500,
    "3,500元": 3500,
    "0.35万元": 3500,
    "¥3500": 3500,
    "3.5千元/月": 3500,
    "3500.50": 3500.5,
    "３，５００": 3500,
    "3500 元/月": 3500,
    "3500元/人·月": 3500,
    "3.5千元": 3500,
    "RMB 3500": 3500,
    "人民币3500元": 3500,
}
DATES = {
    "2024-12-31": dt.date(2024, 12, 31),
    "2024/1/5": dt.date(2024, 1, 5),
    "2024.9.1": dt.date(2024, 9, 1),
    "20240901": dt.date(2024, 9, 1),
    "2024年9月1日": dt.date(2024, 9, 1),
    "二〇二四年9月1日": dt.date(2024, 9, 1),
    "2024年09月01号": dt.date(2024, 9, 1),
    "二〇二四年九月一日": dt.date(2024, 9, 1),
    "二○二四年十二月三十一日": dt.date(2024, 12, 31),
    "二零二四年十月二十日": dt.date(2024, 10, 20),
    "２０２４－９－１": dt.date(2024, 9, 1),
    "2024 9 1": dt.date(2024, 9, 1),
    "2024、9、1": dt.date(2024, 9, 1),
    "2024年9月1日（星期日）": dt.date(2024, 9, 1),
    "2024年9月1日 星期日 8时30分": dt.date(2024, 9, 1),
    "2024-09-01T08:30:00Z": dt.date(2024, 9, 1),
    "1 Sep 2024": dt.date(2024, 9, 1),
    "1-Sep-2024": dt.date(2024, 9, 1),
    "September 1st 2024": dt.date(2024, 9, 1),
    "Sept. 1 2024": dt.date(2024, 9, 1),
    "45657": dt.date(2024, 12, 31),
    "45657.75": dt.date(2024, 12, 31),
    "2024-12-31 00:00:00": dt.date(2024, 12, 31),
}
YEARS = {
    "2023": 2023,
    "２０２３": 2023,
    "2023年": 2023,
    "2023届": 2023,
    "2023届毕业生": 2023,
    "二〇二三年": 2023,
    "二零二三": 2023,
    "2022-2023学年": 2023,
    "2022—2023学年度": 2023,
    "2022/2023": 2023,
    "2023.0": 2023,
    "2023-06-30": 2023,
    "2023年6月": 2023,
    "二○二三届": 2023,
    "2023年毕业": 2023,
    "2023*": 2023,
    "2022－2023学年": 2023,
    "2022-23学年": 2023,
    "二〇二二—二〇二三学年": 2023,
    "2022～2023学年第二学期": 2023,
    "2022至2023学年度": 2023,
}
PERIODS = {
    "2024": "2024",
    "2024年": "2024",
    "2024Q3": "2024Q3",
    "2024年三季度": "2024Q3",
    "2024年第三季度": "2024Q3",
    "2024年第3季度": "2024Q3",
    "2024-Q3": "2024Q3",
    "２０２４年三季度": "2024Q3",
    "2024年7-9月": "2024Q3",
    "2024年10—12月份": "2024Q4",
    "2024.1-3月": "2024Q1",
}


def read(ingested, ask, header: str, lines: list[str], column: str, table: str = "outcome"):
    """The accepted values of one column by row number, in order."""
    text = "\n".join([header, *lines]) + "\n"
    connection = ingested({"数据.csv": text})
    rows = ask(connection, f'select row_number, "{column}" from accepted.{table} where file = ? order by 1', "数据.csv")
    return dict(rows), connection


def outcome_lines(cells: list[str]) -> list[str]:
    """One row per cell, each with a year of its own so that no two share a key."""
    return [f'{REST},{2000 + place},"{cell}"' for place, cell in enumerate(cells)]


def test_counts_are_read_as_people_write_them(ingested, ask):
    values, _ = read(ingested, ask, "学校,专业,毕业年份,毕业生数", outcome_lines(list(COUNTS)), "graduates")
    assert values == dict(enumerate(COUNTS.values(), start=2))


def test_markers_of_missing_are_not_zero(ingested, ask):
    values, _ = read(ingested, ask, "学校,专业,毕业年份,毕业生数", outcome_lines([*MISSING, "0"]), "graduates")
    assert values == dict.fromkeys(range(2, len(MISSING) + 2)) | {len(MISSING) + 2: 0}


NOT_COUNTS = {
    "十二": "not_a_number",
    "1,2": "not_a_number",
    "12,34": "not_a_number",
    "约300": "not_a_number",
    "1e400": "not_a_number",
    "9" * 40: "not_a_number",
    "=1+1": "not_a_number",
    "350元": "not_a_number",
    "12.5": "not_whole",
    "-3": "below_minimum",
    "－3": "below_minimum",
}


def test_what_is_not_a_count_is_refused_with_its_cell(ingested, ask):
    values, connection = read(
        ingested, ask, "学校,专业,毕业年份,毕业生数", outcome_lines(list(NOT_COUNTS)), "graduates"
    )
    assert values == {}
    assert ask(
        connection,
        "select found, rule, cell, column_name from quarantine.finding join quarantine.row using (row_id)"
        " order by row_number",
    ) == [(cell, rule, f"D{row}", "graduates") for row, (cell, rule) in enumerate(NOT_COUNTS.items(), start=2)]


def test_wages_are_read_with_their_unit(ingested, ask):
    values, _ = read(ingested, ask, "学校,专业,毕业年份,月薪中位数", outcome_lines(list(WAGES)), "median_monthly_wage")
    assert values == dict(enumerate(WAGES.values(), start=2))


@pytest.mark.parametrize(
    ("header", "cell", "expected"),
    [
        ("增加值（元）", "614.33", 614.33),
        ("增加值（千元）", "614.33", 614_330),
        ("增加值(百万元)", "614.33", 614_330_000),
        ("增加值\n（亿元）", "614.33", 61_433_000_000),
        ("增加值【亿元】", "6,143.3", 614_330_000_000),
        ("增加值（亿元）", "—", None),
        ("增加值（亿元）", "0", 0),
        ("增加值(亿元)", "614.33", 61_433_000_000),
        ("增加值（万元）", "614.33", 6_143_300),
        ("增加值/亿元", "614.33", 61_433_000_000),
        ("增加值（单位：亿元）", "614.33", 61_433_000_000),
        ("增加值", "614.33亿元", 61_433_000_000),
        ("增加值", "614.33亿", 61_433_000_000),
        ("增加值(亿元)", "5000万元", 50_000_000),
        ("增加值", "614.33", 614.33),
    ],
)
def test_the_unit_of_an_amount_is_the_cells_or_else_the_headers(ingested, ask, header, cell, expected):
    values, _ = read(
        ingested, ask, f'地区,年份,产业,"{header}"', [f'开州区,2023,第一产业,"{cell}"'], "value_added", "industry"
    )
    assert values == {2: expected}


@pytest.mark.parametrize(
    ("header", "cell", "expected"),
    [
        ("月薪中位数(元/月)", "4500", 4500),
        ("月薪中位数（千元/月）", "4.5", 4500),
        ("月薪中位数（万元/月）", "0.45", 4500),
        ("月薪中位数（单位：元）", "4,500", 4500),
        ("月薪中位数", "4.5千元/月", 4500),
    ],
)
def test_wages_per_month_in_every_unit(ingested, ask, header, cell, expected):
    lines = [f'{REST},2023,"{cell}"']
    values, _ = read(ingested, ask, f"学校,专业,毕业年份,{header}", lines, "median_monthly_wage")
    assert values == {2: expected}


def test_a_wage_per_year_is_not_taken_for_one_per_month(ingested, ask):
    values, _ = read(ingested, ask, "学校,专业,毕业年份,月薪中位数", [f"{REST},2023,6万元/年"], "median_monthly_wage")
    assert values == {}


@pytest.mark.parametrize(
    ("header", "cell", "expected"),
    [
        ("毕业生数（人）", "350", 350),
        ("毕业生数/人", "350", 350),
        ("毕业生数（万人）", "0.035", 350),
        ("毕业生数（百人）", "3.5", 350),
        ("毕业生数（万人）", "350人", 350),
        ("毕业生数", "0.035万人", 350),
    ],
)
def test_the_unit_of_a_count_is_the_cells_or_else_the_headers(ingested, ask, header, cell, expected):
    values, _ = read(ingested, ask, f"学校,专业,毕业年份,{header}", [f"{REST},2023,{cell}"], "graduates")
    assert values == {2: expected}


@pytest.mark.parametrize("mark", ["*", "＊", "①", " ②", "[1]", "［注］", "（注1）", "²", "†", "#", "※", " * ①"])
def test_footnote_marks_on_names_are_no_part_of_them(ingested, ask, mark):
    values, _ = read(
        ingested, ask, "学校,专业,毕业年份,毕业生数", [f"开州职教中心{mark},★计算机应用{mark},2023,50"], "program_code"
    )
    assert values == {2: "710201"}
    register = {"学校.csv": f"学校代码,学校名称\n5009,第九中学{mark}\n"}
    assert ask(ingested(register), "select name from accepted.school where school_id = '5009'") == [("第九中学",)]


def test_a_sharp_that_belongs_to_a_name_stays(ingested, ask):
    lines = ["开州区,2024,6-01,C#,5", "开州区,2024,6-02,厨师#,5"]
    values, _ = read(ingested, ask, "地区,季度,职业代码,职业,岗位需求", lines, "occupation_name", "labour_market")
    assert values == {2: "C#", 3: "厨师"}


def test_a_unit_of_another_kind_is_not_taken_for_the_column(ingested, ask):
    values, connection = read(
        ingested,
        ask,
        "地区,年份,产业,增加值(%),从业人员(亿元)",
        ["开州区,2023,第一产业,5.2,3"],
        "value_added",
        "industry",
    )
    assert values == {2: None}
    assert ask(connection, "select found from quarantine.finding where rule = 'unknown_column' order by 1") == [
        ("从业人员(亿元)",),
        ("增加值(%)",),
    ]


def test_dates_are_read_in_a_dozen_spellings(ingested, ask):
    lines = [f"{REST},{2000 + place},{cell}" for place, cell in enumerate(DATES)]
    values, _ = read(ingested, ask, "学校,专业,毕业年份,统计日期", lines, "survey_date")
    assert values == dict(enumerate(DATES.values(), start=2))


def test_what_is_not_a_date_is_refused(ingested, ask, messages):
    cells = ["2024-02-30", "12/31/2024", "去年", "2024年", "24-12-31", "2024-13-01", "Smarch 1 2024", "2024年12月"]
    lines = [f"{REST},{2020 + place},{cell}" for place, cell in enumerate(cells)]
    values, connection = read(ingested, ask, "学校,专业,毕业年份,统计日期", lines, "survey_date")
    assert values == {}
    assert messages(connection, "not_a_date")[0] == (
        "数据.csv D2：“统计日期”写的是“2024-02-30”，不是日期。请改为日期（如 2024-12-31）。"
    )
    assert len(messages(connection, "not_a_date")) == len(cells)


def test_cohort_years_are_read_in_all_spellings(ingested, ask):
    lines = [f"{REST},{cell},2024-01-{day:02d}" for day, cell in enumerate(YEARS, start=1)]
    values, _ = read(ingested, ask, "学校,专业,毕业年份,统计日期", lines, "cohort_year")
    assert values == dict(enumerate(YEARS.values(), start=2))


def test_what_is_not_a_cohort_year_is_refused(ingested, ask):
    cells = ["23届", "2023级", "2021-2023学年", "2023-2023学年", "2023学年", "1999", "2101", "明年", "45107"]
    values, _ = read(
        ingested, ask, "学校,专业,毕业年份,毕业生数", [f"{REST},{cell},5" for cell in cells], "cohort_year"
    )
    assert values == {}


def test_the_intake_of_a_school_year_belongs_to_the_year_in_which_it_starts(ingested, ask):
    cells = ["2023-2024学年", "2022级", "2021学年", "2020-21学年", "二〇一九级新生", "2018"]
    lines = [f"{REST},{cell},50" for cell in cells]
    values, _ = read(ingested, ask, "学校,专业,学年,招生计划", lines, "year", "enrollment")
    assert list(values.values()) == [2023, 2022, 2021, 2020, 2019, 2018]


def test_periods_are_years_or_quarters(ingested, ask):
    lines = [f"区{place},{cell},6-01,厨师,5" for place, cell in enumerate(PERIODS)]
    values, _ = read(ingested, ask, "地区,季度,职业代码,职业（工种）,岗位需求", lines, "period", "labour_market")
    assert values == dict(enumerate(PERIODS.values(), start=2))


def test_a_text_with_characters_that_do_not_decode_is_refused(ingested, ask):
    values, connection = read(
        ingested, ask, "地区,季度,职业代码,职业（工种）", ["开州区,2024,6-01,厨\ufffd"], "period", "labour_market"
    )
    assert values == {}
    assert ask(connection, "select rule, cell from quarantine.finding where row_id is not null") == [("garbled", "D2")]


def test_choices_are_known_by_their_labels(ingested, ask):
    lines = ["专业-行业,710201,C,60%,甲", "program_industry,660301,C,0.5,甲", "专业-学校,1,2,1,甲"]
    values, connection = read(ingested, ask, "关系,来源代码,去向代码,权重,版本", lines, "relation", "crosswalk")
    assert values == {2: "program_industry", 3: "program_industry"}
    assert ask(connection, "select rule, expected_zh from quarantine.finding where cell = 'A4'") == [
        ("not_a_choice", "以下之一：program_occupation、occupation_industry、program_industry")
    ]


class TestRates:
    """A bare number in a column of rates is a percentage or a fraction, never a guess."""

    HEADER = "学校,专业,毕业年份,就业率"

    def rates(self, ingested, ask, cells, header=HEADER):
        return read(ingested, ask, header, outcome_lines(cells), "published_placement_rate")

    def test_signs_say_what_they_mean(self, ingested, ask):
        values, _ = self.rates(ingested, ask, ["92.5%", "92.5％", "９２．５ ％", "925‰", "0.925", "1", "0"])
        assert [float(value) for value in values.values()] == [0.925, 0.925, 0.925, 0.925, 0.925, 1, 0]

    def test_bare_numbers_above_one_make_the_column_percentages(self, ingested, ask):
        values, _ = self.rates(ingested, ask, ["92.5", "100", "0", "88%"])
        assert [float(value) for value in values.values()] == [0.925, 1, 0, 0.88]

    def test_a_bare_fraction_among_percentages_is_refused_as_ambiguous(self, ingested, ask, messages):
        values, connection = self.rates(ingested, ask, ["92.5", "0.9", "1"])
        assert [float(value) for value in values.values()] == [0.925]
        assert len(messages(connection, "ambiguous_rate")) == 2
        assert "数据.csv D3：" in messages(connection, "ambiguous_rate")[0]

    def test_a_percent_sign_in_the_header_counts_for_the_column(self, ingested, ask, messages):
        values, connection = self.rates(ingested, ask, ["92.5", "0.5", "0"], "学校,专业,毕业年份,就业率（%）")
        assert [float(value) for value in values.values()] == [0.925, 0]
        assert len(messages(connection, "ambiguous_rate")) == 1

    @pytest.mark.parametrize("header", ["就业率(‰)", "就业率‰", "就业率（单位：‰）"])
    def test_a_header_per_thousand(self, ingested, ask, header):
        values, _ = self.rates(ingested, ask, ["925", "—"], f"学校,专业,毕业年份,{header}")
        assert [value and float(value) for value in values.values()] == [0.925, None]

    def test_more_than_all_is_refused(self, ingested, ask, messages):
        values, connection = self.rates(ingested, ask, ["105%", "95%"])
        assert [float(value) for value in values.values()] == [0.95]
        assert messages(connection, "above_maximum") == [
            "数据.csv D2：“毕业去向落实率”写的是“105%”，超过允许的最大值。请改为0% 至 100% 之间的百分数（如 92.5%）。"
        ]
