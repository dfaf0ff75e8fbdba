"""The proportional fair allotment: which of all equally large allotments is reported.

Belongs here: iterative proportional fitting with capacities and its completion by Newton's method, on arrays.
Does not belong here: how large an allotment can be and which edges it can use (`flow`), frames (`allotment`).
"""

import numpy as np
from numpy.typing import NDArray

from models.flow import Truth, Whole

Numbers = NDArray[np.float64]
TOLERANCE = 1e-10  # of the largest amount: how far a row or column may miss what it has to hold
FITTING_ROUNDS = 200  # of proportional fitting; where they are not enough, Newton's method completes them
NEWTON_STEPS = 200
LONGEST_STEP = 4.0  # in logarithms
FARTHEST = 500.0  # in logarithms: beyond it there is no solution, and no number


def fair_allotment(
    preferred: Numbers,
    program: Whole,
    occupation: Whole,
    supply: Numbers,
    openings: Numbers,
    unplaced: Truth,
    unfilled: Truth,
) -> Numbers:
    """The allotment nearest to what the programs prefer, by relative entropy, among those with the given sums.

    One amount per edge in and out; `preferred` is positive. By program the amounts add up to `supply`, or to at most
    that where `unplaced`; by occupation to `openings`, or to at most that where `unfilled`. Among all such allotments
    the one returned makes Σ x·ln(x / preferred) − x + preferred smallest. That function is strictly convex, so that
    the result is unique and does not depend on the order of rows. It has the form preferred × a(program) ×
    b(occupation), with a ≤ 1 where `unplaced` and b ≤ 1 where `unfilled`, each below 1 only where the bound is
    reached; where preferred itself keeps all sums it is the result. Every edge must be positive in some allotment with
    these sums (`flow.Flow.usable`), else there is no such form. Raises ArithmeticError when the sums are not reached
    to TOLERANCE, which happens only where they contradict each other.

    Source: W. E. Deming, F. F. Stephan, On a least squares adjustment of a sampled frequency table, Annals of
    Mathematical Statistics 11, 1940 (iterative proportional fitting); I. Csiszár, I-divergence geometry of probability
    distributions, Annals of Probability 3, 1975 (that it minimises relative entropy); J.-D. Benamou and others,
    Iterative Bregman projections for regularized transportation problems, SIAM Journal on Scientific Computing 37,
    2015 (bounds instead of equalities); D. P. Bertsekas, Projected Newton methods for optimization problems with
    simple constraints, SIAM Journal on Control and Optimization 20, 1982.
    """
    if not len(preferred):
        return preferred
    programs, program = np.unique(program, return_inverse=True)
    occupations, occupation = np.unique(occupation, return_inverse=True)
    problem = _Sums(
        preferred,
        program,
        occupation,
        supply[programs],
        openings[occupations],
        unplaced[programs],
        unfilled[occupations],
    )
    found, error = _fit(problem)
    if error > problem.tolerance:
        found, error = _complete(problem, found)
    if error > problem.tolerance:
        raise ArithmeticError(f"the sums of the allotment are missed by {error:g}; they contradict each other")
    return problem.amounts(found)[0]


class _Sums:
    """The problem, with its dual function of the logarithms of b; a follows from b."""

    def __init__(
        self,
        preferred: Numbers,
        program: Whole,
        occupation: Whole,
        supply: Numbers,
        openings: Numbers,
        unplaced: Truth,
        unfilled: Truth,
    ) -> None:
        self.preferred, self.program, self.occupation = preferred, program, occupation
        self.supply, self.openings, self.unplaced, self.unfilled = supply, openings, unplaced, unfilled
        self.tolerance = TOLERANCE * max(1.0, float(supply.max()), float(openings.max()))

    def by_program(self, amounts: Numbers) -> Numbers:
        """Sums by program."""
        return np.bincount(self.program, amounts, len(self.supply)).astype(float)

    def by_occupation(self, amounts: Numbers) -> Numbers:
        """Sums by occupation."""
        return np.bincount(self.occupation, amounts, len(self.openings)).astype(float)

    def amounts(self, log_b: Numbers) -> tuple[Numbers, Truth, float]:
        """Amounts by edge, which programs are at their bound, and the value of the dual function."""
        pulled = self.preferred * np.exp(log_b[self.occupation])
        sums = self.by_program(pulled)
        bound = ~self.unplaced | (sums > self.supply)
        a = np.where(bound, self.supply / sums, 1.0)
        parts = np.where(bound, self.supply + self.supply * np.log(sums / self.supply), sums)
        return pulled * a[self.program], bound, float(parts.sum() - self.openings @ log_b)

    def slope(self, log_b: Numbers, amounts: Numbers) -> tuple[Numbers, Truth]:
        """Filled − openings by occupation, and which occupations may move: not those that stay open with b = 1."""
        slope = self.by_occupation(amounts) - self.openings
        return slope, ~(self.unfilled & (log_b >= 0) & (slope <= 0))


def _fit(problem: _Sums) -> tuple[Numbers, float]:
    """Iterative proportional fitting: programs and occupations by turns; log b and the largest error."""
    log_b = np.zeros(len(problem.openings))
    error = np.inf
    for _ in range(FITTING_ROUNDS):
        amounts = problem.amounts(log_b)[0]
        slope, free = problem.slope(log_b, amounts)
        error = float(np.abs(slope[free]).max(initial=0.0))
        if error <= problem.tolerance:
            break
        log_b = log_b + np.log(problem.openings / (slope + problem.openings))
        log_b = np.where(problem.unfilled, np.minimum(log_b, 0.0), log_b)
    return log_b, error


def _complete(problem: _Sums, log_b: Numbers) -> tuple[Numbers, float]:
    """Projected Newton on the dual function from `log_b` on; log b and the largest error."""
    from scipy.linalg import cho_factor, cho_solve
    from scipy.sparse import csr_array

    amounts, bound, value = problem.amounts(log_b)
    error = np.inf
    for _ in range(NEWTON_STEPS):
        slope, free = problem.slope(log_b, amounts)
        error = float(np.abs(slope[free]).max(initial=0.0))
        if error <= problem.tolerance or np.abs(log_b).max() > FARTHEST:
            break
        scaled = amounts * np.sqrt(bound / problem.supply)[problem.program]
        rows = csr_array((scaled, (problem.program, problem.occupation)), shape=(len(bound), len(slope)))
        curvature = -(rows.T @ rows).toarray()[np.ix_(free, free)]
        # A part whose sums are all fixed can be scaled by any b: a trifle on the diagonal keeps it in place.
        curvature[np.diag_indices_from(curvature)] += problem.by_occupation(amounts)[free] * (1 + 1e-9)
        direction = np.zeros(len(slope))
        direction[free] = -cho_solve(cho_factor(curvature), slope[free])
        step = min(1.0, LONGEST_STEP / float(np.abs(direction).max()))
        rounding = 1e-14 * (abs(value) + float(np.abs(problem.openings * log_b).sum()))
        while True:
            trial = log_b + step * direction
            trial = np.where(problem.unfilled, np.minimum(trial, 0.0), trial)
            amounts, bound, reached = problem.amounts(trial)
            if reached <= value + 1e-4 * float(slope @ (trial - log_b)) + rounding or step < 1e-12:
                break
            step /= 2
        log_b, value = trial, reached
    return log_b, error
