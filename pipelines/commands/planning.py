"""The command on next year's enrollment plan: plan."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pipelines.commands.options import Lang, RulebookFile, Warehouse, told_plainly
from pipelines.settings import Settings, shipped_plan_settings, shipped_rulebook
from pipelines.terminal import Terminal


def plan(
    round_year: Annotated[
        int | None, typer.Option("--round", help="评议轮次（年），缺省为最近一轮 / default: the latest round decided")
    ] = None,
    settings: Annotated[
        Path | None,
        typer.Option("--settings", help="招生计划编制规则，缺省为开州 / the plan's settings; default: Kaizhou's"),
    ] = None,
    rulebook: RulebookFile = None,
    out: Annotated[Path, typer.Option("--out", help="文件写到哪里 / where the file goes")] = Settings.out / "plan",
    warehouse: Warehouse = Settings.warehouse,
    lang: Lang = "zh",
) -> None:
    """下一年度招生计划：与上年对照，每项增减的理由，各项限制的代价。/ Next year's seats beside last year's, and why.

    没有可行的计划时列出互相矛盾的要求，退出码 1。/ Without a feasible plan: what contradicts what, exit code 1.
    """
    with told_plainly(lang):
        from pipelines.plan import plan_file
        from reports.plan import costs, signed, summary_lines, worth
        from reports.wording import number, texts

        made = plan_file(
            Settings(
                warehouse=warehouse, out=out, rulebook=rulebook or shipped_rulebook(),
                plan=settings or shipped_plan_settings(), languages=(lang,),
            ),
            round_year,
        )  # fmt: skip
        text, console = texts(lang)["plan"], Terminal()
        titles = text["columns"]
        if made.tables.feasible:
            names = ("school_name", "program_name", "last_seats", "seats", "change", "matched", "value_of_a_seat")
            table = Table(title=text["title"].format(year=made.plan_year))
            for name in names:
                table.add_column(titles[name], overflow="fold")
            for row in made.tables.frames["plan_unit"].to_dict("records"):
                table.add_row(
                    row["school_name"], row["program_name"], number(row["last_seats"], 0), number(row["seats"], 0),
                    signed(row["seats"] - row["last_seats"]), number(row["matched"], 1),
                    worth(row["value_of_a_seat"]),
                )  # fmt: skip
            console.print(table)
            prices = Table()
            for name in ("kind", "value", "reached", "price", "cost"):
                prices.add_column(titles[name], overflow="fold")
            for kind, value, reached, price, cost, _ in costs(made.tables, lang):
                prices.add_row(str(kind), str(value), str(reached), str(price), str(cost))
            console.print(prices)
        for line in summary_lines(made.tables, lang):
            console.print(line, soft_wrap=True)
        for problem in made.tables.frames["plan_problem"].to_dict("records"):
            console.print(f"- {problem['code']}: {problem[f'problem_{lang}']}")
        console.say(made.file)
    if not made.tables.feasible:
        raise typer.Exit(1)
