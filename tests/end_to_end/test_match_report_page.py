"""The match report's page in a real browser: it opens, draws, speaks two languages, traces, prints."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.district import DistrictRun
from tests.reports.test_in_browser import ARGUMENTS, CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]
MEGABYTES = 3e6  # half of what it may have
NODES = 25_000
PAPER = 261 / 25.4 * 96  # the height of the text on A4 with margins of 18 mm, in CSS pixels
WIDTH = 180 / 25.4 * 96 + 1  # and its width with margins of 15 mm


@pytest.fixture(scope="module")
def file(sample_run: DistrictRun) -> Path:
    return sample_run.out / "2024" / "match_report.zh.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def opened(browser: Browser, file: Path) -> Iterator[tuple[Page, list[str]]]:
    """The page with all charts drawn, and what the browser complained of or asked the network for."""
    page = browser.new_page(viewport={"width": 390, "height": 800})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url) if request.url.startswith("http") else None)
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-charts=drawn]", timeout=60_000)
    yield page, complaints
    page.close()


def test_the_page_is_one_small_file_that_opens_without_complaint_or_network(
    opened: tuple[Page, list[str]], file: Path
) -> None:
    page, complaints = opened
    assert file.stat().st_size < MEGABYTES
    assert complaints == []
    assert page.locator(".js-plotly-plot").count() == page.locator(".chart").count() > 10


def test_evidence_is_built_only_when_it_is_opened(browser: Browser, file: Path) -> None:
    page = browser.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-charts=drawn]", timeout=60_000)
    assert page.evaluate("document.querySelectorAll('*').length") < NODES
    assert page.locator("#evidence details").count() > 300
    assert page.locator("#evidence details table").count() == 0
    page.locator("#evidence summary", has_text="会计事务（730301）").first.focus()
    page.keyboard.press("Enter")
    opened = page.locator("#evidence details[open]")
    opened.locator("table").first.wait_for()
    assert "会计事务" in opened.inner_text()
    page.click("#unfold")
    assert page.locator("#evidence details:not([open])").count() == 0
    assert page.evaluate("[...document.querySelectorAll('#evidence details')].every(d => d.querySelector('table'))")
    page.close()


def test_evidence_is_found_by_name_file_or_number(browser: Browser, file: Path) -> None:
    page = browser.new_page()
    page.goto(file.as_uri())
    for wanted, least, most in (("会计事务", 3, 60), ("别名对照.csv", 1, 3), ("no such thing", 0, 0)):
        page.fill("#find", wanted)
        assert least <= page.locator("#evidence details:visible").count() <= most
    assert page.inner_text("#found") == "找到 0 项"
    page.locator("#first .lead a.fig").first.click()
    page.locator("#evidence details[open] table").first.wait_for()
    assert page.input_value("#find") == "", "a link leads to its evidence whatever was looked for before"
    page.close()


def test_what_only_a_screen_reader_says_follows_the_language(opened: tuple[Page, list[str]]) -> None:
    page, _ = opened

    def labels() -> list[str]:
        return page.evaluate("[...document.querySelectorAll('[aria-label]')].map(e => e.getAttribute('aria-label'))")

    def of(lang: str) -> list[str]:
        return page.evaluate(f"[...document.querySelectorAll('[aria-label]')].map(e => e.dataset.{lang})")

    assert labels() == of("zh")
    page.click("#language")
    assert labels() == of("en")
    assert page.get_attribute("nav", "aria-label") == "Contents"
    page.click("#language")


def test_nothing_is_wider_than_a_phone_in_either_language(opened: tuple[Page, list[str]]) -> None:
    page, _ = opened
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.click("#language")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.click("#language")


def test_the_switch_turns_text_title_and_charts_into_the_other_language(opened: tuple[Page, list[str]]) -> None:
    page, complaints = opened
    assert "专业" in page.title()
    assert "供给过剩" in page.inner_text("#first")
    page.click("#language")
    assert page.title() == "Match report of vocational programs and industry"
    assert page.get_attribute("html", "lang") == "en"
    said = page.inner_text("#first")
    assert "The largest surplus is in Accounting" in said
    assert "供给过剩" not in said
    page.wait_for_function("document.querySelector('#chart-states .legendtext').textContent === 'notice'")
    page.click("#language")
    page.wait_for_function("document.querySelector('#chart-states .legendtext').textContent === '提示'")
    assert complaints == []


def test_every_link_leads_somewhere_and_every_row_and_chart_has_one(opened: tuple[Page, list[str]]) -> None:
    page, _ = opened
    dangling = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(a => decodeURIComponent(a.getAttribute('href').slice(1)))"
        ".filter(id => !document.getElementById(id))"
    )
    assert dangling == []
    assert page.evaluate(
        "[...document.querySelectorAll('main > section:not(#evidence) figure')].every(f => f.querySelector('a.from'))"
    )
    without = page.evaluate(
        "[...document.querySelectorAll('main > section:not(#evidence) .scroll > table')]"
        ".filter(t => !t.closest('.chart-data')).flatMap(t => [...t.tBodies[0].rows])"
        ".filter(r => !r.querySelector('td.src a') && r.cells.length > 1).length"
    )
    assert without == 0


def test_a_number_of_the_first_page_is_two_clicks_from_its_cells_and_one_from_where_it_stood(
    opened: tuple[Page, list[str]],
) -> None:
    page, _ = opened
    link = page.locator("#first .lead li").nth(1).locator("a.fig").first
    link.click()
    target = page.locator(f"[id='{link.get_attribute('href')[1:]}']")  # type: ignore[index]
    assert target.get_attribute("open") is not None
    shown = target.inner_text()
    assert "304" in shown
    assert "学校上报/" in shown
    assert re.search(r"\bE\d+", shown)
    target.locator("a.back").click()
    page.wait_for_function("document.activeElement.classList.contains('fig')")


@pytest.mark.parametrize(
    ("lang", "width", "unfolded"), [("zh", 390, False), ("zh", 1280, True), ("en", 390, True), ("en", 1280, False)]
)
def test_axe_finds_no_violation(browser: Browser, file: Path, lang: str, width: int, unfolded: bool) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-charts=drawn]", timeout=60_000)
    if lang == "en":
        page.click("#language")
    if unfolded:
        page.evaluate("for (const part of document.querySelectorAll('#annex details, .chart-data')) part.open = true")
        page.evaluate(
            "for (const group of document.querySelectorAll('#evidence .group'))"
            " for (const part of [...group.querySelectorAll('details')].slice(0, 3)) part.open = true"
        )
        page.wait_for_function(
            "[...document.querySelectorAll('#evidence details[open]')].every(d => d.querySelector('p'))"
        )
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["impact"], one["nodes"][0]["html"]) for one in found] == []
    page.close()


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed")
def test_on_paper_no_chart_is_cut_the_first_page_is_one_sheet_and_heads_are_repeated(
    browser: Browser, file: Path, tmp_path: Path
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-charts=drawn]", timeout=60_000)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    boxes = page.evaluate(
        "[...document.querySelectorAll('figure')].map(f => [f.querySelector('.chart').id,"
        " f.getBoundingClientRect().height, getComputedStyle(f).breakInside,"
        " f.querySelector('.main-svg').getBoundingClientRect().width])"
    )
    for chart, height, inside, width in boxes:
        assert height <= PAPER, f"{chart} is taller than a sheet"
        assert inside == "avoid", f"{chart} may be cut"
        assert width <= WIDTH, f"{chart} is wider than a sheet"
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="null")
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True, print_background=True)
    page.close()
    words = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "report.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    sheets = [re.sub(r"\s", "", sheet) for sheet in words.split("\f") if sheet.strip()]
    for title in ("历轮列入名单的专业点", "哪些专业过剩，哪些职业缺人", "毕业生与产业：三次产业的占比"):
        assert title in sheets[0]
    heads = [sheet for sheet in sheets if "收到行接收行退回行被替代行非数据行" in sheet]
    assert len(heads) > 1, "a table of the annex, printed open, goes on with its heads"
