"""Which rows are accepted, which are refused, and in what words."""

import pytest

from pipelines import ingest
from pipelines.contracts import contracts

HEADER = "学校,专业,毕业年份,毕业生数,单位就业,对口就业"


def outcomes(*rows: str) -> dict[str, str]:
    return {"就业.csv": "\n".join([HEADER, *rows]) + "\n"}


def rules(ask, connection):
    return ask(
        connection,
        "select cell, rule, severity from quarantine.finding where row_id is not null order by file, cell, rule",
    )


class TestIdentity:
    """Schools and programs are known by code, name or alias; nothing is guessed."""

    @pytest.mark.parametrize(
        "school",
        ["5003", "重庆（开州）技工学校", "重庆(开州)技工学校", "开州技工学校", " 开州技工\u3000学校 ", "５００３"],
    )
    def test_a_school_by_code_name_or_alias(self, ingested, ask, school):
        connection = ingested(outcomes(f"{school},710201,2023,50,30,20"))
        assert ask(connection, "select school_id from accepted.outcome") == [("5003",)]

    def test_an_unknown_school_is_refused_with_the_nearest_three(self, ingested, ask, messages):
        connection = ingested(outcomes("巨龙职业学校,710201,2023,50,30,20"))
        assert ask(connection, "select count(*) from accepted.outcome") == [(0,)]
        (message,) = messages(connection, "unknown_reference")
        assert message.startswith("就业.csv A2：“学校”写的是“巨龙职业学校”，查不到。请改为学校名录中的一项（是否为：")
        assert "开州区巨龙中等职业技术学校（5002，相似度 96）" in message

    def test_an_alias_of_two_schools_names_none_of_them(self, ingested, messages):
        more = {"更多学校.csv": "学校代码,学校名称,别名\n5009,开州巨龙高级技工学校,巨龙技校\n"}
        connection = ingested(outcomes("巨龙技校,710201,2023,50,30,20") | more)
        assert messages(connection, "ambiguous_reference") == [
            "就业.csv A2：“学校”写的是“巨龙技校”，对应的不止一个。请改写代码：学校名录中的一项"
            "（可能是：开州区巨龙中等职业技术学校（5002）、开州巨龙高级技工学校（5009））。"
        ]

    def test_a_program_name_means_the_newest_edition_that_has_it(self, ingested, ask):
        connection = ingested(
            outcomes("5001,计算机应用,2023,50,30,20", "5001,中餐烹饪与营养膳食,2023,50,30,20", "5001,051300,2023,9,5,2")
        )
        assert ask(connection, "select program_code from accepted.outcome") == [("710201",), ("130700",), ("051300",)]

    def test_a_program_name_of_two_levels_is_refused_as_ambiguous(self, ingested, ask):
        connection = ingested(outcomes("5001,汽车运用与维修,2023,50,30,20"))
        assert rules(ask, connection) == [("B2", "ambiguous_reference", "refuse")]

    def test_an_unknown_program_code_is_refused_with_suggestions(self, ingested, messages):
        connection = ingested(outcomes("5001,710291,2023,50,30,20"))
        assert "计算机应用（710201，相似度 83）" in messages(connection, "unknown_reference")[0]

    def test_a_name_that_a_section_shares_with_a_division_means_the_section(self, ingested, ask):
        connection = ingested({"产业.csv": "地区,年份,行业,增加值\n开州区,2023,教育,5\n开州区,2023,83,6\n"})
        assert ask(connection, "select industry_code from accepted.industry order by all") == [("83",), ("P",)]

    def test_without_a_list_of_schools_every_school_is_unknown(self, ingested, ask):
        connection = ingested(outcomes("5001,710201,2023,50,30,20"), base=False)
        assert [rule for _, rule, _ in rules(ask, connection)] == ["unknown_reference", "unknown_reference"]

    def test_the_packaged_industry_classes_serve_unless_the_input_brings_its_own(self, ingested, ask):
        connection = ingested({"产业.csv": "地区,年份,行业,增加值\n开州区,2023,第一产业,5\n"}, base=False)
        assert ask(connection, "select industry_code from accepted.industry") == [("1",)]
        assert ask(connection, "select status from landed.file where file like 'reference/%'") == [("read",)]
        connection = ingested({})
        assert ask(connection, "select count(*) from landed.file where file like 'reference/%'") == [(0,)]


class TestRows:
    """A wrong row is refused with every reason; the rows beside it go on."""

    def test_more_employed_than_graduates_is_refused(self, ingested, ask, messages):
        connection = ingested(outcomes("5001,710201,2023,50,60,20", "5001,660301,2023,50,30,20"))
        assert ask(connection, "select program_code from accepted.outcome") == [("660301",)]
        assert messages(connection, "employed_within_graduates") == [
            "就业.csv E2：单位就业人数多于毕业生数（单位就业 60，毕业生数 50）。请核对这几个数。"
        ]

    def test_a_row_names_all_its_faults_at_once(self, ingested, ask):
        connection = ingested(outcomes("谁,710201,2023年,五十,-1,x"))
        assert rules(ask, connection) == [
            ("A2", "unknown_reference", "refuse"),
            ("D2", "not_a_number", "refuse"),
            ("E2", "below_minimum", "refuse"),
            ("F2", "not_a_number", "refuse"),
        ]
        assert ask(connection, "select cells->>'graduates', cells->>'school_id' from quarantine.row") == [
            ("五十", "谁")
        ]

    def test_an_empty_required_cell_is_refused(self, ingested, messages):
        connection = ingested(outcomes("5001,,2023,50,30,20"))
        assert messages(connection, "missing") == ["就业.csv B2：“专业代码”没有填。请填写专业目录中的一项。"]

    def test_a_flagged_row_is_accepted(self, ingested, ask):
        connection = ingested({"招生.csv": "学校,专业,招生年度,录取,实际报到\n5001,710201,2023,50,60\n"})
        assert ask(connection, "select registered from accepted.enrollment") == [(60,)]
        assert rules(ask, connection) == [("E2", "registered_within_admitted", "flag")]

    def test_destinations_that_add_up_to_more_than_the_graduates_are_refused(self, ingested, messages):
        text = "学校,专业,毕业年份,毕业生数,单位就业,升学,未就业\n5001,710201,2023,50,30,15,9\n"
        connection = ingested({"就业.csv": text})
        assert messages(connection, "destinations_within_graduates") == [
            "就业.csv D2：各类去向之和多于毕业生数（毕业生数 50，单位就业 30，升学 15，未就业 9）。请核对这几个数。"
        ]

    def test_a_code_of_a_national_catalogue_has_six_digits(self, ingested, messages):
        text = "目录版本,专业代码,专业名称\n2021,7102,电子\n2023,GES-1,Accountancy\n"
        connection = ingested({"更多目录.csv": text})
        assert messages(connection, "national_code_has_six_digits") == [
            "更多目录.csv B2：国家专业目录的代码应为 6 位数字（专业代码 7102）。请核对这几个数。"
        ]

    def test_an_official_catalogue_stands_beside_the_unofficial_one(self, ingested, ask):
        connection = ingested({"官方目录.csv": "目录版本,专业代码,专业名称\n2021,710201,计算机应用\n"})
        standings = ask(connection, "select standing from accepted.program_catalogue where program_code = '710201'")
        assert sorted(standings) == [("官方",), ("非官方整理",)]

    def test_the_successor_of_an_abolished_program_is_refused(self, ingested, ask):
        header = "原目录版本,原专业代码,新目录版本,新专业代码,调整情况,学生占比"
        lines = ["2010,a,2021,b,撤销,", "2010,c,2021,,撤销,", "2010,d,2021,,更名,1", "2010,e,2021,f,拆分,40%"]
        connection = ingested({"对照.csv": "\n".join([header, *lines])})
        kept = ask(connection, "select old_code, share::double from accepted.program_lineage order by 1")
        assert kept == [("c", 1), ("e", 0.4)]


class TestRepeats:
    """An exact repeat is dropped, a contradiction is not decided by the machine."""

    def test_of_exact_repeats_the_first_stays(self, ingested, ask, messages):
        connection = ingested(outcomes(*["5001,710201,2023,50,30,20"] * 3))
        assert ask(connection, "select row_number from accepted.outcome") == [(2,)]
        assert messages(connection, "duplicate_row") == [
            "就业.csv A3：与 就业.csv 第2行 完全重复，只采用前一行。",
            "就业.csv A4：与 就业.csv 第2行 完全重复，只采用前一行。",
        ]

    def test_the_same_row_in_other_spelling_is_a_repeat(self, ingested, ask):
        connection = ingested(outcomes("5001,710201,2023,50,30,20", "开州职教中心,计算机应用,2023届,５０,30人,20"))
        assert rules(ask, connection) == [("A3", "duplicate_row", "refuse")]

    def test_rows_of_one_key_that_differ_are_all_refused(self, ingested, ask, messages):
        connection = ingested(outcomes("5001,710201,2023,50,30,20", "5001,710201,2023,50,31,20"))
        assert ask(connection, "select count(*) from accepted.outcome") == [(0,)]
        assert len(messages(connection, "conflicting_rows")) == 2
        assert "无法判断哪个正确" in messages(connection, "conflicting_rows")[0]

    def test_a_wrong_row_does_not_take_the_right_one_of_the_same_key_with_it(self, ingested, ask):
        connection = ingested(outcomes("5001,710201,2023,50,30,20", "5001,710201,2023,50,60,20"))
        assert ask(connection, "select row_number from accepted.outcome") == [(2,)]

    def test_other_survey_dates_and_definitions_are_other_rows(self, ingested, ask):
        seconds = ["2023-09-01,教育部2021", "2023-12-31,教育部2021", "2023-12-31,市口径"]
        lines = [f"5001,710201,2023,{second},50" for second in seconds]
        connection = ingested({"就业.csv": "\n".join(["学校,专业,毕业年份,统计日期,口径,毕业生数", *lines])})
        assert ask(connection, "select count(*) from accepted.outcome") == [(3,)]

    def test_a_row_repeated_in_another_file_is_told_with_that_file(self, ingested, messages):
        files = {"a.csv": outcomes("5001,710201,2023,50,30,20")["就业.csv"]}
        files["b.csv"] = files["a.csv"] + "5001,660301,2023,50,30,20\n"
        connection = ingested(files)
        assert messages(connection, "duplicate_row") == ["b.csv A2：与 a.csv 第2行 完全重复，只采用前一行。"]


def test_text_from_files_stays_text_in_messages(ingested, messages):
    school = "<script>{expected}'); drop table x;--"
    connection = ingested(outcomes(f"{school},710201,2023,50,30,20"))
    assert f"“{school}”" in messages(connection, "unknown_reference")[0]


def test_accepting_twice_gives_the_same(ingested, ask):
    connection = ingested(outcomes("5001,710201,2023,50,60,20", "5001,660301,2023,50,30,20"))
    tables = ("accepted.outcome", "quarantine.row", "quarantine.outcome", "quarantine.finding")
    before = [ask(connection, f"from {table} order by all") for table in tables]
    ingest.accept(connection, contracts()["outcome"])
    assert [ask(connection, f"from {table} order by all") for table in tables] == before


class TestManyTables:
    """Texts are read once, whatever table they stand in, but with the unit and the percents of their own table."""

    def test_the_same_text_means_more_where_the_header_says_so(self, ingested, ask):
        files = {
            "a.csv": "学校,专业,毕业年份,毕业生数,就业率\n5001,710201,2023,3,0.9\n5001,660301,2023,5,\n",
            "b.csv": "学校,专业,毕业年份,毕业生数（百人）,就业率\n5001,710201,2022,3,90\n5001,660301,2022,5,0.9%\n",
            "c.csv": "学校,专业,毕业年份\n5001,710201,2021\n",
        }
        rows = ask(
            ingested(files),
            "select cohort_year, program_code, graduates, published_placement_rate::double from accepted.outcome"
            " order by all",
        )
        assert rows == [
            (2021, "710201", None, None),
            (2022, "660301", 500, 0.009),
            (2022, "710201", 300, 0.9),
            (2023, "660301", 5, None),
            (2023, "710201", 3, 0.9),
        ]

    def test_rows_stay_in_the_order_of_the_files(self, ingested, ask):
        lines = [f"5001,{code},{year},50,30,20" for code in ("710201", "660301", "740201") for year in (2020, 2021)]
        connection = ingested(outcomes(*lines, lines[0]))
        assert ask(connection, "select row_number from accepted.outcome") == [(row,) for row in range(2, 8)]
