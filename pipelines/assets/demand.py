"""Assets of the demand forecast: openings in the years ahead, their backtest, and what was found in the series."""

from collections.abc import Iterator

import dagster as dg
from dagster_duckdb import DuckDBResource

from pipelines.assets.table_metadata import markdown_bars, mart_specs, table_metadata
from pipelines.demand import TABLES, UPSTREAM, build
from pipelines.resources import District
from pipelines.warehouse.rows import only_row

DESCRIPTIONS = {
    "marts.demand_forecast": (
        "需求预测：扩张与更替，低、中、高值。One row per region × base year × class kind × class × year: expansion,"
        " replacement and openings, low, mid and high."
    ),
    "marts.forecast_backtest": (
        "预测回测：各方法相对“沿用上年”的误差。One row per base year × series × method: error against the naive"
        " forecast, coverage of the band, whether kept."
    ),
    "marts.forecast_finding": (
        "序列中的问题：缺年、断点、过短等。One row per base year × series × finding: gaps, breaks in classification,"
        " zeros for missing, short series."
    ),
}


@dg.multi_asset(
    specs=mart_specs(TABLES, UPSTREAM, DESCRIPTIONS),
    check_specs=[
        dg.AssetCheckSpec(
            "conserved",
            asset=["marts", "demand_forecast"],
            blocking=True,
            description="职业与其余之和等于行业之和。Occupations and remainder add up to their industries.",
        )
    ],
)
def demand_forecast(
    warehouse: DuckDBResource, district: District
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """The forecasts of every industry and occupation as of every base year."""
    with warehouse.get_connection() as connection:
        build(connection, district.forecast_file)
        kept = dict(
            connection.sql(
                "select method, count(*) from marts.forecast_backtest where chosen and"
                " base_year = (select max(base_year) from marts.forecast_backtest) group by method order by method"
            ).fetchall()
        )
        (apart,) = only_row(connection, APART)
        for table in TABLES:
            metadata = table_metadata(connection, table)
            if table == "marts.forecast_backtest":
                metadata["methods kept"] = markdown_bars({str(method): float(n) for method, n in kept.items()})
            yield dg.MaterializeResult(table.split("."), metadata=metadata)
        yield dg.AssetCheckResult(
            check_name="conserved",
            asset_key=["marts", "demand_forecast"],
            passed=apart is None or apart < 0.01,
            metadata={"persons apart": apart or 0.0},
        )


# The largest difference, in persons, between a sum over industries and the same sum over occupations and remainder.
APART = """
with sums as (
    select
        region, base_year, year, class_kind = 'industry' as is_industry,
        sum(openings_mid) as openings, sum(expansion_mid) as expansion, sum(employed_mid) as employed
    from marts.demand_forecast as d
    where class_kind <> 'industry' or level = (
        select min(level) from marts.demand_forecast as s
        where s.region = d.region and s.base_year = d.base_year and s.class_kind = 'industry' and s.level <> 'division'
    )
    group by all
)
select max(greatest(
    abs(a.openings - b.openings), abs(a.expansion - b.expansion), abs(a.employed - b.employed)
))
from sums as a join sums as b
    on a.region = b.region and a.base_year = b.base_year and a.year = b.year and a.is_industry and not b.is_industry
"""
