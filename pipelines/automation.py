"""When things run: jobs, schedules and the sensor for new files."""

from hashlib import sha256
from zoneinfo import ZoneInfo

import dagster as dg

from pipelines.assets import field_rules
from pipelines.rounds import TIMEZONE
from pipelines.settings import Settings

INGEST_GROUPS = ("landed", "accepted")
WAREHOUSE_GROUPS = (*INGEST_GROUPS, "core", "marts")
ROUND_GROUPS = ("decisions", "documents")
refresh_warehouse = dg.define_asset_job(
    "refresh_warehouse",
    selection=dg.AssetSelection.groups(*WAREHOUSE_GROUPS),
    description="读入原始文件，重建核心表和指标表。Read the raw files and rebuild core and marts.",
)
validate_files = dg.define_asset_job(
    "validate_files",
    selection=dg.AssetSelection.groups(*INGEST_GROUPS) | dg.AssetSelection.assets(field_rules.KEY).upstream(),
    description="只读入并核对原始文件。Read and check the raw files only.",
)
conduct_round = dg.define_asset_job(
    "conduct_round",
    selection=dg.AssetSelection.groups(*ROUND_GROUPS),
    description="按年度评议轮次作出判定并生成文件。Decide one yearly round and write its documents.",
)

weekly_refresh = dg.ScheduleDefinition(
    name="weekly_refresh",
    job=refresh_warehouse,
    cron_schedule="0 6 * * 1",
    execution_timezone=TIMEZONE,
    description="每周一早六点更新数据仓库。Mondays at six.",
)


@dg.schedule(
    name="yearly_round",
    job=conduct_round,
    cron_schedule="0 6 1 1 *",
    execution_timezone=TIMEZONE,
    description="每年年初对上一年度作出评议。At the turn of the year, decide the round of the year that has ended.",
)
def yearly_round(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Ask for the round of the year before the tick: its cohort's outcomes are known, the new year's are not."""
    ended = str(context.scheduled_execution_time.astimezone(ZoneInfo(TIMEZONE)).year - 1)
    return dg.RunRequest(run_key=ended, partition_key=ended)


def new_files_sensor(settings: Settings) -> dg.SensorDefinition:
    """A sensor that asks for a refresh when the input folder's files have changed."""

    @dg.sensor(
        name="new_raw_files",
        job=refresh_warehouse,
        minimum_interval_seconds=60,
        description="data/raw 有新文件或改动时更新数据仓库。Refreshes the warehouse when files arrive or change.",
    )
    def new_raw_files(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        state = folder_state(settings)
        if not state:
            return dg.SkipReason(f"{settings.raw}: 没有文件 no files")
        if state == context.cursor:
            return dg.SkipReason("没有变化 nothing has changed")
        return dg.SensorResult(run_requests=[dg.RunRequest(run_key=state)], cursor=state)

    return new_raw_files


def folder_state(settings: Settings) -> str:
    """A digest of names, sizes and times of the files in the input folder; empty when there are none."""
    entries = sorted(
        f"{file.relative_to(settings.raw)}|{file.stat().st_size}|{file.stat().st_mtime_ns}"
        for file in settings.raw.rglob("*")
        if file.is_file() and not file.name.startswith((".", "~$"))
    )
    return sha256("\n".join(entries).encode()).hexdigest() if entries else ""
