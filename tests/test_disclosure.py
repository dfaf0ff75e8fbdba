"""Hidden cells of additive tables: what must be protected stays protected, and the attack proves it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.disclosure import COMPLEMENTARY, SHOWN, SMALL, UNPROTECTED, UNPUBLISHED, attack, suppress

BELOW = 5


def table(counts: list[list[int]], known: tuple[str, ...] = ()) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A two-way table with both margins and the grand total, counts below 5 to be protected as 0 to 5."""
    rows, columns = len(counts), len(counts[0])
    grid = np.zeros((rows + 1, columns + 1), dtype=int)
    grid[:rows, :columns] = counts
    grid[rows, :columns] = grid[:rows, :columns].sum(axis=0)
    grid[:, columns] = grid[:, :columns].sum(axis=1)
    cells = pd.DataFrame(
        [(f"{i},{j}", int(grid[i, j])) for i in range(rows + 1) for j in range(columns + 1)], columns=["cell", "value"]
    )
    small = cells["value"] < BELOW
    cells["least"] = np.where(small, 0.0, np.nan)
    cells["most"] = np.where(small, float(BELOW), np.nan)
    cells["cost"] = 1 + np.log1p(cells["value"])
    cells["known"] = cells["cell"].isin(known)
    cells["ceiling"] = np.inf
    relations = [
        (f"row {i}", f"{i},{j}", -1 if j == columns else 1) for i in range(rows + 1) for j in range(columns + 1)
    ] + [(f"column {j}", f"{i},{j}", -1 if i == rows else 1) for i in range(rows + 1) for j in range(columns + 1)]
    return cells, pd.DataFrame(relations, columns=["relation", "cell", "coefficient"])


def status(cells: pd.DataFrame, relations: pd.DataFrame) -> dict[str, str]:
    found = suppress(cells, relations)
    return dict(zip(found["cell"], found["status"], strict=True))


def test_a_small_cell_takes_three_others_with_it_in_a_two_way_table() -> None:
    cells, relations = table([[3, 20, 30], [25, 40, 60], [35, 70, 80]])
    hidden = {cell for cell, found in status(cells, relations).items() if found != SHOWN}
    assert "0,0" in hidden
    assert len(hidden) == 4


def test_a_table_without_small_cells_is_shown_whole() -> None:
    assert set(status(*table([[30, 20], [25, 40]])).values()) == {SHOWN}


def test_hiding_only_the_small_cell_is_broken_by_the_attack() -> None:
    cells, relations = table([[3, 20], [25, 40]])
    found = attack(cells, relations, cells["cell"] == "0,0")
    assert found[["low", "high"]].to_numpy().tolist() == [[3.0, 3.0]]


def test_what_another_file_already_says_cannot_be_protected_and_is_named() -> None:
    cells, relations = table([[3, 20], [25, 40]], known=("0,1", "0,2"))
    assert status(cells, relations)["0,0"] == UNPROTECTED


def test_what_readers_are_told_at_most_leaves_a_hidden_cell_its_range_and_no_more() -> None:
    cells, relations = table([[3, 20, 30], [25, 40, 60], [35, 70, 80]])
    cells.loc[cells["cell"] == "0,0", "ceiling"] = 6.0
    found = suppress(cells, relations)
    ranges = attack(cells, relations, found["status"] != SHOWN).set_index("cell")
    assert ranges.loc["0,0", ["low", "high"]].tolist() == pytest.approx([0, 6])
    with pytest.raises(ValueError, match="above its ceiling"):
        suppress(cells.assign(ceiling=2.0), relations)


def test_what_lies_between_published_cells_is_protected_though_it_is_published_nowhere() -> None:
    cells = pd.DataFrame(
        {"cell": ["graduates", "employed", "rest"], "value": [50.0, 47.0, 3.0], "least": [np.nan, np.nan, 0.0],
         "most": [np.nan, np.nan, 5.0], "cost": [2.0, 1.0, 0.0], "known": False, "ceiling": np.inf}
    )  # fmt: skip
    sums = [("sum", "graduates", -1.0), ("sum", "employed", 1.0), ("sum", "rest", 1.0)]
    relations = pd.DataFrame(sums, columns=["relation", "cell", "coefficient"])
    assert status(cells, relations) == {"graduates": SHOWN, "employed": COMPLEMENTARY, "rest": UNPUBLISHED}
    # Both have been published before: it is too late.
    late = cells.assign(known=[True, True, False])
    assert status(late, relations)["rest"] == UNPROTECTED


def test_a_cell_that_is_known_elsewhere_is_not_used_as_cover() -> None:
    cells, relations = table([[3, 20, 30], [25, 40, 60], [35, 70, 80]], known=("0,1", "1,0"))
    found = status(cells, relations)
    assert found["0,0"] == SMALL
    assert found["0,1"] == SHOWN
    assert found["1,0"] == SHOWN


@settings(max_examples=40)
@given(st.integers(2, 4), st.integers(2, 4), st.data())
def test_no_protected_cell_of_a_table_is_ever_worked_out(rows, columns, data) -> None:
    counts = data.draw(
        st.lists(st.lists(st.integers(0, 40), min_size=columns, max_size=columns), min_size=rows, max_size=rows)
    )
    cells, relations = table(counts)
    found = suppress(cells, relations)
    assert set(found["status"]) <= {SHOWN, SMALL, COMPLEMENTARY}
    hidden = found["status"] != SHOWN
    ranges = attack(cells, relations, hidden).set_index("cell")
    for _, cell in cells[cells["most"].notna()].iterrows():
        low, high = ranges.loc[cell["cell"], ["low", "high"]]
        assert low <= cell["least"] + 1e-6, cell["cell"]
        assert high >= cell["most"] - 1e-6, cell["cell"]
    shown = cells[~hidden.to_numpy()]
    assert (shown["value"] >= BELOW).all()


@settings(max_examples=30)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=5), st.randoms())
def test_the_order_of_the_cells_does_not_matter_to_what_is_protected(counts, random) -> None:
    cells, relations = table([counts, [50 + n for n in range(len(counts))]])
    order = list(cells.index)
    random.shuffle(order)
    small = {cell for cell, found in status(cells, relations).items() if found == SMALL}
    assert {cell for cell, found in status(cells.loc[order], relations).items() if found == SMALL} == small


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda cells, relations: (cells.assign(value=-1), relations), "no count"),
        (lambda cells, relations: (pd.concat([cells, cells]), relations), "named twice"),
        (lambda cells, relations: (cells, relations.assign(coefficient=1)), "does not add up"),
        (lambda cells, relations: (cells.iloc[1:], relations), "not there"),
    ],
)
def test_what_is_no_additive_table_is_refused(change, message) -> None:
    with pytest.raises(ValueError, match=message):
        suppress(*change(*table([[3, 20], [25, 40]])))
