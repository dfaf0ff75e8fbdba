"""Ohio's published files through the profile kept here, against pandas and a linear program that know nothing of it.

The files are not part of the project: they are looked for beside the repository and the tests skip where they are not.
"""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipelines import ingest
from pipelines.contracts import contracts
from pipelines.warehouse.statements import build

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "ohio"
PROFILES = Path(__file__).parent / "profiles"
YEAR = 2022  # the latest with graduates
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"Ohio's files are not at {DATA}")


@pytest.fixture(scope="module")
def ohio() -> duckdb.DuckDBPyConnection:
    """The files ingested through the profile, and all core and marts tables."""
    connection = duckdb.connect()
    ingest.land(connection, DATA, PROFILES)
    for contract in contracts().values():
        ingest.accept(connection, contract)
    ingest.account(connection)
    build(connection)
    return connection


@pytest.fixture(scope="module")
def published() -> dict[str, pd.Series | pd.DataFrame]:
    """Graduates by CIP code and openings by SOC code of the state, and the pairs of the crosswalk, by pandas alone."""
    graduates = pd.read_csv(DATA / "state_region_graduates.csv", keep_default_na=False)
    latest = graduates[(graduates["academic_year"] == YEAR) & (graduates["jobsohioregion"] == "ohio")]
    projected = pd.read_csv(DATA / "lmi_oews.csv")
    occupations = projected[~projected["soc_code"].str.endswith("-0000")]
    pairs = pd.read_csv(DATA / "soc_cip.csv", dtype=str, encoding="utf-8-sig").rename(
        columns={"CIP2020Code": "program", "SOC2018Code": "occupation"}
    )
    matched = (pairs["program"] != "99.9999") & (pairs["occupation"] != "99-9999")
    return {
        "graduates": latest.groupby("cip_code")["graduates"].sum(),
        "openings": occupations.groupby("soc_code")["total_openings"].sum(),
        "pairs": pairs[matched],
    }


def only(connection: duckdb.DuckDBPyConnection, query: str) -> tuple:
    (row,) = connection.sql(query).fetchall()
    return row


def test_every_row_is_accounted_for(ohio) -> None:
    account = ohio.sql(
        "select file, contract, sum(landed)::int, sum(accepted)::int, sum(quarantined)::int, sum(non_data)::int"
        " from landed.account where file like '%.csv' and file not like 'reference/%' group by all order by all"
    ).fetchall()
    assert account == [
        ("lmi_oews.csv", "occupation_projection", 2650, 2511, 0, 139),
        ("soc_cip.csv", "crosswalk", 6098, 5723, 0, 375),
        ("soc_cip.csv", "program_catalogue", 6098, 2142, 0, 3956),
        ("state_region_graduates.csv", "outcome", 77409, 53746, 44, 23619),
        ("state_region_graduates.csv", "school", 77409, 32, 0, 77377),
    ]
    ignored = ohio.sql("select file, status from landed.file where status = 'ignored'").fetchall()
    assert ignored == [("cip_soc.csv", "ignored")]


def test_rows_are_refused_for_codes_that_are_not_in_the_catalogue_and_nothing_else(ohio) -> None:
    refused = ohio.sql(
        "select rule, count(*), count(distinct cells->>'program_code') from quarantine.row"
        " join quarantine.finding using (row_id) where severity = 'refuse' group by rule"
    ).fetchall()
    assert refused == [("unknown_reference", 44, 6)]
    of_the_year = ohio.sql(f"select * from quarantine.outcome where cohort_year = {YEAR}").fetchall()
    assert of_the_year == []


def test_regional_rows_add_up_to_the_states_rows(ohio, published) -> None:
    (graduates,) = only(ohio, f"select sum(graduates) from accepted.outcome where cohort_year = {YEAR}")
    assert graduates == published["graduates"].sum() == 183_021


def test_openings_are_those_of_single_occupations_over_all_regions(ohio, published) -> None:
    basis, openings, occupations = only(
        ohio,
        f"select max(basis), sum(openings), count(*) from marts.occupation_opening where year = {YEAR}",
    )
    assert (basis, openings, occupations) == ("projection", 615_037, 583)
    assert published["openings"].sum() == 615_037
    wages = ohio.sql("select wage_unit, count(*) from accepted.occupation_projection group by all order by all")
    assert wages.fetchall() == [("美元/小时", 2351), ("美元/年", 160)]
    assert only(ohio, "select count(*) from accepted.occupation_projection where median_wage is null") == (16,)


def test_graduates_without_a_known_occupation_are_named_and_kept_out(ohio, published) -> None:
    left_out = ohio.sql(
        "select kind, count(*), sum(amount)::int from marts.balance_exclusion"
        f" where year = {YEAR} and kind like 'program_without%' group by kind order by kind"
    ).fetchall()
    pairs, graduates = published["pairs"], published["graduates"]
    linked = graduates.index.isin(pairs["program"])
    known = graduates.index.isin(pairs.loc[pairs["occupation"].isin(published["openings"].index), "program"])
    assert left_out == [
        ("program_without_occupation", int((~linked).sum()), int(graduates[~linked].sum())),
        ("program_without_openings", int((linked & ~known).sum()), int(graduates[linked & ~known].sum())),
    ]
    assert left_out == [("program_without_occupation", 51, 7225), ("program_without_openings", 80, 4531)]
    (balanced,) = only(ohio, f"select sum(graduates) from marts.program_balance where year = {YEAR}")
    assert balanced == 183_021 - 7225 - 4531 == graduates[known].sum()


def test_the_naive_method_counts_each_opening_five_times(ohio, published) -> None:
    programs, graduates, reachable, allotted = only(
        ohio,
        "select count(*), sum(graduates), sum(reachable_openings), sum(allotted_openings)"
        f" from marts.program_balance where year = {YEAR}",
    )
    pairs = published["pairs"]
    pairs = pairs[pairs["program"].isin(published["graduates"].index)]
    naive = pairs["occupation"].map(published["openings"]).sum()
    within_reach = published["openings"][published["openings"].index.isin(pairs["occupation"])].sum()
    assert (programs, graduates, reachable, round(allotted)) == (829, 171_265, 1_803_864, 334_679)
    assert (reachable, round(allotted)) == (naive, within_reach)
    assert reachable - round(allotted) == 1_469_185  # openings that the naive method counts too much
    over, flow_over = only(
        ohio,
        "select count(case when simple_ratio > 1 then 1 end), count(case when supply_demand_ratio > 1 then 1 end)"
        f" from marts.program_balance where year = {YEAR}",
    )
    assert (over, flow_over) == (56, 437)


def test_no_other_allotment_places_more_graduates(ohio, published) -> None:
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, vstack

    (matched,) = only(ohio, f"select sum(matched) from marts.program_balance where year = {YEAR}")
    pairs = published["pairs"]
    graduates, openings = published["graduates"], published["openings"]
    pairs = pairs[pairs["program"].isin(graduates.index) & pairs["occupation"].isin(openings.index)]
    ends = graduates.index.get_indexer(pairs["program"]), openings.index.get_indexer(pairs["occupation"])
    ones, place = np.ones(len(pairs)), np.arange(len(pairs))
    limits = vstack(
        [
            csr_array((ones, (end, place)), shape=(n, len(pairs)))
            for end, n in zip(ends, map(len, (graduates, openings)), strict=True)
        ]
    )
    most = linprog(-ones, A_ub=limits, b_ub=np.r_[graduates, openings], method="highs-ds")
    assert matched == pytest.approx(117_784)
    assert -most.fun == pytest.approx(117_784)


def test_the_largest_surpluses_and_shortages(ohio) -> None:
    surpluses = ohio.sql(
        "select program_name, graduates::int, round(matched)::int, round(supply_demand_ratio, 2)"
        f" from marts.program_balance where year = {YEAR} order by surplus desc limit 3"
    ).fetchall()
    assert surpluses == [
        ("Liberal Arts and Sciences/Liberal Studies", 6053, 153, 39.52),
        ("Registered Nursing/Registered Nurse", 11814, 7451, 1.59),
        ("Psychology, General", 3496, 142, 24.62),
    ]
    shortages = ohio.sql(
        "select occupation_name, openings::int, round(filled)::int from marts.occupation_balance"
        f" where year = {YEAR} and filled >= 1 order by shortage desc limit 3"
    ).fetchall()
    assert shortages == [
        ("Customer Service Representatives", 14298, 4194),
        ("Heavy and Tractor-Trailer Truck Drivers", 9291, 320),
        ("Farmers, Ranchers, and Other Agricultural Managers", 8492, 434),
    ]
    nobody = ohio.sql(
        "select occupation_name, openings::int from marts.occupation_balance"
        f" where year = {YEAR} and feeding_programs = 0 order by openings desc limit 2"
    ).fetchall()
    assert nobody == [("Fast Food and Counter Workers", 33_997), ("Retail Salespersons", 18_131)]


def test_each_surplus_has_a_witness_that_can_be_read(ohio) -> None:
    rows = ohio.sql(
        "select programs, graduates::int, openings::int, occupation_names from marts.surplus_witness"
        f" where year = {YEAR} and witness = 1 and bottleneck in (1, 4) order by bottleneck"
    ).fetchall()
    # Five programs of liberal arts lead to one occupation and no other.
    assert rows == [
        (5, 10_186, 265, ["Postsecondary Teachers, All Other"]),
        (11, 635, 39, ["Philosophy and Religion Teachers, Postsecondary"]),
    ]
    assert only(
        ohio,
        "select sum(surplus)::int, count(distinct witness), count(*), max(programs)"
        f" from marts.surplus_witness where year = {YEAR}",
    ) == (171_265 - 117_784, 13, 68, 51)
