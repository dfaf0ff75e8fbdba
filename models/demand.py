"""Openings in the years ahead: expansion + replacement, by industry and by occupation.

Belongs here: how persons employed become openings, and how the openings of industries reach occupations. Does not
belong here: forecasts of persons employed (`models.forecast`). Vacancies, job seekers and the projections of others are
other signals: here they say at most how an industry divides into occupations, never how many openings there are.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

PLACE = ["region", "base_year"]
BOUNDS = ("low", "mid", "high")
AMOUNTS = [f"{part}_{bound}" for part in ("employed", "expansion", "replacement", "openings") for bound in BOUNDS]
DEMAND_COLUMNS = [
    *PLACE, "class_kind", "level", "code", "year", "last_year", "employed_last", *AMOUNTS, "method", "judged_on",
    "basis", "replacement_source", "share_basis",
]  # fmt: skip
CARRIED = "carried"  # the method of an occupation's row: its industries' forecasts, divided
REMAINDER = "remainder"  # the class kind of what no listed occupation holds


@dataclass(frozen=True)
class Composition:
    """What the openings of industries are divided by. Frames:

    `links`: occupation_code × industry_code (of the level that is carried, column `level`), `weight` (of an occupation
    they sum to 1). `sizes`: occupation_code × year × measure ("employed" persons in base years of projections,
    "vacancies" of a year), `amount`. `rates`: class_kind ("industry", "occupation") × code × year, `annual_rate` (share
    of the persons employed who leave in a year), `source`.
    """

    links: pd.DataFrame
    sizes: pd.DataFrame
    rates: pd.DataFrame


def demand(employed: pd.DataFrame, composition: Composition) -> pd.DataFrame:
    """One row per region × base year × class kind × level × code × year, with DEMAND_COLUMNS.

    `employed`: the frame of `models.forecast.forecast`, with `parents` (codes of the classes above, finest first).

    Class kinds: "industry" (every forecast series), "occupation", and "remainder": what the industries hold that no
    listed occupation does. Occupations and remainder together are the industries of the carried level, to the last
    opening: the finest level of a base year that all occupations can be linked to, sections where there are any, else
    sectors.

    Of an industry and a year, all in persons: expansion = (employed in the year − employed in the last observed year) ÷
    years between, a yearly mean, may be negative; replacement = rate × mean of the two numbers employed, the departures
    of a year that have to be made good (as the U.S. Bureau of Labor Statistics applies separation rates); NaN without a
    rate; openings = expansion + replacement, not below 0: jobs that go are first those that people leave, and where
    more jobs go than people leave there are no openings, but no negative ones either. Without a rate openings =
    expansion, not below 0, and `basis` says "expansion only" ("expansion and replacement" where all parts have a rate,
    "partly" in between).

    An industry divides into its occupations by `shares`; the rate of an occupation stands before that of the industry.
    Sums over occupations and over industries are sums of the same cells, so nothing is lost or counted twice. Lows are
    added to lows and highs to highs, as if industries moved together: the band of a sum is wide rather than narrow.
    """
    if employed.empty:
        return pd.DataFrame(columns=DEMAND_COLUMNS)
    divided = []
    for (_, base_year), rows in employed.groupby(PLACE, sort=True):
        known = cells(rows, composition, int(str(base_year)))
        divided.append(rows.drop(columns=["level", "parents"]).merge(known, on="code"))
    parts = with_openings(pd.concat(divided, ignore_index=True))
    industries = summed(parts.assign(class_kind="industry"))
    carried_parts = parts[parts["is_carried"]].drop(columns=["level", "code", "method", "judged_on"])
    is_listed = carried_parts["occupation_code"] != ""
    occupations = carried_parts.assign(
        class_kind=np.where(is_listed, "occupation", REMAINDER),
        level=np.where(is_listed, "occupation", REMAINDER),
        code=carried_parts["occupation_code"],
        method=CARRIED,
        judged_on="",
    )
    found = pd.concat([industries.assign(share_basis=""), summed(occupations)], ignore_index=True)
    return found[DEMAND_COLUMNS].sort_values([*PLACE, "class_kind", "level", "code", "year"], ignore_index=True)


def shares(composition: Composition, level: str, base_year: int, industries: pd.Series) -> pd.DataFrame:
    """How the persons of each industry divide: code, occupation_code, share, share_basis, as known in `base_year`.

    `industries`: persons employed by code. An occupation o of size Mₒ has wₒₖ · Mₒ persons in industry k, w being the
    weights of the crosswalk occupation -> industry: inverted, with the weights conserved. With sizes in persons (see
    `sizes_known`) the share is wₒₖ · Mₒ ÷ persons of the industry, and the rest of the industry is the remainder (code
    ""); persons that exceed those of the industry are divided in proportion. Vacancies say nothing about how many
    persons an industry employs elsewhere: with them the share is wₒₖ · Mₒ ÷ the sum over the listed occupations, which
    divides the whole industry among those. An industry that no occupation reaches is remainder as a whole.
    """
    links = composition.links[composition.links["level"] == level]
    linked = links.merge(sizes_known(composition.sizes, base_year), on="occupation_code")
    linked = linked.assign(persons=linked["weight"].astype(float) * linked["size"])
    linked = linked[linked["industry_code"].isin(industries.index) & (linked["persons"] > 0)]
    listed = linked.groupby("industry_code")["persons"].transform("sum")
    whole = np.maximum(listed, linked["industry_code"].map(industries).fillna(0.0))
    linked = linked.assign(share=linked["persons"] / np.where(linked["share_basis"] == "vacancies", listed, whole))
    found = linked[["industry_code", "occupation_code", "share", "share_basis"]].rename(
        columns={"industry_code": "code"}
    )
    rest = 1 - found.groupby("code")["share"].sum().reindex(industries.index, fill_value=0.0)
    rest = rest[rest > 1e-12]
    remainder = pd.DataFrame({"code": rest.index, "occupation_code": "", "share": rest.to_numpy(), "share_basis": ""})
    return pd.concat([found, remainder], ignore_index=True).sort_values(["code", "occupation_code"], ignore_index=True)


def sizes_known(sizes: pd.DataFrame, base_year: int) -> pd.DataFrame:
    """Sizes of occupations, the latest up to `base_year`: occupation_code, size, share_basis.

    Persons employed ("employed"), and where these are missing vacancies × the persons per vacancy of the occupations
    that have both ("estimated"). Where no occupation has both, all sizes are vacancies ("vacancies"), unless there are
    none: one unit is never mixed with the other.
    """
    known = sizes[(sizes["year"] <= base_year) & (sizes["amount"] > 0)].sort_values("year", kind="stable")
    known = known.drop_duplicates(["measure", "occupation_code"], keep="last")
    wide = known.pivot(index="occupation_code", columns="measure", values="amount")
    wide = wide.reindex(columns=["employed", "vacancies"]).astype(float)
    both = wide.dropna()
    if len(both):
        estimated = wide["vacancies"] * both["employed"].sum() / both["vacancies"].sum()
        basis = np.where(wide["employed"].notna(), "employed", "estimated")
        found = wide.assign(size=wide["employed"].fillna(estimated), share_basis=basis)
    elif wide["vacancies"].notna().any():
        found = wide.assign(size=wide["vacancies"], share_basis="vacancies")
    else:
        found = wide.assign(size=wide["employed"], share_basis="employed")
    return found.reset_index()[["occupation_code", "size", "share_basis"]]


Rates = dict[tuple[str, str], tuple[float, str]]


def rates_known(rates: pd.DataFrame, base_year: int) -> Rates:
    """The latest rate up to `base_year`: (class kind, code) -> annual rate and its source with the year."""
    known = rates[rates["year"] <= base_year].sort_values(["class_kind", "code", "year", "source"], kind="stable")
    columns = (known[name] for name in ("class_kind", "code", "annual_rate", "source", "year"))
    return {
        (kind, code): (float(rate), f"{source} {year}") for kind, code, rate, source, year in zip(*columns, strict=True)
    }


def cells(rows: pd.DataFrame, composition: Composition, base_year: int) -> pd.DataFrame:
    """One row per series × occupation of one region and base year, with share, share_basis, rate and its source.

    Series of other levels than the carried one are one cell each.
    """
    series = rows.drop_duplicates("code")[["level", "code", "employed_last", "parents"]]
    carried = "section" if (series["level"] == "section").any() else "sector"
    is_carried = series["level"] == carried
    last = series[is_carried].set_index("code")["employed_last"]
    whole = pd.DataFrame(
        {"code": series.loc[~is_carried, "code"], "occupation_code": "", "share": 1.0, "share_basis": ""}
    )
    found = pd.concat([shares(composition, carried, base_year, last), whole], ignore_index=True)
    found = found.merge(series[["code", "level", "parents"]].assign(is_carried=is_carried), on="code")
    rates = rates_known(composition.rates, base_year)
    chosen = []
    for occupation, code, parents in zip(found["occupation_code"], found["code"], found["parents"], strict=True):
        names = [("occupation", occupation), *(("industry", one) for one in (code, *parents))]
        chosen.append(next((rates[name] for name in names if name in rates), (np.nan, "")))
    found["annual_rate"] = [rate for rate, _ in chosen]
    found["replacement_source"] = [source for _, source in chosen]
    return found.drop(columns="parents")


def with_openings(parts: pd.DataFrame) -> pd.DataFrame:
    """Cells with all amounts: persons times the share, and the expansion, replacement and openings that follow."""
    found = parts.copy()
    for name in ("employed_last", *(f"employed_{bound}" for bound in BOUNDS)):
        found[name] = found[name].astype(float) * found["share"]
    years = found["year"] - found["last_year"]
    for bound in BOUNDS:
        at_end = found[f"employed_{bound}"]
        found[f"expansion_{bound}"] = (at_end - found["employed_last"]) / years
        found[f"replacement_{bound}"] = found["annual_rate"] * (at_end + found["employed_last"]) / 2
        net = found[f"expansion_{bound}"] + found[f"replacement_{bound}"].fillna(0.0)
        found[f"openings_{bound}"] = net.clip(lower=0.0)
    return found


def summed(parts: pd.DataFrame) -> pd.DataFrame:
    """Cells added up by class and year; a bound that one part lacks is missing, a replacement only where all parts lack
    it.

    `last_year` is the earliest of the parts'.
    """
    by = [*PLACE, "class_kind", "level", "code", "year", "method", "judged_on"]
    grouped = parts.assign(has_rate=parts["annual_rate"].notna()).groupby(by, sort=True)
    whole = grouped[["employed_last", *(name for name in AMOUNTS if not name.startswith("replacement"))]]
    found = whole.sum().where(whole.count().eq(grouped.size(), axis=0))
    replaced = grouped[[name for name in AMOUNTS if name.startswith("replacement")]].sum(min_count=1)
    with_rate, all_with = grouped["has_rate"].any(), grouped["has_rate"].all()
    basis = np.where(all_with, "expansion and replacement", np.where(with_rate, "partly", "expansion only"))
    return pd.concat(
        [
            found,
            replaced,
            grouped["last_year"].min(),
            pd.Series(basis, index=found.index, name="basis"),
            grouped["replacement_source"].agg(distinct),
            grouped["share_basis"].agg(distinct),
        ],
        axis=1,
    ).reset_index()


def distinct(texts: pd.Series) -> str:
    """The different texts that are not empty, in order, joined."""
    return "; ".join(sorted(set(texts) - {""}))
