"""A reader who puts publications side by side and solves for what is hidden: linear programming over all of them.

Publications are joined here by the tests' own rule, not by the product's: a number of one school and program that is
the same in two publications is one unknown; sums are one where nothing in their year has changed.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from models.disclosure import SHOWN, attack
from reports.public_counts import PublicCounts

Shown = Mapping[str, set[float]]  # what one publication shows: numbers by cell
RULES = ["least", "most", "ceiling"]


def worked_out(publications: Sequence[tuple[Shown, PublicCounts]]) -> list[str]:
    """What a reader of all publications works out though it must not be, in words.

    `publications`: what each shows, and what is true of it.
    """
    found = []
    for shown, truth in publications:
        values = truth.cells.set_index("cell")["value"]
        found += [f"{cell} is no public number" for cell in shown if cell not in values.index]
        for cell in values.index.intersection(list(shown)):
            found += [
                f"{cell} is {values[cell]}, not {said}" for said in shown[cell] if abs(values[cell] - said) > 1e-6
            ]
    cells, relations = side_by_side(publications)
    # Only what must be protected is asked about.
    ranges = attack(cells.assign(cost=0.0), relations, ~cells["shown"]).set_index("cell")
    for cell in cells[cells["most"].notna()].to_dict("records"):
        if cell["shown"]:
            found.append(f"{cell['id']} is shown")
            continue
        low, high = ranges.loc[cell["cell"], ["low", "high"]]
        if low > cell["least"] + 1e-6 or high < cell["most"] - 1e-6:
            found.append(f"{cell['id']} lies within {low:g} and {high:g}")
    return found


def side_by_side(publications: Sequence[tuple[Shown, PublicCounts]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cells (id, shown and those of models.disclosure) and the relations of all publications together."""
    all_cells, all_relations = [], []
    since: dict[int, tuple[frozenset[tuple[str, float]], int]] = {}  # the publication that first had a year's numbers
    for place, (shown, truth) in enumerate(publications):
        cells = truth.cells[truth.cells["present"]].assign(id=lambda rows: rows["cell"])
        finest = cells[cells["level"] == "unit"]
        for year, rows in finest.groupby("year"):
            numbers = frozenset(zip(rows["id"], rows["value"], strict=True))
            if year not in since or since[year][0] != numbers:
                since[year] = (numbers, place)
        of = cells["year"].map({year: f" of {first}" for year, (_, first) in since.items()})
        mark = of.where(cells["level"] != "unit", "=" + cells["value"].map(repr))
        names = dict(zip(cells["id"], cells["id"] + mark, strict=True))
        cells = cells.assign(cell=cells["id"].map(names), shown=cells["id"].isin(list(shown)))
        all_cells.append(cells[["id", "cell", "value", "cost", "shown", *RULES]])
        whole = truth.relations["cell"].isin(list(names)).groupby(truth.relations["relation"]).transform("all")
        relations = truth.relations[whole]
        relations = relations.assign(relation=f"{place}: " + relations["relation"], cell=relations["cell"].map(names))
        all_relations.append(relations)
    together = pd.concat(all_cells, ignore_index=True).groupby("cell", as_index=False, sort=False)
    how = {"id": "first", "value": "first", "cost": "max", "shown": "any", "least": "min", "most": "max"}
    return together.agg({**how, "ceiling": "min"}), pd.concat(all_relations, ignore_index=True)


def shown_of(truth: PublicCounts) -> dict[str, set[float]]:
    """What a publication shows by what was decided for it."""
    rows = truth.cells[truth.cells["present"] & ((truth.cells["status"] == SHOWN) | truth.cells["known"])]
    return {cell: {value} for cell, value in rows[["cell", "value"]].itertuples(index=False)}
