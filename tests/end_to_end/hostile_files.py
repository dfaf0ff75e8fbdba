"""The sample district with names that attack whatever shows them: schools, programs, occupations, files, senders."""

import csv
import io
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import openpyxl

from tests.district import ROOT

FORMULAS = ['=HYPERLINK("http://evil.example/f","x")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1:A9)", "＝1+1"]
MARKUP = [
    "<script>alert(1)</script>", '"><img src=http://evil.example/i onerror=alert(2)>',
    "</script><script>alert(3)</script>",
    "<a href='http://evil.example/a'>x</a><b>y</b>", "![x](http://evil.example/m.png)", "{{7*7}}{% raw %}",
    "' onmouseover='alert(4)", "[bold]x[/] [/red] :smile:", "&lt;i&gt;z&amp;", "${alert(5)}</td></table>",
    "<svg onload=alert(6)>", "]]><x/>", "http://evil.example/bare", "javascript:alert(7)",
]  # fmt: skip
PATHS = ["../../etc/x", "..\\..\\x", "con", "/etc/passwd", "C:\\x:y"]
STEERING = ["a\x1b[31mred\x1b]0;t\x07", "甲\u202etxt.exe", "乙\u2066丙", "丁\x9b2J", "戊\0己", "庚\x7f辛", "壬\t=1"]
HOSTILE = [*FORMULAS, *MARKUP, *PATHS, *STEERING]


def plant(folder: Path) -> None:
    """Write the district to `folder`: every school, program and occupation has a hostile name, others are files'."""
    shutil.copytree(ROOT / "data" / "raw", folder)
    schools(folder / "基础" / "学校名录.xlsx")
    names, renamed = programs(folder / "基础" / "专业目录（非官方整理）.csv")
    codes_for_names(folder, names)
    occupations(folder / "人社", folder / "对照")
    refused_files(folder / "学校上报", renamed)


def schools(file: Path) -> None:
    """The list of schools as CSV, which carries any sign; the old names become aliases."""
    rows = [list(row) for row in openpyxl.load_workbook(file).active.iter_rows(values_only=True)]
    head = next(place for place, row in enumerate(rows) if row[0] == "学校代码")
    name, aliases = rows[head].index("学校名称"), rows[head].index("别名")
    names = iter(
        [PATHS[0], PATHS[2], FORMULAS[0], MARKUP[1], STEERING[0], MARKUP[9], FORMULAS[3], STEERING[1], MARKUP[3]]
    )
    for row in rows[head + 1 :]:
        if row[0] and str(row[0]).startswith("KZ"):
            row[aliases] = ";".join(filter(None, [str(row[aliases] or ""), str(row[name])]))
            row[name] = next(names)
    file.unlink()
    write_csv(file.with_suffix(".csv"), rows[head:])


def programs(file: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Hostile names for all programs of the current edition: code by old name, new name by code."""
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    edition, code, name = (rows[0].index(title) for title in ("目录版本", "专业代码", "专业名称"))
    codes, renamed = {}, {}
    for number, row in enumerate(row for row in rows[1:] if row[edition] == "2021"):
        codes[row[name]] = row[code]
        row[name] = f"{HOSTILE[number % len(HOSTILE)]}{'' if number < len(HOSTILE) else number}"
        renamed[row[code]] = row[name]
    write_csv(file, rows)
    return codes, renamed


def codes_for_names(folder: Path, codes: dict[str, str]) -> None:
    """Programs by code alone wherever schools and departments name them: their old names mean nothing any more."""

    def code_in(text: object) -> object:
        plain = str(text or "").strip()
        return plain[:6] if re.match("[0-9]{6}", plain) and len(plain) > 6 else codes.get(plain, text)

    for file in sorted((folder / "学校上报").glob("*.xlsx")):
        book = openpyxl.load_workbook(file)
        for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
            if isinstance(cell.value, str) and cell.value != code_in(cell.value):
                cell.value = code_in(cell.value)
        book.save(file)
    file = folder / "教委" / "招生与在校生.csv"
    rows = [list(map(code_in, row)) for row in csv.reader(io.StringIO(file.read_bytes().decode("gb18030")))]
    write_csv(file, [[str(cell) for cell in row] for row in rows])


def occupations(*folders: Path) -> None:
    """Hostile names for occupations, the same in every workbook and table."""
    given: dict[str, str] = {}
    for file in sorted(file for folder in folders for file in folder.glob("*.xlsx")):
        book = openpyxl.load_workbook(file)
        for sheet in book:
            titles = {cell.value: cell.column for row in sheet.iter_rows(max_row=6) for cell in row if cell.value}
            column = titles.get("职业名称") or titles.get("职业")
            for row in sheet.iter_rows(min_row=3):
                cell = row[column - 1] if column else None
                if cell is not None and cell.value and str(cell.value) not in ("职业名称", "职业", "合计"):
                    number = len(given)
                    given.setdefault(str(cell.value), f"{[*FORMULAS, *MARKUP][number % 19]} 职{number}")
                    cell.value = given[str(cell.value)]
                    cell.data_type = "s"
        book.save(file)


def refused_files(folder: Path, programs: dict[str, str]) -> None:
    """Files with hostile names, each with a row that is refused and so comes back to its sender."""
    header = ["学校", "专业", "毕业年份", "毕业生数", "备注<b>"]
    for number, name in enumerate([*HOSTILE, "\udcff\udcfe坏", "换\n行", "毕业生"]):
        sender = folder / f"发{number}{name.replace('/', '∕').replace(chr(0), '')}"
        row = [HOSTILE[number % len(HOSTILE)], name.encode("utf-8", "replace").decode(), "2024", "=1+1", HOSTILE[0]]
        os.makedirs(sender, exist_ok=True)
        write_csv(sender / f"{sender.name[1:]}.csv", [header, row])
    gb_name = os.fsdecode(os.fsencode(folder) + "/乡镇毕业生.csv".encode("gb18030"))
    write_csv(Path(gb_name), [header, [next(iter(programs)), "x", "2024", "1", ""]])


def write_csv(file: Path, rows: Iterable[Iterable[object]]) -> None:
    """A CSV in UTF-8 with every cell quoted."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(
        ["" if cell is None else cell for cell in row] for row in rows
    )
    file.write_bytes(text.getvalue().encode("utf-8", "replace"))
