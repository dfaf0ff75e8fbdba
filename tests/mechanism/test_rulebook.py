"""Rule-books: what cannot be meant is refused with the line where it stands."""

from fractions import Fraction
from pathlib import Path

import pytest

from models.rulebook import parse
from models.yaml_text import FaultyText

KAIZHOU = Path(__file__).parents[2] / "models" / "rulebooks" / "kaizhou.yaml"
TEXT = KAIZHOU.read_text(encoding="utf-8")


def test_the_default_rule_book_is_a_proposal_with_reason_and_basis_for_every_rule() -> None:
    book = parse(TEXT, "kaizhou.yaml")
    assert book.status == "proposed"
    assert all(rule.reason.zh and rule.reason.en and rule.basis.document and rule.basis.article for rule in book.rules)
    assert [state.name.zh for state in book.ladder] == ["正常", "提示", "黄牌", "调减", "停招", "撤销"]
    assert [state.id for state in book.ladder if state.proposal] == ["suspend", "exit"]


def test_a_line_is_the_decimal_that_is_written() -> None:
    line = parse(TEXT, "kaizhou.yaml").rules[0].criteria[0].line
    assert line.at(2024) == Fraction(3, 5)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("below: 0.60,", "below: 0.60, belwo: 1,", "belwo"),
        ("jeffreys: 0.80", "jeffreys: 1.80", "confidence"),
        ("below: 0.60, ", "", "exactly one of"),
        ("state: suspend}", "state: suspended}", "is no state of the ladder"),
        ("    missing_year: carry", "    missing_year: ignore", "missing_year"),
        ("  minimum: 30", "  minimum: thirty", "minimum"),
        ("rules: [bottom_tenth", "rules: [unknown", "'unknown' is no rule"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(old: str, new: str, message: str) -> None:
    wrong = TEXT.replace(old, new, 1)
    assert wrong != TEXT
    with pytest.raises(FaultyText, match=message) as caught:
        parse(wrong, "wrong.yaml")
    assert "wrong.yaml, line " in str(caught.value)


def test_the_named_line_is_the_one_of_the_mistake() -> None:
    lines = TEXT.splitlines()
    number = next(n for n, line in enumerate(lines, start=1) if "below: 0.60" in line)
    with pytest.raises(FaultyText, match=f"line {number}:"):
        parse(TEXT.replace("below: 0.60,", "belwo: 0.60,", 1), "wrong.yaml")


@pytest.mark.parametrize("part", ["reason", "basis"])
def test_a_rule_without_reason_or_legal_basis_is_refused(part: str) -> None:
    import yaml

    data = yaml.safe_load(TEXT)
    del data["rules"][2][part]
    with pytest.raises(FaultyText, match=part):
        parse(yaml.safe_dump(data, allow_unicode=True), "wrong.yaml")


@pytest.mark.parametrize("text", ["", "- a list", "a: [", "rules: {a: b: c}"])
def test_what_is_no_rule_book_is_told_and_not_a_traceback(text: str) -> None:
    with pytest.raises(FaultyText, match=r"nothing\.yaml"):
        parse(text, "nothing.yaml")
