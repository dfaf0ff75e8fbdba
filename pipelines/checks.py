"""Asset checks: the Great Expectations suites that the contracts describe, on rows as received and as accepted."""

from collections.abc import Iterator

import dagster as dg
import pandas as pd
from dagster_duckdb import DuckDBResource

from pipelines.assets.table_metadata import markdown_table
from pipelines.contracts import contracts

STAGES = {
    # Rows as received may be wrong: that is told, and the wrong rows are in quarantine.
    "received": dg.AssetCheckSeverity.WARN,
    # A wrong row among the accepted ones stops `duikou run` before anything is decided.
    "accepted": dg.AssetCheckSeverity.ERROR,
}


@dg.multi_asset_check(
    name="contract_checks",
    specs=[
        dg.AssetCheckSpec(
            f"contract_{stage}",
            asset=["accepted", table],
            description=(
                f"{contract.title.zh}合同的各项期望（{'收到的各行' if stage == 'received' else '接收的各行'}）。"
                f"Great Expectations suite of the {table} contract on rows as {stage}."
            ),
        )
        for table, contract in contracts().items()
        for stage in STAGES
    ],
)
def contract_checks(warehouse: DuckDBResource) -> Iterator[dg.AssetCheckResult]:
    """Runs every suite once and keeps the results in checks.expectation for the reports."""
    from pipelines.expectations import run_suites  # great_expectations takes seconds to import

    with warehouse.get_connection() as connection:
        results = pd.DataFrame(run_suites(connection))
        connection.register("results", results)
        connection.execute("create schema if not exists checks")
        connection.execute("create or replace table checks.expectation as from results")
    for (table, stage), rows in results.groupby(["contract", "stage"], sort=False):
        broken = rows[~rows["success"]]
        shown = broken if len(broken) else rows
        columns = ["expectation", "column", "severity", "evaluated", "unexpected", "examples"]
        yield dg.AssetCheckResult(
            check_name=f"contract_{stage}",
            asset_key=["accepted", str(table)],
            passed=broken.empty,
            severity=STAGES[str(stage)],
            metadata={
                "expectations": len(rows),
                "broken": len(broken),
                "details": markdown_table(columns, list(shown[columns].itertuples(index=False, name=None))),
            },
        )
