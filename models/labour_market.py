"""Openings to seekers (求人倍率): how many openings a labour market offers per person who looks for work.

Belongs here: the ratio, openings and seekers without requirement, changes between periods. Does not belong here: how
rows of the market come about (`pipelines/sql/core`), projections of demand, which answer another question.
"""

from typing import Literal

import numpy as np
import pandas as pd

WITHOUT_REQUIREMENT = "无要求"
Rule = Literal["proportional", "apart"]
PLACE = ["region", "grouping", "group_code"]
COMPARISONS = ("quarter", "year")


def openings_to_seekers(market: pd.DataFrame, rule: Rule = "proportional") -> pd.DataFrame:
    """The ratio of every group and period with its changes on the quarter and on the year before.

    `market`: one row per region × period × grouping × group_code with vacancies and job_seekers (persons, NaN where not
    reported); `period` is a year "2024" or a quarter "2024Q3"; a `grouping` divides the whole market (occupation, skill
    level, education …), and the group_code "无要求" holds what has no requirement: openings for anybody, or seekers who
    take anything.

    Rules: "proportional" counts the openings without requirement in each group by its share of the seekers, and the
    seekers without requirement by its share of the openings, so that both sums stay what they were; a side that a group
    does not report is then only what it is given. This is how public
    employment services publish the ratio: the template of their quarterly analysis says it for seekers, and the tables
    of 无锡 2013Q2 and 天水 2018Q1 follow it (tests/indices/worked_examples.yaml). "apart" leaves them out of the
    groups.

    Returns the rows of `market` with counted_vacancies and counted_job_seekers (after the rule), gap (their
    difference), openings_to_seekers (their ratio; NaN without seekers and for the group without requirement itself),
    for each of `quarter` and `year` the ratio then (openings_to_seekers_<c>_before) and the relative changes since
    (vacancies_change_<c>, job_seekers_change_<c>, gap_change_<c>, openings_to_seekers_change_<c>; −0.1 is 10 % less, of
    the gap relative to its size), and missing_periods: the periods of comparison inside the grouping's span for which
    nothing was reported. Weakness of the ratio: it sees only what passes through the reporting agencies. ValueError for
    a row given twice, a negative count or a period of another form.
    """
    if market.duplicated([*PLACE, "period"]).any():
        raise ValueError("a region, period, grouping and group is given twice")
    if (market[["vacancies", "job_seekers"]] < 0).any(axis=None):
        raise ValueError("a number of openings or seekers is negative")
    counted = _counted(market, rule)
    numbers = counted["period"].map(period_number)
    found = counted.assign(number=numbers, quarterly=counted["period"].str.contains("Q"))
    for comparison in COMPARISONS:
        found = _with_changes(found, comparison)
    return found.assign(missing_periods=_missing(found)).drop(columns=["number", "quarterly"])


def _counted(market: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """The rows with counted_vacancies, counted_job_seekers, gap and openings_to_seekers."""
    found = market.reset_index(drop=True)
    free = found["group_code"] == WITHOUT_REQUIREMENT
    keys = [found[name] for name in ("region", "period", "grouping")]
    for amount, by in (("vacancies", "job_seekers"), ("job_seekers", "vacancies")):
        own = found[amount].astype(float)
        if rule == "proportional":
            base = found[by].astype(float).where(~free)
            loose = own.where(free).groupby(keys).transform("sum")
            whole = base.groupby(keys).transform("sum")
            share = (base / whole.where(whole > 0)).fillna(0.0)
            added = (loose * share).where(loose > 0)
            own = own.add(added, fill_value=0.0).where(~free | (whole == 0), np.nan)
        found[f"counted_{amount}"] = own
    found["gap"] = found["counted_vacancies"] - found["counted_job_seekers"]
    seekers = found["counted_job_seekers"].where(found["counted_job_seekers"] > 0)
    found["openings_to_seekers"] = (found["counted_vacancies"] / seekers).where(~free)
    return found


def period_number(period: str) -> int:
    """A period as a number of quarters, so that a quarter before is 1 less and a year before 4 less."""
    year, _, quarter = period.partition("Q")
    if not (year.isdigit() and len(year) == 4 and (quarter in {"1", "2", "3", "4"} or period == year)):
        raise ValueError(f"{period!r} is not a year or a quarter such as 2024Q3")
    return 4 * int(year) + (int(quarter) - 1 if quarter else 0)


def period_name(number: int, *, quarterly: bool = True) -> str:
    """The period of a number."""
    return f"{number // 4}Q{number % 4 + 1}" if quarterly else str(number // 4)


def _steps(comparison: str) -> int:
    """How many quarters a comparison looks back."""
    return 1 if comparison == "quarter" else 4


def _with_changes(found: pd.DataFrame, comparison: str) -> pd.DataFrame:
    """The rows with the ratio of the period before and the relative changes since."""
    measures = ["vacancies", "job_seekers", "gap", "openings_to_seekers"]
    before = found[[*PLACE, "number", "quarterly", *measures]].copy()
    before["number"] += _steps(comparison)
    if comparison == "quarter":
        before = before[before["quarterly"]]
    then = found[[*PLACE, "number", "quarterly"]].merge(before, on=[*PLACE, "number", "quarterly"], how="left")
    found = found.assign(**{f"openings_to_seekers_{comparison}_before": then["openings_to_seekers"]})
    for measure in measures:
        size = then[measure].astype(float).abs()
        found[f"{measure}_change_{comparison}"] = (found[measure] - then[measure]) / size.where(size > 0)
    return found


def _missing(found: pd.DataFrame) -> list[str]:
    """Per row the periods of comparison that its region and grouping did not report, though it had begun to."""
    reported: dict[tuple[str, str, bool], set[int]] = {}
    for region, grouping, quarterly, number in zip(
        found["region"], found["grouping"], found["quarterly"], found["number"], strict=True
    ):
        reported.setdefault((region, grouping, quarterly), set()).add(number)
    lines = []
    for region, grouping, quarterly, number in zip(
        found["region"], found["grouping"], found["quarterly"], found["number"], strict=True
    ):
        known = reported[region, grouping, quarterly]
        wanted = {number - _steps(comparison) for comparison in COMPARISONS if quarterly or comparison == "year"}
        absent = sorted(each for each in wanted - known if each > min(known))
        lines.append("、".join(period_name(each, quarterly=quarterly) for each in absent))
    return lines
