"""The settings of indices and ratios, each with its reason.

Belongs here: what can be set and within which limits. Does not belong here: the values (`models/measures.yaml`).
"""

import yaml

from models.grammar import Part, Text
from models.labour_market import Rule
from models.match import CoordinationSettings


class WithoutRequirement(Part):
    """What is done with openings and seekers without requirement, and why."""

    value: Rule
    reason: Text


class Coordinated(Part):
    """How the coupling coordination degree is computed, and why."""

    value: CoordinationSettings
    reason: Text


class Measures(Part):
    """All settings of `models/measures.yaml`."""

    openings_without_requirement: WithoutRequirement
    coordination: Coordinated


def parse(text: str) -> Measures:
    """The settings in a YAML text; ValueError names a key that is unknown, missing or impossible."""
    return Measures.model_validate(yaml.safe_load(text))
