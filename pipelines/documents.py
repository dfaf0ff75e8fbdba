"""From the warehouse to the frames that documents are built from."""

from hashlib import sha256
from pathlib import Path

import duckdb

from models.rulebook import Rulebook
from pipelines.contracts import Bilingual, contracts
from pipelines.ledger import standings
from pipelines.plan import TABLES as PLAN_TABLES
from pipelines.rule_texts import read_plan_settings, read_rulebook
from pipelines.settings import LANGUAGES
from pipelines.warehouse.rows import only_row
from reports.round_tables import PlanTables, RoundTables

# The marts that documents show; their assets are upstream of every document.
UNRECOGNISED = Bilingual(zh="未能识别的表", en="Tables that fit no contract")
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
    "program_industry",
    "input_source",
    "source_file",
)
# What is looked up beside them: names, relations, human decisions, enrollment.
LOOKED_UP = (
    "english_name", "industry_class", "crosswalk", "enrollment", "ruling", "objection", "exemption",
    "catalogue_definition", "shortage_grade",
)  # fmt: skip


def read_round_tables(
    connection: duckdb.DuckDBPyConnection,
    rulebook_file: Path,
    ledger: Path,
    round_year: int,
    plan_file: Path | None = None,
) -> RoundTables:
    """All frames of one round: marts, its decisions and where they stand, the account of the files, what was refused.

    With the file of the plan's settings also the plan made in the round.
    marts.indicator_source and marts.input_source get the titles of their columns (column_zh, column_en), and
    marts.source_file those of its tables (contract_zh, contract_en), from the contracts.
    """
    frames = {f"marts.{name}": connection.sql(f"from marts.{name}").df() for name in MARTS}
    frames |= {f"core.{name}": connection.sql(f"from core.{name}").df() for name in LOOKED_UP}
    for name in ("verdict", "evidence", "fragility", "expansion_point"):
        frames[f"decisions.{name}"] = (
            connection.execute(f"from decisions.{name} where as_of_round = ?", [round_year])
            .df()
            .drop(columns=["as_of_round", "rulebook_digest"], errors="ignore")
        )
    for table in (
        "landed.account", "landed.file", "quarantine.finding", "checks.expectation",
    ):  # fmt: skip
        frames[table] = connection.sql(f"from {table}").df()
    frames["ledger.standing"] = standings(ledger, round_year)
    titles = {
        (name, column.name): column.title for name, contract in contracts().items() for column in contract.columns
    }
    for name in ("indicator_source", "input_source"):
        sources = frames[f"marts.{name}"]
        for lang in LANGUAGES:
            sources[f"column_{lang}"] = [
                titles[place].in_language(lang)
                for place in zip(sources["contract"], sources["column_name"], strict=True)
            ]
    for lang in LANGUAGES:
        named = {name: contract.title.in_language(lang) for name, contract in contracts().items()}
        named[""] = UNRECOGNISED.in_language(lang)
        frames["marts.source_file"][f"contract_{lang}"] = frames["marts.source_file"]["contract"].map(named)
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
    return PlanTables(round_year, frames, read_plan_settings(plan_file), rulebook)
