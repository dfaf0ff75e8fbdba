"""Headers of real files against the columns of the contracts.

Belongs here: how a header is normalised, which contract columns it can mean, the unit it carries.
Does not belong here: where the header stands in a sheet (`tables`); aliases themselves (contracts).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from pipelines.contracts import Column, Contract, contracts
from pipelines.ingest.units import multipliers, unit_key

INVISIBLE = re.compile("[\\s\0\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff_]")
DECORATION = re.compile(r"^[*★☆※●·#]+|[*★☆※●·#:]+$")
BRACKETED = re.compile(r"^(.+?)[(](.*)[)]$")
BRACKETS = str.maketrans("【】[]〔〕{}「」", "()()()()()")
REMARKS = {"必填", "选填", "必填项", "可不填", "填数字", "下拉选择", "可多选", "required", "optional"}
AMONG_WHICH = re.compile("^其中[:、,]?")
QUALIFIED = re.compile("其中|女|男|同比|环比|增长|增速|增幅|比重|上年|去年|上期|累计")
ROW_NUMBERS = {"序号", "编号", "行号", "no", "no.", "#", "序"}
NUMERIC = {"count", "number", "rate"}
CODES = re.compile("代码|编号|编码|标识码|代号|code|_id$")
LONGEST_HEADER = 200  # characters; a longer text names no column


@dataclass(frozen=True)
class HeaderMatch:
    """A contract column that a header means: the header as read, its unit, and how directly it names the column.

    `rank` 0 is the column's own name or title, 1 and more an alias in the contract's order.
    """

    column: str
    unit: str | None
    rank: int


@lru_cache(maxsize=4096)
def header_key(text: str) -> str:
    """A header as it is compared: half-width, lower case, one kind of brackets, no blanks, marks or underscores."""
    key = INVISIBLE.sub("", unicodedata.normalize("NFKC", text).casefold().translate(BRACKETS))
    return DECORATION.sub("", key)


@cache
def names_of(contract: Contract) -> dict[str, tuple[Column, int]]:
    """Every header key under which a column of `contract` may stand, with the column and its rank."""
    found: dict[str, tuple[Column, int]] = {}
    for column in contract.columns:
        own = [column.name, column.title.zh, column.title.en]
        for rank, name in [*((0, name) for name in own), *enumerate(column.aliases, start=1)]:
            key = header_key(name)
            if key not in found or found[key][1] > rank:
                found[key] = (column, rank)
    return found


@cache
def known_names() -> frozenset[str]:
    """All header keys of all contracts."""
    return frozenset(key for contract in contracts().values() for key in names_of(contract))


@lru_cache(maxsize=4096)
def match_header(levels: tuple[str, ...], contract: Contract) -> HeaderMatch | None:
    """The column of `contract` that a header means, or None.

    `levels` are the lines of the header from top to bottom (one for a simple header, more where cells are merged).
    A line of its own may carry the unit. A line that narrows the meaning (其中：女, 同比增长) matches nothing; 其中 in
    front of a column that the contract has (其中：单位就业) is no narrowing.
    """
    lines = list(dict.fromkeys(header_key(level) for level in levels if level and level.strip()))
    if not lines:
        return None
    unit = None
    if len(lines) > 1 and is_unit(lines[-1]):
        unit = unit_key(lines.pop().strip("()"))
    names = names_of(contract)
    for text in dict.fromkeys(["".join(lines), lines[-1]]):
        named = first_named(AMONG_WHICH.sub("", text), names)
        if text not in names and not (named and AMONG_WHICH.match(text)) and any(map(QUALIFIED.search, lines)):
            return None
        if named:
            (column, rank), found_unit = named
            return with_unit(column, rank, found_unit or unit)
    return None


def first_named(text: str, names: Mapping[str, tuple[Column, int]]) -> tuple[tuple[Column, int], str | None] | None:
    """The column, with its rank, that a header names in the first of its spellings, and the unit found there."""
    return next(((names[name], unit) for name, unit in spellings(text) if name in names), None)


@lru_cache(maxsize=4096)
def spellings(text: str) -> list[tuple[str, str | None]]:
    """A header as written, and without the unit or remark at its end, each with the unit found."""
    found: list[tuple[str, str | None]] = [(text, None)]
    if len(text) > LONGEST_HEADER:
        return found
    bracketed = BRACKETED.match(text)
    if bracketed:
        inner = unit_key(bracketed[2])
        if is_unit(inner):
            found.append((DECORATION.sub("", bracketed[1]), inner))
        elif bracketed[2] in REMARKS:
            found.extend(spellings(DECORATION.sub("", bracketed[1])))
    elif text.endswith(("%", "‰")):
        found.append((text[:-1].rstrip("/,:"), text[-1]))
    elif (match := re.match(r"^(.+?)[/,:、](?:单位:?)?([^/,:、]+(?:/月)?)$", text)) and is_unit(match[2]):
        found.append((match[1], unit_key(match[2])))
    return found


def with_unit(column: Column, rank: int, unit: str | None) -> HeaderMatch | None:
    """The match, unless the unit is one the column cannot have (人 for an amount of yuan)."""
    if unit is None or column.type not in NUMERIC:
        return HeaderMatch(column.name, None, rank)
    if unit in multipliers(column.unit, column.type) or unit == column.unit:
        return HeaderMatch(column.name, unit, rank)
    return None


def names_a_code(header: str) -> bool:
    """Whether a header says that codes stand under it, and not names."""
    return bool(CODES.search(unicodedata.normalize("NFKC", header).casefold()))


@cache
def all_units() -> frozenset[str]:
    """Every unit of every contract column, and of rates."""
    kinds = {(column.unit, column.type) for contract in contracts().values() for column in contract.columns}
    return frozenset(unit for unit, kind in kinds if kind in NUMERIC for unit in multipliers(unit, kind)) | {"%", "‰"}


@lru_cache(maxsize=4096)
def is_unit(text: str) -> bool:
    """Whether a text is nothing but a unit."""
    return unit_key(text.strip("()")) in all_units()


def sheet_units(texts: Iterable[str]) -> list[str]:
    """Units that the lines above a table state for the whole table, as in 单位：万元、人."""
    for text in texts:
        stated = re.search(r"单位\s*[:：]\s*([^)）\s]+)", text)
        if stated:
            parts = [unit_key(part) for part in re.split(r"[、,，;；]", stated[1])]
            return [part for part in parts if is_unit(part)]
    return []
