"""Match indices between two structures over the same classes: what is taught and what is produced or worked.

Belongs here: indices as pure functions of shares. Does not belong here: how shares come about (`pipelines/sql/marts`).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

INDEX_COLUMNS = [
    "year", "class_system", "supply_basis", "industry_basis", "index", "class_code", "class_name", "value",
]  # fmt: skip


def _amounts(*structures: ArrayLike) -> list[NDArray[np.float64]]:
    """The structures as float vectors of one length; ValueError on a negative, missing or empty one."""
    vectors = [np.asarray(structure, dtype=float) for structure in structures]
    if len({vector.shape for vector in vectors}) != 1 or vectors[0].ndim != 1 or not vectors[0].size:
        raise ValueError("structures must be vectors over the same classes")
    for vector in vectors:
        if not np.isfinite(vector).all() or (vector < 0).any():
            raise ValueError("a structure has a missing or negative amount")
        if vector.sum() == 0:
            raise ValueError("a structure adds up to zero")
    return vectors


def structural_deviation(value_added: ArrayLike, employment: ArrayLike) -> NDArray[np.float64]:
    """Structural deviation (结构偏离度) of each class: share of value added / share of employment − 1.

    Two vectors of amounts or shares over the same classes. Range −1 to infinity; 0 is balance, a positive value says
    that the class yields more than its share of workers (room to take workers in), a negative one the reverse. This is
    the convention "value added over employment"; the other one in use, employment over value added − 1, is the same
    call with the arguments exchanged. A class without employment gives infinity, without both NaN. Weakness: it has no
    upper bound and says nothing of how large a class is. Source: the formula as printed with the Changsha example in
    tests/test_structure.py.
    """
    produced, employed = _amounts(value_added, employment)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (produced / produced.sum()) / (employed / employed.sum()) - 1


def cosine_similarity(x: ArrayLike, y: ArrayLike) -> float:
    """Similarity coefficient (结构相似系数): Σxy / sqrt(Σx² Σy²).

    Range 0 (no class in common) to 1 (same proportions). Weakness: large classes dominate, so that it stays near 1
    while small classes are far apart; with three sectors values above 0.9 are common. Source: UNIDO convention, as in
    the Yulin study cited in tests/test_structure.py.
    """
    a, b = _amounts(x, y)
    return min(1.0, float(a @ b) / float(np.sqrt((a @ a) * (b @ b))))


def duncan_dissimilarity(x: ArrayLike, y: ArrayLike) -> float:
    """Duncan index of dissimilarity (邓肯相异指数): ½ Σ |x share − y share|.

    Range 0 to 1: the share of students that would have to change class for the two structures to be the same.
    Weakness: it counts all moves alike, between near and far classes, and grows with finer classes. Source: O. D.
    Duncan, B. Duncan, A methodological analysis of segregation indexes, American Sociological Review 20, 1955.
    """
    a, b = _amounts(x, y)
    return float(np.abs(a / a.sum() - b / b.sum()).sum() / 2)


def match_indices(industry_share: pd.DataFrame, supply_share: pd.DataFrame) -> pd.DataFrame:
    """All match indices of every year, class system and pair of bases for which both structures exist.

    `industry_share`: region, year, class_system, class_code, class_name, basis, amount. `supply_share`: the same
    without region. Returns one row per year × class system × supply basis × industry basis × index × class, columns
    INDEX_COLUMNS; `class_code` is empty for indices of a whole structure. A class that one side lacks counts as 0
    there. Where several regions are given, the one with most rows is used. "structural_deviation" is of supply:
    industry share over supply share − 1, positive where too few are trained.
    """
    if industry_share.empty or supply_share.empty:
        return pd.DataFrame(columns=INDEX_COLUMNS)
    region = industry_share["region"].mode().iloc[0]
    industry = industry_share[industry_share["region"] == region]
    rows: list[tuple[object, ...]] = []
    for (year, system), supplied in supply_share.groupby(["year", "class_system"]):
        present = industry[(industry["year"] == year) & (industry["class_system"] == system)]
        for supply_basis, supply in supplied.groupby("basis"):
            for industry_basis, need in present.groupby("basis"):
                place = (year, system, supply_basis, industry_basis)
                rows += [(*place, *row) for row in _indices_of_pair(supply, need)]
    return pd.DataFrame(rows, columns=INDEX_COLUMNS)


def _indices_of_pair(supply: pd.DataFrame, need: pd.DataFrame) -> Sequence[tuple[object, ...]]:
    """Index, class code, class name and value of one supply structure against one industry structure."""
    names = pd.concat([need, supply]).drop_duplicates("class_code").set_index("class_code")["class_name"].sort_index()
    x = supply.set_index("class_code")["amount"].reindex(names.index, fill_value=0.0)
    y = need.set_index("class_code")["amount"].reindex(names.index, fill_value=0.0)
    if x.sum() == 0 or y.sum() == 0:
        return []
    deviation = structural_deviation(y, x)
    return [
        ("cosine", None, None, cosine_similarity(x, y)),
        ("duncan", None, None, duncan_dissimilarity(x, y)),
        *(
            ("structural_deviation", code, names[code], float(value))
            for code, value in zip(names.index, deviation, strict=True)
            if np.isfinite(value)
        ),
    ]
