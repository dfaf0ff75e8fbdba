"""Which counts the public may see: all public counts of persons as one set of cells that add up.

Belongs here: what is published at which level, how it adds up, what must be protected and why. Does not belong here:
finding the cells to hide (`models.disclosure`), what earlier publications have shown (`public_history`), the files that
show the counts (`open_data`, `public_site`).

Everything public draws its counts of persons from here, so that one attack covers all files together.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.disclosure import SHOWN, suppress
from reports.public_history import SUM_OF, PublicCells, beside_earlier

BELOW = 5  # counts below are hidden
LEAST_COHORT = 10  # rates on fewer persons are hidden, and with them their numerators
# What is published of a cohort, and what lies between the published numbers: never shown, never negative, and protected
# like them, as a reader can subtract.
PUBLISHED = ("graduates", "placed", "directly_employed", "not_in_study", "employed", "matched")
BETWEEN = ("in_study", "not_employed", "self_employed_or_flexible", "unmatched")
SUMS = {
    "graduates": ("not_in_study", "in_study"),
    "not_in_study": ("directly_employed", "not_employed"),
    "placed": ("directly_employed", "in_study"),
    "directly_employed": ("employed", "self_employed_or_flexible"),
    "employed": ("matched", "unmatched"),
    "in_school": ("registered", "in_higher_years"),
}
# Rates so high that the rest is protected are told as "at least so much"; the rest by rate, steps of STEP.
REST = {
    "placement_rate": "not_employed",
    "direct_employment_rate": "not_employed",
    "matched_employment_rate": "unmatched",
}
STEP = 0.05
RATES = {
    "placement_rate": ("placed", "graduates"),
    "direct_employment_rate": ("directly_employed", "not_in_study"),
    "matched_employment_rate": ("matched", "employed"),
}
ENROLLED = ("registered", "in_school")
ENROLLED_BETWEEN = ("in_higher_years",)
# Levels with what each is the sum of; a total is worth more to readers than a part.
LEVELS = {"program": "unit", "school": "unit", "category": "program", "district": "category"}
WORTH = {"unit": 1.0, "program": 3.0, "school": 3.0, "category": 5.0, "district": 10.0}
# Without the number that a rate is of nothing can be told of it.
WORTH_OF_VARIABLE = {"graduates": 5.0, "not_in_study": 4.0, "employed": 3.0}
KEYS = ["level", "school_id", "program_code", "category", "year"]
NONE = ""
# Shares of graduates by class of industry are told in steps of SHARE_STEP, in years in which a step is SHARE_PERSONS
# graduates or more.
SHARE_STEP = 0.01
SHARE_PERSONS = 2 * BELOW


class PublicCounts(PublicCells):
    """The cells of this publication and the earlier ones (KEYS, variable, status beside those of PublicCells).

    Those of this publication are `present`.
    """

    def table(self, level: str) -> pd.DataFrame:
        """One row per unit of a level × year: its keys, the counts (NaN where hidden), hidden (their names), rates.

        A rate stands only where numerator and denominator are shown; where the rest is too small to be told,
        NAME_at_least stands in its place. A count that was not reported is in no cell; it is NaN and not named as
        hidden.
        """
        present = self.cells[self.cells["present"] & (self.cells["level"] == level)]
        cells = present[present["cost"] > 0]
        shown = cells["value"].where(cells["status"] == SHOWN)
        wide = cells.assign(value=shown).pivot(index=KEYS, columns="variable", values="value")
        wide = wide.reindex(columns=[*PUBLISHED, *ENROLLED])
        between = present[present["variable"].isin(REST.values())]
        rest = between.pivot(index=KEYS, columns="variable", values="value")
        hidden = {key: tuple(sorted(rows["variable"])) for key, rows in cells[cells["status"] != SHOWN].groupby(KEYS)}
        wide["hidden"] = [hidden.get(key, ()) for key in wide.index]
        for name, (numerator, denominator) in RATES.items():
            wide[name] = wide[numerator] / wide[denominator].where(wide[denominator] >= LEAST_COHORT)
            small = rest.get(REST[name], pd.Series(dtype=float)).reindex(wide.index) < BELOW
            told = at_least(wide[denominator]).where(small & wide[name].isna())
            wide[f"{name}_at_least"] = told.where(wide[denominator] >= LEAST_COHORT)
        return wide.reset_index()


def public_counts(
    outcome: pd.DataFrame,
    enrollment: pd.DataFrame,
    units: pd.DataFrame,
    reach: pd.DataFrame | None = None,
    earlier: PublicCells | None = None,
) -> PublicCounts:
    """All public counts of persons with what has to be hidden.

    `outcome`: one row per school_id × program_code × cohort_year with graduates, employed, self_employed, flexible,
    further_study, enlisted, matched. `enrollment`: per school_id × program_code × year registered, in_school. `units`:
    school_id, program_code, category. `reach`: program_code, class_code, weight of the shares by class of industry that
    are told beside the counts. `earlier`: the cells of all earlier publications.
    """
    category = units.drop_duplicates("program_code").set_index("program_code")["category"]
    finest = pd.concat([of_outcomes(outcome), of_enrollment(enrollment)], ignore_index=True)
    finest["category"] = finest["program_code"].map(category).fillna(NONE)
    levels = {"unit": finest}
    for level, below in LEVELS.items():
        levels[level] = summed(levels[below], level)
    cells = pd.concat([frame.assign(level=level) for level, frame in levels.items()], ignore_index=True)
    cells["cell"] = ids(cells)
    relations = pd.concat([*level_relations(levels), sum_relations(cells)], ignore_index=True)
    protected = to_protect(cells)
    cells["least"] = np.where(protected, 0.0, np.nan)
    cells["most"] = np.where(protected, np.maximum(BELOW, cells["value"]), np.nan)
    worth = cells["level"].map(WORTH).astype(float)
    worth *= cells["variable"].map(WORTH_OF_VARIABLE).fillna(1.0)
    between = cells["variable"].isin((*BETWEEN, *ENROLLED_BETWEEN))
    cells["cost"] = np.where(between, 0.0, worth * (1 + np.log1p(cells["value"])))
    cells["ceiling"] = ceilings(cells)
    if reach is not None:
        slack, steps = share_steps(cells, reach)
        cells = pd.concat([cells, slack], ignore_index=True)
        relations = pd.concat([relations, steps], ignore_index=True)
    joint = beside_earlier(PublicCells(cells, relations), earlier)
    status = suppress(joint.cells, joint.relations)["status"].to_numpy()
    shown = joint.cells["known"] | (status == SHOWN)
    return PublicCounts(joint.cells.assign(status=status, shown=shown), joint.relations)


def of_outcomes(outcome: pd.DataFrame) -> pd.DataFrame:
    """The counts of every cohort: school_id, program_code, year, variable, value; only what is known."""
    counts = outcome.astype(
        dict.fromkeys(
            ("graduates", "employed", "self_employed", "flexible", "further_study", "enlisted", "matched"), float
        )
    )
    wide = counts[["school_id", "program_code"]].assign(year=counts["cohort_year"], graduates=counts["graduates"])
    wide["in_study"] = counts["further_study"] + counts["enlisted"]
    wide["not_in_study"] = wide["graduates"] - wide["in_study"]
    wide["employed"] = counts["employed"]
    wide["self_employed_or_flexible"] = counts["self_employed"] + counts["flexible"]
    wide["directly_employed"] = wide["employed"] + wide["self_employed_or_flexible"]
    wide["not_employed"] = wide["not_in_study"] - wide["directly_employed"]
    wide["placed"] = wide["directly_employed"] + wide["in_study"]
    wide["matched"] = counts["matched"]
    wide["unmatched"] = wide["employed"] - wide["matched"]
    return long(wide, (*PUBLISHED, *BETWEEN))


def of_enrollment(enrollment: pd.DataFrame) -> pd.DataFrame:
    """The enrolled of every year: school_id, program_code, year, variable, value; only what is known."""
    wide = enrollment[["school_id", "program_code", "year", *ENROLLED]].astype(dict.fromkeys(ENROLLED, float))
    older = wide["in_school"] - wide["registered"]
    return long(wide.assign(in_higher_years=older.where(older >= 0)), (*ENROLLED, *ENROLLED_BETWEEN))


def long(wide: pd.DataFrame, variables: tuple[str, ...]) -> pd.DataFrame:
    """One row per unit × year × variable with a value."""
    keys = ["school_id", "program_code", "year"]
    return wide.melt(keys, list(variables), var_name="variable", value_name="value").dropna(subset="value")


def summed(below: pd.DataFrame, level: str) -> pd.DataFrame:
    """The sums of one level, with the keys that the level does not have left empty."""
    kept = {"program": ["program_code", "category"], "school": ["school_id"], "category": ["category"], "district": []}
    keys = [*kept[level], "year", "variable"]
    total = below.groupby(keys, as_index=False)["value"].sum()
    return total.assign(**{name: NONE for name in ("school_id", "program_code", "category") if name not in keys})


def ids(cells: pd.DataFrame) -> pd.Series:
    """The cells' names: level, keys, year and variable, joined; the class of a program does not name its cells."""
    own_class = cells["category"].where(cells["level"] == "category", NONE)
    columns = [cells["level"], cells["school_id"], cells["program_code"], own_class, cells["year"], cells["variable"]]
    found = columns[0].astype(str)
    for column in columns[1:]:
        found = found + "|" + column.astype(str)
    return found


def level_relations(levels: dict[str, pd.DataFrame]) -> Iterable[pd.DataFrame]:
    """Every total is the sum of its parts."""
    for level, below in LEVELS.items():
        parts = levels[below].assign(level=below)
        totals = summed(levels[below], level).assign(level=level)
        keys = [name for name in ("school_id", "program_code", "category") if totals[name].ne(NONE).any()]
        totals["cell"], parts["cell"] = ids(totals), ids(parts)
        on = [*keys, "year", "variable"]
        joined = parts.merge(totals[[*on, "cell"]], on=on, suffixes=("", "_total"))
        name = SUM_OF + joined["cell_total"]
        yield pd.DataFrame({"relation": name, "cell": joined["cell"], "coefficient": 1.0})
        yield pd.DataFrame({"relation": SUM_OF + totals["cell"], "cell": totals["cell"], "coefficient": -1.0})


def sum_relations(cells: pd.DataFrame) -> pd.DataFrame:
    """Within a cohort: graduates = in study + not in study, and so on, where all three are known."""
    found = []
    place = cells.pivot(index=KEYS, columns="variable", values="cell")
    values = cells.pivot(index=KEYS, columns="variable", values="value")
    for total, parts in SUMS.items():
        if not {total, *parts} <= set(place.columns):
            continue
        rows = place[[total, *parts]].dropna()
        # Sums over schools of which one lacks a part do not add up, and say so by it.
        holds = (values.loc[rows.index, list(parts)].sum(axis=1) - values.loc[rows.index, total]).abs() < 1e-6
        for name, coefficient in ((total, -1.0), *((part, 1.0) for part in parts)):
            relation = total + " in " + rows[total]
            found.append(pd.DataFrame({"relation": relation, "cell": rows[name], "coefficient": coefficient})[holds])
    return pd.concat(found, ignore_index=True)


def told_shares(cells: pd.DataFrame, reach: pd.DataFrame) -> pd.DataFrame:
    """Shares of graduates by class of industry as they are told: year, class_code, share, persons.

    `reach`: program_code, class_code, weight. Only years in which a step is SHARE_PERSONS or more; `persons` is what
    the share is of.
    """
    known = graduates_of_programs(cells).merge(reach, on="program_code")
    amounts = known.assign(amount=known["value"] * known["weight"]).groupby(["year", "class_code"])["amount"].sum()
    rows = amounts.reset_index()
    rows["persons"] = rows.groupby("year")["amount"].transform("sum")
    rows = rows[SHARE_STEP * rows["persons"] >= SHARE_PERSONS]
    share = (rows["amount"] / rows["persons"]).map(in_steps)
    return rows.assign(share=share)[["year", "class_code", "share", "persons"]].reset_index(drop=True)


def graduates_of_programs(cells: pd.DataFrame) -> pd.DataFrame:
    """The graduates of every program: program_code, year, cell, value."""
    rows = cells[(cells["level"] == "program") & (cells["variable"] == "graduates")]
    return rows[["program_code", "year", "cell", "value"]]


def share_steps(cells: pd.DataFrame, reach: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What rounded shares of graduates by class tell, as cells that are published nowhere, and their relations.

    A share r of a class says that its graduates S lie within (r ± SHARE_STEP / 2) of all T that reach a class. S and T
    are sums over programs, so that what is left to either end is one too, and it is not negative.
    """
    graduates = graduates_of_programs(cells)
    slack: list[dict[str, object]] = []
    steps = [pd.DataFrame({"relation": [], "cell": [], "coefficient": []}).astype({"coefficient": float})]
    for year, told in told_shares(cells, reach).groupby("year"):
        persons = graduates[graduates["year"] == year].set_index("program_code")
        weights = reach.pivot_table(index="program_code", columns="class_code", values="weight", aggfunc="sum")
        weights = weights.reindex(persons.index).fillna(0.0)
        for code, share in told[["class_code", "share"]].itertuples(index=False):
            for end, sign in (("at_least", 1.0), ("at_most", -1.0)):
                part = sign * (weights[code] - (share - sign * SHARE_STEP / 2) * weights.sum(axis=1))
                name = f"share||||{year}|{code}|{end}"
                keys = {"level": "share", "school_id": NONE, "program_code": NONE, "category": str(code), "year": year}
                left = max(float(part @ persons["value"]), 0.0)
                slack.append({**keys, "variable": end, "value": left, "cell": name, "cost": 0.0, "ceiling": np.inf})
                moved = part[part != 0]
                cells_moved = [*persons.loc[moved.index, "cell"], name]
                steps.append(
                    pd.DataFrame({"relation": SUM_OF + name, "cell": cells_moved, "coefficient": [*moved, -1.0]})
                )
    return pd.DataFrame(slack), pd.concat(steps, ignore_index=True)


def in_steps(share: float) -> float:
    """A share as it is told."""
    return round(round(share / SHARE_STEP) * SHARE_STEP, 10)


def at_least(base: pd.Series) -> pd.Series:
    """The share that a rate is told to reach at least when fewer than BELOW of `base` persons are missing.

    As many again are left open, so that what lies beside the rest need not be hidden for its sake; in steps of STEP.
    """
    return np.floor((base - 2 * BELOW).clip(lower=0) / base / STEP + 1e-9) * STEP


def ceilings(cells: pd.DataFrame) -> NDArray[np.float64]:
    """How many persons at most a small rest has for who reads the rates that are told as "at least so much"."""
    values = cells.pivot(index=KEYS, columns="variable", values="value")
    place = pd.MultiIndex.from_frame(cells[KEYS])
    found = np.full(len(cells), np.inf)
    for rate, (_, denominator) in RATES.items():
        if denominator in values.columns:
            base = values[denominator].reindex(place).to_numpy(dtype=float)
            told = (cells["variable"] == REST[rate]).to_numpy() & (cells["value"] < BELOW).to_numpy()
            told &= base >= LEAST_COHORT
            most = base * (1 - at_least(pd.Series(base)).to_numpy())
            found[told] = np.minimum(found[told], most[told])
    return found


def to_protect(cells: pd.DataFrame) -> pd.Series:
    """Counts below BELOW, those between published ones too, and numerators of rates on fewer than LEAST_COHORT persons.

    Any two published counts of a cohort of which one is part of the other differ by one or several of BETWEEN, so that
    no difference below BELOW can be told. Nobody in higher years is no secret: the program is new.
    """
    small = (cells["value"] < BELOW) & ~(cells["variable"].isin(ENROLLED_BETWEEN) & (cells["value"] == 0))
    values = cells.pivot(index=KEYS, columns="variable", values="value")
    for numerator, denominator in RATES.values():
        if denominator in values.columns:
            of = pd.MultiIndex.from_frame(cells[KEYS])
            base = values[denominator].reindex(of).to_numpy()
            small |= (cells["variable"] == numerator) & (base < LEAST_COHORT)
    return small
