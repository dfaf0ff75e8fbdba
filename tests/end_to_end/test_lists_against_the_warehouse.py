"""Every number of the warning list, the catalogues and the notices of a run is that of the warehouse."""

import re

import docx
import duckdb
import openpyxl
import pandas as pd
import pytest

from reports.catalogues import COLUMNS
from reports.wording import texts
from tests.district import DistrictRun

ROUND = 2024
# Catalogue -> its mart and the columns that tell its rows apart.
MARTS = {
    "supply_demand": ("skill_supply_demand", ["occupation_code"]),
    "shortage": ("shortage_occupation", ["occupation_code"]),
    "training": ("training_occupation", ["occupation_code"]),
    "expand": ("program_to_expand", ["program_code"]),
    "consider": ("program_to_consider", ["occupation_code", "program_code"]),
    "duplicate": ("duplicate_supplier", ["program_code", "school_name"]),
}
EVIDENCE = {
    "分子": "numerator", "分母": "denominator", "比率": "value", "合并分子": "pooled_numerator",
    "合并分母": "pooled_denominator", "比较值": "compared_value", "界线": "line", "区间下限": "interval_low",
    "区间上限": "interval_high", "把握": "probability", "要求的把握": "confidence", "连续触发": "run_length",
}  # fmt: skip
OF_THE_DISTRICT = ("区域供求比", "开设比例")  # their numerators are not in the evidence


def warehouse(run: DistrictRun, query: str) -> pd.DataFrame:
    """What a query of the run's warehouse gives."""
    with duckdb.connect(str(run.warehouse), read_only=True) as connection:
        return connection.sql(query).df()


def sheet(run: DistrictRun, book: str, name: str) -> list[dict[str, object]]:
    """The rows of a sheet by the titles of its columns."""
    rows = openpyxl.load_workbook(run.out / str(ROUND) / f"{book}.zh.xlsx")[name].iter_rows(values_only=True)
    heads = [str(head) for head in next(rows)]
    return [dict(zip(heads, row, strict=True)) for row in rows]


@pytest.mark.parametrize("catalogue", MARTS)
def test_every_number_of_a_catalogue_is_that_of_its_mart(sample_run: DistrictRun, catalogue: str) -> None:
    mart, keys = MARTS[catalogue]
    expected = warehouse(sample_run, f"from marts.{mart} where year = {ROUND}").astype(object)
    by_key = {tuple(row[key] for key in keys): row for row in expected.to_dict("records")}
    rows = sheet(sample_run, "catalogues", texts("zh")["catalogues"]["sheets"][catalogue])
    assert rows or expected.empty
    compared = 0
    for row in rows:
        shown = dict(zip(COLUMNS[catalogue], row.values(), strict=True))
        of_mart = by_key.pop(tuple(shown[key] for key in keys))
        for name, value in shown.items():
            if (
                name != "signals"
                and name in of_mart
                and not isinstance(of_mart[name], str | bool)
                and not hasattr(of_mart[name], "tolist")
            ):
                stored = of_mart[name]
                assert (value is None) == bool(pd.isna(stored)), (row, name)
                assert value is None or float(str(value)) == pytest.approx(float(stored), abs=1e-6), (row, name)
                compared += 1
    assert compared >= 4 * len(rows)
    assert not by_key or catalogue == "expand", (
        "every row of the mart is listed; verdicts may bar a program's expansion"
    )


def test_the_warning_list_is_that_of_the_verdicts(sample_run: DistrictRun) -> None:
    verdicts = warehouse(sample_run, f"from decisions.verdict where round = {ROUND} and rank > 0").set_index("unit")
    rows = sheet(sample_run, "warning_list", "名单")
    assert {row["专业点"] for row in rows} == set(verdicts.index)
    assert len(rows) == len(verdicts)
    for row in rows:
        limit = verdicts.loc[str(row["专业点"]), "plan_limit"]
        assert (row["下一年度计划至多"] is None) == bool(pd.isna(limit))
        assert row["下一年度计划至多"] is None or row["下一年度计划至多"] == limit


def test_the_numbers_by_year_of_the_warning_list_are_those_of_the_decisions(sample_run: DistrictRun) -> None:
    stored = warehouse(
        sample_run,
        "select u.school_name, u.program_code, e.* from decisions.evidence as e join marts.unit as u using (unit)"
        f" join decisions.verdict as v on v.unit = e.unit and v.round = {ROUND} and v.rank > 0"
        f" where e.round <= {ROUND}",
    )
    rows = sheet(sample_run, "warning_list", "逐年依据")
    assert len(rows) == len(stored)
    groups: dict[tuple[object, ...], list[dict[str, object]]] = {}
    for found in stored.astype(object).to_dict("records"):
        groups.setdefault((found["school_name"], found["program_code"], found["round"], found["criterion"]), []).append(
            {str(name): value for name, value in found.items()}
        )
    for row in rows:
        candidates = groups[row["学校"], row["专业代码"], row["年度"], row["分项"] or ""]
        assert any(same(row, found) for found in candidates), row


def same(row: dict[str, object], found: dict[str, object]) -> bool:
    """Whether a row of the sheet has the numbers of a row of the decisions."""
    for head, name in EVIDENCE.items():
        if row["指标"] in OF_THE_DISTRICT and name in ("numerator", "denominator"):
            continue
        shown, stored = row[head], found[name]
        if shown is None and pd.isna(stored):
            continue
        if shown is None or pd.isna(stored) or abs(float(str(shown)) - float(str(stored))) > 1e-9:
            return False
    return True


def test_every_number_of_the_plan_is_that_of_the_decisions(sample_run: DistrictRun) -> None:
    stored = warehouse(sample_run, f"from decisions.plan_unit where as_of_round = {ROUND}")
    by_place = {(row["school_name"], row["program_code"]): row for row in stored.to_dict("records")}
    columns = {
        "上年计划": "last_seats", "计划": "seats", "照搬上年的预计对口就业": "last_matched", "预计对口就业": "matched",
        "每个学位预计对口就业": "per_seat", "再多一个学位的价值": "value_of_a_seat",
    }  # fmt: skip
    rows = sheet(sample_run, "enrollment_plan", "计划")
    assert len(rows) == len(by_place)
    for row in rows:
        found = by_place[str(row["学校"]), str(row["专业代码"])]
        for head, name in columns.items():
            assert (row[head] is None) == bool(pd.isna(found[name]))
            assert row[head] is None or float(str(row[head])) == pytest.approx(found[name], abs=1e-6)
        assert row["增减"] == row["计划"] - row["上年计划"]  # type: ignore[operator]


def test_every_rate_of_a_notice_is_that_of_the_decisions(sample_run: DistrictRun) -> None:
    stored = warehouse(
        sample_run,
        "select u.school_id, e.* from decisions.evidence as e join marts.unit as u using (unit)"
        f" where e.round <= {ROUND}",
    )
    checked = 0
    for file in sorted((sample_run.out / str(ROUND) / "notices").glob("*_warning.zh.docx")):
        own = stored[stored["school_id"] == file.name.split("_")[0]]
        known = {
            (int(row["round"]), f"{row['numerator']:g}", f"{row['denominator']:g}", f"{100 * row['value']:.1f}%")
            for row in own.dropna(subset=["numerator", "denominator", "value"]).to_dict("records")
        }
        for table in docx.Document(str(file)).tables:
            heads = [cell.text for cell in table.rows[0].cells]
            if "分子" not in heads:
                continue
            for row in table.rows[1:]:
                cells = dict(zip(heads, [cell.text for cell in row.cells], strict=True))
                if cells["指标"] in ("直接就业率", "对口就业率") and re.fullmatch(r"\d+", cells["分母"]):
                    assert (int(cells["年度"]), cells["分子"], cells["分母"], cells["数值"]) in known
                    checked += 1
    assert checked > 20
