"""Assets of the last room: the documents of one round, written to the output folder."""

from pathlib import Path

import dagster as dg
from dagster_duckdb import DuckDBResource

from pipelines.assets import OWNERS
from pipelines.documents import read_round_tables
from pipelines.resources import District
from pipelines.rounds import rounds
from reports import match_report, warning_list

UPSTREAM = [
    ["decisions", "verdict"],
    ["decisions", "evidence"],
    ["landed", "account"],
    *(
        ["marts", table]
        for table in (
            "indicator",
            "indicator_source",
            "industry_share",
            "supply_share",
            "match_index",
            "program_balance",
            "occupation_balance",
            "duplicate_program",
            "unfed_occupation",
            "unit",
        )
    ),
]


def written(files: list[Path]) -> dg.MaterializeResult:
    """Paths and sizes of what was written, for the Dagster UI."""
    return dg.MaterializeResult(
        metadata={file.name: dg.MetadataValue.path(file) for file in files}
        | {f"{file.name} bytes": file.stat().st_size for file in files}
    )


@dg.asset(
    key=["documents", "match_report"],
    deps=UPSTREAM,
    partitions_def=rounds,
    group_name="documents",
    description="匹配状况报告（单个 HTML，可离线阅读）。The match report, one self-contained page per language.",
    kinds={"plotly", "html"},
    owners=OWNERS,
)
def match_report_page(
    context: dg.AssetExecutionContext, warehouse: DuckDBResource, district: District
) -> dg.MaterializeResult:
    """Writes match_report.<lang>.html into the round's folder."""
    folder = district.out_folder / context.partition_key
    folder.mkdir(parents=True, exist_ok=True)
    with warehouse.get_connection() as connection:
        tables = read_round_tables(connection, district.rulebook_file, int(context.partition_key))
    files = []
    for lang in district.languages:
        files.append(folder / f"match_report.{lang}.html")
        files[-1].write_text(match_report.build(tables, lang), encoding="utf-8")
    return written(files)


@dg.asset(
    key=["documents", "warning_list"],
    deps=UPSTREAM,
    partitions_def=rounds,
    group_name="documents",
    description="预警名单（Excel）。The warning list, one workbook per language.",
    kinds={"excel"},
    owners=OWNERS,
)
def warning_list_workbook(
    context: dg.AssetExecutionContext, warehouse: DuckDBResource, district: District
) -> dg.MaterializeResult:
    """Writes warning_list.<lang>.xlsx into the round's folder."""
    folder = district.out_folder / context.partition_key
    folder.mkdir(parents=True, exist_ok=True)
    with warehouse.get_connection() as connection:
        tables = read_round_tables(connection, district.rulebook_file, int(context.partition_key))
    files = []
    for lang in district.languages:
        files.append(folder / f"warning_list.{lang}.xlsx")
        warning_list.write(tables, files[-1], lang)
    return written(files)
