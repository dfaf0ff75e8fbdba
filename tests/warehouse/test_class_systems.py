"""Class systems: how graduates and industry reach sectors, sections, divisions and lists, and that nobody is lost."""

from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.accepted import CODES, SCHOOLS, cohort, warehouse

EDITION = "GB/T 4754-2017"


def industry_class(code: str, level: str, sector: str | None, section: str | None) -> dict[str, Any]:
    """One row of the classification."""
    names = {"industry_code": code, "name": f"class {code}", "level": level, "classification": EDITION}
    return names | {"sector_code": sector, "section_code": section}


CLASSES = [
    *(industry_class(code, "sector", code, None) for code in "123"),
    *(industry_class(code, "section", sector, code) for code, sector in (("A", "1"), ("C", "2"), ("Q", "3"))),
    *(
        industry_class(code, "division", sector, section)
        for code, sector, section in (
            ("01", "1", "A"), ("36", "2", "C"), ("43", "3", "C"), ("84", "3", "Q"), ("85", "3", "Q"),
        )
    ),
]  # fmt: skip
BASE: dict[str, Any] = {"school": SCHOOLS, "program_catalogue": CODES, "industry_class": CLASSES}


def link(relation: str, code: str, to: str, weight: float = 1, version: str = "1") -> dict[str, Any]:
    """One row of the crosswalk."""
    return {"relation": relation, "from_code": code, "to_code": to, "weight": weight, "version": version}


def direct(code: str, *targets: tuple[str, float]) -> list[dict[str, Any]]:
    """A program's rows straight to industries."""
    return [link("program_industry", code, to, weight) for to, weight in targets]


def member(list_name: str, code: str, share: str = "1", **more: Any) -> dict[str, Any]:
    """One industry on a priority list from 2020 on."""
    row = {"kind": "priority_list", "list_name": list_name, "industry_code": code, "share": share, "from_year": 2020}
    return row | {"source": "made up"} | more


def reported(year: int, *, basis: str = "employed_persons", **amounts: float) -> list[dict[str, Any]]:
    """Industry rows of one year; codes that begin with a digit are written with a leading underscore."""
    return [{"region": "R", "year": year, "industry_code": code.lstrip("_"), basis: n} for code, n in amounts.items()]


def shares(connection: duckdb.DuckDBPyConnection, mart: str, system: str) -> dict[str, float]:
    """Shares by class of the only year and basis."""
    rows = connection.execute(
        f"select class_code, share from marts.{mart} where class_system = ?",
        [system],
    ).fetchall()
    assert len(dict(rows)) == len(rows)
    return {code: pytest.approx(share) for code, share in rows}


def test_a_program_reaches_all_three_levels_and_a_division_of_another_sector_goes_there() -> None:
    found = warehouse(
        **BASE, outcome=[cohort("710201", 2023, 40)], crosswalk=direct("710201", ("36", 0.5), ("43", 0.25), ("A", 0.25))
    )
    assert shares(found, "supply_share", "sector") == {"1": 0.25, "2": 0.5, "3": 0.25}
    assert shares(found, "supply_share", "section") == {"A": 0.25, "C": 0.75}
    assert shares(found, "supply_share", "division") == {"36": 2 / 3, "43": 1 / 3}
    assert found.sql(
        "select class_system, persons, allotted, without_industry, without_class from marts.supply_allotted order by 1"
    ).fetchall() == [("division", 40, 30, 0, 10), ("section", 40, 40, 0, 0), ("sector", 40, 40, 0, 0)]


def test_lists_overlap_and_their_shares_are_of_the_whole() -> None:
    lists = [
        member("健康", "Q"),
        member("养老", "85", "0.5"),
        member("养老", "36", "0.1"),
        member("旧清单", "A", to_year=2021),
    ]
    found = warehouse(
        **BASE, priority_industry=lists, outcome=[cohort("710201", 2023, 40)],
        crosswalk=direct("710201", ("84", 0.5), ("85", 0.25), ("36", 0.25)),
        industry=reported(2023, A=10, C=50, Q=40, _36=50, _84=30, _85=10),
    )  # fmt: skip
    # 健康: all of Q; 养老: half of 85 and a tenth of 36. They overlap in 85 and are never added.
    assert shares(found, "supply_share", "priority_list") == {"健康": 0.75, "养老": 0.15}
    assert shares(found, "industry_share", "priority_list") == {"健康": 0.4, "养老": 0.1}
    assert found.sql(
        "select bool_and(overlapping = (class_system = 'priority_list')) from marts.supply_share"
    ).fetchall() == [(True,)]


def test_a_division_that_a_list_names_itself_is_not_counted_a_second_time_with_its_section() -> None:
    found = warehouse(
        **BASE, priority_industry=[member("健康", "Q"), member("健康", "85", "0.2")],
        outcome=[cohort("710201", 2023, 40)], crosswalk=direct("710201", ("85", 0.5), ("84", 0.5)),
    )  # fmt: skip
    assert shares(found, "supply_share", "priority_list") == {"健康": 0.6}


def test_a_list_counts_only_in_its_years() -> None:
    found = warehouse(
        **BASE, priority_industry=[member("健康", "Q", to_year=2022)], crosswalk=direct("710201", ("Q", 1)),
        outcome=[cohort("710201", year, 40) for year in (2019, 2020, 2022, 2023)],
    )  # fmt: skip
    years = found.sql("select year from marts.supply_share where overlapping order by 1").fetchall()
    assert years == [(2020,), (2022,)]


def test_the_latest_version_of_the_crosswalk_stands() -> None:
    rows = [*direct("710201", ("A", 1)), link("program_industry", "710201", "C", version="2")]
    found = warehouse(**BASE, outcome=[cohort("710201", 2023, 40)], crosswalk=rows)
    assert shares(found, "supply_share", "section") == {"C": 1}


def test_a_direct_relation_stands_before_the_way_over_occupations() -> None:
    rows = [
        *direct("710201", ("A", 1)), link("program_occupation", "710201", "X"),
        link("program_occupation", "710202", "X"), link("occupation_industry", "X", "C"),
    ]  # fmt: skip
    outcomes = [cohort("710201", 2023, 30), cohort("710202", 2023, 10)]
    found = warehouse(**BASE, outcome=outcomes, crosswalk=rows)
    assert shares(found, "supply_share", "section") == {"A": 0.75, "C": 0.25}


def test_divisions_stand_only_when_every_section_has_some() -> None:
    part = warehouse(**BASE, industry=reported(2023, A=10, C=50, Q=40, _36=50))
    assert shares(part, "industry_share", "division") == {}
    assert shares(part, "industry_share", "section") == {"A": 0.1, "C": 0.5, "Q": 0.4}
    full = warehouse(**BASE, industry=reported(2023, A=10, C=50, Q=0, _01=10, _36=30, _43=20))
    assert shares(full, "industry_share", "division") == {"01": 1 / 6, "36": 0.5, "43": 1 / 3}
    alone = warehouse(**BASE, industry=reported(2023, _01=10, _36=30, _43=60))
    assert shares(alone, "industry_share", "sector") == {"1": 0.1, "2": 0.3, "3": 0.6}


TARGETS = ["1", "A", "C", "01", "36", "43", "85", "不存在"]


@settings(max_examples=12)
@given(st.data())
def test_graduates_are_allotted_or_named_and_add_up_in_every_class_system(data) -> None:
    """Some programs have no crosswalk, some wrong weights, some lead to nothing or to a coarse class only."""
    rows: list[dict[str, Any]] = []
    outcomes = []
    for code in ("710201", "710202"):
        outcomes.append(cohort(code, 2023, data.draw(st.integers(0, 300))))
        relation = data.draw(st.sampled_from(["program_industry", "program_occupation", None]))
        if relation is None:
            continue
        targets = TARGETS if relation == "program_industry" else ["X", "Y", "Z"]
        chosen = data.draw(st.lists(st.sampled_from(targets), min_size=1, max_size=3, unique=True))
        wrong = data.draw(st.sampled_from([0, 0, 0, 10]))
        first = 100 - 20 * (len(chosen) - 1) - wrong
        rows += [link(relation, code, to, (20 if place else first) / 100) for place, to in enumerate(chosen)]
    for occupation in "XY":  # Z leads nowhere
        chosen = data.draw(st.lists(st.sampled_from(TARGETS), min_size=1, max_size=2, unique=True))
        weights = [1.0] if len(chosen) == 1 else [0.3, data.draw(st.sampled_from([0.7, 0.5]))]
        rows += [
            link("occupation_industry", occupation, to, weight) for to, weight in zip(chosen, weights, strict=True)
        ]
    found = warehouse(**BASE, outcome=outcomes, crosswalk=rows)
    graduates = sum(row["graduates"] for row in outcomes)
    by_program = found.sql("select program_code, sum(persons) from marts.supply_industry group by all").fetchall()
    assert {code: pytest.approx(n) for code, n in by_program} == {
        row["program_code"]: row["graduates"] for row in outcomes
    }
    for system, *sums in found.sql(
        "select class_system, persons, allotted, without_industry, without_class from marts.supply_allotted"
    ).fetchall():
        assert sums[0] == pytest.approx(graduates), system
        assert sum(sums[1:]) == pytest.approx(graduates), system
    named = found.sql(
        "select coalesce(sum(amount), 0) from marts.data_quality where year = 2023 and kind in ('weights_not_one',"
        " 'program_without_crosswalk', 'program_reaches_no_industry', 'crosswalk_to_industry_missing')"
    ).fetchall()[0][0]
    lost = found.sql(
        "select coalesce(sum(persons), 0) from marts.supply_industry where industry_code is null"
    ).fetchall()[0][0]
    assert named == pytest.approx(lost), "whoever is left out is named"
