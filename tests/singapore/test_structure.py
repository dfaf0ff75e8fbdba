"""Singapore: graduates by course against employed residents by industry, year by year, and what is wrong in the files.

The crosswalk from courses to industries is the judgement of these tests, not an official one.
"""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from models.match import match_indices
from pipelines import ingest, share_rounding
from pipelines.contracts import contracts
from pipelines.warehouse.statements import create, statements

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "singapore"
PROFILES = Path(__file__).parent / "profiles"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"Singapore's files are not at {DATA}")
COURSES, INDUSTRIES = "IntakeEnrolmentandGraduatesofUniversitiesbyCourse.csv", "Industry and Occupation.csv"
EVERYBODY = "All Occupation Groups, (Total Employed Residents)"
SUMS = ("All Industries", "Services")
MARTS = ("class_member", "program_industry", "supply_industry", "supply_share", "supply_allotted", "industry_amount",
         "industry_gap", "industry_share")  # fmt: skip

# Share of the graduates who would have to change direction for their structure to be that of the employed residents.
DUNCAN = {
    2005: 0.3193, 2006: 0.3121, 2007: 0.3079, 2008: 0.2850, 2009: 0.2885, 2010: 0.2964, 2011: 0.3061, 2012: 0.3026,
    2013: 0.2889, 2014: 0.3122, 2015: 0.3065, 2016: 0.3180, 2017: 0.3190, 2018: 0.3079, 2019: 0.3038, 2020: 0.3010,
    2021: 0.2820, 2022: 0.2763, 2023: 0.2591,
}  # fmt: skip
COSINE = {2005: 0.7484, 2010: 0.7890, 2015: 0.7711, 2020: 0.7910, 2023: 0.8191}


@pytest.fixture(scope="module")
def marts() -> duckdb.DuckDBPyConnection:
    """The files through the profiles, up to the shares of both sides."""
    connection = duckdb.connect()
    ingest.land(connection, DATA, PROFILES)
    for contract in contracts().values():
        ingest.accept(connection, contract)
    share_rounding.build(connection)
    for statement in statements():
        schema, table = statement.table.split(".")
        if schema == "core" or table in MARTS:
            create(connection, statement)
    return connection


@pytest.fixture(scope="module")
def indices(marts) -> pd.DataFrame:
    """All match indices."""
    frames = [marts.sql(f"from marts.{name}").df() for name in ("industry_share", "supply_share", "industry_gap")]
    return match_indices(frames[0], frames[1], gaps=frames[2])


def whole(indices: pd.DataFrame, index: str, system: str = "section") -> dict[int, float]:
    """Values by year of an index of whole structures, graduates against employed residents."""
    rows = indices.query("index == @index and class_system == @system and supply_basis == 'graduates'")
    return dict(zip(rows["year"], rows["value"], strict=True))


def test_indices_by_year_are_those_found_before(indices) -> None:
    found = whole(indices, "duncan")
    assert {year: round(value, 4) for year, value in found.items()} == DUNCAN
    cosine = whole(indices, "cosine")
    assert {year: round(cosine[year], 4) for year in COSINE} == COSINE
    assert len(whole(indices, "coordination")) == len(DUNCAN) - 2


def test_an_independent_reading_with_pandas_gives_the_same_dissimilarity(indices) -> None:
    crosswalk = pd.read_csv(PROFILES / "crosswalk.csv")
    crosswalk = crosswalk.assign(
        course=crosswalk["from_code"].str.removeprefix("course: "),
        part=crosswalk["weight"].str.rstrip("%").astype(float) / 100,
    )
    renamed = pd.read_csv(PROFILES / "program_lineage.csv").set_index("old_code")["new_code"]
    courses = pd.read_csv(DATA / COURSES, thousands=",").query("sex == 'MF'")
    codes = ("course: " + courses["course"]).replace(renamed.to_dict())
    graduates = courses.assign(course=codes.str.removeprefix("course: ")).merge(crosswalk, on="course")
    assert graduates["part"].sum() == pytest.approx(len(courses)), "a course is without its weights"
    supply = (graduates["graduates"] * graduates["part"]).groupby([graduates["year"], graduates["to_code"]]).sum()
    industries = pd.read_csv(DATA / INDUSTRIES).query("occupation == @EVERYBODY and industry not in @SUMS")
    employed = industries.set_index(["year", "industry"])["employment"].rename_axis(["year", "to_code"])
    both = pd.concat([supply.rename("supply"), employed.rename("need")], axis=1).fillna(0.0)
    for year, value in whole(indices, "duncan").items():
        one = both.loc[year]
        apart = (one["supply"] / one["supply"].sum() - one["need"] / one["need"].sum()).abs().sum() / 2
        assert value == pytest.approx(apart), year


def test_every_graduate_is_allotted(marts) -> None:
    both = pd.read_csv(DATA / COURSES, thousands=",").query("sex == 'MF'").groupby("year")["graduates"].sum()
    rows = marts.sql(
        "select year, persons, allotted, without_industry from marts.supply_allotted"
        " where class_system = 'section' and basis = 'graduates'"
    ).fetchall()
    assert len(rows) == 19
    for year, persons, allotted, lost in rows:
        assert persons == pytest.approx(both[year])
        assert allotted == pytest.approx(both[year])
        assert lost == 0


def occupations_mended() -> pd.DataFrame:
    """Employed residents by occupation, industry and year, with the two faults of the file mended.

    After the rows of "Cleaners, Labourers & Related Workers" each year has a second block under the same label, whose
    sum stands under the industry "Other Occupation Groups Nes": it is that group. The zeros of 2006 are missing.
    """
    rows = pd.read_csv(DATA / INDUSTRIES)
    other = "Other Occupation Groups Nes"
    starts = rows["industry"] == other
    block = (rows["occupation"] != rows["occupation"].shift()) | starts
    mislabelled = starts.groupby(block.cumsum()).transform("any")
    rows.loc[mislabelled, "occupation"] = other
    rows.loc[starts, "industry"] = "All Industries"
    missing = (rows["year"] == 2006) & (rows["occupation"] != EVERYBODY)
    assert (rows.loc[missing, "employment"] == 0).all()
    return rows.assign(employment=rows["employment"].mask(missing))


def test_the_mislabelled_block_is_the_group_others_of_another_table() -> None:
    mended = occupations_mended()
    assert not mended.duplicated(["occupation", "industry", "year"]).any()
    others = mended.query("occupation == 'Other Occupation Groups Nes' and industry == 'All Industries'")
    table = pd.read_csv(DATA / "M182171.csv", skiprows=10, index_col=0)
    published = table.iloc[:10].rename(index=str.strip, columns=str.strip).loc["Others"].astype(float)
    found = others.dropna().set_index("year")["employment"]
    assert len(found) == len(published.dropna()) == 24
    for year, value in found.items():
        assert value == pytest.approx(published[str(year)]), year


def test_the_zeros_of_2006_are_missing_and_the_other_years_add_up() -> None:
    mended = occupations_mended().query("industry == 'All Industries'")
    by_year = mended[mended["occupation"] != EVERYBODY].groupby("year")["employment"]
    totals = mended[mended["occupation"] == EVERYBODY].set_index("year")["employment"]
    assert by_year.count().to_dict() == {year: 0 if year == 2006 else 9 for year in range(2000, 2025)}
    assert totals[2006] == 1796.7
    for year, persons in by_year.sum(min_count=9).dropna().items():
        assert persons == pytest.approx(totals[year], abs=0.6), year  # thousands, each group rounded to hundreds


def test_no_row_that_is_read_is_a_zero_for_missing(marts) -> None:
    assert marts.sql("select count(*), min(amount) > 0 from marts.industry_amount").fetchall() == [(375, True)]
    assert marts.sql("select count(*) from marts.industry_gap").fetchall() == [(0,)]
