"""Every number of the match report is that of the warehouse, in both languages, and stands in its evidence."""

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from models import yaml_text
from pipelines.documents import read_round_tables
from pipelines.settings import Settings
from reports.content.match_report import match_report
from reports.content.parts import Chart, Figure, Paragraph, Report, Table, Text, say
from tests.district import DistrictRun

EXPECTED = yaml_text.plain(Path(__file__).with_name("match_report_numbers.yaml").read_text(encoding="utf-8"))
TABLES = EXPECTED["tables"]
NUMBER = re.compile(r"[+−-]?\d+(?:,\d{3})*(?:\.\d+)?(?: %)?")
LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def report(sample_run: DistrictRun) -> Report:
    """What the report of the sample's round says."""
    settings = Settings()
    with duckdb.connect(str(sample_run.warehouse), read_only=True) as connection:
        return match_report(
            read_round_tables(connection, settings.rulebook, Path("no-ledger.duckdb"), 2024, settings.plan)
        )


@pytest.fixture(scope="module")
def warehouse(sample_run: DistrictRun) -> Any:
    with duckdb.connect(str(sample_run.warehouse), read_only=True) as connection:
        yield connection


def tables(report: Report) -> dict[str, Table]:
    """The tables of the report and the numbers of its charts, by key."""
    found = {block.key: block for block in report.blocks(Table)}
    return found | {block.data.key: block.data for block in report.blocks(Chart) if block.data}


def written(value: Any, how: str) -> str | None:
    """A value as the report should write it, made here in another way than there; None where it is not compared."""
    if how == ".":
        return None
    if value is None or value != value:  # noqa: PLR0124
        return "–"
    if how == "t":
        return str(value)
    if how in "%±":
        text = format(100 * float(value), "+.1f" if how == "±" else ".1f")
        return ("0.0 %" if float(text) == 0 else f"{text} %").replace("-", "−")
    how = "3" if how == "g" else how
    text = format(float(value), "+,.0f" if how == "+" else f",.{how}f").replace("-", "−")
    return re.sub(r"\.?0+$", "", text) if "." in text else text


def as_compared(cell: str, how: str) -> str:
    """A cell without the name of a grade and without zeros that only put numbers below each other."""
    cell = cell.partition(" ")[0] if how == "g" else cell
    return re.sub(r"\.?0+$", "", cell) if how in "0123g" and "." in cell else cell


def test_every_table_has_its_account_in_the_warehouse(report: Report) -> None:
    assert set(tables(report)) == set(TABLES) | set(EXPECTED["elsewhere"])


@pytest.mark.parametrize("key", TABLES)
def test_a_table_is_that_of_the_warehouse_row_by_row(report: Report, warehouse: Any, key: str) -> None:
    table, expected = tables(report)[key], TABLES[key]
    rows = warehouse.sql(expected["sql"]).fetchall()
    assert len(table.columns) == len(expected["shown"])
    assert len(table.rows) == len(rows) > 0
    for row, values in zip(table.rows, rows, strict=True):
        cells = [say(cell, "zh") for cell in row.cells]
        cells = [as_compared(cell, how) for cell, how in zip(cells, expected["shown"], strict=True)]
        wanted = [written(*each) for each in zip(values, expected["shown"], strict=True)]
        assert cells == [cell if want is None else want for cell, want in zip(cells, wanted, strict=True)]


def test_the_flow_holds_the_graduates_of_every_class_of_programs(report: Report, warehouse: Any) -> None:
    graduates = dict(
        warehouse.sql(
            "select category, sum(graduates) from marts.program_balance"
            " join (select distinct program_code, category from marts.unit) using (program_code)"
            " where year = 2024 and basis = 'vacancies' group by 1"
        ).fetchall()
    )
    drawn: dict[str, float] = {}
    for row in tables(report)["data-chart-flow"].rows:
        category, *_, persons = (say(cell, "zh") for cell in row.cells)
        drawn[category] = drawn.get(category, 0.0) + float(persons.replace(",", ""))
    (together,) = set(drawn) - set(graduates)
    assert together == f"其余 {len(graduates) - len(drawn) + 1} 类"
    rest = sum(count for category, count in graduates.items() if category not in drawn)
    wanted = {category: float(count) for category, count in graduates.items() if category in drawn}
    assert drawn == pytest.approx(wanted | {together: float(rest)}, abs=0.3)


def test_the_trends_are_the_direct_employment_rates_of_listed_programs(report: Report, warehouse: Any) -> None:
    table = tables(report)["data-chart-trend"]
    for place, column in enumerate(table.columns[1:], start=1):
        school, program = say(column.title, "zh").split(" ")
        rates = warehouse.execute(
            "select year, numerator / denominator from marts.indicator join marts.unit using (unit)"
            " where indicator = 'direct_employment_rate' and year <= 2024 and school_name = ? and program_name = ?",
            [school, program],
        ).fetchall()
        shown = {say(row.cells[0], "zh"): say(row.cells[place], "zh") for row in table.rows}
        assert {str(year): written(rate, "%") for year, rate in rates} == {
            year: rate for year, rate in shown.items() if rate != "–"
        }


def test_every_figure_of_a_sentence_is_that_of_the_warehouse(report: Report, warehouse: Any) -> None:
    """Section by section, in the order in which they are read."""
    for section in report.all_sections():
        figures = [
            say(figure.shown, "zh")
            for block in section.blocks
            if isinstance(block, Paragraph)
            for figure in block.figures()
        ]
        expected: list[str | None] = []
        for each in EXPECTED["figures"].get(section.key, []):
            rows = warehouse.sql(each["sql"]).fetchall()
            expected += [written(*pair) for row in rows for pair in zip(row, each["shown"], strict=True)]
        assert figures == expected, section.key


def numbers(text: Text, lang: str) -> list[tuple[float, float]]:
    """The numbers of a text with half a unit of their last digit; percentages as fractions."""
    found = []
    for match in NUMBER.findall(say(text, lang)):
        plain = match.replace(",", "").replace("−", "-").removesuffix(" %")
        digits, size = len(plain.partition(".")[2]), 100 if match.endswith("%") else 1
        found.append((float(plain) / size, 0.5 * 10**-digits / size))
    return found


def test_both_languages_say_the_same_numbers(report: Report) -> None:
    for paragraph in report.blocks(Paragraph):
        said = [
            sorted(
                one
                for part in paragraph.parts(lang)
                if isinstance(part, Figure)
                for one in numbers(part.shown, lang)
            )
            for lang in LANGUAGES
        ]  # fmt: skip
        assert said[0] == said[1], paragraph
    for table in tables(report).values():
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                if column.numeric:
                    assert numbers(cell, "zh") == numbers(cell, "en"), (table.key, cell)


def test_every_number_stands_in_the_evidence_that_it_leads_to(report: Report) -> None:
    known = {
        (key, lang): [
            number
            for measure in one.measures
            for part in (measure.value, measure.numerator, measure.denominator, measure.counted_from)
            for number in numbers(part, lang)
        ]
        for key, one in report.evidence.items()
        for lang in LANGUAGES
    }

    def traced(text: Text, key: str) -> bool:
        return all(
            any(abs(abs(value) - abs(other)) <= half + 1e-9 for other, _ in known[key, lang])
            for lang in LANGUAGES
            for value, half in numbers(text, lang)
        )

    for paragraph in report.blocks(Paragraph):
        for figure in paragraph.figures():
            assert traced(figure.shown, figure.evidence), figure
    for table in report.blocks(Table):
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                assert not column.numeric or traced(cell, row.evidence), (table.key, cell, row.evidence)
