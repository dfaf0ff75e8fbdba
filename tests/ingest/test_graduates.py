"""Lists with one row per graduate: counted at the door, and never kept."""

import random
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.contracts import contracts
from pipelines.ingest.graduates import COUNTS, counting_sql
from pipelines.ingest.personal import header_kind
from pipelines.templates import Lists, form_of

HEADER = "学校,专业,毕业年份,化名编号,毕业去向,是否对口,是否本区就业,是否签订合同,是否缴纳社保,是否取得证书,月薪"
COLUMNS = ["school", "program", "year", "number", "destination", "matched", "local", "contract", "insured", "certified"]
DESTINATIONS = {
    "单位就业": "employed", "自主创业": "self_employed", "灵活就业": "flexible", "升学": "further_study",
    "参军入伍": "enlisted", "未就业": "unemployed", "去向不明": "unknown",
}  # fmt: skip
ANSWER = st.sampled_from(["是", "否", ""])
GRADUATE = st.tuples(
    st.sampled_from(["5001", "5002"]), st.sampled_from(["710201", "660301"]), st.sampled_from(["2022", "2023"]),
    st.just(""), st.sampled_from(list(DESTINATIONS)), ANSWER, ANSWER, ANSWER, ANSWER, ANSWER,
    st.sampled_from(["", "3000", "3500", "4200.5"]),
)  # fmt: skip
QUICKLY = settings(max_examples=3, suppress_health_check=list(HealthCheck))


def as_list(rows: list[tuple[str, ...]]) -> str:
    return "\n".join([HEADER, *(",".join(row) for row in rows)]) + "\n"


def counted(rows: list[tuple[str, ...]]) -> list[dict[str, Any]]:
    """The counts of rows that were judged already."""
    with duckdb.connect() as connection:
        connection.execute(
            "create table accepted_graduate (ordinal bigint, school_id varchar, program_code varchar, cohort_year"
            " integer, graduate_number varchar, destination varchar, matched varchar, local varchar, contract varchar,"
            " insured varchar, certified varchar, monthly_wage double, survey_date date, definition varchar,"
            " restated_on date)"
        )
        judged = [(n, *(cell or None for cell in row), None, None, None) for n, row in enumerate(rows)]
        connection.executemany(f"insert into accepted_graduate values ({', '.join('?' * 15)})", judged)
        names = ", ".join(["school_id", "program_code", "cohort_year", *COUNTS, "median_monthly_wage"])
        found = connection.sql(f"select {names} from ({counting_sql()}) order by 1, 2, 3").df()
        return found.astype(object).where(found.notna(), None).to_dict("records")


def outcomes(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    columns = ", ".join(["school_id", "program_code", "cohort_year", *COUNTS, "median_monthly_wage"])
    return connection.sql(f"select {columns} from accepted.outcome order by 1, 2, 3").df()


def counted_by_pandas(rows: list[tuple[str, ...]]) -> list[dict[str, Any]]:
    """The same counts, by other means."""
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "wage"])
    found = []
    for (school, program, year), group in frame.groupby(["school", "program", "year"], sort=True):
        employed = group[group["destination"] == "单位就业"]
        row: dict[str, Any] = {"school_id": school, "program_code": program, "cohort_year": int(year)}
        row |= {"graduates": len(group)}
        row |= {name: int((group["destination"] == word).sum()) for word, name in DESTINATIONS.items()}
        for name in ("matched", "local", "contract", "insured"):
            row[name] = int((employed[name] == "是").sum()) if (employed[name] != "").all() else None
        row["certified"] = int((group["certified"] == "是").sum()) if (group["certified"] != "").all() else None
        wages = pd.to_numeric(employed["wage"][employed["wage"] != ""])
        row["median_monthly_wage"] = float(wages.median()) if len(wages) >= 5 else None
        found.append(row)
    return found


@settings(max_examples=60)
@given(st.lists(GRADUATE, min_size=1, max_size=60), st.randoms())
def test_counts_are_those_of_a_group_by_and_the_order_of_rows_changes_nothing(rows, order: random.Random) -> None:
    found = counted(rows)
    assert found == counted_by_pandas(rows)
    assert counted(order.sample(rows, len(rows))) == found


@QUICKLY
@given(st.lists(GRADUATE, min_size=1, max_size=60), st.randoms())
def test_so_are_the_outcomes_of_a_list_in_a_file(ingested_anew, rows, order: random.Random) -> None:
    found = outcomes(ingested_anew({"名单.csv": as_list(rows)}))
    assert found.astype(object).where(found.notna(), None).to_dict("records") == counted_by_pandas(rows)
    shuffled = order.sample(rows, len(rows))
    pd.testing.assert_frame_equal(found, outcomes(ingested_anew({"名单.csv": as_list(shuffled)})))


@settings(max_examples=60)
@given(st.lists(GRADUATE, min_size=1, max_size=20), GRADUATE)
def test_one_more_employed_graduate_lowers_no_rate_of_placement_or_direct_employment(rows, one) -> None:
    def rates(found: list[tuple[str, ...]]) -> dict[tuple[Any, ...], list[float | None]]:
        told = {}
        for row in counted(found):
            direct = row["employed"] + row["self_employed"] + row["flexible"]
            searching = row["graduates"] - row["further_study"] - row["enlisted"]
            placed = (direct + row["further_study"] + row["enlisted"]) / row["graduates"]
            key = (row["school_id"], row["program_code"], row["cohort_year"])
            told[key] = [placed, direct / searching if searching else None]
        return told

    before, after = rates(rows), rates([*rows, (*one[:4], "单位就业", *one[5:])])
    for key, known in before.items():
        for rate, new in zip(known, after[key], strict=True):
            assert rate is None or (new is not None and new >= rate)


@QUICKLY
@given(st.lists(st.tuples(GRADUATE, st.sampled_from(["", "学校", "去向", "月薪", "重复"])), min_size=1, max_size=30))
def test_every_listed_row_is_counted_refused_or_no_data(ingested_anew, rows) -> None:
    lines = []
    for number, (row, damage) in enumerate(rows):
        cells = list(row)
        cells[3] = "甲1" if damage == "重复" else f"乙{number}"
        cells[0] = "无此学校" if damage == "学校" else cells[0]
        cells[4] = "不知道" if damage == "去向" else cells[4]
        cells[10] = "很多" if damage == "月薪" else cells[10]
        lines.append(tuple(cells))
    connection = ingested_anew({"名单.csv": "毕业生名单\n" + as_list(lines) + "注：以上为样例\n"})
    ((landed, accepted, quarantined, superseded, non_data),) = connection.sql(
        "select landed, accepted, quarantined, superseded, non_data from landed.account where contract = 'graduate'"
    ).fetchall()
    assert landed == len(rows) + 3
    assert non_data == 3
    assert accepted + quarantined == len(rows)
    assert superseded == 0
    ((counted,),) = connection.sql("select coalesce(sum(graduates), 0) from accepted.outcome").fetchall()
    assert counted == accepted
    open_rows = "from landed.account where landed <> accepted + quarantined + superseded + non_data"
    assert connection.sql(open_rows).fetchall() == []


PLANTED = ["赵钱孙李", "李逍遥", "5555.55", "化名玖捌柒", "不晓得去哪了", "500234200501017"]


@pytest.mark.parametrize("header", [HEADER, HEADER.replace("毕业年份,", "届,"), HEADER.replace("毕业去向", "说法")])
def test_single_rows_stay_nowhere_read_or_not(ingested, header: str) -> None:
    rows = [
        ("5001", "710201", "2023", "化名玖捌柒", "单位就业", "是", "是", "是", "是", "是", "5555.55"),
        ("5001", "710201", "2023", "化名玖捌柒", "升学", "是", "是", "是", "是", "是", "5555.55"),
        ("5001", "710201", "2023", "500234200501017", "不晓得去哪了", "是", "是", "是", "是", "是", "5555.55"),
        ("赵钱孙李", "710201", "2023", "", "单位就业", "是", "是", "是", "是", "是", "5555.55"),
    ]
    names = ["李逍遥", "王逍遥", "陈逍遥", "周逍遥"]
    text = "姓名," + header + "\n" + "".join(f"{name},{','.join(row)}\n" for name, row in zip(names, rows, strict=True))
    connection = ingested({"名单.csv": text})
    assert (
        connection.sql("from landed.graduate").fetchall() == connection.sql("from accepted.graduate").fetchall() == []
    )
    for schema, table in connection.sql("select schema_name, table_name from duckdb_tables()").fetchall():
        dumped = repr(connection.sql(f'from {schema}."{table}"').fetchall())
        assert not [value for value in (*PLANTED, *names) if value in dumped], table


def test_refused_rows_are_told_by_number_and_column_without_what_stands_in_them(ingested, messages) -> None:
    rows = [
        ("5001", "710201", "2023", "", word, "", "", "", "", "", "") for word in ("升学", "不详细", "不详细", "升学")
    ]
    connection = ingested({"名单.csv": as_list(rows)})
    (message,) = messages(connection, "listed_rows_refused")
    assert message.startswith("名单.csv E3：名单中有 2 行（3、4）未计入")
    assert "单位就业、自主创业" in message
    assert "不详细" not in message
    assert outcomes(connection)["graduates"].tolist() == [2]


def test_repeated_pseudonyms_are_counted_once_and_contradicting_ones_not_at_all(ingested) -> None:
    same = ("5001", "710201", "2023", "a1", "升学", "", "", "", "", "", "")
    other = ("5001", "710201", "2023", "a2", "升学", "", "", "", "", "", "")
    rows = [same, same, other, (*other[:4], "未就业", *other[5:]), (*same[:3], "a3", *same[4:])]
    found = outcomes(ingested({"名单.csv": as_list(rows)}))
    assert found[["graduates", "further_study"]].values.tolist() == [[2, 2]]


def test_what_the_school_reported_itself_stands_and_both_numbers_are_named(ingested, messages) -> None:
    rows = [("5001", "710201", "2023", "", word, "", "", "", "", "", "") for word in ("单位就业", "升学", "升学")]
    own = "学校,专业,毕业年份,统计日期,毕业生数,单位就业\n5001,710201,2023,2023-12-31,40,1\n"
    connection = ingested({"名单.csv": as_list(rows), "就业.csv": own})
    assert outcomes(connection)["graduates"].tolist() == [40]
    (message,) = messages(connection, "list_contradicts")
    assert "毕业生数 3（自报 40）" in message
    assert "就业.csv 第2行" in message
    assert "单位就业 1" not in message


def test_a_list_that_says_the_same_is_not_counted_twice_even_under_the_old_code(ingested, messages) -> None:
    rows = [("5001", "710201", "2023", "", word, "", "", "", "", "", "") for word in ("单位就业", "升学")]
    own = "学校,专业代码,毕业年份,毕业生数,单位就业\n5001,090100,2023,2,1\n"
    lineage = "原目录版本,原专业代码,新目录版本,新专业代码,调整情况\n2010,090100,2021,710201,保留\n"
    connection = ingested({"名单.csv": as_list(rows), "就业.csv": own, "对照.csv": lineage})
    assert connection.sql("select sum(graduates) from accepted.outcome").fetchall() == [(2,)]
    assert len(messages(connection, "list_agrees")) == 1


def test_two_lists_of_one_program_and_year_contradict_each_other_unless_one_restates(ingested) -> None:
    one = [("5001", "710201", "2023", "", "升学", "", "", "", "", "", "")] * 3
    files = {"甲.csv": as_list(one), "乙.csv": as_list(one[:2])}
    assert outcomes(ingested(files))["graduates"].tolist() == []
    header, *lines = as_list(one[:2]).splitlines()
    files["乙.csv"] = "\n".join([f"{header},更正日期", *(f"{line},2024-03-01" for line in lines)])
    assert outcomes(ingested(files))["graduates"].tolist() == [2]


def test_a_list_over_several_sheets_is_one_list_and_its_counts_say_where_they_come_from(ingested, workbook) -> None:
    header = HEADER.split(",")
    rows = [["5001", "710201", 2023, "", word, "", "", "", "", "", 3000] for word in ("单位就业", "升学", "升学")]
    connection = ingested({"名单.xlsx": workbook({"一班": [header, *rows], "二班": [header, *rows[:2]]})})
    assert outcomes(connection)[["graduates", "employed"]].values.tolist() == [[5, 2]]
    cells = "select distinct cell from landed.column_map where contract = 'outcome' and column_name = 'employed'"
    assert connection.sql(cells).fetchall() == [("E2:E4 E2:E3",)]
    listed = "select sheet, counted, refused from landed.listed order by sheet"
    assert connection.sql(listed).fetchall() == [("一班", 3, 0), ("二班", 2, 0)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_input_form_invites_no_personal_data(lang: str) -> None:
    form = form_of(contracts()["graduate"], Lists({}, {}), lang)
    assert not [column.header for column in form.columns if header_kind(column.header.rstrip("*"))]
