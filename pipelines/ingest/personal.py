"""What a personal datum looks like: identity numbers, bank cards, telephone numbers, e-mail addresses, names.

Belongs here: telling by a header, a label or the content of one text that it is personal, and masking it.
Does not belong here: which cells and columns of a sheet hold such (`personal_places`).

Sources: identity numbers have 18 digits with the check digit of GB 11643-1999 (ISO 7064 mod 11-2), older ones 15 and
none; bank cards have 16 to 19 digits and the check digit of ISO/IEC 7812-1 (Luhn).
"""

import datetime as dt
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict
from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from models import yaml_text
from pipelines.contracts import Bilingual, Setting
from pipelines.ingest.findings import sql_text
from pipelines.ingest.headers import header_key, spellings

MASK = "■■■"
LONGEST_HEADER = 24
HAN = "\u4e00-\u9fff"
FULL_WIDTH_DIGITS = {str(digit): chr(0xFF10 + digit) for digit in range(10)}
IGNORED = " \t\r\n\v\f\0\u00a0\u3000\ufeff\u2060-–—−()" + "".join(
    map(chr, (*range(0x2000, 0x2010), *range(0x202A, 0x202F)))
)
BLANKS_IN_SQL = r"[\s\x{a0}\x{3000}\x{200b}-\x{200f}\x{2060}\x{feff}\-－–—]{0,3}"
NEAR = 12  # signs between which a name and the number of its owner may stand
EXCEL_DIGITS = 15  # a spreadsheet keeps so many digits of a number; the others become zeros


class Strict(BaseModel):
    """A part of `personal.yaml`: an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Kind(Strict):
    """One kind of personal data, with the headers and labels that announce it."""

    title: Bilingual
    headers: tuple[str, ...]
    contains: tuple[str, ...]
    ends: tuple[str, ...]
    labels: tuple[str, ...]


class Personal(Strict):
    """All of `personal.yaml`."""

    kinds: dict[str, Kind]
    settings: dict[str, Setting]
    surnames: str
    double_surnames: tuple[str, ...]


@cache
def personal() -> Personal:
    """What `personal.yaml` says."""
    return Personal.model_validate(yaml_text.plain((files(__package__) / "personal.yaml").read_text(encoding="utf-8")))


def setting(name: str) -> float:
    """A threshold of `personal.yaml`."""
    return personal().settings[name].value


@lru_cache(maxsize=4096)
def header_kind(text: str) -> str | None:
    """The kind of personal data that a column under this header holds, None when it holds none."""
    key = header_key(text)
    if not key or len(key) > LONGEST_HEADER or re.search(r"\d{6}", key):
        return None
    keys = {name for name, _ in spellings(key)}
    for name, kind in personal().kinds.items():
        if keys & header_keys(name):
            return name
        if any(word in key for word in kind.contains) or any(found.endswith(kind.ends) for found in keys if kind.ends):
            return name
    return None


@cache
def header_keys(kind: str) -> frozenset[str]:
    """The headers of a kind as they are compared."""
    return frozenset(header_key(header) for header in personal().kinds[kind].headers)


def label_kind(text: str) -> str | None:
    """The kind that a cell announces for the cell to its right: a label with nothing behind it, such as 填表人：."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()
    for name, kind in personal().kinds.items():
        if any(plain == label + ":" for label in kind.labels):
            return name
    return header_kind(text)


@cache
def name_pattern() -> str:
    """Regular expression (Python and RE2) of a Chinese personal name: a common surname and one or two characters."""
    double = "|".join(personal().double_surnames)
    return rf"(?:{double}|[{personal().surnames}])[ \x{{3000}}]{{0,2}}[{HAN}](?:[ \x{{3000}}]{{0,2}}[{HAN}])?"


@cache
def python_name() -> str:
    """The same as Python writes it; blanks are normalised before."""
    return name_pattern().replace(r"\x{3000}", "")


def looks_like_a_name(text: str) -> bool:
    """Whether a cell is nothing but a name."""
    return bool(re.fullmatch(python_name(), plain_text(text)[0].strip()))


def number_patterns(blanks: str, full_width: bool = False) -> dict[str, str]:
    """Regular expressions of the numbers by kind, each with the number as its first group.

    `blanks` may stand between groups of digits. With `full_width` the pattern takes full-width digits, too.
    """

    def among(digits: str) -> str:
        return f"[{digits}{''.join(FULL_WIDTH_DIGITS[digit] for digit in digits) if full_width else ''}]"

    def many(count: str) -> str:
        return f"(?:{blanks}{any_digit}){{{count}}}"

    any_digit = among("0123456789")
    before, after = r"(?:^\.?|[^0-9.]\.?)", r"(?:(?:\.0*)?(?:[^0-9.]|$)|\.(?:[^0-9]|$))"
    pairs = [("1", "12345"), ("2", "123"), ("3", "1234567"), ("4", "123456"), ("5", "01234"), ("6", "12345")]
    pairs += [("7", "1"), ("8", "123")]
    place = "(?:" + "|".join(f"{among(first)}{blanks}{among(second)}" for first, second in pairs) + ")" + many("4")
    month = f"(?:{among('0')}{blanks}{among('123456789')}|{among('1')}{blanks}{among('012')})"
    last_days = f"{among('3')}{blanks}{among('01')}"
    day = f"(?:{among('0')}{blanks}{among('123456789')}|{among('12')}{blanks}{any_digit}|{last_days})"
    century = f"(?:{among('1')}{blanks}{among('89')}|{among('2')}{blanks}{among('0')})"
    x = "XxＸｘ" if full_width else "Xx"
    joint = r"[)）\-－–—\s]{1,3}"
    grouped = f"{any_digit}{{4}}{blanks}"
    return {
        "identity_number": (
            f"{before}({place}{blanks}{century}{many('2')}{blanks}{month}{blanks}{day}{many('3')}{blanks}"
            f"(?:{any_digit}|[{x}])){after}"
        ),
        "old_identity_number": f"{before}({place}{many('2')}{blanks}{month}{blanks}{day}{many('3')}){after}",
        "stored_identity_number": r"(?:^|[^0-9.])([1-8]\.[0-9]{13,18})[eE]\+?17(?:[^0-9]|$)",
        "bank_card": f"{before}({among('34569')}{any_digit}{{3}}{blanks}{grouped}{grouped}{many('4,7')}){after}",
        "phone": (
            rf"{before}(?:\+?(?:{among('0')}{{2}})?{among('8')}{among('6')}{blanks})?"
            f"({among('1')}{among('3456789')}{any_digit}{blanks}{any_digit}{{4}}{blanks}{any_digit}{{4}}){after}"
        ),
        "landline": (  # 3 and 8 digits, or 4 and 7 or 8
            rf"(?:^|[^0-9.])([(（]?{among('0')}{any_digit}{{2}}(?:{joint}{any_digit}{{8}}"
            rf"|{any_digit}{joint}{any_digit}{{7}}{any_digit}?)){after}"
        ),
        "email": r"([A-Za-z0-9._%+\-]{1,64}[@＠][A-Za-z0-9\-]+(?:[.．][A-Za-z0-9\-]+)+)",
    }


@cache
def suspicion() -> tuple[str, str]:
    """Two SQL conditions on `text`, both true for every text with personal data: a cheap one, and one that few other
    texts fulfil."""
    full = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
    half = "".join(chr(code) for code in range(0x21, 0x7F))
    kinds = personal().kinds.values()
    words = {word for kind in kinds for word in (*kind.headers, *kind.contains, *kind.ends, *kind.labels)}
    words_sql = sql_text("|".join(sorted(re.escape(re.sub(r"[ \-]", "", word)) for word in words)))
    closed = f"translate(lower(text), {sql_text(full + IGNORED)}, {sql_text(half)})"
    named = f"regexp_matches({closed}, {words_sql})"
    numbers = "|".join(number_patterns(BLANKS_IN_SQL, full_width=True).values())
    return (
        f"regexp_matches({closed}, '[0-9]{{11}}|@|e[+]?17|' || {words_sql})",
        f"({named} or regexp_matches(text, {sql_text(f'(?i){numbers}')}))",
    )


def plain_text(text: str) -> tuple[str, list[int]]:
    """A text with half-width signs, one kind of blank and dash and no invisible signs; and where each sign stood."""
    signs, places = [], []
    for place, sign in enumerate(text):
        category = unicodedata.category(sign)
        if category == "Cf" or sign == "\0":
            continue
        if category in ("Zs", "Zl", "Zp") or sign in "\t\r\n\v\f":
            plain = " "
        elif category == "Pd" or sign == "−":
            plain = "-"
        elif category == "Nd":
            plain = str(unicodedata.digit(sign))
        elif 0xFF01 <= ord(sign) <= 0xFF5E:
            plain = chr(ord(sign) - 0xFEE0)
        else:
            plain = sign
        signs.append(plain)
        places.append(place)
    return "".join(signs), places


@cache
def python_patterns() -> dict[str, re.Pattern[str]]:
    """The number patterns compiled, for texts as `plain_text` gives them."""
    return {name: re.compile(pattern) for name, pattern in number_patterns("[ -]{0,2}").items()}


def is_number_of(pattern: str, number: str) -> bool:
    """Whether a number that has the form of a kind can be one: dates that exist, check digits that hold."""
    digits = re.sub("[^0-9X]", "", number.upper())
    if pattern == "identity_number":
        truncated = digits[EXCEL_DIGITS:] == "0" * (18 - EXCEL_DIGITS)
        return is_date(digits[6:14]) and (truncated or mod_11_2.is_valid(digits))
    if pattern == "old_identity_number":
        return is_date("19" + digits[6:12])
    if pattern == "stored_identity_number":
        return is_date(digits[6:14])
    if pattern == "bank_card":
        return luhn.is_valid(digits) and len(set(digits)) > 1
    return True


def is_date(digits: str) -> bool:
    """Whether eight digits are a day."""
    try:
        dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True


KIND_OF_PATTERN = {"old_identity_number": "identity_number", "stored_identity_number": "identity_number"}
KIND_OF_PATTERN["landline"] = "phone"


def numbers_in(plain: str) -> list[tuple[int, int, str]]:
    """Start, end and kind of every personal number and e-mail address in a text given by `plain_text`."""
    found = []
    for name, pattern in python_patterns().items():
        place = 0
        while match := pattern.search(plain, place):
            if is_number_of(name, match[1]):
                found.append((match.start(1), match.end(1), KIND_OF_PATTERN.get(name, name)))
                place = match.end(1)
            else:
                place = match.start(1) + 1
    return found


def number_kind(text: str) -> str | None:
    """The kind of the first personal number in a text."""
    found = numbers_in(plain_text(text)[0])
    return found[0][2] if found else None


@cache
def label_patterns() -> list[tuple[str, re.Pattern[str]]]:
    """By kind, what follows its labels in a text: behind a colon whatever stands there, numbers also without one."""
    found = []
    for name, kind in personal().kinds.items():
        labels = "|".join(
            " *".join(label) if len(label) == 2 else re.escape(label) for label in sorted(kind.labels, key=len)[::-1]
        )
        padded = rf"[{HAN}] {{1,4}}[{HAN}](?![{HAN}])"
        value = rf"({padded}|[^ ,;、。|()]{{1,40}})" if name != "address" else "([^;。|]{1,80})"
        labels = rf"(?<![A-Za-z])(?:{labels})"
        found.append((name, re.compile(rf"{labels} *: *{value}", re.IGNORECASE)))
        if name == "name":
            found.append((name, re.compile(rf"{labels} ?({python_name()})(?![{HAN}])")))
        if name in ("identity_number", "bank_card", "phone"):
            found.append((name, re.compile(rf"{labels}[^0-9]{{0,4}}([0-9Xx][0-9Xx -]{{5,24}})", re.IGNORECASE)))
    return found


def parts(text: str, but: frozenset[str] = frozenset()) -> list[tuple[int, int, str]]:
    """Start, end and kind of everything personal in a text, but for the kinds in `but`, in the order of the text."""
    plain, places = plain_text(text)
    numbers = numbers_in(plain)
    found = list(numbers)
    for start, end, _ in numbers:
        # A name directly in front of or behind a number is that of its owner, in a sentence too.
        if match := re.search(rf"({python_name()})[ :(,、-]*$", plain[max(0, start - NEAR) : start]):
            before = max(0, start - NEAR)
            found.append((before + match.start(1), before + match.end(1), "name"))
        if match := re.match(rf"[ :(,、-]*({python_name()})(?![{HAN}])", plain[end:]):
            found.append((end + match.start(1), end + match.end(1), "name"))
    for name, pattern in label_patterns():
        found += [(match.start(1), match.end(1), name) for match in pattern.finditer(plain) if MASK not in match[1]]
    return sorted((places[start], places[end - 1] + 1, kind) for start, end, kind in found if kind not in but)


def masked(text: str, but: frozenset[str] = frozenset()) -> str:
    """The text with everything personal replaced by ■■■."""
    shown, place = "", 0
    for start, end, _ in parts(text, but):
        if start >= place:
            shown += text[place:start] + MASK
        place = max(place, end)
    return shown + text[place:]


def public_name(name: str, mark: str) -> str:
    """The name of a file or sheet without personal data; `mark` keeps two names apart that would become the same."""
    shown = masked(name)
    return name if shown == name else f"{shown}~{mark}"
