"""Assets for the tables of `pipelines/sql`: one per file, upstream assets read from the SQL itself."""

from collections.abc import Iterator

import dagster as dg
from dagster_duckdb import DuckDBResource

from pipelines import catalogues, share_rounding
from pipelines.assets import OWNERS, field_rules
from pipelines.assets.balance import allotment
from pipelines.assets.demand import demand_forecast
from pipelines.assets.indices import match_index, openings_to_seekers
from pipelines.assets.table_metadata import table_metadata
from pipelines.resources import District
from pipelines.warehouse.statements import Statement, create, statements


def table_asset(statement: Statement) -> dg.AssetsDefinition:
    """The asset that builds one table from its SQL file."""

    @dg.asset(
        key=statement.table.split("."),
        deps=[
            *(table.split(".") for table in statement.upstream),
            *([field_rules.KEY] if field_rules.waits_for_rules(statement.upstream) else []),
        ],
        group_name=statement.table.split(".", maxsplit=1)[0],
        description=statement.description,
        kinds={"duckdb", "sql"},
        owners=OWNERS,
    )
    def table(warehouse: DuckDBResource) -> dg.MaterializeResult:
        with warehouse.get_connection() as connection:
            create(connection, statement)
            return dg.MaterializeResult(
                metadata=table_metadata(connection, statement.table)
                | {"query": dg.MetadataValue.md(f"```sql\n{statement.sql}\n```")}
            )

    return table


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            table.split("."), group_name="core", description=description, kinds={"duckdb", "yaml"}, owners=OWNERS
        )
        for table, description in zip(
            catalogues.TABLES,
            (
                "目录的界线：一行。The lines of the catalogues, one row.",
                "紧缺证据的等级：一行一级。One row per grade of evidence of a shortage.",
                "目录的每个界线及其理由：一行一个。One row per value of the catalogues' rules, with its reason.",
            ),
            strict=True,
        )
    ]
)
def catalogue_rules(warehouse: DuckDBResource, district: District) -> Iterator[dg.MaterializeResult]:
    """The rules of the catalogues as tables."""
    with warehouse.get_connection() as connection:
        catalogues.build(connection, district.catalogues_file)
        for table in catalogues.TABLES:
            yield dg.MaterializeResult(table.split("."), metadata=table_metadata(connection, table))


@dg.asset(
    key=share_rounding.TABLE.split("."),
    group_name="core",
    description="份额之和的容差：一行。How far shares may miss the whole that they add up to, one row.",
    kinds={"duckdb", "yaml"},
    owners=OWNERS,
)
def rounding_of_shares(warehouse: DuckDBResource) -> dg.MaterializeResult:
    """The contract's setting as a table."""
    with warehouse.get_connection() as connection:
        share_rounding.build(connection)
        return dg.MaterializeResult(metadata=table_metadata(connection, share_rounding.TABLE))


def table_assets() -> list[dg.AssetsDefinition]:
    """All tables of core and marts."""
    computed = [catalogue_rules, rounding_of_shares, match_index, openings_to_seekers, demand_forecast, allotment]
    return [*(table_asset(statement) for statement in statements()), *computed]
