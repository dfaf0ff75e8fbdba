"""Singapore's published files through the profiles kept here, against an independent reading with pandas.

The files are not part of the project: they are looked for beside the repository and the tests skip where they are not.
"""

import re
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipelines import ingest
from pipelines.contracts import contracts

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "singapore"
PROFILES = Path(__file__).parent / "profiles"
SURVEY = "GraduateEmploymentSurvey.csv"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"Singapore's files are not at {DATA}")


@pytest.fixture(scope="module")
def singapore() -> duckdb.DuckDBPyConnection:
    """The files ingested through the profiles."""
    connection = duckdb.connect()
    ingest.land(connection, DATA, PROFILES)
    for contract in contracts().values():
        ingest.accept(connection, contract)
    ingest.account(connection)
    return connection


def degree(text: str) -> str:
    """A degree's name without footnote marks, line breaks and variants of spelling, by Python alone."""
    name = " ".join(text.split()).replace("&", " and ")
    name = re.sub(r"[\s*#^]+$", "", name)
    name = re.sub(r"(?<=[a-z])\d$", "", name)
    name = re.sub(r"\s*\(4-years? programme\)", "", name).replace("(Cum Laude and above)", "Cum Laude and above")
    for word in ("and", "with", "of"):
        name = re.sub(rf"\b{word.title()}\b", word, name)
    return " ".join(name.replace(")(", ") (").split())


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    """One row per line of the survey: university, degree, year, rate (full-time permanent, a fraction or NaN)."""
    rows = pd.read_csv(DATA / SURVEY, dtype=str, keep_default_na=False)
    rate = pd.to_numeric(rows["employment_rate_ft_perm"].str.rstrip("%"), errors="coerce") / 100
    return pd.DataFrame(
        {
            "university": rows["university"],
            "degree": rows["degree"].map(degree),
            "year": rows["year"].astype(int),
            "rate": rate.round(6),
        }
    )


def test_every_row_is_accounted_for(singapore):
    account = {
        (file, contract): counts
        for file, contract, *counts in singapore.sql(
            "select file, contract, landed, accepted, quarantined, non_data from landed.account"
        ).fetchall()
    }
    assert all(landed == sum(others) for landed, *others in account.values())
    courses = "IntakeEnrolmentandGraduatesofUniversitiesbyCourse.csv"
    industries = "Industry and Occupation.csv"
    assert account == {
        (SURVEY, "outcome"): [1402, 1394, 7, 1],
        (SURVEY, "program_catalogue"): [1402, 251, 0, 1151],
        (SURVEY, "school"): [1402, 6, 0, 1396],
        (courses, "outcome"): [571, 285, 0, 286],
        (courses, "enrollment"): [571, 285, 0, 286],
        (courses, "program_catalogue"): [571, 16, 0, 555],
        (industries, "industry"): [4251, 375, 0, 3876],
        (industries, "industry_class"): [4251, 15, 0, 4236],
        ("profiles/crosswalk.csv", "crosswalk"): [38, 37, 0, 1],
        ("profiles/program_lineage.csv", "program_lineage"): [75, 74, 0, 1],
        ("profiles/school.csv", "school"): [2, 1, 0, 1],
    }


def test_the_survey_reads_as_pandas_reads_it(singapore, survey):
    ambiguous = survey.duplicated(["university", "degree", "year"], keep=False)
    wanted = survey[~ambiguous].sort_values(["university", "degree", "year"]).reset_index(drop=True)
    accepted = singapore.sql(
        "select school_id as university, program_code as degree, cohort_year as year,"
        " published_full_time_permanent_rate::double as rate from accepted.outcome"
        f" where file = '{SURVEY}' order by all"
    ).df()
    accepted = accepted.sort_values(["university", "degree", "year"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(accepted.astype({"year": "int64"}), wanted, check_dtype=False)
    assert wanted["rate"].isna().sum() == 99  # na and N.A. are missing, not zero


def test_rows_of_2023_that_name_no_degree_are_quarantined(singapore, survey):
    refused = singapore.sql(
        "select row.row_number, cells->>'program_code', rule from quarantine.row join quarantine.finding using (row_id)"
    ).fetchall()
    ambiguous = survey[survey.duplicated(["university", "degree", "year"], keep=False)]
    assert sorted(refused) == [(row + 2, "Cum Laude and above", "conflicting_rows") for row in ambiguous.index]
    assert len(refused) == 7


def below_in_two_consecutive_years(rows: pd.DataFrame) -> set[tuple[str, str]]:
    """(university, degree) with a rate under 80 % in a year and in the year after it."""
    below = rows[rows["rate"] < 0.8]
    pairs = below.merge(below.assign(year=below["year"] + 1), on=["university", "degree", "year"])
    return set(pairs[["university", "degree"]].itertuples(index=False, name=None))


LISTED = """
with named as (
    select school_id, coalesce(b.new_code, a.new_code, program_code) as program_code, cohort_year as year,
        published_full_time_permanent_rate as rate
    from accepted.outcome
    left join accepted.program_lineage as a on a.old_code = program_code and ?
    left join accepted.program_lineage as b on b.old_code = a.new_code
), below as (from named where rate < 0.8)
select distinct a.school_id, a.program_code
from below as a join below as b on (a.school_id, a.program_code, a.year) = (b.school_id, b.program_code, b.year - 1)
"""


@pytest.mark.parametrize(
    ("renames_followed", "series", "series_with_a_rate", "listed"), [(False, 253, 230, 68), (True, 180, 166, 68)]
)
def test_series_and_degrees_below_the_line_in_two_consecutive_years(
    singapore, survey, renames_followed, series, series_with_a_rate, listed
):
    rows = survey.copy()
    if renames_followed:
        lineage = pd.read_csv(PROFILES / "program_lineage.csv", dtype=str)
        renamed = dict(zip(lineage["old_code"], lineage["new_code"], strict=True))
        rows["degree"] = rows["degree"].replace(renamed).replace(renamed)  # no name changes more than twice
    rows = rows[~rows.duplicated(["university", "degree", "year"], keep=False)]
    expected = below_in_two_consecutive_years(rows)
    assert set(singapore.execute(LISTED, [renames_followed]).fetchall()) == expected
    assert len(expected) == listed
    assert len(rows[["university", "degree"]].drop_duplicates()) == series
    assert len(rows.dropna(subset="rate")[["university", "degree"]].drop_duplicates()) == series_with_a_rate


def test_renamed_degrees_never_share_a_year_with_their_successor(singapore):
    assert (
        singapore.sql(
            "with named as (select school_id, cohort_year, program_code,"
            " coalesce(b.new_code, a.new_code, program_code) as current from accepted.outcome"
            " left join accepted.program_lineage as a on a.old_code = program_code"
            " left join accepted.program_lineage as b on b.old_code = a.new_code)"
            " select school_id, cohort_year, current from named group by all having count(*) > 1"
        ).fetchall()
        == []
    )
    unknown = singapore.sql(
        "select old_code from accepted.program_lineage where old_code not in"
        " (select program_code from accepted.program_catalogue) or new_code not in"
        " (select program_code from accepted.program_catalogue)"
    ).fetchall()
    assert unknown == []


def test_industries_add_up_to_the_published_total(singapore):
    raw = pd.read_csv(DATA / "Industry and Occupation.csv")
    totals = raw[raw["occupation"].str.startswith("All Occ") & (raw["industry"] == "All Industries")]
    published = dict(zip(totals["year"], totals["employment"] * 1000, strict=True))
    found = singapore.sql("select year, sum(employed_persons) from accepted.industry group by year").fetchall()
    assert len(found) == len(published) == 25
    for year, persons in found:
        assert persons == pytest.approx(published[year], abs=600), year  # each industry is rounded to hundreds


def test_courses_carry_intake_enrolment_and_graduates_of_both_sexes(singapore):
    raw = pd.read_csv(DATA / "IntakeEnrolmentandGraduatesofUniversitiesbyCourse.csv", thousands=",")
    both = raw[raw["sex"] == "MF"]
    (sums,) = singapore.sql("select sum(registered), sum(in_school) from accepted.enrollment").fetchall()
    (graduates,) = singapore.sql("select sum(graduates) from accepted.outcome").fetchall()
    assert [int(n) for n in (*sums, *graduates)] == [both[name].sum() for name in ("intake", "enrolment", "graduates")]


def test_the_crosswalk_is_ours_and_says_so(singapore):
    assert singapore.sql("select distinct author from accepted.crosswalk").fetchall() == [("Duikou test profiles",)]
    assert (
        singapore.sql(
            "select from_code from accepted.crosswalk where from_code not in (select program_code from"
            " accepted.program_catalogue) or to_code not in (select industry_code from accepted.industry_class)"
        ).fetchall()
        == []
    )
    assert (
        singapore.sql(
            "select from_code from accepted.crosswalk group by all having abs(sum(weight) - 1) > 1e-9"
        ).fetchall()
        == []
    )
