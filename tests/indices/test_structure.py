"""Indices between structures: ranges, equality, zero cells, and what is no structure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import structure

PAIRWISE = (
    structure.cosine_similarity,
    structure.duncan_dissimilarity,
    structure.krugman,
    structure.jensen_shannon,
    structure.theil,
    structure.gini_specialisation,
)
four = st.lists(st.floats(0.01, 1000), min_size=4, max_size=4)
with_zeros = st.lists(st.one_of(st.just(0.0), st.floats(0.01, 1000)), min_size=4, max_size=4).filter(any)


@given(four, four)
def test_every_index_says_equal_where_proportions_are_equal(x, y) -> None:
    twice = [2 * value for value in x]
    assert structure.cosine_similarity(x, twice) == pytest.approx(1)
    for index in PAIRWISE[1:]:
        assert index(x, twice) == pytest.approx(0, abs=1e-9), index
    assert structure.location_quotient(x, twice) == pytest.approx(1)
    assert structure.structural_deviation(x, twice) == pytest.approx(0)


@given(with_zeros, with_zeros)
def test_indices_stay_in_their_ranges_with_zero_cells_on_either_side(x, y) -> None:
    assert 0 <= structure.cosine_similarity(x, y) <= 1
    assert 0 <= structure.duncan_dissimilarity(x, y) <= 1 + 1e-12
    assert structure.krugman(x, y) == pytest.approx(2 * structure.duncan_dissimilarity(x, y))
    assert 0 <= structure.jensen_shannon(x, y) <= 1
    assert structure.jensen_shannon(x, y) == pytest.approx(structure.jensen_shannon(y, x))
    assert structure.theil(x, y) >= 0


@given(with_zeros)
def test_theil_of_one_structure_lies_between_equality_and_one_class_that_has_all(x) -> None:
    assert 0 <= structure.theil(x) <= np.log(4) + 1e-12
    assert structure.theil([0, 0, 0, 7]) == pytest.approx(np.log(4))


def test_structures_without_a_class_in_common_are_as_far_apart_as_can_be() -> None:
    x, y = [3, 1, 0, 0], [0, 0, 5, 5]
    assert structure.cosine_similarity(x, y) == 0
    assert structure.duncan_dissimilarity(x, y) == pytest.approx(1)
    assert structure.krugman(x, y) == pytest.approx(2)
    assert structure.jensen_shannon(x, y) == pytest.approx(1)
    assert structure.theil(x, y) == np.inf
    with pytest.raises(ValueError, match="not in the reference"):
        structure.gini_specialisation(x, y)


def test_duncan_is_the_share_that_would_have_to_move() -> None:
    assert structure.duncan_dissimilarity([50, 50, 0], [20, 50, 30]) == pytest.approx(0.3)


def test_jensen_shannon_counts_in_bits() -> None:
    # By hand: shares (1, 0) and (1/2, 1/2), middle (3/4, 1/4): ½ log2(4/3) + ½ (½ log2(2/3) + ½ log2 2).
    assert structure.jensen_shannon([1, 0], [1, 1]) == pytest.approx(0.311278, abs=1e-6)


def test_the_two_conventions_of_structural_deviation_are_the_same_call_with_arguments_exchanged() -> None:
    one, other = structure.structural_deviation([60, 40], [50, 50]), structure.structural_deviation([50, 50], [60, 40])
    assert one == pytest.approx([0.2, -0.2])
    assert other == pytest.approx([-1 / 6, 0.25])
    assert (1 + one) * (1 + other) == pytest.approx(1)


def test_a_class_without_counterpart_is_infinitely_over_and_one_that_nobody_has_is_undefined() -> None:
    found = structure.structural_deviation([5, 5, 0], [10, 0, 0])
    assert found[0] == pytest.approx(-0.5)
    assert found[1] == np.inf
    assert np.isnan(found[2])


def test_krugman_against_several_tells_the_mean_of_shares_from_pooled_persons() -> None:
    small, large = [9, 1], [100, 900]  # shares 0.9 and 0.1; mean 0.5, pooled 109/1010
    assert structure.krugman([5, 5], [small, large]) == pytest.approx(0)
    assert structure.krugman([5, 5], [small, large], "pooled") == pytest.approx(2 * (0.5 - 109 / 1010))
    assert structure.krugman([5, 5], small) == structure.krugman([5, 5], [small], "pooled") == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("x", "y", "fault"),
    [
        ([1, -1], [1, 1], "negative"),
        ([np.nan, 1], [1, 1], "missing"),
        ([1, 2], [1, 2, 3], "same classes"),
        ([0, 0], [1, 1], "adds up to zero"),
        ([], [], "same classes"),
    ],
)
@pytest.mark.parametrize("index", [*PAIRWISE, structure.location_quotient, structure.structural_deviation])
def test_what_is_no_structure_is_refused_with_its_fault(index, x, y, fault) -> None:
    with pytest.raises(ValueError, match=fault):
        index(x, y)
