"""The parts that a report consists of: words in two languages, figures with evidence, paragraphs, tables, charts.

Belongs here: what a part is. Does not belong here: which parts a report has (`match_report`), how they look.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from string import Formatter
from typing import Any

from reports.wording import number, percent, texts

LANGUAGES = ("zh", "en")
NUMBER = re.compile(r"(?<![A-Za-z0-9.,])[+−-]?\d+(?:,\d{3})*(?:\.\d+)?(?: %)?")
PLAIN = re.compile(r"[+−-]?[\d,]+(?:\.(\d+))?")  # a number and nothing else, its decimals as group 1
YEAR = re.compile(r"(?:19|20)\d\d")
Drawing = dict[str, Any]  # a Plotly figure: data and layout


@dataclass(frozen=True)
class Words:
    """A text in Chinese and English."""

    zh: str
    en: str


Text = Words | str  # a plain string reads the same in both languages


@dataclass(frozen=True)
class Figure:
    """A number as it is written, with the key of its evidence."""

    shown: Text
    evidence: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph by language, each a run of texts and figures; `kind` is "sentence", "note" or "warning"."""

    zh: tuple[str | Figure, ...]
    en: tuple[str | Figure, ...]
    kind: str = "sentence"

    def parts(self, lang: str) -> tuple[str | Figure, ...]:
        """The run of one language."""
        return self.zh if lang == "zh" else self.en

    def figures(self) -> list[Figure]:
        """The figures of the Chinese run; the English one has the same."""
        return [part for part in self.zh if isinstance(part, Figure)]


Part = Words | str | Figure | Paragraph  # what may be put into a sentence


@dataclass(frozen=True)
class Heading:
    """A heading inside a section, with the key that links lead to."""

    title: Text
    key: str = ""


@dataclass(frozen=True)
class Column:
    """A column: its title (with the unit where it has one) and whether it is of numbers."""

    title: Text
    numeric: bool = False


@dataclass(frozen=True)
class Row:
    """A row: its cells as written, the key of the evidence of its numbers, and a mark such as the rank of a state."""

    cells: tuple[Text, ...]
    evidence: str = ""
    rank: int | None = None


@dataclass(frozen=True)
class Table:
    """A table: `key` is unique in the report; without rows it says so. `note` stands below it."""

    key: str
    caption: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: Text = ""
    ranked: int | None = None  # the column whose cells carry the row's rank


def aligned(table: Table) -> Table:
    """A table with as many decimals in every number of a column, so that they stand below each other."""
    places = [place for place, column in enumerate(table.columns) if column.numeric]
    most = {place: max((decimals(row.cells[place]) for row in table.rows), default=0) for place in places}
    rows = tuple(
        replace(row, cells=tuple(padded(cell, most.get(place, 0)) for place, cell in enumerate(row.cells)))
        for row in table.rows
    )
    return replace(table, rows=rows)


def decimals(cell: Text) -> int:
    """How many decimals a cell has that is a number and nothing else; 0 for any other cell."""
    found = PLAIN.fullmatch(cell) if isinstance(cell, str) else None
    return len(found[1] or "") if found else 0


def padded(cell: Text, count: int) -> Text:
    """A number with zeros up to so many decimals; any other cell as it is."""
    if not isinstance(cell, str) or not count or not PLAIN.fullmatch(cell):
        return cell
    known = decimals(cell)
    return f"{cell}{'' if known else '.'}{'0' * (count - known)}"


@dataclass(frozen=True)
class Chart:
    """A chart: Plotly figures by language, its message in a sentence, and its numbers as a table."""

    key: str
    title: Text
    drawn: Mapping[str, Drawing]
    summary: Text
    evidence: str
    data: Table | None = None


Block = Paragraph | Heading | Table | Chart


@dataclass(frozen=True)
class Section:
    """A section: its key, its title, its blocks in order."""

    key: str
    title: Text
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Source:
    """Cells of one sheet that numbers came from: file, sheet, cells (ranges), what stands in them."""

    file: str
    sheet: str
    cells: str
    what: Text


@dataclass(frozen=True)
class Measure:
    """One number of an evidence: its name, what it means, its value, and what it was made from.

    Either `numerator` and `denominator` are told, or `counted_from`.
    """

    name: Text
    definition: Text
    value: Text
    numerator: Text = ""
    denominator: Text = ""
    counted_from: Text = ""


@dataclass(frozen=True)
class Evidence:
    """Where numbers about one subject come from.

    `facts` and `tables` tell more, as for a verdict; `see` are keys of further evidence that it rests on.
    """

    key: str
    title: Text
    measures: tuple[Measure, ...]
    sources: tuple[Source, ...]
    facts: tuple[tuple[Text, tuple[Text, ...]], ...] = ()
    tables: tuple[Table, ...] = ()
    see: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """A whole report."""

    title: Text
    subtitle: Text
    notices: tuple[Text, ...]
    first_page: Section
    sections: tuple[Section, ...]
    annex: Section
    evidence: Mapping[str, Evidence] = field(default_factory=dict)

    def all_sections(self) -> list[Section]:
        """First page, sections and annex in order."""
        return [self.first_page, *self.sections, self.annex]

    def blocks(self, kind: type) -> Iterator[Any]:
        """All blocks of a kind in order."""
        for section in self.all_sections():
            yield from (block for block in section.blocks if isinstance(block, kind))


def say(text: Text, lang: str) -> str:
    """A text in one language."""
    if isinstance(text, Words):
        return text.zh if lang == "zh" else text.en
    return str(text)


def words(path: str, **values: Text | int | float) -> Words:
    """A text of the documents by its path ("report.scope.title"), in both languages, with values put in."""
    found = {lang: template(path, lang) for lang in LANGUAGES}
    if values:
        found = {lang: text.format(**{k: spoken(v, lang) for k, v in values.items()}) for lang, text in found.items()}
    return Words(**found)


def spoken(value: object, lang: str) -> object:
    """A value in one language; numbers stay as they are."""
    return say(value, lang) if isinstance(value, Words) else value


def template(path: str, lang: str) -> str:
    """The text at a path of the documents' texts."""
    found: Any = texts(lang)
    for name in path.split("."):
        found = found[name]
    return str(found)


def sentence(path: str, **values: Part | int) -> Paragraph:
    """A sentence by the path of its template, into which texts and figures are put."""
    return Paragraph(run(path, "zh", values), run(path, "en", values))


def run(path: str, lang: str, values: Mapping[str, Part | int]) -> tuple[str | Figure, ...]:
    """A template with its values put in, as a run of texts and figures."""
    parts: list[str | Figure] = []
    for literal, name, _, _ in Formatter().parse(template(path, lang)):
        parts += [literal] if literal else []
        if name:
            value = values[name]
            if isinstance(value, Paragraph):
                parts += value.parts(lang)
            else:
                parts.append(value if isinstance(value, Figure) else str(spoken(value, lang)))
    return tuple(parts)


def paragraph(text: Text, kind: str = "sentence") -> Paragraph:
    """A paragraph without figures."""
    return Paragraph((say(text, "zh"),), (say(text, "en"),), kind)


def linked(text: Text, evidence: str, kind: str = "sentence") -> Paragraph:
    """A paragraph in which every number but years is a figure with the same evidence."""
    return Paragraph(figures_in(say(text, "zh"), evidence), figures_in(say(text, "en"), evidence), kind)


def figures_in(text: str, evidence: str) -> tuple[str | Figure, ...]:
    """A text as a run in which numbers are figures; years and what stands in names of documents stay text."""
    parts: list[str | Figure] = []
    end = 0
    for found in NUMBER.finditer(text):
        if YEAR.fullmatch(found[0]):
            continue
        parts += [text[end : found.start()], Figure(found[0], evidence)]
        end = found.end()
    return tuple(part for part in (*parts, text[end:]) if part != "")


def both(build: Callable[[str], str]) -> Text:
    """A text that is built once per language."""
    zh, en = (build(lang) for lang in LANGUAGES)
    return zh if zh == en else Words(zh, en)


def joined(found: Sequence[Text], most: int | None = None) -> Text:
    """Texts as a list in a sentence; of more than `most` the rest is told as a number."""
    shown = found[:most]
    more = len(found) - len(shown)

    def in_language(lang: str) -> str:
        text = texts(lang)
        tail = text["and_more"].format(n=more) if more else ""
        return str(text["separator"].join(say(one, lang) for one in shown) + tail)

    return both(in_language)


def from_grids(
    key: str, caption: Text, build: Callable[[str], Any], evidence: Sequence[str] | str = "", note: Text = ""
) -> Table:
    """A table from the grids that `build` makes per language, which have the same rows in the same order."""
    zh, en = (build(lang) for lang in LANGUAGES)
    columns = tuple(
        Column(pair(one, other), numeric) for (one, numeric), (other, _) in zip(zh["heads"], en["heads"], strict=True)
    )
    keys = [evidence] * len(zh["rows"]) if isinstance(evidence, str) else list(evidence)
    rows = tuple(
        Row(tuple(pair(one, other) for one, other in zip(cells, others, strict=True)), where)
        for cells, others, where in zip(zh["rows"], en["rows"], keys, strict=True)
    )
    return Table(key, caption, columns, rows, note)


def captioned(key: str, build: Callable[[str], tuple[str, str, Any]], evidence: Sequence[str] | str = "") -> Table:
    """A table from the caption, note and grid that `build` makes per language."""
    caption, note = (pair(*(build(lang)[place] for lang in LANGUAGES)) for place in (0, 1))
    return from_grids(key, caption, lambda lang: build(lang)[2], evidence, note)


def pair(zh: object, en: object) -> Text:
    """Two cells as one text."""
    return str(zh) if str(zh) == str(en) else Words(str(zh), str(en))


def columns(*names: str, numeric: set[str] | frozenset[str] = frozenset()) -> tuple[Column, ...]:
    """Columns by name, with their titles."""
    return tuple(Column(title_of(name), name in numeric) for name in names)


def title_of(column: str) -> Words:
    """The title of a column by its name: it stands under report.columns, or else under columns."""
    return words(f"report.columns.{column}" if column in texts("zh")["report"]["columns"] else f"columns.{column}")


def chart(
    key: str,
    title: Text,
    draw: Callable[[str], Drawing | None],
    summary: Text,
    evidence: str,
    data: Table | None = None,
) -> list[Chart]:
    """A chart drawn in both languages; nothing where there is nothing to draw."""
    drawn = {lang: draw(lang) for lang in LANGUAGES}
    known = {lang: found for lang, found in drawn.items() if found is not None}
    if len(known) < len(LANGUAGES):
        return []
    return [Chart(key, title, known, summary, evidence, data or numbers_of(key, title, known))]


def numbers_of(key: str, title: Text, drawn: Mapping[str, Drawing]) -> Table | None:
    """The numbers of bars and lines as a table: one row per category, one column per trace."""
    shown = {
        lang: [trace for trace in figure["data"] if "y" in trace and "x" in trace] for lang, figure in drawn.items()
    }
    if not shown["zh"]:
        return None
    along = {lang: [by_category(trace, drawn[lang]["layout"]) for trace in traces] for lang, traces in shown.items()}
    order = [list(dict.fromkeys(name for values in found for name in values)) for found in along.values()]
    if len(order[0]) != len(order[1]):  # two things with one name in one of the languages
        return None
    heads = [Column(words("report.columns.name"))]
    heads += [
        Column(pair(one.get("name", ""), other.get("name", "")), numeric=True)
        for one, other in zip(shown["zh"], shown["en"], strict=True)
    ]
    rows = tuple(
        Row((pair(zh, en), *(values.get(zh, "–") for values in along["zh"]))) for zh, en in zip(*order, strict=True)
    )
    return Table(f"data-{key}", title, tuple(heads), rows)


def by_category(trace: Mapping[str, Any], layout: Mapping[str, Any]) -> dict[str, str]:
    """The values of a trace by category, written as the axis writes them, in the order in which they are seen."""
    across = trace.get("orientation") == "h" or trace.get("mode") == "markers"
    names, values = (trace["y"], trace["x"]) if across else (trace["x"], trace["y"])
    axis = trace.get("xaxis" if across else "yaxis", "x" if across else "y")
    in_percent = "%" in layout.get(f"{axis[0]}axis{axis[1:]}", {}).get("tickformat", "")
    found = {
        str(name): percent(value) if in_percent else number(value, 3) for name, value in zip(names, values, strict=True)
    }
    upward = across and layout.get("yaxis", {}).get("autorange") != "reversed"  # the first bar lies at the bottom
    return dict(reversed(found.items())) if upward else found
