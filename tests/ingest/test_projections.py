"""Occupational projections: openings that add up, years in order, wages with a unit."""

HEADER = (
    "地区,基期年,预测年,职业分类版本,职业代码,职业（工种）,基期从业人员,预测从业人员,"
    "年均新增岗位,年均退出,年均转出,年均岗位总数,工资中位数,工资单位"
)
GOOD = "开州区,2023,2028,大典2022,6-18-01,车工,1300,1250,-10,52,91,133,3620,元/月"


def findings(connection, ask):
    return ask(connection, "select row_number, severity, rule from quarantine.finding join landed.occupation_projection"
               " using (row_id) order by all")  # fmt: skip


def test_a_shrinking_occupation_still_has_openings(ingested, ask):
    connection = ingested({"预测.csv": f"{HEADER}\n{GOOD}\n"})
    assert ask(
        connection,
        "select base_year, target_year, employed, growth_openings, annual_openings, wage_unit"
        " from accepted.occupation_projection",
    ) == [(2023, 2028, 1300, -10.0, 133.0, "元/月")]
    assert findings(connection, ask) == []


def test_openings_that_do_not_add_up_are_flagged_and_kept(ingested, ask):
    lines = [
        GOOD,
        GOOD.replace("6-18-01", "6-18-02").replace(",133,", ",160,"),
        GOOD.replace("6-18-01", "6-18-03")[:-4],
    ]
    connection = ingested({"预测.csv": "\n".join([HEADER, *lines]) + "\n"})
    assert [row[1:] for row in findings(connection, ask)] == [
        ("flag", "openings_add_up"),
        ("flag", "wage_has_a_unit"),
    ]
    assert ask(connection, "select count(*) from accepted.occupation_projection") == [(3,)]


def test_a_target_year_before_the_base_year_is_refused(ingested, ask):
    connection = ingested({"预测.csv": f"{HEADER}\n{GOOD.replace('2023,2028', '2028,2023')}\n"})
    assert ("refuse", "target_after_base") in [row[1:] for row in findings(connection, ask)]
    assert ask(connection, "select count(*) from accepted.occupation_projection") == [(0,)]
