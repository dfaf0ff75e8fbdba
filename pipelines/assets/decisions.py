"""Assets of the decision room: verdicts and evidence of one yearly round."""

from collections.abc import Iterator

import dagster as dg
from dagster_duckdb import DuckDBResource

from pipelines.assets import OWNERS
from pipelines.assets.table_metadata import markdown_bars, table_metadata
from pipelines.decisions import decide_round, store
from pipelines.resources import District
from pipelines.rounds import rounds
from pipelines.rule_texts import read_rulebook

UPSTREAM = [
    *(["marts", name] for name in ("indicator", "unit", "skill_supply_demand", "shortage_program")),
    ["core", "exemption"],
    ["core", "ruling"],
    ["core", "special_program"],
]
DESCRIPTIONS = {
    "verdict": "判定：每个专业点每一轮的状态及其由来。One row per unit × round: state, path, rules hit.",
    "evidence": "依据：每条规则每一年的分子、分母、比率、界线。One row per unit × round × rule × indicator.",
    "fragility": "差多少会改变判定。The smallest change in persons or in a line that changes a verdict.",
    "problem": "指标中无法采用的值。Indicator values that the mechanism could not use, each named.",
}


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["decisions", name],
            deps=UPSTREAM,
            group_name="decisions",
            description=description,
            kinds={"duckdb", "python"},
            owners=OWNERS,
        )
        for name, description in DESCRIPTIONS.items()
    ],
    partitions_def=rounds,
)
def decisions(
    context: dg.AssetExecutionContext, warehouse: DuckDBResource, district: District
) -> Iterator[dg.MaterializeResult]:
    """The mechanism applied to all rounds up to the partition's."""
    rulebook = read_rulebook(district.rulebook_file)
    last_round = int(context.partition_key)
    with warehouse.get_connection() as connection:
        decided = decide_round(connection, rulebook, last_round)
        store(connection, decided, last_round)
        states = decided.verdicts.query("round == @last_round")["state"].value_counts(sort=False)
        for name in DESCRIPTIONS:
            metadata = table_metadata(connection, f"decisions.{name}")
            if name == "verdict":
                metadata["states"] = markdown_bars({str(state): float(n) for state, n in states.items()})
            yield dg.MaterializeResult(["decisions", name], metadata=metadata)
