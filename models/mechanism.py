"""The program warning-and-exit mechanism (专业预警和退出机制): a rule-book applied to a long indicator table.

Belongs here: the one function that decides, and the table of verdicts. Does not belong here: how rules are judged
(`models.judging` and what it names), what evidence says (`models.explanation`), thresholds (rule-books).

Set-based: units are judged in slices with all years at once, so that memory is bounded by the matrices of the
indicators (8 bytes per number) and the table of verdicts.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.explanation import evidence_of, paths_of, shared_lists
from models.judging import Case, District, judge_units, survey, wanted_of
from models.ladder import plan_limits
from models.panel import PROBLEM_COLUMNS, Panel, read_panel
from models.pooling import own_part
from models.rules import Rulebook
from models.runs import is_evaluated, is_failing
from models.standing import exempted, read_standing, rulings_on

SMALL = 200_000  # unit-years up to which evidence is made for every unit unless told otherwise
VERDICT_COLUMNS = [
    "unit", "round", "state", "previous_state", "rank", "proposal", "evaluated", "rules_hit", "path", "exempt",
    "lagging", "plan_limit", "next_step",
]  # fmt: skip


@dataclass(frozen=True)
class Decisions:
    """What the mechanism says.

    `verdicts`: one row per unit × round from the unit's first known year on — unit, round, state, previous_state, rank
    (position on the ladder, 0 mildest), proposal (not in force without a ruling), evaluated (some rule could be
    judged), rules_hit (ids of the rules whose condition is hit this year), path (list of mappings: what led to a state,
    see `models.explanation.paths_of`), exempt (id of the exemption or its reason, else None), lagging (a suspended unit
    whose cohorts would have moved it), plan_limit (next year's plan at most, persons; NaN: no limit), next_step (the
    state that one more failing year leads to, else None).
    `problems`: one row per input that could not be used as it stands: unit, year, indicator, problem_zh, problem_en.
    `evidence`: one row per unit × round × rule × criterion (see `models.explanation.EVIDENCE_COLUMNS`), made when asked
    for: of all units, of those that ever leave the first state (`warned`), or of none.
    """

    verdicts: pd.DataFrame
    problems: pd.DataFrame
    district: District = field(repr=False)
    evidence_kept: Literal["all", "warned", "none"] = "all"

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """The evidence of the units that `evidence_kept` names."""
        units = self.district.panel.units
        if self.evidence_kept == "none":
            units = units[:0]
        elif self.evidence_kept == "warned":
            units = self.verdicts.loc[self.verdicts["rank"] > 0, "unit"].unique()
        return self.evidence_for(units)

    def evidence_for(self, units: object) -> pd.DataFrame:
        """The evidence of the units named."""
        return evidence_of(self.district, np.flatnonzero(np.isin(self.district.panel.units, list(units))))  # type: ignore[call-overload]


def decide(
    indicators: pd.DataFrame,
    rulebook: Rulebook,
    *,
    units: pd.DataFrame | None = None,
    exemptions: pd.DataFrame | None = None,
    rulings: pd.DataFrame | None = None,
    last_round: int | None = None,
    evidence: Literal["all", "warned", "none"] | None = None,
) -> Decisions:
    """Verdicts, evidence and problems for every unit and every round up to `last_round` (default: the last year).

    `indicators`: one row per unit × year × indicator — unit, year, indicator, and numerator and denominator (persons;
    decimals allowed) and/or value (a fraction, not per cent); optional rate_only, exempt with exempt_until, and columns
    that the rule-book names as labels or attributes (see `models.panel.read_panel`). `units`: one row per unit with
    attributes; the attribute `age` is the round minus `first_year`. `exemptions` and `rulings`: see
    `models.standing.read_standing`. A round sees only the years up to itself, so that later years never change it.
    Raises ValueError when a needed column is absent or the years span more than 60.
    """
    panel, problems = read_panel(indicators, wanted_of(rulebook), last_round, units)
    standing = read_standing(panel, rulebook, indicators, exemptions, rulings)
    district = District(rulebook, panel, exempted(panel, rulebook, standing), rulings_on(standing, panel.shape))
    survey(district)
    table = VerdictTable(district)
    for chosen in district.slices():
        table.add(judge_units(district, chosen), chosen)
    named = [*standing.problems, *table.idle_rulings()]
    if named:
        problems = pd.concat([problems, pd.DataFrame(named, columns=PROBLEM_COLUMNS)], ignore_index=True)
    kept = evidence or ("all" if panel.shape[0] * panel.shape[1] <= SMALL else "warned")
    return Decisions(table.frame(), problems, district, kept)


class VerdictTable:
    """The verdicts of all units while they are judged, slice by slice."""

    def __init__(self, district: District) -> None:
        self.district = district
        shape = district.panel.shape
        self.ranks = {name: np.zeros(shape, np.int8) for name in ("state", "before", "following")}
        self.flags = {name: np.zeros(shape, bool) for name in ("proposal", "evaluated", "lagging", "idle")}
        self.plan = np.full(shape, np.nan)
        self.rules_hit = np.empty(shape, dtype=object)
        self.path = np.empty(shape, dtype=object)

    def add(self, case: Case, chosen: slice) -> None:
        """Enter the verdicts of a slice."""
        ladder, book = case.ladder, self.district.book
        self.ranks["state"][chosen] = ladder.state
        self.ranks["before"][chosen] = ladder.before
        self.ranks["following"][chosen] = ladder.following
        self.flags["proposal"][chosen] = ladder.state > ladder.in_force
        self.flags["lagging"][chosen] = ladder.lagging
        self.flags["idle"][chosen] = ladder.idle
        hits = np.zeros(case.panel.shape, dtype=np.int64)
        for number, found in enumerate(case.rules):
            self.flags["evaluated"][chosen] |= is_evaluated(found.outcome)
            this_year = np.int64(1) << np.arange(case.panel.shape[1], dtype=np.int64)[None, :]
            failing = is_failing(found.outcome) | ((found.runs.counted & this_year) != 0)
            hits |= failing.astype(np.int64) << number
        self.rules_hit[chosen] = shared_lists(hits, [rule.id for rule in book.rules])
        self.path[chosen] = paths_of(case, book)
        if any(state.plan for state in book.ladder):
            self.plan[chosen] = plan_limits(book, ladder, case.panel.years, plan_parts(book, case.panel))

    def idle_rulings(self) -> list[dict[str, object]]:
        """A problem for each ruling that found nothing to confirm or reject."""
        panel = self.district.panel
        return [
            {
                "unit": panel.units[unit],
                "year": int(panel.years[year]),
                "indicator": None,
                "problem_zh": "裁定时没有待确认的建议，未产生效力",
                "problem_en": "a ruling that found no open proposal; without effect",
            }
            for unit, year in zip(*np.nonzero(self.flags["idle"]), strict=True)
        ]

    def frame(self) -> pd.DataFrame:
        """One row per unit × round from the unit's first known year on, by unit and round."""
        panel, states = self.district.panel, self.district.book.states
        rows = np.arange(panel.shape[1])[None, :] >= panel.first[:, None]
        rank, following = self.ranks["state"][rows], self.ranks["following"][rows]
        unit = np.broadcast_to(np.arange(panel.shape[0])[:, None], panel.shape)[rows]
        return pd.DataFrame(
            {
                "unit": texts(unit, list(panel.units)),
                "round": np.broadcast_to(panel.years[None, :], panel.shape)[rows],
                "state": texts(rank, states),
                "previous_state": texts(self.ranks["before"][rows], states),
                "rank": rank,
                "proposal": self.flags["proposal"][rows],
                "evaluated": self.flags["evaluated"][rows],
                "rules_hit": self.rules_hit[rows],
                "path": self.path[rows],
                "exempt": texts(self.district.exempted.worded[rows] - 1, self.district.exempted.words),
                "lagging": self.flags["lagging"][rows],
                "plan_limit": self.plan[rows],
                "next_step": texts(np.where(following > rank, following, -1), states),
            },
            columns=VERDICT_COLUMNS,
        )


def texts(codes: NDArray, words: list[str]) -> pd.Series:
    """A column of texts from their positions in `words`; -1 is empty."""
    return pd.Series(pd.array(words, dtype="str").take(codes, allow_fill=True))


def plan_parts(book: Rulebook, panel: Panel) -> dict[int, NDArray]:
    """By rank, the lowest of the numbers that the state's plan names, from each unit's latest year that has them."""
    found: dict[int, NDArray] = {}
    for rank, state in enumerate(book.ladder):
        lowest = np.full(panel.shape, np.nan)
        for limit in state.plan.at_most if state.plan else ():
            if limit.value is not None:
                number = np.array([[float(limit.value.at(int(year))) for year in panel.years]])
            else:
                num, den, value, counted = own_part(panel.measure(str(limit.indicator)), limit.part, panel.shape)
                with np.errstate(invalid="ignore", divide="ignore"):
                    quotient = num.astype(float) / den.astype(float)
                number = np.where(counted, quotient, value)
                for year in range(1, panel.shape[1]):
                    unknown = np.isnan(number[:, year])
                    number[unknown, year] = number[unknown, year - 1]
                number = number * float(limit.times)
            lowest = np.fmin(lowest, np.broadcast_to(number, panel.shape))
        found[rank] = lowest
    return found
