"""The match report of the sample district: its numbers are those of the tables, each with where it comes from."""

import re
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipelines.documents import read_round_tables
from pipelines.settings import Settings
from reports.content.match_report import match_report
from reports.content.parts import Chart, Evidence, Figure, Paragraph, Report, Table, say
from reports.round_tables import RoundTables
from tests.district import DistrictRun

LANGUAGES = ("zh", "en")
SECTIONS = [
    "要点", "一、编制说明", "二、产业结构与用工需求", "三、专业布局与人才供给", "四、匹配状况", "五、就业质量",
    "六、预警与退出建议名单", "七、新设与扩招建议", "八、上年建议落实情况", "九、数据质量与局限", "附表",
]  # fmt: skip


@pytest.fixture(scope="module")
def tables(sample_run: DistrictRun) -> RoundTables:
    """The frames of the sample's round."""
    settings = Settings()
    with duckdb.connect(str(sample_run.warehouse), read_only=True) as connection:
        return read_round_tables(connection, settings.rulebook, Path("no-ledger.duckdb"), 2024, settings.plan)


@pytest.fixture(scope="module")
def report(tables: RoundTables) -> Report:
    """What the report says."""
    return match_report(tables)


def table(report: Report, key: str) -> Table:
    """A table of the report by its key."""
    (found,) = [block for block in report.blocks(Table) if block.key == key]
    return found


def written(value: object, digits: int = 2) -> str:
    """A number as the report should write it, made here in another way than there."""
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124
        return "–"
    text = format(float(value), f",.{digits}f")  # type: ignore[arg-type]
    return re.sub(r"\.?0+$", "", text) if "." in text else text


def test_the_sections_stand_in_their_order(report: Report) -> None:
    assert [say(section.title, "zh") for section in report.all_sections()] == SECTIONS
    assert len([block for block in report.first_page.blocks if isinstance(block, Paragraph)]) == 5
    assert len([block for block in report.first_page.blocks if isinstance(block, Chart)]) == 3


def test_rates_of_schools_and_classes_are_ratios_of_the_counts_reported(
    report: Report, sample_run: DistrictRun
) -> None:
    sql = (
        "select {by}, sum(graduates), sum(employed + self_employed + flexible + further_study + enlisted),"
        " sum(employed + self_employed + flexible), sum(graduates - further_study - enlisted), sum(matched),"
        " sum(employed) from core.outcome as o join marts.unit as u using (school_id, program_code)"
        " where cohort_year = 2024 group by 1"
    )
    with duckdb.connect(str(sample_run.warehouse), read_only=True) as connection:
        for key, by in (("rates-school", "school_name"), ("rates-category", "category")):
            expected = {row[0]: row[1:] for row in connection.sql(sql.format(by=by)).fetchall()}
            rows = {
                say(row.cells[0], "zh"): [say(cell, "zh") for cell in row.cells[1:5]] for row in table(report, key).rows
            }
            assert rows == {
                name: [
                    written(graduates, 0), f"{100 * placed / graduates:.1f} %", f"{100 * direct / base:.1f} %",
                    f"{100 * matched / employed:.1f} %",
                ]
                for name, (graduates, placed, direct, base, matched, employed) in expected.items()
            }  # fmt: skip


def test_the_list_and_what_changed_are_those_of_the_verdicts(report: Report, sample_run: DistrictRun) -> None:
    with duckdb.connect(str(sample_run.warehouse), read_only=True) as connection:
        ((listed, new, worse, better, lifted, was),) = connection.sql(
            "select count_if(n.rank > 0), count_if(n.rank > 0 and coalesce(b.rank, 0) = 0),"
            " count_if(b.rank > 0 and n.rank > b.rank), count_if(n.rank > 0 and n.rank < b.rank),"
            " count_if(n.rank = 0 and b.rank > 0), count_if(b.rank > 0)"
            " from decisions.verdict as n left join decisions.verdict as b on b.unit = n.unit and b.round = 2023"
            " where n.round = 2024"
        ).fetchall()
    assert len(table(report, "list").rows) == listed
    first = next(block for block in report.first_page.blocks if isinstance(block, Paragraph))
    assert [say(part.shown, "zh") for part in first.figures()] == [
        str(n) for n in (new, worse, better, lifted, was, listed)
    ]
    assert len(table(report, "last-round").rows) == was


def keys(report: Report) -> set[str]:
    """The keys of evidence that figures, rows and charts carry."""
    found = {row.evidence for block in report.blocks(Table) for row in block.rows}
    found |= {block.evidence for block in report.blocks(Chart)}
    return found | {
        part.evidence
        for block in report.blocks(Paragraph)
        for lang in LANGUAGES
        for part in block.parts(lang)
        if isinstance(part, Figure)
    }


def test_every_figure_row_and_chart_leads_to_an_evidence_with_definition_parts_and_cells(report: Report) -> None:
    def cells(one: Evidence) -> bool:
        return bool(one.sources) or any(cells(report.evidence[key]) for key in one.see)

    used = keys(report)
    assert "" not in used
    assert used <= set(report.evidence)
    for key, one in report.evidence.items():
        assert one.measures, key
        for measure in one.measures:
            assert say(measure.definition, "zh") and say(measure.definition, "en"), key  # noqa: PT018
            assert (measure.numerator and measure.denominator) or measure.counted_from, (key, measure)
        assert cells(one), key
        assert all(source.file for source in one.sources), key
        assert set(one.see) <= set(report.evidence), key


def test_no_number_of_a_sentence_stands_without_its_evidence(report: Report) -> None:
    allowed = re.compile(
        r"(19|20)\d\d(Q\d)?|95 %|（1 为|\(1 = |ratio above 1|大于 1|\(100 million|〔\d+〕\d+号|and \d+ more|另 \d+ 个"
    )
    for section in report.all_sections():
        if section.key == "scope":  # versions, digests and dates of the sources
            continue
        for block in section.blocks:
            if not isinstance(block, Paragraph) or block.kind == "note" or not block.figures():
                continue
            for lang in LANGUAGES:
                rest = " ".join(part for part in block.parts(lang) if isinstance(part, str))
                assert not re.search(r"\d", allowed.sub("", rest)), rest


def test_source_cells_hold_what_the_evidence_counts(report: Report, sample_run: DistrictRun) -> None:
    """Openings of an occupation, added up from the cells that its evidence names in the sheets as they were sent."""
    import openpyxl

    one = report.evidence["occupation-2-05-08"]
    (openings,) = [measure for measure in one.measures if say(measure.name, "en") == "Openings"]
    (source,) = [source for source in one.sources if "人力资源市场供求" in source.file]
    book = openpyxl.load_workbook(sample_run.raw / source.file)
    vacancies = source.cells.split("; ")[0]
    total = 0
    for part in vacancies.split(", "):
        first, _, last = part.partition(":")
        for cell in book[source.sheet][f"{first}:{last or first}"]:
            total += int(cell[0].value)
    assert written(total) == say(openings.value, "zh")


def test_the_same_files_say_the_same(report: Report, tables: RoundTables) -> None:
    again = match_report(tables)
    assert [section.blocks for section in again.sections] == [section.blocks for section in report.sections]
    assert again.evidence == report.evidence


def test_the_page_carries_every_kind_of_chart_that_is_drawn(report: Report) -> None:
    entry = (Path(__file__).parents[2] / "reports" / "charting" / "entry.js").read_text(encoding="utf-8")
    kinds = set(re.findall(r"plotly\.js/lib/(\w+)\.js", entry)) - {"core"} | {"scatter"}
    drawn = {
        trace["type"] for chart in report.blocks(Chart) for figure in chart.drawn.values() for trace in figure["data"]
    }
    assert drawn == kinds
