"""What a cell means: SQL that turns text as found into a typed value or the name of what is wrong with it.

Belongs here: one reading per column type, in DuckDB SQL. Does not belong here: constraints between columns and
references (`acceptance`), sizes of units (`units`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.contracts import Column
from pipelines.ingest.findings import sql_text
from pipelines.ingest.units import ENGLISH_SIZES, SHARES, SIZES, unit_names

MARKS_OF_MISSING = (
    *("", "-", "--", "---", "----", "—", "——", "–", "―", "−", "…", "……", "...", "..", ".", "/", "//", "\\"),
    *("无", "空", "空白", "(空白)", "缺", "缺失", "暂无", "未填", "未报", "未统计", "不详", "不适用", "无数据"),
    *("na", "n/a", "n.a.", "n.a", "#n/a", "nan", "null", "none", "nil", "blank", "(blank)", "ns", "n.s."),
    *("*", "**", "***"),
)
HALF = "".join(chr(code) for code in range(0x21, 0x7F))
FULL = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
MISSING = tuple(
    dict.fromkeys([*MARKS_OF_MISSING, *(mark.translate(str.maketrans(HALF, FULL)) for mark in MARKS_OF_MISSING)])
)
DASHES = "−—–‐‑‒―"
SPACES = "\u3000\u00a0" + "".join(chr(code) for code in range(0x2000, 0x200B)) + "\u202f\u205f"
FULL_WIDTH = FULL + SPACES + DASHES + "〜"
HALF_WIDTH = HALF + " " * len(SPACES) + "-" * len(DASHES) + "~"
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u0000"
BLANKS = r"[\s\x{a0}\x{3000}\x{2000}-\x{200a}\x{202f}\x{205f}]"
UNTIDY = r"[\s\x{a0}\x{3000}\x{2000}-\x{200f}\x{202a}-\x{202f}\x{205f}\x{2060}\x{2066}-\x{2069}\x{feff}\x00]"
CHINESE_DIGITS = ("〇零○Ｏ一二三四五六七八九", "0000123456789")
FOOTNOTES = (
    r"(?:\s*(?:[*#†‡^※]+|[①-⑳]|\[(?:注|note)?\s*\d{0,2}\]|\((?:注|note)\s*\d{0,2}\)|注\d{1,2}"
    r"|[¹²³⁰⁴-⁹]+|[ªᵃᵇᶜᵈᵉ]))*"
)
MARKED_NAME = r"[*＊#＃†‡※★☆▲△●①-⑳¹²³⁰⁴-⁹ªᵃᵇᶜᵈᵉ注\[［]"  # only such names are looked at more closely
NAME_MARKS = (
    r"(?i)^[*＊†‡※★☆▲△●]+\s*|(?:\s*(?:[*＊†‡※]+|[①-⑳]|[¹²³⁰⁴-⁹ªᵃᵇᶜᵈᵉ]+|[\[［](?:注|note)?\s*\d{0,2}[\]］]"
    r"|[(（](?:注|note)\s*\d{0,2}[)）]))+$"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TYPES = {
    "text": "VARCHAR",
    "code": "VARCHAR",
    "list": "VARCHAR[]",
    "choice": "VARCHAR",
    "count": "BIGINT",
    "number": "DOUBLE",
    "rate": "DECIMAL(18,10)",
    "year": "INTEGER",
    "period": "VARCHAR",
    "date": "DATE",
}
PLAIN = "'[0-9]{1,15}'"  # by far the most frequent spelling, read without further ado


@dataclass(frozen=True)
class Reading:
    """SQL of one column in up to four steps, each seeing the names of the steps before.

    `text` of the cell x_<name> -> t_ (NULL where missing); `parts` of a written number -> p_; `amount` in the stored
    unit -> a_; `value` -> v_. `unread` names the rule that a text breaks when its value is NULL; `refusals` are
    further (condition, rule) pairs.
    """

    text: str
    value: str
    unread: str
    parts: str | None = None
    amount: str | None = None
    refusals: tuple[tuple[str, str], ...] = ()


def reading(column: Column) -> Reading:
    """How `column` is read, as its type says or as the name of a row of another table.

    The SQL uses x_, m_ (size of the header's unit) and percent_ followed by the column's name.
    """
    return reference_reading(column) if column.references else READERS[column.type](column)


def half_width(text: str) -> str:
    """SQL: full-width signs to half-width, invisible characters removed, blanks trimmed.

    Texts of plain ASCII, the most, are left as they are: translating costs a hundred times as much as looking.
    """
    translated = (
        f"translate(translate({text}, {sql_text(FULL_WIDTH)}, {sql_text(HALF_WIDTH)}), {sql_text(INVISIBLE)}, '')"
    )
    trimmed = f"trim({translated}, ' ' || chr(9) || chr(10) || chr(13))"
    return f"case when regexp_full_match({text}, '[!-~]*') then {text} else {trimmed} end"


def present(text: str) -> str:
    """SQL: the text, NULL when it is one of the markers of a missing value."""
    markers = "|".join(re.escape(marker) for marker in MISSING)
    return f"case when not regexp_full_match({text}, {sql_text(f'(?i){markers}')}) then {text} end"


def tidy(name: str) -> str:
    """SQL: a text without outer blanks and invisible characters, inner blanks and line breaks as one space."""
    visible = f"translate(x_{name}, {sql_text(INVISIBLE)}, '')"
    clean = f"trim(regexp_replace({visible}, '{BLANKS}+', ' ', 'g'))"
    return f"case when regexp_matches(x_{name}, {sql_text(UNTIDY)}) then {clean} else x_{name} end"


def text_reading(column: Column) -> Reading:
    """Text: outer blanks off, inner blanks and line breaks to one space; footnote marks off a name."""
    text = tidy(column.name)
    return Reading(present(unmarked(text) if column.is_name else text), f"t_{column.name}", "missing")


def unmarked(name: str) -> str:
    """SQL: a name without the footnote marks around it. A # that follows a Latin letter belongs to it (C#)."""
    bare = rf"regexp_replace(regexp_replace({name}, {sql_text(NAME_MARKS)}, '', 'g'), '([^\x00-\x7f])#+$', '\1')"
    return f"case when regexp_matches({name}, {sql_text(MARKED_NAME)}) then {bare} else {name} end"


def code_reading(column: Column) -> Reading:
    """A code: half-width, without the point and zero or the apostrophe that spreadsheets add."""
    clean = f"regexp_replace(ltrim({half_width(f'x_{column.name}')}, ''''), '^([0-9]+)\\.0+$', '\\1')"
    return Reading(present(clean), f"t_{column.name}", "missing")


def reference_reading(column: Column) -> Reading:
    """A code or name of another table; what it stands for is looked up afterwards."""
    clean = f"regexp_replace(ltrim({tidy(column.name)}, ''''), '^([0-9]+)\\.0+$', '\\1')"
    return Reading(present(clean), f"t_{column.name}", "missing")


def list_reading(column: Column) -> Reading:
    """A list: parts between 、 ; , / or line breaks."""
    name = column.name
    parts = rf"string_split_regex(t_{name}, '[、;；,，/|\n]+')"
    value = f"nullif(list_filter(list_transform({parts}, lambda part: trim(part)), lambda part: part <> ''), [])"
    clean = f"trim(translate(x_{name}, {sql_text(INVISIBLE)}, ''))"
    return Reading(present(clean), value, "missing")


def choice_reading(column: Column) -> Reading:
    """One of the choices, as itself or as one of its labels, whatever the case."""
    pairs = {choice.lower(): choice for choice in column.choices}
    pairs |= {label.lower(): choice for label, choice in column.labels.items()}
    cases = " ".join(f"when {sql_text(label)} then {sql_text(choice)}" for label, choice in pairs.items())
    key = f"lower(replace(t_{column.name}, ' ', ''))"
    value = f"case lower(t_{column.name}) {cases} else case {key} {cases} end end"
    return Reading(present(half_width(f"x_{column.name}")), value, "not_a_choice")


def written_number(column: Column) -> str:
    """SQL of the parts of a written number: sign, whole, fraction, exponent, size (万) and unit (元)."""
    if column.type == "rate":
        size, unit = "", "|".join(SHARES)
    else:
        size = "|".join(sorted((*filter(None, SIZES), *ENGLISH_SIZES), key=len, reverse=True))
        names = sorted(unit_names(column.unit), key=len, reverse=True)
        unit = "|".join(re.escape(name) for name in names)
    pattern = (
        r"^(?:[¥$]|rmb|cny|人民币)?\s*([-+]?)([0-9]{1,3}(?:[, ][0-9]{3})+|[0-9]*)(\.[0-9]+|\.)?(?:e([-+]?[0-9]{1,3}))?"
        rf"\s*({size})?({unit})?{FOOTNOTES}$"
    )
    names_of_parts = "['sign', 'whole', 'fraction', 'exponent', 'size', 'unit']"
    return f"regexp_extract(lower(t_{column.name}), {sql_text(pattern)}, {names_of_parts})"


def number_sql(column: Column, kind: str) -> str:
    """SQL: the number in front of the unit as a DECIMAL of `kind`; NULL where there are no digits or too many."""
    p = f"p_{column.name}"
    return (
        f"case when {p}.whole <> '' or length({p}.fraction) > 1 then try_cast({p}.sign || replace(replace({p}.whole,"
        f" ',', ''), ' ', '') || {p}.fraction || if({p}.exponent = '', '', 'e' || {p}.exponent) as {kind}) end"
    )


def size_sql(column: Column) -> str:
    """SQL: how many stored units one written unit is: by the cell's unit, else by the header's."""
    p = f"p_{column.name}"
    sizes = " ".join(f"when {sql_text(size)} then {many}" for size, many in (SIZES | ENGLISH_SIZES).items() if size)
    return f"(case {p}.size {sizes} else if({p}.unit = '', coalesce(m_{column.name}, 1), 1) end)::decimal(12,0)"


def count_reading(column: Column) -> Reading:
    """A whole number, with thousands separators, unit and footnote marks as files write them."""
    name = column.name
    plain = f"regexp_full_match(t_{name}, {PLAIN}) and m_{name} is null"
    x = f"x_{name}"
    return Reading(
        text=f"case when regexp_full_match({x}, {PLAIN}) then {x} else {present(half_width(x))} end",
        parts=f"case when not ({plain}) then {written_number(column)} end",
        amount=f"case when p_{name} is not null then {number_sql(column, 'decimal(26,6)')} * {size_sql(column)} end",
        value=f"case when {plain} then t_{name}::bigint else try_cast(floor(a_{name}) as bigint) end",
        unread="not_a_number",
        refusals=((f"a_{name} <> floor(a_{name})", "not_whole"),),
    )


def number_reading(column: Column) -> Reading:
    """A number in the column's unit."""
    name = column.name
    return Reading(
        text=present(half_width(f"x_{name}")),
        parts=written_number(column),
        amount=f"{number_sql(column, 'decimal(26,6)')} * {size_sql(column)}",
        value=f"a_{name}::double",
        unread="not_a_number",
    )


def rate_reading(column: Column) -> Reading:
    """A share as a fraction: from %, ‰, a number in its header's unit, a percentage without sign, or a fraction."""
    name = column.name
    sizes = " ".join(f"when {sql_text(sign)} then {size}" for sign, size in SHARES.items())
    unsigned = f"(case when m_{name} = 0.001 then 0.001 when percent_{name} then 0.01 else 1 end)::decimal(5,3)"
    size = f"(case p_{name}.unit {sizes} else {unsigned} end)::decimal(5,3)"
    small = f"p_{name}.unit = '' and a_{name} > 0 and a_{name} <= {unsigned}"
    return Reading(
        text=present(half_width(f"x_{name}")),
        parts=written_number(column),
        amount=f"{number_sql(column, 'decimal(22,12)')} * {size}",
        value=f"try_cast(a_{name} as decimal(18,10))",
        unread="not_a_number",
        refusals=((f"percent_{name} and {small}", "ambiguous_rate"),),
    )


def bare_number(column: Column) -> str:
    """SQL: the number in a cell without sign, to tell columns of percentages from columns of fractions."""
    return f"case when p_{column.name}.unit = '' then {number_sql(column, 'decimal(22,12)')} end"


def western_digits(text: str) -> str:
    """SQL: Chinese numerals digit by digit (二〇二三) as 2023."""
    source, target = CHINESE_DIGITS
    return f"translate({text}, {sql_text(source)}, {sql_text(target)})"


def plain_or(text: str, read: str) -> str:
    """SQL: a text of digits as it is, any other as `read` says."""
    return f"case when regexp_full_match({text}, {PLAIN}) then {text} else {read} end"


def chinese_numerals(text: str) -> str:
    """SQL: Chinese numerals below a hundred and years (十二月三十一日, 二〇二三) in digits."""
    tens = text
    for pattern, digits in (
        ("([二三四五六七八九])十([一二三四五六七八九])", r"\1\2"),
        ("十([一二三四五六七八九])", r"1\1"),
        ("([二三四五六七八九])十", r"\10"),
        ("十", "10"),
    ):
        tens = f"regexp_replace({tens}, '{pattern}', '{digits}', 'g')"
    return western_digits(f"case when contains({text}, '十') then {tens} else {text} end")


def year_reading(column: Column) -> Reading:
    """A year: 2023, 2023年, 2023届, 二〇二三年, a date in it, or a school year where the contract says which end.

    The school year 2023学年 begins in 2023; a year of leaving is not read from it, since usage differs.
    """
    name = column.name
    text = plain_or(f"x_{name}", western_digits(f"replace({half_width(f'x_{name}')}, ' ', '')"))
    t = f"t_{name}"
    suffix = {"start": "级(?:新生|学生)?|学年度?", "end": "届|(?:届|年)?毕业生?|届学生"}.get(
        column.school_year or "", "版"
    )
    single = rf"^([0-9]{{4}})(?:\.0+|年|年度|年?(?:{suffix}))?{FOOTNOTES}$"
    month, day = "(?:0?[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01]|[1-9])"
    dated = rf"^([0-9]{{4}})[-/.年]{month}(?:[-/.月]{day}日?(?:t?[0-9]{{2}}:[0-9:.]+)?|月)?$"
    term = "(?:第?[12]学期|[上下]学期|[春秋]季?学期)"
    school = rf"^([0-9]{{4}})(?:学年)?[-~/至]+([0-9]{{4}}|[0-9]{{2}})(?:学年度?{term}?|年度?)?{FOOTNOTES}$"
    start, end = (f"try_cast(regexp_extract({t}, {sql_text(school)}, {group}) as integer)" for group in (1, 2))
    cases = [
        f"try_cast(nullif(regexp_extract({t}, {sql_text(pattern)}, 1), '') as integer)" for pattern in (single, dated)
    ]
    if column.school_year:
        chosen = start if column.school_year == "start" else f"{start} + 1"
        cases.append(f"if({end} in ({start} + 1, ({start} + 1) % 100), {chosen}, null)")
    return Reading(present(text), f"coalesce({', '.join(cases)})", "not_a_year")


def period_reading(column: Column) -> Reading:
    """A year ('2024') or a quarter ('2024Q3', from its number or its months)."""
    name = column.name
    closed = f"lower(replace({half_width(f'x_{name}')}, ' ', ''))"
    text = plain_or(f"x_{name}", western_digits(closed))
    t = f"t_{name}"
    quarter = r"^([0-9]{4})年?[-/.]?(?:第?([1-4])季度?|q([1-4])|([1-4])q)$"
    months = r"^([0-9]{4})年?[-/.]?0?(1-0?3|4-0?6|7-0?9|10-12)月(?:份)?$"
    value = (
        f"case when regexp_full_match({t}, '[0-9]{{4}}(年|年度|全年)?') then {t}[:4]"
        f" when regexp_matches({t}, {sql_text(quarter)}) then {t}[:4] || 'Q' ||"
        f" regexp_extract({t}, {sql_text(quarter)}, 2) || regexp_extract({t}, {sql_text(quarter)}, 3) ||"
        f" regexp_extract({t}, {sql_text(quarter)}, 4)"
        f" when regexp_matches({t}, {sql_text(months)}) then {t}[:4] || 'Q' ||"
        f" case regexp_extract({t}, {sql_text(months)}, 2)[:1] when '1' then if(contains({t}, '10-'), '4', '1')"
        " when '4' then '2' else '3' end end"
    )
    return Reading(present(text), value, "not_a_period")


def date_reading(column: Column) -> Reading:
    """A day: year, month, day in that order, however joined; with the month's English name in any order; or the serial
    number that Excel stores. Two figures of which either may be the month are not read."""
    name = column.name
    text = plain_or(f"x_{name}", chinese_numerals(half_width(f"x_{name}")))
    t = f"t_{name}"
    time = r"(?:[t\s]*[0-9]{1,2}[:时点][0-9:.时分秒点\s]*(?:am|pm|z)?)?"
    weekday = r"(?:\s*\(?(?:星期|周)[1-7日天]\)?)?"
    spelled = (
        rf"^([0-9]{{4}})\s*[-/.\\、年\s]\s*([0-9]{{1,2}})\s*[-/.\\、月\s]\s*([0-9]{{1,2}})\s*[日号]?{weekday}{time}$"
    )
    packed = r"^([0-9]{4})([0-9]{2})([0-9]{2})$"
    month = f"({'|'.join(MONTHS)})[a-z]*"
    ordinal = "([0-9]{1,2})(?:st|nd|rd|th)?"
    named = [
        (rf"^{ordinal}[\s.,-]*{month}[\s.,-]*([0-9]{{4}}){time}$", (3, 2, 1)),
        (rf"^{month}[\s.,-]*{ordinal}[\s.,-]+([0-9]{{4}}){time}$", (3, 1, 2)),
    ]
    days = []
    for pattern, groups in [(spelled, (1, 2, 3)), (packed, (1, 2, 3)), *named]:
        year, month, day = (f"regexp_extract(lower({t}), {sql_text(pattern)}, {group})" for group in groups)
        if (pattern, groups) in named:
            month = f"coalesce(list_position({list(MONTHS)}, {month}), 0)::varchar"
        days.append(f"try_cast({year} || '-' || lpad({month}, 2, '0') || '-' || lpad({day}, 2, '0') as date)")
    serial = (
        f"case when regexp_full_match({t}, '[2-6][0-9]{{4}}(\\.[0-9]+)?')"
        f" then date '1899-12-30' + floor(try_cast({t} as double))::integer end"
    )
    return Reading(present(text), f"coalesce({', '.join([*days, serial])})", "not_a_date")


READERS: dict[str, Callable[[Column], Reading]] = {
    "text": text_reading,
    "code": code_reading,
    "list": list_reading,
    "choice": choice_reading,
    "count": count_reading,
    "number": number_reading,
    "rate": rate_reading,
    "year": year_reading,
    "period": period_reading,
    "date": date_reading,
}
