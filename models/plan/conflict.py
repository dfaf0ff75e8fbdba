"""Why there is no plan: a smallest set of requirements that contradict each other.

Belongs here: finding the set. Does not belong here: its words (`reports`), the plan itself (`models.plan.program`).

Every requirement is first made elastic (it may be missed at a cost of 1 per seat); what is missed at the least cost is
made firm, again and again, until nothing is feasible. Of the firm ones each is then left out that the contradiction
does not need. Source of both filters: J. W. Chinneck, Feasibility and infeasibility in optimization, Springer 2008,
chapter 6.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from models.plan.limits import DISTRICT, Limits

CONFLICT_COLUMNS = ["kind", "school_id", "units", "least", "most"]
REFINED = 200  # rows of single units up to which the set is narrowed down to units


def conflict(limits: Limits) -> pd.DataFrame:
    """One row per contradicting requirement, none when the limits can be met.

    `kind`; `school_id` ("*": the district); `units`: the units whose requirement it is (empty for those of schools and
    district); `least` and `most`: seats asked for or allowed, summed over the units. Leaving out any one row makes the
    others feasible; requirements of one kind in one school count as one where more than REFINED units are concerned.
    """
    rows = limits.requirements.reset_index(drop=True)
    school_of = dict(zip(limits.units["unit"], limits.units["school_id"], strict=True))
    rows["school_id"] = [school_of.get(who, who) for who in rows["who"]]
    rows["of_unit"] = rows["who"].isin(school_of)
    rows["group"] = rows.groupby(["kind", "school_id"], sort=True).ngroup()
    system = System(limits.units, rows)
    if system.missed(set(rows["group"]), set()) is not None:
        return pd.DataFrame(columns=CONFLICT_COLUMNS)
    needed = irreducible(system, set(rows["group"]))
    kept = rows[rows["group"].isin(needed)].reset_index(drop=True)
    if kept["of_unit"].sum() <= REFINED:
        kept["group"] = np.arange(len(kept))
        needed = irreducible(System(limits.units, kept), set(kept["group"]))
        kept = kept[kept["group"].isin(needed)]
    found = [
        {
            "kind": kind,
            "school_id": school,
            "units": sorted(part.loc[part["of_unit"], "who"]),
            "least": part["least"].sum(min_count=1),
            "most": part["most"].sum(min_count=1),
        }
        for (kind, school), part in kept.groupby(["kind", "school_id"], sort=True)
    ]
    return pd.DataFrame(found, columns=CONFLICT_COLUMNS)


def irreducible(system: "System", groups: set[int]) -> set[int]:
    """The groups of an infeasible set that are needed for its infeasibility; elastic filter, then deletion filter."""
    firm: set[int] = set()
    while (missed := system.missed(firm, groups - firm)) is not None:
        if not missed:
            raise ValueError("the requirements do not contradict each other")
        firm |= missed
    for group in sorted(firm):
        if system.missed(firm - {group}, set()) is None:
            firm -= {group}
    return firm


class System:
    """The requirements alone, as a mixed-integer program over seats and openings of units."""

    def __init__(self, units: pd.DataFrame, rows: pd.DataFrame) -> None:
        """`units`: see `Limits`; `rows`: kind, who, school_id, least, most, group."""
        self.rows = rows
        self.n = len(units)
        unit, school = units["unit"].to_numpy(), units["school_id"].to_numpy()
        who = rows["who"].to_numpy()
        members = (who[:, None] == unit) | (who[:, None] == school) | (who[:, None] == DISTRICT)
        self.seats = sparse.csr_array(members, dtype=float)
        self.is_class = (rows["kind"] == "minimum_class").to_numpy()
        self.least = rows["least"].fillna(-np.inf).to_numpy(float)
        self.most = rows["most"].fillna(np.inf).to_numpy(float)
        finite = [*rows["least"].dropna(), *rows["most"].dropna(), 0.0]
        self.largest = float(units["last_seats"].sum() + np.sum(np.abs(finite))) + 1

    def missed(self, firm: Collection[int], elastic: Collection[int]) -> set[int] | None:
        """Groups of the elastic requirements that are missed at the least cost; None when the firm ones are infeasible.

        A class of fewer than the least seats is a missed requirement like any other.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        used = np.flatnonzero(self.rows["group"].isin({*firm, *elastic}))
        gives = self.rows["group"].isin(set(elastic)).to_numpy()[used]
        n, rows = self.n, len(used)
        seats = self.seats[used]
        classes = np.where(self.is_class[used], self.least[used], 0.0)
        is_open = -sparse.diags_array(classes) @ seats  # x − least·y ≥ 0 for a class, y being 1 when x > 0
        slack = sparse.eye_array(rows, format="csr")
        least = np.where(self.is_class[used], 0.0, self.least[used])
        eye = sparse.eye_array(n, format="csr")
        matrix = sparse.vstack(
            [
                sparse.hstack([seats, is_open, slack, sparse.csr_array((rows, rows))]),
                sparse.hstack([seats, sparse.csr_array((rows, n + rows)), -slack]),
                sparse.hstack([eye, -self.largest * eye, sparse.csr_array((n, 2 * rows))]),
            ],
            format="csr",
        )
        low = np.concatenate([least, np.full(rows + n, -np.inf)])
        high = np.concatenate([np.full(rows, np.inf), self.most[used], np.zeros(n)])
        may_give = np.where(gives, self.largest, 0.0)
        found = milp(
            np.concatenate([np.zeros(2 * n), np.ones(2 * rows)]),
            integrality=np.concatenate([np.ones(2 * n), np.zeros(2 * rows)]),
            bounds=Bounds(0.0, np.concatenate([np.full(n, self.largest), np.ones(n), may_give, may_give])),
            constraints=LinearConstraint(matrix, low, high),
        )
        if found.status == 2:
            return None
        if not found.success:
            raise ArithmeticError(found.message)
        short: NDArray[np.float64] = found.x[2 * n : 2 * n + rows] + found.x[2 * n + rows :]
        return {int(group) for group in self.rows["group"].to_numpy()[used][short > 0.5]}
