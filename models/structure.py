"""Indices between structures over the same classes: what is taught, what is produced, who works where.

Belongs here: indices as pure functions of amounts or shares. Does not belong here: levels of systems and their
coordination (`coordination`), the table of all indices (`match`), how shares come about (`pipelines/sql/marts`).

All functions take amounts or shares (each structure is divided by its own sum) and refuse, with a ValueError that names
the fault, vectors of different length, negative or missing amounts, and structures that add up to zero. A class of
which a structure has nothing is 0 there, not missing; what an index makes of such a class is said in its docstring.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import rel_entr

Vector = NDArray[np.float64]


def _shares(*structures: ArrayLike) -> list[Vector]:
    """The structures as shares over the same classes; ValueError on a negative, missing or empty one."""
    vectors = [np.asarray(structure, dtype=float) for structure in structures]
    if len({vector.shape for vector in vectors}) != 1 or vectors[0].ndim != 1 or not vectors[0].size:
        raise ValueError("structures must be vectors over the same classes")
    for vector in vectors:
        if not np.isfinite(vector).all() or (vector < 0).any():
            raise ValueError("a structure has a missing or negative amount")
        if vector.sum() == 0:
            raise ValueError("a structure adds up to zero")
    return [vector / vector.sum() for vector in vectors]


def structural_deviation(value_added: ArrayLike, employment: ArrayLike) -> Vector:
    """Structural deviation (结构偏离度) of each class: share of value added / share of employment − 1.

    Two vectors over the same classes. Range −1 to infinity; 0 is balance, a positive value says that the class yields
    more than its share of workers (room to take workers in), a negative one the reverse. This is the convention "value
    added over employment"; the other one in use, employment over value added − 1, is the same call with the arguments
    exchanged. Against graduates it reads industry over supply: positive where too few are trained. A class that only
    the first structure has gives infinity, one that neither has gives NaN. Weakness: no upper bound, and it says
    nothing of how large a class is. Source: the formula as printed with the Changsha example in
    tests/indices/worked_examples.yaml.
    """
    return location_quotient(value_added, employment) - 1


def location_quotient(region: ArrayLike, reference: ArrayLike) -> Vector:
    """Location quotient (区位商) of each class: share in the region / share in the reference.

    Two vectors over the same classes. Range 0 to infinity; 1 is the reference's proportion. A class that the reference
    lacks gives infinity, one that both lack NaN. Weakness: a small class reaches extreme values by chance. Source:
    P. S. Florence, Report on the location of industry, 1939; O. Farhauer, A. Kröll, Standorttheorien, 2013.
    """
    x, r = _shares(region, reference)
    with np.errstate(divide="ignore", invalid="ignore"):
        return x / r


def cosine_similarity(x: ArrayLike, y: ArrayLike) -> float:
    """Similarity coefficient (结构相似系数): Σxy / sqrt(Σx² Σy²).

    Range 0 (no class in common) to 1 (same proportions). Weakness: large classes dominate, so that it stays near 1
    while small classes are far apart; with three sectors values above 0.9 are common. Source: UNIDO convention, as in
    the Yulin study in tests/indices/worked_examples.yaml.
    """
    a, b = _shares(x, y)
    return min(1.0, float(a @ b) / float(np.sqrt((a @ a) * (b @ b))))


def duncan_dissimilarity(x: ArrayLike, y: ArrayLike) -> float:
    """Duncan index of dissimilarity (邓肯相异指数): ½ Σ |x share − y share|.

    Range 0 to 1: the share of students that would have to change class for the two structures to be the same.
    Weakness: it counts all moves alike, between near and far classes, and grows with finer classes. Source: O. D.
    Duncan, B. Duncan, A methodological analysis of segregation indexes, American Sociological Review 20, 1955.
    """
    return krugman(x, y) / 2


def krugman(
    x: ArrayLike, others: ArrayLike | Sequence[ArrayLike], reference: Literal["mean", "pooled"] = "mean"
) -> float:
    """Krugman's specialisation index (克鲁格曼专业化指数): Σ |x share − reference share|.

    `others` is one structure (the pair index) or several, one per row: the reference is then the unweighted mean of
    their shares ("mean") or the shares of their sum ("pooled", in which large ones weigh more). Range 0 (same
    structure) to 2 (no class in common); for a pair it is twice the Duncan index. Weakness: as Duncan's; the three
    readings differ and are often not told apart. Source: P. Krugman, Geography and trade, 1991; mean of others as in
    Farhauer, Kröll 2013 and the R package REAT.
    """
    rows = [np.asarray(row, dtype=float) for row in np.atleast_2d(np.asarray(others, dtype=float))]
    own, *shares = _shares(x, *rows)
    against = np.mean(shares, axis=0) if reference == "mean" else _shares(np.sum(rows, axis=0))[0]
    return float(np.abs(own - against).sum())


def jensen_shannon(x: ArrayLike, y: ArrayLike) -> float:
    """Jensen–Shannon divergence with logarithms to base 2 (bits): ½ KL(x, m) + ½ KL(y, m), m the mean of both.

    Range 0 (same proportions) to 1 (no class in common); its square root is a distance. Zero cells are allowed on
    either side. Weakness: no plain meaning in persons. Source: J. Lin, Divergence measures based on the Shannon
    entropy, IEEE Transactions on Information Theory 37, 1991.
    """
    a, b = _shares(x, y)
    m = (a + b) / 2
    return float(min(1.0, max(0.0, (rel_entr(a, m).sum() + rel_entr(b, m).sum()) / (2 * np.log(2)))))


def theil(x: ArrayLike, reference: ArrayLike | None = None) -> float:
    """Theil index (泰尔指数) with natural logarithms: Σ x share · ln(x share / reference share).

    Without `reference` all classes count alike (the T index of inequality of n amounts, at most ln n). With one it is
    the divergence of x from it: graduates against jobs, value added against population. The L index (mean logarithmic
    deviation) is the same call with the two exchanged. Range 0 to infinity; a class of x that the reference lacks gives
    infinity, a class that x lacks adds nothing. Weakness: not symmetric, and no upper bound that is the same for all.
    Source: H. Theil, Economics and information theory, 1967.
    """
    a, r = _shares(x, np.ones_like(np.asarray(x, dtype=float)) if reference is None else reference)
    return float(max(0.0, rel_entr(a, r).sum()))


def gini_specialisation(region: ArrayLike, reference: ArrayLike) -> float:
    """Gini coefficient of specialisation: 2 / (n² R̄) · Σ i (R_i − R̄) over the n location quotients R in rising order.

    Range 0 (the reference's structure) to 1 − 1/n. A class that both lack is left out; ValueError for a class that the
    region has and the reference lacks, whose quotient is infinite. Weakness: it weighs classes alike whatever their
    size, and with few classes it cannot come near 1. Source: Farhauer, Kröll 2013, as in the R package REAT.
    """
    quotient = location_quotient(region, reference)
    quotient = np.sort(quotient[~np.isnan(quotient)])
    if np.isinf(quotient).any():
        raise ValueError("a class stands in the structure but not in the reference")
    n, mean = len(quotient), float(quotient.mean())
    return float(2 / (n * n * mean) * (np.arange(1, n + 1) * (quotient - mean)).sum())
