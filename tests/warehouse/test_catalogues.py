"""The yearly catalogues: which occupations and programs are listed, on which evidence."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from models.catalogues import grades, lines, parse
from models.rulebook import parse as parse_rulebook
from models.yaml_text import FaultyText
from pipelines.decisions import decide_round
from tests.warehouse.accepted import CODES, SCHOOLS, cohort, warehouse

SHIPPED = Path(__file__).parents[2] / "models" / "catalogues.yaml"
TEXT = SHIPPED.read_text(encoding="utf-8")


def market(year: int, code: str, vacancies: int, seekers: int) -> dict[str, Any]:
    return {
        "region": "R", "period": str(year), "occupation_code": code, "occupation_name": f"job {code}",
        "vacancies": vacancies, "job_seekers": seekers,
    }  # fmt: skip


def link(program: str, occupation: str, weight: str = "1") -> dict[str, Any]:
    return {
        "relation": "program_occupation", "from_code": program, "to_code": occupation, "weight": weight, "version": "1"
    }  # fmt: skip


def intake(school: str, program: str, year: int, registered: int, planned: int) -> dict[str, Any]:
    return {"school_id": school, "program_code": program, "year": year, "registered": registered, "planned": planned}


def projection(code: str, openings: int) -> dict[str, Any]:
    return {
        "region": "R", "base_year": 2022, "target_year": 2030, "classification": "c", "occupation_code": code,
        "occupation_name": f"job {code}", "annual_openings": openings,
    }  # fmt: skip


def listed(
    found: duckdb.DuckDBPyConnection, columns: str = "occupation_code, grade, signals_met, signals_known"
) -> Any:
    return found.sql(
        f"select {columns} from marts.shortage_occupation where year = 2024 order by occupation_code"
    ).fetchall()


def test_an_occupation_is_listed_when_most_known_signals_point_to_a_shortage() -> None:
    # All that is known of the market points there; projections and forecast are not known.
    found = warehouse(
        school=SCHOOLS, program_catalogue=CODES, crosswalk=[link("710201", "X")], outcome=[cohort("710201", 2024, 40)],
        labour_market=[market(2023, "X", 100, 50), market(2024, "X", 120, 60), market(2023, "Y", 90, 300),
                       market(2024, "Y", 90, 300)],
    )  # fmt: skip
    assert listed(found) == [("X", "B", 3, 3)]
    assert listed(found, "missing, valid_until") == [(["unfilled_forecast", "unfilled_projection"], 2025)]


def test_a_missing_signal_lowers_the_grade_and_does_not_hide_the_occupation() -> None:
    whole = [market(2023, "X", 100, 50), market(2024, "X", 100, 50)]
    known = warehouse(
        school=SCHOOLS, program_catalogue=CODES, labour_market=whole, occupation_projection=[projection("X", 90)],
        outcome=[cohort("710201", 2024, 40)],
    )  # fmt: skip
    assert listed(known) == [("X", "A", 4, 4)]
    without_projection = warehouse(school=SCHOOLS, program_catalogue=CODES, labour_market=whole)
    assert listed(without_projection) == [("X", "B", 3, 3)]
    one_year = warehouse(school=SCHOOLS, program_catalogue=CODES, labour_market=whole[1:])
    assert listed(one_year) == [("X", "C", 2, 2)]
    projected_only = warehouse(
        school=SCHOOLS, program_catalogue=CODES, occupation_projection=[projection("X", 90)],
        outcome=[cohort("710201", 2024, 40)],
    )  # fmt: skip
    assert listed(projected_only) == [("X", "D", 1, 1)]


def test_an_occupation_with_more_seekers_than_openings_is_never_in_shortage() -> None:
    found = warehouse(
        school=SCHOOLS, program_catalogue=CODES, outcome=[cohort("710201", 2024, 40)],
        labour_market=[market(2024, "X", 100, 101)], occupation_projection=[projection("X", 200)],
    )  # fmt: skip
    assert listed(found) == []


def test_a_year_without_data_ends_a_run_of_years_at_the_ratio() -> None:
    rows = [market(year, "X", 100, 50) for year in (2021, 2022, 2024)]
    found = warehouse(labour_market=rows, school=SCHOOLS, program_catalogue=CODES)
    signals = found.sql(
        "select year, value, points_to_shortage from marts.shortage_signal"
        " where signal = 'years_in_a_row' and occupation_code = 'X' order by year"
    ).fetchall()
    assert signals == [(2021, None, None), (2022, 2.0, True), (2024, None, None)]


def test_signals_stand_in_their_own_columns_and_are_never_added_up() -> None:
    found = warehouse(
        school=SCHOOLS, program_catalogue=CODES, crosswalk=[link("710201", "X")],
        outcome=[cohort("710201", 2024, 40)], labour_market=[market(2024, "X", 100, 50)],
        occupation_projection=[projection("X", 70)], enrollment=[intake("A", "710201", 2024, 45, 50)],
    )  # fmt: skip
    row = found.sql(
        "select vacancies, job_seekers, openings_to_seekers, projected_openings, forecast_mid, graduates,"
        " vacancies_unfilled, projected_unfilled, entrants, offered_programs"
        " from marts.skill_supply_demand where year = 2024"
    ).fetchall()
    assert row == [(100, 50, 2.0, 70, None, 40, 60, 30, 45, 1)]


def test_people_are_trained_where_seekers_and_graduates_together_are_too_few() -> None:
    found = warehouse(
        school=SCHOOLS, program_catalogue=CODES, crosswalk=[link("710201", "X")],
        outcome=[cohort("710201", 2024, 40)], enrollment=[intake("A", "710201", 2024, 45, 50)],
        labour_market=[market(2024, "X", 110, 50), market(2024, "Y", 69, 50)],
    )  # fmt: skip
    rows = found.sql(
        "select occupation_code, persons_to_train, programs, schools from marts.training_occupation"
    ).fetchall()
    assert rows == [("X", 20, ["new"], ["A"])]


def program_rows(table: str, **more: list[dict[str, Any]]) -> Any:
    given = {
        "school": SCHOOLS, "program_catalogue": CODES, "crosswalk": [link("710201", "X"), link("710202", "Y")],
        "labour_market": [market(year, "X", 100, 50) for year in (2023, 2024)]
        + [market(year, "Y", 100, 40) for year in (2023, 2024)],
        "outcome": [cohort("710201", 2024, 40, matched=30)], "enrollment": [intake("A", "710201", 2024, 45, 50)],
    }  # fmt: skip
    return warehouse(**{**given, **more}).sql(f"from {table} where year = 2024").df()


def test_a_program_is_to_expand_when_it_leads_to_a_shortage_fills_its_seats_and_places_its_graduates() -> None:
    rows = program_rows("marts.program_to_expand")
    assert rows["program_code"].tolist() == ["710201"]
    assert rows["occupations"].map(list).tolist() == [["job X"]]
    assert program_rows("marts.program_to_expand", enrollment=[intake("A", "710201", 2024, 20, 50)]).empty
    assert program_rows("marts.program_to_expand", outcome=[cohort("710201", 2024, 40, matched=19)]).empty
    assert program_rows("marts.program_to_expand", outcome=[cohort("710201", 2024, 90, matched=80)]).empty


def test_a_new_program_is_considered_for_a_shortage_that_nobody_feeds_with_the_programs_that_would() -> None:
    rows = program_rows("marts.program_to_consider")
    assert rows[["occupation_code", "program_code", "program_name"]].values.tolist() == [["Y", "710202", "other"]]
    offered = program_rows("marts.program_to_consider", enrollment=[intake("A", "710202", 2024, 45, 50)])
    assert offered.empty, "a program that takes in students feeds the occupation before its first graduates"
    unknown = program_rows("marts.program_to_consider", crosswalk=[link("710201", "X")])
    assert unknown["occupation_code"].tolist() == ["Y"]
    assert unknown["program_code"].isna().all(), "an occupation stays listed when no program is known to lead to it"


def test_a_duplicate_needs_both_many_suppliers_and_over_supply() -> None:
    both = [cohort("710201", 2024, 40), {**cohort("710201", 2024, 40), "school_id": "B"}]
    short = {"labour_market": [market(2024, "X", 50, 50)], "outcome": both}
    rows = program_rows("marts.duplicate_program", **short)
    assert rows[["providers", "provider_share", "supply_demand_ratio", "is_duplicate"]].values.tolist() == [
        [2, 1.0, 1.6, True]
    ]
    plenty = {"labour_market": [market(2024, "X", 90, 50)], "outcome": both}
    assert program_rows("marts.duplicate_program", **plenty)["is_duplicate"].tolist() == [False]
    alone = {"labour_market": [market(2024, "X", 20, 50)], "outcome": both[:1], "enrollment": []}
    assert program_rows("marts.duplicate_program", **alone)["is_duplicate"].tolist() == [False]
    suppliers = program_rows("marts.duplicate_supplier", **short)
    assert suppliers["graduates"].sum() == suppliers["program_graduates"].max() == 80
    assert suppliers["share_of_graduates"].sum() == pytest.approx(1)


def test_a_program_is_one_for_a_shortage_occupation_while_an_entry_on_firm_evidence_holds() -> None:
    found = warehouse(
        school=SCHOOLS, program_catalogue=CODES, outcome=[cohort("710201", year, 40) for year in (2023, 2024)],
        crosswalk=[link("710201", "X", "0.5"), link("710201", "Y", "0.5"), link("710202", "X", "0.4")],
        # Two years of three openings for two seekers: grade B in 2023, which holds for a year; more seekers in 2024.
        labour_market=[market(2022, "X", 100, 50), market(2023, "X", 100, 50), market(2024, "X", 100, 200)],
    )  # fmt: skip
    grades_of = found.sql("select year, grade, valid_until from marts.shortage_occupation order by year").fetchall()
    assert (2023, "B", 2024) in grades_of
    assert not [year for year, *_ in grades_of if year == 2024]
    rows = found.sql("from marts.shortage_program where year >= 2023 order by year").fetchall()
    assert rows == [(2023, "710201", 2024, ["job X"]), (2024, "710201", 2024, ["job X"])]


@pytest.mark.parametrize(("seekers", "states"), [(50, ["normal", "normal"]), (300, ["normal", "reduce"])])
def test_the_default_rule_book_does_not_judge_programs_for_shortage_occupations_by_supply(
    seekers: int, states: list[str]
) -> None:
    # 90 graduates on 50 openings two years running; only where openings outnumber seekers is the occupation short.
    book = parse_rulebook((SHIPPED.parent / "rulebooks" / "kaizhou.yaml").read_text(encoding="utf-8"), "kaizhou")
    found = warehouse(
        school=SCHOOLS, program_catalogue=CODES, crosswalk=[link("710201", "X")],
        labour_market=[market(year, "X", 50, seekers // 2) for year in (2022, 2023, 2024)],
        occupation_projection=[projection("X", 200)],
        outcome=[cohort("710201", year, 90, matched=80) for year in (2023, 2024)],
        enrollment=[{**intake("A", "710201", year, 90, 90), "classes": 2} for year in (2019, 2023, 2024)],
    )  # fmt: skip
    verdicts = decide_round(found, book, 2024).verdicts.query("round >= 2023")
    assert verdicts["state"].tolist() == states
    assert verdicts["exempt"].notna().tolist() == [seekers == 50] * 2


def test_the_lines_of_duplicates_are_those_of_the_rule_book() -> None:
    book = yaml.safe_load((SHIPPED.parent / "rulebooks" / "kaizhou.yaml").read_text(encoding="utf-8"))
    rule = next(rule for rule in book["rules"] if rule["id"] == "duplicate_over_supplied")
    limits = {part["indicator"]: part.get("above", part.get("at_least")) for part in rule["when"]["all_of"]}
    own = lines(parse(TEXT, SHIPPED.name)).iloc[0]
    assert {name: own[f"duplicate_{name}"] for name in limits} == limits


def test_every_line_has_its_reason_in_both_languages() -> None:
    def check(node: object, path: str = "") -> int:
        if not isinstance(node, dict):
            return sum(check(part, path) for part in node) if isinstance(node, list) else 0
        if "value" in node or "grade" in node:
            assert node["reason"]["zh"], path
            assert node["reason"]["en"], path
            return 1
        return sum(check(part, f"{path}.{name}") for name, part in node.items())

    assert check(yaml.safe_load(TEXT)) > 15
    assert grades(parse(TEXT, SHIPPED.name))["expands"].tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("value: 1.5", "value: -1", "openings_to_seekers.value"),
        ("grade: D", "grade: C", "'C' stands twice"),
        ("listed_above:", "listed_over:", "listed_over"),
    ],
)
def test_rules_that_cannot_be_meant_are_refused_with_their_line(old: str, new: str, message: str) -> None:
    with pytest.raises(FaultyText, match=message) as caught:
        parse(TEXT.replace(old, new, 1), "wrong.yaml")
    assert "wrong.yaml, line " in str(caught.value)
