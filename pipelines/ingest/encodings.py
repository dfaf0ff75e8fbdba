"""In which encoding a text file is written, found out from all its bytes, a piece at a time.

Belongs here: telling UTF-8, UTF-16 and GB18030 apart, with or without byte order mark. Does not belong here: records
and cells (`text_files`).
"""

import codecs
import re
from pathlib import Path

from pipelines.ingest.sources import utf16_without_mark

CHUNK_BYTES = 1 << 22
SAMPLE_BYTES = 1 << 17
MARKED = ("utf-8-sig", "utf-16")  # reading takes their mark away
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def encoding_of(path: Path) -> tuple[str, bool]:
    """Encoding of a text file, and whether some of its bytes do not decode in it.

    UTF-8 and UTF-16 with or without byte order mark, else GB18030. A file that is UTF-8 but for a few bytes is UTF-8.
    """
    sure = evident_encoding(path)
    if sure:
        return sure, first_broken_byte(path, sure) is not None
    broken = first_broken_byte(path, "utf-8")
    if broken is None:
        return "utf-8", False
    if unmarked := utf16_without_mark(beginning(path)):
        return unmarked, first_broken_byte(path, unmarked) is not None
    if mostly_utf8(path, broken):  # one broken byte can turn UTF-8 into something that decodes as GB18030 by chance
        return "utf-8", True
    return "gb18030", first_broken_byte(path, "gb18030") is not None


def beginning(path: Path) -> bytes:
    """The bytes that a file begins with."""
    with path.open("rb") as stream:
        return stream.read(SAMPLE_BYTES)


def evident_encoding(path: Path) -> str | None:
    """The encoding that a byte order mark or a pattern of zero bytes shows."""
    head = beginning(path)[:4096]
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > 0.2 * len(head) / 2:
        return "utf-16-be" if even > odd else "utf-16-le"
    return None


def first_broken_byte(path: Path, encoding: str) -> int | None:
    """Where the first byte stands that does not decode, None when all do."""
    decoder = codecs.getincrementaldecoder(encoding)()
    place = 0
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(CHUNK_BYTES)
            waiting = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return place - waiting + error.start
            if not chunk:
                return None
            place += len(chunk)


def mostly_utf8(path: Path, broken: int) -> bool:
    """Whether at least 9 of 10 characters beyond ASCII around a broken byte decode as UTF-8.

    Broken bytes in a row, such as those of a lone surrogate, count as one.
    """
    with path.open("rb") as stream:
        stream.seek(max(0, broken - SAMPLE_BYTES // 2))
        text = stream.read(SAMPLE_BYTES).decode("utf-8", errors="replace")
    beyond = sum(1 for character in text if ord(character) > 127)
    return len(re.findall("\ufffd+", text)) * 10 <= beyond
