"""Assets for the tables of `pipelines/sql`: one per file, upstream assets read from the SQL itself."""

import dagster as dg
from dagster_duckdb import DuckDBResource

from models.structure import match_indices
from pipelines.assets import OWNERS
from pipelines.assets.demand import demand_forecast
from pipelines.assets.table_metadata import table_metadata
from pipelines.warehouse.statements import Statement, create, statements


def table_asset(statement: Statement) -> dg.AssetsDefinition:
    """The asset that builds one table from its SQL file."""

    @dg.asset(
        key=statement.table.split("."),
        deps=[table.split(".") for table in statement.upstream],
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


@dg.asset(
    key=["marts", "match_index"],
    deps=[["marts", "industry_share"], ["marts", "supply_share"]],
    group_name="marts",
    description="匹配指数：结构偏离度、余弦相似度、邓肯指数。One row per year × class system × bases × index × class.",
    kinds={"duckdb", "python"},
    owners=OWNERS,
)
def match_index(warehouse: DuckDBResource) -> dg.MaterializeResult:
    """The match indices of every year for which both shares exist."""
    with warehouse.get_connection() as connection:
        industry_share = connection.sql("from marts.industry_share").df()
        supply_share = connection.sql("from marts.supply_share").df()
        indices = match_indices(industry_share, supply_share)
        connection.register("indices", indices)
        connection.execute("create or replace table marts.match_index as from indices")
        return dg.MaterializeResult(metadata=table_metadata(connection, "marts.match_index"))


def table_assets() -> list[dg.AssetsDefinition]:
    """All tables of core and marts."""
    return [*(table_asset(statement) for statement in statements()), match_index, demand_forecast]
