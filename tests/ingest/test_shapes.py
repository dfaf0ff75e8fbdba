"""The handbook's list of malformed shapes names tests that exist, the same ones in both languages."""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
HANDBOOK = TESTS.parent / "handbook"
NAMED = re.compile(r"`(?:([\w/]+\.py)|…)?(?:::)?((?:test_|Test)\w+)?`")


def named_tests(page: str) -> list[tuple[str, str]]:
    """File and test (or class, or "" for the whole file) of every test that a page names; `…` stands for the file."""
    found, file = [], ""
    for path, name in NAMED.findall((HANDBOOK / page).read_text(encoding="utf-8")):
        file = path or file
        if path or name:
            found.append((file, name))
    return found


@pytest.mark.parametrize("page", ["raw-files.md", "raw-files.zh-CN.md"])
def test_every_test_that_the_handbook_names_exists(page: str) -> None:
    for file, name in named_tests(page):
        path = next(place for place in (TESTS / "ingest" / file, TESTS / file) if place.is_file())
        known = {
            node.name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ClassDef | ast.FunctionDef)
        }
        assert not name or name in known, f"{page}: {file}::{name}"


def test_both_languages_name_the_same_tests() -> None:
    english, chinese = map(named_tests, ("raw-files.md", "raw-files.zh-CN.md"))
    assert len(english) > 40
    assert english == chinese
