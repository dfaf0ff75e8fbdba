"""The one place where assets, checks, schedules, sensors and resources meet: `dagster dev -m pipelines.definitions`."""

import dagster as dg

from pipelines.assets.data_quality import data_quality_page
from pipelines.assets.decisions import decisions
from pipelines.assets.documents import (
    catalogue_workbook,
    enrollment_plan_workbook,
    match_report_documents,
    school_notices,
    warning_list_workbook,
)
from pipelines.assets.expansion import expansion_point
from pipelines.assets.ingest import ingest_assets
from pipelines.assets.planning import enrollment_plan
from pipelines.assets.school_evidence import school_evidence_workbooks
from pipelines.assets.tables import table_assets
from pipelines.automation import (
    conduct_round,
    new_files_sensor,
    refresh_warehouse,
    validate_files,
    weekly_refresh,
    yearly_round,
)
from pipelines.checks import contract_checks, no_graduate_is_lost
from pipelines.mart_checks import asset_checks
from pipelines.resources import resources
from pipelines.settings import Settings


def definitions(settings: Settings) -> dg.Definitions:
    """Everything Dagster knows of Duikou, for the places in `settings`."""
    return dg.Definitions(
        assets=[
            *ingest_assets(),
            *table_assets(),
            decisions,
            enrollment_plan,
            expansion_point,
            match_report_documents,
            warning_list_workbook,
            catalogue_workbook,
            enrollment_plan_workbook,
            data_quality_page,
            school_notices,
            school_evidence_workbooks,
        ],
        asset_checks=[contract_checks, no_graduate_is_lost, *asset_checks()],
        jobs=[validate_files, refresh_warehouse, conduct_round],
        schedules=[weekly_refresh, yearly_round],
        sensors=[new_files_sensor(settings)],
        resources=resources(settings),
        # One process: DuckDB has one writer, and a process per step costs seconds each.
        executor=dg.in_process_executor,
    )


defs = definitions(Settings.from_environment())
