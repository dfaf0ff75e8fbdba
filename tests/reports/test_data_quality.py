"""The data-quality page: right counts, both languages, names that stay text, readable at desktop and phone width."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, sync_playwright

from reports.data_quality import Quality, build
from tests.reports.district import FORMULA, SCRIPT
from tests.reports.test_in_browser import ARGUMENTS, CHROMIUM


def quality() -> Quality:
    """Three files, one unread; two reasons with one example each, a withheld column, a broken expectation, a rule."""
    files = pd.DataFrame(
        [
            ("a.xlsx", "read", None, None, 12, 8, 1, 1, 2, 3, 4, 0),
            (f"{SCRIPT}.csv", "unreadable", f"坏 {SCRIPT}", f"bad {SCRIPT}", 0, 0, 0, 0, 0, 1, 0, 0),
            (f"{'长' * 200}.csv", "duplicate", "同", "same", 0, 0, 0, 0, 0, 0, 0, 1),
        ],
        columns=[
            "file", "status", "message_zh", "message_en", "landed", "accepted", "quarantined", "superseded", "non_data",
            "refuse", "flag", "note",
        ],
    )  # fmt: skip
    reasons = pd.DataFrame(
        [("refuse", "missing", "没有填", "is empty", 1200, 2), ("flag", "rate_jump", "大起大落", "a jump", 4, 1)],
        columns=["severity", "rule", "title_zh", "title_en", "n", "files"],
    )
    examples = pd.DataFrame(
        [("refuse", "missing", f"a.xlsx B3：{SCRIPT}", f"a.xlsx, B3: {SCRIPT}"),
         ("flag", "rate_jump", FORMULA, FORMULA)],
        columns=["severity", "rule", "message_zh", "message_en"],
    )  # fmt: skip
    withheld = pd.DataFrame(
        [("a.xlsx", SCRIPT, "H", 3, 9, True, "电话号码", "telephone number")],
        columns=["file", "sheet", "letter", "first_row", "last_row", "whole_column", "kind_zh", "kind_en"],
    )
    expectations = pd.DataFrame(
        [("received", "NotNull()", "refuse", False, 12, 3, SCRIPT),
         ("accepted", "NotNull()", "refuse", True, 8, 0, "")],
        columns=["stage", "expectation", "severity", "success", "evaluated", "unexpected", "examples"],
    ).assign(contract_zh="就业", contract_en="Outcomes", column_zh="人数", column_en="Count")  # fmt: skip
    setting = {"name": "largest", "value": 0.3, "reason_zh": "三成", "reason_en": "a third"}
    rules = pd.DataFrame(
        [("大起大落", "A jump", "就业", "Outcomes", "flag", 100, 4, [setting])],
        columns=["title_zh", "title_en", "contract_zh", "contract_en", "severity", "compared", "broken", "settings"],
    )
    return Quality("某区", "d" * 64, files, reasons, examples, withheld, expectations, rules)


@pytest.fixture(scope="module", params=["zh", "en"])
def page(request: pytest.FixtureRequest) -> tuple[str, str]:
    return request.param, build(quality(), request.param)


def test_the_counts_are_those_of_the_tables(page: tuple[str, str]) -> None:
    lang, html = page
    expected = {
        "zh": [
            "收到 12 行：接收 8 行，退回 1 行，被更正替代 1 行",
            "退回 1,200 处",
            "没有填（1200 处）",
            "另有 1199 处",
        ],
        "en": ["12 rows were received: 8 accepted, 1 refused, 1 superseded", "1,200 refusals", "and 1199 more"],
    }
    for words in expected[lang]:
        assert words in html


def test_thresholds_stand_there_with_their_reasons(page: tuple[str, str]) -> None:
    lang, html = page
    assert ("largest = 0.3：三成" if lang == "zh" else "largest = 0.3: a third") in html


def test_text_from_files_stays_text(page: tuple[str, str]) -> None:
    _, html = page
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)") >= 5


def test_personal_data_are_named_by_place_and_kind(page: tuple[str, str]) -> None:
    lang, html = page
    personal = html.split('id="personal"')[1].split("</section>")[0]
    for words in ("a.xlsx", "H", "3–9", "电话号码" if lang == "zh" else "telephone number"):
        assert words in personal


def test_broken_expectations_are_shown_with_counts_and_examples(page: tuple[str, str]) -> None:
    _, html = page
    shown = html.split('id="expectations"')[1].split("</section>")[0]
    assert '<td class="n">3</td>' in shown


def test_a_wrong_accepted_row_is_said_first(page: tuple[str, str]) -> None:
    lang, _ = page
    wrong = quality()
    wrong.expectations.loc[wrong.expectations["stage"] == "accepted", "success"] = False
    assert ("请先查清" if lang == "zh" else "find out why first") in build(wrong, lang)


def test_a_folder_without_a_fault_says_so() -> None:
    good = quality()
    calm = Quality(
        *("某区", "d"), good.files, *(frame.iloc[:0] for frame in (good.reasons, good.examples, good.withheld)),
        good.expectations.iloc[1:], good.rules,
    )  # fmt: skip
    html = build(calm, "zh")
    assert "没有退回，也没有需要核对的" in html
    assert "接收的各行全部满足" in html


def test_the_page_loads_nothing_from_elsewhere(page: tuple[str, str]) -> None:
    _, html = page
    assert not re.findall(r'(?:src|href)="(?!#)|url\(|@import', html)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed")
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_window_and_nothing_runs(browser: Browser, width: int, tmp_path: Path) -> None:
    file = tmp_path / "data_quality.html"
    file.write_text(build(quality(), "zh"), encoding="utf-8")
    opened = browser.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    opened.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    opened.goto(file.as_uri())
    opened.locator("details summary").last.click()
    assert opened.locator("details[open] li").last.is_visible()
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert said == []
    opened.close()
