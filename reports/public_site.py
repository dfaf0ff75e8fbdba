"""The public site as files: static pages in Chinese and English with search, for a folder or any web server.

Belongs here: writing pages and what they need. Does not belong here: what stands on them (`site_pages`).
"""

from importlib.resources import files
from pathlib import Path
from typing import Any

from plotly.offline import get_plotlyjs

from reports.open_data import Publication, Resource
from reports.round_tables import RoundTables
from reports.site_pages import Page, Site, pages
from reports.site_things import KINDS, entries
from reports.web_page import embedded, embedded_figures, template
from reports.wording import texts


def write(tables: RoundTables, resources: list[Resource], folder: Path, publication: Publication) -> list[Path]:
    """Write all pages in both languages, the search, and what they need; returns the files, index.html first."""
    assets = folder / "assets"
    assets.mkdir(parents=True, exist_ok=True)
    for name in ("style.css", "search.js", "minisearch.js", "minisearch.LICENSE.txt"):
        (assets / name).write_bytes((files("reports") / "site" / name).read_bytes())
    (assets / "plotly.min.js").write_text(get_plotlyjs(), encoding="utf-8")
    by_name = {resource.name: resource for resource in resources}
    found = embedded(entries(tables))
    (assets / "search-data.js").write_text(f"window.DUIKOU_SEARCH = {found};\n", encoding="utf-8")
    written_page = template("site_page.html")
    written = []
    for lang in ("zh", "en"):
        site = Site(tables, by_name, publication, lang)
        top = folder if lang == "zh" else folder / lang
        for page in pages(site):
            file = top / page.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(written_page.render(**shown(site, page)), encoding="utf-8")
            written.append(file)
    return written


def shown(site: Site, page: Page) -> dict[str, Any]:
    """What the template needs of a page."""
    depth = page.path.count("/")
    root = "../" * depth
    assets = root if site.lang == "zh" else root + "../"
    other = f"{root}en/{page.path}" if site.lang == "zh" else f"{root}../{page.path}"
    text, publication = site.text, site.publication
    return {
        "lang": texts(site.lang)["lang"].split("-")[0],
        "t": text,
        "title": page.title,
        "region": site.tables.region,
        "root": root,
        "assets": assets,
        "other": other,
        "menu": [(f"{name}.html", text["menu"][name]) for name in text["menu"]],
        "current": page.path,
        "trial": publication.trial,
        "blocks": page.blocks,
        "kinds_json": embedded({kind: text["kinds"][kind] for kind in (*KINDS, "page")}),
        "figures_json": embedded_figures(page.figures) if page.figures else "",
        "footer": text["footer"].format(
            publisher=publication.publisher, contact=publication.contact, licence=publication.licence,
            round=site.tables.round, inputs=site.tables.input_digest[:12], rulebook=site.tables.rulebook_digest[:12],
        ),
    }  # fmt: skip
