"""What the public may look up: programs, occupations, schools, industries; how they are related, and found.

Belongs here: codes, names, addresses, relations, and the entries of the search with their pinyin. Does not belong here:
what the pages show (`site_pages`) and searching itself (`site/search.js`).
"""

import re
from collections.abc import Callable
from typing import Any

import pandas as pd
from pypinyin import Style, lazy_pinyin

from reports.file_names import file_name
from reports.round_tables import RoundTables
from reports.wording import texts

KINDS = ("program", "occupation", "school", "industry")
NOT_CHINESE = re.compile(r"[^\u3400-\u9fff]+")


def known(tables: RoundTables, kind: str) -> list[tuple[str, str]]:
    """Codes and names of all things of a kind that the public may look up, by code."""
    frames: dict[str, Callable[[], pd.DataFrame]] = {
        "program": lambda: tables.frame("marts.unit")[["program_code", "program_name"]],
        "occupation": lambda: tables.frame("marts.occupation_balance")[["occupation_code", "occupation_name"]],
        "school": lambda: tables.frame("marts.unit")[["school_id", "school_name"]],
        "industry": lambda: tables.frame("core.industry_class").query("level == 'section'")[["industry_code", "name"]],
    }
    rows = frames[kind]().dropna().drop_duplicates().set_axis(["code", "name"], axis=1)
    rows = rows.drop_duplicates("code").sort_values("code")
    return [(str(code), str(name)) for code, name in rows.itertuples(index=False)]


def address(kind: str, code: str, root: str = "") -> str:
    """The page of a thing."""
    return f"{root}{kind}/{file_name(code)}.html"


def edges_between(tables: RoundTables, kind: str, other: str) -> pd.DataFrame:
    """from, to and weight of the relation between two kinds; the weight is the share of the program or occupation.

    Industries are sections: what leads to a division leads to its section.
    """
    pair = {kind, other}
    if pair == {"program", "industry"}:
        edges = tables.frame("marts.program_industry").set_axis(["program", "industry", "weight"], axis=1)
    else:
        relation = "program_occupation" if "program" in pair else "occupation_industry"
        edges = tables.frame("core.crosswalk").query("relation == @relation")[["from_code", "to_code", "weight"]]
        edges = edges.set_axis([*relation.split("_"), "weight"], axis=1)
    if "industry" in pair:
        classes = tables.frame("core.industry_class").set_index("industry_code")["section_code"]
        section = edges["industry"].map(classes).fillna(edges["industry"])
        (one,) = pair - {"industry"}
        edges = edges.assign(industry=section).groupby([one, "industry"])["weight"].sum().reset_index()
    return edges.rename(columns={kind: "from", other: "to"})[["from", "to", "weight"]]


def entries(tables: RoundTables) -> list[dict[str, Any]]:
    """One mapping per thing and page: id, kind, code, name, name_en, pinyin, initials, characters, url."""
    english = tables.english_names
    found = [
        (kind, code, name, english.get((kind, code), ""), address(kind, code))
        for kind in KINDS
        for code, name in known(tables, kind)
    ]
    menu, menu_en = (texts(lang)["site"]["menu"] for lang in ("zh", "en"))
    found += [("page", "", title, menu_en[name], f"{name}.html") for name, title in menu.items() if name != "index"]
    return [entry(place, *thing) for place, thing in enumerate(found)]


def entry(place: int, kind: str, code: str, name: str, name_en: str, url: str) -> dict[str, Any]:
    """One entry of the search."""
    chinese = NOT_CHINESE.sub("", name)
    return {
        "id": place, "kind": kind, "code": code, "name": name, "name_en": name_en,
        "pinyin": " ".join(["".join(lazy_pinyin(chinese)), *lazy_pinyin(chinese)]),
        "initials": "".join(lazy_pinyin(chinese, style=Style.FIRST_LETTER)),
        "characters": " ".join(chinese), "url": url,
    }  # fmt: skip
