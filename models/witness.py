"""Why there is a surplus: the sets of programs that share too few openings.

Belongs here: splitting the smallest minimum cut into witnesses and bottlenecks, on arrays.
Does not belong here: the flow itself (`flow`), frames (`allotment`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.flow import LARGEST, Flow, Network, Truth, Whole, maximum_flow


@dataclass(frozen=True)
class Witnesses:
    """Witness and bottleneck of each program and each occupation by position, 0 where it belongs to none.

    Numbered from 1 on: witnesses by surplus, the largest first; bottlenecks within a witness by graduates per opening,
    the tightest first.
    """

    program_witness: Whole
    program_bottleneck: Whole
    occupation_witness: Whole
    occupation_bottleneck: Whole


def witnesses(flow: Flow) -> Witnesses:
    """Every surplus explained by programs that share too few openings.

    A *witness* is a connected part of the smallest minimum cut: its programs feed its occupations and no other, all its
    openings are filled, and its surplus, graduates − openings, is the same in every maximum flow. The surpluses of all
    witnesses add up to all graduates − all placed. No smaller set of its programs explains as much: for every proper
    subset, graduates − openings within reach is less. (P. Hall, On representatives of subsets, Journal of the London
    Mathematical Society 10, 1935: graduates can all be placed unless some programs share too few openings; the smallest
    set of largest deficit is unique.) Occupations without openings do not connect programs.

    A witness of many programs is read through its *bottlenecks*: the first is its most crowded part, the programs with
    most graduates per opening within their reach; the next is the same among the others, with the openings of the
    first left out because the graduates of the first fill them; and so on. Every bottleneck has more graduates than
    openings, the deficits of a witness's bottlenecks add up to its surplus, and no smaller set of a bottleneck's
    programs explains as much. Source: S. Fujishige, Lexicographically optimal base of a polymatroid with respect to a
    weight vector, Mathematics of Operations Research 5, 1980. Two parts whose graduates per opening differ by less than
    one in (2³¹ − 1) / graduates may stay together.
    """
    net = flow.network
    crowded = flow.crowded_programs & (net.supply > 0)
    tied = crowded[net.program] & (net.openings[net.occupation] > 0)
    cut = Network(net.supply, net.openings, net.program[tied], net.occupation[tied])
    parts = [part for part in _connected(cut) if crowded[part[0][0]]]
    parts.sort(key=lambda part: int(net.openings[part[1]].sum() - net.supply[part[0]].sum()))  # largest surplus first
    found = Witnesses(*(np.zeros(size, dtype=np.int64) for size in (len(net.supply),) * 2 + (len(net.openings),) * 2))
    for number, (programs, occupations) in enumerate(parts, start=1):
        found.program_witness[programs] = number
        found.occupation_witness[occupations] = number
        tight = _bottlenecks(net, programs, occupations)
        for place, (some, their) in enumerate(tight, start=1):
            found.program_bottleneck[some] = place
            found.occupation_bottleneck[their] = place
    return found


def _connected(net: Network) -> Iterator[tuple[Whole, Whole]]:
    """Positions of programs and occupations of each connected part that has a program, by first program."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    size = len(net.supply)
    ends = (net.program, size + net.occupation)
    shape = (size + len(net.openings),) * 2
    _, part = connected_components(csr_array((np.ones(len(net.program), dtype=np.int8), ends), shape), directed=False)
    order = np.argsort(part, kind="stable")
    bounds = np.flatnonzero(np.diff(part[order])) + 1
    for members in np.split(order, bounds):
        chosen = members[members < size]
        if len(chosen):
            yield chosen, members[members >= size] - size


def _bottlenecks(net: Network, programs: Whole, occupations: Whole) -> list[tuple[Whole, Whole]]:
    """The bottlenecks of one witness, the tightest first, as positions of programs and occupations.

    Divide and conquer: within a set of programs, the smallest part that has more graduates per opening than the set as
    a whole comes before the rest of the set; a set without such a part is a level, and its connected parts are the
    bottlenecks.
    """
    found: list[tuple[Whole, Whole]] = []
    open_sets = [(programs, occupations)]
    while open_sets:
        some, their = open_sets.pop()
        inside = [np.zeros(len(net.supply), dtype=bool), np.zeros(len(net.openings), dtype=bool)]
        inside[0][some], inside[1][their] = True, True
        part = net.part(*inside)
        tighter = _tighter_part(part)
        if tighter is None:
            found += [(some[a], their[b]) for a, b in _connected(part)]
            continue
        a, b = tighter
        open_sets += [(some[~a], their[~b]), (some[a], their[b])]  # the last one in is the next one out
    return found


def _tighter_part(net: Network) -> tuple[Truth, Truth] | None:
    """The smallest part with more graduates per opening than all of `net`, or None when all is equally crowded.

    It is the source side of the minimum cut after graduates and openings are brought to the same sum.
    """
    graduates, openings = int(net.supply.sum()), int(net.openings.sum())
    if len(net.supply) == 1 or not openings:
        return None
    scale = LARGEST // max(graduates, 1)
    per_opening = -(-graduates * scale // openings)  # rounded up, so that the whole itself is not above it
    flow = maximum_flow(Network(net.supply * scale, net.openings * per_opening, net.program, net.occupation))
    programs, occupations = flow.crowded_programs, flow.crowded_occupations
    if not programs.any() or programs.all():
        return None
    return programs, occupations
