"""Tables of official documents: ruled, with the header on every page, as one piece of XML.

Belongs here: widths, alignment, shades and what keeps rows together. Does not belong here: what a table says, captions
(`official_document`).
"""

import zlib
from collections.abc import Sequence
from math import ceil
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from reports.official_page import HEITI, LATIN, SONGTI
from reports.official_text import writable
from reports.sheets import text_width

TWIP, POINT = 635, 12700  # English metric units
SMALLER = (Pt(9.5), Pt(9))  # letters of a table that would be too wide
MOST_KEPT = 15  # lines of a table that is not parted by the end of a page
SHORT = 24  # half characters; a column of longer cells is set from the left
WIDEST, NARROWEST, LEAST, FIRM = 40, 5, 16, 14  # half characters of a column: up to FIRM it keeps them, above LEAST
MARGIN = 2  # half characters between a text and its rules
PROPERTIES = (
    '<w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/><w:jc w:val="center"/>'
    '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/>'
    "</w:tblCellMar></w:tblPr>"
)


def table_xml(
    heads: Sequence[str],
    rows: Sequence[Sequence[object]],
    width: int,
    size: Pt,
    bookmarks: Sequence[str] = (),
    shades: Sequence[Sequence[str]] = (),
    widths: Sequence[float] = (),
) -> Any:
    """A table as wide as `width` (English metric units); adding it cell by cell would take a hundred times as long.

    `bookmarks` name the rows; `shades` are the fills of the cells ("F2F2F2", "" for none); `widths` are
    shares of the width, by what the columns hold where none are given.
    """
    size = next((fine for fine in (size, *SMALLER) if fits(heads, rows, width, fine)), min(size, SMALLER[-1]))
    available = width / POINT / (size.pt / 2)
    shares = list(widths) or fitted(natural_widths(heads, rows), available)
    lengths = [round(width / TWIP * share / sum(shares)) for share in shares]
    grid = "".join(f'<w:gridCol w:w="{length}"/>' for length in lengths)
    texts = [[writable(value) for value in row] for row in rows]
    aligned = ["left" if any(text_width(row[n]) > SHORT for row in texts) else "center" for n in range(len(heads))]
    together = sum(lines_of(row, shares, available) for row in texts) <= MOST_KEPT
    lines = row_xml(heads, lengths, ["center"] * len(heads), size, head=True)
    for number, row in enumerate(texts):
        lines += row_xml(
            row, lengths, aligned, size,
            bookmark=bookmarks[number] if bookmarks else "",
            shades=shades[number] if shades else (),
            keep=together and number < len(texts) - 1,
        )  # fmt: skip
    return parse_xml(f"<w:tbl {nsdecls('w')}>{PROPERTIES}<w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>")


def row_xml(
    cells: Sequence[str],
    lengths: Sequence[int],
    aligned: Sequence[str],
    size: Pt,
    *,
    head: bool = False,
    bookmark: str = "",
    shades: Sequence[str] = (),
    keep: bool = False,
) -> str:
    """One row, never cut by a page's end; a head is centred, in 黑体, repeated on every page and never left alone.

    A line break in a cell begins a new line; with `keep` the row stays with the next one.
    """
    repeat = "<w:tblHeader/>" if head else ""
    font = HEITI if head else SONGTI
    pitch = round(size.pt * 20 * 4 / 3)
    stay = "<w:keepNext/>" if keep or head else ""
    written = []
    for place, (value, length) in enumerate(zip(cells, lengths, strict=True)):
        shade = shades[place] if shades else ""
        fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
        mark = bookmark_xml(bookmark) if bookmark and place == 0 else ""
        lines = "<w:br/>".join(
            f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in writable(value).split("\n")
        )
        written.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{length}" w:type="dxa"/>{fill}<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>'
            f'{stay}<w:snapToGrid w:val="0"/><w:spacing w:line="{pitch}" w:lineRule="exact"/>'
            f'<w:jc w:val="{aligned[place]}"/></w:pPr>{mark}<w:r>'
            f'<w:rPr><w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{font}" w:hint="eastAsia"/>'
            f'<w:sz w:val="{int(size.pt * 2)}"/></w:rPr>{lines}</w:r></w:p></w:tc>'
        )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{''.join(written)}</w:tr>"


def bookmark_xml(name: str) -> str:
    """A bookmark around nothing, with an id made from its name."""
    number = zlib.crc32(name.encode()) & 0x7FFFFFFF
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/><w:bookmarkEnd w:id="{number}"/>'


def natural_widths(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> list[float]:
    """For each column the width of its longest line in half characters, within bounds; a title may take two lines."""
    widths = []
    for place, head in enumerate(heads):
        longest = max((text_width(line) for row in rows for line in str(row[place]).split("\n")), default=0)
        widths.append(float(max(NARROWEST, title_width(head), min(longest, WIDEST)) + MARGIN))
    return widths


def fits(heads: Sequence[str], rows: Sequence[Sequence[object]], width: int, size: Pt) -> bool:
    """Whether the columns have room in letters of a size."""
    available = width / POINT / (size.pt / 2)
    return sum(fitted(natural_widths(heads, rows), available)) <= available + 0.5


def title_width(head: str) -> int:
    """Half characters of a title in two lines, between words where it has any."""
    return max((text_width(head) + 1) // 2, *(text_width(word) for word in head.split() if word.isascii()), 0)


def lines_of(row: Sequence[str], shares: Sequence[float], available: float) -> int:
    """Lines that a row takes at the widths of its columns."""
    wide = [share / sum(shares) * available - MARGIN / 2 for share in shares]
    return max(
        sum(max(1, ceil(text_width(line) / width)) for line in text.split("\n"))
        for text, width in zip(row, wide, strict=True)
    )


def fitted(widths: list[float], available: float) -> list[float]:
    """Widths that fill what is available: short columns keep theirs, long texts give or take the rest."""
    firm = sum(width for width in widths if width <= FIRM + MARGIN)
    loose = sum(width for width in widths if width > FIRM + MARGIN)
    if not loose:
        return widths
    return [
        width if width <= FIRM + MARGIN else max(float(LEAST), width * (available - firm) / loose) for width in widths
    ]
