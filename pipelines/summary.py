"""What `duikou run` and `duikou validate` print: counts of rows, checks, verdicts, and where the documents are."""

from pathlib import Path

import duckdb
from rich.table import Table

from pipelines.corrections import Outgoing
from pipelines.quality import reasons
from pipelines.rule_texts import read_rulebook
from pipelines.run import Outcome
from pipelines.settings import Settings
from pipelines.terminal import Terminal
from pipelines.warehouse.rows import only_row

TEXTS = {
    "zh": {
        "rows": "收文台账",
        "landed": "落地",
        "accepted": "接收",
        "quarantined": "隔离",
        "superseded": "已被替代",
        "non_data": "非数据行",
        "table": "表",
        "reasons": "退回原因",
        "more": "……另有 {n} 条，见报告或 quarantine.finding 表",
        "checks": "核对：{n} 项期望；收到的各行有 {received} 项、与其他行比较有 {compared} 项未满足，"
        "接收的各行有 {accepted} 项未满足",
        "questions": "请核对（行已采用）",
        "notes": "提示 {n} 处",
        "quality": "数据质量",
        "states": "{round} 年度评议",
        "problems": "评议时未能照原样采用的",
        "more_problems": "……另有 {n} 条，见 decisions.problem 表",
        "state": "状态",
        "programs": "专业点",
        "current": "输入、规则和程序都没有变化，沿用上次结果（--force 可重做）。",
        "documents": "文件",
        "warehouse": "数据仓库",
        "seconds": "用时（秒）",
        "unread": "未能读取或不认识的文件",
        "corrections": "更正工作簿（发给报送单位，改好后放回输入文件夹）",
        "open_names": "不认识的学校、专业写法（认定后放回输入文件夹）",
        "correction": "{sender}：退回 {refused} 处，核对 {flagged} 处",
    },
    "en": {
        "rows": "Account of rows",
        "landed": "landed",
        "accepted": "accepted",
        "quarantined": "quarantined",
        "superseded": "superseded",
        "non_data": "non-data",
        "table": "table",
        "reasons": "Refused",
        "more": "… and {n} more, see the report or the table quarantine.finding",
        "checks": "Checks: {n} expectations; {received} broken by rows as received, {accepted} by accepted rows,"
        " {compared} by comparison with other rows",
        "questions": "To be checked (the rows are in use)",
        "notes": "{n} notes",
        "quality": "Data quality",
        "states": "Round {round}",
        "problems": "Could not be used as it stands",
        "more_problems": "… and {n} more, see the table decisions.problem",
        "state": "state",
        "programs": "programs",
        "current": "Inputs, rules and code are unchanged: the last results stand (--force redoes them).",
        "documents": "Documents",
        "warehouse": "Warehouse",
        "seconds": "Seconds",
        "unread": "Files that could not be read or recognised",
        "corrections": "Correction workbooks (send them out; put what comes back into the input folder)",
        "open_names": "Unknown names of schools and programs (decide, then put the file into the input folder)",
        "correction": "{sender}: {refused} to correct, {flagged} to check,",
    },
}
REASONS_SHOWN = 12


def print_run(outcome: Outcome, settings: Settings, lang: str) -> None:
    """Print what a run did and where its documents are."""
    text, console = TEXTS[lang], Terminal()
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        print_ingest(connection, console, lang)
        states = connection.execute(
            "select state, count(*) from decisions.verdict where as_of_round = $1 and round = $1"
            " group by state, rank order by rank",
            [outcome.round],
        ).fetchall()
        problems = connection.execute(
            f"select concat_ws(' ', unit, year, indicator, problem_{lang}) from decisions.problem"
            " where as_of_round = ? order by unit, year",
            [outcome.round],
        ).fetchall()
    table = Table(text["state"], text["programs"], title=text["states"].format(round=outcome.round))
    names = {state.id: state.name.in_language(lang) for state in read_rulebook(settings.rulebook).ladder}
    for state, n in states:
        table.add_row(names[state], str(n))
    console.print(table)
    print_messages(console, text["problems"], problems, text["more_problems"])
    console.print(text["seconds"], " ".join(f"{name} {value:.1f}" for name, value in outcome.seconds.items()))
    if outcome.current:
        console.print(text["current"])
    for label, paths in ((text["documents"], outcome.files), (text["warehouse"], [settings.warehouse])):
        for path in paths:
            console.print(f"{label}: {path}", soft_wrap=True)


def print_messages(console: Terminal, title: str, messages: list[tuple[str]], more: str) -> None:
    """The first of some messages under a title, and how many more there are; nothing when there are none."""
    if messages:
        console.print(title, style="bold")
    for (message,) in messages[:REASONS_SHOWN]:
        console.print(f"- {message}", soft_wrap=True)
    if len(messages) > REASONS_SHOWN:
        console.print(more.format(n=len(messages) - REASONS_SHOWN))


def print_validation(checked: Path, outgoing: Outgoing, pages: list[Path], lang: str) -> int:
    """Print what ingest found, the correction workbooks and pages; the number of refused rows and unreadable files."""
    console = Terminal()
    with duckdb.connect(str(checked), read_only=True) as connection:
        refused = print_ingest(connection, console, lang)
    text = TEXTS[lang]
    if outgoing.handed:
        console.print(text["corrections"], style="bold")
    for entry in outgoing.handed:
        counts = text["correction"].format(sender=entry.sender, refused=entry.refused, flagged=entry.flagged)
        console.print(f"- {counts} {entry.path}", soft_wrap=True)
    for page in pages:
        console.print(f"{text['quality']}: {page}", soft_wrap=True)
    if outgoing.open_names:
        console.print(f"{text['open_names']}: {outgoing.open_names}", soft_wrap=True)
    return refused


def print_ingest(connection: duckdb.DuckDBPyConnection, console: Terminal, lang: str) -> int:
    """Print the account, the refused rows with their reasons and the checks; returns the number of refusals."""
    text = TEXTS[lang]
    counts = ("landed", "accepted", "quarantined", "superseded", "non_data")
    table = Table(text["table"], *(text[name] for name in counts), title=text["rows"])
    sums = ", ".join(f"sum({name})::bigint" for name in counts)
    rows = connection.sql(
        f"select coalesce(contract, '—'), {sums} from landed.account group by 1 order by 1"
    ).fetchall()
    for name, *numbers in rows:
        table.add_row(str(name), *(str(number) for number in numbers))
    console.print(table)
    unread = connection.sql(
        f"select file, message_{lang} from landed.file where status in ('unreadable', 'unrecognised') order by file"
    ).fetchall()
    refused = connection.sql(
        f"select message_{lang} from quarantine.finding where severity = 'refuse' order by file, sheet, cell"
    ).fetchall()
    print_messages(console, text["reasons"], refused, text["more"])
    for file, message in unread:
        console.print(f"{text['unread']}: {file}: {message}")
    checks = only_row(
        connection,
        "select count(*), count_if(not success and stage = 'received'), count_if(not success and stage = 'accepted'),"
        " count_if(not success and stage = 'compared') from checks.expectation",
    )
    print_questions(connection, console, lang)
    console.print(text["checks"].format(n=checks[0], received=checks[1], accepted=checks[2], compared=checks[3]))
    return len(refused) + len(unread)


def print_questions(connection: duckdb.DuckDBPyConnection, console: Terminal, lang: str) -> None:
    """Print how many questions there are by reason, and the number of notes."""
    text, found = TEXTS[lang], reasons(connection)
    flagged = found[found["severity"] == "flag"]
    if len(flagged):
        console.print(text["questions"], style="bold")
    for title, n in zip(flagged[f"title_{lang}"], flagged["n"], strict=True):
        console.print(f"- {title}: {n}", soft_wrap=True)
    notes = found.loc[found["severity"] == "note", "n"].sum()
    if notes:
        console.print(text["notes"].format(n=notes))
