"""The settings of indices: shipped ones are valid and reasoned, wrong ones are told plainly."""

import pytest

from pipelines.problems import Problem
from pipelines.rule_texts import read_measures
from pipelines.settings import shipped_measures


def test_the_shipped_settings_are_valid_and_reasoned() -> None:
    found = read_measures(shipped_measures())
    assert found.openings_without_requirement.value == "proportional"
    assert found.coordination.value.corrected
    assert found.coordination.reason.zh


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            "openings_without_requirement: {value: halved, reason: {zh: 因, en: why}}",
            "openings_without_requirement.value",
        ),
        ("coordination: [", "line 2"),
        ("colour: red", "colour"),
    ],
)
def test_wrong_settings_are_told_with_file_and_key(tmp_path, text: str, named: str) -> None:
    file = tmp_path / "measures.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Problem, match=r"measures\.yaml") as told:
        read_measures(file)
    assert named in str(told.value.in_language("en"))
    with pytest.raises(Problem, match="missing"):
        read_measures(tmp_path / "missing.yaml")
