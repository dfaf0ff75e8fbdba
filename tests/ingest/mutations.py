"""What happens to good tables: the shapes in which schools and departments really send them.

Belongs here: one mutation after the other, each drawing what it changes. Does not belong here: the tables
(`good_tables`), which file suffers which mutations (`mutated_files`), the bytes (`forms`).
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.ingest.forms import Page, Row, full_width
from tests.ingest.good_tables import TABLES

JUNK = [
    *("", " ", "　", "—", "…", "/", "无", "空", "na", "N.A.", "ns", "*", "**", "－", "0", "-5", "十二", "1e400"),
    *(
        "9" * 30,
        "0.9",
        "105%",
        "92.5％",
        "925‰",
        "1,030",
        "1 030",
        "４０",
        "12①",
        "12（注1）",
        "350人",
        "1.2万",
        "3亿元",
    ),
    *("合计", "小计", "总计", "全区合计", "注：x", "示例：", "2023届", "二〇二三", "2022-2023学年", "45291", "nan"),
    *("2024/1/5", "2024年9月1日", "20240901", "12/31/2024", "1 Sep 2024", "2024Q3", "二〇二四年一季度"),
    *("=1+1", '=HYPERLINK("http://x.example","x")', "+1+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1"),
    *("<script>alert(1)</script>", "<b>x</b>", "&amp;", "'; drop table x;--", "{name}", "%s", "$1", "../../etc/x"),
    *('"', 'a"b', '"a', "'", ",", ";", "\t", "|", "a\nb", "a\r\nb", "\n", "\ufffd", "\u202e倒", "\u200f右", "\u2066x"),
    *("🙂", "䶮㐀𠀀", "\ud800", "x\udfffy", "\x00", "甲\x00乙", "\x1f", "\x7f", "\u2028", "\x85", "_xD800_", "_x0000_"),
    *("学校", "专业", "毕业年份", "毕业生数", "学校代码", "专业名称", "单位：万人", "序号", "甲", "1", "sep=;"),
    *("校：" * 400, "x" * 32767, "注" * 32768, "9" * 40000, "a,b;c\t" * 300),
]
MISSING = ["—", "…", "/", "无", "空", "na", "N.A.", "ns", "*", "**", "", "－"]
FOOTNOTES = ["①", "*", "†", "[1]", "注1", "（注1）"]


@dataclass
class Book:
    """A file in the making: its sheets, and what was drawn for its bytes."""

    pages: list[Page]
    delimiter: str = ","


def pick(draw: random.Random, book: Book) -> Page:
    return draw.choice(book.pages)


def headers(page: Page) -> list[Row]:
    return [row for row in page.rows if row.header]


def data(page: Page) -> list[Row]:
    return [row for row in page.rows if row.data and row.cells]


def any_row(draw: random.Random, page: Page) -> Row | None:
    rows = [row for row in page.rows if row.cells]
    return draw.choice(rows) if rows else None


def a_value(draw: random.Random, page: Page, change: Callable[[str], str]) -> None:
    """Write one cell of a row of data otherwise; a spelling that is still understood leaves it a row of data."""
    if rows := data(page):
        row = draw.choice(rows)
        place = draw.randrange(len(row.cells))
        row.cells[place] = change(str(row.cells[place]))


def title_rows(draw: random.Random, book: Book) -> None:
    titles = ["开州区统计表", "附件2", "（2023届）", "填报单位：开州职教中心", "单位：人", "毕业生就业情况（盖章）"]
    for _ in range(draw.randrange(1, 4)):
        pick(draw, book).rows.insert(0, Row([draw.choice(titles)]))


def merged_title(draw: random.Random, book: Book) -> None:
    chosen = pick(draw, book)
    width = max((len(row.cells) for row in chosen.rows), default=1)
    chosen.rows.insert(0, Row(["开州区职业教育统计表"], across={0: width}))


def notes_below(draw: random.Random, book: Book) -> None:
    notes = [
        "注：数据截至12月31日",
        "填表人：",
        "说明：①含五年制。",
        "2024年1月5日",
        "资料来源：区教委；区统计局",
        "*为预计数",
    ]
    for _ in range(draw.randrange(1, 4)):
        pick(draw, book).rows.append(Row([draw.choice(notes)]))


def total_row(draw: random.Random, book: Book) -> None:
    chosen = pick(draw, book)
    width = max((len(row.cells) for row in chosen.rows), default=1)
    cells = [draw.choice(["合计", "小计", "总 计", "全区合计", "Total"]), *["" for _ in range(width - 1)]]
    cells[-1] = draw.randrange(5000)
    chosen.rows.insert(draw.randrange(len(chosen.rows) + 1) if draw.random() < 0.2 else len(chosen.rows), Row(cells))


def two_line_header(draw: random.Random, book: Book) -> None:
    for row in headers(chosen := pick(draw, book))[:1]:
        place = chosen.rows.index(row)
        half = max(1, len(row.cells) // 2)
        top = [*row.cells[:half], *["就业情况" for _ in row.cells[half:]]]
        spans = {half: len(row.cells) - half} if draw.random() < 0.7 and len(row.cells) > half else {}
        below = Row([*["" for _ in range(half)], *row.cells[half:]], header=True)
        above = Row(top, header=True, across=spans, down=dict.fromkeys(range(half), 2) if spans else {})
        chosen.rows[place : place + 1] = [above, below]


def three_line_header(draw: random.Random, book: Book) -> None:
    two_line_header(draw, book)
    for row in headers(chosen := pick(draw, book))[:1]:
        chosen.rows.insert(chosen.rows.index(row), Row(["基本情况", *["" for _ in row.cells[1:]]], header=True))


def numbered_columns(draw: random.Random, book: Book) -> None:
    for row in headers(chosen := pick(draw, book))[-1:]:
        chosen.rows.insert(chosen.rows.index(row) + 1, Row(["甲", *range(1, len(row.cells))]))


def merged_rows(draw: random.Random, book: Book) -> None:
    chosen = pick(draw, book)
    if (rows := data(chosen)) and (place := chosen.rows.index(draw.choice(rows))) + 1 < len(chosen.rows):
        chosen.rows[place].down[draw.randrange(len(chosen.rows[place].cells))] = 2


def merged_cells(draw: random.Random, book: Book) -> None:
    if row := any_row(draw, pick(draw, book)):
        row.across[draw.randrange(len(row.cells))] = draw.randrange(2, 4)


def hidden_row(draw: random.Random, book: Book) -> None:
    if row := any_row(draw, pick(draw, book)):
        row.hidden = True


def hidden_column(draw: random.Random, book: Book) -> None:
    pick(draw, book).hidden.add(draw.randrange(8))


def blank_rows(draw: random.Random, book: Book) -> None:
    chosen = pick(draw, book)
    for _ in range(draw.randrange(1, 4)):
        cells = draw.choice([[], [""], [" ", "　"], ["", "\t", "\u200b"]])
        chosen.rows.insert(draw.randrange(len(chosen.rows) + 1), Row(list(cells)))


def blank_column(draw: random.Random, book: Book) -> None:
    place = draw.randrange(8)
    for row in pick(draw, book).rows:
        if place <= len(row.cells):
            row.cells.insert(place, "")


def table_below(draw: random.Random, book: Book) -> None:
    chosen = pick(draw, book)
    chosen.rows += [Row([]) for _ in range(draw.randrange(3))]
    if draw.random() < 0.5:
        chosen.rows.append(Row(["附表"]))
    chosen.rows += draw.choice(TABLES)(draw).rows


def table_beside(draw: random.Random, book: Book) -> None:
    """Lines of two tables share a row, so that no row of the sheet is a row of data any more, but part of one."""
    chosen, other = pick(draw, book), draw.choice(TABLES)(draw)
    start = max((len(row.cells) for row in chosen.rows), default=0) + draw.randrange(1, 3)
    for place, row in enumerate(other.rows):
        if place == len(chosen.rows):
            chosen.rows.append(Row([]))
        left = chosen.rows[place]
        left.cells += ["" for _ in range(start - len(left.cells))] + row.cells
    for row in chosen.rows:
        row.data = False


def another_sheet(draw: random.Random, book: Book) -> None:
    name = draw.choice(["2023", "2022届", "巨龙中职校", "Sheet2", "说明", "a'b", "二〇二一年", "<i>", "=1"])
    if name not in {one.name for one in book.pages}:
        book.pages.append(replace(draw.choice(TABLES)(draw), name=name))


def empty_sheet(draw: random.Random, book: Book) -> None:
    if all(one.name != "空" for one in book.pages):
        book.pages.insert(draw.randrange(len(book.pages) + 1), Page("空", []))


def in_header(draw: random.Random, book: Book, change: Callable[[str], str]) -> None:
    if rows := headers(pick(draw, book)):
        row = draw.choice(rows)
        place = draw.randrange(len(row.cells))
        row.cells[place] = change(str(row.cells[place]))


ALIASES = {
    **{"学校": "办学单位", "专业": "专业名称", "毕业年份": "届别", "毕业生数": "毕业生人数", "单位就业": "就业人数"},
    **{"招生计划": "计划数", "实际报到": "报到数", "增加值（万元）": "GDP(亿元)", "需求人数": "岗位数", "地区": "区县"},
}


def alias(draw: random.Random, book: Book) -> None:
    in_header(draw, book, lambda text: ALIASES.get(text, text))


def full_width_header(draw: random.Random, book: Book) -> None:
    in_header(draw, book, full_width)


def line_break_in_header(draw: random.Random, book: Book) -> None:
    sign = draw.choice(["\n", "\r\n", " ", "　", "\u200b"])
    in_header(draw, book, lambda text: text[: len(text) // 2] + sign + text[len(text) // 2 :])


def unit_in_header(draw: random.Random, book: Book) -> None:
    unit = draw.choice(["（人）", "(万人)", "（%）", "（元）", "（必填）", "/人", "(千元/月)"])
    in_header(draw, book, lambda text: text + unit)


def unknown_header(draw: random.Random, book: Book) -> None:
    in_header(draw, book, lambda _: draw.choice(["备注", "x", "校长", "联系电话", "2023", "", "姓名"]))


def duplicate_header(draw: random.Random, book: Book) -> None:
    if rows := headers(pick(draw, book)):
        row = draw.choice(rows)
        row.cells[draw.randrange(len(row.cells))] = draw.choice(row.cells)


def header_again(draw: random.Random, book: Book) -> None:
    chosen = pick(draw, book)
    if rows := headers(chosen):
        chosen.rows.insert(draw.randrange(len(chosen.rows) + 1), Row(list(draw.choice(rows).cells)))


def without_header(draw: random.Random, book: Book) -> None:
    chosen = pick(draw, book)
    if rows := headers(chosen):
        chosen.rows.remove(draw.choice(rows))


def drop_column(draw: random.Random, book: Book) -> None:
    place = draw.randrange(8)
    for row in pick(draw, book).rows:
        del row.cells[place : place + 1]


def repeat_column(draw: random.Random, book: Book) -> None:
    place = draw.randrange(8)
    for row in pick(draw, book).rows:
        row.cells[place:place] = row.cells[place : place + 1]


def swap_columns(draw: random.Random, book: Book) -> None:
    one, other = draw.randrange(8), draw.randrange(8)
    for row in pick(draw, book).rows:
        if max(one, other) < len(row.cells):
            row.cells[one], row.cells[other] = row.cells[other], row.cells[one]


def shift_row(draw: random.Random, book: Book) -> None:
    if row := any_row(draw, pick(draw, book)):
        row.cells.insert(draw.randrange(len(row.cells)), draw.choice(["", "x", 5]))
        row.data = False


def full_width_value(draw: random.Random, book: Book) -> None:
    a_value(draw, pick(draw, book), full_width)


def thousands(draw: random.Random, book: Book) -> None:
    sign = draw.choice([",", "，", " ", "\u00a0", "'"])
    a_value(draw, pick(draw, book), lambda text: f"{int(text):,}".replace(",", sign) if text.isdecimal() else text)


def unit_in_cell(draw: random.Random, book: Book) -> None:
    unit = draw.choice(["人", "万人", "元", "万元", "亿元", "%", "％", "‰", "个"])
    a_value(draw, pick(draw, book), lambda text: text + unit)


def missing_marker(draw: random.Random, book: Book) -> None:
    """In a number, which may be missing, and not in a name, without which a row says nothing."""
    if rows := data(pick(draw, book)):
        draw.choice(rows).cells[-1] = draw.choice(MISSING)


def footnote(draw: random.Random, book: Book) -> None:
    a_value(draw, pick(draw, book), lambda text: text + draw.choice(FOOTNOTES))


def year_spelling(draw: random.Random, book: Book) -> None:
    digits = str.maketrans("0123456789", "〇一二三四五六七八九")
    for row in data(pick(draw, book)):
        for place, cell in enumerate(row.cells):
            if isinstance(cell, int) and 2000 <= cell < 2100:
                spelt = [f"{cell}届", f"{cell - 1}-{cell}学年", f"{cell}年", f"{cell}.0", str(cell).translate(digits)]
                row.cells[place] = draw.choice(spelt)


def junk_cell(draw: random.Random, book: Book) -> None:
    if row := any_row(draw, pick(draw, book)):
        row.cells[draw.randrange(len(row.cells))] = draw.choice(JUNK)
        row.data = False


def junk_row(draw: random.Random, book: Book) -> None:
    chosen = pick(draw, book)
    cells = [draw.choice(JUNK) for _ in range(draw.randrange(10))]
    chosen.rows.insert(draw.randrange(len(chosen.rows) + 1), Row(cells))


def swap_cells(draw: random.Random, book: Book) -> None:
    chosen = pick(draw, book)
    one, other = any_row(draw, chosen), any_row(draw, chosen)
    if one and other:
        here, there = draw.randrange(len(one.cells)), draw.randrange(len(other.cells))
        one.cells[here], other.cells[there] = other.cells[there], one.cells[here]
        one.data = other.data = False


def repeat_row(draw: random.Random, book: Book) -> None:
    chosen = pick(draw, book)
    if rows := data(chosen):
        row = draw.choice(rows)
        chosen.rows.append(Row(list(row.cells), data=True))


def delete_row(draw: random.Random, book: Book) -> None:
    chosen = pick(draw, book)
    if chosen.rows:
        del chosen.rows[draw.randrange(len(chosen.rows))]


def move_row(draw: random.Random, book: Book) -> None:
    chosen = pick(draw, book)
    if chosen.rows:
        row = chosen.rows.pop(draw.randrange(len(chosen.rows)))
        chosen.rows.insert(draw.randrange(len(chosen.rows) + 1), row)


def many_columns(draw: random.Random, book: Book) -> None:
    if row := any_row(draw, pick(draw, book)):
        row.cells += ["" for _ in range(draw.randrange(20, 80))] + [draw.choice(JUNK)]
        row.data = False


def one_column(draw: random.Random, book: Book) -> None:
    """The table pasted as text: all cells of a row in its first."""
    sign = draw.choice([" ", ",", "、", "\t"])
    for row in pick(draw, book).rows:
        row.cells = [sign.join(map(str, row.cells))]
        row.data = False


MUTATIONS: dict[str, Callable[[random.Random, Book], None]] = {
    mutation.__name__: mutation
    for mutation in (
        *(title_rows, merged_title, notes_below, total_row, two_line_header, three_line_header, numbered_columns),
        *(merged_rows, merged_cells, hidden_row, hidden_column, blank_rows, blank_column, table_below, table_beside),
        *(another_sheet, empty_sheet, alias, full_width_header, line_break_in_header, unit_in_header, unknown_header),
        *(duplicate_header, header_again, without_header, drop_column, repeat_column, swap_columns, shift_row),
        *(full_width_value, thousands, unit_in_cell, missing_marker, footnote, year_spelling, junk_cell, junk_row),
        *(swap_cells, repeat_row, delete_row, move_row, many_columns, one_column),
    )
}
RARE = {"one_column", "without_header", "many_columns", "empty_sheet"}
