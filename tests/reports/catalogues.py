"""The catalogues' frames of a tiny district, with hostile names, as documents are built from them."""

from pathlib import Path

import pandas as pd

from models.catalogues import definitions, grades, parse

RULES = Path(__file__).parents[2] / "models" / "catalogues.yaml"
SIGNALS = ("openings_to_seekers", "unfilled_forecast", "unfilled_projection", "unfilled_vacancies", "years_in_a_row")


def catalogue_frames(occupation: str, program: str, school: str) -> dict[str, pd.DataFrame]:
    """One occupation in shortage, to train for and to consider a program for; one program to expand at one of two
    schools and offered by both."""
    rules = parse(RULES.read_text(encoding="utf-8"), RULES.name)
    demand = {
        "year": 2024, "occupation_code": "1", "occupation_name": occupation, "vacancies": 100.0, "job_seekers": 20.0,
        "openings_to_seekers": 5.0, "openings_to_seekers_year_before": None, "projected_openings": 80.0,
        "forecast_year": 2027, "forecast_low": 60.0, "forecast_mid": 70.25, "forecast_high": 80.0, "graduates": 30.0,
        "vacancies_unfilled": 70.0, "projected_unfilled": 50.0, "entrants": 33.0, "offered_programs": 1,
        "program_points": 2.0,
    }  # fmt: skip
    listed = demand | {
        "grade": "A", "valid_until": 2026, "signals_met": 4, "signals_known": 4, "priority_lists": ["健康"],
        "met": list(SIGNALS[:4]),
    }  # fmt: skip
    training = demand | {"persons_to_train": 50.0, "grade": "A", "valid_until": 2026, "programs": [program],
                         "schools": [school, "B"]}  # fmt: skip
    growing = {
        "year": 2024, "program_code": "000001", "program_name": program, "graduates": 30.0, "allotted_openings": 100.0,
        "providers": 2,
        "supply_demand_ratio": 0.3, "intake_rate": 0.9, "matched_rate": 0.8, "occupations": [occupation],
        "grades": ["A"], "vacancies_unfilled": 70.0, "projected_unfilled": 50.0,
    }  # fmt: skip
    new = listed | {"program_code": "000009", "program_name": program, "category": None, "class": None, "weight": 1.0}
    shared = {
        "year": 2024, "program_code": "000001", "program_name": program, "is_duplicate": True, "providers": 2,
        "provider_share": 1.0, "supply_demand_ratio": 2.0, "program_graduates": 300.0, "allotted_openings": 150.0,
        "planned": 160, "registered": 155, "matched_rate": 0.7,
    }  # fmt: skip
    points = [("A-1", "A", school, "suspend", False), ("B-1", "B", "B", "normal", True)]
    return {
        "marts.skill_supply_demand": pd.DataFrame([demand]),
        "marts.shortage_signal": pd.DataFrame(
            [(2024, "1", signal, None if signal == "years_in_a_row" else 0.5) for signal in SIGNALS],
            columns=["year", "occupation_code", "signal", "value"],
        ),
        "marts.shortage_occupation": pd.DataFrame([listed]),
        "marts.training_occupation": pd.DataFrame([training]),
        "marts.program_to_expand": pd.DataFrame([growing]),
        "marts.program_to_consider": pd.DataFrame([new]),
        "marts.duplicate_supplier": pd.DataFrame(
            [
                shared | {"school_id": one, "school_name": name, "graduates": 150.0, "share_of_graduates": 0.5}
                for one, name in (("A", school), ("B", "B"))
            ]
        ),
        "decisions.expansion_point": pd.DataFrame(
            [(unit, one, name, "000001", program, state, may) for unit, one, name, state, may in points],
            columns=["unit", "school_id", "school_name", "program_code", "program_name", "state", "may_expand"],
        ),
        "core.english_name": pd.DataFrame([("occupation", "1", "Carer")], columns=["kind", "code", "name_en"]),
        "core.catalogue_definition": definitions(rules),
        "core.shortage_grade": grades(rules),
    }
