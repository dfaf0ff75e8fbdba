"""Assets of the enrollment plan: next year's seats of one round, and why."""

from collections.abc import Iterator

import dagster as dg
import duckdb
import pandas as pd
from dagster_duckdb import DuckDBResource

from pipelines.assets import OWNERS
from pipelines.assets.table_metadata import markdown_bars, markdown_table, table_metadata
from pipelines.plan import TABLES, plan_or_none, store
from pipelines.resources import District
from pipelines.rounds import rounds
from pipelines.rule_texts import read_plan_settings
from pipelines.warehouse.rows import only_row

UPSTREAM = [
    ["decisions", "verdict"],
    *(["marts", name] for name in ("unit", "demand_forecast", "occupation_opening")),
    *(["core", name] for name in ("crosswalk", "enrollment", "occupation_projection", "outcome", "school_condition")),
]
DESCRIPTIONS = {
    "plan": "招生计划：一轮一行。One row per round: seats, expected matched placements, gain on last year's seats.",
    "plan_unit": "各专业点的计划与理由。One row per program point: seats beside last year's, why, value of a seat.",
    "plan_requirement": "每项要求、是否满足、影子价格。One row per requirement: whom it binds, if kept, its price.",
    "plan_kind": "去掉一类限制的得失。One row per kind of limit: placements of the best plan without it.",
    "plan_occupation": "岗位由计划填补多少。One row per occupation: openings, filled, value of one more opening.",
    "plan_program": "各专业合计。One row per program: seats, expected matched graduates and placements.",
    "plan_conflict": "没有可行计划时互相矛盾的要求。One row per requirement of a smallest contradiction.",
    "plan_problem": "未能照原样采用的数据。One row per program, occupation or school whose data could not be used.",
}
# Seats by program point, by program, and as a whole; requirements that the plan breaks.
SUMS = """
select
    coalesce(p.seats, 0), (select coalesce(sum(seats), 0) from decisions.plan_unit where as_of_round = $1),
    (select coalesce(sum(seats), 0) from decisions.plan_program where as_of_round = $1),
    (select count(*) from decisions.plan_requirement where as_of_round = $1 and not kept)
from decisions.plan as p where p.as_of_round = $1
"""


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["decisions", name],
            deps=UPSTREAM,
            group_name="decisions",
            description=DESCRIPTIONS[name],
            kinds={"duckdb", "python"},
            owners=OWNERS,
        )
        for name in TABLES
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "feasible",
            asset=["decisions", "plan"],
            description="有可行的计划；没有时列出互相矛盾的要求。There is a plan, or what contradicts what is named.",
        ),
        dg.AssetCheckSpec(
            "seats_add_up",
            asset=["decisions", "plan"],
            blocking=True,
            description="学位相加相等，没有一项要求被突破。Seats add up, and the plan breaks no requirement.",
        ),
    ],
    partitions_def=rounds,
)
def enrollment_plan(
    context: dg.AssetExecutionContext, warehouse: DuckDBResource, district: District
) -> Iterator[dg.MaterializeResult]:
    """Next year's seats by the verdicts of the partition's round."""
    this_round = int(context.partition_key)
    with warehouse.get_connection() as connection:
        found = plan_or_none(connection, read_plan_settings(district.plan_file), this_round)
        store(connection, found)
        checks = [
            dg.AssetCheckResult(
                check_name="feasible",
                passed=found.plan.feasible,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"conflict": conflict_table(found.plan.conflict)},
            ),
            seats_add_up(connection, this_round),
        ]
        for name in TABLES:
            metadata = table_metadata(connection, f"decisions.{name}")
            if name == "plan" and found.plan.feasible:
                units = found.plan.units
                metadata["seats"] = markdown_bars(
                    {str(found.round): units["last_seats"].sum(), str(found.plan_year): units["seats"].sum()}
                )
            yield dg.MaterializeResult(
                ["decisions", name], metadata=metadata, check_results=checks if name == "plan" else []
            )


def conflict_table(conflict: pd.DataFrame) -> dg.MarkdownMetadataValue:
    """The contradiction as a table; empty when there is a plan."""
    return markdown_table(list(conflict.columns), list(conflict.itertuples(index=False, name=None)))


def seats_add_up(connection: duckdb.DuckDBPyConnection, this_round: int) -> dg.AssetCheckResult:
    """Whether the seats of a round's plan add up and no requirement is broken."""
    whole, by_unit, by_program, broken = only_row(connection, SUMS, [this_round])
    return dg.AssetCheckResult(
        check_name="seats_add_up",
        passed=whole == by_unit == by_program and broken == 0,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"seats": whole, "by program point": by_unit, "by program": by_program, "broken": broken},
    )
