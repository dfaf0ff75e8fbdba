"""What is said about a whole table outside its header: in the lines above it, or in the name of its sheet.

Belongs here: the year, the school and other parts of the key that such texts state, and the measure of columns that
are years. Does not belong here: which lines stand above which table (`tables`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.contracts import Column, Contract
from pipelines.ingest.headers import NUMERIC, QUALIFIED, HeaderMatch, header_key, is_unit, names_of, with_unit
from pipelines.ingest.units import unit_key
from pipelines.ingest.years import without_years, year_column, years_in

LABELLED = re.compile(r"([^\s:：;；]{1,20}?)\s*[:：]\s*([^:：;；]*?)(?=\s+[^\s:：;；]{1,20}\s*[:：]|[;；]|$)")
SENDERS = {"填报单位", "报送单位", "上报单位", "填报学校", "报送学校", "上报学校", "单位名称"}
TAIL = re.compile(
    "毕业|就业(?!训练|服务)|招生|在校|新生|学生|专业(?!学校|技术)|统计|情况|数据|汇总|报表|报送|上报|填报|一览|各|明细|表$"
)
SCHOOL = re.compile("(校|学院|大学|中心|中学|职中|职高|技工部)$")
NO_NAME = re.compile(r"(sheet|工作表|表|table|数据|页)?\s*[\d一二三四五六七八九十]*", re.IGNORECASE)
PUNCTUATION = " \t\r\n_-—–:：()（）《》、,，.。·"


@dataclass(frozen=True)
class Line:
    """A cell above a table: its name (B1) and its text."""

    cell: str
    text: str


@dataclass(frozen=True)
class Statement:
    """One value that holds for all rows of a table, and the cell it comes from; None is the name of the sheet."""

    text: str
    cell: str | None
    explicit: bool = False


@dataclass(frozen=True)
class Surroundings:
    """Texts around a table: the lines above it from the nearest to the farthest, and the name of its sheet."""

    lines: tuple[Line, ...]
    sheet: str

    @property
    def texts(self) -> list[str]:
        """All of them, the lines first."""
        return [*(line.text for line in self.lines), self.sheet]


def statements(
    contract: Contract, absent: Iterable[Column], around: Surroundings
) -> tuple[dict[str, Statement], dict[str, tuple[Statement, Statement]]]:
    """For every `absent` column of the key what the surroundings state, and the columns for which they state two
    different years with equal right.

    A cell "label：value" counts for any of them; else a title or the name of the sheet may give the year and the
    school. A school's name is taken as it stands there, to be looked up like any other.
    """
    found: dict[str, Statement] = {}
    twice: dict[str, tuple[Statement, Statement]] = {}
    for column in absent:
        if column.name not in contract.key or column.type in NUMERIC:
            continue
        if labelled := labelled_value(contract, column, around.lines):
            found[column.name] = labelled
        elif column.required and column is year_column(contract):
            title, sheet = title_year(column, around.lines), sheet_year(column, around.sheet)
            if title and sheet and years_of(title) != years_of(sheet) and title.explicit == sheet.explicit:
                twice[column.name] = (title, sheet)
            elif title or sheet:
                found[column.name] = max(
                    (one for one in (title, sheet) if one), key=lambda one: (one.explicit, one.cell is not None)
                )
        elif column.required and column.references == "school" and (name := school_stated(around)):
            found[column.name] = name
    return found, twice


def labelled_value(contract: Contract, column: Column, lines: Iterable[Line]) -> Statement | None:
    """The value that some line gives beside a name of the column (学校：开州职教中心)."""
    for line in lines:
        for label, value in LABELLED.findall(line.text):
            key = re.sub(r"\(.*\)$", "", header_key(label))
            named, _ = names_of(contract).get(key, (None, 0))
            if value.strip() and (named is column or (key in SENDERS and column.references == "school")):
                return Statement(value.strip(), line.cell, explicit=True)
    return None


def title_year(column: Column, lines: Iterable[Line]) -> Statement | None:
    """The year of the nearest line that states just one."""
    for line in lines:
        years, explicit = years_in(line.text, column.type, column.school_year)
        if len(years) == 1:
            return Statement(years[0], line.cell, explicit)
        if years:
            return None
    return None


def sheet_year(column: Column, sheet: str) -> Statement | None:
    """The year that the name of the sheet states, when it is just one."""
    years, explicit = years_in(sheet, column.type, column.school_year)
    return Statement(years[0], None, explicit) if len(years) == 1 else None


def years_of(statement: Statement) -> list[str]:
    """The figures of a stated year, however it is written."""
    return re.findall(r"\d+", statement.text)


def school_stated(around: Surroundings) -> Statement | None:
    """The school that a title begins with, else the one that the sheet is named after."""
    for line in around.lines:
        name = name_before_subject(line.text)
        if len(name) > 2 and SCHOOL.search(name):
            return Statement(name, line.cell)
    name = name_before_subject(around.sheet)
    return None if NO_NAME.fullmatch(name) else Statement(name, None)


def name_before_subject(title: str) -> str:
    """A title without years, up to the words that say what the table is about."""
    text = without_years(title).strip(PUNCTUATION)
    return TAIL.split(text, maxsplit=1)[0].strip(PUNCTUATION)


def stated_measure(contract: Contract, around: Surroundings) -> HeaderMatch | None:
    """The one numeric column of `contract` that the nearest text names, with the unit in brackets behind the name.

    A text that narrows the meaning (其中女生, 同比增长) names none.
    """
    for text in around.texts:
        key = header_key(without_years(text))
        named: dict[str, HeaderMatch] = {}
        rest = key
        for name, (column, rank) in sorted(names_of(contract).items(), key=lambda item: -len(item[0])):
            if column.type in NUMERIC and name in rest:
                unit = re.search(re.escape(name) + r"\((?:单位:?)?([^()]*)\)", rest)
                match = with_unit(column, rank, unit_key(unit[1]) if unit and is_unit(unit[1]) else None)
                if match:
                    named.setdefault(column.name, match)
                rest = rest.replace(name, " ")
        if len(named) == 1 and not QUALIFIED.search(rest):
            return next(iter(named.values()))
        if named:
            return None
    return None
