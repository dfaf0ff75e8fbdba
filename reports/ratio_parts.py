"""What a ratio of the district was divided from: its numerator and denominator, for people to recompute it.

Belongs here: which mart holds the parts of which ratio. Does not belong here: the ratios themselves (marts.indicator).

The mechanism compares such a ratio as it stands in marts.indicator: its parts are no counts of the school's own
persons, so no cohort rule applies to them and one more graduate of the school is not one more in the numerator alone.
"""

import pandas as pd

from reports.round_tables import RoundTables

# Indicator -> frame, numerator, denominator, and the basis of the balance.
PARTS = {
    "supply_demand_ratio": ("marts.program_balance", "graduates", "allotted_openings", "vacancies"),
    "projected_supply_demand_ratio": ("marts.program_balance", "graduates", "allotted_openings", "projection"),
    "provider_share": ("marts.duplicate_program", "providers", "schools_in_region", None),
}
DISTRICT_GRADUATES = ("supply_demand_ratio", "projected_supply_demand_ratio")
COLUMNS = ["indicator", "program_code", "year", "ratio_numerator", "ratio_denominator"]


def with_parts(tables: RoundTables, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` (unit, indicator, and year or round) with ratio_numerator and ratio_denominator, NaN where it has none."""
    year = "round" if "round" in rows.columns else "year"
    codes = tables.frame("marts.unit").set_index("unit")["program_code"]
    at = pd.MultiIndex.from_arrays([rows["indicator"], rows["unit"].map(codes), rows[year]])
    found = ratio_parts(tables).set_index(COLUMNS[:3]).reindex(at)
    return rows.assign(**{name: found[name].to_numpy(dtype=float) for name in COLUMNS[3:]})


def ratio_parts(tables: RoundTables) -> pd.DataFrame:
    """One row per indicator × program × year (COLUMNS)."""
    frames = []
    for indicator, (name, numerator, denominator, basis) in PARTS.items():
        frame = tables.frame(name)
        frame = frame[frame["basis"] == basis] if basis else frame
        part = frame[["program_code", "year"]].assign(indicator=indicator)
        part["ratio_numerator"] = frame[numerator].astype(float)
        part["ratio_denominator"] = frame[denominator].astype(float)
        frames.append(part[COLUMNS])
    return pd.concat(frames, ignore_index=True).drop_duplicates(COLUMNS[:3])
