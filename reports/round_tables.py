"""What documents are built from: the frames of one round, handed over by the caller."""

from dataclasses import dataclass

import pandas as pd

from models.rulebook import Rulebook


@dataclass(frozen=True)
class RoundTables:
    """One round: its year, region, rule-book, digests of rule-book and inputs, and frames by table name.

    Frames: marts.unit, marts.indicator, marts.indicator_source, marts.industry_share, marts.supply_share,
    marts.match_index, marts.allotment, marts.program_balance, marts.occupation_balance,
    marts.surplus_witness, marts.duplicate_program, marts.unfed_occupation, marts.employment_series,
    marts.demand_forecast, marts.forecast_backtest, marts.forecast_finding, decisions.verdict, decisions.evidence,
    decisions.fragility, ledger.standing, landed.account, landed.file, quarantine.finding, checks.expectation.
    """

    round: int
    region: str
    rulebook: Rulebook
    rulebook_digest: str
    input_digest: str
    frames: dict[str, pd.DataFrame]

    def frame(self, name: str) -> pd.DataFrame:
        """The frame of a table; KeyError when it was not handed over."""
        return self.frames[name]
