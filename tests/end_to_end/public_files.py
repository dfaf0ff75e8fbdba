"""Everything public read back: tables of all rounds as CSV and Parquet, tables and charts of all pages.

What an attacker has. Cells are named as in `reports.public_counts`: level, school, program, category, year, variable.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import lxml.html
import pandas as pd

from reports.open_data import HIDDEN
from reports.public_counts import ENROLLED, PUBLISHED, RATES
from reports.wording import texts

LEVELS = ("unit", "program", "school", "category", "district")
COUNTS = (*PUBLISHED, *ENROLLED)


@dataclass
class Seen:
    """Counts by cell; rates that pages show, by their cell; all numbers of charts by page; where each came from."""

    counts: dict[str, set[float]] = field(default_factory=dict)
    rates: dict[str, str] = field(default_factory=dict)
    charts: dict[str, list[float]] = field(default_factory=dict)

    def add(self, cell: str, value: float) -> None:
        """Note a count."""
        self.counts.setdefault(cell, set()).add(value)


def read(file: Path) -> pd.DataFrame:
    """A public CSV as text."""
    return pd.read_csv(file, dtype=str, keep_default_na=False)


def cell_of(level: str, row: dict[str, str], name: str) -> str:
    """The name of a cell of a row."""
    category = row.get("category", "") if level == "category" else ""
    return "|".join((level, row.get("school_id", ""), row.get("program_code", ""), category, row["year"], name))


def read_back(public: Path) -> Seen:
    """All that the public folder shows of persons."""
    seen = Seen()
    for folder in sorted((public / "data").iterdir()):
        for level in LEVELS:
            rows = read(folder / f"outcomes_by_{level}.csv").to_dict("records")
            table = pd.read_parquet(folder / f"outcomes_by_{level}.parquet").to_dict("records")
            for row, same in zip(rows, table, strict=True):
                for name in COUNTS:
                    if row[name] not in ("", HIDDEN):
                        seen.add(cell_of(level, row, name), float(row[name]))
                    if same[name] is not None and same[name] == same[name]:
                        seen.add(cell_of(level, row, name), float(same[name]))
    for lang, top in (("zh", public), ("en", public / "en")):
        for kind in (".", "program", "school"):
            for file in sorted((top / kind).glob("*.html")):
                read_page(file, lang, seen)
    return seen


def read_page(file: Path, lang: str, seen: Seen) -> None:
    """The tables of outcomes of one page, and the numbers of its charts."""
    page = lxml.html.parse(str(file)).getroot()
    fields = texts(lang)["open_data"]["fields"]
    classes = {shown: name for name, shown in texts(lang)["report"]["flow"]["categories"].items()}
    own = {"program": {"program_code": file.stem}, "school": {"school_id": file.stem}}.get(file.parent.name, {})
    for table in page.iter("table"):
        heads = [head.text_content() for head in table.iter("th")]
        at = {name: heads.index(fields[name][0]) for name in (*COUNTS, *RATES, "year") if fields[name][0] in heads}
        if "graduates" not in at or "year" not in at or "allotted_openings" in heads:
            continue
        for line in table.iterfind("tbody/tr"):
            cells = list(line)
            if len(cells) != len(heads):
                continue
            row = dict(own)
            for link in line.iter("a"):
                kind, code = link.get("href").removesuffix(".html").split("/")[-2:]
                row |= {"school": {"school_id": code}, "program": {"program_code": code}}.get(kind, {})
            row["year"] = cells[at["year"]].text_content()
            if fields["category"][0] in heads:
                said = cells[heads.index(fields["category"][0])].text_content()
                row["category"] = classes.get(said, said)
            level = (
                "category"
                if "category" in row
                else {(True, True): "unit", (False, True): "program", (True, False): "school"}.get(
                    ("school_id" in row, "program_code" in row), "district"
                )
            )
            for name, place in at.items():
                said = cells[place].text_content().strip()
                if name in COUNTS and said not in ("–", HIDDEN):
                    seen.add(cell_of(level, row, name), float(said.replace(",", "")))
                if name in RATES and said not in ("–", HIDDEN):
                    seen.rates[cell_of(level, row, name)] = said
    for text in page.xpath("//script[@id='figures']/text()"):
        seen.charts[f"{lang}/{file.name}"] = numbers_of(json.loads(text))


def numbers_of(part: object) -> list[float]:
    """All numbers in the data of charts; years and layout aside."""
    if isinstance(part, dict):
        inner = [value for name, value in part.items() if name not in ("layout", "marker", "line")]
        return [number for value in inner for number in numbers_of(value)]
    if isinstance(part, list):
        return [number for value in part for number in numbers_of(value)]
    if isinstance(part, int | float) and not isinstance(part, bool):
        return [] if re.fullmatch(r"(19|20)\d\d", str(part)) else [float(part)]
    return []
