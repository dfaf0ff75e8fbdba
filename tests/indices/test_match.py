"""The table of match indices: which structures meet, what is left out, and the three readings of a class."""

import numpy as np
import pandas as pd
import pytest

from models.coordination import coordination
from models.match import WHOLE, CoordinationSettings, match_indices


def shares(basis: str, years: dict[int, dict[str, float]], *, overlapping: bool = False, **more: str) -> pd.DataFrame:
    """Amounts by class code, as the marts hold them."""
    rows = [
        {
            "year": year, "class_system": "sector", "class_code": code, "class_name": f"class {code}", "basis": basis,
            "amount": amount, "share": amount / 100 if overlapping else amount / sum(amounts.values()),
            "overlapping": overlapping, **more,
        }
        for year, amounts in years.items()
        for code, amount in amounts.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def industry(years: dict[int, dict[str, float]], **more) -> pd.DataFrame:
    """Employed persons of one region."""
    return shares("employed_persons", years, region="R", **more)


def values(found: pd.DataFrame, index: str) -> dict[str, float]:
    """Values of an index by class code ("" for the whole)."""
    rows = found[found["index"] == index]
    return dict(zip(rows["class_code"].fillna(""), rows["value"], strict=True))


def test_a_class_that_one_side_lacks_counts_as_zero() -> None:
    found = match_indices(industry({2024: {"1": 50, "2": 50}}), shares("graduates", {2024: {"2": 10}}))
    assert values(found, "duncan") == {"": pytest.approx(0.5)}
    assert values(found, "krugman") == {"": pytest.approx(1)}
    assert values(found, "structural_deviation") == {"2": pytest.approx(-0.5)}
    assert values(found, "structural_deviation_reversed") == {"1": pytest.approx(-1), "2": pytest.approx(1)}
    assert values(found, "location_quotient") == {"1": 0, "2": pytest.approx(2)}


def test_an_index_that_a_class_without_counterpart_makes_impossible_has_no_row() -> None:
    found = match_indices(industry({2024: {"2": 50}}), shares("graduates", {2024: {"1": 5, "2": 10}}))
    assert not {"theil", "gini_specialisation"} & set(found["index"])
    assert np.isfinite(found["value"]).all()


def test_a_class_whose_amount_is_missing_is_left_out_on_both_sides() -> None:
    need, supply = industry({2024: {"1": 50, "2": 50}}), shares("graduates", {2024: {"1": 10, "2": 10, "3": 80}})
    gap = pd.DataFrame(
        [("R", 2024, "sector", "3", "employed_persons")],
        columns=["region", "year", "class_system", "class_code", "basis"],
    )
    assert values(match_indices(need, supply), "duncan") == {"": pytest.approx(0.8)}
    found = match_indices(need, supply, gaps=gap)
    assert values(found, "duncan") == {"": pytest.approx(0)}
    assert set(values(found, "location_quotient")) == {"1", "2"}


def test_all_indices_of_whole_structures_are_there_for_every_pair_of_bases() -> None:
    supply = pd.concat([shares(basis, {2024: {"1": 20, "2": 80}}) for basis in ("graduates", "in_school")])
    need = pd.concat([industry({2024: {"1": 30, "2": 70}}), industry({2024: {"1": 10, "2": 90}}).assign(basis="va")])
    found = match_indices(need, supply)
    pairs = found[found["class_code"].isna()].groupby(["supply_basis", "industry_basis"])["index"].agg(set)
    assert len(pairs) == 4
    assert all(pair == set(WHOLE) for pair in pairs)


def test_classes_that_overlap_have_no_index_of_the_whole_and_shares_of_the_whole() -> None:
    need = industry({2024: {"养老": 10, "健康": 30}}, overlapping=True)
    supply = shares("graduates", {2024: {"养老": 5, "健康": 60}}, overlapping=True)
    found = match_indices(need, supply)
    assert set(found["index"]) == {"structural_deviation", "structural_deviation_reversed", "location_quotient"}
    assert values(found, "structural_deviation") == {"养老": pytest.approx(1), "健康": pytest.approx(-0.5)}


def test_coordination_starts_with_the_third_common_year_and_later_years_do_not_change_it() -> None:
    supplied = {2020: {"1": 10, "2": 20}, 2021: {"1": 12, "2": 30}, 2022: {"1": 20, "2": 10}, 2023: {"1": 9, "2": 90}}
    needed = {2020: {"1": 5, "2": 50}, 2021: {"1": 6, "2": 40}, 2022: {"1": 9, "2": 70}, 2023: {"1": 1, "2": 1}}
    found = match_indices(industry(needed), shares("graduates", supplied))
    rows = found[found["index"] == "coordination"].set_index("year")["value"]
    assert list(rows.index) == [2022, 2023]
    fewer = match_indices(industry({year: needed[year] for year in (2020, 2021, 2022)}), shares("graduates", supplied))
    assert fewer[fewer["index"] == "coordination"]["value"].tolist() == [pytest.approx(rows[2022])]


def test_coordination_by_hand() -> None:
    # One class rising evenly on both sides: level 1 in the last year, fully coupled.
    years = {2020: {"1": 1.0}, 2021: {"1": 2.0}, 2022: {"1": 3.0}}
    found = match_indices(industry(years), shares("graduates", years))
    assert values(found, "coordination") == {"": pytest.approx(1)}
    # Industry falls back to its lowest year: levels 1 and the floor.
    falling = {2020: {"1": 2.0}, 2021: {"1": 3.0}, 2022: {"1": 1.0}}
    settings = CoordinationSettings(floor=0.1, corrected=True)
    found = match_indices(industry(falling), shares("graduates", years), settings)
    by_hand = coordination([[1, 0.1]], corrected=True)
    assert values(found, "coordination") == {"": pytest.approx(by_hand.coordination[0])}
    assert values(found, "development") == {"": pytest.approx(0.55)}


def test_without_a_common_year_there_is_no_index() -> None:
    assert match_indices(industry({2023: {"1": 1}}), shares("graduates", {2024: {"1": 1}})).empty
    assert match_indices(industry({2023: {"1": 1}}).iloc[:0], shares("graduates", {2024: {"1": 1}})).empty
