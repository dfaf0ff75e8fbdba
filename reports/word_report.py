"""The match report (匹配状况报告) as a Word file in the layout of GB/T 9704-2012.

Belongs here: where the parts of the report stand in an official document. Does not belong here: what the report says
(`content`), the layout itself (`official_document`), charts (`word_charts`).

Small tables stand in the text; wide and long ones in the annex, on pages across. Numbers of the text and charts carry a
raised number that leads to their row in the last table: definition, numerator, denominator, source cells; those of
tables are traced on the web page, row by row: on paper they would fill a hundred pages. Long tables are left to the web
page and the workbooks. A heat map is a shaded table, a flow is told by its largest parts; a chart that cannot be drawn
is named.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from docx.shared import Length, Pt

from reports.answering import stage_of
from reports.content.match_report import match_report
from reports.content.parts import (
    Chart,
    Evidence,
    Figure,
    Heading,
    Paragraph,
    Report,
    Section,
    Source,
    Table,
    Text,
    say,
    words,
)
from reports.official_document import TABLE, OfficialDocument, Reference
from reports.official_table import natural_widths
from reports.official_text import typeset
from reports.round_tables import RoundTables
from reports.standing import standing_of
from reports.visible_text import visible
from reports.word_charts import panels, place
from reports.wording import percent, texts

MOST_ROWS, MOST_COLUMNS = 13, 8  # of a table in the text
WIDEST_TABLE = 110  # half characters: what the columns of a table in the text may ask for together
ANNEX = Pt(9)
MOST_ANNEX = 24  # rows of a table in the annex; longer ones are on the web page and in the workbooks
LARGEST = 12  # parts of a flow
SOURCE_WIDTHS = (4, 14, 66, 48)  # shares of the columns of the last table
DARKEST = 110  # of 255: how much darker than white a cell is at most
MOST_SOURCES, MOST_CELLS = 3, 6  # of one row of the last table, and of one source; the web page has all
CELL = re.compile(r"[A-Z]{1,3}[0-9]+(?:[:–-][A-Z]{1,3}[0-9]+)?")
PAGE_ONLY = ("report.scope.method_trace",)  # sentences that speak of the web page


@dataclass
class Numbered:
    """What was numbered so far: tables, figures, evidence in the order of use, and the tables kept for the annex."""

    tables: int = 0
    figures: int = 0
    evidence: dict[str, int] = field(default_factory=dict)
    annex: list[Table] = field(default_factory=list)

    def of(self, key: str) -> int:
        """The number of an evidence, given when it is first met."""
        return self.evidence.setdefault(key, len(self.evidence) + 1)

    def label(self, caption: Text, lang: str) -> str:
        """The caption of the next table in the text, with its number."""
        self.tables += 1
        return str(texts(lang)["word_report"]["label"].format(number=self.tables, caption=say(caption, lang)))

    def keep(self, table: Table) -> int:
        """Keep a table for the annex; its number there."""
        if table.key not in [kept.key for kept in self.annex]:
            self.annex.append(table)
        return [kept.key for kept in self.annex].index(table.key) + 1


def write(tables: RoundTables, file: Path, lang: str = "zh", report: Report | None = None) -> None:
    """Write the report of the round to `file`; a draft until the ledger holds every verdict as final.

    `report` is that of the tables where it has been made already.
    """
    verdicts = tables.frame("decisions.verdict").query("round == @tables.round")
    stage = stage_of([standing_of(tables, unit) for unit in verdicts["unit"]])
    authority = tables.rulebook.authority.in_language(lang)
    word_report(report or match_report(tables), authority, lang, draft=stage != "final").save(file)


def word_report(report: Report, authority: str, lang: str, *, draft: bool) -> OfficialDocument:
    """A report as an official document."""
    text = texts(lang)["word_report"]
    document, numbered = OfficialDocument(lang, draft=draft), Numbered()
    if draft:
        document.mark_pages(texts(lang)["notice"]["draft"])
    document.letterhead(authority)
    document.title(shown(say(report.title, lang)))
    document.recipient(shown(say(report.subtitle, lang)))
    for notice in report.notices:
        document.paragraph(shown(say(notice, lang)))
    document.paragraph(text["basis_note"])
    for section in (report.first_page, *report.sections):
        write_section(document, section, numbered, report, lang)
    document.signature(authority, texts(lang)["notice"]["date"])
    write_annex(document, report.annex, numbered, lang)
    write_sources(document, numbered, report, lang)
    return document


def shown(text: str) -> str:
    """Text from files as it may stand in a document."""
    return visible(text)


def write_section(document: OfficialDocument, section: Section, numbered: Numbered, report: Report, lang: str) -> None:
    """A section: its heading, its sentences, its charts, its small tables, and where the others are."""
    text = texts(lang)["word_report"]
    document.heading(shown(say(section.title, lang)))
    place_only = [say(words(path), lang) for path in PAGE_ONLY]
    headings = 0
    elsewhere: list[Table] = []
    for block in section.blocks:
        if isinstance(block, Table) and not in_text(block):
            elsewhere.append(block)
            continue
        point_to(document, elsewhere, numbered, lang)
        elsewhere = []
        if isinstance(block, Heading):
            mark = text["headings"][headings] if headings < len(text["headings"]) else f"{headings + 1}."
            document.heading(shown(f"{mark}{'' if lang == 'zh' else ' '}{say(block.title, lang)}"), level=2)
            headings += 1
        elif isinstance(block, Paragraph):
            told = "".join(part if isinstance(part, str) else say(part.shown, lang) for part in block.parts(lang))
            if told in place_only:
                document.paragraph(text["trace"])
            else:
                document.run(list(with_references(block, numbered, report, lang)))
        elif isinstance(block, Table):
            label = numbered.label(block.caption, lang)
            write_table(document, block, label, lang, TABLE if len(block.rows) <= MOST_ROWS else ANNEX)
        elif isinstance(block, Chart):
            write_chart(document, block, numbered, report, lang)
    point_to(document, elsewhere, numbered, lang)


def point_to(document: OfficialDocument, elsewhere: list[Table], numbered: Numbered, lang: str) -> None:
    """One sentence for neighbouring tables that stand in the annex, and one for those that only the page has."""
    text = texts(lang)["word_report"]
    comma = texts(lang)["separator"]
    kept = [table for table in elsewhere if len(table.rows) <= MOST_ANNEX]
    for found, one, several in (
        (kept, "in_annex", "in_annexes"),
        ([table for table in elsewhere if table not in kept], "on_page", "on_page"),
    ):
        if not found:
            continue
        numbers = [text["annex_number"].format(number=numbered.keep(table)) for table in found if table in kept]
        captions = comma.join(shown(say(table.caption, lang)) for table in found)
        said = text[one if len(found) == 1 else several]
        document.paragraph(said.format(caption=captions, number=comma.join(numbers)))


def with_references(block: Paragraph, numbered: Numbered, report: Report, lang: str) -> list[str | Reference]:
    """The run of a paragraph; a number is followed by the number of its evidence, once for neighbours that share it."""
    found: list[str | Reference] = []
    parts = block.parts(lang)
    for position, part in enumerate(parts):
        if not isinstance(part, Figure):
            found.append(shown(part))
            continue
        found.append(shown(say(part.shown, lang)))
        later = next((other for other in parts[position + 1 :] if isinstance(other, Figure)), None)
        if later is None or later.evidence != part.evidence:
            found += reference(part.evidence, numbered, report)
    return found


def reference(key: str, numbered: Numbered, report: Report) -> list[Reference]:
    """The raised number of an evidence; none where there is no such evidence."""
    if key not in report.evidence:
        return []
    number = numbered.of(key)
    return [Reference(number, bookmark(number))]


def bookmark(number: int) -> str:
    """The name of the row of an evidence."""
    return f"source{number}"


def in_text(table: Table) -> bool:
    """Whether a table stands in the text: the list of programs by state, and any that is small enough."""
    small = len(table.rows) <= MOST_ROWS and len(table.columns) <= MOST_COLUMNS
    return table.ranked is not None or (small and sum(natural_widths(*grid(table, "zh"))) <= WIDEST_TABLE)


def grid(table: Table, lang: str) -> tuple[list[str], list[list[str]]]:
    """Titles and rows of a table in a language."""
    heads = [shown(say(column.title, lang)) for column in table.columns]
    return heads, [[shown(say(cell, lang)) for cell in row.cells] for row in table.rows]


def write_table(document: OfficialDocument, table: Table, label: str, lang: str, size: Pt = TABLE) -> None:
    """A table with its caption and its note."""
    heads, rows = grid(table, lang)
    if not rows:
        rows = [[texts(lang)["word_report"]["empty"], *[""] * (len(heads) - 1)]]
    document.caption(shown(label))
    document.table(heads, rows, size)
    if say(table.note, lang):
        document.paragraph(shown(say(table.note, lang)))


def write_chart(document: OfficialDocument, chart: Chart, numbered: Numbered, report: Report, lang: str) -> None:
    """A chart as a native one, a heat map as a shaded table, a flow as its largest parts; else where it is."""
    text = texts(lang)["word_report"]
    caption, summary = say(chart.title, lang), say(chart.summary, lang)
    drawn = panels(chart.drawn[lang])
    kind = chart.drawn[lang]["data"][0]["type"] if chart.drawn[lang]["data"] else ""
    if drawn:
        numbered.figures += 1
        width = Length(document.width // 2 if drawn[0].small else document.width)
        for number, panel in enumerate(drawn):
            if number % 2 == 0 or not panel.small:
                paragraph = document.chart_place()
            place(paragraph, panel, width, f"{caption}：{summary}")
        if left_out := drawn[0].left_out:
            bars = len(drawn[0].categories)
            caption += text["topmost"].format(shown=bars, all=bars + left_out)
        summary += text["bands"] if any(panel.banded for panel in drawn) else ""
        document.caption(shown(text["figure"].format(number=numbered.figures, caption=caption)), keep=False)
    elif kind == "heatmap" and chart.data is not None:
        heads, rows = grid(chart.data, lang)
        document.caption(shown(numbered.label(chart.title, lang)))
        document.table(heads, rows, ANNEX, shades=shades(rows))
    elif kind == "sankey" and chart.data is not None:
        heads, rows = grid(chart.data, lang)
        largest = sorted(rows, key=amount, reverse=True)[:LARGEST]
        share = sum(map(amount, largest)) / (sum(map(amount, rows)) or 1)
        words_ = {"n": len(largest), "all": len(rows), "share": typeset(percent(share, 0), lang)}
        document.caption(shown(numbered.label(chart.title, lang) + text["largest"].format(**words_)))
        document.table(heads, largest, ANNEX)
        summary = text["flow"].format(**words_)
    else:
        summary = text["not_drawn"].format(caption=caption, summary=summary)
    said: list[str | Reference] = [shown(summary)] if summary else []
    document.run([*said, *reference(chart.evidence, numbered, report)])


def amount(row: Sequence[str]) -> float:
    """The number in the last cell of a row; 0 where there is none."""
    found = row[-1].replace(",", "")
    return float(found) if re.fullmatch(r"[0-9.]+", found) else 0.0


def shades(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Fills from white to a grey on which black is read well, by the numbers of all cells but the first of a row."""
    values = [[0.0, *(amount([cell]) for cell in row[1:])] for row in rows]
    most = max((value for row in values for value in row), default=0.0) or 1.0
    return [[f"{255 - round(DARKEST * value / most):02X}" * 3 if value else "" for value in row] for row in values]


def write_annex(document: OfficialDocument, section: Section, numbered: Numbered, lang: str) -> None:
    """The tables kept for the annex, on pages across, and where the longer ones are."""
    text = texts(lang)["word_report"]
    tables = [block for block in section.blocks if isinstance(block, Table)]
    for table in tables:
        if len(table.rows) <= MOST_ANNEX:
            numbered.keep(table)
    document.turn(landscape=True)
    document.heading(shown(say(section.title, lang)))
    point_to(document, [table for table in tables if len(table.rows) > MOST_ANNEX], numbered, lang)
    for number, table in enumerate(numbered.annex, start=1):
        label = text["annex_label"].format(number=number, caption=say(table.caption, lang))
        write_table(document, table, label, lang, ANNEX)


def write_sources(document: OfficialDocument, numbered: Numbered, report: Report, lang: str) -> None:
    """One row per evidence in the order of its number: subject, numbers with definitions, source cells."""
    text = texts(lang)["word_report"]
    document.heading(text["sources"])
    document.paragraph(text["sources_note"])
    rows: list[list[object]] = []
    marks = []
    defined: dict[str, int] = {}
    for key, number in numbered.evidence.items():
        evidence = report.evidence[key]
        told = measures(evidence, number, defined, lang)
        rows.append([number, shown(say(evidence.title, lang)), told, sources(evidence, numbered, lang)])
        marks.append(bookmark(number))
    heads = [text["columns"][name] for name in ("number", "title", "measures", "sources")]
    document.table(heads, rows, ANNEX, marks, widths=SOURCE_WIDTHS)


def measures(evidence: Evidence, number: int, defined: dict[str, int], lang: str) -> str:
    """The numbers of an evidence: name, value, what it was made from, definition.

    `defined` are the definitions told so far with the number of their row: a definition is told once.
    """
    text = texts(lang)["word_report"]
    said = []
    for measure in evidence.measures:
        definition = say(measure.definition, lang).rstrip("。.")
        meaning = ""
        if definition not in defined:
            meaning = text["meaning"].format(definition=definition)
        elif defined[definition] != number:
            meaning = text["defined"].format(number=defined[definition])
        defined.setdefault(definition, number)
        made = say(measure.counted_from, lang)
        if say(measure.numerator, lang):
            made = f"{say(measure.numerator, lang)} ÷ {say(measure.denominator, lang)}"
        words_ = {"name": say(measure.name, lang), "value": say(measure.value, lang), "meaning": meaning}
        said.append(shown(text["measure" if made else "measure_alone"].format(**words_, made=made)))
    return text["between_measures"].join(said)


def sources(evidence: Evidence, numbered: Numbered, lang: str) -> str:
    """The cells of an evidence, one sheet a line, and the further evidence that it rests on."""
    text = texts(lang)
    lines = [source_line(source, lang) for source in evidence.sources[:MOST_SOURCES]]
    if len(evidence.sources) > MOST_SOURCES:
        lines.append(text["word_report"]["more"].format(n=len(evidence.sources) - MOST_SOURCES))
    see = [f"[{numbered.of(key)}]" for key in evidence.see if key in numbered.evidence]
    if see:
        lines.append(text["word_report"]["see"].format(numbers="".join(see)))
    return "\n".join(lines) or text["report"]["no_sources"]


def source_line(source: Source, lang: str) -> str:
    """File, sheet, cells and what stands in them."""
    where = texts(lang)["notice"]["place"].format(file=source.file, sheet=source.sheet) if source.sheet else source.file
    cells = CELL.findall(source.cells)
    told = source.cells
    if len(cells) > MOST_CELLS:
        told = texts(lang)["word_report"]["cells"].format(cells=", ".join(cells[:MOST_CELLS]), n=len(cells))
    return visible(f"{where} {told} {say(source.what, lang)}")
