"""The match report and the warning list: right numbers, both languages, names that stay text."""

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reports.match_report import build
from reports.warning_list import write
from reports.wording import number, percent, texts
from tests.reports.district import FORMULA, SCRIPT, tables


@pytest.fixture(scope="module", params=["zh", "en"])
def page(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Language and page, without the plotly.js that is packed in it."""
    html = build(tables(), request.param)
    return request.param, re.sub(r'<script type="text/plain" id="plotly">.*?</script>', "", html, count=1, flags=re.S)


def evidence_of(html: str, key: str) -> str:
    """The evidence with a key, as the page's script reads it: all its texts in both languages."""
    (found,) = re.findall(r'<script type="application/json" id="evidence-data">(.*?)</script>', html, re.DOTALL)
    data = json.loads(found)

    def said(part: Any) -> str:
        if isinstance(part, int):
            text = data["texts"][part]
            return text if isinstance(text, str) else "\n".join(text)
        parts = part.values() if isinstance(part, dict) else part
        return "\n".join(said(each) for each in parts if not isinstance(each, str))

    return said(data["evidence"][f"ev-{key}"])


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [(150.0, 0, "150"), (100, 2, "100"), (0.5, 2, "0.5"), (1234.5, 2, "1,234.5"), (0, 0, "0"), (None, 2, "–")],
)
def test_numbers_keep_their_zeros(value: float | None, digits: int, written: str) -> None:
    assert number(value, digits) == written


def test_a_missing_rate_is_a_dash_and_not_zero() -> None:
    assert percent(float("nan")) == "–"
    assert percent(0.0) == "0.0 %"


def test_both_languages_have_the_same_texts() -> None:
    def keys(value: object, path: str = "") -> set[str]:
        if not isinstance(value, dict):
            return {path}
        return {found for name, part in value.items() for found in keys(part, f"{path}.{name}")}

    assert keys(texts("zh")) == keys(texts("en"))


def test_the_page_is_the_same_for_the_same_tables() -> None:
    assert build(tables(), "zh") == build(tables(), "zh")


def test_names_from_files_are_text_everywhere(page: tuple[str, str]) -> None:
    _, html = page
    assert SCRIPT not in html
    assert "&lt;script&gt;alert(1)" in html
    charts = html.split('id="figures">')[1].split("</script>")[0]
    assert "&lt;/script&gt;" in charts, "names inside the figures' JSON cannot end the script element"
    assert "<" not in charts


def test_every_listed_program_has_its_evidence_and_a_link_to_it(page: tuple[str, str]) -> None:
    _, html = page
    listed = set(re.findall(r'<details id="(ev-unit-[^"]+)"', html))
    assert listed == {"ev-unit-A-1", "ev-unit-A-2"}
    assert set(re.findall(r'href="#(ev-unit-[^"]+)"', html)) == listed


def test_the_sentences_are_written_from_the_tables(page: tuple[str, str]) -> None:
    _, html = page
    first = html.split('<section id="first"')[1].split("</section>")[0]
    said = re.sub(r"<[^>]+>", "", first)
    assert "毕业生 300 人，分到的对口岗位 150 个，供求比 2，150 人没有对口岗位" in said
    assert "300 graduates for 150 openings allotted to it, a ratio of 2; 150 have no matching opening" in said
    assert "新列入名单 0 个专业点（一所学校的一个专业为一个专业点），加重 1 个" in said


def test_the_evidence_shows_counts_line_and_source_cell(page: tuple[str, str]) -> None:
    _, html = page
    found = evidence_of(html, "unit-A-1")
    for expected in ("35.6 %", "60.0 %", "F7", "2022", "停招", "suspend"):
        assert expected in found


def test_no_rate_is_shown_for_fewer_than_ten_graduates(page: tuple[str, str]) -> None:
    _, html = page
    found = evidence_of(html, "unit-A-2")
    assert "28.6 %" in found, "6 of 21, two cohorts together"
    assert "22.2 %" not in html, "2 of 9 alone is not shown as a rate"


def test_the_page_loads_nothing_from_elsewhere(page: tuple[str, str]) -> None:
    _, html = page
    assert set(re.findall(r'(?:src|href)="(?!#)[^"]*"', html)) == {'href="data:,"'}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_cell_of_the_list_is_a_formula_or_a_link(lang: str, tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"
    write(tables(), file, lang)
    book = openpyxl.load_workbook(file)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)
    assert any(cell.value == FORMULA for cell in cells)


def test_the_list_is_sorted_by_severity_with_frozen_header_and_filters(tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"
    write(tables(), file)
    sheet = openpyxl.load_workbook(file).worksheets[0]
    assert [sheet.cell(row, 4).value for row in (1, 2, 3)] == ["状态", "停招", "提示"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref


def test_a_round_without_warnings_says_so() -> None:
    calm = tables()
    for name in ("decisions.verdict", "decisions.evidence"):
        calm.frames[name] = calm.frames[name].query("unit == 'B-1'")
    assert "本轮没有专业点列入名单" in build(calm, "zh")


def test_a_class_without_a_name_is_called_by_its_code_and_the_figures_stay_valid_json() -> None:
    nameless = tables()
    for name in ("marts.supply_share", "marts.industry_share"):
        nameless.frames[name] = nameless.frames[name].assign(class_name=None)
    html = build(nameless, "en")
    text = re.search(r'id="figures">(.*?)</script>', html, flags=re.S)
    assert text
    figures = json.loads(text[1], parse_constant=lambda constant: pytest.fail(f"{constant} in JSON"))
    assert figures["chart-sector"]["en"]["data"][0]["x"] == ["1", "2"]
