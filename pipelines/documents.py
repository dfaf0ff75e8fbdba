"""From the warehouse to the frames that documents are built from."""

from hashlib import sha256
from pathlib import Path

import duckdb

from models.rulebook import Rulebook
from pipelines.contracts import contracts
from pipelines.decisions import read_rulebook
from pipelines.ledger import standings
from pipelines.plan import TABLES as PLAN_TABLES
from pipelines.plan import read_settings
from pipelines.settings import LANGUAGES
from pipelines.warehouse.rows import only_row
from reports.round_tables import PlanTables, RoundTables

# The marts that documents show; their assets are upstream of every document.
MARTS = (
    "unit",
    "indicator",
    "indicator_source",
    "industry_share",
    "supply_share",
    "match_index",
    "class_member",
    "openings_to_seekers",
    "data_quality",
    "allotment",
    "program_balance",
    "occupation_balance",
    "surplus_witness",
    "duplicate_program",
    "unfed_occupation",
    "employment_series",
    "demand_forecast",
    "forecast_backtest",
    "forecast_finding",
    "skill_supply_demand",
    "shortage_signal",
    "shortage_occupation",
    "training_occupation",
    "program_to_expand",
    "program_to_consider",
    "duplicate_supplier",
)


def read_round_tables(
    connection: duckdb.DuckDBPyConnection,
    rulebook_file: Path,
    ledger: Path,
    round_year: int,
    plan_file: Path | None = None,
) -> RoundTables:
    """All frames of one round: marts, its decisions and where they stand, the account of the files, what was refused.

    With the file of the plan's settings also the plan made in the round.
    marts.indicator_source gets the titles of its columns (column_zh, column_en) from the contracts.
    """
    frames = {f"marts.{name}": connection.sql(f"from marts.{name}").df() for name in MARTS}
    for name in ("verdict", "evidence", "fragility", "expansion_point"):
        frames[f"decisions.{name}"] = (
            connection.execute(f"from decisions.{name} where as_of_round = ?", [round_year])
            .df()
            .drop(columns=["as_of_round", "rulebook_digest"], errors="ignore")
        )
    for table in (
        "core.english_name", "core.catalogue_definition", "core.shortage_grade",
        "landed.account", "landed.file", "quarantine.finding", "checks.expectation",
    ):  # fmt: skip
        frames[table] = connection.sql(f"from {table}").df()
    frames["ledger.standing"] = standings(ledger, round_year)
    titles = {column.name: column.title for table in ("enrollment", "outcome") for column in contracts()[table].columns}
    sources = frames["marts.indicator_source"]
    for lang in LANGUAGES:
        named = {name: title.in_language(lang) for name, title in titles.items()}
        sources[f"column_{lang}"] = sources["column_name"].map(named)
    (digests,) = only_row(connection, "select string_agg(file_digest, ',' order by file_digest) from landed.file")
    (region,) = only_row(connection, "select mode(region) from core.industry")
    rulebook = read_rulebook(rulebook_file)
    return RoundTables(
        round=round_year,
        region=region or "",
        rulebook=rulebook,
        rulebook_digest=sha256(rulebook_file.read_bytes()).hexdigest(),
        input_digest=sha256((digests or "").encode()).hexdigest(),
        frames=frames,
        plan=read_plan_tables(connection, plan_file, rulebook, round_year) if plan_file else None,
    )


def read_plan_tables(
    connection: duckdb.DuckDBPyConnection, plan_file: Path, rulebook: Rulebook, round_year: int
) -> PlanTables:
    """The plan that was made in a round, as it is stored."""
    frames = {
        name: connection.execute(
            f"select * exclude (as_of_round) from decisions.{name} where as_of_round = ?", [round_year]
        ).df()
        for name in PLAN_TABLES
    }
    return PlanTables(round_year, frames, read_settings(plan_file), rulebook)
