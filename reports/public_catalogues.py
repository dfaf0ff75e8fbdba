"""What the public may read of supply and demand and of the yearly catalogues.

Belongs here: which rows and fields of the balance and the catalogues are public, and which of them a hidden number of
persons hides. Does not belong here: which numbers of persons are hidden (`public_counts`), the files (`open_data`).

Whatever is computed from graduates (openings allotted, openings left open, persons to train, signals) is public only
where the graduates of all programs concerned are: then it follows from public numbers and tells nothing new.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from reports.listing import as_list
from reports.public_counts import BELOW, LEAST_COHORT, PublicCounts
from reports.round_tables import RoundTables

SEPARATOR = "、"
OF_GRADUATES = ("graduates", "vacancies_unfilled", "projected_unfilled")
SIGNALS_OF_GRADUATES = ("unfilled_vacancies", "unfilled_projection", "unfilled_forecast")
OF_SEEKERS = ("job_seekers", "openings_to_seekers")


@dataclass(frozen=True)
class Sharing:
    """Programs and occupations in groups that share openings, directly or over others, and where something is hidden.

    `programs`, `occupations`: the group by code; `secret`: group and year in which a program's graduates are hidden.
    """

    programs: dict[str, int]
    occupations: dict[str, int]
    secret: frozenset[tuple[int, int]]

    def hides(self, kind: str, codes: pd.Series, years: pd.Series) -> list[bool]:
        """Whether numbers computed from graduates are hidden, by program or occupation and year."""
        groups = self.programs if kind == "program" else self.occupations
        return [(groups.get(code, -1), int(year)) in self.secret for code, year in zip(codes, years, strict=True)]


def sharing(tables: RoundTables, counts: PublicCounts) -> Sharing:
    """The groups by the crosswalk and the balance of every signal of demand, and the hidden graduates in them."""
    links = tables.frame("core.crosswalk").query("relation == 'program_occupation'")[["from_code", "to_code"]]
    links = links.set_axis(["program_code", "occupation_code"], axis=1)
    edges = pd.concat([links, tables.frame("marts.allotment")[["program_code", "occupation_code"]]]).drop_duplicates()
    program, programs = pd.factorize(edges["program_code"])
    occupation, occupations = pd.factorize(edges["occupation_code"])
    size = len(programs) + len(occupations)
    joined = coo_array((np.ones(len(edges)), (program, len(programs) + occupation)), shape=(size, size))
    groups = connected_components(joined, directed=False)[1].tolist() if size else []
    of_program = dict(zip(programs, groups[: len(programs)], strict=True))
    shown = counts.table("program")
    hidden = shown[["graduates" in found for found in shown["hidden"]]]
    secret = {
        (of_program[code], int(year))
        for code, year in hidden[["program_code", "year"]].itertuples(index=False)
        if code in of_program
    }
    return Sharing(of_program, dict(zip(occupations, groups[len(programs) :], strict=True)), frozenset(secret))


def without(rows: pd.DataFrame, hidden: Sequence[tuple[Sequence[str], Sequence[bool]]]) -> pd.DataFrame:
    """The rows with the named fields empty where they are hidden, and `hidden` naming them."""
    names: list[list[str]] = [[] for _ in range(len(rows))]
    for fields, where in hidden:
        mask = np.asarray(where, dtype=bool)
        for name in fields:
            for at in np.flatnonzero(mask & rows[name].notna().to_numpy()):
                names[at].append(name)  # once: a field that is hidden is empty from then on
            rows = rows.assign(**{name: rows[name].mask(mask)})
    return rows.assign(hidden=pd.Series([tuple(found) for found in names], index=rows.index, dtype=object))


def few_seekers(rows: pd.DataFrame) -> list[bool]:
    """Where the seekers are too few for their number or a ratio on them to be told."""
    return (rows["job_seekers"] < LEAST_COHORT).tolist()


def supply_demand(tables: RoundTables, counts: PublicCounts, shared: Sharing) -> pd.DataFrame:
    """Graduates against the openings allotted to a program: program_code, program_name, year, graduates,
    allotted_openings, supply_demand_ratio, hidden."""
    shown = counts.table("program")[["program_code", "year", "graduates", "hidden"]]
    balance = tables.frame("marts.program_balance").query("year <= @tables.round and basis == 'vacancies'")
    rows = balance[["year", "program_code", "program_name", "allotted_openings", "supply_demand_ratio"]]
    rows = rows.merge(shown, on=["program_code", "year"], how="left")
    own = ["graduates" in (found or ()) for found in rows["hidden"]]
    derived = ["allotted_openings", "supply_demand_ratio"]
    rows = without(rows, [(derived, shared.hides("program", rows["program_code"], rows["year"]))])
    rows["hidden"] = [
        (*(["graduates"] if mine else []), *found) for mine, found in zip(own, rows["hidden"], strict=True)
    ]
    columns = ["program_code", "program_name", "year", "graduates", *derived, "hidden"]
    return rows[columns].sort_values(["program_code", "year"], ignore_index=True)


def of_years(tables: RoundTables, mart: str) -> pd.DataFrame:
    """The rows of a mart up to the round."""
    return tables.frame(f"marts.{mart}").query("year <= @tables.round")


def occupations(tables: RoundTables, shared: Sharing) -> pd.DataFrame:
    """Annual supply–demand information by occupation and year: every signal of demand in its own fields."""
    rows = of_years(tables, "skill_supply_demand")
    hidden = shared.hides("occupation", rows["occupation_code"], rows["year"])
    few = ((rows["graduates"] > 0) & (rows["graduates"] < BELOW)).tolist()
    rows = without(rows, [(OF_SEEKERS, few_seekers(rows)), (OF_GRADUATES, hidden), (["graduates"], few)])
    columns = [
        "occupation_code", "occupation_name", "year", "vacancies", "job_seekers", "openings_to_seekers",
        "projected_openings", "forecast_year", "forecast_low", "forecast_mid", "forecast_high", "graduates",
        "vacancies_unfilled", "projected_unfilled", "offered_programs", "hidden",
    ]  # fmt: skip
    return rows[columns].sort_values(["occupation_code", "year"], ignore_index=True)


def shortage_occupations(tables: RoundTables, shared: Sharing) -> pd.DataFrame:
    """The shortage catalogues: grade, validity, and the value of every signal as far as it is public."""
    signals = of_years(tables, "shortage_signal").pivot(
        index=["occupation_code", "year"], columns="signal", values="value"
    )
    rows = of_years(tables, "shortage_occupation").drop(columns=["openings_to_seekers"])
    rows = rows.merge(signals.reset_index(), on=["occupation_code", "year"], how="left")
    hidden = shared.hides("occupation", rows["occupation_code"], rows["year"])
    few = few_seekers(rows)
    counted = [one or other for one, other in zip(hidden, few, strict=True)]
    rows = without(
        rows,
        [(["openings_to_seekers"], few), (SIGNALS_OF_GRADUATES, hidden), (["signals_met"], counted)],
    )
    columns = [
        "occupation_code", "occupation_name", "year", "grade", "valid_until", "signals_met", "signals_known",
        "openings_to_seekers", "years_in_a_row", *SIGNALS_OF_GRADUATES, "hidden",
    ]  # fmt: skip
    return rows[columns].sort_values(["occupation_code", "year"], ignore_index=True)


def training_occupations(tables: RoundTables, shared: Sharing) -> pd.DataFrame:
    """The training catalogues: persons to train, and who could teach them."""
    rows = of_years(tables, "training_occupation")
    hidden = shared.hides("occupation", rows["occupation_code"], rows["year"])
    few = few_seekers(rows)
    missing = [one or other for one, other in zip(hidden, few, strict=True)]
    rows = without(rows, [(["persons_to_train"], missing), (OF_SEEKERS, few)])
    rows = rows.assign(
        **{name: [SEPARATOR.join(as_list(found)) for found in rows[name]] for name in ("programs", "schools")}
    )
    columns = [
        "occupation_code", "occupation_name", "year", "persons_to_train", "vacancies", "job_seekers",
        "openings_to_seekers", "grade", "valid_until", "programs", "schools", "hidden",
    ]  # fmt: skip
    return rows[columns].sort_values(["occupation_code", "year"], ignore_index=True)


def programs_to_expand(tables: RoundTables, shared: Sharing) -> pd.DataFrame:
    """The round's programs to expand; schools are not named, as verdicts that are not final would show by them."""
    points = tables.frame("decisions.expansion_point")
    rows = tables.frame("marts.program_to_expand").query("year == @tables.round")
    rows = rows[rows["program_code"].isin(points.loc[points["may_expand"], "program_code"])]
    rows = without(rows, [(["supply_demand_ratio"], shared.hides("program", rows["program_code"], rows["year"]))])
    rows = rows.assign(occupations=[SEPARATOR.join(as_list(found)) for found in rows["occupations"]])
    columns = ["program_code", "program_name", "year", "occupations", "supply_demand_ratio", "hidden"]
    return rows[columns].sort_values("program_code", ignore_index=True)


def programs_to_consider(tables: RoundTables) -> pd.DataFrame:
    """Shortage occupations that nobody trains for, with the programs that would."""
    rows = of_years(tables, "program_to_consider")
    columns = ["occupation_code", "occupation_name", "year", "grade", "valid_until", "program_code", "program_name"]
    return (
        rows[columns]
        .fillna({"program_code": ""})
        .sort_values(["occupation_code", "program_code", "year"], ignore_index=True)
    )


def shared_programs(tables: RoundTables, shared: Sharing) -> pd.DataFrame:
    """Programs of several schools, and whether they are duplicates."""
    rows = of_years(tables, "duplicate_program").query("providers > 1")
    rows = without(rows, [(["supply_demand_ratio"], shared.hides("program", rows["program_code"], rows["year"]))])
    columns = [
        "program_code", "program_name", "year", "providers", "provider_share", "supply_demand_ratio", "is_duplicate",
        "hidden",
    ]  # fmt: skip
    return rows[columns].sort_values(["program_code", "year"], ignore_index=True)
