"""The match report (匹配状况报告) as a Word file in the layout of GB/T 9704-2012.

Belongs here: where the parts of the report stand in an official document. Does not belong here: what the report says
(`content`), the layout itself (`official_document`), charts (`word_charts`).

Small tables stand in the text; wide and long ones in the annex, on pages across. Numbers of the text and charts carry a
raised number that leads to their row in the last table: definition, numerator, denominator, source cells; those of
tables are traced on the web page, row by row: on paper they would fill a hundred pages. A chart that cannot
be drawn natively is named in the text, and its numbers stand in the annex.
"""

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
    Measure,
    Paragraph,
    Report,
    Section,
    Source,
    Table,
    say,
    words,
)
from reports.official_document import TABLE, OfficialDocument, Reference
from reports.official_table import natural_widths
from reports.round_tables import RoundTables
from reports.standing import standing_of
from reports.visible_text import visible
from reports.word_charts import panels, place
from reports.wording import texts

MOST_ROWS, MOST_COLUMNS = 13, 8  # of a table in the text
WIDEST_TABLE = 110  # half characters: what the columns of a table in the text may ask for together
ANNEX = Pt(9)
MOST_SOURCES = 5  # of one row of the last table; the web page has all
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
    for block in report.annex.blocks:
        if isinstance(block, Table):
            numbered.keep(block)
    write_annex(document, say(report.annex.title, lang), numbered, lang)
    write_sources(document, numbered, report, lang)
    return document


def shown(text: str) -> str:
    """Text from files as it may stand in a document."""
    return visible(text)


def write_section(document: OfficialDocument, section: Section, numbered: Numbered, report: Report, lang: str) -> None:
    """A section: its heading, its sentences, the charts that can be drawn, its small tables."""
    text = texts(lang)["word_report"]
    document.heading(shown(say(section.title, lang)))
    place_only = [say(words(path), lang) for path in PAGE_ONLY]
    headings = 0
    for block in section.blocks:
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
            if in_text(block):
                numbered.tables += 1
                label = text["label"].format(number=numbered.tables, caption=say(block.caption, lang))
                write_table(document, block, label, lang, TABLE if len(block.rows) <= MOST_ROWS else ANNEX)
            else:
                number = numbered.keep(block)
                document.paragraph(shown(text["in_annex"].format(caption=say(block.caption, lang), number=number)))
        elif isinstance(block, Chart):
            write_chart(document, block, numbered, report, lang)


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
    """A chart as a native one with its message; where it cannot be drawn, a sentence that says where it is."""
    text = texts(lang)["word_report"]
    caption, summary = say(chart.title, lang), say(chart.summary, lang)
    drawn = panels(chart.drawn[lang])
    if not drawn:
        where = {"caption": caption, "summary": summary}
        if chart.data is None:
            told = text["not_drawn_nowhere"].format(**where)
        else:
            told = text["not_drawn"].format(**where, number=numbered.keep(chart.data))
        document.run([shown(told), *reference(chart.evidence, numbered, report)])
        return
    numbered.figures += 1
    for panel in drawn:
        place(document.chart_place(), panel, Length(document.width), f"{caption}：{summary}")
    document.caption(shown(text["figure"].format(number=numbered.figures, caption=caption)), keep=False)
    said: list[str | Reference] = [shown(summary)] if summary else []
    document.run([*said, *reference(chart.evidence, numbered, report)])


def write_annex(document: OfficialDocument, title: str, numbered: Numbered, lang: str) -> None:
    """The tables kept for the annex, on pages across."""
    text = texts(lang)["word_report"]
    document.turn(landscape=True)
    document.heading(shown(title))
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
    for key, number in numbered.evidence.items():
        evidence = report.evidence[key]
        rows.append(
            [number, shown(say(evidence.title, lang)), measures(evidence, lang), sources(evidence, numbered, lang)]
        )
        marks.append(bookmark(number))
    heads = [text["columns"][name] for name in ("number", "title", "measures", "sources")]
    document.table(heads, rows, ANNEX, marks)


def measures(evidence: Evidence, lang: str) -> str:
    """The numbers of an evidence, one a line: name, value, what it was made from, definition."""
    return "\n".join(measure_line(measure, lang) for measure in evidence.measures)


def measure_line(measure: Measure, lang: str) -> str:
    """One number with what it was made from and what it means."""
    made = say(measure.counted_from, lang)
    if say(measure.numerator, lang):
        made = f"{say(measure.numerator, lang)} ÷ {say(measure.denominator, lang)}"
    value = say(measure.value, lang)
    return shown(f"{say(measure.name, lang)} {value}{f' ({made})' if made else ''}。{say(measure.definition, lang)}")


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
    return shown(f"{where} {source.cells} {say(source.what, lang)}")
