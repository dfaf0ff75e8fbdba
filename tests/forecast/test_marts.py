"""From accepted rows to the marts of the forecast: comparable series, conserved openings, named findings."""

import duckdb
import pytest

from pipelines.assets.demand import APART
from pipelines.problems import Problem
from pipelines.rule_texts import read_forecast_settings
from pipelines.settings import shipped_forecast
from tests.warehouse.accepted import warehouse

YEARS = range(2012, 2025)
KIND = {"classification": "GB/T 4754-2017"}
CLASSES = [
    {"industry_code": "2", "name": "第二产业", "level": "sector", "sector_code": "2", **KIND},
    {"industry_code": "C", "name": "制造业", "level": "section", "sector_code": "2", "section_code": "C", **KIND},
    {"industry_code": "H", "name": "住宿和餐饮业", "level": "section", "sector_code": "3", "section_code": "H", **KIND},
    {
        "industry_code": "13",
        "name": "农副食品加工业",
        "level": "division",
        "sector_code": "2",
        "section_code": "C",
        **KIND,
    },
    {"industry_code": "14", "name": "食品制造业", "level": "division", "sector_code": "2", "section_code": "C", **KIND},
]


def industry(code: str, year: int, persons: int | None, **more: object) -> dict[str, object]:
    return {"region": "R", "year": year, "industry_code": code, "employed_persons": persons, **more}


def link(occupation: str, code: str, weight: float) -> dict[str, object]:
    return {
        "relation": "occupation_industry",
        "from_code": occupation,
        "to_code": code,
        "weight": weight,
        "version": "1",
    }


def market(occupation: str, vacancies: int, period: str = "2023") -> dict[str, object]:
    return {
        "region": "R", "period": period, "occupation_code": occupation, "occupation_name": f"职业{occupation}",
        "vacancies": vacancies, "job_seekers": 1,
    }  # fmt: skip


def forecast(**rows) -> duckdb.DuckDBPyConnection:
    return warehouse(industry_class=CLASSES, **rows)


def series_of(connection: duckdb.DuckDBPyConnection, level: str, code: str) -> dict[int, float]:
    rows = connection.execute(
        "select year, persons from marts.employment_series where level = ? and code = ? order by year", [level, code]
    )
    return dict(rows.fetchall())


def test_a_section_is_the_sum_of_its_divisions_where_it_is_not_reported() -> None:
    found = forecast(industry=[industry("13", 2024, 30), industry("14", 2024, 20), industry("H", 2023, 9)])
    assert series_of(found, "section", "C") == {2024: 50}
    assert series_of(found, "division", "13") == {2024: 30}


def test_a_section_that_is_reported_stands_before_its_divisions() -> None:
    found = forecast(industry=[industry("C", 2024, 60), industry("13", 2024, 30), industry("14", 2024, 20)])
    assert series_of(found, "section", "C") == {2024: 60}


def test_sectors_are_forecast_only_where_nothing_finer_is_reported() -> None:
    sectors = [industry("2", year, 100 + year % 3) for year in YEARS]
    assert series_of(forecast(industry=sectors), "sector", "2")
    finer = forecast(industry=[*sectors, *(industry("C", year, 60) for year in YEARS)])
    assert not series_of(finer, "sector", "2")


def test_occupations_reach_sectors_through_the_sections_of_the_crosswalk() -> None:
    found = forecast(
        industry=[industry("2", year, 1000 + 30 * (year - 2012)) for year in YEARS],
        crosswalk=[link("fitter", "C", 1.0)],
        labour_market=[market("fitter", 40)],
    )
    openings = (
        "select openings_mid from marts.demand_forecast where base_year = 2024 and year = 2027 and class_kind = ?"
    )
    assert found.execute(openings, ["occupation"]).fetchall() == found.execute(openings, ["industry"]).fetchall()


def test_a_sum_that_lacks_a_division_and_a_change_of_classification_are_named() -> None:
    rows = [industry("13", year, 300 + year % 3) for year in YEARS]
    rows += [industry("14", year, 200 + year % 2) for year in YEARS if year != 2019]
    rows += [industry("H", year, 90 + year % 4, classification="GB/T 4754-2011") for year in YEARS if year < 2018]
    rows += [industry("H", year, 150 + year % 4) for year in YEARS if year >= 2018]
    found = forecast(industry=rows)
    named = found.sql(
        "select level, code, kind, years, message_zh <> '' and message_en <> '' from marts.forecast_finding"
        " where base_year = 2024 order by all"
    ).fetchall()
    assert named == [
        ("division", "14", "gap", "2019", True),
        ("section", "C", "gap", "2019", True),
        ("section", "C", "incomplete", "2019", True),
        ("section", "H", "break", "2012、2013、2014、2015、2016、2017", True),
    ]
    quality = found.sql(
        "select kind, subject, detail, amount from marts.data_quality where unit = 'series' order by all"
    )
    assert quality.fetchall() == [
        ("forecast_break", "H", "2012、2013、2014、2015、2016、2017", 1),
        ("forecast_incomplete", "C", "2019", 1),
    ]
    kept = found.sql(
        "select distinct code from marts.demand_forecast where base_year = 2024 and level = 'section' order by code"
    )
    assert kept.fetchall() == [("C",), ("H",)]


def test_annual_and_quarterly_vacancies_are_not_added_up_when_an_industry_is_divided() -> None:
    quarters = [market("cook", 25, f"2023Q{quarter}") for quarter in (1, 2, 3, 4)]
    found = forecast(
        industry=[industry("H", year, 1000 + 30 * (year - 2012)) for year in YEARS],
        crosswalk=[link("cook", "H", 1.0), link("waiter", "H", 1.0)],
        labour_market=[*quarters, market("cook", 100), market("waiter", 100)],
    )
    openings = found.sql(
        "select openings_mid from marts.demand_forecast where base_year = 2024 and year = 2027"
        " and class_kind = 'occupation' order by code"
    ).fetchall()
    assert openings[0] == pytest.approx(openings[1])


def test_departures_of_a_projection_are_the_rate_of_an_occupation_without_one() -> None:
    projection = {
        "region": "R", "base_year": 2023, "target_year": 2028, "classification": "x", "occupation_code": "cook",
        "occupation_name": "厨师", "employed": 400, "projected_employed": 600, "exits": 20, "transfers": 30,
        "annual_openings": 90,
    }  # fmt: skip
    given = {"class_kind": "occupation", "code": "cook", "year": 2022, "annual_rate": "0.05", "source": "调查"}
    base = {
        "industry": [industry("H", year, 1000) for year in YEARS],
        "crosswalk": [link("cook", "H", 1.0)],
        "occupation_projection": [projection],
    }
    row = (
        "select replacement_mid, replacement_source from marts.demand_forecast"
        " where base_year = 2024 and year = 2027 and code = 'cook'"
    )
    ((replacement, source),) = forecast(**base).sql(row).fetchall()
    assert replacement == pytest.approx(400 * 50 / 500)  # 50 of a mean of 500 leave in a year
    assert "2023–2028" in source
    ((replacement, source),) = forecast(**base, replacement_rate=[given]).sql(row).fetchall()
    assert (replacement, source) == (pytest.approx(400 * 0.05), "调查 2022")


def test_a_rate_for_an_unknown_code_is_named_and_not_used() -> None:
    rates = [
        {"class_kind": "industry", "code": code, "year": 2020, "annual_rate": "0.04", "source": "年鉴"}
        for code in ("H", "Z9")
    ]
    found = forecast(industry=[industry("H", year, 1000) for year in YEARS], replacement_rate=rates)
    named = found.sql("select subject, year, detail, used from marts.data_quality where kind = 'rate_code_unknown'")
    assert named.fetchall() == [("Z9", 2020, "年鉴", False)]


def test_the_check_of_the_asset_measures_what_is_lost() -> None:
    found = forecast(
        industry=[industry(code, year, 1000 + 20 * (year - 2012)) for code in ("C", "H") for year in YEARS],
        crosswalk=[link("cook", "H", 0.7), link("cook", "C", 0.3)],
        labour_market=[market("cook", 40)],
    )
    assert found.sql(APART).fetchall()[0][0] == pytest.approx(0, abs=1e-6)
    found.execute("update marts.demand_forecast set openings_mid = openings_mid + 5 where class_kind = 'occupation'")
    assert found.sql(APART).fetchall()[0][0] == pytest.approx(5)


def test_a_district_without_employment_has_no_forecast_and_no_error() -> None:
    found = forecast(labour_market=[market("cook", 40)])
    for name in ("demand_forecast", "forecast_backtest", "forecast_finding"):
        assert found.sql(f"from marts.{name}").fetchall() == []


def test_settings_that_cannot_be_used_are_told_with_their_file(tmp_path) -> None:
    file = tmp_path / "forecast.yaml"
    file.write_text(shipped_forecast().read_text(encoding="utf-8").replace("value: 0.8", "value: 8"), encoding="utf-8")
    with pytest.raises(Problem, match=r"forecast\.yaml"):
        read_forecast_settings(file)
