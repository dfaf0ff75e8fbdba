"""Assets of the first rooms: raw files -> landed -> accepted | quarantined, and the account that they add up."""

from collections.abc import Iterator

import dagster as dg
from dagster_duckdb import DuckDBResource

from pipelines import ingest
from pipelines.assets import OWNERS
from pipelines.assets.field_rules import KEY, field_rule
from pipelines.assets.table_metadata import markdown_bars, table_metadata
from pipelines.contracts import Contract, contracts
from pipelines.resources import District
from pipelines.warehouse.rows import only_row


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["landed", name],
            group_name="landed",
            description=description,
            kinds={"duckdb", "excel"},
            owners=OWNERS,
        )
        for name, description in [
            ("file", "每个原始文件一行：摘要、编码、能否读取。One row per raw file."),
            ("column_map", "合同各列在文件中的位置。Where each contract column stands in its file."),
            ("withheld", "个人信息所在的列和单元格，不含其内容。Where personal data stood, without the data."),
            (
                "listed",
                "逐人名单的行数：计入、退回；各行不保存。Rows of lists of graduates, counted or refused; none is kept.",
            ),
            ("non_data", "标题、表头、合计、附注等非数据行。Titles, headers, totals and notes, kept and counted."),
            *(
                (table, f"{c.title.zh}：原样文字。{c.title.en} as written, before any reading.")
                for table, c in contracts().items()
            ),
        ]
    ]
)
def landed(warehouse: DuckDBResource, district: District) -> Iterator[dg.MaterializeResult]:
    """Every row of every file in the input folder, as text, with file, sheet and row."""
    with warehouse.get_connection() as connection:
        ingest.land(connection, district.raw_folder, district.profile_folder)
        for spec in landed.specs:
            yield dg.MaterializeResult(spec.key, metadata=table_metadata(connection, ".".join(spec.key.path)))


def accepted_asset(contract: Contract) -> dg.AssetsDefinition:
    """The asset that reads one landed table by its contract: good rows accepted, the others quarantined."""
    referenced = {table for column in contract.columns for table in column.refers_to.values()}
    referenced |= {naming.table for table in referenced for naming in contracts()[table].also} - {contract.table}

    @dg.asset(
        key=["accepted", contract.table],
        deps=[
            ["landed", contract.table],
            ["landed", "column_map"],
            *(["accepted", table] for table in sorted(referenced)),
        ],
        group_name="accepted",
        description=f"{contract.title.zh}：通过核对的行。{contract.title.en}: {contract.grain}.",
        kinds={"duckdb"},
        owners=OWNERS,
    )
    def accepted(warehouse: DuckDBResource) -> dg.MaterializeResult:
        with warehouse.get_connection() as connection:
            ingest.accept(connection, contract)
            return dg.MaterializeResult(metadata=table_metadata(connection, f"accepted.{contract.table}"))

    return accepted


@dg.asset(
    key=["landed", "account"],
    deps=[["landed", "file"], ["landed", "non_data"], *(["accepted", table] for table in contracts()), KEY],
    group_name="landed",
    description="收文台账：每个文件、工作表、合同的行数。Where the rows of each file went.",
    kinds={"duckdb"},
    owners=OWNERS,
    check_specs=[
        dg.AssetCheckSpec(
            "nothing_lost",
            asset=["landed", "account"],
            blocking=True,
            description="落地 = 接收 + 隔离 + 已被替代 + 非数据。"
            "Every landed row is accepted, quarantined, superseded or non-data.",
        )
    ],
)
def account(warehouse: DuckDBResource) -> dg.MaterializeResult:
    """Counts rows per file, sheet and contract, and proves that none is lost."""
    with warehouse.get_connection() as connection:
        ingest.account(connection)
        totals = only_row(
            connection,
            "select sum(landed)::bigint, sum(accepted)::bigint, sum(quarantined)::bigint, sum(superseded)::bigint,"
            " sum(non_data)::bigint"
            " from landed.account",
        )
        open_rows = connection.sql(
            "select file, sheet, contract, landed, accepted, quarantined, superseded, non_data from landed.account"
            " where landed <> accepted + quarantined + superseded + non_data"
        ).fetchall()
        metadata = table_metadata(connection, "landed.account")
    names = ("landed", "accepted", "quarantined", "superseded", "non_data")
    counts = dict(zip(names, (n or 0 for n in totals), strict=True))
    return dg.MaterializeResult(
        metadata=metadata | counts | {"chart": markdown_bars(counts)},
        check_results=[
            dg.AssetCheckResult(
                check_name="nothing_lost", passed=not open_rows, metadata=counts | {"unaccounted": str(open_rows)}
            )
        ],
    )


def ingest_assets() -> list[dg.AssetsDefinition]:
    """All assets of the ingest rooms, in the way of the data."""
    return [landed, *(accepted_asset(contract) for contract in contracts().values()), field_rule, account]
