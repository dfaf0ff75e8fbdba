"""Signs by which a workbook that we wrote is known again when it comes back, whatever program has saved it since.

Belongs here: the texts that stand in cells and properties, for the writer and for the reader. Does not belong here:
writing (`correction_workbook`, `input_form`) and reading (`pipelines.ingest.corrections`).
"""

import re
from dataclasses import dataclass

NOT_DATA = {"zh": "〔本页只作说明，不是数据〕", "en": "[This sheet explains; it holds no data]"}
EXAMPLE = {"zh": "示例：", "en": "Example: "}  # begins the first cell of a row that shows how to fill in a form
BESIDE = {"zh": "参考：", "en": "For reference: "}  # begins the header of a column that is there for the reader only
ORIGIN_SHEET = "_duikou"  # the hidden sheet of a correction workbook
ORIGIN = "duikou-correction"  # its first cell below the sign, and a document property
ROW_MARK = re.compile(r"^duikou:([0-9a-f]{12}):([0-9]+):([0-9]+)$")


def row_mark(digest: str, sheet: int, row: int) -> str:
    """The sign at the end of a row: the file (its digest), sheet (from 0) and row (from 1) that it was copied from."""
    return f"duikou:{digest[:12]}:{sheet}:{row}"


def origin_of(mark: str) -> str | None:
    """What a row's sign says, as row ids begin (digest:sheet:row); None when the text is no sign."""
    found = ROW_MARK.match(mark.strip())
    return ":".join(found.groups()) if found else None


def explains(text: str) -> bool:
    """Whether the first text of a sheet says that the sheet holds no data."""
    return text.strip().startswith(tuple(NOT_DATA.values()))


@dataclass(frozen=True)
class Span:
    """Consecutive rows of one sheet that were handed out for correction; rows count from 1, `last` is included."""

    sheet: int
    first: int
    last: int
