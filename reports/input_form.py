"""Blank input forms (填报模板): one sheet to fill in, one that explains it, one hidden with the lists to pick from.

Belongs here: the look of a form. Does not belong here: which columns a form has and what may be picked (contracts).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.utility import quote_sheetname, xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from reports.sheets import Formats, row_height, sheet_names, text_width
from reports.wording import texts
from reports.workbook_marks import EXAMPLE, NOT_DATA

Kind = Literal["text", "count", "number", "rate", "year", "date"]
Value = str | float | int | dt.date | None
FORMATS: dict[Kind, str] = {
    "text": "@",
    "count": "0",
    "number": "General",
    "rate": "0.0%",
    "year": "0",
    "date": "yyyy-mm-dd",
}
FIRST_ROW = 2  # below the header and the example, counted from 0
LAST_ROW = 1999  # so far the cells have formats and validation
LONGEST_PROMPT = 255  # characters of a prompt, by Excel
LONGEST_PROMPT_TITLE = 32
FIRST_DAY, LAST_DAY = dt.date(1990, 1, 1), dt.date(2100, 12, 31)


@dataclass(frozen=True)
class FormColumn:
    """One column of a form: its header (with unit), its other title, what to fill in, and what may be picked.

    `picks` only suggests where `strict` is false: another entry is warned about and may stay. A column that is `beside`
    is there for the reader only.
    """

    header: str
    other_title: str = ""
    kind: Kind = "text"
    unit: str = ""
    required: bool = False
    expected: str = ""
    description: str = ""
    example: Value = None
    picks: tuple[str | int, ...] = ()
    strict: bool = False
    least: float | None = None
    most: float | None = None
    beside: bool = False

    def prompt(self, lang: str) -> str:
        """What appears beside a cell that is chosen."""
        text = texts(lang)["form"]
        parts = [self.expected, text["pick"] if self.picks else "", self.description]
        return "\n".join(dict.fromkeys(part for part in parts if part))[:LONGEST_PROMPT]


@dataclass(frozen=True)
class Form:
    """One input form: its title, the columns that make a row the only one of its kind, all columns, and
    rows that are filled in already."""

    title: str
    key: str
    columns: Sequence[FormColumn]
    rows: Sequence[Sequence[Value]] = ()
    example: bool = True


def write(form: Form, file: Path, lang: str = "zh") -> None:
    """Write the form; no text becomes a formula or a link."""
    text = texts(lang)["form"]
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(file), options) as book:
        formats = Formats(book)
        names = sheet_names([form.title, text["guide_sheet"], text["lists_sheet"]])
        page, guide, lists = (book.add_worksheet(name) for name in names)
        write_page(page, form, write_lists(lists, form, lang), formats, lang)
        write_guide(guide, form, names[0], formats, lang)


def write_lists(page: Worksheet, form: Form, lang: str) -> dict[int, str]:
    """The hidden sheet of lists; column of the form -> the range that its list stands in."""
    page.write_string(0, 0, NOT_DATA[lang])
    ranges: dict[int, str] = {}
    known: dict[tuple[str | int, ...], str] = {}
    for number, column in enumerate(form.columns):
        if not column.picks:
            continue
        if column.picks not in known:
            place = len(known)
            for row, pick in enumerate(column.picks, start=1):
                write_value(page, row, place, pick, None)
            letter = xl_col_to_name(place)
            known[column.picks] = f"={quote_sheetname(page.name)}!${letter}$2:${letter}${len(column.picks) + 1}"
        ranges[number] = known[column.picks]
    page.hide()
    return ranges


def write_page(page: Worksheet, form: Form, lists: dict[int, str], formats: Formats, lang: str) -> None:
    """The sheet to fill in: header, example row, formats and validation of the cells below, a frozen header."""
    page.freeze_panes(1, 0)
    page.set_row(0, 34)
    last = max(LAST_ROW, FIRST_ROW + len(form.rows))
    for number, column in enumerate(form.columns):
        colour = "#EDEDED" if column.beside else "#FCE4D6" if column.required else "#DCE6F1"
        head = formats(
            bold=not column.beside, border=1, bg_color=colour, text_wrap=True, valign="vcenter", align="center"
        )
        page.write_string(0, number, column.header, head)
        page.write_comment(0, number, comment(column, lang), {"author": "Duikou", "x_scale": 2.2, "y_scale": 1.6})
        body = formats(num_format=FORMATS[column.kind], **({"font_color": "#7F7F7F"} if column.beside else {}))
        page.set_column(number, number, width(column), body)
        if not column.beside:
            page.data_validation(FIRST_ROW - 1, number, last, number, validation(column, lists.get(number), lang))
    example = formats(italic=True, font_color="#7F7F7F", bg_color="#F2F2F2")
    if form.example:
        for number, column in enumerate(form.columns):
            shown = column.example
            if number == 0:
                shown = EXAMPLE[lang] + ("" if shown is None else str(shown))
            look = {"italic": True, "font_color": "#7F7F7F", "bg_color": "#F2F2F2", "num_format": FORMATS[column.kind]}
            write_value(page, 1, number, shown, formats(**look) if shown is not None else example)
    for row, cells in enumerate(form.rows, start=FIRST_ROW if form.example else FIRST_ROW - 1):
        for number, (column, cell) in enumerate(zip(form.columns, cells, strict=True)):
            if cell is not None:
                look = {"font_color": "#7F7F7F"} if column.beside else {}
                write_value(page, row, number, cell, formats(num_format=FORMATS[column.kind], **look))
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def comment(column: FormColumn, lang: str) -> str:
    """The header's comment: the other language's title, whether required, what is expected."""
    text = texts(lang)["form"]
    required = "" if column.beside else text["required"] if column.required else text["optional"]
    return "\n".join(part for part in (column.other_title, required, column.expected, column.description) if part)


def width(column: FormColumn) -> float:
    """A width for the column: its header or the longest of the first things to pick, within limits."""
    texts_of_cells = [column.header, *(str(pick) for pick in column.picks[:50]), str(column.example or "")]
    longest = max(text_width(text) for text in texts_of_cells)
    return min(max(longest + 2, 10), 34)


def validation(column: FormColumn, list_range: str | None, lang: str) -> dict[str, Any]:
    """What Excel checks when a cell is filled in."""
    text = texts(lang)["form"]
    found: dict[str, Any] = {
        "input_title": column.header[:LONGEST_PROMPT_TITLE],
        "input_message": column.prompt(lang),
        "error_title": text["wrong"][:LONGEST_PROMPT_TITLE],
        "error_message": column.expected[:LONGEST_PROMPT],
    }
    if list_range:
        return found | {"validate": "list", "source": list_range, "error_type": "stop" if column.strict else "warning"}
    if column.kind == "date":
        return found | {"validate": "date", "criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY}
    if column.kind == "text":
        return found | {"validate": "any"}
    numeric = {"validate": "integer" if column.kind in ("count", "year") else "decimal"}
    least, most = (None if bound is None else f"{bound:.15g}" for bound in (column.least, column.most))
    if least is not None and most is not None:
        return found | numeric | {"criteria": "between", "minimum": least, "maximum": most}
    if least is not None:
        return found | numeric | {"criteria": ">=", "value": least}
    return found | numeric | {"criteria": "between", "minimum": "-1000000000000", "maximum": "1000000000000"}


def write_value(page: Worksheet, row: int, column: int, value: Value, shape: Any) -> None:
    """One cell with the type of its value."""
    if value is None:
        page.write_blank(row, column, None, shape)
    elif isinstance(value, dt.date):
        page.write_datetime(row, column, dt.datetime.combine(value, dt.time()), shape)
    elif isinstance(value, str):
        page.write_string(row, column, value, shape)
    else:
        page.write_number(row, column, value, shape)


def shown_example(column: FormColumn) -> str:
    """The example of a column as its cell shows it."""
    if isinstance(column.example, float):
        return f"{column.example:.1%}" if column.kind == "rate" else f"{column.example:.15g}"
    return "" if column.example is None else str(column.example)


def write_guide(page: Worksheet, form: Form, sheet: str, formats: Formats, lang: str) -> None:
    """The sheet that explains: what a row is, how to fill in, and every column."""
    text = texts(lang)["form"]
    page.write_string(0, 0, NOT_DATA[lang], formats(font_color="#7F7F7F"))
    page.write_string(1, 0, text["title"].format(title=form.title), formats(bold=True, font_size=14))
    lines = [text["key"].format(key=form.key), *(line.format(sheet=sheet) for line in text["how"])]
    sizes = (26, 30, 8, 8, 40, 26, 50)
    for row, line in enumerate(lines, start=2):
        wrapped = formats(text_wrap=True, valign="top")
        page.merge_range(row, 0, row, len(sizes) - 1, "", wrapped)
        page.write_string(row, 0, line, wrapped)
        page.set_row(row, row_height([line], [sum(sizes)]))
    head = 3 + len(lines)
    for number, (title, size) in enumerate(zip(text["columns"].values(), sizes, strict=True)):
        page.write_string(head, number, title, formats(bold=True, border=1, bg_color="#DCE6F1"))
        page.set_column(number, number, size)
    body = formats(text_wrap=True, valign="top", border=1)
    for row, column in enumerate((column for column in form.columns if not column.beside), start=head + 1):
        required = text["yes"] if column.required else text["no"]
        cells = [column.header, column.other_title, column.unit, required, column.expected, shown_example(column)]
        cells.append(column.description)
        page.set_row(row, row_height(cells, sizes))
        for number, cell in enumerate(cells):
            page.write_string(row, number, cell, body)
    page.freeze_panes(head + 1, 0)
    page.set_landscape()
    page.fit_to_pages(1, 0)
