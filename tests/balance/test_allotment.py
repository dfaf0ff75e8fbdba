"""The balance of graduates and openings: conserved, largest, fair, and proved against every subset of programs."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.allotment import Allotment, allot, parts_of_a_person
from tests.balance.networks import ByHand, frames, largest_allotments, networks

SMALL = settings(max_examples=80)

# Nurses and carers: both may take care jobs, only nurses the jobs of nurses.
CARE = frames(
    {"nursing": 100, "care": 60},
    {"nurse": 70, "carer": 40},
    {("nursing", "nurse"): 0.8, ("nursing", "carer"): 0.2, ("care", "carer"): 1.0},
)


def by_code(frame: pd.DataFrame, column: str) -> dict[str, float]:
    return dict(zip(frame.iloc[:, 0], frame[column], strict=True))


def assert_same(one: Allotment, other: Allotment) -> None:
    for name in ("edges", "programs", "occupations"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), rtol=1e-7, atol=1e-7)


def test_graduates_move_over_to_what_only_they_can_fill() -> None:
    found = allot(**CARE)
    # 160 graduates, 110 openings, all of them filled. Nurses fill their 70; the 40 jobs of carers are shared in
    # proportion to 100 × 0.2 and 60 × 1.0, which leaves 20 nurses and 30 carers.
    assert found.matched == 110
    assert by_code(found.programs, "matched") == pytest.approx({"nursing": 80, "care": 30})
    assert by_code(found.programs, "surplus") == pytest.approx({"nursing": 20, "care": 30})
    assert by_code(found.programs, "supply_demand_ratio") == pytest.approx({"nursing": 100 / 80, "care": 2})
    # The naive way lends the 40 jobs of carers to both programs.
    assert by_code(found.programs, "simple_ratio") == pytest.approx({"nursing": 100 / 110, "care": 60 / 40})
    assert found.counted_more_than_once == 40


def test_without_shortage_graduates_go_where_the_weights_send_them_and_share_what_is_open() -> None:
    plenty = CARE | {"demand": CARE["demand"].assign(openings=[160, 160])}
    found = allot(**plenty)
    assert found.edges["allotted"].tolist() == pytest.approx([60, 20, 80])
    assert by_code(found.programs, "surplus") == {"care": 0, "nursing": 0}
    # 160 jobs of carers: 20 of 80 who go there are nurses.
    assert by_code(found.programs, "allotted_openings") == pytest.approx({"nursing": 160 + 40, "care": 120})
    assert by_code(found.programs, "supply_demand_ratio") == pytest.approx({"nursing": 0.5, "care": 0.5})


def test_a_program_without_any_opening_has_no_ratio_and_nobody_placed() -> None:
    found = allot(**(CARE | {"demand": CARE["demand"].assign(openings=[70, 0])}))
    assert by_code(found.programs, "surplus") == {"care": 60, "nursing": 30}
    assert np.isnan(by_code(found.programs, "supply_demand_ratio")["care"])


def test_occupations_and_programs_that_are_not_given_are_left_out() -> None:
    more = pd.DataFrame([("nursing", "unknown", 1.0), ("nobody", "nurse", 1.0)], columns=CARE["edges"].columns)
    assert_same(allot(**CARE), allot(**(CARE | {"edges": pd.concat([CARE["edges"], more])})))


def test_parts_of_a_graduate_are_conserved() -> None:
    found = allot(**(CARE | {"supply": CARE["supply"].assign(graduates=[33.333333, 26.666667])}))
    assert found.matched == pytest.approx(60, abs=0.001)
    assert parts_of_a_person(np.array([0.5]), np.array([1.0])) == 1000
    assert parts_of_a_person(np.array([1e6 + 0.5]), np.array([1.0])) == 10
    assert parts_of_a_person(np.array([1e6]), np.array([1.0])) == 1


@pytest.mark.parametrize(
    ("table", "column", "value", "message"),
    [
        ("supply", "graduates", -1.0, "graduates of nursing is -1"),
        ("supply", "graduates", np.nan, "graduates of nursing is nan"),
        ("demand", "openings", np.inf, "openings of nurse is inf"),
        ("edges", "weight", 0.0, "weight is not above 0"),
        ("supply", "program_code", "care", "care is given twice"),
        ("edges", "occupation_code", "carer", "nursing × carer is given twice"),
    ],
)
def test_amounts_that_mean_nothing_are_refused_by_name(table: str, column: str, value: object, message: str) -> None:
    wrong = CARE[table].astype({column: object})
    wrong.loc[0, column] = value
    with pytest.raises(ValueError, match=message):
        allot(**(CARE | {table: wrong}))


@SMALL
@given(networks())
def test_nothing_is_lost_and_nothing_counted_twice(network) -> None:
    found = allot(**network)
    programs, occupations, edges = found.programs, found.occupations, found.edges
    assert (edges["allotted"] >= 0).all()
    assert np.allclose(programs["matched"] + programs["surplus"], programs["graduates"])
    assert np.allclose(occupations["filled"] + occupations["shortage"], occupations["openings"])
    for frame, key, amount in ((programs, "program_code", "matched"), (occupations, "occupation_code", "filled")):
        sums = edges.groupby(key)["allotted"].sum().reindex(frame[key], fill_value=0)
        assert np.allclose(sums, frame[amount], atol=1e-6)
    with_graduates = occupations["feeding_programs"] > 0
    assert programs["allotted_openings"].sum() == pytest.approx(occupations.loc[with_graduates, "openings"].sum())


@SMALL
@given(networks())
def test_no_other_way_of_placing_graduates_places_more(network) -> None:
    assert allot(**network).matched == pytest.approx(ByHand(network).most_placed())


@SMALL
@given(networks())
def test_a_ratio_is_above_one_exactly_where_graduates_are_left_over(network) -> None:
    programs = allot(**network).programs.dropna(subset="supply_demand_ratio")
    assert ((programs["supply_demand_ratio"] > 1) == (programs["surplus"] > 0)).all()
    room = programs[(programs["supply_demand_ratio"] < 1) & (programs["graduates"] > 0)]
    assert (room["one_more_graduate"] == 1).all()


@SMALL
@given(networks())
def test_the_fair_allotment_is_the_nearest_to_the_weights_among_the_largest(network) -> None:
    found = allot(**network).edges
    amounts, total = found["allotted"].to_numpy(), round(found["allotted"].sum())
    ordered = network | {"edges": network["edges"].sort_values(["program_code", "occupation_code"])}
    # Where it gives nothing, no largest allotment gives anything.
    nothing = (amounts == 0).astype(float)
    assert nothing @ largest_allotments(ordered, -nothing, total) == pytest.approx(0, abs=1e-6)
    # Relative entropy is convex: there is no better allotment when none is better along its slope.
    used = amounts > 0
    slope = np.where(used, np.log(np.where(used, amounts, 1) / np.where(used, found["preferred"], 1)), 0)
    best = slope @ largest_allotments(ordered, slope, total)
    assert best >= slope @ amounts - 1e-6 * (1 + np.abs(slope @ amounts))


@SMALL
@given(networks(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(network, random) -> None:
    shuffled = {name: frame.sample(frac=1, random_state=random.randrange(2**31)) for name, frame in network.items()}
    assert_same(allot(**network), allot(**shuffled))


@SMALL
@given(networks())
def test_with_openings_enough_everybody_goes_where_the_weights_send_them(network) -> None:
    plenty = network | {"demand": network["demand"].assign(openings=1000)}
    edges = allot(**plenty).edges
    assert np.allclose(edges["allotted"], edges["preferred"])


@SMALL
@given(networks(programs=5, occupations=4))
def test_the_marginal_value_of_a_seat_and_of_an_opening_is_what_one_more_changes(network) -> None:
    found, most = allot(**network), ByHand(network).most_placed()
    for frame, table, amount, value in (
        (found.programs, "supply", "graduates", "one_more_graduate"),
        (found.occupations, "demand", "openings", "one_more_opening"),
    ):
        key = frame.columns[0]
        for code, gain in frame[[key, value]].itertuples(index=False):
            more = network[table].copy()
            more.loc[more[key] == code, amount] += 1
            assert ByHand(network | {table: more}).most_placed() - most == gain
