"""The main job, `duikou run`, from files to documents."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import duckdb
import pytest

from pipelines.run import copy_warehouse
from tests.district import DUIKOU, DistrictRun, duikou


def query(warehouse: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.sql(sql).fetchall()


def test_a_run_leaves_report_list_and_warehouse_and_says_where(sample_run: DistrictRun) -> None:
    report = sample_run.out / "2024" / "match_report.zh.html"
    assert report.stat().st_size > 100_000
    assert (sample_run.out / "2024" / "warning_list.zh.xlsx").exists()
    assert str(report) in sample_run.stdout.replace("\n", "")
    assert str(sample_run.warehouse) in sample_run.stdout.replace("\n", "")


def test_every_row_of_every_file_is_accounted_for(sample_run: DistrictRun) -> None:
    rows = query(sample_run.warehouse, "select landed, accepted, quarantined, superseded, non_data from landed.account")
    assert sum(row[0] for row in rows) > 1000
    assert all(landed == sum(parts) for landed, *parts in rows)
    assert sum(row[2] for row in rows) > 0, "the sample has rows that must be refused"


def test_accepted_rows_hold_every_expectation_and_received_and_compared_ones_do_not(sample_run: DistrictRun) -> None:
    failed = query(
        sample_run.warehouse, "select stage, count(*) from checks.expectation where not success group by stage"
    )
    assert {stage for stage, _ in failed} == {"received", "compared"}


def test_an_unchanged_rerun_does_nothing_and_says_so(sample_run: DistrictRun) -> None:
    before = sample_run.warehouse.stat().st_mtime_ns
    again = duikou(
        "run", sample_run.raw, "--out", sample_run.out, "--warehouse", sample_run.warehouse, cwd=sample_run.raw.parent
    )
    assert again.returncode == 0
    assert "没有变化" in again.stdout
    assert sample_run.warehouse.stat().st_mtime_ns == before


def test_a_killed_run_leaves_the_last_round_readable_and_a_rerun_gives_the_same(
    sample_run: DistrictRun, tmp_path: Path
) -> None:
    warehouse = tmp_path / "duikou.duckdb"
    shutil.copyfile(sample_run.warehouse, warehouse)
    verdicts = "select unit, round, state, path from decisions.verdict order by unit, round"
    before = query(warehouse, verdicts)
    command = [
        DUIKOU, "run", sample_run.raw, "--out", tmp_path / "out", "--warehouse", warehouse, "--force"
    ]  # fmt: skip
    killed = subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    building = warehouse.with_name("duikou.building.duckdb")
    for _ in range(600):
        time.sleep(0.05)
        if building.exists():
            break
    time.sleep(2)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    assert query(warehouse, verdicts) == before
    finished = duikou("run", sample_run.raw, "--out", tmp_path / "out", "--warehouse", warehouse, "--force")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert query(warehouse, verdicts) == before


def test_nothing_that_a_broken_run_put_on_disk_outlasts_the_next(tmp_path: Path) -> None:
    warehouse, building = tmp_path / "duikou.duckdb", tmp_path / "duikou.building.duckdb"
    warehouse.write_bytes(b"complete")
    spilled = tmp_path / "duikou.building.duckdb.tmp" / "duckdb_temp_1.tmp"
    spilled.parent.mkdir()
    for leftover in (building, tmp_path / "duikou.building.duckdb.wal", spilled):
        leftover.write_bytes(b"left")
    copy_warehouse(warehouse, building)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["duikou.building.duckdb", "duikou.duckdb"]
    assert building.read_bytes() == b"complete"


def test_a_second_writer_gets_a_clear_message(sample_run: DistrictRun, tmp_path: Path) -> None:
    from filelock import FileLock

    warehouse = tmp_path / "duikou.duckdb"
    with FileLock(f"{warehouse}.lock"):
        refused = duikou("run", sample_run.raw, "--out", tmp_path / "out", "--warehouse", warehouse)
    assert refused.returncode == 1
    assert "另一个运行正在写入" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "no-such-folder"], "找不到输入文件夹"),
        (["run", ".", "--rulebook", "no-such.yaml"], "找不到规则文件"),
        (["run", "no-such-folder", "--lang", "en"], "There is no input folder"),
        (["validate", "no-such-folder"], "找不到输入文件夹"),
        (["decide", "none.csv", "--rulebook", "none.yaml", "--out", "x.csv"], "找不到"),
    ],
)
def test_a_missing_input_is_named_without_a_traceback(arguments: list[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n", encoding="utf-8")
    finished = duikou(*arguments, cwd=tmp_path)
    assert finished.returncode == 1
    assert message in finished.stderr.replace("\n", "")
    assert "Traceback" not in finished.stderr + finished.stdout


def test_a_folder_without_outcomes_ends_with_a_message_and_not_a_traceback(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "学校.csv").write_text("学校代码,学校名称\nA1,虚构学校\n", encoding="utf-8")
    finished = duikou("run", raw, cwd=tmp_path)
    assert finished.returncode == 1
    assert "没有可用的毕业生就业数据" in finished.stderr.replace("\n", "")
    assert "Traceback" not in finished.stderr + finished.stdout


def test_a_round_without_data_is_named(sample_run: DistrictRun, tmp_path: Path) -> None:
    finished = duikou(
        "run", sample_run.raw, "--round", 2001, "--out", tmp_path / "out", "--warehouse", tmp_path / "d.duckdb"
    )
    assert finished.returncode == 1
    assert "2001" in finished.stderr


def test_validate_names_file_sheet_and_cell_and_leaves_with_one_when_rows_are_refused(
    sample_run: DistrictRun, tmp_path: Path
) -> None:
    finished = duikou("validate", sample_run.raw, "--warehouse", tmp_path / "d.duckdb", cwd=tmp_path)
    assert finished.returncode == 1
    assert ".xlsx" in finished.stdout
    assert "隔离" in finished.stdout
