"""Assets of the indices: tables that `models` computes from marts."""

import dagster as dg
from dagster_duckdb import DuckDBResource

from models.match import match_indices
from pipelines.assets import OWNERS
from pipelines.assets.table_metadata import table_metadata
from pipelines.measures import read_measures
from pipelines.resources import District


@dg.asset(
    key=["marts", "match_index"],
    deps=[["marts", "industry_share"], ["marts", "supply_share"]],
    group_name="marts",
    description=(
        "匹配指数：结构偏离度、区位商、相似系数、邓肯、克鲁格曼、詹森—香农、泰尔、基尼、耦合协调度。"
        "One row per year × class system × bases × index × class."
    ),
    kinds={"duckdb", "python"},
    owners=OWNERS,
)
def match_index(warehouse: DuckDBResource, district: District) -> dg.MaterializeResult:
    """The match indices of every year for which both shares exist."""
    settings = read_measures(district.measures_file).coordination.value
    with warehouse.get_connection() as connection:
        industry_share = connection.sql("from marts.industry_share").df()
        supply_share = connection.sql("from marts.supply_share").df()
        indices = match_indices(industry_share, supply_share, settings)
        connection.register("indices", indices)
        connection.execute("create or replace table marts.match_index as from indices")
        return dg.MaterializeResult(metadata=table_metadata(connection, "marts.match_index"))
