"""The fair allotment where proportional fitting alone is slow: long chains, sums that hardly leave room."""

import numpy as np
import pytest

from models.fair import fair_allotment
from models.flow import LARGEST, Network, maximum_flow


def random_network(seed: int) -> Network:
    """Up to 200 programs in a long chain of neighbouring occupations, openings close to what the graduates need."""
    random = np.random.default_rng(seed)
    programs = int(random.integers(50, 200))
    occupations = int(programs * random.uniform(0.3, 1.1))
    program = np.repeat(np.arange(programs), 3)
    occupation = (program * occupations // programs + random.integers(-2, 3, len(program))) % occupations
    program, occupation = np.unique(np.c_[program, occupation], axis=0).T
    supply = random.integers(1, 10_000, programs)
    fed = np.bincount(occupation, supply[program] / np.bincount(program)[program], occupations)
    return Network(supply, np.round(fed * random.lognormal(0, 0.05, occupations)).astype(np.int64), program, occupation)


@pytest.mark.parametrize("seed", range(12))
def test_the_sums_are_reached_however_little_room_there_is(seed: int) -> None:
    net = random_network(seed)
    flow = maximum_flow(net)
    usable = flow.usable
    program, occupation = net.program[usable], net.occupation[usable]
    preferred = np.random.default_rng(seed).gamma(1, 1, usable.sum())
    amounts = fair_allotment(
        preferred, program, occupation, net.supply.astype(float), net.openings.astype(float),
        flow.crowded_programs, flow.roomy_occupations,
    )  # fmt: skip
    assert amounts.sum() == pytest.approx(flow.total, rel=1e-8)
    by_program = np.bincount(program, amounts, len(net.supply))
    by_occupation = np.bincount(occupation, amounts, len(net.openings))
    assert (by_program <= net.supply * (1 + 1e-9) + 1e-5).all()
    assert (by_occupation <= net.openings * (1 + 1e-9) + 1e-5).all()
    # preferred × a × b: what is left after taking the logarithm is explained by rows and columns.
    left = np.log(amounts / preferred)
    design = np.zeros((len(amounts), len(net.supply) + len(net.openings)))
    design[np.arange(len(amounts)), program] = 1
    design[np.arange(len(amounts)), len(net.supply) + occupation] = 1
    factors = np.linalg.lstsq(design, left, rcond=None)[0]
    assert np.abs(design @ factors - left).max() < 1e-6


def test_an_empty_network_has_an_empty_allotment() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    assert maximum_flow(Network(np.array([3]), np.array([2]), nothing, nothing)).total == 0
    assert len(fair_allotment(nothing.astype(float), nothing, nothing, *[np.zeros(0)] * 2, *[nothing == 1] * 2)) == 0


def test_sums_that_contradict_each_other_are_told() -> None:
    one = np.zeros(1, dtype=np.int64)
    with pytest.raises(ArithmeticError, match="contradict"):
        fair_allotment(np.ones(1), one, one, np.array([2.0]), np.array([3.0]), *[np.array([False])] * 2)


def test_more_graduates_than_can_be_counted_are_refused() -> None:
    one = np.zeros(1, dtype=np.int64)
    with pytest.raises(ValueError, match="more than"):
        maximum_flow(Network(np.array([LARGEST + 1]), np.array([1]), one, one))
