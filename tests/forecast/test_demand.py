"""Openings: expansion and replacement of industries, carried to occupations without loss."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.demand import Composition, demand

LAST, YEAR = 2024, 2027


def forecasts(industries: dict[str, tuple[float, float, float, float]], level: str = "section") -> pd.DataFrame:
    """Code -> employed in the last year, and low, mid and high three years later."""
    rows = [
        ("R", 2024, level, code, YEAR, LAST, "trend", "series", *persons, ("2",))
        for code, persons in industries.items()
    ]
    columns = ["region", "base_year", "level", "code", "year", "last_year", "method", "judged_on"]
    return pd.DataFrame(
        rows, columns=[*columns, "employed_last", "employed_low", "employed_mid", "employed_high", "parents"]
    )


def composition(links=(), employed=None, vacancies=None, rates=()) -> Composition:
    """Links (occupation, industry, weight), sizes of occupations in 2023, rates (class kind, code, year, rate)."""
    sizes = [(o, 2023, "employed", float(n)) for o, n in (employed or {}).items()]
    sizes += [(o, 2023, "vacancies", float(n)) for o, n in (vacancies or {}).items()]
    return Composition(
        links=pd.DataFrame(
            [(o, "section", k, w) for o, k, w in links], columns=["occupation_code", "level", "industry_code", "weight"]
        ),
        sizes=pd.DataFrame(sizes, columns=["occupation_code", "year", "measure", "amount"]),
        rates=pd.DataFrame(
            [(*rate, "yearbook") for rate in rates], columns=["class_kind", "code", "year", "annual_rate", "source"]
        ),
    )


def rows_of(found: pd.DataFrame, kind: str) -> pd.DataFrame:
    return found[found["class_kind"] == kind].set_index("code")


def test_openings_are_expansion_and_replacement() -> None:
    found = demand(forecasts({"C": (1000, 1000, 1300, 1600)}), composition(rates=[("industry", "C", 2020, 0.04)]))
    row = rows_of(found, "industry").loc["C"]
    assert row["expansion_mid"] == pytest.approx(100)  # 300 more in three years
    assert row["replacement_mid"] == pytest.approx(0.04 * 1150)
    assert row["openings_mid"] == pytest.approx(146)
    assert (row["openings_low"], row["openings_high"]) == pytest.approx((40, 200 + 0.04 * 1300))
    assert (row["basis"], row["replacement_source"]) == ("expansion and replacement", "yearbook 2020")


def test_a_shrinking_industry_first_leaves_departures_unfilled() -> None:
    found = demand(
        forecasts({"A": (1000, 700, 940, 1000), "B": (1000, 100, 700, 1000)}),
        composition(rates=[("industry", "A", 2020, 0.05), ("industry", "B", 2020, 0.05)]),
    )
    industries = rows_of(found, "industry")
    assert industries.loc["A", "openings_mid"] == pytest.approx(0.05 * 970 - 20)
    assert industries.loc["B", "openings_mid"] == 0, "100 jobs go a year and 42 people leave"
    assert industries.loc["B", "expansion_mid"] == pytest.approx(-100), "the loss itself stays visible"


def test_without_a_rate_demand_is_expansion_only_and_says_so() -> None:
    row = rows_of(demand(forecasts({"C": (1000, 900, 1300, 1600)}), composition()), "industry").loc["C"]
    assert row["basis"] == "expansion only"
    assert np.isnan(row["replacement_mid"])
    assert (row["openings_low"], row["openings_mid"]) == pytest.approx((0, 100))


def test_a_rate_published_after_the_base_year_is_not_known_yet() -> None:
    found = demand(forecasts({"C": (1000, 1000, 1300, 1600)}), composition(rates=[("industry", "C", 2025, 0.04)]))
    assert set(found["basis"]) == {"expansion only"}


def test_an_industry_without_its_own_rate_takes_that_of_its_sector() -> None:
    found = demand(forecasts({"C": (1000, 1000, 1000, 1000)}), composition(rates=[("industry", "2", 2020, 0.03)]))
    assert rows_of(found, "industry").loc["C", "openings_mid"] == pytest.approx(30)


def test_known_employment_leaves_the_rest_of_the_industry_as_remainder() -> None:
    # 60 % of 500 cooks work in H, which employs 1,000: they hold 30 % of its 90 openings.
    found = demand(
        forecasts({"H": (1000, 1000, 1270, 1400)}), composition([("cook", "H", 0.6)], employed={"cook": 500})
    )
    cook = rows_of(found, "occupation").loc["cook"]
    assert cook["openings_mid"] == pytest.approx(0.3 * 90)
    assert cook["share_basis"] == "employed"
    assert rows_of(found, "remainder")["openings_mid"].tolist() == pytest.approx([0.7 * 90])


def test_vacancies_divide_the_whole_industry_among_the_listed_occupations() -> None:
    found = demand(
        forecasts({"H": (1000, 1000, 1270, 1400)}),
        composition([("cook", "H", 1.0), ("waiter", "H", 0.5)], vacancies={"cook": 100, "waiter": 100}),
    )
    occupations = rows_of(found, "occupation")
    assert occupations.loc["cook", "openings_mid"] == pytest.approx(90 * 100 / 150)
    assert occupations.loc["waiter", "openings_mid"] == pytest.approx(90 * 50 / 150)
    assert set(occupations["share_basis"]) == {"vacancies"}
    assert rows_of(found, "remainder").empty


def test_an_occupation_without_known_employment_is_sized_by_its_vacancies() -> None:
    # Cooks: 900 persons and 30 vacancies, so 30 persons to a vacancy; waiters: 2 vacancies, so 60 persons.
    found = demand(
        forecasts({"H": (1000, 1000, 1270, 1400)}),
        composition(
            [("cook", "H", 1.0), ("waiter", "H", 1.0)], employed={"cook": 900}, vacancies={"cook": 30, "waiter": 2}
        ),
    )
    occupations = rows_of(found, "occupation")
    assert occupations["openings_mid"].to_dict() == pytest.approx({"cook": 90 * 0.9, "waiter": 90 * 0.06})
    assert occupations["share_basis"].to_dict() == {"cook": "employed", "waiter": "estimated"}
    assert rows_of(found, "remainder")["openings_mid"].tolist() == pytest.approx([90 * 0.04])


def test_persons_and_vacancies_are_never_added_up() -> None:
    # Nothing says how many waiters stand behind a vacancy: all sizes are vacancies, and cooks have none.
    found = demand(
        forecasts({"H": (1000, 1000, 1270, 1400)}),
        composition([("cook", "H", 1.0), ("waiter", "H", 1.0)], employed={"cook": 900}, vacancies={"waiter": 2}),
    )
    assert rows_of(found, "occupation")["openings_mid"].to_dict() == pytest.approx({"waiter": 90})


def test_an_occupations_own_rate_stands_before_that_of_the_industry() -> None:
    found = demand(
        forecasts({"H": (1000, 1000, 1000, 1000)}),
        composition(
            [("cook", "H", 1.0)],
            employed={"cook": 400},
            rates=[("industry", "H", 2020, 0.02), ("occupation", "cook", 2022, 0.10)],
        ),
    )
    assert rows_of(found, "occupation").loc["cook", "openings_mid"] == pytest.approx(40)
    assert rows_of(found, "industry").loc["H", "openings_mid"] == pytest.approx(40 + 0.02 * 600)


def test_divisions_are_forecast_beside_their_sections_and_carried_nowhere() -> None:
    both = pd.concat([forecasts({"C": (100, 100, 130, 160)}), forecasts({"13": (60, 60, 90, 100)}, "division")])
    found = demand(both, composition([("cook", "C", 1.0)], vacancies={"cook": 5}))
    assert rows_of(found, "occupation")["openings_mid"].sum() == pytest.approx(10)
    assert set(rows_of(found, "industry").index) == {"13", "C"}


persons = st.tuples(st.floats(0, 1e5), st.floats(0, 1e5), st.floats(0, 1e5), st.floats(0, 1e5)).map(
    lambda four: (four[0], *sorted(four[1:]))
)
weights = st.lists(st.integers(0, 10).map(lambda tenths: tenths / 10), min_size=3, max_size=3)
amounts = st.dictionaries(st.sampled_from("xyz"), st.integers(0, 10_000), max_size=3)


@settings(max_examples=20)
@given(
    st.lists(persons, min_size=3, max_size=3), st.lists(weights, min_size=3, max_size=3), amounts, amounts,
    st.dictionaries(st.sampled_from([("industry", "A"), ("industry", "B"), ("occupation", "x")]), st.floats(0, 0.3)),
)  # fmt: skip
def test_occupations_and_remainder_are_the_industries_to_the_last_opening(
    employed, links, sizes, vacancies, rates
) -> None:
    found = demand(
        forecasts(dict(zip("ABC", employed, strict=True))),
        composition(
            [(o, k, w) for o, row in zip("xyz", links, strict=True) for k, w in zip("ABC", row, strict=True)],
            sizes, vacancies, [(*name, 2020, rate) for name, rate in rates.items()],
        ),
    )  # fmt: skip
    industries = found[found["class_kind"] == "industry"]
    carried = found[found["class_kind"] != "industry"]
    for part in ("employed", "expansion", "replacement", "openings"):
        for bound in ("low", "mid", "high"):
            assert carried[f"{part}_{bound}"].sum() == pytest.approx(industries[f"{part}_{bound}"].sum(), abs=1e-3)
    assert (found["openings_low"] >= 0).all()
    assert (found["openings_low"] <= found["openings_mid"]).all()
    assert (found["openings_mid"] <= found["openings_high"]).all()
    assert industries["employed_last"].sum() == pytest.approx(sum(four[0] for four in employed))
