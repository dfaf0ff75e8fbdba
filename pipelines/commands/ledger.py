"""Commands on the append-only ledger of decisions: draft, final, verify, replay."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipelines.commands.options import Lang, RulebookFile, Warehouse, told_plainly
from pipelines.settings import Settings, shipped_rulebook

ledger_app = typer.Typer(
    no_args_is_help=True, help="台账：征求意见、定稿、核验、重算。/ The append-only ledger of decisions."
)
RoundYear = Annotated[int, typer.Option("--round", help="评议轮次（年）/ round")]
On = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="记录日期，缺省为今天 / date; default: today")
]


def record_stage(
    stage: Literal["draft", "final"],
    settings: Settings,
    round_year: int,
    on: datetime | None,
    supersede: str | None,
    lang: str,
) -> None:
    """Record one stage of a round and print what was recorded."""
    with told_plainly(lang):
        from pipelines.ledger import record
        from pipelines.ledger_summary import print_recorded

        recorded_on = on.date() if on else datetime.now(tz=UTC).astimezone().date()
        print_recorded(record(settings, round_year, stage, recorded_on, supersede), lang)


@ledger_app.command("draft")
def ledger_draft(
    round_year: RoundYear,
    rulebook: RulebookFile = None,
    warehouse: Warehouse = Settings.warehouse,
    on: On = None,
    lang: Lang = "zh",
) -> None:
    """记录一轮的征求意见稿，异议期从这一天开始。/ Record a round's draft; objections may come from this day on."""
    settings = Settings(warehouse=warehouse, rulebook=rulebook or shipped_rulebook())
    record_stage("draft", settings, round_year, on, None, lang)


@ledger_app.command("final")
def ledger_final(
    round_year: RoundYear,
    rulebook: RulebookFile = None,
    warehouse: Warehouse = Settings.warehouse,
    on: On = None,
    supersede: Annotated[
        str | None, typer.Option("--supersede", help="以新判定取代已定稿的理由 / why a final decision is superseded")
    ] = None,
    lang: Lang = "zh",
) -> None:
    """异议期满、异议均有裁定后定稿。/ Make a round final once the window is over and every objection is ruled on."""
    settings = Settings(warehouse=warehouse, rulebook=rulebook or shipped_rulebook())
    record_stage("final", settings, round_year, on, supersede, lang)


@ledger_app.command("verify")
def ledger_verify(
    warehouse: Warehouse = Settings.warehouse,
    head: Annotated[
        Path | None,
        typer.Option("--head", help="另处公布的最后一条（JSON: sequence, hash）/ last entry as published elsewhere"),
    ] = None,
    lang: Lang = "zh",
) -> None:
    """核验台账没有被改动。/ Prove that nothing in the ledger was altered; exit code 1 when something was."""
    with told_plainly(lang):
        from pipelines.ledger import read_head, verify_ledger
        from pipelines.ledger_summary import print_verified

        file = Settings(warehouse=warehouse).ledger_file
        altered = print_verified(verify_ledger(file, read_head(head) if head else None), lang)
    if altered:
        raise typer.Exit(1)


@ledger_app.command("replay")
def ledger_replay(warehouse: Warehouse = Settings.warehouse, lang: Lang = "zh") -> None:
    """用存下的输入重算每一轮。/ Recompute every recorded round from its stored inputs; exit code 1 on a difference."""
    with told_plainly(lang):
        from pipelines.ledger import replay
        from pipelines.ledger_summary import print_replayed

        differs = print_replayed(replay(Settings(warehouse=warehouse).ledger_file), lang)
    if differs:
        raise typer.Exit(1)
