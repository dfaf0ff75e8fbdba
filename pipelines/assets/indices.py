"""Assets of the indices: tables that `models` computes from marts."""

import dagster as dg
from dagster_duckdb import DuckDBResource

from models.labour_market import openings_to_seekers as ratios
from models.match import match_indices
from pipelines.assets import OWNERS
from pipelines.assets.table_metadata import table_metadata
from pipelines.resources import District
from pipelines.rule_texts import read_measures


@dg.asset(
    key=["marts", "match_index"],
    deps=[["marts", "industry_share"], ["marts", "industry_gap"], ["marts", "supply_share"]],
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
        gaps = connection.sql("from marts.industry_gap").df()
        indices = match_indices(industry_share, supply_share, settings, gaps)
        connection.register("indices", indices)
        connection.execute("create or replace table marts.match_index as from indices")
        return dg.MaterializeResult(metadata=table_metadata(connection, "marts.match_index"))


@dg.asset(
    key=["marts", "openings_to_seekers"],
    deps=[["marts", "market_count"]],
    group_name="marts",
    description=(
        "求人倍率：全部、按职业、按技术等级等分组，含环比、同比。"
        "One row per region × period × grouping × group: openings to seekers with changes on the quarter and the year."
    ),
    kinds={"duckdb", "python"},
    owners=OWNERS,
)
def openings_to_seekers(warehouse: DuckDBResource, district: District) -> dg.MaterializeResult:
    """The ratio of every group and period; what has no requirement is counted by the rule of the measures."""
    rule = read_measures(district.measures_file).openings_without_requirement.value
    with warehouse.get_connection() as connection:
        market = connection.sql("from marts.market_count order by region, grouping, group_code, period").df()
        found = ratios(market, rule).assign(rule=rule)
        connection.register("found", found)
        connection.execute("create or replace table marts.openings_to_seekers as from found")
        return dg.MaterializeResult(
            metadata=table_metadata(connection, "marts.openings_to_seekers") | {"rule for no requirement": rule}
        )
