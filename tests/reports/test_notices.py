"""Notices to schools: who gets which, what it says at which stage, and the layout of GB/T 9704-2012."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import docx
import pandas as pd
import pytest

from reports import notices
from reports.official_document import CHARACTERS, LINES, OfficialDocument
from reports.round_tables import RoundTables
from tests.reports.district import FORMULA, SCRIPT, tables

RENDERERS = [shutil.which(name) for name in ("soffice", "pdftotext", "pdfinfo")]
rendered = pytest.mark.skipif(not all(RENDERERS), reason="LibreOffice or poppler-utils is not installed")


def with_ledger(found: RoundTables, stage: str, superseded: dict[str, str] | None = None) -> RoundTables:
    """The tables with every verdict of the round recorded on 2025-01-10; `superseded`: earlier final states by unit."""
    verdicts = found.frame("decisions.verdict").query("round == 2024")
    rows = [
        (row["unit"], stage, row["state"], "2025-01-10", before, "2024-12-01" if before else None, "数据更正")
        for row in verdicts.to_dict("records")
        for before in [(superseded or {}).get(row["unit"])]
    ]
    standing = pd.DataFrame(rows, columns=found.frame("ledger.standing").columns)
    return replace(found, frames={**found.frames, "ledger.standing": standing})


def text_of(found: RoundTables, kind: str, folder: Path, lang: str = "zh", school: str = "A") -> str:
    """Everything a school's notice of one kind says, tables included."""
    (notice,) = [one for one in notices.notices(found) if one.kind == kind and one.school_id == school]
    file = folder / "notice.docx"
    notices.write(found, notice, file, lang)
    document = docx.Document(str(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_every_warned_unit_is_in_exactly_one_notice_and_no_other_unit_is() -> None:
    found = tables()
    verdicts = found.frame("decisions.verdict").query("round == 2024")
    named = [row["unit"] for one in notices.notices(found) for row in one.programs]
    lifted = set(verdicts.loc[(verdicts["rank"] == 0) & (verdicts["previous_state"] != "normal"), "unit"])
    assert sorted(named) == sorted(set(verdicts.loc[verdicts["rank"] > 0, "unit"]) | lifted)


def test_a_school_can_recompute_the_verdict_from_what_the_notice_shows(tmp_path: Path) -> None:
    said = text_of(tables(), "warning", tmp_path)
    for shown in ("16", "45", "35.6 %", "60 %", "F7 单位就业 １６", "学校.xlsx〔2024届〕", "开州府发〔2020〕22号"):
        assert shown in said
    assert "停招" in said
    assert re.search(r"4/12|6/21|\(6/21, 2023\+2024\)", said)


def test_names_from_files_stand_in_it_as_text(tmp_path: Path) -> None:
    said = text_of(tables(), "warning", tmp_path)
    assert SCRIPT in said
    assert FORMULA in said


def test_control_characters_from_files_do_not_break_the_file(tmp_path: Path) -> None:
    found = tables()
    units = found.frame("marts.unit").assign(school_name=pd.Series(["a\0b\ud800c\x0bd"] * 3, dtype=object))
    said = text_of(replace(found, frames={**found.frames, "marts.unit": units}), "warning", tmp_path)
    assert "abcd" in said


@pytest.mark.parametrize(("lang", "mark"), [("zh", "征求意见稿"), ("en", "Draft for comment")])
def test_a_notice_is_marked_as_a_draft_until_the_ledger_holds_it_as_final(lang, mark, tmp_path: Path) -> None:
    assert mark in text_of(tables(), "warning", tmp_path, lang)
    assert mark in text_of(with_ledger(tables(), "draft"), "warning", tmp_path, lang)
    assert mark not in text_of(with_ledger(tables(), "final"), "warning", tmp_path, lang).replace("本征求意见稿", "")


def test_the_window_for_objections_is_dated_from_the_recorded_draft(tmp_path: Path) -> None:
    assert "自本征求意见稿送达之日起15日内" in text_of(tables(), "warning", tmp_path)
    said = text_of(with_ledger(tables(), "draft"), "warning", tmp_path)
    assert "2025年1月10日发出" in said
    assert "2025年1月25日" in said
    said = text_of(with_ledger(tables(), "final"), "warning", tmp_path)
    assert "异议期已结束" in said
    assert "2025年2月9日前" in said  # response_days after the final notice


def test_a_verdict_that_the_ledger_does_not_hold_is_no_final_one(tmp_path: Path) -> None:
    found = with_ledger(tables(), "final")
    standing = found.frame("ledger.standing").assign(state="normal")
    changed = replace(found, frames={**found.frames, "ledger.standing": standing})
    assert "征求意见稿" in text_of(changed, "warning", tmp_path)


def test_a_replaced_final_decision_is_corrected_and_says_what_it_was_and_why(tmp_path: Path) -> None:
    found = with_ledger(tables(), "final", {"A-1": "reduce"})
    said = text_of(found, "correction", tmp_path)
    assert "关于更正" in said
    assert "原判定“调减”（2024年12月1日定稿），现判定“停招”。更正理由：数据更正" in said
    assert "A-1" not in [row["unit"] for one in notices.notices(found) if one.kind == "warning" for row in one.programs]


def test_a_unit_that_has_come_back_to_normal_gets_its_warning_lifted(tmp_path: Path) -> None:
    found = tables()
    verdicts = found.frame("decisions.verdict").copy()
    now = (verdicts["unit"] == "B-1") & (verdicts["round"] == 2024)
    verdicts.loc[now, "previous_state"] = "warning"
    lifted = replace(found, frames={**found.frames, "decisions.verdict": verdicts})
    said = text_of(lifted, "lifting", tmp_path, school="B")
    assert "关于解除" in said
    assert "有关要求" not in said


@rendered
def test_a_full_page_has_22_lines_of_28_characters(tmp_path: Path) -> None:
    document = OfficialDocument("zh", draft=False)
    for _ in range(12):
        document.paragraph("一二三四五六七八九十" * 13)
    document.save(tmp_path / "full.docx")
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "pdf",
         "--outdir", str(tmp_path), str(tmp_path / "full.docx")],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    shown = subprocess.run(
        ["pdftotext", "-bbox-layout", "-f", "2", "-l", "2", str(tmp_path / "full.pdf"), "-"],
        check=True, capture_output=True, text=True, timeout=60,
    ).stdout  # fmt: skip
    page = re.search(r'<page width="([\d.]+)" height="([\d.]+)"', shown)
    assert page
    assert [float(size) for size in page.groups()] == pytest.approx([595.3, 841.9], abs=0.5)
    words = [
        ([float(number) for number in found[:4]], found[4])
        for found in re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)<', shown)
    ]
    lines: dict[int, str] = {}
    for box, text in words:
        lines[round(box[1])] = lines.get(round(box[1]), "") + text
    body = [text for _, text in sorted(lines.items()) if "—" not in text]
    assert len(body) == LINES
    assert max(len(text) for text in body) == CHARACTERS
    left = min(box[0] for box, text in words if "—" not in text)
    right = max(box[2] for box, text in words if "—" not in text)
    assert left == pytest.approx(28 / 25.4 * 72, abs=1.5)
    assert right <= (28 + 156) / 25.4 * 72 + 1.5
    number = [(box, text) for box, text in words if "2" in text or "—" in text]
    assert number, "the page number stands between dashes"
    assert min(box[1] for box, _ in number) > (37 + 225) / 25.4 * 72
    assert min(box[0] for box, _ in number) < 150, "an even page has its number on the left"
