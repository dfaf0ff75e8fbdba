"""Where each verdict of a round stands: no draft yet, draft, final, or final in place of an earlier one.

Belongs here: reading the frame `ledger.standing` for documents. Does not belong here: the ledger (`pipelines.ledger`).
"""

from dataclasses import dataclass
from datetime import date

from reports.round_tables import RoundTables
from reports.wording import missing


@dataclass(frozen=True)
class Standing:
    """The ledger's word on one unit in one round.

    `stage` is "none", "draft" or "final"; `recorded_on` the day of the entry; `superseded_state` and
    `superseded_on` name the final decision that this one replaced, with `reason`.
    """

    stage: str = "none"
    recorded_on: date | None = None
    superseded_state: str | None = None
    superseded_on: date | None = None
    reason: str = ""


def standing_of(tables: RoundTables, unit: str) -> Standing:
    """The standing of a unit's verdict in the tables' round.

    A verdict that differs from what the ledger holds is not that decision: it stands as "none".
    """
    standing, verdicts = tables.frame("ledger.standing"), tables.frame("decisions.verdict")
    entries = standing[standing["unit"] == unit].to_dict("records")
    states = verdicts.loc[(verdicts["unit"] == unit) & (verdicts["round"] == tables.round), "state"]
    if not entries or states.empty or entries[0]["state"] != states.iloc[0]:
        return Standing()
    entry = entries[0]
    superseded = None if missing(entry["superseded_state"]) else str(entry["superseded_state"])
    return Standing(
        stage=str(entry["stage"]),
        recorded_on=date.fromisoformat(str(entry["recorded_on"])),
        superseded_state=superseded,
        superseded_on=date.fromisoformat(str(entry["superseded_on"])) if superseded else None,
        reason="" if missing(entry["reason"]) else str(entry["reason"]),
    )
