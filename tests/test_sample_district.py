"""The sample district: fictional, reproducible, and with every situation that the mechanism has to tell apart."""

import csv
from pathlib import Path

import duckdb
import pytest

from models.rulebook import parse
from pipelines.decisions import read_inputs
from pipelines.sample_district import SITUATIONS, UNFED_OCCUPATIONS, write
from pipelines.sample_district.cohorts import draw
from pipelines.sample_district.situations import SPECIAL_PROGRAMS
from tests.district import DistrictRun
from tests.mechanism.reference_ladder import Mechanism

ROOT = Path(__file__).parents[1]
SECTIONS = ROOT / "pipelines" / "reference" / "gbt4754_2017.csv"
SHARED = ROOT.parent / "shared" / "data" / "reference" / "gbt4754_2017.csv"
DESTINATIONS = ("employed", "self_employed", "flexible", "further_study", "enlisted", "unemployed", "unknown")


def test_the_generator_gives_the_committed_files_byte_for_byte(tmp_path: Path) -> None:
    write(tmp_path)
    made = {file.relative_to(tmp_path): file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    raw = ROOT / "data" / "raw"
    committed = {file.relative_to(raw): file.read_bytes() for file in raw.rglob("*") if file.is_file()}
    assert made == committed


def test_destinations_add_up_to_the_graduates_in_every_cohort() -> None:
    for row in draw(2024).outcome:
        assert sum(int(str(row[name])) for name in DESTINATIONS) == row["graduates"]


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name_en)
def test_each_situation_ends_in_the_state_that_the_handbook_names(situation, sample_run: DistrictRun) -> None:
    with duckdb.connect(str(sample_run.warehouse), read_only=True) as connection:
        states = connection.execute(
            "select state from decisions.verdict where unit = ? and round = 2024",
            [f"{situation.school_id}-{situation.program_code}"],
        ).fetchall()
    assert states == [(situation.state,)]


def test_a_slow_second_telling_of_the_rules_comes_to_every_verdict_of_the_district(sample_run: DistrictRun) -> None:
    rulebook = parse((ROOT / "models" / "rulebooks" / "kaizhou.yaml").read_text(encoding="utf-8"), "kaizhou.yaml")
    with duckdb.connect(str(sample_run.warehouse), read_only=True) as connection:
        frames = {name: table.to_pandas().astype(object) for name, table in read_inputs(connection, 2024).items()}
        stored = connection.sql("select unit, round, state from decisions.verdict where as_of_round = 2024").fetchall()
    told = Mechanism(frames.pop("indicators"), rulebook, **frames, last_round=2024).verdicts()
    assert {(unit, year, verdict.state) for (unit, year), verdict in told.items()} == set(stored)


def test_the_situations_are_in_the_handbook_in_both_languages() -> None:
    for name, field in (("sample-district.md", "name_en"), ("sample-district.zh-CN.md", "name_zh")):
        page = (ROOT / "handbook" / name).read_text(encoding="utf-8")
        for situation in SITUATIONS:
            line = next(line for line in page.splitlines() if getattr(situation, field) in line)
            assert situation.school_id in line
            assert situation.program_code in line


def test_nobody_trains_for_the_two_named_shortage_occupations(sample_run: DistrictRun) -> None:
    with duckdb.connect(str(sample_run.warehouse), read_only=True) as connection:
        unfed = connection.sql("select occupation_code from marts.unfed_occupation where year = 2024").fetchall()
    assert set(UNFED_OCCUPATIONS) <= {code for (code,) in unfed}


def test_a_run_across_the_change_of_code_is_one_unit(sample_run: DistrictRun) -> None:
    with duckdb.connect(str(sample_run.warehouse), read_only=True) as connection:
        codes = connection.sql("select reported_codes from marts.unit where unit = 'KZ02-740201'").fetchall()
    assert codes == [(["130700", "740201"],)]


@pytest.mark.skipif(not SHARED.exists(), reason="the reference data beside the repository are absent")
def test_codes_and_names_of_the_industry_classification_are_the_published_ones() -> None:
    with SHARED.open(encoding="utf-8-sig") as file:
        published = {
            row["division"] or row["section"]: row["name"] for row in csv.DictReader(file) if row["level"] in {"1", "2"}
        }
    with SECTIONS.open(encoding="utf-8") as file:
        ours = {row["行业代码"]: row["行业名称"] for row in csv.DictReader(file) if row["层级"] != "sector"}
    assert ours == published
    assert len(ours) == 117


def test_support_divisions_count_to_the_tertiary_sector() -> None:
    # 三次产业划分规定 (2018): 05, 11 and 43 are services although their sections are not.
    with SECTIONS.open(encoding="utf-8") as file:
        sector = {row["行业代码"]: row["三次产业"] for row in csv.DictReader(file)}
    assert {sector[code] for code in ("05", "11", "43")} == {"3"}
    assert (sector["A"], sector["C"], sector["F"]) == ("1", "2", "3")


def test_a_special_program_is_exempt_while_it_is_on_the_list(sample_run: DistrictRun) -> None:
    with duckdb.connect(str(sample_run.warehouse), read_only=True) as connection:
        verdicts = connection.sql(
            "select round, state, exempt from decisions.verdict where unit = 'KZ03-610301' and round >= 2022"
            " order by round"
        ).fetchall()
        years = connection.sql("select round, kind, document from core.special_program order by round").fetchall()
    assert verdicts == [
        (2022, "normal", None), (2023, "normal", "special_program"), (2024, "normal", "special_program"),
    ]  # fmt: skip
    ((code, kind, first, last, document, _),) = SPECIAL_PROGRAMS
    assert code == "610301"
    assert years == [(year, kind, document) for year in range(first, last + 1)]
