"""Match indices against what their publishers printed."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.structure import cosine_similarity, duncan_dissimilarity, match_indices, structural_deviation

structures = st.lists(st.floats(0.01, 1000), min_size=3, max_size=3)


@pytest.mark.parametrize(
    ("value_added", "employment", "published"),
    [
        # Changsha 2001 and 2012, shares of three sectors, http://m.1010jiajiao.com/gzdl/shiti_id_374cb7dda9f595de782a86868984ca7a
        ([9.7, 38.6, 51.7], [51.8, 23.3, 24.9], [-0.81, 0.66, 1.08]),
        ([4.3, 56.1, 39.6], [24.4, 33.2, 42.4], [-0.83, 0.69, -0.07]),
    ],
)
def test_structural_deviation_is_changshas(value_added, employment, published) -> None:
    assert structural_deviation(value_added, employment) == pytest.approx(published, abs=0.0065)


@pytest.mark.parametrize(
    ("x", "y", "published"),
    [
        # Yulin counties 2015, ChinaXiv 201810.00128V1
        ([27.66, 26.84, 45.5], [29.87, 25.92, 44.21], 0.999),
        ([17.35, 11.79, 70.86], [22.6, 39.0, 38.4], 0.8166),
    ],
)
def test_similarity_is_yulins(x, y, published) -> None:
    assert cosine_similarity(x, y) == pytest.approx(published, abs=0.0002)


def test_shares_of_kaizhous_value_added_are_the_published_ones_but_for_a_forced_rounding() -> None:
    amounts = np.array([84.35, 209.75, 241.71])  # 2020, 亿元
    assert 100 * amounts / amounts.sum() == pytest.approx([15.7, 39.1, 45.2], abs=0.1)


@given(structures, structures)
def test_indices_stay_in_their_ranges_and_agree_on_equality(x, y) -> None:
    assert 0 <= cosine_similarity(x, y) <= 1
    assert 0 <= duncan_dissimilarity(x, y) <= 1
    assert duncan_dissimilarity(x, [2 * value for value in x]) == pytest.approx(0)
    assert cosine_similarity(x, [2 * value for value in x]) == pytest.approx(1)


def test_duncan_is_the_share_that_would_have_to_move() -> None:
    assert duncan_dissimilarity([50, 50, 0], [20, 50, 30]) == pytest.approx(0.3)


@pytest.mark.parametrize(("x", "y"), [([1, -1], [1, 1]), ([1, 2], [1, 2, 3]), ([0, 0], [1, 1]), ([np.nan, 1], [1, 1])])
def test_what_is_no_structure_is_refused(x, y) -> None:
    with pytest.raises(ValueError, match="structure"):
        cosine_similarity(x, y)


def test_a_class_that_one_side_lacks_counts_as_zero() -> None:
    base = {"year": 2024, "class_system": "sector", "class_name": "x"}
    industry = pd.DataFrame(
        [
            {**base, "region": "R", "basis": "employed_persons", "class_code": c, "amount": a}
            for c, a in [("1", 50.0), ("2", 50.0)]
        ]
    )
    supply = pd.DataFrame([{**base, "basis": "graduates", "class_code": "2", "amount": 10.0}])
    found = match_indices(industry, supply).set_index("index")["value"]
    assert found["duncan"] == pytest.approx(0.5)
    assert found["structural_deviation"] == pytest.approx(-0.5)
