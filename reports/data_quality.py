"""The data-quality page: what became of every file, what was refused and why, what to check, which checks hold.

Belongs here: which numbers stand where, and in what words. Does not belong here: gathering them (`pipelines.quality`).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from reports.listing import records
from reports.web_page import template
from reports.wording import number, texts

SEVERITIES = ("refuse", "flag", "note")
WAYS = ("accepted", "quarantined", "superseded", "non_data")
TOP = 3


@dataclass(frozen=True)
class Quality:
    """Everything that the page shows; texts exist twice, with the endings _zh and _en.

    files: one row per file: file, status, message, landed, accepted, quarantined, superseded, non_data, refuse, flag,
    note (numbers of findings). reasons: one row per severity × reason, most frequent first: severity, rule, title, n,
    files. examples: severity, rule, message; the first few of each reason. withheld: file, sheet, letter, first_row,
    last_row, kind, whole_column. expectations: contract, stage, expectation, column, severity, success, evaluated,
    unexpected, examples. rules: one row per rule of the field: title, contract, severity, compared, broken, settings
    (a list of name, value, reason). region and digest of the inputs.
    """

    region: str
    digest: str
    files: pd.DataFrame
    reasons: pd.DataFrame
    examples: pd.DataFrame
    withheld: pd.DataFrame
    expectations: pd.DataFrame
    rules: pd.DataFrame


def build(quality: Quality, lang: str) -> str:
    """The page as text, self-contained; the same `quality` gives the same page. `lang` is "zh" or "en"."""
    text = texts(lang)["data_quality"]
    return template("data_quality.html").render(
        t=text,
        lang=texts(lang)["lang"],
        subtitle=text["subtitle"].format(region=quality.region, files=len(quality.files), digest=quality.digest[:12]),
        sentences=sentences(quality, lang),
        files=file_rows(quality, lang),
        withheld=withheld_rows(quality, lang),
        reasons={severity: reason_rows(quality, severity, lang) for severity in SEVERITIES},
        suites=suite_rows(quality, lang),
        broken=broken_rows(quality, lang),
        rules=rule_rows(quality, lang),
        ways=WAYS,
    )


def write(quality: Quality, file: Path, lang: str) -> None:
    """Write the page to `file`."""
    file.write_text(build(quality, lang), encoding="utf-8")


def sentences(quality: Quality, lang: str) -> list[str]:
    """What matters, written from the tables; a sentence without anything to say is left out."""
    text = texts(lang)["data_quality"]
    sums = quality.files[["landed", *WAYS]].sum()
    said = [text["s_rows"].format(**{str(name): number(value, 0) for name, value in sums.items()})]
    unread = quality.files[quality.files["status"].isin(["unreadable", "unrecognised"])]["file"]
    if len(unread):
        said.append(text["s_unread"].format(n=len(unread), files="、".join(unread.head(TOP))))
    for severity, sentence in (("refuse", "s_refused"), ("flag", "s_flagged")):
        found = quality.reasons[quality.reasons["severity"] == severity]
        if len(found):
            top = text["then"].join(
                text["often"].format(title=row[f"title_{lang}"], n=row["n"]) for row in records(found.head(TOP))
            )
            said.append(text[sentence].format(n=number(found["n"].sum(), 0), top=top))
    if not quality.reasons["severity"].isin(["refuse", "flag"]).any():
        said.append(text["s_none"])
    if len(quality.withheld):
        whole = quality.withheld["whole_column"].astype(bool)
        said.append(text["s_personal"].format(columns=int(whole.sum()), cells=int((~whole).sum())))
    broken = quality.expectations[~quality.expectations["success"].astype(bool)].groupby("stage").size()
    if broken.get("accepted", 0):
        said.append(text["s_wrong"].format(n=broken["accepted"]))
    elif len(quality.expectations):
        counts = {stage: broken.get(stage, 0) for stage in ("received", "compared")}
        said.append(text["s_expectations"].format(n=len(quality.expectations), **counts))
    return said


def file_rows(quality: Quality, lang: str) -> list[dict[str, Any]]:
    """One row per file, those with refusals first, with the shares of its rows for the bar."""
    text = texts(lang)["data_quality"]
    order = quality.files.sort_values(["refuse", "flag", "file"], ascending=[False, False, True], kind="stable")
    rows = []
    for row in records(order):
        whole = max(1, sum(row[way] for way in WAYS))
        shares = [(way, round(100 * row[way] / whole, 2), number(row[way], 0)) for way in WAYS if row[way]]
        status = text["status"][row["status"]]
        said = row[f"message_{lang}"]
        rows.append({**row, "shares": shares, "status": status, "message": said if isinstance(said, str) else ""})
    return rows


def withheld_rows(quality: Quality, lang: str) -> list[list[str]]:
    """Where personal data stood: file, sheet, column, rows, what kind."""
    text = texts(lang)["data_quality"]
    rows = []
    for row in records(quality.withheld):
        span = f"{row['first_row']}–{row['last_row']}" if row["first_row"] != row["last_row"] else str(row["first_row"])
        whole = f" ({text['whole']})" if row["whole_column"] else ""
        rows.append([row["file"], row["sheet"], row["letter"], span + whole, row[f"kind_{lang}"]])
    return rows


def reason_rows(quality: Quality, severity: str, lang: str) -> list[dict[str, Any]]:
    """The reasons of one severity, most frequent first, each with its first examples and how many more there are."""
    shown = quality.examples[quality.examples["severity"] == severity]
    rows = []
    for row in records(quality.reasons[quality.reasons["severity"] == severity]):
        examples = shown[shown["rule"] == row["rule"]][f"message_{lang}"].tolist()
        rows.append(
            {
                "title": row[f"title_{lang}"],
                "n": number(row["n"], 0),
                "files": number(row["files"], 0),
                "examples": examples,
                "more": int(row["n"]) - len(examples),
            }
        )
    return rows


def suite_rows(quality: Quality, lang: str) -> list[list[str]]:
    """One row per table and stage with rows: how many expectations there are and how many are broken."""
    text = texts(lang)["data_quality"]
    looked_at = quality.expectations[quality.expectations["evaluated"] > 0]
    return [
        [str(contract), text["stage"][stage], number(len(rows), 0), number((~rows["success"].astype(bool)).sum(), 0)]
        for (contract, stage), rows in looked_at.groupby([f"contract_{lang}", "stage"], sort=False)
    ]


def broken_rows(quality: Quality, lang: str) -> list[list[str]]:
    """The broken expectations with counts and examples."""
    text = texts(lang)["data_quality"]
    broken = quality.expectations[~quality.expectations["success"].astype(bool)]
    return [
        [
            row[f"contract_{lang}"],
            text["stage"][row["stage"]],
            row[f"column_{lang}"],
            row["expectation"],
            text["severity"][row["severity"]],
            number(row["evaluated"], 0),
            number(row["unexpected"], 0),
            row["examples"],
        ]
        for row in records(broken)
    ]


def rule_rows(quality: Quality, lang: str) -> list[dict[str, Any]]:
    """The rules of the field with what they found, and every threshold with its reason."""
    text = texts(lang)["data_quality"]
    return [
        {
            "title": row[f"title_{lang}"],
            "contract": row[f"contract_{lang}"],
            "severity": text["severity"][row["severity"]],
            "compared": number(row["compared"], 0),
            "broken": number(row["broken"], 0),
            "thresholds": [
                text["threshold"].format(
                    name=setting["name"], value=number(setting["value"], 4), reason=setting[f"reason_{lang}"]
                )
                for setting in row["settings"]
            ],
        }
        for row in records(quality.rules)
    ]
