"""Schools and programs by the names that people write: what is certain, what is only alike, what was decided once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.names import Entry, Register

SCHOOLS = Register(
    "school",
    tuple(
        Entry(code, name, spelling)
        for code, name, *others in [
            ("5001", "重庆市开州区职业教育中心", "开职中心"),
            ("5002", "开州区巨龙中等职业技术学校", "巨龙技校"),
            ("5003", "重庆（开州）技工学校"),
            ("5004", "开州区临江旅游职业高级中学（开州区旅游学校）"),
            ("5005", "重庆市开州区第一职业高级中学"),
            ("5006", "重庆市开州区第二职业高级中学"),
        ]
        for spelling in (name, *others)
    ),
)
PROGRAMS = Register(
    "program_catalogue",
    tuple(
        Entry(code, name, name)
        for code, name in [("710201", "计算机应用"), ("740201", "中餐烹饪"), ("130700", "中餐烹饪与营养膳食")]
    ),
)
HEADER = "学校,专业,毕业年份,毕业生数,单位就业,对口就业"
ALIASES = "种类,原文写法,认定代码,认定人,认定日期,认定理由"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("开州区职教中心", "5001"),
        ("重庆市开州职业教育中心（公章）", "5001"),
        ("ＫＡＩ", None),
        ("巨龙中等职业技术学校", "5002"),
        ("重庆开州技校", "5003"),
        ("重庆 ( 开州 ) 技校", "5003"),
        ("临江旅游职高", "5004"),
        ("开州区第二职业高中", "5006"),
        ("5001 开州职教中心", "5001"),
        ("5001-重庆市开州区职业教育中心", "5001"),
        ("重庆开州技校（５００３）", "5003"),
    ],
)
def test_short_forms_remarks_places_and_codes_beside_names_are_certain(text: str, code: str | None) -> None:
    assert SCHOOLS.certain(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "职教中心",  # which district's?
        "万州区职教中心",
        "重庆市职业教育中心",
        "巨龙职校",
        "巨笼中等职业技术学校",
        "第三职业高级中学",
        "职业高级中学",
        "5001开州区巨龙中等职业技术学校",  # the code says one school, the name another
        "巨龙中等职业技术学校（东校区）",
        "学校",
        "",
    ],
)
def test_what_is_merely_alike_is_not_certain(text: str) -> None:
    assert SCHOOLS.certain(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("中餐烹饪专业", "740201"),
        ("710201计算机应用", "710201"),
        ("计算机应用(710201)", "710201"),
        ("710201 中餐烹饪", None),
        ("烹饪", None),
    ],
)
def test_programs_by_code_and_name_in_one_cell(text: str, code: str | None) -> None:
    assert PROGRAMS.certain(text) == code


@settings(max_examples=200)
@given(st.text("重庆市开州区职业教育中心巨龙等技术学校工第一二高级（）() 5001-２", max_size=14))
def test_a_certain_name_is_certain_of_one_school_however_it_is_written(text: str) -> None:
    found = SCHOOLS.certain(text)
    assert found == SCHOOLS.certain(f" {text}　")
    assert found is None or found in {entry.code for entry in SCHOOLS.entries}


def test_suggestions_are_three_at_most_best_first_and_below_certainty() -> None:
    suggested = SCHOOLS.suggest(["第三职业高级中学"])["第三职业高级中学"]
    assert len(suggested) == 3
    assert {suggestion.code for suggestion in suggested[:2]} == {"5005", "5006"}
    assert [s.score for s in suggested] == sorted((s.score for s in suggested), reverse=True)
    assert suggested[0].score < 100
    assert SCHOOLS.suggest(["蓬莱仙岛"]) == {"蓬莱仙岛": []}


def outcomes(*rows: str) -> dict[str, str]:
    return {"就业.csv": "\n".join([HEADER, *rows]) + "\n"}


def test_a_short_form_is_accepted_and_noted_once(ingested, ask, messages) -> None:
    connection = ingested(
        outcomes("开州区职教中心（公章）,710201,2023,50,30,20", "开州区职教中心（公章）,740201专业,2023,50,30,20")
    )
    assert ask(connection, "select distinct school_id from accepted.outcome") == [("5001",)]
    assert messages(connection, "recognised_name")[0] == (
        "就业.csv A2：“学校”写的是“开州区职教中心（公章）”，简称、括注等归一后只与 重庆市开州区职业教育中心（5001）"
        " 相同，按此采用。"
    )


def test_suggestions_are_kept_as_a_table_with_name_code_and_score(ingested, ask) -> None:
    connection = ingested(outcomes("巨龙职业学校,710291,2023,50,30,20"))
    assert ask(
        connection, "select column_name, found, code, name, score from quarantine.suggestion where place = 1"
    ) == [
        ("school_id", "巨龙职业学校", "5002", "开州区巨龙中等职业技术学校", 96),
        ("program_code", "710291", "710201", "计算机应用", 83),
    ]


def test_an_old_code_that_only_the_lineage_knows_is_known(ingested, ask) -> None:
    lineage = "原目录版本,原专业代码,新目录版本,新专业代码,调整情况,学生占比\n2000,0708,2021,710201,更名,1\n"
    connection = ingested(outcomes("5001,0708,2003,50,30,20") | {"对照.csv": lineage})
    assert ask(connection, "select program_code from accepted.outcome") == [("0708",)]


class TestDecisions:
    """What the analyst decided once about a spelling holds for every file."""

    def test_a_decided_spelling_is_taken_for_schools_and_programs(self, ingested, ask) -> None:
        decisions = [
            "学校,巨龙职业学校,5002,区教委（虚构）,2025-01-10,简称",
            "专业,烹饪,740201,区教委（虚构）,2025-01-10,旧简称",
        ]
        connection = ingested(
            outcomes(" 巨龙 职业学校,烹饪,2023,50,30,20") | {"别名.csv": "\n".join([ALIASES, *decisions])}
        )
        assert ask(connection, "select school_id, program_code from accepted.outcome") == [("5002", "740201")]

    def test_a_decision_tells_which_of_two_schools_a_shared_name_means(self, ingested, ask) -> None:
        more = {"更多学校.csv": "学校代码,学校名称,别名\n5009,开州巨龙高级技工学校,巨龙技校\n"}
        decision = f"{ALIASES}\n学校,巨龙技校,5009,区教委（虚构）,2025-01-10,该校报送\n"
        connection = ingested(outcomes("巨龙技校,710201,2023,50,30,20") | more | {"别名.csv": decision})
        assert ask(connection, "select school_id from accepted.outcome") == [("5009",)]

    def test_an_alias_for_an_unknown_code_is_refused_with_suggestions(self, ingested, messages) -> None:
        decision = f"{ALIASES}\n学校,巨龙职业学校,5022,区教委（虚构）,2025-01-10,简称\n"
        connection = ingested({"别名.csv": decision})
        (message,) = messages(connection, "unknown_reference")
        assert message.startswith(
            "别名.csv C2：“认定代码”写的是“5022”，查不到。请改为学校名录或专业目录中的一项（是否为："
        )
        assert "开州区巨龙中等职业技术学校（5002，相似度 75）" in message

    def test_a_program_is_no_school(self, ingested, ask) -> None:
        decision = f"{ALIASES}\n学校,巨龙职业学校,710201,区教委（虚构）,2025-01-10,简称\n"
        connection = ingested({"别名.csv": decision})
        assert ask(connection, "select cell, rule from quarantine.finding") == [("C2", "unknown_reference")]

    def test_an_alias_may_not_contradict_the_name_of_another_school(self, ingested, messages) -> None:
        decision = f"{ALIASES}\n学校,开州职教中心,5002,区教委（虚构）,2025-01-10,简称\n"
        connection = ingested({"别名.csv": decision})
        assert messages(connection, "contradicting_name") == [
            "别名.csv B2：“原文写法”写的是“开州职教中心”，它已有别的含义，或另一条别名把它认定为别的代码"
            "（现为：重庆市开州区职业教育中心（5001））。请核对后只保留正确的一条。"
        ]

    def test_two_aliases_that_contradict_each_other_are_both_refused(self, ingested, ask) -> None:
        decisions = [
            "学校,巨龙职业学校,5002,区教委（虚构）,2025-01-10,简称",
            "学校,巨龙 职业学校,5003,区教委（虚构）,2025-01-11,另一种看法",
        ]
        connection = ingested(
            outcomes("巨龙职业学校,710201,2023,50,30,20") | {"别名.csv": "\n".join([ALIASES, *decisions])}
        )
        assert ask(connection, "select count(*) from accepted.alias") == [(0,)]
        assert ask(connection, "select cell, rule from quarantine.finding where file = '别名.csv' order by 1") == [
            ("B2", "contradicting_name"),
            ("B3", "contradicting_name"),
        ]
        assert ask(connection, "select count(*) from accepted.outcome") == [(0,)]

    @pytest.mark.parametrize("line", ["学校,巨龙职业学校,5002,,2025-01-10,简称", "学校,巨龙职业学校,5002,区教委,,简称"])
    def test_a_decision_says_by_whom_and_when(self, ingested, ask, line: str) -> None:
        connection = ingested({"别名.csv": f"{ALIASES}\n{line}\n"})
        assert ask(connection, "select rule from quarantine.finding") == [("missing",)]


def test_a_code_and_a_name_that_contradict_each_other_are_both_looked_up(ingested, messages):
    text = f"{HEADER}\n5001,660301 计算机应用,2023,50,40,30\n5001,660301 烹调,2023,50,40,30\n"
    connection = ingested({"就业.csv": text})
    assert messages(connection, "code_contradicts_name") == [
        "就业.csv B2：“专业代码”写的是“660301 计算机应用”，代码和名称说的不是同一项"
        "（查到的是：机电技术应用（660301）、计算机应用（710201））。请改正其中一个。",
        "就业.csv B3：“专业代码”写的是“660301 烹调”，代码和名称说的不是同一项"
        "（查到的是：机电技术应用（660301））。请改正其中一个。",
    ]


def test_of_equally_likely_programs_the_current_catalogue_is_suggested_first(ingested, ask):
    connection = ingested({"就业.csv": f"{HEADER}\n5001,机电,2023,50,40,30\n"})
    assert ask(connection, "select place, code, score from quarantine.suggestion order by 1 limit 2") == [
        (1, "660301", 50),
        (2, "051300", 50),
    ]
