"""The plan's settings (招生计划编制规则): limits, rates and demand as one dated text with a reason for every value.

Belongs here: what can be set and within which limits. Does not belong here: the values (`models/plan/kaizhou.yaml`) and
what they lead to (`models.plan.limits`, `models.plan.program`).
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from models.settings_parts import Basis, Exact, Part, Text
from models.yaml_text import read

Source = Literal["forecast", "projection", "vacancies"]
Count = Annotated[int, Field(ge=0, strict=True)]


class Number(Part):
    """A whole number with its reason."""

    value: Count
    reason: Text


class Share(Part):
    """A share between 0 and 1 with its reason."""

    value: Annotated[Exact, Field(ge=0, le=1)]
    reason: Text


class Growth(Part):
    """A share of last year's number, 0 or more, with its reason."""

    value: Annotated[Exact, Field(ge=0)]
    reason: Text


class Openings(Part):
    """Which signal of demand the plan takes: the first of `take` that has openings for the year, never two together.

    `years_short`: a forecast that ends so many years before the entrants graduate still counts.
    """

    take: tuple[Source, ...] = Field(min_length=1)
    years_short: Number
    share_for_graduates: Share
    reason: Text


class Rates(Part):
    """How placements per seat are estimated: over `cohorts` years, drawn to the mean by `prior_persons` persons."""

    cohorts: Annotated[Count, Field(ge=1)]
    prior_persons: Annotated[Exact, Field(ge=0)]
    reason: Text


class Classes(Part):
    """A program opens with at least `at_least` seats or not at all.

    `one_class_beyond_limits`: a program that the change limits keep below one class may open with exactly one class or
    not at all; otherwise its limits and the class contradict each other, and the plan names that.
    """

    at_least: Annotated[Count, Field(ge=1)]
    one_class_beyond_limits: bool = True
    reason: Text


class States(Part):
    """States of the rule-book in which a program gets no more seats than last year."""

    states: tuple[str, ...]
    reason: Text


class PlanSettings(Part):
    """Settings of next year's plan of one authority; a limit that is absent does not hold.

    `gain_kept`: share of the greatest possible gain in matched placements that a plan must keep while it stays as close
    to last year as it can (1: all of it). `change_down` and
    `change_up`: shares of last year's seats of a program. `school_loss`: share of its seats that a school loses at
    most, unless by verdict. `total_growth` and `total_loss`: shares of last year's seats of the whole district.
    `digest` is the SHA-256 of the text.
    """

    plan: str
    title: Text
    authority: Text
    status: Literal["proposed", "in_force", "example"]
    version: str
    in_force_from: date
    basis: Basis
    years_to_graduation: Number
    openings: Openings
    rates: Rates
    gain_kept: Share
    classes: Classes | None = None
    change_down: Share | None = None
    change_up: Growth | None = None
    no_growth: States | None = None
    students_per_teacher: Growth | None = None
    school_loss: Share | None = None
    total_growth: Growth | None = None
    total_loss: Share | None = None
    digest: str = ""


def parse(text: str, name: str) -> PlanSettings:
    """The settings in a YAML text; FaultyText names file, line and key of every fault."""
    return read(text, name, PlanSettings)
