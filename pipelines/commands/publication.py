"""Commands on what the public sees: publish."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import Lang, RulebookFile, Warehouse, console, told_plainly
from pipelines.settings import Settings, shipped_rulebook
from pipelines.terminal import Terminal


def publish(
    public: Annotated[Path, typer.Option("--public", metavar="DIR", help="公开文件夹 / folder that the public sees")],
    round_year: Annotated[
        int | None, typer.Option("--round", help="评议轮次（年），缺省为最近一轮 / default: the latest round")
    ] = None,
    publisher: Annotated[
        str | None, typer.Option(help="发布单位，缺省为规则文件的机关 / default: the rule-book's authority")
    ] = None,
    contact: Annotated[str, typer.Option(help="联系方式 / whom to ask")] = "",
    licence: Annotated[str, typer.Option(help="许可（SPDX 代号）/ licence (SPDX id)")] = "CC-BY-4.0",
    licence_url: Annotated[
        str, typer.Option(help="许可全文的地址 / where the licence's text is")
    ] = "https://creativecommons.org/licenses/by/4.0/",
    trial: Annotated[
        bool, typer.Option("--trial", help="只是试看：不登记为已公开 / only to look at: not recorded as published")
    ] = False,
    rulebook: RulebookFile = None,
    warehouse: Warehouse = Settings.warehouse,
    lang: Lang = "zh",
) -> None:
    """写出可以公开的内容：小数目已隐去。/ Write what may be public; small numbers are hidden."""
    with told_plainly(lang):
        from pipelines.publish import publish as write_public
        from reports.open_data import Publication

        settings = Settings(warehouse=warehouse, rulebook=rulebook or shipped_rulebook())
        stated = Publication(publisher or "", contact, licence, licence_url, trial)
        published = write_public(settings, public, round_year, stated)
        for cell in published.unprotected:
            told = {
                "zh": "以前已经公开，隐去也无用：",
                "en": "shown by an earlier publication; hiding it is too late: ",
            }
            console.print(f"{told[lang]}{cell}", style="yellow")
        for file in published.files:
            Terminal().say(file)
