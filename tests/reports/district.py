"""A tiny district with hostile names, decided by the real mechanism, as the frames that documents are built from."""

from pathlib import Path

import pandas as pd

from models.fragility import fragility
from models.mechanism import decide
from models.rulebook import parse
from reports.round_tables import RoundTables
from tests.reports.catalogues import catalogue_frames
from tests.reports.forecasts import forecast_frames

BOOK = Path(__file__).parents[2] / "models" / "rulebooks" / "kaizhou.yaml"
SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://example.invalid","x")'
ENDING = "</script><b>'\"&"


def tables() -> RoundTables:
    """Two schools, three programs; one suspended, one small cohort with a notice, one fine."""
    counts = {
        "A-1": {2022: (18, 45), 2023: (17, 45), 2024: (16, 45)},
        "A-2": {2023: (4, 12), 2024: (2, 9)},
        "B-1": {2022: (44, 48), 2023: (45, 48), 2024: (46, 48)},
    }
    rows = [
        (unit, year, "direct_employment_rate", k, n) for unit, years in counts.items() for year, (k, n) in years.items()
    ]
    indicators = pd.DataFrame(rows, columns=["unit", "year", "indicator", "numerator", "denominator"])
    book = parse(BOOK.read_text(encoding="utf-8"), BOOK.name)
    decided = decide(indicators, book)
    units = pd.DataFrame(
        {
            "unit": ["A-1", "A-2", "B-1"],
            "school_id": ["A", "A", "B"],
            "school_name": [SCRIPT, SCRIPT, "B"],
            "program_code": ["000001", "000002", "000001"],
            "program_name": [FORMULA, ENDING, FORMULA],
            "category": [ENDING, "财经商贸大类", ENDING],
        }
    )
    shares = pd.DataFrame(
        [(2024, "sector", code, name, basis, amount, amount / 10) for basis in ("graduates", "employed_persons")
         for code, name, amount in (("1", ENDING, 4.0), ("2", "第二产业", 6.0))],
        columns=["year", "class_system", "class_code", "class_name", "basis", "amount", "share"],
    )  # fmt: skip
    balance = pd.DataFrame(
        {
            "year": [2024, 2024], "basis": ["vacancies"] * 2, "program_code": ["000001", "000002"],
            "program_name": [FORMULA, ENDING],
            "providers": [2, 1], "graduates": [300.0, 50.0], "allotted_openings": [150.0, 100.0],
            "supply_demand_ratio": [2.0, 0.5], "reachable_openings": [150.0, 100.0], "simple_ratio": [2.0, 0.5],
            "matched": [150.0, 50.0], "surplus": [150.0, 0.0],
        }
    )  # fmt: skip
    source = pd.DataFrame(
        [
            (
                "A-1",
                "direct_employment_rate",
                2024,
                "学校.xlsx",
                "2024届",
                "F7",
                "employed",
                "单位就业",
                "Employed",
                "１６",
            )
        ],
        columns=[
            "unit",
            "indicator",
            "year",
            "file",
            "sheet",
            "cell",
            "column_name",
            "column_zh",
            "column_en",
            "found",
        ],
    )
    occupations = pd.DataFrame(
        {"year": [2024], "basis": ["vacancies"], "occupation_code": ["1"], "occupation_name": [SCRIPT],
         "openings": [100.0], "vacancies": [100.0], "job_seekers": [10.0], "openings_to_seekers": [10.0],
         "graduates": [0.0], "feeding_programs": [1], "filled": [0.0], "shortage": [100.0]}
    )  # fmt: skip
    enrollment = pd.DataFrame(
        [(school, program, year, 50, 48, 45, 130, 1)
         for school, program in (("A", "000001"), ("A", "000002"), ("B", "000001")) for year in (2023, 2024)],
        columns=["school_id", "program_code", "year", "planned", "admitted", "registered", "in_school", "classes"],
    )  # fmt: skip
    inputs = pd.DataFrame(
        [("labour_market", "1", 2024, "2024Q4", "vacancies", ENDING, SCRIPT, "E3", "需求人数", "Vacancies"),
         ("crosswalk", "000001", None, None, "weight", ENDING, "", "D2", "权重", "Weight")],
        columns=["contract", "code", "year", "period", "column_name", "file", "sheet", "cell", "column_zh",
                 "column_en"],
    )  # fmt: skip
    files = pd.DataFrame(
        [(ENDING, "outcome", 7, 1, "2022", "2024", "2024-12-31", "f" * 64, "毕业生就业", "Outcomes")],
        columns=["file", "contract", "accepted", "quarantined", "first_period", "last_period", "dated_on",
                 "file_digest", "contract_zh", "contract_en"],
    )  # fmt: skip
    links = pd.DataFrame(
        [("program_occupation", "000001", "1", 1.0), ("program_occupation", "000002", "1", 1.0),
         ("occupation_industry", "1", "C", 1.0)],
        columns=["relation", "from_code", "to_code", "weight"],
    )  # fmt: skip
    frames = {
        "marts.unit": units,
        "marts.program_industry": pd.DataFrame(columns=["program_code", "industry_code", "weight"]),
        "marts.input_source": inputs,
        "marts.source_file": files,
        "core.enrollment": enrollment,
        "core.industry_class": pd.DataFrame(
            [("C", ENDING, "section", "2", None)],
            columns=["industry_code", "name", "level", "sector_code", "section_code"],
        ),
        "core.crosswalk": links,
        "core.ruling": pd.DataFrame(
            [("A-1", 2023, "确认", SCRIPT, "2024-02-01")], columns=["unit", "round", "ruling", "document", "ruled_on"]
        ),
        "core.objection": pd.DataFrame(columns=["unit", "round", "received_on", "grounds", "document"]),
        "core.exemption": pd.DataFrame(
            [("B-1", None, 2023, 2025, SCRIPT)], columns=["unit", "rule", "from", "to", "document"]
        ),
        "marts.indicator": indicators.assign(value=indicators["numerator"] / indicators["denominator"]),
        "marts.indicator_source": source,
        "marts.supply_share": shares[shares["basis"] == "graduates"],
        "marts.industry_share": shares[shares["basis"] != "graduates"].assign(region="R"),
        "marts.match_index": pd.DataFrame(
            [(2024, "sector", "graduates", "employed_persons", "duncan", None, None, 0.25)],
            columns=[
                "year",
                "class_system",
                "supply_basis",
                "industry_basis",
                "index",
                "class_code",
                "class_name",
                "value",
            ],
        ),
        "marts.class_member": pd.DataFrame(
            [("priority_list", "健康", "健康", "Health")],
            columns=["class_system", "class_code", "class_name", "class_name_en"],
        ).assign(industry_code="C"),
        "marts.openings_to_seekers": pd.DataFrame(
            {
                "region": ["R"] * 2,
                "period": ["2024Q4"] * 2,
                "grouping": ["total", "skill_level"],
                "group_code": ["total", SCRIPT],
                "vacancies": [120.0, 30.0],
                "job_seekers": [80.0, None],
                "counted_vacancies": [120.0, None],
                "counted_job_seekers": [80.0, None],
                "openings_to_seekers": [1.5, None],
                "openings_to_seekers_quarter_before": [1.669, None],
                "openings_to_seekers_year_before": [None, None],
                "openings_to_seekers_change_quarter": [-0.101, None],
                "openings_to_seekers_change_year": [None, None],
                "missing_periods": ["2023Q4", ""],
                "rule": ["proportional"] * 2,
            }
        ),
        "marts.data_quality": pd.DataFrame(
            [
                (
                    "weights_not_one",
                    "program",
                    FORMULA,
                    SCRIPT,
                    2024,
                    "0.9",
                    "graduates",
                    40.0,
                    "persons",
                    False,
                    "权重",
                    "weights",
                ),
                (
                    "industry_series_gap",
                    "industry",
                    "K",
                    None,
                    2025,
                    None,
                    "employed_persons",
                    1.0,
                    "persons",
                    False,
                    "后",
                    "later",
                ),
            ],
            columns=[
                "kind",
                "subject_kind",
                "subject",
                "subject_name",
                "year",
                "detail",
                "basis",
                "amount",
                "unit",
                "used",
                "text_zh",
                "text_en",
            ],
        ),
        "marts.allotment": pd.DataFrame(
            [(2024, "vacancies", "000001", "1", 300.0), (2024, "vacancies", "000002", "2", 50.0)],
            columns=["year", "basis", "program_code", "occupation_code", "preferred"],
        ),
        "marts.program_balance": balance,
        "marts.occupation_balance": occupations,
        "marts.surplus_witness": pd.DataFrame(
            [(2024, "vacancies", 1, 1, 300.0, 150.0, 150.0, [FORMULA], [SCRIPT])],
            columns=[
                "year",
                "basis",
                "witness",
                "bottleneck",
                "graduates",
                "openings",
                "surplus",
                "program_names",
                "occupation_names",
            ],
        ),
        "marts.duplicate_program": balance.assign(
            schools_in_region=2, provider_share=[1.0, 0.5], is_duplicate=[True, False]
        ).drop(columns=["graduates", "allotted_openings", "reachable_openings"]),
        "marts.unfed_occupation": occupations.drop(columns=["graduates", "shortage"]),
        **forecast_frames(ENDING, SCRIPT),
        **catalogue_frames(SCRIPT, FORMULA, ENDING),
        "decisions.verdict": decided.verdicts,
        "decisions.evidence": decided.evidence,
        "decisions.fragility": fragility(decided, 2024),
        "ledger.standing": pd.DataFrame(
            columns=["unit", "stage", "state", "recorded_on", "superseded_state", "superseded_on", "reason"]
        ),
        "landed.account": pd.DataFrame(
            [(ENDING, "", "outcome", 10, 7, 1, 1, 1)],
            columns=["file", "sheet", "contract", "landed", "accepted", "quarantined", "superseded", "non_data"],
        ),
        "landed.file": pd.DataFrame(),
        "quarantine.finding": pd.DataFrame(
            [(ENDING, "", "C3", "refuse", SCRIPT, "不是数字", "not a number")],
            columns=["file", "sheet", "cell", "severity", "found", "message_zh", "message_en"],
        ),
        "checks.expectation": pd.DataFrame({"stage": ["received", "accepted"], "success": [False, True]}),
    }
    return RoundTables(2024, "某区（虚构）", book, "r" * 64, "i" * 64, frames)
