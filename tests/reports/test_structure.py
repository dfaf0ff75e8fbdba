"""Indices, lists, openings to seekers and problems in the report: right rows, named bases, both languages."""

from dataclasses import replace

import pandas as pd
import pytest

from models.labour_market import openings_to_seekers
from models.match import match_indices
from reports import structure
from tests.reports.district import FORMULA, SCRIPT, tables


def rows(table) -> list[dict[str, str]]:
    """The rows of a grid by the heads of its columns."""
    heads = [head for head, _ in table["heads"]]
    return [dict(zip(heads, row, strict=True)) for row in table["rows"]]


def shares(year: int, system: str, basis: str, amounts: dict[str, float], overlapping: bool = False) -> pd.DataFrame:
    """Shares of one structure."""
    frame = pd.DataFrame({"class_code": list(amounts), "amount": list(amounts.values())})
    frame["share"] = frame["amount"] / 100
    return frame.assign(
        year=year, class_system=system, class_name=frame["class_code"], basis=basis, overlapping=overlapping, region="R"
    )


@pytest.fixture(scope="module")
def district():
    """A round with three years of sectors and one list."""
    years = (2022, 2023, 2024)
    first = {"graduates": (10, 20, 30), "employed_persons": (40, 50, 60)}
    sectors = {
        basis: [shares(year, "sector", basis, {"1": n, "2": 100 - n}) for year, n in zip(years, parts, strict=True)]
        for basis, parts in first.items()
    }
    supply = pd.concat([
        *sectors["graduates"],
        shares(2024, "priority_list", "graduates", {"健康": 20}, overlapping=True),
    ])  # fmt: skip
    need = pd.concat([
        *sectors["employed_persons"],
        shares(2024, "priority_list", "employed_persons", {"健康": 30, "养老": 5}, overlapping=True),
    ])  # fmt: skip
    base = tables()
    frames = base.frames | {
        "marts.supply_share": supply, "marts.industry_share": need, "marts.match_index": match_indices(need, supply),
    }  # fmt: skip
    return replace(base, frames=frames)


def test_every_index_has_its_value_range_and_meaning_and_the_bases_are_named(district) -> None:
    caption, note, table = structure.indices(district, "zh")
    found = {row["指标"]: row for row in rows(table)}
    assert len(found) == 9
    assert found["邓肯指数"]["三次产业"] == "0.3"
    assert found["邓肯指数"]["行业门类"] == "–"
    assert found["耦合协调度"]["三次产业"].split()[1].endswith(("失调", "协调"))
    assert all(row["范围"] and row["含义"] for row in found.values())
    assert "2024" in caption
    assert "毕业生" in note
    assert "从业人员" in note


def test_lists_stand_with_both_shares_and_the_deviation_and_in_english_under_their_english_name(district) -> None:
    _, note, table = structure.lists(district, "en")
    found = {row["List"]: row for row in rows(table)}
    assert found["Health"]["Share of supply"] == "20.0 %"
    assert found["Health"]["Share of industry"] == "30.0 %"
    assert found["Health"]["Structural deviation"] == "0.5"
    assert found["养老"]["Share of supply"] == "0.0 %"  # nobody is trained for it
    assert found["养老"]["Structural deviation"] == "–"
    assert "overlap" in note


def test_openings_to_seekers_of_the_latest_period_name_the_rule_and_missing_periods() -> None:
    market = pd.DataFrame(
        [("R", period, "total", "total", v, 100.0) for period, v in (("2023Q3", 90), ("2024Q3", 100), ("2024Q4", 150))],
        columns=["region", "period", "grouping", "group_code", "vacancies", "job_seekers"],
    )
    frame = openings_to_seekers(market).assign(rule="apart")
    base = tables()
    district = replace(base, frames=base.frames | {"marts.openings_to_seekers": frame})
    caption, note, table = structure.market(district, "en")
    assert "2024Q4" in caption
    assert "shown apart" in note
    assert rows(table) == [
        {
            "Group": "All", "Openings": "150", "Job seekers": "100", "Openings to seekers": "1.5",
            "On the quarter": "+50.0 %", "On the year": "–", "Periods not reported": "2023Q4",
        }
    ]  # fmt: skip


def test_problems_up_to_the_round_are_told_with_their_amounts() -> None:
    found = rows(structure.problems(tables(), "zh"))
    assert len(found) == 1, "a problem of a later year is not of this round"
    assert found[0]["问题和办法"] == "权重"
    assert found[0]["对象"] == f"{FORMULA} · {SCRIPT} · 0.9 · 毕业生"
    assert found[0]["涉及数量"] == "40 人"
    assert found[0]["是否仍用"] == "不用"


def test_without_data_the_parts_are_left_out() -> None:
    base = tables()
    empty = {
        name: base.frame(name).iloc[:0]
        for name in ("marts.match_index", "marts.openings_to_seekers", "marts.data_quality")
    }
    district = replace(base, frames=base.frames | empty)
    for build in (structure.indices, structure.lists, structure.market):
        assert build(district, "zh")[2]["rows"] == []
    assert structure.problems(district, "zh")["rows"] == []
