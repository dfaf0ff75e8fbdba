"""Years as files write them into headers, titles and names of sheets, where no column holds them.

Belongs here: finding the year (or quarter) in such a text, and what a header says besides.
Does not belong here: reading a year's cell (`values`), which text stands where (`tables`, `stated`).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pipelines.contracts import Column, Contract
from pipelines.ingest.headers import header_key
from pipelines.ingest.values import CHINESE_DIGITS

WESTERN = str.maketrans(*CHINESE_DIGITS)
CHINESE_YEAR = re.compile(rf"[{CHINESE_DIGITS[0]}]{{4}}(?=年|届|级|学年|[-~至—–])")
FOUR = r"(?<![\d.])(?:19|20)\d\d"
MONTH = r"(?:0?[1-9]|1[0-2])"
YEAR = rf"{FOUR}(?:\s*[-~至/—–]\s*(?:(?:19|20)\d\d|\d\d(?!\d)))?\s*(?:学年度?|年度|年[底末]|年|届|级)?"
TOKENS = {"year": YEAR, "period": rf"(?:{FOUR}年?[-/.]?(?:第?[1-4一二三四]季度?|[Qq][1-4])|{YEAR})"}
DATE = re.compile(
    rf"{FOUR}\s*(?:年\s*{MONTH}(?:\s*[-~至—–]\s*{MONTH})?\s*月(?:\s*\d\d?\s*[日号])?"
    rf"|[./-]{MONTH}(?:[./-]\d\d?)?(?!\d|\s*学年))"
)
DOCUMENT_NUMBER = re.compile(r"[〔\[(【]\s*(?:19|20)\d\d\s*[〕\])】]\s*\d*\s*号")
EXPLICIT = {"start": re.compile("级|学年"), "end": re.compile("届|学年")}
CONTRARY = {"start": re.compile("届"), "end": re.compile("级")}


@dataclass(frozen=True)
class DatedHeader:
    """A header that names a year: the year as written, and the lines of the header without it."""

    year: str
    rest: tuple[str, ...]

    @property
    def key(self) -> str:
        """The same for every spelling of the same year (2023, 2023年)."""
        return re.sub(r"年$|年度$", "", self.year)


def year_column(contract: Contract) -> Column | None:
    """The one column of the key that says the year or the quarter of a row, None where there are several or none."""
    columns = [column for name in contract.key if (column := contract.column(name)).type in TOKENS]
    return columns[0] if len(columns) == 1 else None


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A text with half-width signs, and western digits where it writes a year in Chinese ones."""
    return CHINESE_YEAR.sub(lambda found: found[0].translate(WESTERN), unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=4096)
def dated_header(levels: tuple[str, ...], kind: str) -> DatedHeader | None:
    """The year (for `kind` period also the quarter) that the lines of a header name, and what they say besides.

    The year stands on a line of its own, in front of the measure (2023年毕业生数) or behind it (毕业生数（2023）).
    """
    token = TOKENS[kind]
    lines = list(dict.fromkeys(level for level in levels if level and level.strip()))
    for place, line in enumerate(lines):
        key = header_key(plain(line))
        for pattern in (rf"\(?({token})\)?", rf"\(?({token})\)?(?![\d月.])[的:]?(?P<rest>.+)"):
            if found := re.fullmatch(pattern, key, re.IGNORECASE):
                rest = [found["rest"]] if "rest" in found.groupdict() else []
                return DatedHeader(found[1], (*lines[:place], *rest, *lines[place + 1 :]))
        if found := re.fullmatch(rf"(.*?[^\d-])\(?({token})\)?", key, re.IGNORECASE):
            return DatedHeader(found[2], (*lines[:place], found[1].rstrip("("), *lines[place + 1 :]))
    return None


@lru_cache(maxsize=4096)
def years_in(text: str, kind: str, school_year: str | None) -> tuple[tuple[str, ...], bool]:
    """The years that a title or the name of a sheet may state for a column of type `kind`, and whether explicitly so.

    Explicit are a cohort (2023届) for the year of leaving, a grade (2023级) for the year of entering, a school year and
    a quarter. A date with its month and the year in a document's number are no such years.
    """
    wide = DOCUMENT_NUMBER.sub(" ", plain(text))
    if kind == "year":
        wide = DATE.sub(" ", wide)
    found = [
        year
        for match in re.finditer(TOKENS[kind], wide)
        for year in ends("".join(match[0].split()), apart=school_year is None)
    ]
    if school_year:
        found = [year for year in found if not CONTRARY[school_year].search(year)]
        explicit = [year for year in found if EXPLICIT[school_year].search(year)]
    else:
        explicit = [year for year in found if re.search("季|q", year, re.IGNORECASE)]
    return tuple(dict.fromkeys(explicit or found)), bool(explicit)


def ends(year: str, *, apart: bool) -> list[str]:
    """A span of years as its two ends, unless it is one school year (2022-2023) and these are not `apart`."""
    span = re.match(r"(\d{4})[-~至/—–](?:\d\d)?(\d\d)", year)
    if span and (apart or int(span[2]) != (int(span[1]) + 1) % 100):
        return [span[1], span[1][:2] + span[2]]
    return [year]


def without_years(text: str) -> str:
    """A title or the name of a sheet with every year and date taken out."""
    return re.sub(YEAR, " ", DATE.sub(" ", DOCUMENT_NUMBER.sub(" ", plain(text))))
