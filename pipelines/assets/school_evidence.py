"""The asset of the evidence workbooks, one per school: internal, each for its school alone."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg
from dagster_duckdb import DuckDBResource

from pipelines.assets import OWNERS
from pipelines.assets.documents import UPSTREAM, write_folder
from pipelines.documents import read_round_tables
from pipelines.resources import District
from pipelines.rounds import rounds
from pipelines.school_evidence import CORE, with_school_frames
from reports.file_names import file_name

FOLDER = "evidence"


@dg.asset(
    key=["documents", "school_evidence"],
    deps=[*UPSTREAM, *(["core", name] for name in CORE)],
    partitions_def=rounds,
    group_name="documents",
    description=(
        "各校依据册（Excel，一校一册，仅供该校核对和答复）：判定、规则、逐年依据、来源单元格、退回和更正。"
        "Evidence workbooks, one per school and for that school alone: verdicts, rules, numbers by year, source cells."
    ),
    kinds={"excel"},
    owners=OWNERS,
)
def school_evidence_workbooks(
    context: dg.AssetExecutionContext, warehouse: DuckDBResource, district: District
) -> dg.MaterializeResult:
    """Writes evidence/<school>.<lang>.xlsx into the round's folder, and removes those of schools that are gone."""
    from reports import school_evidence
    from reports.own_view import own_view

    with warehouse.get_connection() as connection:
        tables = read_round_tables(connection, district.rulebook_file, district.ledger_file, int(context.partition_key))
        tables = with_school_frames(connection, tables)

    def writing(school: str) -> Callable[[Path, str], None]:
        own = own_view(tables, school)
        return lambda file, lang: school_evidence.write(own, file, lang)

    schools = sorted(tables.frame("marts.unit")["school_id"].unique())
    folder = district.out_folder / context.partition_key / FOLDER
    return write_folder(
        folder, district.languages, ((file_name(school), "xlsx", writing(school)) for school in schools)
    )
