"""Disclosure control (统计信息保密处理): which cells of additive tables are hidden, what can still be told.

Belongs here: primary and complementary suppression of counts that add up, and the attack that proves it.
Does not belong here: which tables are public and how they add up (`reports.public_tables`), how a hidden cell is shown.

A cell is one publishable number; a relation says that some cells add up: Σ coefficient × value = 0 (a total is −1 times
the sum of its parts). Everything that is published together, in whatever file or round, belongs into one set of cells.
A rate or ratio is no cell: it may be shown only where numerator and denominator both are, and then tells nothing new.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse.csgraph import connected_components

SHOWN, SMALL, COMPLEMENTARY, UNPROTECTED, UNPUBLISHED = (
    "shown", "small", "complementary", "unprotected", "unpublished",
)  # fmt: skip
CELL_COLUMNS = ["cell", "value", "least", "most", "cost", "known", "ceiling"]
RELATION_COLUMNS = ["relation", "cell", "coefficient"]
REUSE = 1e-6  # price of moving a cell that is hidden already, so that no needless detour is taken
MOVED = 1e-7


def suppress(cells: pd.DataFrame, relations: pd.DataFrame) -> pd.DataFrame:
    """Hide the cells that must be protected, and the fewest others that keep them from being worked out.

    `cells`: one row per cell with cell (text), value (≥ 0), least and most (the range that has to stay possible for a
    cell that must be protected; NaN for all others), cost (what a reader loses when the cell is hidden; 0 for a cell
    that is published nowhere and stands for what follows from published ones, such as graduates − employed), known
    (True: already public elsewhere, hiding it again protects nothing), ceiling (readers are told that it is no more;
    infinite where they are told nothing). `relations`: relation, cell, coefficient.

    Returns cell and status, in the order of `cells`: "shown", "small" (must be protected), "complementary" (hidden for
    its sake), "unprotected" (must be protected, but what is known already gives more away than `least` to `most`),
    "unpublished" (cost 0; protected all the same where it has a range).
    For each protected cell two linear programs look for the cheapest change of the table that keeps every relation,
    leaves known cells alone and moves the cell to `least` and to `most`; the cells that the change moves are hidden. A
    cell that a change found for another has moved so far needs none. As hiding more never narrows a range, every
    protected cell keeps its range at the end. Source: the linear heuristic
    for complementary cell suppression, J. P. Kelly, B. L. Golden, A. A. Assad, Cell suppression: disclosure protection
    for sensitive tabular data, Networks 22, 1992; M. Fischetti, J. J. Salazar, Management Science 47, 2001.

    Raises ValueError on a negative or missing value, a cell named twice, or a relation that does not hold.
    """
    check_tables(cells, relations)
    status = pd.Series(SHOWN, index=cells.index)
    for rows, matrix in parts(cells, relations):
        part = cells.loc[rows]
        status.loc[rows] = suppress_part(part, matrix)
    return pd.DataFrame({"cell": cells["cell"], "status": status})


def attack(cells: pd.DataFrame, relations: pd.DataFrame, hidden: pd.Series) -> pd.DataFrame:
    """What can be worked out of each hidden cell from all shown ones: the narrowest range that linear programs prove.

    `cells` and `relations` as in `suppress` (least and known are not used); `hidden`: True where a cell is not shown,
    in the order of `cells`. Returns cell, value, low, high, one row per hidden cell that is published anywhere (cost >
    0) or must be protected; high is infinite where nothing binds. The attacker knows every shown cell, every relation,
    every ceiling, and that no count is negative.
    """
    check_tables(cells, relations)
    found = []
    for rows, matrix in parts(cells, relations):
        part, secret = cells.loc[rows], hidden.loc[rows].to_numpy(dtype=bool)
        ceilings = part.loc[secret, "ceiling"].to_numpy(dtype=float)
        unknown = matrix[:, secret]
        stated = -matrix[:, ~secret] @ part["value"].to_numpy(dtype=float)[~secret]
        for place, (cell, value, most, cost) in enumerate(
            part.loc[secret, ["cell", "value", "most", "cost"]].itertuples(index=False)
        ):
            if cost > 0 or most == most:  # noqa: PLR0124
                found.append((cell, value, *bounds_of(unknown, stated, ceilings, place)))
    return pd.DataFrame(found, columns=["cell", "value", "low", "high"])


def check_tables(cells: pd.DataFrame, relations: pd.DataFrame) -> None:
    """ValueError unless values are counts below their ceilings, cells are named once and every relation holds."""
    if cells["cell"].duplicated().any():
        raise ValueError(f"a cell is named twice: {cells['cell'][cells['cell'].duplicated()].iloc[0]}")
    values = cells.set_index("cell")["value"].astype(float)
    if not (np.isfinite(values) & (values >= 0)).all():
        raise ValueError(f"a cell has no count: {values.index[~(np.isfinite(values) & (values >= 0))][0]}")
    over = cells["value"].to_numpy(dtype=float) > cells["ceiling"].to_numpy(dtype=float) + 1e-6
    if over.any():
        raise ValueError(f"a cell lies above its ceiling: {cells['cell'][over].iloc[0]}")
    unknown = set(relations["cell"]) - set(values.index)
    if unknown:
        raise ValueError(f"a relation names a cell that is not there: {min(unknown)}")
    sums = (relations["coefficient"] * relations["cell"].map(values)).groupby(relations["relation"]).sum()
    scale = relations["cell"].map(values).groupby(relations["relation"]).max()
    apart = sums.abs() > 1e-6 * (1 + scale)
    if apart.any():
        raise ValueError(f"the relation {sums.index[apart][0]} does not add up: {sums[apart].iloc[0]:g} left over")


def parts(cells: pd.DataFrame, relations: pd.DataFrame) -> Iterator[tuple[pd.Index, sparse.csr_array]]:
    """The cells in groups that no relation joins, each with its relations as a matrix (relation × cell)."""
    column = pd.Series(np.arange(len(cells)), index=cells["cell"])
    at = column.loc[relations["cell"]].to_numpy()
    names, row = np.unique(relations["relation"].to_numpy(dtype=str), return_inverse=True)
    matrix = sparse.csr_array(
        (relations["coefficient"].to_numpy(dtype=float), (row, at)), shape=(len(names), len(cells))
    )
    links = sparse.coo_array((np.ones(len(at)), (at, len(cells) + row)), shape=(len(cells) + len(names),) * 2)
    _, group = connected_components(links, directed=False)
    order = np.argsort(group[: len(cells)], kind="stable")
    for places in np.split(order, np.flatnonzero(np.diff(group[: len(cells)][order])) + 1):
        if len(places):
            own = group[len(cells) :] == group[places[0]]
            yield cells.index[places], matrix[own][:, places]


def suppress_part(part: pd.DataFrame, matrix: sparse.csr_array) -> NDArray[np.object_]:
    """The status of every cell of one group."""
    values = part["value"].to_numpy(dtype=float)
    known = part["known"].to_numpy(dtype=bool)
    wanted = part["most"].notna().to_numpy()
    status = np.where(wanted, SMALL, SHOWN).astype(object)
    cost = part["cost"].to_numpy(dtype=float)
    room = part["ceiling"].to_numpy(dtype=float) - values
    both_ways = sparse.hstack([matrix, -matrix]).tocsr() if matrix.shape[0] else None
    hidden = (wanted | (cost == 0)) & ~known
    # The furthest that any change found so far has moved each cell: what is reached already needs no search.
    lowest, highest = values.copy(), values.copy()
    # The widest first: what is hidden for them often covers the others.
    for place in sorted(np.flatnonzero(wanted), key=lambda at: -(part["most"].iloc[at] - part["least"].iloc[at])):
        for target in (part["least"].iloc[place], part["most"].iloc[place]):
            if lowest[place] <= target <= highest[place]:
                continue
            prices = np.where(hidden, REUSE, cost)
            move = cheapest_move(both_ways, values, room, prices, known, int(place), target - values[place])
            if move is None:
                status[place] = UNPROTECTED
            else:
                hidden |= np.abs(move) > MOVED
                lowest, highest = np.minimum(lowest, values + move), np.maximum(highest, values + move)
    status[hidden & (status == SHOWN)] = COMPLEMENTARY
    status[(cost == 0) & (status != UNPROTECTED)] = UNPUBLISHED
    return status


def cheapest_move(
    both_ways: sparse.csr_array | None,
    values: NDArray[np.float64],
    room: NDArray[np.float64],
    cost: NDArray[np.float64],
    known: NDArray[np.bool_],
    place: int,
    by: float,
) -> NDArray[np.float64] | None:
    """The cheapest change of all cells that keeps the relations and moves one cell `by`; None when there is none.

    `both_ways`: the relations on what is added to the cells and, negative, on what is taken from them; `room`: how much
    can be added to a cell.
    """
    if by == 0:
        return np.zeros(len(values))
    up = np.where(known, 0.0, room)
    down = np.where(known, 0.0, values)
    if by > 0:
        down[place], lower, upper = 0.0, by, by
    else:
        up[place], lower, upper = 0.0, -by, -by
    if known[place]:
        return None
    bounds = np.column_stack([np.zeros(2 * len(values)), np.concatenate([up, down])])
    bounds[place if by > 0 else len(values) + place] = (lower, upper)
    found = linprog(
        np.concatenate([cost, cost]),
        A_eq=both_ways,
        b_eq=np.zeros(both_ways.shape[0]) if both_ways is not None else None,
        bounds=bounds,
        method="highs",
    )
    if found.status != 0:
        return None
    moved: NDArray[np.float64] = found.x[: len(values)] - found.x[len(values) :]
    return moved


def bounds_of(
    unknown: sparse.csr_array, stated: NDArray[np.float64], ceilings: NDArray[np.float64], place: int
) -> tuple[float, float]:
    """Least and greatest value of one hidden cell under `unknown` @ x = `stated`, 0 ≤ x ≤ `ceilings`."""
    if not unknown.shape[0]:
        return 0.0, float(ceilings[place])
    bounds = np.column_stack([np.zeros(len(ceilings)), ceilings])
    objective = np.zeros(unknown.shape[1])
    limits = []
    for sign in (1.0, -1.0):
        objective[place] = sign
        found = linprog(objective, A_eq=unknown, b_eq=stated, bounds=bounds, method="highs")
        limits.append(np.inf if found.status == 3 else sign * found.fun)
    return limits[0], limits[1]
