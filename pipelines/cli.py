"""The `duikou` command. Belongs here: options and what is printed. The work is in the modules that it calls."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipelines.problems import Problem
from pipelines.settings import LANGUAGES, Settings, shipped_rulebook

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=(
        "对口：把职业学校的专业与当地产业对照，发布匹配报告，执行专业预警和退出机制。\n\n"
        "Duikou sets vocational programs against local industry, publishes the match report, and runs the program"
        " warning-and-exit mechanism.\n\n"
        "第一次使用 / first steps:  duikou sample DIR  ->  duikou run DIR  ->  打开 open reports/published/"
    ),
)
console = Console(stderr=True)

Lang = Annotated[str, typer.Option("--lang", help="语言 zh 或 en / language of messages and documents")]
Profiles = Annotated[
    Path | None,
    typer.Option("--profiles", help="来源说明（YAML）所在文件夹 / folder with source profiles for foreign files"),
]
RulebookFile = Annotated[
    Path | None,
    typer.Option("--rulebook", help="规则文件，缺省为开州 / rule-book file; default: Kaizhou's"),
]
InputFolder = Annotated[
    Path, typer.Argument(metavar="DIR", help="原始文件所在文件夹 / folder with the files as they were sent")
]


@contextmanager
def told_plainly(lang: str) -> Iterator[None]:
    """Print a Problem as text and leave with exit code 1."""
    if lang not in LANGUAGES:
        console.print(f"--lang: zh / en, not {lang!r}", markup=False)
        raise typer.Exit(2)
    try:
        yield
    except Problem as problem:
        console.print(problem.in_language(lang), style="bold red", markup=False, highlight=False)
        raise typer.Exit(1) from None


@contextmanager
def progress_display() -> Iterator["StepProgress"]:
    """A progress bar over the steps of one or more jobs."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as display:
        yield StepProgress(display)


class StepProgress:
    """Shows the steps of each job as one bar."""

    def __init__(self, display: Progress) -> None:
        self.display = display
        self.task = display.add_task("…", total=None)

    def __call__(self, step: str, done: int, of: int) -> None:
        self.display.update(self.task, description=step.replace("__", "."), completed=done, total=of)


@app.command()
def run(
    directory: InputFolder = Path("data/raw"),
    round_year: Annotated[
        int | None,
        typer.Option("--round", help="评议轮次（年），缺省为最近一届毕业生 / default: the latest cohort year"),
    ] = None,
    rulebook: RulebookFile = None,
    lang: Lang = "zh",
    out: Annotated[Path, typer.Option("--out", help="文件写到哪里 / where documents go")] = Settings.out,
    warehouse: Annotated[Path, typer.Option("--warehouse", help="DuckDB 文件 / the DuckDB file")] = Settings.warehouse,
    profiles: Profiles = None,
    force: Annotated[bool, typer.Option("--force", help="即使没有变化也重做 / even if nothing has changed")] = False,
) -> None:
    """从原始文件到匹配报告和预警名单。/ From raw files to the match report and the warning list."""
    with told_plainly(lang):
        from pipelines import run as main_job
        from pipelines.summary import print_run

        settings = Settings(directory, warehouse, rulebook or shipped_rulebook(), out, profiles, (lang,))
        with progress_display() as progress:
            outcome = main_job.run(settings, round_year, progress, force=force)
        print_run(outcome, settings, lang)


@app.command()
def validate(
    directory: InputFolder = Path("data/raw"),
    lang: Lang = "zh",
    warehouse: Annotated[Path, typer.Option("--warehouse", help="DuckDB 文件 / the DuckDB file")] = Settings.warehouse,
    profiles: Profiles = None,
) -> None:
    """只读入并核对文件。/ Read and check the files only; exit code 1 when a row or file was refused."""
    with told_plainly(lang):
        from pipelines import run as main_job
        from pipelines.summary import print_validation

        settings = Settings(directory, warehouse, profiles=profiles, languages=(lang,))
        with progress_display() as progress:
            checked = main_job.validate(settings, progress)
        refused = print_validation(checked, lang)
    if refused:
        raise typer.Exit(1)


@app.command()
def decide(
    indicators: Annotated[
        Path,
        typer.Argument(
            help="指标长表 .csv / .parquet: unit, year, indicator, numerator + denominator 和/或 and/or value"
        ),
    ],
    rulebook: Annotated[Path, typer.Option("--rulebook", help="规则文件 / rule-book file")],
    out: Annotated[Path, typer.Option("--out", help="结果 / result: .csv .parquet")],
    lang: Lang = "zh",
) -> None:
    """对任意指标长表执行预警和退出机制。/ Run the mechanism on any long indicator table."""
    with told_plainly(lang):
        from pipelines.decide import decide_file

        decided = decide_file(indicators, rulebook, out)
        table = Table("state", "unit-years", title=str(out))
        for state, n in decided.verdicts["state"].value_counts(sort=False).items():
            table.add_row(str(state), str(n))
        console.print(table)
        for problem in decided.problems.to_dict("records"):
            place = f"{problem['unit']} {problem['year']} {problem['indicator']}"
            console.print(f"{place}: {problem[f'problem_{lang}']}", markup=False)


@app.command()
def explain(
    unit: Annotated[
        str, typer.Argument(metavar="SCHOOL|UNIT", help="学校（名称或代码），或专业点代码 / school, or unit")
    ],
    program: Annotated[str | None, typer.Argument(help="专业（名称或代码）/ program, by name or code")] = None,
    round_year: Annotated[
        int | None, typer.Option("--round", help="评议轮次（年），缺省为最近一轮 / default: the latest round")
    ] = None,
    rulebook: RulebookFile = None,
    warehouse: Annotated[Path, typer.Option("--warehouse", help="DuckDB 文件 / the DuckDB file")] = Settings.warehouse,
    lang: Lang = "zh",
) -> None:
    """说明一个专业点的判定从何而来。/ How one verdict came about: years, numbers, rules, source cells."""
    with told_plainly(lang):
        from pipelines.explain import explain_unit

        settings = Settings(warehouse=warehouse, rulebook=rulebook or shipped_rulebook())
        sys.stdout.write(explain_unit(settings, unit, program, round_year, lang) + "\n")


@app.command()
def simulate(
    rulebook: Annotated[
        list[Path] | None,
        typer.Option(
            "--rulebook", help="规则文件，可多次；第一个为基准 / rule-book, may be repeated; the first is the base"
        ),
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="改一个值，可多次 / change a value: direct_employment_low.below=0.65"),
    ] = None,
    sweep: Annotated[
        str | None,
        typer.Option("--sweep", help="一串值 / a range of values: direct_employment_low.below=0.50:0.70:0.05"),
    ] = None,
    round_year: Annotated[int | None, typer.Option("--round", help="评议轮次（年）/ default: the latest round")] = None,
    out: Annotated[Path, typer.Option("--out", help="文件写到哪里 / where the files go")] = Settings.out / "simulation",
    warehouse: Annotated[Path, typer.Option("--warehouse", help="DuckDB 文件 / the DuckDB file")] = Settings.warehouse,
    lang: Lang = "zh",
) -> None:
    """规则变了会怎样：谁的状态会变，涉及多少学生。/ What if: who would change state, with how many students."""
    with told_plainly(lang):
        from pipelines.simulate import simulate as try_rules
        from reports.simulation import summary

        books = rulebook or [shipped_rulebook()]
        trial = try_rules(warehouse, books, setting or [], sweep, round_year, out, lang)
        told = summary(trial.variants, lang)
        table = Table(title=str(trial.round))
        for column in told.columns:
            table.add_column(str(column), overflow="fold")
        for row in told.itertuples(index=False):
            table.add_row(*map(str, row))
        Console().print(table)
        for file in trial.files:
            sys.stdout.write(f"{file}\n")


ledger_app = typer.Typer(
    no_args_is_help=True, help="台账：征求意见、定稿、核验、重算。/ The append-only ledger of decisions."
)
app.add_typer(ledger_app, name="ledger")
RoundYear = Annotated[int, typer.Option("--round", help="评议轮次（年）/ round")]
Warehouse = Annotated[Path, typer.Option("--warehouse", help="DuckDB 文件 / the DuckDB file")]
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
        from pipelines.ledger import ledger_file, read_head, verify_ledger
        from pipelines.ledger_summary import print_verified

        file = ledger_file(Settings(warehouse=warehouse))
        altered = print_verified(verify_ledger(file, read_head(head) if head else None), lang)
    if altered:
        raise typer.Exit(1)


@ledger_app.command("replay")
def ledger_replay(warehouse: Warehouse = Settings.warehouse, lang: Lang = "zh") -> None:
    """用存下的输入重算每一轮。/ Recompute every recorded round from its stored inputs; exit code 1 on a difference."""
    with told_plainly(lang):
        from pipelines.ledger import ledger_file, replay
        from pipelines.ledger_summary import print_replayed

        differs = print_replayed(replay(ledger_file(Settings(warehouse=warehouse))), lang)
    if differs:
        raise typer.Exit(1)


@app.command()
def sample(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="写到哪个文件夹 / folder to write to")],
    lang: Lang = "zh",
) -> None:
    """写出虚构的样例区县。/ Write the fictional sample district's files."""
    with told_plainly(lang):
        from pipelines.sample_district import write

        if directory.exists() and any(directory.iterdir()):
            raise Problem(
                f"文件夹 {directory} 不是空的，未写入。请给一个新文件夹。",
                f"The folder {directory} is not empty; nothing was written. Name a new folder.",
            )
        write(directory)
        sys.stdout.write(f"{directory}\n")
