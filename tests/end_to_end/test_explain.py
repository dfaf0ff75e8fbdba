"""`duikou explain` and `duikou simulate`: the real commands on a finished run."""

import re
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.settings import shipped_rulebook
from tests.district import DistrictRun, duikou


def explained(run: DistrictRun, *arguments: object) -> str:
    done = duikou("explain", *arguments, "--warehouse", run.warehouse, cwd=run.raw.parent)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_pooled_program_shows_its_cohorts_line_interval_probability_and_cells(sample_run: DistrictRun) -> None:
    said = explained(sample_run, "清江建校", "工程造价")
    assert "合并 2022+2023+2024 届：15 / 42 = 35.7 %" in said
    assert "95 % 区间 22.6 % – 50.8 %" in said
    assert "把握 99.9 %（要求 80 %）" in said
    assert "开州府发〔2020〕22号 二（一）4" in said
    assert re.search(r"清江建校_毕业生就业情况.xlsx \[2024届\]  graduates E7=２０", said)


def test_a_ranking_shows_the_rate_of_the_last_one_in_not_the_share(sample_run: DistrictRun) -> None:
    assert "该轮名次线： 42.5 % → 触发" in explained(sample_run, "KZ01-770301")
    page = (sample_run.out / "2024" / "match_report.zh.html").read_text(encoding="utf-8")
    assert "该轮名次线：42.5 %" in page
    assert "位于后 42" not in page


def test_every_cell_named_in_an_explanation_holds_the_text_that_it_quotes(sample_run: DistrictRun) -> None:
    said = explained(sample_run, "KZ05-740101")
    book = openpyxl.load_workbook(sample_run.raw / "学校上报" / "临江旅游职校_毕业生就业情况.xlsx")
    cells = re.findall(r"(\d{4})  学校上报/临江旅游职校_毕业生就业情况.xlsx \[(.+?)\]  (.+)", said)
    assert len(cells) == 7
    for _, sheet, listed in cells:
        for place, text in re.findall(r"([A-Z]+\d+)=(\S+)", listed):
            assert str(book[sheet][place].value) == text


def test_an_exempt_program_says_by_whose_decision(sample_run: DistrictRun) -> None:
    said = explained(sample_run, "KZ07", "790302")
    assert "豁免：承担养老护理定向培养任务（虚构）" in said
    assert "18 / 42 = 42.9 %" in said
    assert "→ 豁免" in said


def test_a_suspended_program_says_which_years_which_ruling_and_that_old_cohorts_do_not_count(
    sample_run: DistrictRun,
) -> None:
    said = explained(sample_run, "KZ01-770301", "--lang", "en")
    assert "years running: 3 (2020, 2021, 2022)" in said
    assert not [line for line in said.splitlines() if "；" in line or "：" in line]
    assert "ruling →" in said
    assert "Intake has stopped" in said
    assert "next year's plan: 0 at most" in said


def test_an_earlier_round_is_explained_with_the_years_up_to_it(sample_run: DistrictRun) -> None:
    said = explained(sample_run, "KZ01-770301", "--round", "2021")
    assert "2021 轮：调减（上一轮：提示）" in said
    assert "\n    2022 " not in said


def test_a_verdict_is_not_explained_by_a_rule_book_that_did_not_make_it(sample_run: DistrictRun) -> None:
    book = str(shipped_rulebook("tianjin_2009"))
    told = ["explain", "KZ07-790302", "--rulebook", book, "--warehouse", str(sample_run.warehouse), "--lang", "en"]
    done = CliRunner().invoke(app, told)
    assert done.exit_code == 1
    assert "was not decided by this version" in done.output.replace("\n", " ")


def test_a_round_that_was_not_decided_is_told_plainly(sample_run: DistrictRun) -> None:
    done = duikou("explain", "KZ07-790302", "--round", "2030", "--warehouse", sample_run.warehouse, "--lang", "en")
    assert done.returncode == 1
    assert "has not been decided" in done.stderr


@pytest.mark.parametrize("wanted", [("KZ05",), ("没有的学校", "740101"), ("KZ05", "没有的专业")])
def test_what_is_not_one_unit_gets_suggestions(sample_run: DistrictRun, wanted: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, ["explain", *wanted, "--warehouse", str(sample_run.warehouse)])
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert "KZ0" in done.output


def test_a_sweep_tells_who_moves_with_how_many_students(sample_run: DistrictRun, tmp_path: Path) -> None:
    sweep = "direct_employment_low.below=0.50:0.70:0.10"
    done = duikou("simulate", "--sweep", sweep, "--warehouse", sample_run.warehouse, "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "simulation.zh.html").stat().st_size > 1_000_000
    book = openpyxl.load_workbook(tmp_path / "simulation.zh.xlsx")
    summary = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert [row[0] for row in summary] == ["方案", "kaizhou", "0.50", "0.60", "0.70"]
    assert summary[1][1:] == summary[3][1:], "0.60 is the line of the base"
    changes = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows(min_row=2)]
    moved = {row[0]: 0 for row in changes}
    for row in changes:
        moved[row[0]] += 1
    assert moved == {row[0]: row[7] + row[9] for row in summary[1:] if row[7] + row[9]}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "nothing to compare"),
        (("--set", "no_such_rule.below=0.5"), "no_such_rule"),
        (("--set", "direct_employment_low.belo=0.5"), "belo"),
        (("--set", "direct_employment_low.below=many"), "line"),
        (("--sweep", "direct_employment_low.below=0.5"), "FIRST:LAST:STEP"),
        (("--sweep", "direct_employment_low.below=0:1:0.001"), "60 at most"),
    ],
)
def test_a_trial_that_cannot_be_made_is_told_plainly(
    sample_run: DistrictRun, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    told = ["simulate", *arguments, "--warehouse", str(sample_run.warehouse), "--out", str(tmp_path), "--lang", "en"]
    done = CliRunner().invoke(app, told)
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert said in done.output.replace("\n", " ")
