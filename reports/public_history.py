"""Publications one after the other as one set of cells: what a reader who kept the earlier ones can compare.

Belongs here: putting the cells of this publication beside those of all earlier ones. Does not belong here: which cells
a publication has (`public_counts`), finding those to hide (`models.disclosure`), where the record of them is kept
(`pipelines.publication_record`).

A number of one school and program that is the same in two publications is one cell, shown once and for all where either
shows it; one that a correction has changed is a cell of its own in each. A sum is the same cell as long as its parts
are: it may not change though a part does. The reader is thus taken to know which hidden numbers have not changed, which
is more than anybody can: whoever knows less learns less.
"""

from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import pandas as pd

SUM_OF = "sum of "  # begins the name of the relation that says what a cell is the sum of


@dataclass(frozen=True)
class PublicCells:
    """Cells as `models.disclosure` takes them with their `level`, parts before sums, and the relations between them.

    Once they stand beside earlier ones the cells have also `id` (what is counted, whatever the publication), `version`
    (equal where it is the same number of the same persons), `present` (a number of this publication) and `shown`
    (public now or before).
    """

    cells: pd.DataFrame
    relations: pd.DataFrame


def beside_earlier(now: PublicCells, earlier: PublicCells | None) -> PublicCells:
    """The cells of this publication and of all earlier ones, with `known` where an earlier one has shown them.

    `earlier`: what `public_counts` returned for the last publication, which holds those before it. What had to be
    protected there stays so.
    """
    cells = now.cells.assign(id=now.cells["cell"], version=versions(now), present=True, known=False)
    if earlier is None or earlier.cells.empty:
        return PublicCells(cells, now.relations)
    old = earlier.cells
    same = old["id"].map(cells.set_index("cell")["version"]) == old["version"]
    renamed = old["id"].where(same, old["id"] + "@" + old["version"])
    kept = old.assign(cell=renamed, present=False, cost=0.0, known=old["shown"])
    unchanged = kept[same].set_index("cell")
    cells["known"] = cells["cell"].map(unchanged["shown"]).eq(True)
    cells["least"] = np.fmin(cells["least"], cells["cell"].map(unchanged["least"]))
    cells["most"] = np.fmax(cells["most"], cells["cell"].map(unchanged["most"]))
    cells["ceiling"] = np.fmin(cells["ceiling"], cells["cell"].map(unchanged["ceiling"]))
    together = pd.concat([cells, kept.loc[~same, [*cells.columns]]], ignore_index=True)
    names = dict(zip(old["cell"], renamed, strict=True))
    return PublicCells(together, with_earlier(now.relations, earlier.relations, names))


def versions(now: PublicCells) -> list[str]:
    """The version of every cell: its number, or of a sum what it is the sum of."""
    found = {cell: repr(float(value)) for cell, value in now.cells[["cell", "value"]].itertuples(index=False)}
    of = now.relations[now.relations["relation"].str.startswith(SUM_OF)]
    of = of.assign(total=of["relation"].str.removeprefix(SUM_OF))
    parts = dict(iter(of[of["cell"] != of["total"]].groupby("total")))
    for cell in now.cells["cell"]:
        if cell in parts:
            terms = sorted(
                f"{part} {found[part]} {coefficient:.9g}"
                for part, coefficient in parts[cell][["cell", "coefficient"]].itertuples(index=False)
            )
            found[cell] = sha256("\n".join(terms).encode()).hexdigest()[:16]
    return [found[cell] for cell in now.cells["cell"]]


def with_earlier(now: pd.DataFrame, earlier: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """The relations of both, each once; `names`: what the cells of the earlier ones are called now."""
    old = earlier.assign(cell=earlier["cell"].map(names), relation="before: " + earlier["relation"])
    known = set(contents(now))
    found = contents(old)
    new = found.index[[content not in known for content in found]]
    return pd.concat([now, old[old["relation"].isin(new)]], ignore_index=True)


def contents(relations: pd.DataFrame) -> pd.Series:
    """What every relation says: its cells with their coefficients, by its name."""
    ordered = relations.sort_values(["relation", "cell"])
    terms = pd.Series(list(zip(ordered["cell"], ordered["coefficient"].round(9), strict=True)), index=ordered.index)
    return terms.groupby(ordered["relation"]).agg(tuple)
