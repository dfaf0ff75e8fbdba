"""Names from files are text in every output of every command: one district whose names attack their readers."""

import csv
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path, PureWindowsPath
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from playwright.sync_api import Page, Request, sync_playwright

from tests.district import ROOT, duikou
from tests.end_to_end.hostile_files import HOSTILE, plant
from tests.reports.test_in_browser import ARGUMENTS, CHROMIUM

STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u206f\ud800-\udfff]")
FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠](?![0-9.]+%?$)")
ACTIVE = {"img", "iframe", "object", "embed", "svg", "base", "form", "style", "link", "meta", "script", "a"}
needs_chromium = pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed")


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder in which every command ran on the hostile district, and what each printed."""
    folder = tmp_path_factory.mktemp("hostile")
    plant(folder / "raw")
    indicators = pd.DataFrame(
        [(f"{name}-{n}", year, "direct_employment_rate", 10, 40, name) for n, name in enumerate(HOSTILE)
         for year in (2022, 2023)],
        columns=["unit", "year", "indicator", "numerator", "denominator", "=school"],
    )  # fmt: skip
    indicators.to_csv(folder / "raw-indicators.csv", index=False)
    warehouse = ("--warehouse", folder / "duikou.duckdb")
    commands = {
        "validate": ("validate", folder / "raw", "--out", folder / "out", *warehouse),
        "run": ("run", folder / "raw", "--out", folder / "out", *warehouse),
        "explain": ("explain", "KZ02-740201", *warehouse),
        "plan": ("plan", *warehouse, "--out", folder / "plan"),
        "simulate": (
            "simulate", "--set", "direct_employment_low.below=0.65", *warehouse, "--out", folder / "simulated",
        ),
        "publish": ("publish", "--public", folder / "public", *warehouse),
        "template": ("template", folder / "forms", "--reference", folder / "duikou.duckdb"),
        "decide": (
            "decide", folder / "raw-indicators.csv", "--rulebook", ROOT / "models" / "rulebooks" / "tianjin_2009.yaml",
            "--out", folder / "decided.csv",
        ),
    }  # fmt: skip
    printed = {}
    for name, arguments in commands.items():
        finished = duikou(*arguments, cwd=folder)
        printed[name] = finished.stdout + finished.stderr
        assert "Traceback" not in printed[name], printed[name]
        assert finished.returncode == (1 if name == "validate" else 0), printed[name]
    return folder, printed


def written(folder: Path, suffix: str) -> list[Path]:
    """The files that the commands wrote, not those that were sent."""
    found = [file for file in sorted(folder.rglob(f"*{suffix}")) if not file.is_relative_to(folder / "raw")]
    assert [file for file in found if file.name != "raw-indicators.csv"], suffix
    return [file for file in found if file.name != "raw-indicators.csv"]


def test_nothing_printed_steers_the_terminal(attacked: tuple[Path, dict[str, str]]) -> None:
    for name, text in attacked[1].items():
        assert not STEERS.search(text), name


def test_names_of_files_lead_nowhere_else(attacked: tuple[Path, dict[str, str]]) -> None:
    folder, _ = attacked
    outside = {file.name for file in folder.parent.iterdir()} - {folder.name}
    assert not [name for name in outside if name in ("x.xlsx", "etc", "passwd")]
    for file in folder.rglob("*"):
        if file.is_relative_to(folder / "raw"):
            continue
        assert not STEERS.search(file.name)
        assert not set(file.name) & set('\\:*?"<>|'), file
        assert not PureWindowsPath(file.name).is_reserved(), file
        assert file.resolve().is_relative_to(folder.resolve())


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(attacked: tuple[Path, dict[str, str]]) -> None:
    for file in written(attacked[0], ".xlsx"):
        for sheet in openpyxl.load_workbook(file):
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", (file, cell)
                    assert cell.hyperlink is None or not cell.hyperlink.target, (file, cell)
        with zipfile.ZipFile(file) as package:
            for member in package.namelist():
                assert b'TargetMode="External"' not in package.read(member), (file, member)


def test_every_part_of_a_word_document_is_well_formed_and_leads_nowhere(attacked: tuple[Path, dict[str, str]]) -> None:
    for file in written(attacked[0], ".docx"):
        with zipfile.ZipFile(file) as package:
            for member in package.namelist():
                if member.endswith((".xml", ".rels")):
                    ElementTree.fromstring(package.read(member))
                    assert b'TargetMode="External"' not in package.read(member), (file, member)


def test_no_cell_of_a_csv_is_a_formula_or_steers(attacked: tuple[Path, dict[str, str]]) -> None:
    for file in written(attacked[0], ".csv"):
        text = file.read_bytes().decode("utf-8-sig")
        rows = list(csv.reader(text.splitlines(keepends=True)))
        assert len({len(row) for row in rows}) == 1, file
        for row in rows:
            for cell in row:
                assert not FORMULA.match(cell), (file, cell)
                assert not STEERS.search(cell), (file, cell)


def test_json_holds_names_as_they_are(attacked: tuple[Path, dict[str, str]]) -> None:
    for file in written(attacked[0], ".json"):
        json.loads(file.read_text(encoding="utf-8"))


class Elements(HTMLParser):
    """The tags of a page that can do something, and everything suspicious in them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()
        self.suspicious: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag] += tag in ACTIVE
        for name, value in attrs:
            if (value or "").startswith("#") or (tag, value) == ("link", "data:,"):  # within the page; its empty icon
                continue
            target = name in ("href", "src", "action") and re.match(r"\s*(javascript:|data:|//)", value or "", re.I)
            foreign = "evil" in (value or "") and name in ("href", "src", "srcset", "action", "style")
            if name.startswith("on") or target or foreign:
                self.suspicious.append(f"{tag} {name}={value}")


def test_no_name_becomes_an_element_or_an_attribute_of_a_page(
    attacked: tuple[Path, dict[str, str]],
) -> None:
    for file in written(attacked[0], ".html"):
        text = file.read_text(encoding="utf-8")
        assert not STEERS.search(re.sub(r"<script>.*?</script>", "", text, flags=re.S)), file
        page = Elements()
        page.feed(text)
        assert page.suspicious == [], file
        assert page.found["img"] == page.found["iframe"] == page.found["object"] == page.found["svg"] == 0, file
        assert "<script>alert" not in text, file
        assert page.found["script"] <= 8, file
        assert "49{% raw" not in text


@pytest.fixture(scope="module")
def watched() -> Iterator[tuple[Page, list[str]]]:
    """A browser page, and everything that must not happen in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        happened: list[str] = []

        def ask(request: Request) -> None:
            if not request.url.startswith(("file:", "data:", "blob:")):
                happened.append(request.url)

        page.on("request", ask)
        page.on("dialog", lambda dialog: (happened.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: happened.append(str(error)))
        yield page, happened
        browser.close()


@needs_chromium
@pytest.mark.browser
def test_in_a_browser_no_name_runs_loads_or_looks_like_anything_but_text(
    attacked: tuple[Path, dict[str, str]], watched: tuple[Page, list[str]]
) -> None:
    page, happened = watched
    pages = written(attacked[0], ".html")
    site = [file for file in pages if file.is_relative_to(attacked[0] / "public")]
    documents = [file for file in pages if file not in site]
    kinds: dict[Path, list[Path]] = {}
    for file in site:
        kinds.setdefault(file.parent, []).append(file)
    chosen = [*documents, *(file for files in kinds.values() for file in files[:4])]
    for file in chosen:
        page.goto(file.as_uri())
        if page.locator(".chart").count():
            page.wait_for_selector(".main-svg", state="attached")
            for text in page.locator(".js-plotly-plot svg").all():
                assert text.locator("a, image[href^=http], foreignObject").count() == 0, file
                assert text.locator('tspan[style*="bold"], tspan[style*="italic"]').count() == 0, file
        if page.locator("#unfold").count():
            page.click("#unfold")
            assert page.locator("#evidence details table").count() > 0
        assert page.locator("main img, main iframe, main svg[onload], main table table").count() == 0, file
        assert happened == [], file


@needs_chromium
@pytest.mark.browser
@pytest.mark.parametrize("query", ["script", "onerror", "alert", "etc", "7*7"])
def test_the_search_shows_names_as_text(
    attacked: tuple[Path, dict[str, str]], watched: tuple[Page, list[str]], query: str
) -> None:
    page, happened = watched
    page.goto((attacked[0] / "public" / "index.html").as_uri())
    page.fill("#search", query)
    results = page.locator("#search-results li")
    results.first.wait_for()
    assert page.locator("#search-results").locator("script, img, svg, b").count() == 0
    assert all(link.get_attribute("href").endswith(".html") or "#" in link.get_attribute("href")
               for link in page.locator("#search-results a").all())  # fmt: skip
    assert happened == []
