"""Evidence as data inside a page, from which the page builds what a reader opens.

Belongs here: the shape of that data, in which every text stands once. Does not belong here: what an evidence says
(`reports.content`), how it is built (`templates/match_report.js`).
"""

from collections.abc import Callable, Mapping
from typing import Any

from reports.content.parts import Evidence, Measure, Source, Table, Text, Words
from reports.visible_text import visible


class Texts:
    """Texts by number; one that differs by language is a pair of Chinese and English."""

    def __init__(self) -> None:
        self.numbers: dict[str | tuple[str, str], int] = {}

    def number(self, text: Text) -> int:
        """The number of a text, shown as it is written."""
        known: str | tuple[str, str] = visible(text) if isinstance(text, str) else (visible(text.zh), visible(text.en))
        if isinstance(known, tuple) and known[0] == known[1]:
            known = known[0]
        return self.numbers.setdefault(known, len(self.numbers))


def evidence_data(evidence: Mapping[str, Evidence], anchor: Callable[[str], str]) -> dict[str, Any]:
    """Evidence by its place on the page: "texts", a list, and "evidence", whose texts are numbers in that list."""
    texts = Texts()
    found = {anchor(key): one_of(one, texts, anchor) for key, one in evidence.items()}
    return {"texts": list(texts.numbers), "evidence": found}


def one_of(one: Evidence, texts: Texts, anchor: Callable[[str], str]) -> dict[str, Any]:
    """One evidence: facts (name, lines), measures, tables, sources, see; what is empty is left out."""
    parts: dict[str, Any] = {
        "facts": [[texts.number(name), [texts.number(line) for line in lines]] for name, lines in one.facts],
        "measures": [measure_of(measure, texts) for measure in one.measures],
        "tables": [table_of(table, texts) for table in one.tables],
        "sources": [source_of(source, texts) for source in one.sources],
        "see": [anchor(key) for key in one.see],
    }
    return {name: value for name, value in parts.items() if value}


def measure_of(measure: Measure, texts: Texts) -> list[int]:
    """Name, value, numerator, denominator, what it was made from, definition."""
    return [
        texts.number(part)
        for part in (
            measure.name, measure.value, measure.numerator, measure.denominator, measure.counted_from,
            measure.definition,
        )
    ]  # fmt: skip


def source_of(source: Source, texts: Texts) -> list[int]:
    """File, sheet, cells, what stands in them."""
    return [texts.number(part) for part in (source.file, source.sheet, source.cells, source.what)]


def table_of(table: Table, texts: Texts) -> dict[str, Any]:
    """Caption, columns (title, 1 where of numbers), rows, note."""
    return {
        "caption": texts.number(table.caption),
        "columns": [[texts.number(column.title), int(column.numeric)] for column in table.columns],
        "rows": [[texts.number(cell) for cell in row.cells] for row in table.rows],
        "note": texts.number(table.note),
    }


def labels(names: Mapping[str, Words]) -> dict[str, list[str]]:
    """Texts of the page's own by name, Chinese and English."""
    return {name: [text.zh, text.en] for name, text in names.items()}
