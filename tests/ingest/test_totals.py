"""Total rows are not ingested, and are checked against the rows that they cover."""

import pytest

HEADER = "学校,专业,毕业年份,毕业生数,单位就业"


def differences(ask, connection):
    """Cell, stated total and sum of every finding about a total."""
    found = ask(
        connection,
        "select cell, found, expected_zh, severity from quarantine.finding where rule = 'total_differs' order by all",
    )
    assert all(severity == "flag" for *_, severity in found)
    return [row[:3] for row in found]


def table(*lines: str, header: str = HEADER) -> dict[str, str]:
    return {"就业.csv": "\n".join([header, *lines]) + "\n"}


GOOD = ("5001,710201,2023,50,30", "5001,660301,2023,40,20", "5002,710201,2023,1030,900")


@pytest.mark.parametrize(
    "word", ["合计", "总计", "小计", "合 计", "共计：", "合计（人）", "全区合计", "开州职教中心小计", "Total", "总　计"]
)
def test_a_total_that_agrees_is_only_set_apart(ingested, ask, word):
    connection = ingested(table(*GOOD, f'{word},,,"1,120",950人'))
    assert ask(connection, "select count(*) from accepted.outcome") == [(3,)]
    assert ask(connection, "select kind from landed.non_data where row_number = 5") == [("total",)]
    assert differences(ask, connection) == []


def test_a_total_that_differs_is_named_with_its_cell_and_the_sum(ingested, ask, messages):
    connection = ingested(table(*GOOD, "合计,,,1200,950"))
    assert ask(connection, "select sum(graduates) from accepted.outcome") == [(1120,)]
    assert messages(connection, "total_differs") == [
        "就业.csv D5：合计行里“毕业生数”写的是 1200，而第 2–4 行中 3 行之和 1120。合计不入库；请核对合计或各行。"
    ]


def test_refused_rows_count_and_cells_without_a_number_are_told(ingested, ask):
    connection = ingested(table(*GOOD, "谁,710201,2023,80,—", "合计,,,1200,960"))
    assert ask(connection, "select count(*) from accepted.outcome") == [(3,)]
    assert differences(ask, connection) == [("E6", "960", "第 2–5 行中 4 行之和 950（其中 1 格没有数）")]


def test_totals_of_groups_and_of_all(ingested, ask):
    lines = (
        *("5001,710201,2023,50,30", "5001,660301,2023,40,20", "小计,,,90,50"),
        *("5002,710201,2023,60,50", "5002,660301,2023,30,30", "小计,,,95,80", "合计,,,180,130"),
    )
    connection = ingested(table(*lines))
    assert differences(ask, connection) == [("D7", "95", "第 5–6 行中 2 行之和 90")]


def test_totals_above_the_rows_that_they_sum_up(ingested, ask):
    lines = (
        *("合计,,,180,131", "5001小计,,,90,50", "5001,710201,2023,50,30", "5001,660301,2023,40,20"),
        *("5002小计,,,90,80", "5002,710201,2023,60,50", "5002,660301,2023,30,30"),
    )
    connection = ingested(table(*lines))
    assert differences(ask, connection) == [("E2", "131", "第 4–8 行中 4 行之和 130")]


def test_totals_per_page_and_a_grand_total(ingested, ask):
    lines = ("5001,710201,2023,50,30", "合计,,,50,30", "5002,710201,2023,60,50", "合计,,,60,50", "总计,,,110,80")
    assert differences(ask, ingested(table(*lines))) == []


def test_each_table_of_a_sheet_has_its_own_total(ingested, ask):
    text = (
        f"{HEADER}\n5001,710201,2023,50,30\n合计,,,50,30\n\n二、招生,,,,\n学校,专业,招生年度,招生计划,实际报到\n"
        "5001,710201,2023,100,90\n5002,710201,2023,50,45\n合计,,,150,130\n"
    )
    assert differences(ask, ingested({"综合.csv": text})) == [("E9", "130", "第 7–8 行中 2 行之和 135")]


def test_the_total_of_each_year_across(ingested, ask):
    text = "学校,专业,2021年毕业生数,2022年毕业生数\n5001,710201,50,52\n5002,710201,60,\n合计,,110,53\n"
    assert differences(ask, ingested({"就业.csv": text})) == [("D4", "53", "第 2–2 行中 1 行之和 52")]


def test_the_totals_of_tables_side_by_side(ingested, ask):
    header = "学校,专业,毕业年份,毕业生数"
    text = f"{header},,{header}\n5001,710201,2022,50,,5001,710201,2023,52\n合计,,,50,,合计,,,53\n"
    assert differences(ask, ingested({"就业.csv": text})) == [("I3", "53", "第 2–2 行中 1 行之和 52")]


def test_amounts_are_compared_in_their_unit_and_within_their_rounding(ingested, ask):
    lines = ("开州区,2023,第一产业,105.11,2.1", "开州区,2023,第二产业,210.22,3", "开州区,2023,第三产业,299.01,5")
    header = "地区,年份,行业,增加值（亿元）,从业人员（万人）"
    text = "\n".join([header, *lines, "合计,,,614.35,10.5"]) + "\n"
    assert differences(ask, ingested({"产业.csv": text})) == [("E5", "10.5", "第 2–4 行中 3 行之和 10.1")]


def test_what_does_not_add_up_is_not_compared(ingested, ask):
    header = "学校,专业,毕业年份,毕业生数,月薪中位数,就业率"
    lines = ("5001,710201,2023,50,3000,90%", "5002,710201,2023,60,4000,80%", "合计,,,110,3500,85%")
    assert differences(ask, ingested(table(*lines, header=header))) == []


def test_a_total_of_women_only_is_not_compared(ingested, ask):
    assert differences(ask, ingested(table(*GOOD, "合计（女）,,,500,400"))) == []


def test_accepting_twice_names_a_difference_once(ingested, ask):
    from pipelines import ingest
    from pipelines.contracts import contracts

    connection = ingested(table(*GOOD, "合计,,,1,1"))
    ingest.accept(connection, contracts()["outcome"])
    assert len(differences(ask, connection)) == 2
