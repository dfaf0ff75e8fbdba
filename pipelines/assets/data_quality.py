"""The asset of the data-quality page, written with the documents of every round."""

import dagster as dg
from dagster_duckdb import DuckDBResource

from pipelines.assets import OWNERS
from pipelines.assets.documents import written
from pipelines.assets.field_rules import KEY
from pipelines.quality import write_quality
from pipelines.resources import District
from pipelines.rounds import rounds


@dg.asset(
    key=["documents", "data_quality"],
    deps=[["landed", "account"], KEY],
    partitions_def=rounds,
    group_name="documents",
    description="数据质量页：逐个文件的去处、退回和疑问、核对结果。The data-quality page, one per language.",
    kinds={"html"},
    owners=OWNERS,
)
def data_quality_page(
    context: dg.AssetExecutionContext, warehouse: DuckDBResource, district: District
) -> dg.MaterializeResult:
    """Writes data_quality.<lang>.html into the round's folder."""
    with warehouse.get_connection() as connection:
        return written(write_quality(connection, district.out_folder / context.partition_key, district.languages))
