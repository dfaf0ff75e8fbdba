"""Commands on the mechanism: decide, explain, simulate."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pipelines.commands.options import Lang, RulebookFile, Warehouse, console, told_plainly
from pipelines.settings import Settings, shipped_rulebook
from pipelines.terminal import Terminal


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
            console.print(f"{place}: {problem[f'problem_{lang}']}")


def explain(
    unit: Annotated[
        str, typer.Argument(metavar="SCHOOL|UNIT", help="学校（名称或代码），或专业点代码 / school, or unit")
    ],
    program: Annotated[str | None, typer.Argument(help="专业（名称或代码）/ program, by name or code")] = None,
    round_year: Annotated[
        int | None, typer.Option("--round", help="评议轮次（年），缺省为最近一轮 / default: the latest round")
    ] = None,
    rulebook: RulebookFile = None,
    warehouse: Warehouse = Settings.warehouse,
    lang: Lang = "zh",
) -> None:
    """说明一个专业点的判定从何而来。/ How one verdict came about: years, numbers, rules, source cells."""
    with told_plainly(lang):
        from pipelines.explain import explain_unit

        settings = Settings(warehouse=warehouse, rulebook=rulebook or shipped_rulebook())
        Terminal().say(explain_unit(settings, unit, program, round_year, lang))


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
    warehouse: Warehouse = Settings.warehouse,
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
        printed = Terminal()
        printed.print(table)
        for file in trial.files:
            printed.say(file)
