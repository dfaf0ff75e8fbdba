"""Rules of the field: what is asked about, in which words, and that both readings of a rule agree."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import ingest, share_rounding
from pipelines.expectations import run_rules
from pipelines.field_rules import FieldRule, FieldRules, field_rules
from pipelines.field_rules.comparing import compare, unrefused
from pipelines.warehouse.statements import create, statements

HEADER = "学校,专业,毕业年份,毕业生数,单位就业,自主创业,灵活就业,升学,参军入伍,对口就业,月薪中位数"
LINEAGE = "原目录版本,原专业代码,新目录版本,新专业代码,调整情况,学生占比\n2010,090100,2021,710201,更名,1\n"


def with_lineage(connection):
    """The core tables that the rules follow old program codes by."""
    share_rounding.build(connection)
    for statement in statements():
        if statement.table in ("core.program", "core.program_lineage"):
            create(connection, statement)
    return connection


@pytest.fixture
def compared(ingested):
    """Ingests outcomes (lines below HEADER) and other files, and compares them."""

    def run(*outcomes: str, **files: str):
        texts = {f"{name}.csv": text for name, text in files.items()}
        connection = with_lineage(
            ingested({"就业.csv": "\n".join([HEADER, *outcomes]) + "\n", "沿革.csv": LINEAGE} | texts)
        )
        compare(connection)
        return connection

    return run


def asked(connection, rule: str) -> list[tuple]:
    return connection.execute(
        "select file, cell, severity from quarantine.finding where rule = ? order by all", [rule]
    ).fetchall()


def enrolled(*rows: str) -> str:
    return "\n".join(["学校,专业,年度,实际报到", *rows]) + "\n"


class TestGraduatesAgainstIntake:
    def test_more_graduates_than_entered_three_years_before(self, compared, messages):
        connection = compared("5001,710201,2023,60,40,0,0,10,0,30,", 招生=enrolled("5001,710201,2020,50"))
        assert messages(connection, "graduates_against_intake") == [
            "就业.csv D2：毕业生 60 人，而 2020 年入学报到 50 人，毕业生为入学的 120.0 %（一般为 50.0 % 至 110.0 %）。"
            "请核对年份、专业和人数，或说明原因。"
        ]

    def test_students_who_entered_under_the_old_code_are_found(self, compared):
        entered = enrolled("5001,090100,2020,100")
        connection = compared("5001,710201,2023,40,30,0,0,10,0,30,", 招生=entered)
        assert asked(connection, "graduates_against_intake") == [("就业.csv", "D2", "flag")]

    @pytest.mark.parametrize(("graduates", "entered"), [(55, 50), (25, 50), (50, 9)])
    def test_what_is_usual_or_too_small_is_not_asked_about(self, compared, graduates, entered):
        lines = enrolled(f"5001,710201,2020,{entered}")
        connection = compared(f"5001,710201,2023,{graduates},10,0,0,10,0,5,", 招生=lines)
        assert asked(connection, "graduates_against_intake") == []

    def test_a_year_without_enrollment_is_not_asked_about(self, compared):
        connection = compared("5001,710201,2023,60,40,0,0,10,0,30,", 招生=enrolled("5001,710201,2021,50"))
        assert asked(connection, "graduates_against_intake") == []


class TestRates:
    @pytest.mark.parametrize(("employed", "cells"), [(20, ["E2"]), (0, ["E2"]), (19, [])])
    def test_all_or_none_of_ten_and_more(self, compared, employed, cells):
        matched = min(employed, 7)
        connection = compared(f"5001,710201,2023,50,{employed},0,0,29,1,{matched},")
        assert [cell for _, cell, _ in asked(connection, "all_or_none") if cell == "E2"] == cells

    def test_all_of_nine_is_nothing_special(self, compared):
        assert asked(compared("5001,710201,2023,9,9,0,0,0,0,9,"), "all_or_none") == []

    def test_the_same_rate_in_three_of_four_programs(self, compared):
        lines = [f"5001,{code},2023,50,30,0,0,10,0,{matched}," for code, matched in
                 (("710201", 11), ("660301", 12), ("740201", 13))]  # fmt: skip
        connection = compared(*lines, "5001,700206,2023,50,31,0,0,10,0,14,")
        assert [cell for _, cell, _ in asked(connection, "same_rate_in_programs")] == [
            "D2",
            "D3",
            "D4",
            "E2",
            "E3",
            "E4",
        ]

    def test_the_same_rate_in_two_programs_is_chance(self, compared):
        lines = ["5001,710201,2023,50,30,0,0,10,0,11,", "5001,660301,2023,50,30,0,0,10,0,12,"]
        assert asked(compared(*lines), "same_rate_in_programs") == []

    def test_a_rate_copied_without_counts(self, ingested, messages):
        lines = [f"5001,{code},2023,96.5%" for code in ("710201", "660301", "740201")]
        connection = with_lineage(ingested({"就业.csv": "\n".join(["学校,专业,毕业年份,就业率", *lines]) + "\n"}))
        compare(connection)
        assert messages(connection, "same_rate_in_programs")[0] == (
            "就业.csv D2：本校 2023 届有 3 个专业的毕业去向落实率都是 96.5 %。请分专业填报。"
        )

    def test_a_jump_of_more_than_thirty_points(self, compared, messages):
        connection = compared("5001,710201,2022,50,45,0,0,0,0,30,", "5001,710201,2023,50,29,0,0,0,0,20,")
        assert messages(connection, "rate_jump") == [
            "就业.csv D3：毕业去向落实率为 58.0 %，2022 届为 90.0 %，相差 -32.0 个百分点。请核对两年的口径和人数。",
            "就业.csv E3：直接就业率为 58.0 %，2022 届为 90.0 %，相差 -32.0 个百分点。请核对两年的口径和人数。",
        ]

    def test_a_jump_of_exactly_thirty_points_is_not_over_thirty(self, compared):
        connection = compared("5001,710201,2022,50,45,0,0,0,0,30,", "5001,710201,2023,50,30,0,0,0,0,20,")
        assert asked(connection, "rate_jump") == []

    def test_a_jump_over_a_missing_year_is_no_jump(self, compared):
        connection = compared("5001,710201,2021,50,45,0,0,0,0,30,", "5001,710201,2023,50,10,0,0,0,0,5,")
        assert asked(connection, "rate_jump") == []

    def test_a_yearly_wage_given_as_a_monthly_one(self, compared, messages):
        lines = ["5001,710201,2022,50,45,0,0,0,0,30,4000", "5001,710201,2023,50,44,0,0,0,0,20,50000"]
        assert messages(compared(*lines), "wage_jump") == [
            "就业.csv K3：月薪中位数为 50,000 元，2022 届为 4,000 元，变动 1150.0 %。请核对单位。"
        ]


class TestIndustry:
    def test_a_wrong_unit_shows_as_a_jump(self, compared, messages):
        text = "地区,年份,行业,增加值（亿元）\n某区,2022,1,84.35\n某区,2023,1,8.5\n"
        assert messages(compared(产业=text), "amount_jump") == [
            "产业.csv D3：增加值为 850,000,000，2022 年为 8,435,000,000，变动 -89.9 %。请核对单位和口径。"
        ]

    def test_divisions_that_do_not_add_up_to_their_section(self, compared, messages):
        text = "地区,年份,行业,从业人员\n某区,2023,P,1000\n某区,2023,83,900\n"
        assert messages(compared(产业=text), "parts_add_up") == [
            "产业.csv D2：从业人员为 1,000，所属 1 个大类之和为 900，是合计的 90.0 %。请核对。"
        ]


def refusing(name: str) -> FieldRules:
    rules = field_rules()
    strict = tuple(
        FieldRule.model_validate(rule.model_dump() | {"severity": "refuse"}) if rule.name == name else rule
        for rule in rules.rules
    )
    return FieldRules(relations=rules.relations, rules=strict)


class TestSeverity:
    LINES = ("5001,710201,2022,50,45,0,0,0,0,30,", "5001,710201,2023,50,20,0,0,0,0,10,")

    def test_a_flag_changes_nothing_that_is_accepted(self, compared, ask):
        connection = compared(*self.LINES)
        assert asked(connection, "rate_jump")
        assert ask(connection, "select count(*) from accepted.outcome") == [(2,)]

    def test_a_refusing_rule_moves_the_row_and_the_account_still_holds(self, compared, ask):
        connection = compared(*self.LINES)
        compare(connection, refusing("rate_jump"))
        assert ask(connection, "select cohort_year from accepted.outcome") == [(2022,)]
        assert ask(connection, "select cells->>'employed' from quarantine.row where contract = 'outcome'") == [("20",)]
        ingest.account(connection)
        assert ask(
            connection, "from landed.account where landed <> accepted + quarantined + superseded + non_data"
        ) == []  # fmt: skip
        assert set(unrefused(connection).values()) == {0}

    def test_evaluating_twice_gives_the_same_and_undoes_what_no_longer_holds(self, compared, ask):
        connection = compared(*self.LINES)
        tables = ("accepted.outcome", "quarantine.row", "quarantine.outcome", "quarantine.finding", "checks.field_rule")
        before = [ask(connection, f"from {table} order by all") for table in tables]
        for rules in (refusing("rate_jump"), refusing("rate_jump"), None):
            compare(connection, rules)
        assert [ask(connection, f"from {table} order by all") for table in tables] == before


@settings(max_examples=4)
@given(seed=st.integers(0, 2**32 - 1))
def test_both_readings_of_a_rule_agree(ingested_anew, seed):
    source = random.Random(seed)
    lines, entered = [], []
    for code in ("710201", "660301", "740201", "700206"):
        for year in range(2018, 2024):
            graduates = source.choice([8, 20, 50, 60])
            employed = source.choice([0, graduates // 2, graduates - 5, graduates])
            wage = source.choice(["", "3000", "4500", "na"])
            lines.append(f"5001,{code},{year},{graduates},{employed},0,0,0,0,{employed // 2},{wage}")
            entered.append(f"5001,{code},{year - 3},{source.choice([9, 20, 60, 200])}")
    amounts = [f"某区,{year},{code},{source.choice([0, 90, 100, 200])}" for year in range(2020, 2024) for code in "P1"]
    connection = with_lineage(
        ingested_anew(
            {
                "就业.csv": "\n".join([HEADER, *lines]),
                "招生.csv": enrolled(*entered),
                "产业.csv": "\n".join(["地区,年份,行业,从业人员", *amounts]),
            }
        )
    )
    compare(connection)
    for result in run_rules(connection):
        ((compared, broken, found),) = connection.execute(
            "select compared, coalesce(broken, 0), (select count(*) from quarantine.finding where finding.rule = $1)"
            " from checks.field_rule where rule = $1",
            [result["column"]],
        ).fetchall()
        assert (result["evaluated"], result["unexpected"]) == (compared, broken)
        assert found == broken
        assert result["success"] == (broken == 0)


def test_every_threshold_says_why_in_both_languages():
    for rule in field_rules().rules:
        assert rule.settings or rule.name == "none"
        for setting in rule.settings.values():
            assert setting.reason.zh
            assert setting.reason.en


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"above": 0}, "exclude each other"),
        ({"at_least": None, "at_most": None}, "a bound is missing"),
        ({"table": "nothing"}, "there is no contract"),
        ({"text": {"zh": "{rate:money}", "en": "x"}}, "is none of"),
    ],
)
def test_a_wrong_declaration_is_named(change, complaint):
    (rule,) = [rule for rule in field_rules().rules if rule.name == "rate_jump"]
    with pytest.raises(ValueError, match=complaint):
        FieldRule.model_validate(rule.model_dump() | change)
