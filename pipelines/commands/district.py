"""Commands on a district's files: run, validate, template, sample."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import (
    ForecastFile,
    InputFolder,
    Lang,
    MeasuresFile,
    Profiles,
    RulebookFile,
    Warehouse,
    progress_display,
    told_plainly,
)
from pipelines.problems import Problem
from pipelines.settings import Settings, shipped_forecast, shipped_measures, shipped_rulebook
from pipelines.terminal import Terminal


def run(
    directory: InputFolder = Path("data/raw"),
    round_year: Annotated[
        int | None,
        typer.Option("--round", help="评议轮次（年），缺省为最近一届毕业生 / default: the latest cohort year"),
    ] = None,
    rulebook: RulebookFile = None,
    lang: Lang = "zh",
    out: Annotated[Path, typer.Option("--out", help="文件写到哪里 / where documents go")] = Settings.out,
    warehouse: Warehouse = Settings.warehouse,
    profiles: Profiles = None,
    measures: MeasuresFile = None,
    forecast: ForecastFile = None,
    force: Annotated[bool, typer.Option("--force", help="即使没有变化也重做 / even if nothing has changed")] = False,
) -> None:
    """从原始文件到匹配报告和预警名单。/ From raw files to the match report and the warning list."""
    with told_plainly(lang):
        from pipelines import run as main_job
        from pipelines.summary import print_run

        settings = Settings(
            directory, warehouse, rulebook or shipped_rulebook(), out, profiles, (lang,),
            measures=measures or shipped_measures(), forecast=forecast or shipped_forecast(),
        )  # fmt: skip
        with progress_display() as progress:
            outcome = main_job.run(settings, round_year, progress, force=force)
        print_run(outcome, settings, lang)


def validate(
    directory: InputFolder = Path("data/raw"),
    lang: Lang = "zh",
    warehouse: Warehouse = Settings.warehouse,
    profiles: Profiles = None,
    out: Annotated[
        Path, typer.Option("--out", help="更正工作簿和数据质量页写到哪里 / where correction workbooks and page go")
    ] = Settings.out,
) -> None:
    """读入并核对文件，写出更正工作簿。/ Read, check, write correction workbooks; exit code 1 if a row was refused."""
    with told_plainly(lang):
        from pipelines import run as main_job
        from pipelines.summary import print_validation

        keep_apart(directory, out)
        settings = Settings(directory, warehouse, out=out, profiles=profiles, languages=(lang,))
        with progress_display() as progress:
            checked, outgoing, pages = main_job.validate(settings, progress)
        refused = print_validation(checked, outgoing, pages, lang)
    if refused:
        raise typer.Exit(1)


def template(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="写到哪个文件夹 / folder to write to")],
    reference: Annotated[
        Path | None,
        typer.Option(
            "--reference",
            help="下拉框的学校、专业、年份取自哪里：数据仓库文件或输入文件夹；缺省为已有的数据仓库"
            " / warehouse file or input folder that the lists come from; default: the warehouse, if there is one",
        ),
    ] = None,
    lang: Lang = "zh",
) -> None:
    """写出各表的空白填报模板。/ Write a blank input form for every table."""
    with told_plainly(lang):
        from pipelines.templates import reference_tables, write_templates

        empty_or_new(directory)
        with reference_tables(reference) as connection:
            written = write_templates(directory, connection, lang)
        for file in written:
            Terminal().say(file)


def empty_or_new(directory: Path) -> None:
    """Problem unless nothing is in the folder that could be written over."""
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise Problem(
            f"文件夹 {directory} 不是空的，未写入。请给一个新文件夹。",
            f"The folder {directory} is not empty; nothing was written. Name a new folder.",
        )


def keep_apart(directory: Path, out: Path) -> None:
    """Problem where `out` lies in the input folder: what is written there would be read as if it had been sent."""
    if (out / "x").resolve().is_relative_to(directory.resolve()):
        raise Problem(
            f"输出文件夹 {out} 在输入文件夹 {directory} 里面，写出的文件会被当作报送的文件读入。请另选文件夹。",
            f"The output folder {out} lies in the input folder {directory}: what is written there would be read as if"
            " it had been sent. Name another folder.",
        )


def sample(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="写到哪个文件夹 / folder to write to")],
    lang: Lang = "zh",
) -> None:
    """写出虚构的样例区县。/ Write the fictional sample district's files."""
    with told_plainly(lang):
        from pipelines.sample_district import write

        empty_or_new(directory)
        write(directory)
        Terminal().say(directory)
