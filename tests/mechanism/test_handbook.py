"""Every example of the rule-book's handbook page is run, in both languages."""

import io
import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

from models.mechanism import decide
from models.rulebook import parse

PAGES = [Path(__file__).parents[2] / "handbook" / name for name in ("rulebook.md", "rulebook.zh-CN.md")]
BLOCK = re.compile(r"^```(yaml base|yaml rule|csv|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> list[tuple[str, str]]:
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def examples(page: Path) -> list[tuple[str, str, str]]:
    """Rule, table and result of each example, in the order of the page."""
    found = blocks(page)[1:]
    kinds = [kind for kind, _ in found]
    assert kinds == ["yaml rule", "csv", "text"] * (len(found) // 3)
    return [(found[n][1], found[n + 1][1], found[n + 2][1]) for n in range(0, len(found), 3)]


@pytest.mark.parametrize("number", range(len(examples(PAGES[0]))))
def test_an_example_of_the_handbook_gives_the_states_that_it_shows(number: int) -> None:
    rule, table, result = examples(PAGES[0])[number]
    book = yaml.safe_load(blocks(PAGES[0])[0][1])
    given = yaml.safe_load(rule)
    first = book["rules"][0]
    book["rules"] = [first | changed for changed in (given if isinstance(given, list) else [given])]
    indicators = pd.read_csv(io.StringIO(table), dtype=str, keep_default_na=False).replace({"": None})
    decided = decide(indicators, parse(yaml.safe_dump(book, allow_unicode=True), "handbook"))
    states = {f"{v.unit} {v.round} {v.state}" for v in decided.verdicts.itertuples()}
    assert set(result.split("\n")) - {""} <= states
    assert decided.problems.empty


def test_both_languages_show_the_same_examples() -> None:
    assert blocks(PAGES[0]) == blocks(PAGES[1])


def test_every_comparison_and_combination_of_the_grammar_has_an_example() -> None:
    from models.grammar import COMPARISONS, CONDITIONS

    shown = "".join(rule for rule, _, _ in examples(PAGES[0])) + PAGES[0].read_text(encoding="utf-8")
    for word in (*COMPARISONS, *CONDITIONS):
        assert re.search(rf"\b{word}\b", shown), word
