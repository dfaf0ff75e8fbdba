"""What pages of the public site are made of: links, blocks of tables and charts, and the cells of tables.

Belongs here: the parts of pages, and how a public number is written. Does not belong here: which pages there are
(`site_pages`, `site_catalogues`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from reports.figures import Figure
from reports.open_data import HIDDEN, Publication, Resource
from reports.public_catalogues import SEPARATOR
from reports.public_counts import RATES as PARTS_OF_RATES
from reports.round_tables import RoundTables
from reports.site_things import KINDS, address, edges_between, known
from reports.wording import missing, number, percent, texts

SHARES = {
    *PARTS_OF_RATES, "share", "provider_share", "unfilled_vacancies", "unfilled_projection", "unfilled_forecast",
}  # fmt: skip
YEARS = {"valid_until", "forecast_year"}
LISTS = {"occupations": "occupation", "programs": "program", "schools": "school"}  # names of things in one text
WORDS = {
    "school_id", "school_name", "program_code", "program_name", "category", "year", "occupation_code",
    "occupation_name", "region", "class_system", "class_code", "class_name", "basis", "state_zh", "state_en", "grade",
    "programs", "schools", "occupations", "is_duplicate", "index",
}  # fmt: skip


@dataclass(frozen=True)
class Link:
    """A place on the site: its address from the page it stands on, its text, and a remark."""

    href: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Block:
    """A part of a page: a heading of its level, then sentences, links, a chart or a table, whichever it has."""

    heading: str = ""
    lines: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    heads: list[tuple[str, bool]] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    caption: str = ""
    chart: str = ""
    level: int = 2


@dataclass(frozen=True)
class Page:
    """One page: its path below the language's root, its title, its parts, its charts by the id of their place."""

    path: str
    title: str
    blocks: list[Block]
    figures: dict[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    """What the pages are made from: the public tables by name, names of things, edges between them."""

    tables: RoundTables
    resources: Mapping[str, Resource]
    publication: Publication
    lang: str

    @cached_property
    def codes(self) -> dict[str, set[str]]:
        """Codes of all things that have a page, by kind."""
        return {kind: {code for code, _ in known(self.tables, kind)} for kind in KINDS}

    @cached_property
    def called(self) -> dict[str, dict[str, str]]:
        """What things are called in the site's language, by kind and Chinese name."""
        return {kind: {name: self.name(kind, code, name) for code, name in known(self.tables, kind)} for kind in KINDS}

    @property
    def text(self) -> dict[str, Any]:
        """The site's texts."""
        found: dict[str, Any] = texts(self.lang)["site"]
        return found

    def field(self, name: str) -> str:
        """What a field of a public table is called."""
        return str(texts(self.lang)["open_data"]["fields"][name][0])

    def rows(self, name: str) -> pd.DataFrame:
        """The rows of a public table."""
        return self.resources[name].rows

    def name(self, kind: str, code: str, name: str) -> str:
        """What a thing is called in the site's language; its Chinese name where it has no English one."""
        return self.tables.name(kind, code, name, self.lang)


def related(site: Site, kind: str, other: str, code: str) -> list[Link]:
    """Things of another kind that the crosswalk relates to one, with the weight, heaviest first."""
    edges = edges_between(site.tables, kind, other)
    rows = edges[edges["from"] == code].sort_values(["weight", "to"], ascending=[False, True])
    names = dict(known(site.tables, other))
    note = site.text["weight"]
    return [
        Link(
            address(other, to, "../"), f"{site.name(other, to, names[to])} {to}", note.format(weight=percent(weight, 0))
        )
        for to, weight in rows[["to", "weight"]].itertuples(index=False)
        if to in names
    ]


def linked(site: Site, heading: str, links: list[Link]) -> Block:
    """A list of links; where there is none it says so."""
    return Block(heading, [] if links else [site.text["none"]], links)


def grid(
    site: Site, heading: str, rows: pd.DataFrame, columns: list[str], lines: Sequence[str] = (), root: str = ""
) -> Block:
    """A table of public rows below `lines`: hidden numbers as `*`, names as links to their pages by way of `root`."""
    fields = texts(site.lang)["open_data"]["fields"]
    hidden = list(rows["hidden"]) if "hidden" in rows.columns else [()] * len(rows)
    heads = [(fields[name][0], name not in WORDS) for name in columns]
    body = [
        [HIDDEN if is_hidden(name, row, secret) else cell(site, name, row, root) for name in columns]
        for row, secret in zip(rows.to_dict("records"), hidden, strict=True)
    ]
    return Block(heading, list(lines), heads=heads, rows=body)


def is_hidden(name: str, row: Mapping[Any, Any], secret: Collection[str]) -> bool:
    """Whether a number is not told: it is hidden, or a rate of which a part is and no bound is told."""
    if name in secret:
        return True
    told = not missing(row.get(f"{name}_at_least")) or not missing(row[name])
    return name in PARTS_OF_RATES and not told and any(part in secret for part in PARTS_OF_RATES[name])


def cell(site: Site, name: str, row: Mapping[Any, Any], root: str) -> Any:
    """A value as people write it; the name of a school, program or occupation as a link."""
    value = row[name]
    if missing(value):
        least = row.get(f"{name}_at_least")
        return "–" if missing(least) else f"≥ {percent(least, 0)}"
    for kind, code, column in (
        ("program", "program_code", "program_name"),
        ("school", "school_id", "school_name"),
        ("occupation", "occupation_code", "occupation_name"),
    ):
        if name == column:
            called = site.name(kind, str(row[code]), str(value))
            return Link(address(kind, row[code], root), called) if row[code] in site.codes[kind] else called
    if name in WORDS:
        return in_language(site, name, value)
    if name in YEARS:
        return str(int(value))
    return percent(value) if name in SHARES else number(value)


def in_language(site: Site, name: str, value: Any) -> Any:
    """Words of a public table in the site's language, as far as they are known in it."""
    if name == "category":
        return texts(site.lang)["report"]["flow"]["categories"].get(value, value)
    if name in LISTS:
        separator: str = texts(site.lang)["separator"]
        return separator.join(site.called[LISTS[name]].get(one, one) for one in str(value).split(SEPARATOR))
    return value
