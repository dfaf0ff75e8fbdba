"""Expected matched placements per seat (每个学位预计对口就业人数) of every program point, shrunk for small cohorts.

Belongs here: the three rates between a planned seat and a matched graduate. Does not belong here: whether there is an
opening for that graduate (`models.plan.program`).
"""

import pandas as pd

from models.plan.settings import Rates

RATES = ("fill", "completion", "matched")
PLACEMENT_COLUMNS = [
    "unit",
    *(f"{rate}_{part}" for rate in RATES for part in ("numerator", "denominator", "rate")),
    "per_seat",
]


def placements_per_seat(
    units: pd.DataFrame, enrollment: pd.DataFrame, outcome: pd.DataFrame, round_year: int, years: int, rates: Rates
) -> pd.DataFrame:
    """One row per unit: three rates with the counts of its own they rest on, and their product `per_seat`.

    fill = registered / planned; completion = graduates / registered `years` before; matched = matched / graduates, each
    over the last `rates.cohorts` years up to `round_year` for which both counts are known. A rate is drawn to that of
    the program in all schools, and this one to the district's, with the weight of `rates.prior_persons` persons (the
    mean of a beta-binomial posterior whose prior has that size); fill and completion are at most 1. A unit without
    counts takes the program's rate, a program without counts the district's.

    `units`: unit, program_code. `enrollment`: unit, year, planned, registered (persons). `outcome`: unit, year (of the
    cohort), graduates, matched. Returns PLACEMENT_COLUMNS, by unit. Raises ValueError naming the rate for which the
    whole district has no counts.
    """
    known = units[["unit", "program_code"]].drop_duplicates("unit").sort_values("unit").reset_index(drop=True)
    entered = enrollment[["unit", "year", "registered"]].assign(year=enrollment["year"] + years)
    cohorts = outcome.merge(entered, on=["unit", "year"], how="left")
    counts = {
        "fill": (enrollment, "registered", "planned"),
        "completion": (cohorts, "graduates", "registered"),
        "matched": (cohorts, "matched", "graduates"),
    }
    found = known[["unit"]].copy()
    for rate, (frame, numerator, denominator) in counts.items():
        own = recent_sums(frame, numerator, denominator, round_year, rates.cohorts)
        own = own.reindex(known["unit"], fill_value=0.0).reset_index(drop=True)
        found[f"{rate}_numerator"], found[f"{rate}_denominator"] = own["numerator"], own["denominator"]
        found[f"{rate}_rate"] = shrunk(own, known["program_code"], float(rates.prior_persons), rate)
    for rate in ("fill_rate", "completion_rate"):
        found[rate] = found[rate].clip(upper=1.0)
    found["per_seat"] = found["fill_rate"] * found["completion_rate"] * found["matched_rate"]
    return found[PLACEMENT_COLUMNS]


def recent_sums(frame: pd.DataFrame, numerator: str, denominator: str, last: int, years: int) -> pd.DataFrame:
    """By unit, sums of both counts over its latest `years` years up to `last` in which both are known."""
    rows = frame[["unit", "year", numerator, denominator]].set_axis(
        ["unit", "year", "numerator", "denominator"], axis=1
    )
    rows = rows[(rows["year"] <= last) & rows["numerator"].notna() & (rows["denominator"] > 0)]
    rows = rows.sort_values(["unit", "year"]).groupby("unit").tail(years)
    return rows.astype({"numerator": float, "denominator": float}).groupby("unit")[["numerator", "denominator"]].sum()


def shrunk(own: pd.DataFrame, program: pd.Series, prior: float, name: str) -> pd.Series:
    """Rates of units, drawn to their program's rate, which is drawn to that of all."""
    everybody = own["denominator"].sum()
    if not everybody > 0:
        raise ValueError(name)
    district = own["numerator"].sum() / everybody
    sums = own.groupby(program)[["numerator", "denominator"]].transform("sum")
    of_program = posterior(sums, prior, pd.Series(district, index=own.index))
    return posterior(own, prior, of_program)


def posterior(counts: pd.DataFrame, prior: float, mean: pd.Series) -> pd.Series:
    """(numerator + prior × mean) / (denominator + prior); the mean where there is neither count nor prior."""
    weight = counts["denominator"] + prior
    return ((counts["numerator"] + prior * mean) / weight.where(weight > 0)).fillna(mean)
