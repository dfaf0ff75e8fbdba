"""Supply and demand without double counting: graduates and openings allotted to each other, each at most once.

Belongs here: the balance of one region, year and demand signal on frames, and what its columns mean.
Does not belong here: the maximum flow (`flow`), the choice among equal ones (`fair`), witnesses (`witness`); where
graduates, openings and edges come from (`pipelines/sql`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.fair import fair_allotment
from models.flow import LARGEST, Flow, Network, maximum_flow
from models.witness import Witnesses, witnesses

FINEST = 1000  # parts of a graduate that are told apart, where there are parts and not too many graduates
ROOM = 100  # times that all graduates must be countable, so that ratios can be compared (`witness`)
EDGE_COLUMNS = ["program_code", "occupation_code", "preferred", "allotted", "allotted_openings"]
PROGRAM_COLUMNS = [
    "program_code", "graduates", "matched", "surplus", "allotted_openings", "supply_demand_ratio",
    "reachable_openings", "simple_ratio", "one_more_graduate", "witness", "bottleneck",
]  # fmt: skip
OCCUPATION_COLUMNS = [
    "occupation_code", "openings", "filled", "shortage", "preferred", "feeding_programs", "one_more_opening", "witness",
    "bottleneck",
]  # fmt: skip


@dataclass(frozen=True)
class Allotment:
    """The balance of graduates and openings.

    `edges`: one row per program × occupation that the program feeds.
        preferred: graduates × weight: where the program's graduates would go if nothing were short (persons).
        allotted: graduates of the program who take openings of the occupation (persons).
        allotted_openings: openings of the occupation that count for the program, taken or open (jobs).
    `programs`: one row per program.
        graduates = matched + surplus (persons).
        allotted_openings: openings allotted to the program (jobs); all programs together have every opening that
            somebody feeds exactly once.
        supply_demand_ratio: graduates / allotted_openings; above 1 exactly where there is a surplus, below 1 where
            openings remain open for the program; missing where it has no opening at all.
        reachable_openings: all openings of all occupations that the program feeds, the same opening counted again for
            every program; simple_ratio: graduates / reachable_openings. The naive way, shown beside.
        one_more_graduate: the marginal value of a seat, 1 where one more graduate would be placed, else 0.
        witness, bottleneck: number of the set that explains the surplus (`witness.Witnesses`), 0 without.
    `occupations`: one row per occupation.
        openings = filled + shortage (jobs). preferred: sum over programs (persons). feeding_programs: programs with
            graduates that feed it. one_more_opening: the marginal value of an opening, 1 where one more would be
            filled, else 0. witness, bottleneck as above.
    """

    edges: pd.DataFrame
    programs: pd.DataFrame
    occupations: pd.DataFrame

    @property
    def matched(self) -> float:
        """Graduates placed in all; no other way of placing them places more."""
        return float(self.programs["matched"].sum())

    @property
    def counted_more_than_once(self) -> float:
        """What the naive way counts too much: openings summed over programs − the openings that there are (jobs)."""
        within_reach = self.occupations.loc[self.occupations["feeding_programs"] > 0, "openings"].sum()
        return float(self.programs["reachable_openings"].sum() - within_reach)


def allot(supply: pd.DataFrame, demand: pd.DataFrame, edges: pd.DataFrame) -> Allotment:
    """Allot graduates to openings along the edges, each graduate and each opening at most once.

    `supply`: program_code, graduates (≥ 0). `demand`: occupation_code, openings (≥ 0). `edges`: program_code,
    occupation_code, weight (> 0): the occupations that a program feeds and how its graduates are spread over them when
    nothing is short; only the proportions within a program count. Weights are preferences: a graduate may take any job
    that the program feeds. Edges whose program or occupation is not given are left out.

    1. As many graduates as possible are placed: the allotment is a maximum flow.
    2. Among all maximum allotments the one nearest to graduates × weight by relative entropy is taken (`fair`): it is
       unique, does not depend on the order of rows, equals graduates × weight where no occupation is short of openings
       for it, and divides the openings of a short occupation in proportion to graduates × weight as far as graduates
       have no better place.
    3. The openings of an occupation, open ones included, are allotted to programs in proportion to the graduates who go
       there. So each opening counts for one program at most, and graduates / openings allotted is above 1 exactly where
       graduates are left over.

    Graduates and openings are counted in whole persons, or where there are parts of a person (a program that was split
    between two codes) to the thousandth, coarser only beyond 20,000. Raises ValueError on a missing, negative or
    infinite amount, a weight that is not positive, and a repeated code or edge.
    """
    supply = _checked(supply, ["program_code"], "graduates")
    demand = _checked(demand, ["occupation_code"], "openings")
    edges = _checked(edges, ["program_code", "occupation_code"], "weight")
    if (edges["weight"] <= 0).any():
        raise ValueError("edges: a weight is not above 0")
    program = pd.Index(supply["program_code"]).get_indexer(edges["program_code"])
    occupation = pd.Index(demand["occupation_code"]).get_indexer(edges["occupation_code"])
    known = (program >= 0) & (occupation >= 0)
    edges, program, occupation = edges[known], program[known].astype(np.int64), occupation[known].astype(np.int64)
    graduates, openings = supply["graduates"].to_numpy(float), demand["openings"].to_numpy(float)
    parts = parts_of_a_person(graduates, openings)
    network = Network(
        np.rint(graduates * parts).astype(np.int64), np.rint(openings * parts).astype(np.int64), program, occupation
    )
    flow = maximum_flow(network)
    weight = edges["weight"].to_numpy(float)
    share = weight / np.bincount(program, weight, len(supply))[program] if len(edges) else weight
    preferred = network.supply[program] / parts * share
    allotted = _fair(flow, preferred, parts)
    filled = np.bincount(occupation, allotted, len(demand))
    openings, graduates = network.openings / parts, network.supply / parts
    with np.errstate(divide="ignore", invalid="ignore"):
        taken = np.where(filled > 0, openings / filled, 0.0)
    frame = pd.DataFrame(
        {
            "program_code": edges["program_code"].to_numpy(),
            "occupation_code": edges["occupation_code"].to_numpy(),
            "preferred": preferred,
            "allotted": allotted,
            "allotted_openings": allotted * taken[occupation],
        }
    )
    found = witnesses(flow)
    return Allotment(
        frame[EDGE_COLUMNS],
        _programs(supply["program_code"], graduates, openings, frame, flow, found)[PROGRAM_COLUMNS],
        _occupations(demand["occupation_code"], openings, filled, frame, flow, found)[OCCUPATION_COLUMNS],
    )


def parts_of_a_person(graduates: np.ndarray, openings: np.ndarray) -> int:
    """In how many parts a person is counted: one where all amounts are whole, else up to FINEST."""
    if (graduates == np.rint(graduates)).all() and (openings == np.rint(openings)).all():
        return 1
    parts = FINEST
    while parts > 1 and graduates.sum() * parts * ROOM > LARGEST:
        parts //= 10
    return parts


def _checked(frame: pd.DataFrame, key: list[str], amount: str) -> pd.DataFrame:
    """The frame sorted by key; ValueError on an amount that is none, or a repeated key."""
    values = frame[amount].to_numpy(float)
    if not np.isfinite(values).all() or (values < 0).any():
        wrong = frame[~(np.isfinite(values) & (values >= 0))].iloc[0]
        raise ValueError(f"{amount} of {' × '.join(str(wrong[name]) for name in key)} is {wrong[amount]}")
    if frame.duplicated(key).any():
        twice = frame[frame.duplicated(key)].iloc[0]
        raise ValueError(f"{' × '.join(str(twice[name]) for name in key)} is given twice")
    return frame.sort_values(key, ignore_index=True)


def _fair(flow: Flow, preferred: np.ndarray, parts: int) -> np.ndarray:
    """The fair allotment by edge; edges that no maximum flow uses get nothing."""
    net, usable = flow.network, flow.usable
    allotted = np.zeros(len(preferred))
    allotted[usable] = fair_allotment(
        preferred[usable],
        net.program[usable],
        net.occupation[usable],
        net.supply / parts,
        net.openings / parts,
        flow.crowded_programs,
        flow.roomy_occupations,
    )
    return allotted


def _programs(
    codes: pd.Series, graduates: np.ndarray, openings: np.ndarray, edges: pd.DataFrame, flow: Flow, found: Witnesses
) -> pd.DataFrame:
    """One row per program. Where the flow proves a value it is set, so that no rounding remains."""
    net, size = flow.network, len(codes)
    placed = np.bincount(net.program, edges["allotted"], size)
    surplus = _beyond_rounding(np.where(flow.crowded_programs, graduates - placed, 0.0))
    counted = np.maximum(np.bincount(net.program, edges["allotted_openings"], size), graduates)
    allotted_openings = np.where(flow.roomy_programs, counted, graduates - surplus)
    reachable = np.bincount(net.program, openings[net.occupation], size)
    return pd.DataFrame(
        {
            "program_code": codes,
            "graduates": graduates,
            "matched": graduates - surplus,
            "surplus": surplus,
            "allotted_openings": allotted_openings,
            "supply_demand_ratio": _ratio(graduates, allotted_openings),
            "reachable_openings": reachable,
            "simple_ratio": _ratio(graduates, reachable),
            "one_more_graduate": flow.roomy_programs.astype(int),
            "witness": found.program_witness,
            "bottleneck": found.program_bottleneck,
        }
    )


def _occupations(
    codes: pd.Series, openings: np.ndarray, filled: np.ndarray, edges: pd.DataFrame, flow: Flow, found: Witnesses
) -> pd.DataFrame:
    """One row per occupation. Where the flow proves a value it is set, so that no rounding remains."""
    net, size = flow.network, len(codes)
    shortage = _beyond_rounding(np.where(flow.roomy_occupations, openings - filled, 0.0))
    return pd.DataFrame(
        {
            "occupation_code": codes,
            "openings": openings,
            "filled": openings - shortage,
            "shortage": shortage,
            "preferred": np.bincount(net.occupation, edges["preferred"], size),
            "feeding_programs": np.bincount(net.occupation, net.supply[net.program] > 0, size).astype(int),
            "one_more_opening": flow.crowded_occupations.astype(int),
            "witness": found.occupation_witness,
            "bottleneck": found.occupation_bottleneck,
        }
    )


def _beyond_rounding(amounts: np.ndarray) -> np.ndarray:
    """Amounts of persons; what is less than a millionth of one is none."""
    found: np.ndarray = np.where(amounts < 1e-6, 0.0, amounts)
    return found


def _ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Numerator / denominator, missing where the denominator is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: np.ndarray = np.where(denominator > 0, numerator / denominator, np.nan)
    return found
