"""The rules of the house: which room may use which, and what may not be in a committed file."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FORBIDDEN = {
    "models": {"pipelines", "reports", "dagster", "dagster_duckdb", "duckdb", "pathlib", "plotly"},
    "reports": {"pipelines", "dagster", "dagster_duckdb", "duckdb"},
}


def imported(file: Path) -> set[str]:
    """Top-level names of the modules that a file imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("room", FORBIDDEN)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    files = list((ROOT / room).rglob("*.py"))
    assert files
    for file in files:
        assert not imported(file) & FORBIDDEN[room], file


def test_models_call_no_open() -> None:
    for file in (ROOT / "models").rglob("*.py"):
        calls = [
            node.func for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
        ]
        assert not [call for call in calls if isinstance(call, ast.Name) and call.id == "open"], file


def test_lock_files_carry_names_and_versions_only() -> None:
    line = re.compile(r"^[a-z0-9._-]+(\[[a-z0-9,_-]+\])?==[^\s;]+( ; .+)?$")
    for name in ("requirements.txt", "requirements-test.txt"):
        for text in (ROOT / name).read_text(encoding="utf-8").splitlines():
            assert line.match(text), f"{name}: {text}"


def test_every_module_says_what_belongs_in_it() -> None:
    for room in ("pipelines", "models", "reports"):
        for file in (ROOT / room).rglob("*.py"):
            assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))), file
