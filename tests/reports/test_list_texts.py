"""Texts in Excel lists are text, whatever signs they hold, and the workbook opens."""

from pathlib import Path

import openpyxl

from reports.lists import Link, Lists
from reports.visible_text import visible
from tests.reports.test_visible_text import HOSTILE


def test_hostile_texts_and_links_are_shown_as_text_in_a_workbook_that_opens(tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"
    with Lists(file) as lists:
        lists.add("甲", ["text", "link"], [(text, Link(text, "甲")) for text in HOSTILE])
    rows = list(openpyxl.load_workbook(file)["甲"].iter_rows(min_row=2))
    assert [(row[0].value, row[1].value) for row in rows] == [(visible(text), visible(text)) for text in HOSTILE]
    for cell in (cell for row in rows for cell in row):
        assert cell.data_type == "s"
        assert cell.hyperlink is None or cell.hyperlink.target is None
