"""The words of documents: texts by language, and numbers as people write them."""

from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from models import yaml_text


@cache
def texts(lang: str) -> dict[str, Any]:
    """All texts of a language ("zh" or "en"); those of `<subject>.<lang>.yaml` stand under the subject's name."""
    folder = files("reports") / "text"
    found: dict[str, Any] = yaml_text.plain((folder / f"{lang}.yaml").read_text(encoding="utf-8"))
    for file in folder.iterdir():
        if file.name.endswith(f".{lang}.yaml"):
            found[file.name.removesuffix(f".{lang}.yaml")] = yaml_text.plain(file.read_text(encoding="utf-8"))
    return found


def percent(value: object, digits: int = 1) -> str:
    """A fraction as a percentage; an en dash when it is missing."""
    return "–" if missing(value) else f"{100 * float(value):.{digits}f} %"  # type: ignore[arg-type]


def number(value: object, digits: int = 2) -> str:
    """A number without needless zeros; an en dash when it is missing."""
    if missing(value):
        return "–"
    written = f"{float(value):,.{digits}f}"  # type: ignore[arg-type]
    return written.rstrip("0").rstrip(".") if "." in written else written


def missing(value: object) -> bool:
    """Whether there is no value (None, NaN or NA)."""
    return value is None or value is pd.NA or value != value  # noqa: PLR0124


def is_rate(indicator: str) -> bool:
    """Whether an indicator is a share of people, to be written as a percentage."""
    return indicator.endswith("_rate") or indicator == "provider_share"


def measure(indicator: str, value: object) -> str:
    """A value of an indicator as people write it."""
    return percent(value) if is_rate(indicator) else number(value)
