"""`duikou run` and `duikou validate`: the Dagster jobs, in process, on a private copy of the warehouse.

The warehouse that people read is replaced in one step when a run has succeeded, so that killing a run at any moment
leaves the last complete round readable.
"""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from filelock import FileLock, Timeout

from pipelines.fingerprint import fingerprint
from pipelines.problems import Problem
from pipelines.progress import Progress
from pipelines.rule_texts import (
    read_catalogue_rules,
    read_forecast_settings,
    read_measures,
    read_plan_settings,
    read_rulebook,
)
from pipelines.settings import Settings
from pipelines.warehouse.rows import only_row

if TYPE_CHECKING:
    from pipelines.corrections import Outgoing


@dataclass
class Outcome:
    """What a run did: the round, the files written, seconds by room, and whether anything had to be done."""

    round: int
    files: list[Path]
    seconds: dict[str, float] = field(default_factory=dict)
    current: bool = False  # inputs, rules and code were unchanged: nothing was done


@contextmanager
def only_writer(warehouse: Path) -> Iterator[None]:
    """Hold the warehouse's writer lock; Problem when another run holds it."""
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(warehouse.with_name(warehouse.name + ".lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise Problem(
            f"另一个运行正在写入 {warehouse}。请等它结束后再试。",
            f"Another run is writing {warehouse}. Wait until it has finished, then try again.",
        ) from error
    try:
        yield
    finally:
        lock.release()


def run(settings: Settings, round_year: int | None, progress: Progress, *, force: bool = False) -> Outcome:
    """Bring the warehouse up to date, decide one round and write its documents.

    `round_year` None takes the latest cohort year with outcomes. Raises Problem with what a person can mend.
    """
    check_input_folder(settings.raw)
    # Read now only so that a fault is told before minutes of work.
    read_rulebook(settings.rulebook)
    read_plan_settings(settings.plan)
    read_measures(settings.measures)
    read_forecast_settings(settings.forecast)
    read_catalogue_rules(settings.catalogues)
    with only_writer(settings.warehouse):
        now = fingerprint(settings)
        if not force and (done := finished_run(settings, round_year, now)):
            return done
        building = settings.warehouse.with_name(settings.warehouse.stem + ".building.duckdb")
        copy_warehouse(settings.warehouse, building)
        started = time.perf_counter()
        from pipelines.definitions import definitions
        from pipelines.execution import execute

        seconds = {"imports": time.perf_counter() - started}
        defs = definitions(replace(settings, warehouse=building, ledger=settings.ledger_file))
        add_seconds(seconds, execute(defs, "refresh_warehouse", None, progress))
        chosen = round_year or latest_round(building, settings)
        check_round(building, chosen)
        add_seconds(seconds, execute(defs, "conduct_round", str(chosen), progress))
        outcome = Outcome(chosen, written_files(settings, chosen), seconds)
        record_run(building, outcome, now)
        os.replace(building, settings.warehouse)
        return outcome


def validate(settings: Settings, progress: Progress) -> tuple[Path, "Outgoing", list[Path]]:
    """Ingest and check only, into a warehouse beside the published one; its path, the correction workbooks, and the
    data-quality pages."""
    check_input_folder(settings.raw)
    checked = settings.warehouse.with_name(settings.warehouse.stem + ".validation.duckdb")
    with only_writer(checked):
        remove_unfinished(checked)
        from pipelines.definitions import definitions
        from pipelines.execution import execute

        execute(definitions(replace(settings, warehouse=checked)), "validate_files", None, progress)
        from pipelines.corrections import write_corrections
        from pipelines.quality import write_quality

        with duckdb.connect(str(checked), read_only=True) as connection:
            outgoing = write_corrections(
                connection, settings.raw, settings.profiles, settings.out, settings.languages[0]
            )
            pages = write_quality(connection, settings.out, settings.languages)
    return checked, outgoing, pages


def check_input_folder(folder: Path) -> None:
    """Problem unless `folder` is a folder with at least one file."""
    if not folder.is_dir():
        raise Problem(
            f"找不到输入文件夹 {folder}。请把学校和部门报送的文件放进去，或在命令里写出正确的文件夹。",
            f"There is no input folder {folder}. Put the schools' and departments' files there, or name the right one.",
        )
    if not any(file.is_file() for file in folder.rglob("*")):
        raise Problem(f"输入文件夹 {folder} 里没有文件。", f"The input folder {folder} has no files.")


def remove_unfinished(warehouse: Path) -> None:
    """Remove what a run that was broken off left: the file, its log, and rows that were put on disk for want of memory,
    which may be from before personal data were withheld."""
    for leftover in (warehouse, warehouse.with_name(warehouse.name + ".wal")):
        leftover.unlink(missing_ok=True)
    shutil.rmtree(warehouse.with_name(warehouse.name + ".tmp"), ignore_errors=True)


def copy_warehouse(warehouse: Path, building: Path) -> None:
    """Start from the last complete warehouse, so that decisions of other rounds are kept."""
    remove_unfinished(building)
    if warehouse.exists():
        shutil.copyfile(warehouse, building)


def latest_round(warehouse: Path, settings: Settings) -> int:
    """The latest cohort year for which any outcome was accepted."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        (year,) = only_row(connection, "select max(cohort_year) from core.outcome")
    if year is None:
        raise Problem(
            f"{settings.raw} 中没有可用的毕业生就业数据，无法评议。请先运行 duikou validate 查看被退回的原因。",
            f"No graduate outcomes were accepted from {settings.raw}, so there is nothing to decide."
            " Run duikou validate to see why rows were refused.",
        )
    return int(year)


def check_warehouse(warehouse: Path) -> None:
    """Problem unless there is a warehouse with a decided round."""
    if not warehouse.exists():
        raise Problem(
            f"找不到数据仓库 {warehouse}。请先运行 duikou run。",
            f"There is no warehouse {warehouse}. Run duikou run first.",
        )


def check_round(warehouse: Path, round_year: int) -> None:
    """Problem when the round lies before or after all indicators."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        first, last = only_row(connection, "select min(year), max(year) from marts.indicator")
    if first is None or not first <= round_year <= last:
        raise Problem(
            f"评议轮次 {round_year} 没有数据：指标的年份为 {first}–{last}。请用 --round 指定其中一年。",
            f"There are no data for round {round_year}: the indicators cover {first}–{last}. Name one with --round.",
        )


def add_seconds(total: dict[str, float], more: dict[str, float]) -> None:
    """Add seconds by room."""
    for name, value in more.items():
        total[name] = total.get(name, 0.0) + value


def written_files(settings: Settings, round_year: int) -> list[Path]:
    """The documents of a round."""
    folder = settings.out / str(round_year)
    return sorted(file for file in folder.rglob("*") if file.suffix in {".html", ".xlsx", ".docx"})


def record_run(warehouse: Path, outcome: Outcome, now: str) -> None:
    """Keep in decisions.run what a round was made from and how long it took."""
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "create table if not exists decisions.run (as_of_round integer primary key, run_number integer,"
            " fingerprint varchar, seconds varchar)"
        )
        connection.execute(
            "insert or replace into decisions.run select ?, 1 + coalesce(max(run_number), 0), ?, ? from decisions.run",
            [outcome.round, now, json.dumps({name: round(value, 2) for name, value in outcome.seconds.items()})],
        )


def finished_run(settings: Settings, round_year: int | None, now: str) -> Outcome | None:
    """The outcome of the last run when inputs, rules, code and documents are as it left them, else None."""
    if not settings.warehouse.exists():
        return None
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        last = only_row(
            connection, "select as_of_round, fingerprint, seconds from decisions.run order by run_number desc limit 1"
        )
    if last[1] != now:
        return None
    if (round_year or latest_round(settings.warehouse, settings)) != last[0]:
        return None
    files = written_files(settings, last[0])
    if len(files) < 3 * len(settings.languages):
        return None
    return Outcome(last[0], files, json.loads(last[2]), current=True)
