"""Assets of the balance: graduates and openings allotted to each other, by program, by occupation and by both."""

from collections.abc import Iterator

import dagster as dg
import duckdb
from dagster_duckdb import DuckDBResource

from pipelines.assets.table_metadata import markdown_bars, mart_specs, table_metadata
from pipelines.balance import TABLES, UPSTREAM, build
from pipelines.warehouse.rows import only_row

DESCRIPTIONS = {
    "marts.allotment": (
        "毕业生与岗位的对接：每个岗位只算一次。One row per year × basis × program × occupation: graduates who take its"
        " openings, each opening at most once."
    ),
    "marts.program_allotment": (
        "专业的对接结果：安置、过剩、供求比、多招一人的边际值。One row per year × basis × program: matched, surplus,"
        " ratio, marginal value of a seat, witness of the surplus."
    ),
    "marts.occupation_allotment": (
        "职业的对接结果：补足、短缺、多一个岗位的边际值。One row per year × basis × occupation: filled, shortage,"
        " marginal value of an opening."
    ),
}
# The largest differences, in persons: between both sides of the flow, and between its parts and the whole.
CONSERVATION = """
select coalesce(max(greatest(abs(p.matched - e.allotted), abs(o.filled - e.allotted), abs(p.parts))), 0)
from (
    select year, basis, sum(matched) as matched, max(abs(graduates - matched - surplus)) as parts
    from marts.program_allotment group by year, basis
) as p
join (
    select year, basis, sum(filled) as filled from marts.occupation_allotment group by year, basis
) as o on o.year = p.year and o.basis = p.basis
join (select year, basis, sum(allotted) as allotted from marts.allotment group by year, basis) as e
    on e.year = p.year and e.basis = p.basis
"""


@dg.multi_asset(
    specs=mart_specs(TABLES, UPSTREAM, DESCRIPTIONS),
    check_specs=[
        dg.AssetCheckSpec(
            "conserved",
            asset=["marts", "allotment"],
            blocking=True,
            description="安置人数等于补足的岗位数，没有岗位计两次。Graduates placed are openings filled, none twice.",
        )
    ],
)
def allotment(warehouse: DuckDBResource) -> Iterator[dg.MaterializeResult]:
    """Graduates of every year allotted to vacancies and, by themselves, to projected openings."""
    with warehouse.get_connection() as connection:
        build(connection)
        (apart,) = only_row(connection, CONSERVATION)
        checks = [
            dg.AssetCheckResult(check_name="conserved", passed=apart < 0.01, metadata={"persons apart": float(apart)})
        ]
        for table in TABLES:
            yield dg.MaterializeResult(
                table.split("."),
                metadata=table_metadata(connection, table) | sums(connection, table),
                check_results=checks if table == "marts.allotment" else [],
            )


def sums(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, dg.MarkdownMetadataValue]:
    """The latest year's sums of a balance as bars; nothing for the table of pairs."""
    named = {"marts.program_allotment": ("matched", "surplus"), "marts.occupation_allotment": ("filled", "shortage")}
    if table not in named:
        return {}
    one, other = named[table]
    rows = connection.sql(
        f"select basis, round(sum({one})), round(sum({other})) from {table}"
        f" where year = (select max(year) from {table}) group by basis order by basis desc"
    ).fetchall()
    return {
        "latest year": markdown_bars(
            {f"{basis}: {name}": n for basis, *amounts in rows for name, n in zip((one, other), amounts, strict=True)}
        )
    }
