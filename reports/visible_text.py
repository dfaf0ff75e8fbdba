"""Text from files as it is shown anywhere: without signs that steer a terminal, the direction of reading or a parser.

Belongs here: which signs those are, and leaving them out. Does not belong here: the marks that mean something in one
kind of document (HTML in `web_page`, formulas in `spreadsheet_text`, paths in `file_names`).
"""

CONTROLS = (*range(9), *range(0x0B, 0x20), *range(0x7F, 0xA0))  # of C0 and C1; tab and line feed stay
DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x2070))  # embeddings, overrides and isolates
LINES = (0x2028, 0x2029)
SHOWN = (
    dict.fromkeys((*CONTROLS, *DIRECTIONS))
    | dict.fromkeys((0x0D, *LINES), " ")
    | dict.fromkeys((*range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "\ufffd")
)


def visible(text: str) -> str:
    """The text without control signs and signs that turn the direction; half a surrogate pair becomes �.

    An escape sequence loses its escape sign and so does nothing: "\\x1b[31m" is shown as "[31m".
    """
    return text if text.isascii() and text.isprintable() else text.translate(SHOWN)
