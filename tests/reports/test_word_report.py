"""The match report as a Word file: the numbers of the page, their sources, native charts, the official layout."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
from docx.oxml.ns import qn

from reports import word_report
from reports.content.match_report import match_report
from reports.content.parts import LANGUAGES, Chart, Column, Figure, Paragraph, Report, Row, Table, Words, say
from reports.official_page import CHARACTERS, LINES
from reports.visible_text import visible
from reports.word_charts import MOST_SHOWN, Panel, panels
from reports.word_report import DARKEST, LARGEST, MOST_ANNEX, shades
from tests.reports.district import tables
from tests.reports.rendering import Page, pages, rendered, said


@pytest.fixture(scope="module")
def report() -> Report:
    return match_report(tables())


@pytest.fixture(scope="module", params=["zh", "en"])
def written(request: pytest.FixtureRequest, report: Report, tmp_path_factory: pytest.TempPathFactory):
    """Language and the document as it is read back."""
    file = tmp_path_factory.mktemp("word") / "report.docx"
    word_report.word_report(report, "某区教委", request.param, draft=True).save(file)
    return request.param, docx.Document(str(file))


def text_of(document) -> str:
    """All text in its order, tables included, without the raised numbers."""
    parts = []
    for paragraph in document.element.body.iter(qn("w:p")):
        runs = [
            found.text or ""
            for found in paragraph.iter(qn("w:t"))
            if found.getparent().getparent().tag != qn("w:hyperlink")
        ]
        parts.append("".join(runs))
    return "\n".join(parts)


def test_every_sentence_of_the_page_stands_in_it_with_the_same_numbers(written, report: Report) -> None:
    lang, document = written
    said = text_of(document)
    position = 0
    for section in (report.first_page, *report.sections):
        title = visible(say(section.title, lang))
        position = said.index(title, position)
        for block in section.blocks:
            if isinstance(block, Paragraph):
                told = "".join(part if isinstance(part, str) else say(part.shown, lang) for part in block.parts(lang))
                if "↗" not in told:
                    assert visible(told) in said[position:]


def test_every_cell_of_every_table_of_the_page_stands_in_it(written, report: Report) -> None:
    lang, document = written
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    for table in report.blocks(Table):
        for row in table.rows:
            assert {visible(say(cell, lang)).replace("\r", "\n") for cell in row.cells} <= cells


def test_every_number_of_a_sentence_leads_to_its_definition_and_cells(written, report: Report) -> None:
    lang, document = written
    body = document.element.body
    marks = {mark.get(qn("w:name")): mark for mark in body.iter(qn("w:bookmarkStart"))}
    links = [link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))]
    assert links
    assert set(links) == set(marks), "every number leads somewhere, and no row is without a number"
    figures = [f for p in report.blocks(Paragraph) for f in p.parts(lang) if isinstance(f, Figure)]
    used = {figure.evidence for figure in figures} | {chart.evidence for chart in report.blocks(Chart)}
    rows = ["".join(t.text or "" for t in mark.getparent().getparent().getparent().iter(qn("w:t")))
            for mark in marks.values()]  # fmt: skip
    for key in used & set(report.evidence):
        evidence = report.evidence[key]
        (row,) = [row for row in rows if visible(say(evidence.title, lang)) in row]
        for measure in evidence.measures:
            assert visible(say(measure.value, lang)) in row


def test_charts_are_native_and_hold_the_numbers_that_the_page_draws(written, report: Report) -> None:
    lang, document = written
    parts = {str(part.partname): part for part in document.part.package.iter_parts()}
    names = [name for name in parts if name.startswith("/word/embeddings/")]
    books = [parts[name] for name in sorted(names, key=lambda name: (len(name), name))]
    drawn = [panel for chart in report.blocks(Chart) for panel in panels(chart.drawn[lang])]
    assert len(books) == len(drawn) >= 2
    for part, panel in zip(books, drawn, strict=True):
        sheet = openpyxl.load_workbook(BytesIO(part.blob)).worksheets[0]
        for column, trace in enumerate(panel.traces, start=2):
            found = [sheet.cell(row, column).value for row in range(2, 2 + len(panel.categories))]
            assert found == panel.values(trace)
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    charts = [part.blob for name, part in parts.items() if name.startswith("/word/charts/")]
    assert all(b"externalData" in blob for blob in charts)


def test_a_chart_that_cannot_be_drawn_is_named(written, report: Report) -> None:
    lang, document = written
    said_in_it = text_of(document)
    for chart in report.blocks(Chart):
        if not panels(chart.drawn[lang]):
            assert visible(say(chart.title, lang)) in said_in_it


def test_a_heat_map_is_a_table_whose_cells_are_darker_the_more_they_hold() -> None:
    fills = shades([["甲", "10", "", "40"], ["乙", "1,040", "–", "0"]])
    assert fills[0][0] == fills[1][0] == fills[0][2] == fills[1][3] == ""
    assert int(fills[1][1][:2], 16) < int(fills[0][3][:2], 16) < int(fills[0][1][:2], 16)
    assert int(fills[1][1][:2], 16) >= 255 - DARKEST, "black is read on the darkest"


def test_a_flow_is_told_by_its_largest_parts(report: Report) -> None:
    parts = Table(
        "data-chart-flow", "去向", (Column("从"), Column("到"), Column("人数", numeric=True)),
        tuple(Row((f"类{n}", "业", str(n))) for n in range(1, 21)),
    )  # fmt: skip
    chart = Chart(
        "chart-flow", "去向", {lang: {"data": [{"type": "sankey"}], "layout": {}} for lang in LANGUAGES}, "", "", parts
    )
    told = replace(report, sections=(replace(report.sections[0], blocks=(chart,)),))
    document = word_report.word_report(told, "某区教委", "zh", draft=False).document
    (table,) = [table for table in document.tables if table.rows[0].cells[0].text == "从"]
    assert [row.cells[2].text for row in table.rows[1:]] == [str(n) for n in range(20, 20 - LARGEST, -1)]
    assert "20条中最大的12条，占全部人数的83%" in text_of(document), "174 of 210"


def test_a_long_table_is_left_to_the_page_and_said_to_be_there(report: Report) -> None:
    rows = tuple(Row((f"行{n}",)) for n in range(MOST_ANNEX + 1))
    annex = replace(report.annex, blocks=(Table("long", "长表", (Column("列"),), rows), report.annex.blocks[0]))
    document = word_report.word_report(replace(report, annex=annex), "某区教委", "zh", draft=False).document
    assert "长表行数较多，不印在本文中，见网页版报告和相应的Excel文件。" in text_of(document)
    assert "行3" not in text_of(document)


def test_a_definition_is_told_once(written, report: Report) -> None:
    lang, document = written
    used = [mark.get(qn("w:name")) for mark in document.element.body.iter(qn("w:bookmarkStart"))]
    assert used
    rows = "\n".join(cell.text for cell in document.tables[-1].columns[2].cells)
    for evidence in report.evidence.values():
        for measure in evidence.measures:
            definition = visible(say(measure.definition, lang)).rstrip("。.")
            mark = "：" if lang == "zh" else ": "
            assert rows.count(f"{mark}{definition}；" if lang == "zh" else f"{mark}{definition}; ") <= 1


def test_of_many_lying_bars_the_topmost_are_drawn() -> None:
    names = [f"专业{n}" for n in range(30)]
    marker = {"color": [f"#0000{n:02X}" for n in range(30)], "pattern": {"shape": ["/"] * 30}}
    bar = {"type": "bar", "orientation": "h", "y": names, "x": list(range(30)), "marker": marker}
    (panel,) = panels({"data": [bar], "layout": {}})
    assert panel.left_out == 30 - MOST_SHOWN
    assert panel.categories == names[-MOST_SHOWN:], "the last is on top"
    assert panel.values(panel.traces[0]) == list(range(30 - MOST_SHOWN, 30))
    assert panel.traces[0]["marker"]["color"] == marker["color"][-MOST_SHOWN:]


def test_small_charts_of_lines_carry_the_line_of_the_rule() -> None:
    line = {"type": "scatter", "mode": "lines+markers", "x": [2022, 2023], "y": [0.4, 0.5]}
    shape = {"type": "line", "yref": "y2", "y0": 0.6, "y1": 0.6, "line": {"dash": "dash", "color": "#D55E00"}}
    found = panels({"data": [line, line | {"yaxis": "y2"}, line | {"yaxis": "y3"}], "layout": {"shapes": [shape]}})
    assert [len(panel.traces) for panel in found] == [1, 2, 1]
    assert all(panel.small for panel in found)
    assert found[1].values(found[1].traces[1]) == [0.6, 0.6]


def test_a_flow_or_many_panels_are_not_drawn_natively() -> None:
    assert panels({"data": [{"type": "sankey"}], "layout": {}}) == []
    bar = {"type": "bar", "x": ["a"], "y": [1]}
    assert panels({"data": [bar | {"yaxis": f"y{n}"} for n in range(3)], "layout": {}}) == []
    (panel,) = panels({"data": [bar], "layout": {}})
    assert (panel.categories, panel.values(bar), panel.lies) == (["a"], [1], False)


def test_upright_bars_with_many_names_lie_with_the_first_on_top() -> None:
    names = [f"门类{n}" for n in range(12)]
    (panel,) = panels({"data": [{"type": "bar", "x": names, "y": list(range(12))}], "layout": {}})
    assert isinstance(panel, Panel)
    assert panel.lies
    assert panel.categories == names[::-1]
    assert panel.values(panel.traces[0]) == list(range(12))[::-1]


@pytest.mark.parametrize(("axis", "shown"), [({}, ["a", "b"]), ({"autorange": "reversed"}, ["b", "a"])])
def test_bars_that_lie_keep_the_order_in_which_the_page_draws_them(axis: dict[str, str], shown: list[str]) -> None:
    bar = {"type": "bar", "orientation": "h", "y": ["a", "b"], "x": [1, 2]}
    (panel,) = panels({"data": [bar], "layout": {"yaxis": axis}})
    assert panel.categories == shown, "from the bottom up"


def test_it_is_marked_as_a_draft_on_every_page_until_the_ledger_holds_all_as_final(tmp_path: Path) -> None:
    found = tables()
    verdicts = found.frame("decisions.verdict").query("round == 2024")
    rows = [(row["unit"], "final", row["state"], "2025-01-10", None, None, None) for row in verdicts.to_dict("records")]
    standing = pd.DataFrame(rows, columns=found.frame("ledger.standing").columns)
    final = replace(found, frames={**found.frames, "ledger.standing": standing})
    for name, one, marked in (("draft", found, True), ("final", final, False)):
        word_report.write(one, tmp_path / f"{name}.docx")
        document = docx.Document(str(tmp_path / f"{name}.docx"))
        heads = {section.header.paragraphs[0].text for section in document.sections}
        assert heads == ({"征求意见稿"} if marked else {""})
        assert ("（征求意见稿）" in text_of(document)) == marked


def test_wide_tables_stand_on_pages_across_with_their_header_on_every_page(written) -> None:
    _, document = written
    sizes = [(section.page_width > section.page_height) for section in document.sections]
    assert sizes == [False, True]
    for table in document.tables:
        properties = [row._tr.trPr for row in table.rows]
        assert properties[0].find(qn("w:tblHeader")) is not None
        assert all(one.find(qn("w:cantSplit")) is not None for one in properties)


def test_control_signs_of_a_name_do_not_break_the_file(tmp_path: Path) -> None:
    hostile = Table("t", "\x0b\ud800a\u202e", (Column("\x01列"),), ())
    report = match_report(tables())
    section = replace(report.annex, blocks=(hostile,), title=Words("附表\x00", "Annex\x00"))
    word_report.word_report(replace(report, annex=section), "a\x07b", "zh", draft=False).save(tmp_path / "x.docx")
    assert "ab" in text_of(docx.Document(str(tmp_path / "x.docx")))


@rendered
def test_full_pages_of_text_have_22_lines_of_28_characters_within_the_margins(report: Report, tmp_path: Path) -> None:
    word_report.word_report(report, "某区教委", "zh", draft=True).save(tmp_path / "report.docx")
    sheets = pages(tmp_path / "report.docx", tmp_path)
    upright = [page for page in sheets if page.width < page.height]
    assert len(upright) > 3
    assert len(upright) < len(sheets), "the annex lies across"
    most = longest = 0
    for page in upright:
        body = [word for word in page.words if 37 <= word.top <= 37 + 225]
        assert min(word.left for word in body) >= 28 - 0.7
        assert max(word.right for word in body) <= 184 + 5.8, "only a mark of punctuation may hang over the edge"
        large = Page(page.width, page.height, [word for word in body if word.bottom - word.top > 5])  # 3号, not tables
        most = max(most, len(large.lines))
        # Marks of punctuation may be set closer, or hang over the edge; ideographs may not.
        longest = max([longest, *(len(said(line)) for line in large.lines if re.fullmatch("[一-鿿]+", said(line)))])
        assert "—" in "".join(word.text for word in page.words if word.top > 37 + 225)
    assert most <= LINES
    assert CHARACTERS / 2 < longest <= CHARACTERS
