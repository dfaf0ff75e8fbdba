"""The rules of the yearly catalogues (目录编制规则): lines of the signals, grades of evidence, how long an entry holds.

Belongs here: what can be set and within which limits, and the rules as tables for the marts. Does not belong here: the
values (`models/catalogues.yaml`), who is listed (`pipelines/sql/marts`).
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field

from models.settings_parts import Basis, Exact, Part, Text
from models.yaml_text import Place, read

Grade = Literal["A", "B", "C", "D"]
SIGNALS = (
    "openings_to_seekers", "years_in_a_row", "unfilled_vacancies", "unfilled_projection", "unfilled_forecast",
)  # fmt: skip


class Line(Part):
    """A line, 0 or more, with its reason."""

    value: Annotated[Exact, Field(ge=0)]
    reason: Text


class Share(Part):
    """A share between 0 and 1 with its reason."""

    value: Annotated[Exact, Field(ge=0, le=1)]
    reason: Text


class Evidence(Part):
    """A grade of evidence: the signals that must point to a shortage, the years that an entry holds, and why."""

    grade: Grade
    signals: Annotated[int, Field(ge=1, le=len(SIGNALS))]
    valid_years: Annotated[int, Field(ge=1, le=10)]
    reason: Text


class Shortage(Part):
    """The shortage catalogue (紧缺型职业（工种）目录).

    A signal points to a shortage from its line on. An occupation is listed when its demand by any one measure reaches
    `smallest_demand` and more than `listed_above` of its known signals point there, unless its openings to seekers are
    known to lie below `contradicted_below`; its grade is the highest whose number of signals it reaches, so that a
    signal without data lowers the grade and never hides the occupation.
    """

    smallest_demand: Line
    listed_above: Share
    contradicted_below: Line
    openings_to_seekers: Line
    years_in_a_row: Line
    unfilled_vacancies: Share
    unfilled_projection: Share
    unfilled_forecast: Share
    grades: tuple[Evidence, ...] = Field(min_length=1)


class Training(Part):
    """The training catalogue (职业技能培训职业（工种）目录): persons that are missing, at least."""

    persons_to_train: Line


class Expand(Part):
    """Programs to expand (扩大招生的专业): they lead to shortage occupations of these grades and have room."""

    grades: tuple[Grade, ...] = Field(min_length=1)
    highest_ratio: Line
    least_weight: Share
    lowest_intake_rate: Share
    lowest_matched_rate: Share
    reason: Text


class Protect(Part):
    """Programs for shortage occupations (对应紧缺职业的专业), which a rule-book may exempt.

    A program is one while an occupation that takes at least `least_weight` of its graduates stands in a catalogue that
    still holds, with one of these grades.
    """

    grades: tuple[Grade, ...] = Field(min_length=1)
    least_weight: Share
    reason: Text


class Duplicate(Part):
    """Duplicate programs (设置雷同): above all three lines (at least `providers` schools)."""

    provider_share: Share
    providers: Line
    supply_demand_ratio: Line


class CatalogueRules(Part):
    """The rules of one authority's catalogues. `digest`: SHA-256 of the text."""

    catalogues: str
    title: Text
    authority: Text
    status: Literal["proposed", "in_force", "example"]
    version: str
    in_force_from: date
    basis: Basis
    shortage: Shortage
    training: Training
    expand: Expand
    protect: Protect
    duplicate: Duplicate
    digest: str = ""


def parse(text: str, name: str) -> CatalogueRules:
    """The rules in a YAML text; FaultyText names file, line and key of every fault."""
    return read(text, name, CatalogueRules, contradictions)


def contradictions(rules: CatalogueRules) -> Iterator[tuple[Place, str]]:
    """Grades that stand twice or are reached by as many signals as another."""
    for name in ("grade", "signals"):
        found = [getattr(grade, name) for grade in rules.shortage.grades]
        for number, value in enumerate(found):
            if value in found[:number]:
                yield ("shortage", "grades", number, name), f"{value!r} stands twice"


def lines(rules: CatalogueRules) -> pd.DataFrame:
    """All lines as one row: smallest_demand, listed_above, contradicted_below, the SIGNALS, persons_to_train, and those
    of programs."""
    shortage, expand, duplicate = rules.shortage, rules.expand, rules.duplicate
    found = {name: getattr(shortage, name).value for name in ("smallest_demand", "listed_above", "contradicted_below")}
    found |= {name: getattr(shortage, name).value for name in SIGNALS}
    found["persons_to_train"] = rules.training.persons_to_train.value
    names: tuple[str, ...] = ("highest_ratio", "least_weight", "lowest_intake_rate", "lowest_matched_rate")
    found |= {f"expand_{name}": getattr(expand, name).value for name in names}
    found["protect_least_weight"] = rules.protect.least_weight.value
    names = ("provider_share", "providers", "supply_demand_ratio")
    found |= {f"duplicate_{name}": getattr(duplicate, name).value for name in names}
    return pd.DataFrame([{name: float(value) for name, value in found.items()}])


def grades(rules: CatalogueRules) -> pd.DataFrame:
    """One row per grade of evidence: grade, signals, valid_years, expands and protects (whether it is a reason to)."""
    return pd.DataFrame(
        [
            (g.grade, g.signals, g.valid_years, g.grade in rules.expand.grades, g.grade in rules.protect.grades)
            for g in rules.shortage.grades
        ],
        columns=["grade", "signals", "valid_years", "expands", "protects"],
    )


def definitions(rules: CatalogueRules) -> pd.DataFrame:
    """Every value with its reason, for readers of the catalogues: one row per catalogue × value.

    Columns: catalogue ("shortage", "training", "expand", "protect", "duplicate"), name (of the value; "grade_A" for a
    grade of evidence, whose value is its number of signals; "grades" for those that count, without value), value,
    reason_zh, reason_en, and on every row title_zh, title_en, version, status and basis of the rules.
    """
    rows: list[tuple[str, str, float | None, Text]] = []
    for catalogue in ("shortage", "training", "expand", "protect", "duplicate"):
        part = getattr(rules, catalogue)
        for name in type(part).model_fields:
            found = getattr(part, name)
            if isinstance(found, Line | Share):
                rows.append((catalogue, name, float(found.value), found.reason))
        if catalogue == "shortage":
            rows += [(catalogue, f"grade_{g.grade}", float(g.signals), g.reason) for g in part.grades]
        elif hasattr(part, "grades"):
            rows.append((catalogue, "grades", None, part.reason))
    frame = pd.DataFrame(rows, columns=["catalogue", "name", "value", "reason"]).astype({"value": float})
    reasons = {f"reason_{lang}": [r.in_language(lang) for r in frame["reason"]] for lang in ("zh", "en")}
    return frame.drop(columns="reason").assign(
        **reasons, title_zh=rules.title.zh, title_en=rules.title.en, version=rules.version, status=rules.status,
        basis=f"{rules.basis.document} {rules.basis.article}",
    )  # fmt: skip
