"""The asset of the programs to expand, school by school, once the round's verdicts are known."""

from collections.abc import Iterator

import dagster as dg
from dagster_duckdb import DuckDBResource

from pipelines.assets import OWNERS
from pipelines.assets.table_metadata import markdown_table, table_metadata
from pipelines.expansion import TABLE, build
from pipelines.resources import District
from pipelines.rounds import rounds

# Points that are said to be open to growth although their verdict limits their intake, and points that the plan lets
# grow although a verdict bars them.
CONTRADICTIONS = """
select p.unit, p.state, v.plan_limit, cast(null as double) as seats
from decisions.expansion_point as p
join decisions.verdict as v on v.as_of_round = p.as_of_round and v.round = p.as_of_round and v.unit = p.unit
where p.as_of_round = $1 and p.may_expand and v.plan_limit is not null
union all
select p.unit, p.state, cast(null as double), s.seats
from decisions.expansion_point as p
join decisions.plan_unit as s on s.as_of_round = p.as_of_round and s.unit = p.unit
where p.as_of_round = $1 and not p.may_expand and s.seats > s.last_seats
"""


@dg.asset(
    key=["decisions", TABLE],
    deps=[["decisions", "verdict"], ["decisions", "plan_unit"], ["marts", "program_to_expand"], ["marts", "unit"]],
    partitions_def=rounds,
    group_name="decisions",
    description=(
        "可扩招专业的各专业点：判定是否允许扩大。"
        "One row per program point of the programs to expand: may it grow, by its verdict."
    ),
    kinds={"duckdb", "python"},
    owners=OWNERS,
    check_specs=[
        dg.AssetCheckSpec(
            "no_contradiction",
            asset=["decisions", TABLE],
            description=(
                "判定限制招生的专业点不列为可扩招，计划也不给它们增加学位。No point whose verdict limits its intake is"
                " open to growth, and the plan adds no seats to one that is barred."
            ),
        )
    ],
)
def expansion_point(
    context: dg.AssetExecutionContext, warehouse: DuckDBResource, district: District
) -> Iterator[dg.MaterializeResult]:
    """The points of the partition's round."""
    this_round = int(context.partition_key)
    with warehouse.get_connection() as connection:
        build(connection, district.rulebook_file, district.plan_file, this_round)
        found = connection.execute(CONTRADICTIONS, [this_round])
        header, broken = [column[0] for column in found.description or []], found.fetchall()
        check = dg.AssetCheckResult(
            check_name="no_contradiction",
            passed=not broken,
            severity=dg.AssetCheckSeverity.ERROR,
            metadata={"points": len(broken), "details": markdown_table(header, broken)},
        )
        yield dg.MaterializeResult(metadata=table_metadata(connection, f"decisions.{TABLE}"), check_results=[check])
