"""The rule-book (规则文件): a YAML text read into dated, reasoned rules, or refused with the line named.

Belongs here: the one function that reads a rule-book. Does not belong here: reading YAML (`models.yaml_text`), what the
grammar may say (`models.grammar`, `models.rules`) and evaluation (`models.mechanism`). Every threshold of the mechanism
stands in a rule-book; the handbook page `handbook/rulebook.md` shows every key with an example.
"""

from models.grammar import Cohort, Criterion
from models.rules import Exemption, Recovery, Rule, Rulebook, State, Step, contradictions
from models.settings_parts import Basis, Text
from models.yaml_text import read

__all__ = [
    "Basis", "Cohort", "Criterion", "Exemption", "Recovery", "Rule", "Rulebook", "State", "Step",
    "Text", "parse",
]  # fmt: skip


def parse(text: str, name: str) -> Rulebook:
    """The rule-book in a YAML text; `name` is the file as messages should call it.

    Raises FaultyText, naming file, line and key of every fault found: text that is no YAML, a key that stands
    twice, an unknown key, an impossible value, a missing reason or legal basis, a name that is not declared.
    """
    return read(text, name, Rulebook, contradictions)
