"""Objections (异议): which were heard, which came outside the window, which still wait for a ruling.

Belongs here: the window and what it does to an objection. Does not belong here: rulings' effect on a verdict
(`models.standing`, `models.ladder`) and the files in which objections arrive (contract `objection`).
"""

from collections.abc import Mapping, Set
from datetime import date, timedelta

import pandas as pd

OPEN, ANSWERED, LATE, EARLY, NO_DRAFT = "open", "answered", "late", "early", "no_draft"
STATUS_COLUMNS = ["unit", "round", "received_on", "window_from", "window_to", "status"]


def objection_status(
    objections: pd.DataFrame, drafted_on: Mapping[str, date], ruled: Set[str], objection_days: int
) -> pd.DataFrame:
    """One row per objection (STATUS_COLUMNS) of one round.

    `objections`: unit, round, received_on (dates). `drafted_on`: day of the draft that each unit was last sent; the
    window is that day and the `objection_days` calendar days after it, both ends included. `ruled`: units with a
    ruling in the round. Status: `open` (heard, no ruling yet), `answered`, `late`, `early` (before the draft), or
    `no_draft` (nothing was sent that could be objected to). An objection outside the window needs no ruling.
    """
    rows = []
    for row in objections.to_dict("records"):
        unit, received = str(row["unit"]), pd.Timestamp(row["received_on"]).date()
        first = drafted_on.get(unit)
        last = first + timedelta(days=objection_days) if first else None
        if first is None or last is None:
            status = NO_DRAFT
        elif received < first:
            status = EARLY
        elif received > last:
            status = LATE
        else:
            status = ANSWERED if unit in ruled else OPEN
        rows.append((unit, int(row["round"]), received, first, last, status))
    return pd.DataFrame(rows, columns=STATUS_COLUMNS)
