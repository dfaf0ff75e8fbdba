"""Maximum flow of graduates from programs to openings of occupations, exact, with what its residual graph proves.

Belongs here: whole numbers on arrays: the flow, which ends could take more, which edges can be used at all.
Does not belong here: how a flow is chosen among equally large ones (`fair`), frames (`allotment`).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Truth = NDArray[np.bool_]
LARGEST = 2**31 - 1  # scipy counts a flow in 32 bits


@dataclass(frozen=True)
class Network:
    """Programs with graduates, occupations with openings, and edges program -> occupation, all by position.

    `supply` by program and `openings` by occupation are whole numbers of at least 0; `program` and `occupation` are the
    two ends of each edge, no edge twice. An edge has no capacity of its own: a graduate may take any job that the
    program feeds.
    """

    supply: Whole
    openings: Whole
    program: Whole
    occupation: Whole

    def part(self, programs: Truth, occupations: Truth) -> "Network":
        """The same without the other programs and occupations and without the edges that would lose an end."""
        kept = programs[self.program] & occupations[self.occupation]
        place_of_program, place_of_occupation = np.cumsum(programs) - 1, np.cumsum(occupations) - 1
        return Network(
            self.supply[programs],
            self.openings[occupations],
            place_of_program[self.program[kept]],
            place_of_occupation[self.occupation[kept]],
        )


@dataclass(frozen=True)
class Flow:
    """A maximum flow: graduates on each edge, placed by program, openings filled by occupation.

    The other members hold for every maximum flow of the network, not for this one only, and prove that it is maximal:
    `crowded_programs` and `crowded_occupations` are what a path of the residual graph reaches from the source. They
    are the source side of the smallest minimum cut: crowded programs feed crowded occupations only, those are full, so
    that the graduates beyond their openings have no place (Hall's condition fails). One more opening there is filled,
    one more graduate is not placed. `roomy_programs` and `roomy_occupations` reach the sink: one more graduate is
    placed, one more opening stays open. What is neither is balanced exactly. `usable` marks the edges that carry
    somebody in at least one maximum flow: the two ends lie in one strongly connected component of the residual graph.
    Source: L. R. Ford, D. R. Fulkerson, Maximal flow through a network, Canadian Journal of Mathematics 8, 1956; A. L.
    Dulmage, N. S. Mendelsohn, Coverings of bipartite graphs, same journal 10, 1958.
    """

    network: Network
    edge: Whole

    @property
    def total(self) -> int:
        """Graduates placed in all."""
        return int(self.edge.sum())

    @cached_property
    def placed(self) -> Whole:
        """Graduates placed, by program."""
        return _sums(self.network.program, self.edge, len(self.network.supply))

    @cached_property
    def filled(self) -> Whole:
        """Openings filled, by occupation."""
        return _sums(self.network.occupation, self.edge, len(self.network.openings))

    @cached_property
    def crowded_programs(self) -> Truth:
        """Programs of which one more graduate could not be placed because their occupations are overfull."""
        return self._reached_from_source[: len(self.network.supply)]

    @cached_property
    def crowded_occupations(self) -> Truth:
        """Occupations in which one more opening would be filled."""
        return self._reached_from_source[len(self.network.supply) : -2]

    @cached_property
    def roomy_programs(self) -> Truth:
        """Programs of which one more graduate would be placed."""
        return self._reaching_sink[: len(self.network.supply)]

    @cached_property
    def roomy_occupations(self) -> Truth:
        """Occupations in which one more opening would stay open: they have, or can be given, an open one."""
        return self._reaching_sink[len(self.network.supply) : -2]

    @cached_property
    def usable(self) -> Truth:
        """Edges that carry somebody in at least one maximum flow."""
        from scipy.sparse.csgraph import connected_components

        _, component = connected_components(self._residual, directed=True, connection="strong")
        programs = len(self.network.supply)
        found: Truth = component[self.network.program] == component[programs + self.network.occupation]
        return found & (self.network.supply[self.network.program] > 0)

    @cached_property
    def _residual(self):  # type: ignore[no-untyped-def]
        """Arcs along which the flow can be changed: programs, occupations, source, sink."""
        from scipy.sparse import csr_array

        net = self.network
        programs, occupations = len(net.supply), len(net.openings)
        source, sink = programs + occupations, programs + occupations + 1
        used = self.edge > 0
        unplaced, placing = np.flatnonzero(self.placed < net.supply), np.flatnonzero(self.placed > 0)
        unfilled, filling = np.flatnonzero(self.filled < net.openings), np.flatnonzero(self.filled > 0)
        arcs = [
            (net.program, programs + net.occupation),
            (programs + net.occupation[used], net.program[used]),
            (np.full(len(unplaced), source), unplaced),
            (placing, np.full(len(placing), source)),
            (programs + unfilled, np.full(len(unfilled), sink)),
            (np.full(len(filling), sink), programs + filling),
        ]
        tail, head = (np.concatenate(ends) for ends in zip(*arcs, strict=True))
        return csr_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(sink + 1, sink + 1))

    @cached_property
    def _reached_from_source(self) -> Truth:
        return _reached(self._residual, self._residual.shape[0] - 2)

    @cached_property
    def _reaching_sink(self) -> Truth:
        return _reached(self._residual.T.tocsr(), self._residual.shape[0] - 1)


def maximum_flow(network: Network) -> Flow:
    """A flow that places as many graduates as can be placed, each opening at most once.

    scipy's algorithm of Dinic, chosen by speed (tests/benchmarks/allotment_at_scale.py). Raises ValueError when there
    are more graduates than 32 bits count.
    """
    from scipy.sparse import csgraph, csr_array

    programs, occupations = len(network.supply), len(network.openings)
    if network.supply.sum() > LARGEST:
        raise ValueError(f"{network.supply.sum()} graduates are more than the {LARGEST} that can be counted at once")
    if not len(network.program):
        return Flow(network, np.zeros(0, dtype=np.int64))
    source, sink = programs + occupations, programs + occupations + 1
    in_reach = _sums(network.occupation, network.supply[network.program], occupations)
    capacity = np.concatenate(
        [network.supply, network.supply[network.program], np.minimum(network.openings, in_reach)]
    ).astype(np.int32)
    tail = np.concatenate(
        [np.full(programs, source), network.program, programs + np.arange(occupations)]
    )  # source -> program -> occupation -> sink
    head = np.concatenate([np.arange(programs), programs + network.occupation, np.full(occupations, sink)])
    graph = csr_array((capacity, (tail, head)), shape=(sink + 1, sink + 1))
    found = csgraph.maximum_flow(graph, source, sink, method="dinic").flow
    edge = np.asarray(found[network.program, programs + network.occupation]).ravel().astype(np.int64)
    return Flow(network, edge)


def _sums(place: Whole, amount: Whole, size: int) -> Whole:
    """Whole amounts added up by place."""
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, place, amount)
    return sums


def _reached(graph, start: int) -> Truth:  # type: ignore[no-untyped-def]
    """Nodes to which a directed path leads from `start`."""
    from scipy.sparse.csgraph import breadth_first_order

    found = np.zeros(graph.shape[0], dtype=bool)
    found[breadth_first_order(graph, start, return_predecessors=False)] = True
    return found
