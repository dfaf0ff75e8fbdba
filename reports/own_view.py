"""What one school may see of a round: its own numbers exactly, and of the district what its verdicts rest on.

Belongs here: leaving out other schools' rows, and whatever another school's small numbers could be computed from. Does
not belong here: what the public may see (`public_counts`), the documents.

Some numbers of a school's verdict hold other schools' numbers:

- the line of a ranking is the rate of the last one in, as a rule another school's, and the exact quotient gives its two
  counts away: it is written to a tenth of a percentage point, and left out where one of those counts is small;
- a mean or median with fewer than three others is their own number: left out;
- counts pooled over other schools, and the district's graduates in a supply–demand ratio, less the school's own are
  those of the others: left out where what remains is small.

Small is what `public_counts` calls small: fewer than 5 persons, or a rate on fewer than 10. With a line that is left
out goes what its distance would tell (fragility), never the outcome.
"""

from dataclasses import replace

import pandas as pd

from models.grammar import Benchmark, leaves
from models.rules import Rulebook
from reports.listing import as_list
from reports.public_counts import BELOW, LEAST_COHORT
from reports.ratio_parts import DISTRICT_GRADUATES, with_parts
from reports.round_tables import RoundTables

RANKED = ("bottom", "top")
FEW_OTHERS = 3  # with so many others a mean or median is no longer any one's number
DIGITS = 3  # of a line that is another's rate: a tenth of a percentage point
SAME = 1e-9
# Frames of which a school sees its own rows only; those named school.* are the others.
OF_SCHOOLS = (
    "marts.unit", "marts.indicator", "marts.indicator_source", "decisions.verdict", "decisions.evidence",
    "decisions.fragility", "ledger.standing",
)  # fmt: skip


def own_view(tables: RoundTables, school_id: str, unit: str = "") -> RoundTables:
    """The tables with the school's rows only, and without what would give other schools' small numbers away.

    decisions.evidence gets ratio_numerator and ratio_denominator (see `ratio_parts`) and the columns line_withheld and
    value_withheld; what is withheld is NaN. A `unit` that belongs to no known school is the school's only one.
    """
    units = tables.frame("marts.unit")
    own = set(units.loc[units["school_id"] == school_id, "unit"]) or {unit}
    frames = dict(tables.frames)
    for name, frame in frames.items():
        if name in OF_SCHOOLS or name.startswith("school."):
            if "unit" in frame:
                frames[name] = frame[frame["unit"].isin(own)].reset_index(drop=True)
            elif "school_id" in frame:
                frames[name] = frame[frame["school_id"] == school_id].reset_index(drop=True)
    evidence = with_parts(tables, frames["decisions.evidence"])
    evidence = without_others_lines(evidence, tables.frame("decisions.evidence"), tables.rulebook)
    evidence = without_others_pooled(evidence)
    withheld = others_graduates_are_few(frames["marts.indicator"], tables)
    at = list(zip(evidence["unit"], evidence["round"], evidence["indicator"], strict=True))
    telling = pd.Series([place in withheld for place in at], index=evidence.index, dtype=bool)
    values = ["value", "compared_value", "ratio_numerator", "ratio_denominator"]
    evidence[values] = evidence[values].mask(telling)
    frames["decisions.evidence"] = evidence.assign(value_withheld=evidence["value_withheld"] | telling)
    frames["decisions.fragility"] = without_distances(frames["decisions.fragility"], frames["decisions.evidence"])
    facts = with_parts(tables, frames["marts.indicator"])
    at = list(zip(facts["unit"], facts["year"], facts["indicator"], strict=True))
    telling = pd.Series([place in withheld for place in at], index=facts.index, dtype=bool)
    values = ["value", "ratio_numerator", "ratio_denominator"]
    facts[values] = facts[values].mask(telling)
    frames["marts.indicator"] = facts.assign(value_withheld=telling)
    return replace(tables, frames=frames)


def small(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """Whether a rate or one of the counts behind it is one that nobody else may see."""
    rest = denominator - numerator
    few = (numerator < BELOW) | (rest < BELOW) | (denominator < LEAST_COHORT)
    return few & (denominator > 0)


def without_others_lines(own: pd.DataFrame, everyone: pd.DataFrame, book: Rulebook) -> pd.DataFrame:
    """`own` evidence with lines that are other units' rates rounded, or withheld (line_withheld)."""
    keys = ["rule", "criterion", "round"]
    moving = is_moving(own, book)
    ranked = own["comparison"].isin(RANKED)
    others = everyone[~everyone["unit"].isin(set(own["unit"]))]
    asked = own.loc[ranked | moving, [*keys, "line"]].dropna(subset="line").drop_duplicates()
    rows = asked.merge(others, on=keys, suffixes=("", "_of_other"))
    on_line = rows[(rows["compared_value"] - rows["line"]).abs() < SAME]
    telling = on_line[small(on_line["pooled_numerator"], on_line["pooled_denominator"])]
    risky = set(telling[[*keys, "line"]].itertuples(index=False, name=None))
    group = rows[(rows["line_of_other"] - rows["line"]).abs() < SAME].drop_duplicates([*keys, "line", "unit"])
    sizes = group.groupby([*keys, "line"]).size()
    places = list(own[[*keys, "line"]].itertuples(index=False, name=None))
    withheld = pd.Series(
        [
            (is_ranked and place in risky) or (moves and 0 < sizes.get(place, 0) < FEW_OTHERS)
            for place, is_ranked, moves in zip(places, ranked, moving, strict=True)
        ],
        index=own.index,
        dtype=bool,
    )
    of_others = ranked | moving
    exact = {name: own[name].where(~of_others, own[name].round(DIGITS)) for name in ("line", "probability")}
    return own.assign(**{name: values.mask(withheld) for name, values in exact.items()}, line_withheld=withheld)


def is_moving(evidence: pd.DataFrame, book: Rulebook) -> pd.Series:
    """Whether a row's line is computed from the units compared (a mean, a median, a pooled rate)."""
    found = {
        (rule.id, place)
        for rule in book.rules
        for place, leaf in leaves(rule.when)
        if isinstance(line := getattr(leaf, "line", None), Benchmark) and line.values is None
    }
    stems = evidence["criterion"].str.split("line ", n=1).str[0]
    pairs = zip(evidence["rule"], stems, strict=True)
    return pd.Series([pair in found for pair in pairs], index=evidence.index, dtype=bool)


def without_others_pooled(own: pd.DataFrame) -> pd.DataFrame:
    """`own` evidence without pooled counts of which the others' share is small (value_withheld)."""
    over_others = own["pooled_over"].notna() & ~own["pooled_over"].isin(["", "unit"])
    counts = own.set_index(["unit", "rule", "criterion", "round"])[["numerator", "denominator"]]
    rest: dict[str, list[float]] = {"numerator": [], "denominator": []}
    for row in own[over_others].to_dict("records"):
        at = [(row["unit"], row["rule"], row["criterion"], year) for year in as_list(row["pooled_years"])]
        mine = counts.reindex(at).fillna(0).sum()
        for name, found in rest.items():
            found.append(row[f"pooled_{name}"] - mine[name])
    few = pd.Series(data=False, index=own.index)
    others = {name: pd.Series(found, index=own.index[over_others], dtype=float) for name, found in rest.items()}
    few[over_others] = small(others["numerator"], others["denominator"])
    columns = [
        "compared_value",
        "pooled_numerator",
        "pooled_denominator",
        "probability",
        "interval_low",
        "interval_high",
    ]
    return own.assign(**{name: own[name].mask(few) for name in columns}, value_withheld=few)


def others_graduates_are_few(own: pd.DataFrame, tables: RoundTables) -> set[tuple[str, int, str]]:
    """Unit, year and indicator of values that would tell how few graduates the other schools have."""
    parts = with_parts(tables, own)
    ratios = parts[parts["indicator"].isin(DISTRICT_GRADUATES)].dropna(subset="ratio_numerator")
    graduates = own[own["indicator"] == "placement_rate"].set_index(["unit", "year"])["denominator"]
    mine = graduates.reindex(pd.MultiIndex.from_frame(ratios[["unit", "year"]])).fillna(0).to_numpy(dtype=float)
    others = ratios["ratio_numerator"].to_numpy(dtype=float) - mine
    rows = ratios[(others > SAME) & (others < BELOW)]
    return set(rows[["unit", "year", "indicator"]].itertuples(index=False, name=None))


def without_distances(fragility: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """`fragility` without the distances to lines that are withheld."""
    withheld = evidence.loc[evidence["line_withheld"], ["round", "indicator", "unit"]].drop_duplicates()
    places = set(withheld.itertuples(index=False, name=None))
    at = zip(fragility["round"], fragility["indicator"], fragility["unit"], strict=True)
    telling = pd.Series([place in places for place in at], index=fragility.index, dtype=bool)
    columns = ["line", "change_in_numerator", "change_in_line"]
    return fragility.assign(**{name: fragility[name].mask(telling) for name in columns})
