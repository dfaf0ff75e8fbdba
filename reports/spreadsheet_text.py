"""Text from files that will be opened in a spreadsheet: it stays text, and is never a formula."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def plain_text(value: object) -> object:
    """A text that a spreadsheet would compute gets an apostrophe before it; anything else is as it was.

    For CSV, where a program decides by the first character; in a workbook the cell's type says that it is text. Source:
    OWASP, CSV injection.
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
