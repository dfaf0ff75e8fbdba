"""Rule-books and settings as files: those shipped can be read, and every fault names file, line and key."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines import rule_texts, settings
from pipelines.problems import Problem

READERS = [
    (rule_texts.read_rulebook, settings.shipped_rulebook),
    (rule_texts.read_plan_settings, settings.shipped_plan_settings),
    (rule_texts.read_catalogue_rules, settings.shipped_catalogues),
    (rule_texts.read_forecast_settings, settings.shipped_forecast),
    (rule_texts.read_measures, settings.shipped_measures),
]
every_reader = pytest.mark.parametrize(("read", "shipped"), READERS)
Read = Callable[[Path], object]


@every_reader
def test_what_is_shipped_is_valid(read: Read, shipped: Callable[[], Path]) -> None:
    assert read(shipped())


@every_reader
def test_a_fault_names_the_file_the_line_and_the_key(read: Read, shipped: Callable[[], Path], tmp_path: Path) -> None:
    file = tmp_path / "of_the_district.yaml"
    text = shipped().read_text(encoding="utf-8").rstrip("\n")
    file.write_text(text + "\ncolour: red\n", encoding="utf-8")
    with pytest.raises(Problem) as told:
        read(file)
    for lang in ("zh", "en"):
        said = told.value.in_language(lang)
        assert f"of_the_district.yaml, line {text.count(chr(10)) + 2}: colour" in said


@every_reader
def test_a_file_that_is_not_there_or_no_text_is_told(read: Read, shipped: Callable[[], Path], tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"找不到.*missing\.yaml"):
        read(tmp_path / "missing.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(Problem, match=r"bytes\.yaml.*UTF-8"):
        read(tmp_path / "bytes.yaml")
