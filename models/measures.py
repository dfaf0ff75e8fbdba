"""The settings of indices and ratios, each with its reason.

Belongs here: what can be set and within which limits. Does not belong here: the values (`models/measures.yaml`).
"""

from models.labour_market import Rule
from models.match import CoordinationSettings
from models.settings_parts import Part, Text
from models.yaml_text import read


class WithoutRequirement(Part):
    """What is done with openings and seekers without requirement, and why."""

    value: Rule
    reason: Text


class Coordinated(Part):
    """How the coupling coordination degree is computed, and why."""

    value: CoordinationSettings
    reason: Text


class Measures(Part):
    """All settings of `models/measures.yaml`. `digest`: SHA-256 of the text."""

    openings_without_requirement: WithoutRequirement
    coordination: Coordinated
    digest: str = ""


def parse(text: str, name: str) -> Measures:
    """The settings in a YAML text; FaultyText names file, line and key of every fault."""
    return read(text, name, Measures)
