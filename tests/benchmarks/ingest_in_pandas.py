"""The checks that ingest makes of a file of outcomes, written in pandas as an analyst would who knows pandas well.

Belongs here: the other side of `ingest_at_scale`. It reads one file whose header stands in the first line, and asks of
every cell and row what ingest asks of them: rows that are totals, numbers of people's identity cards, phones and bank
cards, clean texts, markers of missing values, typed values, names of schools and programs (old codes, too), bounds,
sums, repeated keys; it keeps a reason with file, row and column for every row that it refuses or flags, and writes all
to a DuckDB file. It finds the same rows as ingest does in the files of `made_up_outcomes`, but knows only these: no
title lines, no units but 人, no other encodings, no suggestions, no texts as they were landed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from tests.benchmarks.made_up_outcomes import COUNTS, HEADERS, PROGRAM_FILE, SCHOOL_FILE

MISSING = {"", "-", "--", "—", "——", "–", "−", "…", "……", "...", ".", "/", "//", "\\", "无", "空", "缺", "暂无", "未填"}
MISSING |= {
    "na",
    "n/a",
    "n.a.",
    "#n/a",
    "nan",
    "null",
    "none",
    "nil",
    "ns",
    "n.s.",
    "*",
    "**",
    "***",
    "不适用",
    "无数据",
}
INVISIBLE = "[\u200b-\u200f\u202a-\u202e\u2060\ufeff\0]"
NUMBER = (
    r"^[¥$￥]?\s*([-+]?[0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]+)?|[-+]?[0-9]*\.?[0-9]+)\s*(%|‰|人|元)?(?:[*#†]+|[①-⑳])*$"
)
TOTAL = r"\s*(?:.{0,30}\s)?[合小总共]\s*计\s*(?:[（(].{0,12}[)）])?[:：]?\s*|.{0,30}[合小总]计\s*"
PERSONAL = r"(?<![0-9])(?:[1-9][0-9]{16}[0-9Xx]|1[3-9][0-9]{9}|[1-9][0-9]{15,18})(?![0-9])"
KEY = ["school", "program", "cohort_year", "survey_date", "definition"]
DESTINATIONS = ["employed", "self_employed", "flexible", "further_study", "enlisted", "unemployed", "unknown"]
PLACED = DESTINATIONS[:5]


@dataclass
class Ingested:
    """Accepted rows with typed columns; refused rows as found; reasons: row, column, rule, found, refuses or flags."""

    accepted: pd.DataFrame
    refused: pd.DataFrame
    reasons: pd.DataFrame


def clean(texts: pd.Series) -> pd.Series:
    """Texts half-width, without invisible characters and outer blanks; missing where they mark a missing value."""
    tidy = texts.str.normalize("NFKC").str.replace(INVISIBLE, "", regex=True).str.strip()
    return tidy.mask(tidy.str.lower().isin(MISSING))


def numbers(texts: pd.Series) -> pd.DataFrame:
    """Columns number (NaN where the text is none) and unit of cleaned texts."""
    parts = texts.str.extract(NUMBER)
    digits = parts[0].str.replace("[, ]", "", regex=True)
    return pd.DataFrame({"number": pd.to_numeric(digits, errors="coerce").astype(float), "unit": parts[1].fillna("")})


def years(texts: pd.Series) -> pd.Series:
    """Years of cleaned texts such as 2023, 2023年, 2023届."""
    return pd.to_numeric(texts.str.extract(r"^([0-9]{4})(?:\.0+|年|年度|届|届毕业生)?$")[0], errors="coerce")


def days(texts: pd.Series) -> pd.Series:
    """Days of cleaned texts such as 2023-12-31, 2023/12/31, 2023年12月31日."""
    plain = texts.str.replace(r"^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?.*$", r"\1-\2-\3", regex=True)
    return pd.to_datetime(plain, format="%Y-%m-%d", errors="coerce")


def names(folder: Path, file: str, code: str, columns: list[str]) -> dict[str, str]:
    """Every key under which a row of a base file is known, with its code; what several rows share is left out."""
    base = pd.read_csv(folder / file, dtype=str, keep_default_na=False)
    found = pd.concat([pd.DataFrame({"key": key(base[column]), "code": base[code]}) for column in [code, *columns]])
    found = found.drop_duplicates()
    return found[~found["key"].duplicated(keep=False)].set_index("key")["code"].to_dict()


def key(texts: pd.Series) -> pd.Series:
    """Names as they are compared: half-width, lower case, without blanks."""
    return texts.str.normalize("NFKC").str.lower().str.replace(r"\s", "", regex=True)


def by_text(read: Callable[[pd.Series], pd.Series | pd.DataFrame], texts: pd.Series) -> pd.Series | pd.DataFrame:
    """Apply `read` to every different text once."""
    codes, different = pd.factorize(texts)
    return read(pd.Series(different)).take(codes).set_axis(texts.index)


def every_cell(read: Callable[[pd.Series], pd.Series | pd.DataFrame], texts: pd.Series) -> pd.Series | pd.DataFrame:
    """Apply `read` to every cell, as it is usually written."""
    return read(texts)


def ingest(found: pd.DataFrame, folder: Path, apply: Callable = every_cell) -> Ingested:  # noqa: PLR0915
    """Read, check and part the rows of `found`, a frame of texts under the HEADERS; base files are in `folder`."""
    found = found.rename(columns={title: name for name, title in HEADERS.items()})
    found = found[(apply(lambda texts: texts.str.strip(), found["school"]) != "") | (found != "").any(axis=1)]
    found = found[~apply(lambda texts: texts.str.fullmatch(TOTAL), found["school"])]
    typed = pd.DataFrame(index=found.index)
    reasons: list[pd.DataFrame] = []
    refused = np.zeros(len(found), bool)

    def refuse(wrong: pd.Series, column: str, rule: str, *, flag: bool = False) -> None:
        nonlocal refused
        wrong = wrong.fillna(False).to_numpy(bool)
        if not flag:
            refused = refused | wrong
        rows = np.flatnonzero(wrong)
        texts = found[column].iloc[rows]
        reasons.append(pd.DataFrame({"row": rows + 2, "column": column, "rule": rule, "found": texts, "flag": flag}))

    for column in HEADERS:
        refuse(apply(lambda texts: texts.str.contains(PERSONAL), found[column]), column, "personal")
    for column, file, code, others in (
        ("school", SCHOOL_FILE, "学校代码", ["学校名称", "别名"]),
        ("program", PROGRAM_FILE, "专业代码", ["专业名称"]),
    ):
        known = names(folder, file, code, others)
        cleaned = apply(clean, found[column])
        typed[column] = apply(lambda texts, known=known: key(clean(texts)).map(known), found[column])
        refuse(cleaned.isna(), column, "missing")
        refuse(cleaned.notna() & typed[column].isna(), column, "unknown_reference")
    cleaned = apply(clean, found["cohort_year"])
    typed["cohort_year"] = apply(lambda texts: years(clean(texts)), found["cohort_year"])
    refuse(cleaned.isna(), "cohort_year", "missing")
    refuse(cleaned.notna() & typed["cohort_year"].isna(), "cohort_year", "not_a_year")
    refuse(~typed["cohort_year"].between(2000, 2100) & typed["cohort_year"].notna(), "cohort_year", "out_of_bounds")
    typed["survey_date"] = apply(lambda texts: days(clean(texts)), found["survey_date"])
    refuse(apply(clean, found["survey_date"]).notna() & typed["survey_date"].isna(), "survey_date", "not_a_date")
    typed["definition"] = apply(clean, found["definition"])
    broken = {}
    for column in (*COUNTS, "wage", "placement"):
        cleaned = apply(clean, found[column])
        read = apply(lambda texts: numbers(clean(texts)), found[column])
        value = read["number"]
        if column == "placement":
            percent = bool((value[read["unit"] == ""] > 1).any())
            value = value * np.where((read["unit"] == "%") | ((read["unit"] == "") & percent), 0.01, 1)
        typed[column] = value
        top = {"wage": 200_000, "placement": 1}.get(column, np.inf)
        before = refused.copy()
        refused[:] = False
        refuse(cleaned.notna() & value.isna(), column, "not_a_number")
        if column in COUNTS:
            refuse(value.notna() & (value != np.floor(value)), column, "not_whole")
        refuse(value < 0, column, "below_minimum")
        refuse(value > top, column, "above_maximum")
        broken[column] = refused
        refused = before | refused

    def inconsistent(wrong: pd.Series, columns: list[str], rule: str, *, flag: bool = False) -> None:
        readable = ~np.logical_or.reduce([broken[column] for column in columns])
        refuse(wrong.fillna(False) & readable, columns[0], rule, flag=flag)

    graduates = typed["graduates"]
    inconsistent(typed["employed"] > graduates, ["employed", "graduates"], "employed_within_graduates")
    destinations = typed[DESTINATIONS].fillna(0).sum(axis=1)
    inconsistent(destinations > graduates, ["graduates", *DESTINATIONS], "destinations_within_graduates")
    known = typed[DESTINATIONS].sum(axis=1, skipna=False)
    inconsistent(known < graduates, ["graduates", *DESTINATIONS], "destinations_add_up", flag=True)
    for column in ("matched", "local", "contract", "insured"):
        inconsistent(typed[column] > typed["employed"], [column, "employed"], f"{column}_within_employed")
    inconsistent(typed["certified"] > graduates, ["certified", "graduates"], "certified_within_graduates")
    gap = (typed["placement"] - typed[PLACED].sum(axis=1, skipna=False) / graduates).abs()
    inconsistent((gap > 0.005) & (graduates != 0), ["placement", "graduates", *PLACED], "placement_agrees", flag=True)

    good = typed[~refused]
    repeats = good[good.duplicated(KEY, keep=False)]
    exact = repeats.duplicated(keep=False)
    together = repeats.groupby(KEY, dropna=False)["graduates"].transform("size")
    alike = repeats[exact].groupby(list(typed.columns), dropna=False)["graduates"].transform("size")
    same = alike.reindex(repeats.index) == together
    place = pd.Series(np.arange(len(typed)), typed.index)
    for rows, rule in (
        (repeats.index[~same], "conflicting_rows"),
        (repeats.index[same & repeats.duplicated()], "duplicate_row"),
    ):
        wrong = pd.Series(False, typed.index)
        wrong.iloc[place[rows]] = True
        refuse(wrong, "school", rule)
    told = pd.concat(reasons, ignore_index=True)
    told["message"] = (
        "就业 第" + told["row"].astype(str) + "行 " + told["column"] + "：" + told["rule"] + " " + told["found"]
    )
    return Ingested(typed[~refused], found[refused], told)


def write(done: Ingested, warehouse: Path) -> None:
    """Keep what was found in a DuckDB file."""
    with duckdb.connect(str(warehouse)) as connection:
        for name in ("accepted", "refused", "reasons"):
            connection.register("frame", getattr(done, name).rename_axis("row_number").reset_index())
            connection.execute(f"create table {name} as from frame")
            connection.unregister("frame")
