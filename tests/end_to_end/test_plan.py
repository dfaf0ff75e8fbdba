"""`duikou plan` on the sample district: the plan beside last year's, why, and what happens when there is none."""

import re
import shutil
from pathlib import Path

import duckdb
import openpyxl
import pytest

from pipelines.settings import shipped_plan_settings
from tests.district import DistrictRun, duikou


def stored(run: DistrictRun, query: str) -> list[tuple]:
    with duckdb.connect(str(run.warehouse), read_only=True) as connection:
        return connection.sql(query).fetchall()


@pytest.fixture(scope="module", params=["zh", "en"])
def planned(request: pytest.FixtureRequest, sample_run: DistrictRun, tmp_path_factory) -> tuple[str, str, Path]:
    """Language, what was printed, and the list."""
    out = tmp_path_factory.mktemp("plan")
    made = duikou(
        "plan", "--round", 2024, "--warehouse", sample_run.warehouse, "--out", out, "--lang", request.param
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    return request.param, made.stdout, out / f"enrollment_plan_2025.{request.param}.xlsx"


def rows(file: Path, sheet: int) -> list[dict[str, object]]:
    head, *body = openpyxl.load_workbook(file).worksheets[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in body]


def test_the_plan_stands_beside_last_years_and_says_what_it_gains(planned, sample_run: DistrictRun) -> None:
    lang, printed, file = planned
    ((seats, last, gain),) = stored(sample_run, "select seats, last_seats, gain from decisions.plan")
    told = "".join(printed.split())
    assert f"{seats:,.0f}" in told
    assert f"{last:,.0f}" in told
    assert f"+{gain:,.1f}" in told
    assert gain > 0
    sums = [
        sum(row[name] for row in rows(file, 0))
        for name in (("上年计划", "计划") if lang == "zh" else ("Last year", "Plan"))
    ]
    assert sums == [last, seats]


def test_every_program_point_has_its_reason_with_the_numbers_behind_it(planned) -> None:
    lang, _, file = planned
    for row in rows(file, 0):
        reason = str(row["理由" if lang == "zh" else "Why"])
        if row["判定" if lang == "zh" else "Verdict"] in ("停招", "撤销", "suspend", "exit"):
            assert row["计划" if lang == "zh" else "Plan"] == 0
            assert ("不安排招生" if lang == "zh" else "no intake") in reason
        elif row["判定" if lang == "zh" else "Verdict"] in ("正常", "normal"):
            assert ("报到率" if lang == "zh" else "registered") in reason
            own = re.findall(r"[（(](\d+)/(\d+)[）)]", reason)
            assert len(own) == 3 or ("尚无" if lang == "zh" else "none yet") in reason, reason


def test_the_list_holds_no_formula(planned) -> None:
    book = openpyxl.load_workbook(planned[2])
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert len(book.worksheets) == 7


def test_no_school_and_no_program_exceeds_its_limits(sample_run: DistrictRun) -> None:
    assert stored(sample_run, "select count(*) from decisions.plan_requirement where not kept") == [(0,)]
    over = """
        select p.unit from decisions.plan_unit as p join decisions.verdict as v on v.unit = p.unit and v.round = 2024
        where v.as_of_round = 2024 and p.seats > v.plan_limit
    """
    assert stored(sample_run, over) == []
    full = """
        select c.school_id, c.seats - sum(p.seats) from core.school_condition as c
        join decisions.plan_unit as p on p.school_id = c.school_id group by c.school_id, c.seats order by 2
    """
    left = dict(stored(sample_run, full))
    assert min(left.values()) == 0
    assert left["KZ07"] == 0, "the school that is full"


def test_a_run_writes_the_plan_beside_the_warning_list_and_into_the_report(sample_run: DistrictRun) -> None:
    folder = sample_run.out / "2024"
    assert (folder / "enrollment_plan.zh.xlsx").exists()
    assert "下一年度招生计划" in (folder / "match_report.zh.html").read_text(encoding="utf-8")


def with_changed(folder: Path, old: str, new: str) -> Path:
    text = shipped_plan_settings().read_text(encoding="utf-8")
    assert old in text
    (folder / "rules.yaml").write_text(text.replace(old, new), encoding="utf-8")
    return folder / "rules.yaml"


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", ["互相矛盾", "师生比1∶8"]), ("en", ["contradict", "8 students per teacher"])]
)
def test_without_a_feasible_plan_the_contradiction_is_named(sample_run, tmp_path, lang, words) -> None:
    rules = with_changed(tmp_path, "students_per_teacher:\n  value: 20", "students_per_teacher:\n  value: 8")
    made = duikou(
        "plan", "--round", 2024, "--warehouse", sample_run.warehouse, "--out", tmp_path, "--settings", rules,
        "--lang", lang,
    )  # fmt: skip
    assert made.returncode == 1
    assert "Traceback" not in made.stdout + made.stderr
    for word in words:
        assert word in made.stdout, made.stdout
    book = openpyxl.load_workbook(tmp_path / f"enrollment_plan_2025.{lang}.xlsx")
    assert book.worksheets[0].title == ("矛盾" if lang == "zh" else "Conflict")
    assert book.worksheets[0].max_row >= 3


def test_other_settings_leave_the_warehouse_as_it_is(sample_run: DistrictRun, tmp_path: Path) -> None:
    before = sample_run.warehouse.stat().st_mtime_ns
    rules = with_changed(tmp_path, "change_up:\n  value: 0.20", "change_up:\n  value: 0.05")
    made = duikou("plan", "--warehouse", sample_run.warehouse, "--out", tmp_path, "--settings", rules)
    assert made.returncode == 0
    assert sample_run.warehouse.stat().st_mtime_ns == before
    assert all(row["计划"] <= 1.05 * row["上年计划"] for row in rows(tmp_path / "enrollment_plan_2025.zh.xlsx", 0))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--round", "2019"], "2019 轮尚未评议"),
        (["--settings", "none.yaml"], "找不到招生计划编制规则"),
        (["--settings", "wrong.yaml"], "wrong.yaml, line 1"),
    ],
)
def test_what_is_wrong_is_said_plainly(sample_run: DistrictRun, tmp_path: Path, arguments, message) -> None:
    (tmp_path / "wrong.yaml").write_text("- a\n", encoding="utf-8")
    shutil.copyfile(sample_run.warehouse, tmp_path / "d.duckdb")
    made = duikou("plan", "--warehouse", tmp_path / "d.duckdb", *arguments, cwd=tmp_path)
    assert made.returncode == 1
    assert message in made.stderr.replace("\n", "")
    assert "Traceback" not in made.stderr
