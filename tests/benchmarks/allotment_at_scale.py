"""How long the balance takes on a nation's programs: 30,000 programs, 1,600 occupations, 400,000 edges.

Belongs here: a made-up network, the maximum flow by several solvers, the parts of the allotment beside the naive sum.
Run as `python -m tests.benchmarks.allotment_at_scale [programs] [seconds for linear programming]`; it prints Markdown.
igraph and OR-tools are measured where they are installed; the project does not need them. On two shared cores the flow
took scipy's Dinic 0.14 s, OR-tools 0.47 s, igraph 1.75 s, HiGHS 68 s by interior point and more than 120 s by simplex;
the whole allotment 3.3 s, the naive sum 0.03 s. That is why `models.flow` uses scipy.

The network: four of five occupations of a program are neighbours, the others popular ones; graduates are log-normal,
openings what the weights would send times a log-normal factor, so that many occupations are short and many are not.
"""

import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd

from models.allotment import allot
from models.fair import fair_allotment
from models.flow import Flow, Network, maximum_flow
from models.witness import witnesses

PROGRAMS, OCCUPATIONS, EDGES, SEED = 30_000, 1_600, 400_000, 20260101
NEIGHBOURS, LOCAL, PATIENCE = 8, 0.8, 120


def made_up(programs: int) -> dict[str, pd.DataFrame]:
    """The frames that `allot` takes, with as many edges per program as the whole has."""
    random = np.random.default_rng(SEED)
    wanted = EDGES * programs // PROGRAMS
    popularity = 1 / np.arange(1, OCCUPATIONS + 1) ** 0.7
    centre = random.integers(0, OCCUPATIONS, programs)
    pairs = np.zeros(0, dtype=np.int64)
    while len(pairs) < wanted:
        program = random.integers(0, programs, wanted)
        near = (centre[program] + random.integers(-NEIGHBOURS, NEIGHBOURS + 1, wanted)) % OCCUPATIONS
        popular = random.choice(OCCUPATIONS, wanted, p=popularity / popularity.sum())
        occupation = np.where(random.random(wanted) < LOCAL, near, popular)
        pairs = np.union1d(pairs, program * OCCUPATIONS + occupation)
    pairs = np.sort(random.choice(pairs, wanted, replace=False))
    program, occupation = pairs // OCCUPATIONS, pairs % OCCUPATIONS
    weight = random.gamma(1, 1, wanted)
    supply = np.maximum(1, random.lognormal(3.2, 0.8, programs)).astype(int)
    sent = supply[program] * weight / np.bincount(program, weight, programs)[program]
    openings = np.round(np.bincount(occupation, sent, OCCUPATIONS) * random.lognormal(-0.5, 1.0, OCCUPATIONS))
    return {
        "supply": pd.DataFrame({"program_code": np.arange(programs), "graduates": supply}),
        "demand": pd.DataFrame({"occupation_code": np.arange(OCCUPATIONS), "openings": openings}),
        "edges": pd.DataFrame({"program_code": program, "occupation_code": occupation, "weight": weight}),
    }


def network_of(frames: dict[str, pd.DataFrame]) -> Network:
    """The frames, whose codes are positions, as a network."""
    edges = frames["edges"]
    return Network(
        frames["supply"]["graduates"].to_numpy(np.int64), frames["demand"]["openings"].to_numpy(np.int64),
        edges["program_code"].to_numpy(np.int64), edges["occupation_code"].to_numpy(np.int64),
    )  # fmt: skip


def naive(frames: dict[str, pd.DataFrame]) -> float:
    """Graduates over the sum of all openings that each program reaches, by merge and groupby; the sum of openings."""
    reached = frames["edges"].merge(frames["demand"], on="occupation_code")
    openings = reached.groupby("program_code")["openings"].sum()
    ratio = frames["supply"].set_index("program_code")["graduates"] / openings
    return float(openings[ratio.notna()].sum())


def arcs(net: Network) -> tuple[np.ndarray, np.ndarray, np.ndarray, int, int]:
    """Tails, heads, capacities, source and sink of the network as solvers take it."""
    programs, occupations = len(net.supply), len(net.openings)
    source, sink = programs + occupations, programs + occupations + 1
    tail = np.concatenate([np.full(programs, source), net.program, programs + np.arange(occupations)])
    head = np.concatenate([np.arange(programs), programs + net.occupation, np.full(occupations, sink)])
    return tail, head, np.concatenate([net.supply, net.supply[net.program], net.openings]), source, sink


def by_igraph(net: Network) -> float:
    """igraph's push-relabel."""
    import igraph

    tail, head, capacity, source, sink = arcs(net)
    graph = igraph.Graph(n=sink + 1, edges=np.c_[tail, head], directed=True)
    return float(graph.maxflow(source, sink, capacity=capacity.tolist()).value)


def by_ortools(net: Network) -> float:
    """OR-tools' push-relabel."""
    from ortools.graph.python import max_flow

    tail, head, capacity, source, sink = arcs(net)
    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(tail, head, capacity)
    solver.solve(source, sink)
    return float(solver.optimal_flow())


def by_highs(net: Network, method: str, patience: float) -> float:
    """A linear program in scipy's HiGHS; NaN when it takes longer than `patience` seconds."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, vstack

    size, ones, place = len(net.program), np.ones(len(net.program)), np.arange(len(net.program))
    limits = vstack(
        [
            csr_array((ones, (end, place)), shape=(len(most), size))
            for end, most in ((net.program, net.supply), (net.occupation, net.openings))
        ]
    )
    bounds = np.concatenate([net.supply, net.openings])
    found = linprog(-ones, A_ub=limits, b_ub=bounds, method=method, options={"time_limit": patience})
    return -float(found.fun) if found.status == 0 else float("nan")


def fair(flow: Flow, weight: np.ndarray) -> float:
    """The fair allotment of a flow; its total."""
    net, usable = flow.network, flow.usable
    share = weight / np.bincount(net.program, weight)[net.program]
    amounts = fair_allotment(
        (net.supply[net.program] * share)[usable], net.program[usable], net.occupation[usable],
        net.supply.astype(float), net.openings.astype(float), flow.crowded_programs, flow.roomy_occupations,
    )  # fmt: skip
    return float(amounts.sum())


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What `work` gives, and the seconds it took."""
    start = time.perf_counter()
    found = work()
    return found, time.perf_counter() - start


def main(programs: int = PROGRAMS, patience: int = PATIENCE) -> None:
    """Measure everything and print a Markdown table; ratios are to the naive sum."""
    frames = made_up(programs)
    net, weight = network_of(frames), frames["edges"]["weight"].to_numpy()
    print(f"{programs} programs, {OCCUPATIONS} occupations, {len(net.program)} edges, {net.supply.sum()} graduates,")
    print(f"{net.openings.sum()} openings\n\n| what | result | seconds | × naive |\n| --- | ---: | ---: | ---: |")
    flow = maximum_flow(net)
    solvers: dict[str, Callable[[], Any]] = {
        "naive sum of reachable openings": lambda: naive(frames),
        "maximum flow, scipy (Dinic)": lambda: float(maximum_flow(net).total),
        "maximum flow, igraph": lambda: by_igraph(net),
        "maximum flow, OR-tools": lambda: by_ortools(net),
        "maximum flow, HiGHS interior point": lambda: by_highs(net, "highs-ipm", patience),
        "maximum flow, HiGHS dual simplex": lambda: by_highs(net, "highs-ds", patience),
        "fair allotment": lambda: fair(flow, weight),
        "witnesses (number)": lambda: float(witnesses(flow).program_witness.max()),
        "all of it on frames": lambda: allot(**frames).matched,
    }
    base = 0.0
    for name, work in solvers.items():
        module = {"igraph": "igraph", "OR-tools": "ortools"}.get(name.split(", ")[-1])
        if module and not find_spec(module):
            print(f"| {name} | not installed | | |", flush=True)
            continue
        result, seconds = timed(work)
        base = base or seconds
        said = f"{result:.0f}" if result == result else f"more than {patience} s"  # noqa: PLR0124
        print(f"| {name} | {said} | {seconds:.2f} | {seconds / base:.1f} |", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
