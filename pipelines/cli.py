"""The `duikou` command: which commands there are. Each is described where it stands, in `pipelines/commands`."""

import typer

from pipelines.commands import district, ledger, mechanism, planning, publication

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

for command in (
    district.run,
    district.validate,
    district.template,
    mechanism.decide,
    mechanism.explain,
    mechanism.simulate,
    planning.plan,
    publication.publish,
    district.sample,
):
    app.command()(command)
app.add_typer(ledger.ledger_app, name="ledger")
