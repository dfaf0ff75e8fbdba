"""Witnesses of a surplus: minimum cuts, as small as possible, checked against every subset of programs."""

import numpy as np
import pandas as pd
from hypothesis import given, settings

from models.allotment import allot
from tests.balance.networks import ByHand, frames, networks, subsets

SMALL = settings(max_examples=80)

# Two programs of tourism share the jobs of guides; law clerks are apart; cooks have room.
TOURISM = frames(
    {"tourism": 300, "languages": 120, "law": 50, "cooking": 80},
    {"guide": 150, "clerk": 10, "cook": 200},
    {
        ("tourism", "guide"): 1.0,
        ("languages", "guide"): 0.5,
        ("languages", "clerk"): 0.5,
        ("law", "clerk"): 1.0,
        ("cooking", "cook"): 1.0,
    },
)


def groups(frame: pd.DataFrame, *columns: str) -> dict[tuple[int, ...], frozenset[str]]:
    """Codes by witness (and bottleneck), without those that belong to none."""
    return {
        key: frozenset(rows.iloc[:, 0])
        for key, rows in frame[frame["witness"] > 0].groupby(list(columns))  # type: ignore[misc]
    }


def test_programs_that_share_too_few_openings_are_named_together() -> None:
    found = allot(**TOURISM)
    assert groups(found.programs, "witness") == {(1,): {"tourism", "languages", "law"}}
    assert groups(found.occupations, "witness") == {(1,): {"guide", "clerk"}}
    assert found.programs["surplus"].sum() == 300 + 120 + 50 - 160


def test_a_witness_is_read_from_its_most_crowded_part_on() -> None:
    found = allot(**TOURISM)
    # 50 for 10 jobs of clerks: 5 per opening; without those, 420 for 150 jobs of guides: 2.8 per opening.
    assert groups(found.programs, "witness", "bottleneck") == {(1, 1): {"law"}, (1, 2): {"tourism", "languages"}}
    assert groups(found.occupations, "witness", "bottleneck") == {(1, 1): {"clerk"}, (1, 2): {"guide"}}


def test_an_occupation_without_openings_ties_nobody_together() -> None:
    none = TOURISM | {"demand": TOURISM["demand"].assign(openings=[150, 0, 200])}
    found = allot(**none)
    assert groups(found.programs, "witness") == {(1,): {"tourism", "languages"}, (2,): {"law"}}
    assert groups(found.occupations, "witness") == {(1,): {"guide"}}


@SMALL
@given(networks())
def test_witnesses_are_minimum_cuts_and_add_up_to_the_surplus(network) -> None:
    found, by_hand = allot(**network), ByHand(network)
    surplus = dict(zip(found.programs["program_code"], found.programs["surplus"], strict=True))
    total = 0.0
    for programs in groups(found.programs, "witness").values():
        deficit = by_hand.deficit(programs)
        assert deficit > 0
        assert np.isclose(deficit, sum(surplus[program] for program in programs))
        for some in subsets(programs)[:-1]:
            assert by_hand.deficit(some) < deficit
        total += deficit
    assert np.isclose(total, sum(by_hand.supply.values()) - by_hand.most_placed())
    named = found.programs["witness"] > 0
    assert (found.programs.loc[~named, "surplus"] == 0).all()


@SMALL
@given(networks())
def test_a_witness_holds_all_openings_of_its_programs_and_they_are_full(network) -> None:
    found, by_hand = allot(**network), ByHand(network)
    occupations = groups(found.occupations, "witness")
    for number, programs in groups(found.programs, "witness").items():
        reached = set().union(*(by_hand.fed[program] for program in programs))
        assert {o for o in reached if by_hand.openings[o] > 0} == occupations.get(number, frozenset())
    in_witness = found.occupations[found.occupations["witness"] > 0]
    assert (in_witness["shortage"] == 0).all()
    assert (in_witness["one_more_opening"] == 1).all()


@SMALL
@given(networks())
def test_bottlenecks_are_ever_less_crowded_and_as_small_as_can_be(network) -> None:
    found, by_hand = allot(**network), ByHand(network)
    occupations = groups(found.occupations, "witness", "bottleneck")
    taken: dict[int, set[str]] = {}
    before: dict[int, float] = {}
    for key, programs in sorted(groups(found.programs, "witness", "bottleneck").items()):
        number, place = key
        earlier = frozenset(taken.setdefault(number, set()))
        deficit = by_hand.deficit(programs, earlier)
        assert deficit > 0
        for some in subsets(programs)[:-1]:
            assert by_hand.deficit(some, earlier) < deficit
        graduates = sum(by_hand.supply[program] for program in programs)
        crowding = graduates / (graduates - deficit) if graduates > deficit else np.inf
        assert crowding <= before.get(number, np.inf)
        before[number] = crowding
        taken[number] |= occupations.get(key, frozenset())
        assert place >= 1
