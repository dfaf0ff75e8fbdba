"""What the `duikou ledger` commands print. Belongs here: words and tables. Does not belong here: the ledger itself."""

import json

from rich.table import Table

from pipelines.ledger import Difference, Recorded
from pipelines.terminal import Terminal

TEXTS = {
    "zh": {
        "recorded": "{round} 轮{stage}：新记 {n} 条，台账共 {last} 条。",
        "nothing": "与台账中已有的判定完全相同，没有新记。",
        "draft": "征求意见稿", "final": "定稿",
        "head": "请把最后一条另行公布，以便日后核验：",
        "objections": "异议",
        "open": "待裁定", "answered": "已裁定", "late": "逾期，不受理", "early": "早于征求意见稿，不受理",
        "no_draft": "没有征求意见稿，不受理",
        "columns": ("专业点", "收到日期", "异议期", "情况"),
        "intact": "台账 {n} 条，哈希链和存下的输入都完好。",
        "altered": "台账被改动：",
        "same": "{n} 条判定全部重算，结果与记录一致。",
        "different": "{n} 条判定重算，{d} 条与记录不同：",
        "difference": "第 {sequence} 条 {unit} {round} 轮：记录为 {recorded}，重算为 {recomputed}",
    },
    "en": {
        "recorded": "Round {round}, {stage}: {n} new entries; the ledger holds {last}.",
        "nothing": "The verdicts are those that the ledger holds already; nothing was recorded.",
        "draft": "draft", "final": "final",
        "head": "Publish the last entry elsewhere, so that the ledger can be verified later:",
        "objections": "Objections",
        "open": "waits for a ruling", "answered": "ruled on", "late": "after the window, not heard",
        "early": "before the draft, not heard", "no_draft": "no draft to object to, not heard",
        "columns": ("unit", "received on", "window", "status"),
        "intact": "{n} entries; the hash chain and the stored inputs are intact.",
        "altered": "The ledger was altered:",
        "same": "{n} decisions recomputed; every one is as recorded.",
        "different": "{n} decisions recomputed; {d} differ from what was recorded:",
        "difference": "entry {sequence}, {unit}, round {round}: recorded {recorded}, recomputed {recomputed}",
    },
}  # fmt: skip


def print_recorded(found: Recorded, lang: str) -> None:
    """Print the new entries' number, the objections and the chain's last entry."""
    text, console = TEXTS[lang], Terminal()
    if not found.added:
        console.print(text["nothing"])
    else:
        stage = text[found.added[-1].stage]
        said = {"round": found.added[-1].round, "stage": stage, "n": len(found.added), "last": found.last.sequence}
        console.print(str(text["recorded"]).format(**said))
    if len(found.objections):
        table = Table(*text["columns"], title=str(text["objections"]))
        for row in found.objections.to_dict("records"):
            window = f"{row['window_from']} – {row['window_to']}" if row["window_from"] else ""
            table.add_row(str(row["unit"]), str(row["received_on"]), window, str(text[str(row["status"])]))
        console.print(table)
    console.print(text["head"])
    head = json.dumps({"sequence": found.last.sequence, "hash": found.last.hash})
    console.print(head, soft_wrap=True)


def print_verified(found: tuple[int, list[str]], lang: str) -> bool:
    """Print whether the ledger is intact; True when it was altered."""
    text, console = TEXTS[lang], Terminal()
    number, problems = found
    if not problems:
        console.print(str(text["intact"]).format(n=number))
    else:
        console.print(text["altered"])
        for problem in problems:
            console.print(problem, soft_wrap=True)
    return bool(problems)


def print_replayed(found: tuple[int, list[Difference]], lang: str) -> bool:
    """Print whether every decision comes out as recorded; True when one does not."""
    text, console = TEXTS[lang], Terminal()
    number, differences = found
    said = "different" if differences else "same"
    console.print(str(text[said]).format(n=number, d=len(differences)))
    for one in differences:
        console.print(str(text["difference"]).format(**vars(one)), soft_wrap=True)
    return bool(differences)
