"""Rows that are no data, between those that are."""

HEADER = "学校,专业代码,毕业年份,毕业生数,单位就业\n"


def test_rows_between_many_subtotals_keep_their_order(ingested, ask):
    lines = [f"5001,710201,{2000 + number},40,30\n小计,,,40,30\n" for number in range(60)]
    connection = ingested({"就业.csv": HEADER + "".join(lines)})
    landed = ask(connection, "select row_number from landed.outcome order by rowid")
    assert landed == [(row,) for row in range(2, 122, 2)]
    kinds = ask(
        connection, "select kind, count(*) from landed.non_data where file = '就业.csv' group by all order by 1"
    )
    assert kinds == [("header", 1), ("total", 60)]


def test_blank_rows_in_a_table_count_for_nothing(ingested, ask):
    lines = ["5001,710201,2019,40,30\n", ",,,,\n", "　, ,,,\n", "合计,,,40,30\n", "\n"]
    connection = ingested({"就业.csv": HEADER + "".join(lines)})
    account = ask(connection, "select landed, accepted, non_data from landed.account where file = '就业.csv'")
    assert account == [(3, 1, 2)]


def test_a_total_may_stand_in_the_column_of_names_behind_another_cell(ingested, ask):
    text = "序号," + HEADER + "1,5001,710201,2019,40,30\n2,全区合计,,2019,40,30\n3,总 计：,,2019,40,30\n"
    connection = ingested({"就业.csv": text})
    assert ask(connection, "select row_number, kind from landed.non_data where kind = 'total' order by 1") == [
        (3, "total"),
        (4, "total"),
    ]
