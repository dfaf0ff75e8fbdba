"""Assets of the last room: the documents of one round, written to the output folder."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import dagster as dg
from dagster_duckdb import DuckDBResource

from pipelines.assets import OWNERS
from pipelines.documents import LOOKED_UP, MARTS, read_round_tables
from pipelines.plan import TABLES as PLAN_TABLES
from pipelines.resources import District
from pipelines.rounds import rounds
from reports import catalogue_lists, match_report, plan_list, warning_list
from reports.file_names import file_name
from reports.round_tables import RoundTables

UPSTREAM = [
    *(["decisions", name] for name in ("verdict", "evidence", "expansion_point", *PLAN_TABLES)),
    ["landed", "account"],
    *(["marts", name] for name in MARTS),
    *(["core", name] for name in LOOKED_UP),
]


def round_tables(district: District, warehouse: DuckDBResource, partition: str) -> RoundTables:
    """The frames of one round."""
    with warehouse.get_connection() as connection:
        return read_round_tables(
            connection, district.rulebook_file, district.ledger_file, int(partition), district.plan_file
        )


def write_documents(
    district: District, warehouse: DuckDBResource, partition: str, name: str, write: Callable[..., None]
) -> dg.MaterializeResult:
    """Write one document per language into the round's folder; `write` takes tables, file and language."""
    folder = district.out_folder / partition
    folder.mkdir(parents=True, exist_ok=True)
    tables = round_tables(district, warehouse, partition)
    files = []
    for lang in district.languages:
        files.append(folder / name.format(lang=lang))
        write(tables, files[-1], lang)
    return written(files)


def write_folder(
    folder: Path, languages: Sequence[str], documents: Iterable[tuple[str, str, Callable[[Path, str], None]]]
) -> dg.MaterializeResult:
    """Write documents into a folder of their own and remove those there that no longer hold.

    `documents`: name and ending of each, with what writes it to a file in a language.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, ending, write in documents:
        for lang in languages:
            files.append(folder / f"{name}.{lang}.{ending}")
            write(files[-1], lang)
    endings = {file.suffix for file in files} or {".docx", ".xlsx"}
    for stale in {file for ending in endings for file in folder.glob(f"*{ending}")} - set(files):
        stale.unlink()
    return written(files)


def written(files: list[Path], key: list[str] | None = None) -> dg.MaterializeResult:
    """Paths and sizes of what was written, for the Dagster UI; `key` of the asset where a step has several."""
    return dg.MaterializeResult(
        key,
        metadata={file.name: dg.MetadataValue.path(file) for file in files}
        | {f"{file.name} bytes": file.stat().st_size for file in files},
    )


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["documents", "match_report"],
            deps=UPSTREAM,
            group_name="documents",
            description=(
                "匹配状况报告（单个 HTML，可离线阅读）。The match report, one self-contained page per language."
            ),
            kinds={"plotly", "html"},
            owners=OWNERS,
        ),
        dg.AssetSpec(
            ["documents", "match_report_word"],
            deps=UPSTREAM,
            group_name="documents",
            description=(
                "匹配状况报告（Word，GB/T 9704-2012 版式；定稿前为征求意见稿），数字与网页版相同。"
                "The match report as a Word file in the layout of official documents, with the numbers of the page."
            ),
            kinds={"word"},
            owners=OWNERS,
        ),
    ],
    partitions_def=rounds,
)
def match_report_documents(
    context: dg.AssetExecutionContext, warehouse: DuckDBResource, district: District
) -> Iterator[dg.MaterializeResult]:
    """Writes match_report.<lang>.html and match_report.<lang>.docx into the round's folder, from one report."""
    from reports import word_report
    from reports.content.match_report import match_report as whole_report

    folder = district.out_folder / context.partition_key
    folder.mkdir(parents=True, exist_ok=True)
    tables = round_tables(district, warehouse, context.partition_key)
    report = whole_report(tables)
    for name, ending, write in (
        ("match_report", "html", match_report.write),
        ("match_report_word", "docx", word_report.write),
    ):
        files = [folder / f"match_report.{lang}.{ending}" for lang in district.languages]
        for file, lang in zip(files, district.languages, strict=True):
            write(tables, file, lang, report)
        yield written(files, ["documents", name])


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
    return write_documents(district, warehouse, context.partition_key, "warning_list.{lang}.xlsx", warning_list.write)


@dg.asset(
    key=["documents", "catalogues"],
    deps=UPSTREAM,
    partitions_def=rounds,
    group_name="documents",
    description=(
        "年度供需信息、紧缺目录、培训目录、扩招和新设建议、设置雷同（Excel，一表一目录，附说明）。"
        "The yearly catalogues, one sheet each, with definitions; one workbook per language."
    ),
    kinds={"excel"},
    owners=OWNERS,
)
def catalogue_workbook(
    context: dg.AssetExecutionContext, warehouse: DuckDBResource, district: District
) -> dg.MaterializeResult:
    """Writes catalogues.<lang>.xlsx into the round's folder."""
    return write_documents(district, warehouse, context.partition_key, "catalogues.{lang}.xlsx", catalogue_lists.write)


@dg.asset(
    key=["documents", "enrollment_plan"],
    deps=UPSTREAM,
    partitions_def=rounds,
    group_name="documents",
    description=(
        "下一年度招生计划（Excel）：与上年对照，每项增减的理由，各项限制的代价。"
        "Next year's seats beside last year's with reasons, one workbook per language."
    ),
    kinds={"excel"},
    owners=OWNERS,
)
def enrollment_plan_workbook(
    context: dg.AssetExecutionContext, warehouse: DuckDBResource, district: District
) -> dg.MaterializeResult:
    """Writes enrollment_plan.<lang>.xlsx into the round's folder."""

    def write(tables: RoundTables, file: Path, lang: str) -> None:
        plan = tables.called(lang).plan
        if plan:
            plan_list.write(plan, file, lang)

    return write_documents(district, warehouse, context.partition_key, "enrollment_plan.{lang}.xlsx", write)


@dg.asset(
    key=["documents", "notices"],
    deps=UPSTREAM,
    partitions_def=rounds,
    group_name="documents",
    description=(
        "致学校的预警、解除、更正通知（Word，GB/T 9704-2012 版式；定稿前为征求意见稿）。"
        "Notices to schools as Word files, drafts until the ledger holds the round as final."
    ),
    kinds={"word"},
    owners=OWNERS,
)
def school_notices(
    context: dg.AssetExecutionContext, warehouse: DuckDBResource, district: District
) -> dg.MaterializeResult:
    """Writes notices/<school>_<kind>.<lang>.docx into the round's folder, and removes those that no longer hold."""
    from reports import notices

    tables = round_tables(district, warehouse, context.partition_key)

    def writing(notice: notices.Notice) -> Callable[[Path, str], None]:
        return lambda file, lang: notices.write(tables, notice, file, lang)

    return write_folder(
        district.out_folder / context.partition_key / "notices",
        district.languages,
        (
            (f"{file_name(notice.school_id)}_{notice.kind}", "docx", writing(notice))
            for notice in notices.notices(tables)
        ),
    )
