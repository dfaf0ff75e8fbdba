"""Names from files as names of files: one place that makes them safe on every system."""

import unicodedata
from hashlib import sha256

from pathvalidate import sanitize_filename

LONGEST = 120  # bytes in UTF-8; with an ending and a folder it stays below every system's limit


def file_name(text: str) -> str:
    """A name without path, control and direction characters and without reserved names, at most 120 bytes of UTF-8.

    A name that had to be changed ends in 8 hex digits of its SHA-256, so that two different names never meet.
    """
    plain = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    cut = plain.encode("utf-8", errors="ignore")[: LONGEST - 9].decode("utf-8", errors="ignore")
    safe = sanitize_filename(cut, platform="universal").strip(". ")
    if safe and safe == text:
        return safe
    digest = sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()[:8]
    return f"{safe}-{digest}" if safe else digest
