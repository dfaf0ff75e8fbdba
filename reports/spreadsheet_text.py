"""Text from files that will be opened in a spreadsheet: it stays text, and is never a formula."""

import re

import pandas as pd

from reports.visible_text import visible

NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?%?")
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def plain_text(value: object) -> object:
    """A text that a spreadsheet would compute gets an apostrophe before it; numbers and other texts stay as they are.

    Blanks before the sign do not count, and control signs go: a carriage return would begin a new row. For CSV, where
    a program decides by the first character; in a workbook the cell's type says that it is text. Source: OWASP, CSV
    injection.
    """
    if not isinstance(value, str):
        return value
    text = visible(value)
    guarded = text.lstrip().startswith(FORMULA_STARTS) and not NUMBER.fullmatch(text)
    return f"'{text}" if guarded else text


def plain_table(rows: pd.DataFrame) -> pd.DataFrame:
    """The same rows with every text and every column name as `plain_text` gives it, to be written as CSV."""
    texts = rows.select_dtypes(exclude=["number", "bool"]).columns
    return rows.assign(**{str(name): rows[name].map(plain_text) for name in texts}).rename(columns=plain_text)
