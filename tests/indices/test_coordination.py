"""Coupling coordination, entropy weights and grey relations: published values, properties, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import coordination
from models.coordination import GRADES

levels = st.lists(st.floats(0.01, 1), min_size=2, max_size=5)


@given(levels)
def test_both_couplings_lie_between_zero_and_one_and_the_corrected_one_is_stricter(row) -> None:
    usual, corrected = float(coordination.coupling([row])[0]), float(coordination.coupling_corrected([row])[0])
    assert 0 <= corrected <= usual + 1e-9 <= 1 + 2e-9


def test_the_last_digit_of_a_mean_of_ones_is_not_a_level_above_one() -> None:
    assert coordination.coupling([[1 + 2e-16, 1.0]])[0] == 1
    with pytest.raises(ValueError, match="outside 0 to 1"):
        coordination.coupling([[1.001, 1.0]])


@given(st.floats(0.01, 1), st.integers(2, 6))
def test_equal_levels_are_fully_coupled_however_low(level, systems) -> None:
    row = [[level] * systems]
    assert coordination.coupling(row)[0] == pytest.approx(1)
    assert coordination.coupling_corrected(row)[0] == pytest.approx(1)
    assert coordination.coordination(row).coordination[0] == pytest.approx(np.sqrt(level))


def test_the_corrected_coupling_of_two_and_three_systems_by_hand() -> None:
    # n = 2: sqrt((1 − 0.3) · 0.5); n = 3: sqrt((1 − (0.2 + 0.4 + 0.2)/3) · (0.8/0.8 · 0.6/0.8 · 0.4/0.8)^(1/2)).
    assert coordination.coupling_corrected([[0.6, 0.3]])[0] == pytest.approx(0.35**0.5)
    by_hand = ((1 - 0.8 / 3) * (0.75 * 0.5) ** 0.5) ** 0.5
    assert coordination.coupling_corrected([[0.8, 0.6, 0.4]])[0] == pytest.approx(by_hand)


# 王淑佳 and others 2021, table 8: coupling of ecology and economy of cities, by the usual and by the corrected model.
TABLE_8 = {
    "北京 2008": (0.9989, 0.9404), "天津 2008": (0.9935, 0.8660), "石家庄 2008": (0.8868, 0.5440),
    "唐山 2008": (0.9073, 0.5769), "秦皇岛 2008": (0.6821, 0.3006), "承德 2008": (0.6101, 0.2700),
    "北京 2014": (0.9942, 0.8523), "秦皇岛 2014": (0.6713, 0.2532), "衡水 2014": (0.8257, 0.4723),
}  # fmt: skip


@pytest.mark.parametrize(("usual", "corrected"), TABLE_8.values(), ids=TABLE_8.keys())
def test_published_pairs_of_usual_and_corrected_coupling_belong_to_possible_levels(usual, corrected) -> None:
    # The paper prints no levels. The usual C gives their proportion, the corrected C then the higher level, which must
    # be a level: between 0 and 1 (it would not be with another formula, such as one without the root).
    proportion = ((1 - (1 - usual**2) ** 0.5) / usual) ** 2
    higher = (1 - corrected**2 / proportion) / (1 - proportion)
    assert 0.2 < higher < 0.7
    row = [[higher, higher * proportion]]
    assert coordination.coupling(row)[0] == pytest.approx(usual, abs=1e-9)
    assert coordination.coupling_corrected(row)[0] == pytest.approx(corrected, abs=1e-9)


def test_a_level_of_zero_uncouples_and_all_zero_or_missing_is_undefined() -> None:
    rows = [[0.5, 0.0], [0.0, 0.0], [0.5, np.nan]]
    for found in (coordination.coupling(rows), coordination.coupling_corrected(rows)):
        assert found[0] == 0
        assert np.isnan(found[1:]).all()


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"levels": [[0.5]]}, "two systems"),
        ({"levels": [[-0.1, 0.5]]}, "outside 0 to 1"),
        ({"levels": [[1.1, 0.5]]}, "outside 0 to 1"),
        ({"levels": [[0.5, 0.5]], "weights": [1]}, "one per system"),
        ({"levels": [[0.5, 0.5]], "weights": [-1, 2]}, "none negative"),
        ({"levels": [[0.5, 0.5]], "weights": [0, 0]}, "not all zero"),
    ],
)
def test_impossible_levels_and_weights_are_refused(given, fault) -> None:
    with pytest.raises(ValueError, match=fault):
        coordination.coordination(**given)


def test_ten_grades_are_half_open_and_the_last_holds_one() -> None:
    assert [each.lower for each in GRADES] == pytest.approx(np.arange(10) / 10)
    for each, above in zip(GRADES, [*(following.lower for following in GRADES[1:]), np.nextafter(1, 2)], strict=True):
        assert coordination.grade(each.lower) is each
        assert coordination.grade(np.nextafter(above, 0)) is each
    assert coordination.grade(0.6).zh == "初级协调"
    assert coordination.grade(0.6, closed_above=True).zh == "勉强协调"
    assert coordination.grade(0.0, closed_above=True) is GRADES[0]
    assert coordination.grade(np.nan) is None
    with pytest.raises(ValueError, match="between 0 and 1"):
        coordination.grade(1.01)


def test_entropy_weights_by_hand() -> None:
    # First column (1, 3): p = ¼, ¾, e = 0.811278; second (1, 1): e = 1; third (0, 4): e = 0.
    assert coordination.entropy_weights([[1, 1, 0], [3, 1, 4]]) == pytest.approx(
        [0.188722 / 1.188722, 0, 1 / 1.188722], abs=1e-6
    )
    assert coordination.entropy_weights([[2, 5], [2, 5]]) == pytest.approx([0.5, 0.5])


@given(
    st.lists(st.lists(st.floats(0, 100), min_size=3, max_size=3), min_size=2, max_size=6).filter(
        lambda rows: all(sum(column) > 1e-6 for column in zip(*rows, strict=True))
    )
)
def test_entropy_weights_sum_to_one_and_none_is_negative(rows) -> None:
    weights = coordination.entropy_weights(rows)
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()


@pytest.mark.parametrize(
    ("rows", "fault"),
    [([[1, 2]], "two rows"), ([[1, -2], [1, 2]], "negative"), ([[1, 0], [2, 0]], "zero in every row"),
     ([[1, np.nan], [2, 0]], "missing"), ([1, 2], "rows and columns")],
)  # fmt: skip
def test_what_cannot_be_weighted_is_refused(rows, fault) -> None:
    with pytest.raises(ValueError, match=fault):
        coordination.entropy_weights(rows)


def test_standardised_columns_run_from_the_floor_to_one() -> None:
    found = coordination.standardised([[1, 7], [3, 7], [2, 7]], floor=0.01)
    assert found[:, 0] == pytest.approx([0.01, 1, 0.505])
    assert found[:, 1] == pytest.approx([1, 1, 1])


def test_a_series_that_moves_as_the_reference_does_is_fully_related() -> None:
    assert coordination.grey_relational_degree([1, 2, 4], [[10], [20], [40]]) == pytest.approx([1])
    found = coordination.grey_relational_degree([1, 2, 4], [[10, 4], [20, 2], [40, 1]])
    assert found[0] == pytest.approx(1)
    assert found[1] < 0.7


@pytest.mark.parametrize(
    ("reference", "others", "rho", "fault"),
    [([1, 2], [[1], [2], [3]], 0.5, "same years"), ([-1, 1], [[1], [2]], 0.5, "positive mean"),
     ([1, 2], [[1], [2]], 0, "rho"), ([1, np.nan], [[1], [2]], 0.5, "missing")],
)  # fmt: skip
def test_series_that_cannot_be_related_are_refused(reference, others, rho, fault) -> None:
    with pytest.raises(ValueError, match=fault):
        coordination.grey_relational_degree(reference, others, rho)
