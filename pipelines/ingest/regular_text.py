"""Whether a delimited text file is so regular that every reader of CSV reads it in the same way.

Belongs here: looking over all bytes of a file, in pieces, for what readers disagree on: empty lines (some pass over
them, and rows lose their numbers), mixed line ends, and quotes that do not simply enclose a cell. Does not belong here:
reading.
"""

import codecs
from pathlib import Path

import numpy as np

CHUNK_BYTES = 1 << 22
LONGEST_LINE = 1 << 24
FEED, RETURN, QUOTE = b'\n\r"'


def regular(path: Path, delimiter: str) -> bool:
    """Whether a file has no empty line, one kind of line ends and only tidy quotes; its encoding extends ASCII."""
    open_cell, line_end = False, b""
    with path.open("rb") as stream:
        if stream.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            stream.seek(0)
        while chunk := stream.read(CHUNK_BYTES) + stream.readline(LONGEST_LINE):
            line_end = line_end or next((ends for ends in (b"\r\n", b"\r", b"\n") if ends in chunk), b"\n")
            if not chunk.endswith(line_end) and stream.peek(1):
                return False
            if chunk.startswith(line_end) or line_end + line_end in chunk or not only(line_end, chunk):
                return False
            still_open = after_quotes(chunk, open_cell, ord(delimiter)) if b'"' in chunk else open_cell
            if still_open is None:
                return False
            open_cell = still_open
    return not open_cell


def only(line_end: bytes, chunk: bytes) -> bool:
    """Whether some lines have no other line end than the given one."""
    if line_end == b"\r\n":
        return chunk.count(b"\n") == chunk.count(b"\r") == chunk.count(line_end)
    return (b"\r" if line_end == b"\n" else b"\n") not in chunk


def after_quotes(chunk: bytes, open_cell: bool, delimiter: int) -> bool | None:
    """Whether a quoted cell is open after some lines, None where a quote is not tidy; `open_cell` says it before them.

    Of each run of quotes only its length and its neighbours count. An odd run after a cell's border and before text
    opens a cell; one after text and before a border closes it; an even run between texts stands for quotes inside a
    cell, between borders for a cell of quotes only. Everything else is not tidy.
    """
    text = np.frombuffer(chunk, np.uint8)
    quotes = np.flatnonzero(text == QUOTE)
    starts = np.flatnonzero(np.diff(quotes, prepend=-2) > 1)
    odd = np.diff(starts, append=len(quotes)) % 2 == 1
    first, last = quotes[starts], quotes[np.append(starts[1:], len(quotes)) - 1]
    borders = (FEED, RETURN, delimiter)
    after_border = np.isin(text[np.maximum(first - 1, 0)], borders) | (first == 0)
    before_border = np.isin(text[np.minimum(last + 1, len(text) - 1)], borders) | (last == len(text) - 1)
    opens, closes = odd & after_border & ~before_border, odd & ~after_border & before_border
    inside, alone = ~odd & ~after_border & ~before_border, ~odd & after_border & before_border
    is_open = open_cell + np.cumsum(opens.astype(int) - closes)  # after each run
    tidy = (opens & (is_open == 1)) | (closes & (is_open == 0)) | (inside & (is_open == 1)) | (alone & (is_open == 0))
    return bool(is_open[-1]) if tidy.all() else None
