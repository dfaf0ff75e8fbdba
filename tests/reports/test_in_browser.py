"""The report as people open it: in a real browser, at desktop and phone width."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from reports.match_report import build
from tests.reports.district import tables

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("report") / "match_report.html"
    file.write_text(build(tables(), "zh"), encoding="utf-8")
    return file.as_uri()


@pytest.fixture(params=[1280, 390])
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[tuple[Page, list[str]]]:
    opened = browser.new_page(viewport={"width": request.param, "height": 900})
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    opened.goto(address)
    yield opened, complaints
    opened.close()


def test_charts_are_drawn_without_a_complaint(page: tuple[Page, list[str]]) -> None:
    opened, complaints = page
    opened.wait_for_selector("html[data-charts=drawn]")
    assert opened.locator(".js-plotly-plot").count() == opened.locator(".chart").count() > 2
    assert complaints == []


def test_nothing_is_wider_than_the_window(page: tuple[Page, list[str]]) -> None:
    opened, _ = page
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_list_leads_to_the_evidence(page: tuple[Page, list[str]]) -> None:
    opened, _ = page
    link = opened.locator("#listed td.src a").first
    target = link.get_attribute("href")
    link.click()
    assert target
    assert opened.locator(f"[id='{target[1:]}']").is_visible()
    assert opened.url.endswith(target)
