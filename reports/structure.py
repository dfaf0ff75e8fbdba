"""Structures as people read them: match indices with their meaning, priority lists, openings to seekers, problems.

Belongs here: which indices are shown, on which bases, and in which words. Does not belong here: how they come about
(`models.match`, `models.labour_market`).
"""

from typing import Any

import pandas as pd

from models.coordination import grade
from reports.demand import grid
from reports.evidence import Grid
from reports.round_tables import RoundTables
from reports.wording import missing, number, percent, texts

SUPPLY = "graduates"
# The first basis with indices is shown; the report says which.
INDUSTRY = ("employed_persons", "value_added")
SYSTEMS = ("sector", "section", "division")
LISTS = ("priority_list", "industry_chain")
SHOWN = (
    "duncan", "cosine", "krugman", "jensen_shannon", "theil", "gini_specialisation", "coupling", "development",
    "coordination",
)  # fmt: skip
GROUPINGS = ("total", "skill_level", "education", "age", "sex", "occupation_group")
PROBLEMS_SHOWN = 200


def basis(tables: RoundTables) -> tuple[int, str]:
    """The year and the basis of industry that indices are shown for: the latest up to the round."""
    rows = tables.frame("marts.match_index").query("year <= @tables.round and supply_basis == @SUPPLY")
    for name in INDUSTRY:
        years = rows.loc[rows["industry_basis"] == name, "year"]
        if len(years):
            return int(years.max()), name
    return tables.round, INDUSTRY[0]


def indices_of(tables: RoundTables) -> pd.DataFrame:
    """Indices of whole structures (no class) for the year and basis shown."""
    year, industry = basis(tables)
    rows = tables.frame("marts.match_index")
    shown = (rows["year"] == year) & (rows["supply_basis"] == SUPPLY) & (rows["industry_basis"] == industry)
    return rows[shown & rows["class_code"].isna()]


def sides(tables: RoundTables) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Shares of supply and of industry for the year and basis shown, of all class systems."""
    year, industry = basis(tables)
    supply, need = tables.frame("marts.supply_share"), tables.frame("marts.industry_share")
    return (
        supply[(supply["year"] == year) & (supply["basis"] == SUPPLY)],
        need[(need["year"] == year) & (need["basis"] == industry)],
    )


def indices(tables: RoundTables, lang: str) -> tuple[str, str, Grid]:
    """One row per index of whole structures: its value by class system, its range and its meaning in a sentence."""
    text = texts(lang)["structure_tables"]
    year, industry = basis(tables)
    rows = indices_of(tables)
    values = {(row["index"], row["class_system"]): row["value"] for row in rows.to_dict("records")}
    named = [name for name in SHOWN if any((name, system) in values for system in SYSTEMS)]
    columns: dict[str, list[Any]] = {"index": [text["indices"][name]["name"] for name in named]}
    for system in SYSTEMS:
        columns[system] = [written(name, values.get((name, system)), lang) for name in named]
    columns |= {part: [text["indices"][name][part] for name in named] for part in ("range", "meaning")}
    note = text["index_note"].format(supply=text["bases"][SUPPLY], industry=text["bases"][industry], year=year)
    return text["index_caption"].format(year=year), note, grid(columns, text, set(SYSTEMS))


def written(index: str, value: object, lang: str) -> str:
    """The value of an index, the coordination degree with its grade."""
    if missing(value) or index != "coordination":
        return number(value, 3)
    found = grade(float(value))  # type: ignore[arg-type]
    name = "" if found is None else found.zh if lang == "zh" else found.en
    return f"{number(value, 3)} {name}"


def list_rows(tables: RoundTables) -> pd.DataFrame:
    """Priority lists and industry chains shown: class_system, class_code, shares of both sides, deviation (value)."""
    year, industry = basis(tables)
    rows = tables.frame("marts.match_index").query("supply_basis == @SUPPLY and index == 'structural_deviation'")
    deviations = rows[(rows["year"] == year) & (rows["industry_basis"] == industry)]
    supply, need = (side[side["class_system"].isin(LISTS)] for side in sides(tables))
    keys = ["class_system", "class_code"]
    return (
        need[[*keys, "share"]]
        .merge(supply[[*keys, "share"]], on=keys, how="left", suffixes=("_industry", "_supply"))
        .merge(deviations[[*keys, "value"]], on=keys, how="left")
        .sort_values(["class_system", "value"], ascending=False)
    )


def list_codes(tables: RoundTables) -> list[tuple[str, str]]:
    """System and code of the lists in the order in which they are shown."""
    rows = list_rows(tables)
    return list(zip(rows["class_system"], rows["class_code"], strict=True))


def lists(tables: RoundTables, lang: str) -> tuple[str, str, Grid]:
    """One row per priority list and industry chain: share of graduates, share of industry, deviation."""
    text = texts(lang)["structure_tables"]
    year, industry = basis(tables)
    rows, keys = list_rows(tables), ["class_system", "class_code"]
    members = tables.frame("marts.class_member").drop_duplicates(keys).set_index(keys)["class_name_en"]
    codes = list_codes(tables)
    english = [members.get(key) for key in codes]
    names = [code if lang == "zh" or missing(name) else name for (_, code), name in zip(codes, english, strict=True)]
    columns = {
        "list": names,
        "kind": [text["kinds"][system] for system, _ in codes],
        "supply_share": [percent(0.0 if missing(value) else value) for value in rows["share_supply"]],
        "industry_share": [percent(value) for value in rows["share_industry"]],
        "deviation": [number(value).replace("-", "−") for value in rows["value"]],
    }
    numeric = {"supply_share", "industry_share", "deviation"}
    note = text["list_note"].format(supply=text["bases"][SUPPLY], industry=text["bases"][industry], year=year)
    return text["list_caption"].format(year=year), note, grid(columns, text, numeric)


def market_rows(tables: RoundTables) -> pd.DataFrame:
    """Openings to seekers of the latest period up to the round: the whole market, then its groups in their order."""
    rows = tables.frame("marts.openings_to_seekers")
    rows = rows[rows["grouping"].isin(GROUPINGS) & (rows["period"].str[:4].astype(int) <= tables.round)]
    if len(rows) and tables.region in set(rows["region"]):
        rows = rows[rows["region"] == tables.region]
    rows = rows[rows["period"] == (rows["period"].max() if len(rows) else "")]
    kinds, groups = (
        {name: place for place, name in enumerate(names)}
        for names in (GROUPINGS, texts("zh")["structure_tables"]["groups"])
    )
    rows = rows.assign(of=rows["grouping"].map(kinds), place=rows["group_code"].map(groups))
    return rows.sort_values(["region", "of", "place", "group_code"])


def market(tables: RoundTables, lang: str) -> tuple[str, str, Grid]:
    """Openings to seekers of the latest period up to the round: the whole market and its groups, with changes."""
    text = texts(lang)["structure_tables"]
    rows = market_rows(tables)
    period = rows["period"].iloc[0] if len(rows) else "–"
    columns = {
        "group": [text["groups"].get(code, code) for code in rows["group_code"]],
        "vacancies": [number(value, 0) for value in rows["vacancies"]],
        "job_seekers": [number(value, 0) for value in rows["job_seekers"]],
        "ratio": [number(value) for value in rows["openings_to_seekers"]],
        "quarter": [change(value) for value in rows["openings_to_seekers_change_quarter"]],
        "year": [change(value) for value in rows["openings_to_seekers_change_year"]],
    }
    unreported = list(rows["missing_periods"])
    note = text["market_note"]
    if any(isinstance(periods, str) and periods for periods in unreported):
        columns["missing"] = unreported
        note = f"{note} {text['market_missing']}"
    rule = text["rules"][rows["rule"].iloc[0]] if len(rows) else ""
    numeric = {"vacancies", "job_seekers", "ratio", "quarter", "year"}
    return text["market_caption"].format(period=period), f"{note} {rule}", grid(columns, text, numeric)


def change(value: object) -> str:
    """A relative change as people write it."""
    if missing(value):
        return "–"
    written = f"{100 * float(value):+.1f} %"  # type: ignore[arg-type]
    return "0.0 %" if written[1:] == "0.0 %" else written.replace("-", "−")


def problem_rows(tables: RoundTables) -> pd.DataFrame:
    """What the marts left out or doubt, up to the round, largest first."""
    rows = tables.frame("marts.data_quality")
    rows = rows[rows["year"].isna() | (rows["year"] <= tables.round)]
    rows = rows.sort_values(["used", "amount", "kind", "subject", "year"], ascending=[True, False, True, True, True])
    return rows.head(PROBLEMS_SHOWN)


def problems(tables: RoundTables, lang: str) -> Grid:
    """Those problems: where, how much, and what to do."""
    text, rows = texts(lang)["structure_tables"], problem_rows(tables)
    found = [{str(key): value for key, value in row.items()} for row in rows.to_dict("records")]
    columns = {
        "problem": list(rows[f"text_{lang}"]),
        "subject": [subject(row, text) for row in found],
        "period": ["" if missing(row["year"]) else str(int(row["year"])) for row in found],
        "amount": [amount(row, lang) for row in found],
        "used": [text["used"][bool(row["used"])] for row in found],
    }
    return grid(columns, text, {"amount"})


def amount(row: dict[str, Any], lang: str) -> str:
    """How much a problem concerns, with its unit."""
    if missing(row["amount"]):
        return number(row["amount"])
    return f"{number(row['amount'], 0)} {texts(lang)['structure_tables']['units'][row['unit']]}"


def subject(row: dict[str, Any], text: dict[str, Any]) -> str:
    """Code, name, detail and basis of a problem's subject, as far as there are any."""
    parts = [row["subject"], row["subject_name"], row["detail"], text["bases"].get(row["basis"])]
    known = [text["kinds"].get(part, part) for part in parts if isinstance(part, str) and part]
    return " · ".join(dict.fromkeys(known))
