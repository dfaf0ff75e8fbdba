"""The public site in a real browser, opened from a folder: search, languages, links, accessibility."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.district import DistrictRun, duikou
from tests.reports.test_in_browser import ARGUMENTS, CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture(scope="module")
def site(sample_run: DistrictRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public folder of the sample district."""
    folder = tmp_path_factory.mktemp("site")
    warehouse = tmp_path_factory.mktemp("warehouse") / "duikou.duckdb"
    warehouse.write_bytes(sample_run.warehouse.read_bytes())
    printed = duikou("publish", "--public", folder, "--warehouse", warehouse)
    assert printed.returncode == 0, printed.stderr
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    opened = browser.new_page(viewport={"width": 390, "height": 900})
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened, complaints
    opened.close()


@pytest.mark.parametrize(
    ("start", "query", "found"),
    [
        ("index.html", "计算机应用", "计算机应用"),
        ("index.html", "710201", "计算机应用"),
        ("index.html", "jsjyy", "计算机应用"),
        ("index.html", "kuaiji", "会计事务"),
        ("en/index.html", "nursing", "护理"),
        ("en/index.html", "elderly care worker", "养老护理员"),
        ("school/KZ01.html", "制造业", "制造业"),
        ("index.html", "紧缺", "紧缺型职业（工种）目录"),
        ("shortage.html", "zyjnpx", "职业技能培训职业（工种）目录"),
        ("en/index.html", "shortage", "Shortage occupations"),
    ],
)
def test_the_search_finds_and_leads_there(page, site: Path, start: str, query: str, found: str) -> None:
    opened, complaints = page
    opened.goto((site / start).as_uri())
    opened.fill("#search", query)
    link = opened.locator("#search-results a").first
    assert found in link.inner_text()
    link.click()
    opened.wait_for_load_state()
    assert found in opened.locator("h1").inner_text()
    assert complaints == []


def test_the_languages_lead_to_each_other_on_every_kind_of_page(page, site: Path) -> None:
    opened, _ = page
    for path in ("index.html", "program/710201.html", "data.html"):
        opened.goto((site / path).as_uri())
        opened.locator("a[hreflang=en]").click()
        assert opened.locator("html").get_attribute("lang") == "en"
        opened.locator("a[hreflang=zh]").click()
        assert opened.locator("html").get_attribute("lang") == "zh"
        assert opened.url == (site / path).as_uri()


def test_no_link_of_the_site_leads_nowhere(site: Path) -> None:
    import re

    for file in site.rglob("*.html"):
        for address in re.findall(r'(?:href|src)="([^"#]+)"', file.read_text(encoding="utf-8")):
            if address == "data:,":
                continue  # no icon
            assert not address.startswith(("http:", "https:", "//")), (file, address)
            assert (file.parent / address).resolve().is_file(), (file, address)


@pytest.mark.parametrize(
    "path",
    [
        "index.html",
        "supply_demand.html",
        "en/program/720201.html",
        "listed.html",
        "shortage.html",
        "training.html",
        "en/new_programs.html",
        "match.html",
        "en/match.html",
        "data.html",
        "programs.html",
        "en/school/KZ01.html",
        "occupation/2-05-08.html",
        "industry/C.html",
    ],
)
def test_axe_finds_no_serious_violation_and_nothing_is_wider_than_a_phone(page, site: Path, path: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    opened, complaints = page
    opened.goto((site / path).as_uri())
    opened.wait_for_load_state()
    assert complaints == []  # before axe, which tries to fetch the style sheet itself
    found = Axe().run(opened).response["violations"]
    assert [(one["id"], one["impact"]) for one in found if one["impact"] in ("serious", "critical")] == []
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_program_leads_to_its_occupations_and_back(page, site: Path) -> None:
    opened, _ = page
    opened.goto((site / "program" / "720201.html").as_uri())
    opened.locator("a", has_text="护士").first.click()
    assert "护士" in opened.locator("h1").inner_text()
    assert opened.locator("a", has_text="护理 720201").count() == 1


def test_a_program_leads_to_the_industries_of_its_occupations_and_back(page, site: Path) -> None:
    opened, _ = page
    opened.goto((site / "program" / "710201.html").as_uri())
    opened.locator("main a", has_text="信息传输、软件和信息技术服务业").click()
    assert opened.locator("main a", has_text="计算机应用 710201").count() == 1


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """The site below a path of a web server."""
    serve = partial(SimpleHTTPRequestHandler, directory=str(site.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{site.name}"
        server.shutdown()


def test_the_site_works_below_a_path_of_a_web_server(page, served: str) -> None:
    opened, complaints = page
    opened.goto(f"{served}/index.html")
    opened.fill("#search", "hl")
    opened.locator("#search-results a", has_text="护理").first.click()
    opened.wait_for_url(f"{served}/program/*.html")
    opened.locator("a[hreflang=en]").click()
    opened.wait_for_url(f"{served}/en/program/*.html")
    opened.locator("nav a", has_text="Match of programs").click()
    opened.wait_for_selector("#chart-index .main-svg")
    assert complaints == []
    for kind, all_of_kind in (("school", "schools"), ("occupation", "occupations"), ("industry", "industries")):
        opened.goto(f"{served}/{all_of_kind}.html")
        opened.locator("main li a").first.click()
        opened.wait_for_url(f"{served}/{kind}/*.html")
        assert opened.locator("main table").count() >= 1


def test_the_match_page_draws_its_charts_from_the_folder(page, site: Path) -> None:
    opened, complaints = page
    for path in ("match.html", "en/match.html"):
        opened.goto((site / path).as_uri())
        opened.wait_for_selector("#chart-index .main-svg")
        assert opened.locator(".chart .main-svg").count() >= 3
        assert opened.locator("main table tbody tr").count() > 10
    assert complaints == []


def test_a_shortage_leads_to_its_occupation_which_says_since_when_and_until_when(page, site: Path) -> None:
    opened, _ = page
    opened.goto((site / "shortage.html").as_uri())
    opened.locator("main a", has_text="半导体芯片制造工").click()
    listed = opened.locator("table", has_text="有效至").first
    assert "2026" in listed.inner_text()
    assert opened.locator("td", has_text="微电子技术与器件制造").count() > 0
    assert opened.locator("a", has_text="微电子技术与器件制造").count() == 0, "nobody offers it: it has no page"
