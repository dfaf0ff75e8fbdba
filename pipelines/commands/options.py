"""Options that several commands share, plain messages for problems, and the progress bar."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipelines.problems import Problem
from pipelines.settings import LANGUAGES
from pipelines.terminal import Terminal

console = Terminal(stderr=True)

Lang = Annotated[str, typer.Option("--lang", help="语言 zh 或 en / language of messages and documents")]
Profiles = Annotated[
    Path | None,
    typer.Option("--profiles", help="来源说明（YAML）所在文件夹 / folder with source profiles for foreign files"),
]
RulebookFile = Annotated[
    Path | None,
    typer.Option("--rulebook", help="规则文件，缺省为开州 / rule-book file; default: Kaizhou's"),
]
MeasuresFile = Annotated[
    Path | None,
    typer.Option("--measures", help="指标算法的设置，缺省为随附的 / how indices are computed; default: as shipped"),
]
ForecastFile = Annotated[
    Path | None,
    typer.Option("--forecast", help="需求预测的设置，缺省为随附的 / how demand is forecast; default: as shipped"),
]
Warehouse = Annotated[Path, typer.Option("--warehouse", help="DuckDB 文件 / the DuckDB file")]
InputFolder = Annotated[
    Path, typer.Argument(metavar="DIR", help="原始文件所在文件夹 / folder with the files as they were sent")
]


@contextmanager
def told_plainly(lang: str) -> Iterator[None]:
    """Print a Problem as text and leave with exit code 1."""
    if lang not in LANGUAGES:
        console.print(f"--lang: zh / en, not {lang!r}")
        raise typer.Exit(2)
    try:
        yield
    except Problem as problem:
        console.print(problem.in_language(lang), style="bold red")
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
