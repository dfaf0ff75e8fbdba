"""Units that headers and cells carry, and how many of the stored unit each one is.

Belongs here: names of units and their size. Does not belong here: which unit a column is stored in (its contract).
"""

import re
import unicodedata
from functools import cache

SIZES = {
    "": 1,
    "十": 10,
    "百": 100,
    "千": 10**3,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
}
NAMES = {
    "人": ("人", "名", "人次", "个人", "位", "persons", "people"),
    "元": ("元", "块", "元人民币", "yuan", "rmb", "cny"),
    "班": ("班", "个班", "个"),
    "个": ("个", "家", "户", "户数", "个单位"),
}
PER_MONTH = ("/月", "每月", "/人月", "/人·月", "/人/月", "/月/人", "/月·人", "/month")
SHARES = {"%": "0.01", "‰": "0.001", "百分比": "0.01", "百分数": "0.01", "percent": "0.01", "pct": "0.01"}
ENGLISH_SIZES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}


def unit_names(unit: str | None) -> list[str]:
    """Every way to write a stored unit itself, without a size in front."""
    names = list(NAMES.get(unit or "", (unit,) if unit else ()))
    if unit == "元":
        names += [name + suffix for name in names for suffix in PER_MONTH]
    return names


@cache
def multipliers(unit: str | None, kind: str) -> dict[str, str]:
    """Unit as a header writes it -> the number of stored units it stands for, in a column of type `kind`.

    The values are decimal texts; a rate is stored as a fraction, so that % is 0.01.
    """
    if kind == "rate":
        return SHARES
    sizes = SIZES | ENGLISH_SIZES
    found = {size: str(many) for size, many in sizes.items() if size}
    return found | {size + name: str(many) for name in unit_names(unit) for size, many in sizes.items()}


def unit_key(text: str) -> str:
    """A unit as it is looked up: half-width, lower case, without blanks and 单位：."""
    key = re.sub(r"\s", "", unicodedata.normalize("NFKC", text).casefold())
    return re.sub(r"^(计量)?单位[:：]?", "", key)
