"""Small made-up networks of programs and occupations, and what can be worked out about them by trying every subset."""

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st


def frames(supply: dict[str, float], demand: dict[str, float], edges: dict[tuple[str, str], float]) -> dict[str, Any]:
    """The three frames that `allot` takes."""
    return {
        "supply": pd.DataFrame({"program_code": list(supply), "graduates": list(supply.values())}),
        "demand": pd.DataFrame({"occupation_code": list(demand), "openings": list(demand.values())}),
        "edges": pd.DataFrame(
            [(program, occupation, weight) for (program, occupation), weight in edges.items()],
            columns=["program_code", "occupation_code", "weight"],
        ),
    }


@st.composite
def networks(draw: st.DrawFn, programs: int = 6, occupations: int = 5, most: int = 12) -> dict[str, Any]:
    """A network with whole graduates and openings, some of them 0, and weights that differ much."""
    names = [f"p{n}" for n in range(draw(st.integers(1, programs)))]
    jobs = [f"o{n}" for n in range(draw(st.integers(1, occupations)))]
    amounts = st.integers(0, most)
    pairs = draw(st.sets(st.tuples(st.sampled_from(names), st.sampled_from(jobs)), max_size=len(names) * len(jobs)))
    weights = st.sampled_from([0.01, 0.2, 0.5, 1.0])
    return frames(
        {name: draw(amounts) for name in names},
        {job: draw(amounts) for job in jobs},
        {pair: draw(weights) for pair in sorted(pairs)},
    )


class ByHand:
    """A network's truths by trying every set of programs: Hall's condition, with nothing of a flow in it."""

    def __init__(self, network: dict[str, Any]) -> None:
        self.supply = dict(network["supply"].itertuples(index=False, name=None))
        self.openings = dict(network["demand"].itertuples(index=False, name=None))
        self.fed: dict[str, set[str]] = {program: set() for program in self.supply}
        for program, occupation in network["edges"][["program_code", "occupation_code"]].itertuples(index=False):
            self.fed[program].add(occupation)

    def deficit(self, programs: set[str] | frozenset[str], besides: set[str] | frozenset[str] = frozenset()) -> float:
        """Graduates of the programs − openings that they can reach, without those in `besides`."""
        reached = set().union(*(self.fed[program] for program in programs)) - besides
        return sum(self.supply[p] for p in programs) - sum(self.openings[o] for o in reached)

    def most_placed(self) -> float:
        """All graduates − the largest deficit of any set of programs."""
        return sum(self.supply.values()) - max(self.deficit(some) for some in subsets(self.supply))


def subsets(items: Any) -> list[frozenset[str]]:
    """Every subset, the empty one first."""
    items = list(items)
    return [frozenset(some) for size in range(len(items) + 1) for some in combinations(items, size)]


def largest_allotments(network: dict[str, Any], cost: np.ndarray, total: float) -> np.ndarray:
    """By linear programming, the cheapest of all allotments that place `total`, one amount per edge in order."""
    from scipy.optimize import linprog

    edges = network["edges"]
    if edges.empty:
        return np.zeros(0)
    rows, bounds = [], []
    for table, key, amount in (("supply", "program_code", "graduates"), ("demand", "occupation_code", "openings")):
        for code, most in network[table][[key, amount]].itertuples(index=False):
            rows.append((edges[key] == code).to_numpy(float))
            bounds.append(most)
    found = linprog(cost, A_ub=np.array(rows), b_ub=bounds, A_eq=np.ones((1, len(edges))), b_eq=[total])
    assert found.success
    return found.x
