"""The counts of the sample district: graduates, students and employed persons by year, drawn with a seed.

Belongs here: numbers. Does not belong here: how files look (`workbooks`).
"""

from dataclasses import dataclass, field

import numpy as np

from pipelines.sample_district.facts import (
    EMPLOYED,
    EMPLOYED_NOT_REPORTED,
    EMPLOYED_SCATTER,
    EMPLOYED_YEARS,
    PROGRAMS,
)
from pipelines.sample_district.situations import OLD_CODES_IN_USE, ORDINARY, SITUATIONS, Situation

COHORTS = range(2018, 2025)
INTAKES = range(2015, 2026)
GRADUATES = {"710201": 60, "730301": 75, "730701": 55, "730801": 55}
# Programs whose graduates would exceed their openings were they as large as the others.
MODEST = {"640501": 45, "750101": 60, "740101": 60, "770301": 58, "640102": 60, "710203": 60, "720301": 55}


@dataclass
class Tables:
    """Rows of the sample: outcome and enrollment as mappings of contract columns, program codes as reported.

    `employed`: (year, section) -> employed persons in 万人, None where the yearbook leaves the cell open.
    """

    outcome: list[dict[str, object]] = field(default_factory=list)
    enrollment: list[dict[str, object]] = field(default_factory=list)
    employed: dict[tuple[int, str], float | None] = field(default_factory=dict)


def ordinary(school_id: str, code: str) -> Situation:
    """A program without anything special."""
    until = 2022 if (school_id, code) in OLD_CODES_IN_USE else 0
    return Situation("", "", school_id, code, "", old_code_until=until)


def offered() -> list[Situation]:
    """Every program of every school."""
    special = {(s.school_id, s.program_code): s for s in SITUATIONS}
    plain = [
        ordinary(school, code) for school, codes in ORDINARY.items() for code in codes if (school, code) not in special
    ]
    return sorted([*special.values(), *plain], key=lambda program: (program.school_id, program.program_code))


def draw(seed: int) -> Tables:
    """All rows of the sample district for a seed."""
    random = np.random.default_rng(seed)
    tables = Tables()
    for program in offered():
        usual = program.graduates or GRADUATES.get(program.program_code, MODEST.get(program.program_code, 58))
        for year in COHORTS:
            row = outcome_row(program, year, usual, random)
            if year >= program.first_cohort and year not in program.absent_years:
                tables.outcome.append(row)
        for year in INTAKES:
            if year >= program.first_intake:
                tables.enrollment.append(enrollment_row(program, year, usual, random))
    tables.employed = employed_persons(np.random.default_rng([seed, 1]))
    return tables


def employed_persons(random: np.random.Generator) -> dict[tuple[int, str], float | None]:
    """Employed persons by year and section: a line that wanders off, as real series do."""
    found: dict[tuple[int, str], float | None] = {}
    for section, (level, change) in EMPLOYED.items():
        wander = np.cumsum(random.normal(0, EMPLOYED_SCATTER, len(EMPLOYED_YEARS)))
        for year, off in zip(EMPLOYED_YEARS, wander, strict=True):
            persons = round((level + change * (year - 2018)) * (1 + float(off)), 3)
            found[year, section] = None if (section, year) in EMPLOYED_NOT_REPORTED else persons
    return found


def reported_code(program: Situation, year: int) -> str:
    """The old code while the school still used it."""
    return PROGRAMS[program.program_code].old_code if year <= program.old_code_until else program.program_code


def outcome_row(program: Situation, year: int, usual: int, random: np.random.Generator) -> dict[str, object]:
    """One cohort: destinations add up to the graduates, qualities stay within the employed."""
    graduates = usual + int(random.integers(-2, 3)) * (usual > 20)
    enlisted = int(random.integers(0, 3)) * (usual > 20)
    if year in program.direct:
        seeking, direct = program.direct[year]
        graduates = max(graduates, seeking + enlisted)
    else:
        seeking = graduates - enlisted - round(graduates * random.uniform(0.30, 0.36))
        direct = round(seeking * random.uniform(0.88, 0.98))
    self_employed = round(direct * random.uniform(0.02, 0.05))
    flexible = round(direct * random.uniform(0.06, 0.12))
    employed = direct - self_employed - flexible
    unknown = min(int(random.integers(0, 3)), seeking - direct)
    return {
        "school_id": program.school_id,
        "program_code": reported_code(program, year),
        "cohort_year": year,
        "graduates": graduates,
        "employed": employed,
        "self_employed": self_employed,
        "flexible": flexible,
        "further_study": graduates - enlisted - seeking,
        "enlisted": enlisted,
        "unemployed": seeking - direct - unknown,
        "unknown": unknown,
        "matched": round(employed * (program.matched_share + random.uniform(-0.03, 0.03))),
        "local": round(employed * random.uniform(0.45, 0.70)),
        "contract": round(employed * random.uniform(0.75, 0.95)),
        "insured": round(employed * random.uniform(0.60, 0.85)),
        "certified": round(graduates * random.uniform(0.60, 0.90)),
        "median_monthly_wage": int(2900 + 120 * (year - 2018) + 50 * random.integers(0, 25)),
    }


def enrollment_row(program: Situation, year: int, usual: int, random: np.random.Generator) -> dict[str, object]:
    """One year of intake and students in school."""
    registered = program.registered.get(year, usual + int(random.integers(0, 6)))
    planned = program.planned.get(year, 10 * round((usual + 8) / 10))
    in_school = registered + round(1.9 * usual) if year > program.first_intake + 1 else registered
    return {
        "school_id": program.school_id,
        "program_code": reported_code(program, year + 3),
        "year": year,
        "planned": planned,
        "admitted": registered + (int(random.integers(0, 4)) if registered else 0),
        "registered": registered,
        "in_school": in_school,
        "classes": max(1, round(in_school / 45)),
    }
