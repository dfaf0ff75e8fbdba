"""What all pages that we write have in common: their templates, and data inside them.

Belongs here: how text from files stays text in HTML, in JSON inside a page and in charts. Does not belong here: what
stands on a page.
"""

import json
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from reports.visible_text import visible

PATTERNS = frozenset({"hovertemplate", "texttemplate"})  # our own words; names reach them as %{x} and the like only


def template(name: str) -> Template:
    """A template of `reports/templates`: every value is escaped, and has no signs that steer what reads it."""
    return Environment(
        loader=PackageLoader("reports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, finalize=shown
    ).get_template(name)


def shown(value: object) -> object:
    """A value as a page shows it; `Markup` is a page's own and stays."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def embedded(data: object) -> Markup:
    """JSON for a script element: "<" is written as an escape, so that no name from a file can end the element."""
    return Markup(json.dumps(data, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c"))


def embedded_figures(figures: Mapping[str, Any]) -> Markup:
    """Charts for a script element, by name; texts in them are shown as they are written.

    Plotly reads tags such as <a> and <b> in every text; only `hovertemplate`, `texttemplate` and `Markup` may hold
    some.
    """
    return embedded({name: as_text(figure) for name, figure in figures.items()})


def as_text(part: Any) -> Any:
    """A part of a figure in which Plotly finds no tag."""
    if isinstance(part, Mapping):
        return {name: value if name in PATTERNS else as_text(value) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [as_text(value) for value in part]
    if isinstance(part, str) and not isinstance(part, Markup):
        return visible(part).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return part
