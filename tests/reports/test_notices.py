"""Notices to schools: who gets which, what it says at which stage, and the layout of GB/T 9704-2012."""

import re
from dataclasses import replace
from pathlib import Path

import docx
import pandas as pd
import pytest
from docx.oxml.ns import qn

from reports import notices
from reports.official_document import OfficialDocument
from reports.official_page import CHARACTERS, LINES
from reports.round_tables import RoundTables
from tests.reports.district import ENDING, FORMULA, SCRIPT, tables
from tests.reports.rendering import Page, pages, rendered, said


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
    for shown in ("16", "45", "35.6%", "60%", "F7 单位就业 １６", "学校.xlsx〔2024届〕", "开州府发〔2020〕22号"):
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
    assert "原判定为“调减”（2024年12月1日定稿），现判定为“停招”。更正理由：数据更正" in said
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
    page = pages(tmp_path / "full.docx", tmp_path)[1]
    assert (page.width, page.height) == pytest.approx((210, 297), abs=0.2)
    body = [line for line in page.lines if "—" not in said(line)]
    assert len(body) == LINES
    assert max(len(said(line)) for line in body) == CHARACTERS
    assert min(line[0].left for line in body) == pytest.approx(28, abs=0.5)
    assert max(line[-1].right for line in body) <= 28 + 156 + 0.5
    assert body[0][0].top >= 37 - 1
    assert body[-1][0].bottom <= 37 + 225 + 1


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> list[Page]:
    """The pages of a warning notice of the tiny district, as a draft."""
    folder = tmp_path_factory.mktemp("notice")
    units = tables().frame("marts.unit").assign(school_name="云峰学校", program_name=["护理", "会计事务", "护理"])
    found = replace(tables(), frames={**tables().frames, "marts.unit": units})
    (notice,) = [one for one in notices.notices(found) if one.kind == "warning" and one.school_id == "A"]
    notices.write(found, notice, folder / "notice.docx", "zh")
    return pages(folder / "notice.docx", folder)


AUTHORITY = "重庆市开州区教育委员会"


@rendered
def test_the_head_of_a_notice_stands_where_the_standard_puts_it(sheets: list[Page]) -> None:
    first = sheets[0]
    mark, issuer, number = first.line("征求意见稿"), first.line(AUTHORITY), first.line("号")
    assert mark[0].left == pytest.approx(28, abs=0.5), "in the first line, at the left edge"
    assert mark[0].top == pytest.approx(37, abs=4)
    assert issuer[0].top == pytest.approx(37 + 35, abs=6), "35 mm beneath the edge of the text block (7.2.4)"
    assert number[0].top - issuer[0].bottom > 2 * 225 / LINES - 8, "two lines beneath (7.2.5)"
    for line in (issuer, number):
        assert (line[0].left + line[-1].right) / 2 == pytest.approx(28 + 156 / 2, abs=6), "centred"
    titles = [line for line in first.lines if AUTHORITY in said(line)]
    assert len(titles) >= 2, "the title names who issues it (7.3.1)"
    assert said(first.lines[first.lines.index(titles[1]) + 1]).startswith("关于")
    to = first.line("云峰学校：")
    assert to[0].left == pytest.approx(28, abs=0.5), "to whom, at the left edge (7.3.2)"
    assert first.lines.index(to) < len(first.lines) - 2, "the first page has text (7.3.3)"


@rendered
def test_a_notice_ends_with_what_is_attached_the_issuer_and_the_date(sheets: list[Page]) -> None:
    last = next(page for page in sheets if any("附件：" in said(line) for line in page.lines))
    attached, closing = last.line("附件：判定数据来源"), last.line("特此通知。")
    assert attached[0].left == pytest.approx(28 + 2 * 156 / CHARACTERS, abs=1), "two characters in (7.3.4)"
    assert attached[0].top - closing[0].bottom > 225 / LINES - 6, "one line beneath the text"
    issuer, date = last.line(AUTHORITY), last.line("年月日")
    assert last.lines.index(attached) < last.lines.index(issuer) < last.lines.index(date)
    assert date[-1].right == pytest.approx(184 - 4 * 156 / CHARACTERS, abs=2), "four characters from the edge (7.3.5.1)"
    assert issuer[0].top - attached[0].bottom > 2 * 225 / LINES - 6, "room for the seal"
    annex = sheets[sheets.index(last) + 1]
    assert said(annex.lines[0]) == "附件", "on a page of its own, at the left edge (7.3.7)"
    assert annex.lines[0][0].left == pytest.approx(28, abs=0.5)


@rendered
def test_pages_are_numbered_between_dashes_on_the_outer_side(sheets: list[Page]) -> None:
    for number, page in enumerate(sheets, start=1):
        (line,) = [line for line in page.lines if line[0].top > 37 + 225]
        assert said(line) == f"—{number}—"
        outer = 184 - line[-1].right if number % 2 else line[0].left - 28
        assert outer == pytest.approx(156 / CHARACTERS, abs=2), "one character from the edge (7.5)"
        assert line[0].top - (37 + 225) == pytest.approx(7, abs=3), "7 mm beneath the text block"


@rendered
def test_nothing_of_a_notice_leaves_the_text_block(sheets: list[Page]) -> None:
    for page in sheets:
        body = [word for word in page.words if word.top < 37 + 225]
        assert min(word.left for word in body) >= 28 - 0.7
        assert max(word.right for word in body) <= 184 + 5.8, "only a mark of punctuation may hang over the edge"
        assert min(word.top for word in body) >= 37 - 3


def test_headings_title_and_text_have_the_fonts_of_the_standard(tmp_path: Path) -> None:
    text_of(tables(), "warning", tmp_path)
    document = docx.Document(str(tmp_path / "notice.docx"))

    def fonts(text: str) -> set[tuple[str | None, float | None]]:
        runs = [run for paragraph in document.paragraphs if text in paragraph.text for run in paragraph.runs]
        faces = [run._r.find(f".//{qn('w:rFonts')}") for run in runs]
        return {
            (None if face is None else face.get(qn("w:eastAsia")), run.font.size and run.font.size.pt)
            for run, face in zip(runs, faces, strict=True)
        }

    assert fonts("专业预警的通知") == {("方正小标宋简体", 22)}
    assert fonts("异议办法") == {("黑体", None)}
    assert fonts("（一）判定结果。") == {("楷体_GB2312", None), (None, None)}, "the text has the font of the style"
    assert document.styles["Normal"].font.size.pt == 16
    normal = document.styles["Normal"].element.find(f".//{qn('w:rFonts')}")
    assert normal.get(qn("w:eastAsia")) == "仿宋_GB2312"
    table = next(part.blob for part in document.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
    for name in ("仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体", "宋体"):
        assert re.search(f'<w:font w:name="{name}"><w:altName w:val="[^"]*Noto [^"]*"', table.decode()), (
            "a free one too"
        )


def test_official_sentences_have_no_space_between_numbers_and_words(tmp_path: Path) -> None:
    said_in_it = text_of(tables(), "warning", tmp_path).split("单元格、数据项、原文")[0]  # cells stand as written
    said_in_it = said_in_it.replace(ENDING, "").replace(FORMULA, "")
    assert not re.search(r"\d %|[一-鿿。，；] \d|\d [一-鿿]", said_in_it.replace("22号 二", "22号二"))
    assert "→" not in said_in_it
    assert not re.search(r"[a-z]+_[a-z]+", said_in_it), "no internal name"


def test_a_suspension_that_goes_on_says_since_when_and_why(tmp_path: Path) -> None:
    found = tables()
    verdicts = found.frame("decisions.verdict").copy()
    now = (verdicts["unit"] == "A-1") & (verdicts["round"] == 2024)
    row = verdicts[now].iloc[0]
    lagging = [{"rule": "direct_employment_low", "run": 4, "leads_to": "suspend", "lagging": True}]
    kept = verdicts[now].assign(previous_state="suspend", path=[lagging])
    before = verdicts[now].assign(round=2023, previous_state="reduce", state="suspend", path=[row["path"]])
    others = verdicts[~((verdicts["unit"] == "A-1") & (verdicts["round"] >= 2023))]
    decided = pd.concat([others, before, kept], ignore_index=True)
    said_in_it = text_of(replace(found, frames={**found.frames, "decisions.verdict": decided}), "warning", tmp_path)
    assert "自2023年度起列为“停招”：规则“直接就业率不达标”连续3年触发（2022年、2023年、2024年）" in said_in_it
    assert "所涉老生的结果不再加重处置" in said_in_it
