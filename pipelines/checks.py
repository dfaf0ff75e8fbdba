"""Asset checks: the contracts and the rules of the field, per table and stage, and that no graduate is lost."""

from collections.abc import Iterator

import dagster as dg
import pandas as pd
from dagster_duckdb import DuckDBResource

from pipelines.assets.field_rules import KEY
from pipelines.assets.table_metadata import markdown_table
from pipelines.contracts import contracts
from pipelines.field_rules import field_rules
from pipelines.field_rules.comparing import unrefused
from pipelines.warehouse.rows import only_row

STAGES = {
    # Rows as received may be wrong: that is told, and the wrong rows are in quarantine.
    "received": (dg.AssetCheckSeverity.WARN, "收到的各行", "rows as received"),
    # A wrong row among the accepted ones stops `duikou run` before anything is decided.
    "accepted": (dg.AssetCheckSeverity.ERROR, "接收的各行", "rows as accepted"),
    # Rows compared with others are asked about; a row that such a rule refuses may not be among the accepted ones.
    "compared": (dg.AssetCheckSeverity.WARN, "与其他行比较", "rows compared with others"),
}
COLUMNS = ["expectation", "column", "severity", "evaluated", "unexpected", "examples"]


def specs() -> Iterator[dg.AssetCheckSpec]:
    """One check per contract and stage; only tables with rules of the field are compared."""
    for table, contract in contracts().items():
        for stage, (_, zh, en) in STAGES.items():
            if stage != "compared" or table in field_rules().tables:
                yield dg.AssetCheckSpec(
                    f"contract_{stage}",
                    asset=["accepted", table],
                    additional_deps=[KEY],
                    description=f"{contract.title.zh}的各项期望（{zh}）。Expectations of {contract.title.en} on {en}.",
                )


@dg.multi_asset_check(name="contract_checks", specs=list(specs()))
def contract_checks(warehouse: DuckDBResource) -> Iterator[dg.AssetCheckResult]:
    """Runs every suite once and keeps the results in checks.expectation for the reports."""
    from pipelines.expectations import run_rules, run_suites  # great_expectations takes seconds to import

    with warehouse.get_connection() as connection:
        results = pd.DataFrame(run_suites(connection) + run_rules(connection))
        connection.register("results", results)
        connection.execute("create schema if not exists checks")
        connection.execute("create or replace table checks.expectation as from results")
        wrong = unrefused(connection)
    for (table, stage), rows in results.groupby(["contract", "stage"], sort=False):
        broken = rows[~rows["success"]]
        shown = broken if len(broken) else rows
        severity, _, _ = STAGES[str(stage)]
        if stage == "compared" and wrong.get(str(table)):
            severity = dg.AssetCheckSeverity.ERROR
        yield dg.AssetCheckResult(
            check_name=f"contract_{stage}",
            asset_key=["accepted", str(table)],
            passed=broken.empty,
            severity=severity,
            metadata={
                "expectations": len(rows),
                "broken": len(broken),
                "details": markdown_table(COLUMNS, list(shown[COLUMNS].itertuples(index=False, name=None))),
            },
        )


@dg.asset_check(
    asset=["marts", "supply_allotted"],
    blocking=True,
    description=(
        "毕业生（在校生）= 分配到类别的 + 没有对照的 + 分不到这一层的。"
        "Persons of a class system are allotted, without crosswalk, or too coarse for it; none is lost."
    ),
)
def no_graduate_is_lost(warehouse: DuckDBResource) -> dg.AssetCheckResult:
    """The persons of every year, basis and class system add up."""
    with warehouse.get_connection() as connection:
        lost, persons = only_row(
            connection,
            "select coalesce(max(abs(persons - allotted - without_industry - without_class)), 0),"
            " coalesce(max(persons), 0) from marts.supply_allotted",
        )
    return dg.AssetCheckResult(passed=lost <= 1e-9 * max(persons, 1), metadata={"persons apart": lost})
