"""The plan as a mixed-integer linear program: its columns, rows and three ways of solving it with HiGHS.

Belongs here: matrices. Does not belong here: what limits there are (`models.plan.limits`), which words a solution gets
(`models.plan.reasons`), why there is none (`models.plan.conflict`).

Columns: seats x of each unit (whole), flow f from each program to each of its occupations, open y (0 or 1; 1 where a
unit may not close), and steps of change. Rows:

    y·max(low, class) ≤ x ≤ y·high          a unit opens with a class or not at all
    Σ_o f(p, o) ≤ Σ_u∈p per_seat(u)·x(u)    a program places at most its matched graduates
    Σ_p f(p, o) ≤ openings(o)               an opening takes at most one graduate
    least ≤ Σ x ≤ most                      of a school, of the district
    |x − last year's seats| ≤ Σ steps(u)    a step holds STEP of last year's seats

Three solutions: the *closest* plan has the least distance from last year, the sum over all steps of the n-th step
counting n times, so that changes are shared rather than heaped on one unit; the *best* one has the greatest Σ f; the
plan is the closest of those that keep a stated share of the best one's gain over the closest one.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from models.plan.limits import DISTRICT, Limits

STEP, STEPS = 0.05, 20  # the distance from last year is counted in steps of 5 %, all beyond 100 % alike
GAPS = {"best": 1e-6, "closest": 1e-3}  # relative gaps at which the solver stops
TOLERANCE = 1e-7  # what rounding may take off the placements that a plan keeps, relative
Floats = NDArray[np.float64]


class NoPlan(Exception):
    """No seats meet all requirements."""


@dataclass(frozen=True)
class Program:
    """One plan to be solved.

    `limits`: see `models.plan.limits`; `per_seat`: matched placements per seat, in the order of `limits.units`.
    `edges`: one row per program_code × occupation_code. `openings`: one row per occupation_code of the edges. Both
    sorted.
    """

    limits: Limits
    per_seat: Floats
    edges: pd.DataFrame
    openings: pd.DataFrame

    @cached_property
    def units(self) -> pd.DataFrame:
        """One row per unit."""
        return self.limits.units

    @cached_property
    def last(self) -> Floats:
        """Last year's seats."""
        return self.units["last_seats"].to_numpy(float)

    @cached_property
    def programs(self) -> pd.Index:
        """Codes of the programs, sorted."""
        return pd.Index(sorted(self.units["program_code"].unique()))

    @cached_property
    def program_of(self) -> NDArray[np.intp]:
        """Position of each unit's program."""
        return self.programs.get_indexer(pd.Index(self.units["program_code"]))

    @cached_property
    def supply(self) -> sparse.csr_array:
        """Program × unit: matched graduates per seat."""
        of = self.program_of
        return sparse.csr_array((self.per_seat, (of, np.arange(len(of)))), shape=(len(self.programs), len(of)))

    @cached_property
    def sends(self) -> sparse.csr_array:
        """Program × edge: 1 where the edge leaves the program."""
        at = self.programs.get_indexer(pd.Index(self.edges["program_code"]))
        return sparse.csr_array((np.ones(len(at)), (at, np.arange(len(at)))), shape=(len(self.programs), len(at)))

    @cached_property
    def takes(self) -> sparse.csr_array:
        """Occupation × edge: 1 where the edge reaches the occupation."""
        at = pd.Index(self.openings["occupation_code"]).get_indexer(pd.Index(self.edges["occupation_code"]))
        return sparse.csr_array((np.ones(len(at)), (at, np.arange(len(at)))), shape=(len(self.openings), len(at)))

    @cached_property
    def shared(self) -> pd.DataFrame:
        """The requirements of schools and of the district: kind, who, least, most."""
        rows = self.limits.requirements
        own = {"verdict", "no_growth", "not_offered", "minimum_class", "change_down", "change_up"}
        return rows[~rows["kind"].isin(own)].reset_index(drop=True)

    @cached_property
    def members(self) -> sparse.csr_array:
        """Shared requirement × unit: 1 where the unit counts."""
        school = self.units["school_id"].to_numpy()
        who = self.shared["who"].to_numpy()
        return sparse.csr_array((who[:, None] == school[None, :]) | (who[:, None] == DISTRICT), dtype=float)

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """Seats of a unit when it is open: least and most, most being finite."""
        low = self.units[["low", "smallest_class"]].max(axis=1).to_numpy(float)
        most = self.shared["most"].to_numpy()[:, None]
        roof = np.where(self.members.toarray() > 0, np.where(np.isnan(most), np.inf, most), np.inf).min(
            axis=0, initial=np.inf
        )
        # Beyond all openings that it reaches no seat of a unit is of use, unless somebody asks for a number of seats.
        reach = self.sends @ self.widest
        with np.errstate(divide="ignore", invalid="ignore"):
            useful = np.where(self.per_seat > 0, np.ceil(reach[self.program_of] / self.per_seat), 0.0)
        asked = np.nansum(self.shared["least"].to_numpy(float), initial=0.0)
        enough = np.maximum.reduce([useful, self.last, low]) + asked
        return low, np.minimum(np.minimum(self.units["high"].to_numpy(float), roof), enough)

    @cached_property
    def jobs(self) -> Floats:
        """Openings of each occupation."""
        return self.openings["openings"].to_numpy(float)

    @cached_property
    def widest(self) -> Floats:
        """The most that an edge can carry."""
        widest: Floats = self.takes.T @ self.jobs
        return widest

    def solve(self, gain_kept: float) -> "Solution":
        """The plan. Raises NoPlan when nothing is feasible."""
        best = self.best()
        if gain_kept < 1:
            closest = float(self.place(self._solve("closest")).sum())
            floor = closest + gain_kept * (best - closest)
        else:
            floor = best
        seats = self._solve("closest", floor - TOLERANCE * max(1.0, floor))
        return Solution(seats, self.place(seats), best)

    def best(self) -> float:
        """The most matched placements of any plan. Raises NoPlan when nothing is feasible."""
        return float(self.place(self._solve("best")).sum())

    def place(self, seats: Floats) -> Floats:
        """The flow that places most graduates of given seats."""
        from scipy.optimize import linprog

        if not len(self.edges):
            return np.zeros(0)
        matrix = sparse.vstack([self.sends, self.takes], format="csr")
        bound = np.concatenate([self.supply @ seats, self.jobs])
        found = linprog(-np.ones(len(self.edges)), A_ub=matrix, b_ub=bound, method="highs")
        if not found.success:
            raise ArithmeticError(found.message)
        flow: Floats = np.maximum(found.x, 0.0)
        return flow

    def prices(self, seats: Floats) -> "Prices":
        """Dual values of the best linear plan in which the units that are open stay open and the others closed."""
        from scipy.optimize import linprog

        n, flows = len(self.units), len(self.edges)
        is_open = (seats > 0.5).astype(float)
        low, high = self.bounds
        matrix, least, most = self._rows(n + flows).whole()
        above, below = np.isfinite(most), np.isfinite(least)
        found = linprog(
            np.concatenate([np.zeros(n), -np.ones(flows)]),
            A_ub=sparse.vstack([matrix[above], -matrix[below]], format="csr"),
            b_ub=np.concatenate([most[above], -least[below]]),
            bounds=np.column_stack(
                [
                    np.concatenate([low * is_open, np.zeros(flows)]),
                    np.concatenate([high * is_open, np.full(flows, np.inf)]),
                ]
            ),
            method="highs",
        )
        if not found.success:
            raise ArithmeticError(found.message)
        worth = np.zeros(matrix.shape[0])
        worth[above] -= found.ineqlin.marginals[: above.sum()]
        worth[below] += found.ineqlin.marginals[above.sum() :]
        of_program, of_occupation, of_shared = np.split(worth, np.cumsum([len(self.programs), len(self.jobs)]))
        # One more graduate fills one more opening at most; the dual of a program without seats may be larger.
        return Prices(
            -found.lower.marginals[:n], -found.upper.marginals[:n], of_shared, np.minimum(of_program, 1), of_occupation
        )

    def _rows(self, columns: int) -> "Rows":
        """The rows of programs, occupations and shared requirements, over x and f."""
        rows = Rows(columns)
        rows.add(sparse.hstack([-self.supply, self.sends], format="csr"), -np.inf, 0.0)
        nobody = sparse.csr_array((len(self.jobs), len(self.units)))
        rows.add(sparse.hstack([nobody, self.takes], format="csr"), -np.inf, self.jobs)
        least, most = self.shared["least"].to_numpy(float), self.shared["most"].to_numpy(float)
        rows.add(self.members, np.where(np.isnan(least), -np.inf, least), np.where(np.isnan(most), np.inf, most))
        return rows

    def _solve(self, aim: Literal["best", "closest"], at_least: float = -np.inf) -> Floats:
        """Seats of the best plan, or of the closest one with `at_least` so many matched placements."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        n, flows = len(self.units), len(self.edges)
        low, high = self.bounds
        must_open = ~self.units["may_close"].to_numpy(bool)
        if (must_open & (low > high)).any():
            raise NoPlan
        if n == 0:
            return np.zeros(0)
        can_open = low <= high
        width = self._steps() if aim == "closest" else np.zeros((n, 0))
        columns = n + flows + n + width.size
        rows = self._rows(columns)
        eye, between = sparse.eye_array(n, format="csr"), sparse.csr_array((n, flows))
        rows.add(sparse.hstack([eye, between, -sparse.diags_array(low)], format="csr"), 0.0, np.inf)
        rows.add(sparse.hstack([eye, between, -sparse.diags_array(high)], format="csr"), -np.inf, 0.0)
        placed = np.concatenate([np.zeros(n), np.ones(flows), np.zeros(n + width.size)])
        cost = -placed
        if aim == "closest":
            steps = -sparse.kron(eye, np.ones((1, width.shape[1])), format="csr")
            between = sparse.csr_array((n, flows + n))
            rows.add(sparse.hstack([eye, between, steps], format="csr"), -np.inf, self.last)
            rows.add(sparse.hstack([-eye, between, steps], format="csr"), -np.inf, -self.last)
            if np.isfinite(at_least):
                rows.add(sparse.csr_array(placed[None, :]), at_least, np.inf)
            counts = np.broadcast_to(np.arange(1.0, width.shape[1] + 1), width.shape)
            cost = np.concatenate([np.zeros(n + flows + n), counts.ravel()])
        matrix, least, most = rows.whole()
        nothing = np.zeros(n + flows)
        found = milp(
            cost,
            integrality=np.concatenate([np.ones(n), np.zeros(flows), np.ones(n), np.zeros(width.size)]),
            bounds=Bounds(
                np.concatenate([nothing, must_open.astype(float), np.zeros(width.size)]),
                np.concatenate([high * can_open, self.widest, can_open.astype(float), width.ravel()]),
            ),
            constraints=LinearConstraint(matrix, least, most),
            options={"mip_rel_gap": GAPS[aim]},
        )
        if found.status == 2:
            raise NoPlan
        if not found.success:
            raise ArithmeticError(found.message)
        seats: Floats = np.round(found.x[:n])
        return seats

    def _steps(self) -> Floats:
        """Unit × step: how many seats of change a step holds; the last one holds all the rest."""
        width = np.repeat(np.maximum(1.0, STEP * self.last)[:, None], STEPS, axis=1)
        width[:, -1] = np.maximum(self.last, self.bounds[1]) + 1
        return width


@dataclass(frozen=True)
class Solution:
    """Seats of each unit, flow along each edge, and the placements of the best plan (this one keeps a share of
    them)."""

    seats: Floats
    flow: Floats
    best: float

    @property
    def matched(self) -> float:
        """Expected matched placements."""
        return float(self.flow.sum())


@dataclass(frozen=True)
class Prices:
    """What one unit more of a right-hand side is worth, in matched placements of the best plan.

    `unit_low` and `unit_high`: one seat more of what is asked of, or allowed to, a unit; `shared`: of each row of
    `Program.shared`; `program`: one more matched graduate of a program; `occupation`: one more opening.
    """

    unit_low: Floats
    unit_high: Floats
    shared: Floats
    program: Floats
    occupation: Floats


@dataclass
class Rows:
    """Rows of a sparse matrix with their bounds, in the making."""

    columns: int
    parts: list[sparse.csr_array] = field(default_factory=list)
    low: list[Floats] = field(default_factory=list)
    high: list[Floats] = field(default_factory=list)

    def add(self, block: sparse.sparray, low: Floats | float, high: Floats | float) -> None:
        """Rows over the first columns; further columns are 0 in them."""
        wide = sparse.csr_array((block.data, block.indices, block.indptr), shape=(block.shape[0], self.columns))
        self.parts.append(wide)
        self.low.append(np.broadcast_to(np.asarray(low, float), wide.shape[0]))
        self.high.append(np.broadcast_to(np.asarray(high, float), wide.shape[0]))

    def whole(self) -> tuple[sparse.csr_array, Floats, Floats]:
        """The matrix and its bounds."""
        return sparse.vstack(self.parts, format="csr"), np.concatenate(self.low), np.concatenate(self.high)
