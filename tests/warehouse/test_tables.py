"""Core and marts tables: what a row becomes on its way to an indicator."""

from decimal import Decimal

import duckdb
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts import contracts
from pipelines.warehouse.statements import Statement, read_statement, statements, steps
from tests.warehouse.accepted import CODES, SCHOOLS, change, cohort, warehouse


def indicators(connection: duckdb.DuckDBPyConnection, name: str) -> list[tuple]:
    return connection.execute(
        "select unit, year, numerator, denominator, value, rate_only from marts.indicator"
        " where indicator = ? order by all",
        [name],
    ).fetchall()


def test_every_upstream_table_exists_and_comes_first() -> None:
    known = {f"{schema}.{table}" for schema in ("accepted", "landed") for table in contracts()}
    known |= {"landed.column_map", "landed.account", "landed.file"}
    for step in steps():
        assert set(step.upstream) <= known, step
        known |= {step.table} if isinstance(step, Statement) else set(step.tables)


@pytest.mark.parametrize("statement", statements(), ids=lambda statement: statement.table)
def test_the_sql_can_be_carried_to_spark(statement) -> None:
    carried = sqlglot.transpile(statement.sql, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    assert sqlglot.parse_one(carried[0], read="spark")


@pytest.mark.parametrize("text", ["select 1", "-- a\n-- b\nselect 1; select 2", "-- a\n-- b\ncreate table t (x int)"])
def test_a_file_that_is_not_one_select_with_a_header_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"core\.x"):
        read_statement("core.x", text)


def test_a_renamed_program_is_one_unit_across_editions() -> None:
    found = warehouse(
        school=SCHOOLS, program_catalogue=CODES, program_lineage=[change("090100", "710201", "更名")],
        outcome=[cohort("090100", 2022, 40), cohort("710201", 2023, 50)],
    )  # fmt: skip
    assert [(unit, year) for unit, year, *_ in indicators(found, "placement_rate")] == [
        ("A-710201", 2022),
        ("A-710201", 2023),
    ]


def test_merged_programs_add_up_and_a_missing_part_makes_the_sum_missing() -> None:
    merged = [change("090100", "710201", "合并"), change("090200", "710201", "合并")]
    rows = [cohort("090100", 2022, 40, employed=30), cohort("090200", 2022, 20, employed=10)]
    rows += [cohort("090100", 2023, 40), cohort("090200", 2023, 20, employed=None)]
    found = warehouse(school=SCHOOLS, program_catalogue=CODES, program_lineage=merged, outcome=rows)
    assert indicators(found, "direct_employment_rate") == [("A-710201", 2022, 40, 60, pytest.approx(2 / 3), False)]


def test_a_split_program_is_shared_and_nothing_is_lost() -> None:
    split = [change("090100", "710201", "拆分", "0.3333333333"), change("090100", "710202", "拆分", "0.6666666667")]
    found = warehouse(
        school=SCHOOLS,
        program_catalogue=CODES,
        program_lineage=split,
        outcome=[cohort("090100", 2022, 40, employed=10)],
    )
    rows = indicators(found, "direct_employment_rate")
    assert [row[0] for row in rows] == ["A-710201", "A-710202"]
    assert sum(row[3] for row in rows) == pytest.approx(Decimal(40), abs=Decimal("0.00001"))
    assert [float(row[4]) for row in rows] == pytest.approx([0.25, 0.25], abs=1e-6)


def test_a_split_whose_shares_do_not_add_up_stays_whole_and_says_why() -> None:
    split = [change("090100", "710201", "拆分", "0.4"), change("090100", "710202", "拆分", "0.5")]
    found = warehouse(
        school=SCHOOLS, program_catalogue=CODES, program_lineage=split, outcome=[cohort("090100", 2022, 40)]
    )
    lineage = "select current_code, share, kept_whole from core.program_lineage where program_code = '090100'"
    assert found.sql(lineage).fetchall() == [("090100", 1, "shares_do_not_add_up")]
    assert indicators(found, "placement_rate")[0][:4] == ("A-090100", 2022, 40, 40)


def test_a_code_that_is_split_into_itself_and_another_stays_whole() -> None:
    split = [change("710201", "710201", "拆分", "0.6"), change("710201", "710202", "拆分", "0.4")]
    found = warehouse(program_catalogue=CODES, program_lineage=split)
    lineage = "select current_code, share, kept_whole from core.program_lineage where program_code = '710201'"
    assert found.sql(lineage).fetchall() == [("710201", 1, "split_into_itself")]


def test_changes_in_a_circle_lose_no_program() -> None:
    found = warehouse(
        program_catalogue=CODES,
        program_lineage=[change("090100", "090200", "更名"), change("090200", "090100", "更名")],
    )
    lineage = "select program_code, current_code, kept_whole from core.program_lineage where kept_whole is not null"
    assert found.sql(f"{lineage} order by all").fetchall() == [
        ("090100", "090100", "circular"),
        ("090200", "090200", "circular"),
    ]


def test_a_code_that_stands_in_the_lineage_alone_is_followed() -> None:
    found = warehouse(
        school=SCHOOLS,
        program_catalogue=CODES[2:],
        program_lineage=[change("090100", "710201", "更名")],
        outcome=[cohort("090100", 2022, 40)],
    )
    assert indicators(found, "placement_rate")[0][0] == "A-710201"


changes_of_code = st.lists(
    st.tuples(st.sampled_from(["090100", "090200", "710201"]), st.sampled_from(["710201", "710202", "710203"]),
              st.integers(0, 100), st.sampled_from([2010, 2019]), st.sampled_from([2019, 2021])),
    max_size=8, unique_by=lambda row: (row[0], row[1], row[3], row[4]),
)  # fmt: skip


@settings(max_examples=25)
@given(changes_of_code, st.lists(st.integers(0, 999), min_size=3, max_size=3))
def test_no_change_of_codes_adds_or_loses_a_graduate(changes, graduates) -> None:
    lineage = [
        {"old_edition": old_edition, "old_code": old, "new_edition": new_edition, "new_code": new, "kind": "拆分",
         "share": share / 100}
        for old, new, share, old_edition, new_edition in changes
    ]  # fmt: skip
    codes = ("090100", "090200", "710201")
    found = warehouse(
        school=SCHOOLS, program_catalogue=CODES, program_lineage=lineage,
        outcome=[cohort(code, 2022, number) for code, number in zip(codes, graduates, strict=True)],
    )  # fmt: skip
    shares = found.sql(
        "select distinct total from (select sum(share) as total from core.program_lineage group by program_code)"
    )
    assert shares.fetchall() == [(1,)]
    assert found.sql("select sum(graduates), sum(employed) from core.outcome").fetchall() == [(sum(graduates),) * 2]


def test_the_latest_survey_stands() -> None:
    first = cohort("710201", 2023, 40, employed=10, unemployed=30, survey_date="2023-08-31")
    later = cohort("710201", 2023, 40, employed=35, unemployed=5, survey_date="2023-12-31")
    for rows in ([first, later], [later, first]):
        found = warehouse(school=SCHOOLS, program_catalogue=CODES, outcome=rows)
        assert indicators(found, "direct_employment_rate")[0][2] == 35


def test_missing_is_neither_zero_nor_a_pass() -> None:
    found = warehouse(school=SCHOOLS, program_catalogue=CODES, outcome=[cohort("710201", 2023, 40, flexible=None)])
    assert indicators(found, "direct_employment_rate") == []


def test_a_denominator_of_zero_has_no_value() -> None:
    found = warehouse(
        school=SCHOOLS, program_catalogue=CODES, outcome=[cohort("710201", 2023, 40, employed=0, further_study=40)]
    )
    assert indicators(found, "direct_employment_rate")[0][3:5] == (0, None)


def test_a_rate_published_without_counts_is_used_and_marked_so() -> None:
    row = {
        "school_id": "A",
        "program_code": "710201",
        "cohort_year": 2023,
        "published_full_time_permanent_rate": "0.79",
    }
    found = warehouse(school=SCHOOLS, program_catalogue=CODES, outcome=[row])
    assert indicators(found, "full_time_permanent_rate") == [("A-710201", 2023, None, None, 0.79, True)]


def test_an_official_catalogue_replaces_the_unofficial_rows_of_its_edition() -> None:
    official = {"edition": 2021, "program_code": "710201", "name": "official", "standing": "官方"}
    found = warehouse(program_catalogue=[*CODES, official])
    assert found.sql("select program_code, name from core.program where edition = 2021").fetchall() == [
        ("710201", "official")
    ]
    assert len(found.sql("from core.program where edition = 2010").fetchall()) == 2


SECTION = {"level": "section", "classification": "x"}
SECTOR = {"level": "sector", "classification": "x"}
CLASSES = [
    {"industry_code": "2", "name": "s", "sector_code": "2", **SECTOR},
    {"industry_code": "3", "name": "t", "sector_code": "3", **SECTOR},
    {"industry_code": "C", "name": "c", "sector_code": "2", "section_code": "C", **SECTION},
    {"industry_code": "F", "name": "f", "sector_code": "3", "section_code": "F", **SECTION},
]


def test_levels_of_industry_are_never_added_to_each_other() -> None:
    rows = [
        {"region": "R", "year": 2023, "industry_code": code, "employed_persons": n}
        for code, n in (("2", 60), ("3", 40), ("C", 55), ("F", 45))
    ]
    found = warehouse(industry_class=CLASSES, industry=rows)
    shares = found.sql("select class_system, class_code, share from marts.industry_share order by all").fetchall()
    assert shares == [("section", "C", 0.55), ("section", "F", 0.45), ("sector", "2", 0.6), ("sector", "3", 0.4)]


weights = st.integers(1, 9).map(lambda tenths: (tenths, 10 - tenths))


@settings(max_examples=15)
@given(weights, weights, st.integers(1, 200), st.integers(1, 200), st.integers(0, 300), st.integers(0, 300))
def test_openings_and_graduates_are_conserved(one, two, graduates_1, graduates_2, openings_x, openings_y) -> None:
    links = [
        {"relation": "program_occupation", "from_code": code, "to_code": to, "weight": weight / 10, "version": "1"}
        for code, pair in (("710201", one), ("710202", two))
        for to, weight in zip("XY", pair, strict=True)
    ]
    links += [{"relation": "occupation_industry", "from_code": "X", "to_code": "C", "weight": 1, "version": "1"}]
    links += [{"relation": "occupation_industry", "from_code": "Y", "to_code": "F", "weight": 1, "version": "1"}]
    market = [
        {
            "region": "R",
            "period": "2023Q1",
            "occupation_code": code,
            "occupation_name": code,
            "vacancies": n,
            "job_seekers": 1,
        }
        for code, n in (("X", openings_x), ("Y", openings_y))
    ]
    found = warehouse(
        school=SCHOOLS, program_catalogue=CODES, industry_class=CLASSES, crosswalk=links, labour_market=market,
        outcome=[cohort("710201", 2023, graduates_1), cohort("710202", 2023, graduates_2)],
    )  # fmt: skip
    allotted, reachable = found.sql(
        "select sum(allotted_openings), sum(reachable_openings) from marts.program_balance"
    ).fetchall()[0]
    assert allotted == pytest.approx(openings_x + openings_y)
    assert reachable == 2 * (openings_x + openings_y), "the naive count gives every opening to both programs"
    placed = found.sql("select sum(amount) from marts.supply_share where class_system = 'section'").fetchall()[0][0]
    assert placed == pytest.approx(graduates_1 + graduates_2)
