"""The match report (匹配状况报告) as one self-contained HTML page in both languages.

Belongs here: how the parts of a report become a page. Does not belong here: what the report says (`content`), charts
(`figures`, `flows`, `overview_figures`), words (`text`), how text from files stays text (`web_page`).
"""

import gzip
import re
from base64 import b64encode
from functools import cache
from importlib.resources import files
from pathlib import Path

from markupsafe import Markup, escape

from reports.content.evidence_groups import grouped
from reports.content.match_report import match_report
from reports.content.parts import LANGUAGES, Chart, Figure, Paragraph, Report, Text, Words, say, words
from reports.evidence_data import evidence_data, labels
from reports.round_tables import RoundTables
from reports.visible_text import visible
from reports.web_page import embedded, embedded_figures, template

TAGS = {"zh": "zh-CN", "en": "en"}
UNSAFE = re.compile(r"[^A-Za-z0-9_.-]")
LABELS = {  # words that the script puts into an evidence
    **{name: f"evidence_parts.{name}" for name in ("measure", "value", "numerator", "denominator", "counted")},
    **{name: f"evidence_parts.{name}" for name in ("definition", "file", "sheet", "cells", "what")},
    "sources": "sources", "no_sources": "no_sources", "see": "see", "back": "back", "found": "found_evidence",
}  # fmt: skip
WIDE = {"chart-flow", "chart-heat", "chart-trend", "chart-demand", "chart-section"}  # scroll on a phone


def build(tables: RoundTables, lang: str = "zh") -> str:
    """The page as text; the same tables give the same page. It opens in `lang` ("zh" or "en") and holds both."""
    return page(match_report(tables), lang)


def page(report: Report, lang: str = "zh") -> str:
    """A report as a page."""
    return template("match_report.html").render(
        report=report,
        lang=lang,
        tag=TAGS[lang],
        w=words,
        say=say,
        both=bilingual,
        run=run,
        anchor=anchor,
        kind=lambda block: type(block).__name__,
        wide=WIDE,
        groups=grouped(report.evidence),
        evidence_json=embedded(evidence_data(report.evidence, anchor)),
        labels_json=embedded(labels({name: words(f"report.{path}") for name, path in LABELS.items()})),
        title=say(report.title, lang),
        titles_json=embedded({language: say(report.title, language) for language in LANGUAGES}),
        figures_json=embedded_figures({chart.key: chart.drawn for chart in report.blocks(Chart)}),
        plotly=packed_plotly(),
        style=asset("match_report.css"),
        script=asset("match_report.js"),
    )


def write(tables: RoundTables, file: Path, lang: str = "zh", report: Report | None = None) -> None:
    """Write the page to `file`; `report` is that of the tables where it has been made already."""
    file.write_text(page(report or match_report(tables), lang), encoding="utf-8")


@cache
def packed_plotly() -> str:
    """plotly.js with the charts that the page draws (`charting/entry.js`), packed: unpacked once the text is there."""
    script = (files("reports") / "charting" / "plotly.js").read_bytes()
    return b64encode(gzip.compress(script, mtime=0)).decode("ascii")


def asset(name: str) -> Markup:
    """A style sheet or script of the page."""
    return Markup((files("reports") / "templates" / name).read_text(encoding="utf-8"))


def bilingual(text: Text) -> Markup:
    """A text for both languages; the style sheet shows the chosen one."""
    if not isinstance(text, Words) or text.zh == text.en:
        return escape(on_a_line(say(text, "zh")))
    found = Markup('<span lang="zh-CN">{}</span><span lang="en">{}</span>')
    return found.format(on_a_line(text.zh), on_a_line(text.en))


def on_a_line(text: str) -> str:
    """A text as it is shown, no number parted from its per cent sign by the end of a line."""
    return visible(text).replace(" %", "\N{NO-BREAK SPACE}%")


def run(paragraph: Paragraph) -> Markup:
    """A paragraph for both languages, figures as links to their evidence."""
    found = Markup("")
    for lang, tag in TAGS.items():
        inner = Markup("").join(part_of_run(part, lang) for part in paragraph.parts(lang))
        found += Markup('<span lang="{}">{}</span>').format(tag, inner)
    return found


def part_of_run(part: str | Figure, lang: str) -> Markup:
    """A piece of text, or a figure as a link to where it comes from."""
    if isinstance(part, str):
        return escape(on_a_line(part))
    shown = on_a_line(say(part.shown, lang))
    return Markup('<a class="fig" href="#{}">{}</a>').format(anchor(part.evidence), shown)


def anchor(key: str) -> str:
    """The id of an evidence on the page; characters that an address does not carry are written as their number."""
    return "ev-" + UNSAFE.sub(lambda found: f"_{ord(found[0]):x}", key)
