"""From the warehouse to what the data-quality page shows.

Belongs here: counting findings by reason and file, and the words for reasons. Does not belong here: the page
(`reports.data_quality`), deciding that something is wrong (`pipelines.ingest`, `pipelines.field_rules`).
"""

import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import duckdb
import pandas as pd

from pipelines.contracts import Bilingual, contracts
from pipelines.field_rules import field_rules
from pipelines.ingest.findings import rules
from pipelines.ingest.personal import personal
from pipelines.warehouse.rows import only_row
from reports import data_quality
from reports.data_quality import Quality
from reports.wording import texts

EXAMPLES = 8
MOST_WITHHELD = 500
LANGUAGES = ("zh", "en")


def read_quality(connection: duckdb.DuckDBPyConnection) -> Quality:
    """Everything that the page shows, from landed, quarantine and checks."""
    (digests,) = only_row(connection, "select string_agg(file_digest, ',' order by file_digest) from landed.file")
    (region,) = only_row(connection, "select mode(region) from accepted.industry")
    return Quality(
        region=region or "",
        digest=sha256((digests or "").encode()).hexdigest(),
        files=files(connection),
        reasons=reasons(connection),
        examples=connection.execute(
            "select severity, rule, message_zh, message_en from quarantine.finding qualify row_number() over"
            " (partition by severity, rule order by file, sheet, cell) <= ? order by severity, rule, file, sheet, cell",
            [EXAMPLES],
        ).df(),
        withheld=withheld(connection),
        expectations=expectations(connection),
        rules=rules_of_the_field(connection),
    )


def write_quality(connection: duckdb.DuckDBPyConnection, folder: Path, languages: Sequence[str]) -> list[Path]:
    """Write the page in every language to `folder`; the files."""
    folder.mkdir(parents=True, exist_ok=True)
    quality = read_quality(connection)
    written = [folder / f"data_quality.{lang}.html" for lang in languages]
    for lang, file in zip(languages, written, strict=True):
        data_quality.write(quality, file, lang)
    return written


def files(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per file: what became of its rows, and how many findings it has of each severity."""
    return connection.sql(
        "with account as (select file, sum(landed)::bigint as landed, sum(accepted)::bigint as accepted,"
        " sum(quarantined)::bigint as quarantined, sum(superseded)::bigint as superseded,"
        " sum(non_data)::bigint as non_data from landed.account group by file),"
        " found as (select file, count(*) filter (severity = 'refuse') as refuse,"
        " count(*) filter (severity = 'flag') as flag, count(*) filter (severity = 'note') as note"
        " from quarantine.finding group by file)"
        " select file, status, message_zh, message_en, coalesce(landed, 0) as landed,"
        " coalesce(accepted, 0) as accepted, coalesce(quarantined, 0) as quarantined,"
        " coalesce(superseded, 0) as superseded, coalesce(non_data, 0) as non_data,"
        " coalesce(refuse, 0) as refuse, coalesce(flag, 0) as flag,"
        " coalesce(note, 0) as note from landed.file left join account using (file) left join found using (file)"
        " order by file"
    ).df()


def reasons(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per severity × reason with its number of findings and files, most frequent first."""
    found = connection.sql(
        "select severity, rule, count(*) as n, count(distinct file) as files from quarantine.finding"
        " group by severity, rule order by n desc, rule"
    ).df()
    titles = reason_titles()
    for lang in LANGUAGES:
        found[f"title_{lang}"] = [titles[rule].in_language(lang) if rule in titles else rule for rule in found["rule"]]
    return found


def reason_titles() -> dict[str, Bilingual]:
    """Every reason in short, by its rule: the first sentence of its message with … for what differs."""
    found = {rule.name: Bilingual(**{lang: in_short(rule.text.in_language(lang)) for lang in LANGUAGES})
             for rule in rules().values()}  # fmt: skip
    unread = {lang: texts(lang)["data_quality"]["unreadable"] for lang in LANGUAGES}
    found["unreadable_file"] = Bilingual(**unread)
    for contract in contracts().values():
        found |= {check.name: check.text for check in contract.checks}
    return found | {rule.name: rule.title for rule in field_rules().rules}


def in_short(template: str) -> str:
    """The first sentence of a message's template, with … where a message has its own words."""
    return re.sub(r"\{\w+\}", "…", re.split(r"[。；;]|\. ", template)[0]).rstrip(".")


def withheld(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Where personal data stood, whole columns first, and what kind they were."""
    found = connection.execute(
        "select file, sheet, letter, first_row, last_row, kind, whole_column from landed.withheld"
        " order by whole_column desc, file, sheet, letter, first_row limit ?",
        [MOST_WITHHELD],
    ).df()
    for lang in LANGUAGES:
        found[f"kind_{lang}"] = [personal().kinds[kind].title.in_language(lang) for kind in found["kind"]]
    return found


def expectations(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The results of Great Expectations, with the titles of tables and columns."""
    found = connection.sql("from checks.expectation").df()
    ruled = {rule.name: rule.title for rule in field_rules().rules}
    for lang in LANGUAGES:
        found[f"contract_{lang}"] = [contracts()[table].title.in_language(lang) for table in found["contract"]]
        found[f"column_{lang}"] = [
            ruled[name].in_language(lang) if name in ruled else titled(table, name, lang)
            for table, name in zip(found["contract"], found["column"], strict=True)
        ]
    return found


def titled(table: str, names: str, lang: str) -> str:
    """Columns ("a, b") by their titles; a name that is none of the contract's columns stays."""
    titles = {column.name: column.title.in_language(lang) for column in contracts()[table].columns}
    return "、".join(titles.get(name, name) for name in names.split(", "))


def rules_of_the_field(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The rules of the field with what they compared and found, their thresholds and the reasons for these."""
    counts = {rule: counts for rule, *counts in connection.execute(
        "select rule, compared, coalesce(broken, 0) from checks.field_rule").fetchall()}  # fmt: skip
    rows = []
    for rule in field_rules().rules:
        compared, broken = counts.get(rule.name, (0, 0))
        row = {"severity": rule.severity, "compared": compared, "broken": broken}
        row["settings"] = [
            {"name": name, "value": setting.value, "reason_zh": setting.reason.zh, "reason_en": setting.reason.en}
            for name, setting in rule.settings.items()
        ]
        for lang in LANGUAGES:
            row[f"title_{lang}"] = rule.title.in_language(lang)
            row[f"contract_{lang}"] = contracts()[rule.table].title.in_language(lang)
        rows.append(row)
    return pd.DataFrame(rows)
