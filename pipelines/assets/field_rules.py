"""The asset that compares accepted rows with each other, after all are accepted and before any is used."""

import dagster as dg
from dagster_duckdb import DuckDBResource

from pipelines.assets import OWNERS
from pipelines.assets.table_metadata import table_metadata
from pipelines.field_rules import field_rules
from pipelines.field_rules.comparing import compare

KEY = ["checks", "field_rule"]


def waits_for_rules(upstream: tuple[str, ...]) -> bool:
    """Whether a table is built from rows that a rule of the field may still refuse."""
    return any(f"accepted.{table}" in upstream for table in field_rules().tables)


@dg.asset(
    key=KEY,
    deps=[table.split(".") for table in field_rules().read],
    group_name="accepted",
    description=(
        "行业核对规则：每条规则比较了多少行、多少行不符，疑问写入 quarantine.finding。"
        "Rules of the field: rows compared and rows that break each rule; questions go to quarantine.finding."
    ),
    kinds={"duckdb"},
    owners=OWNERS,
)
def field_rule(warehouse: DuckDBResource) -> dg.MaterializeResult:
    """Evaluates all rules; rows that a rule of severity refuse finds move to quarantine."""
    with warehouse.get_connection() as connection:
        compare(connection)
        return dg.MaterializeResult(metadata=table_metadata(connection, "checks.field_rule"))
