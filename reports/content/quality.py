"""Section 9: what became of the rows received, which checks hold, and what the report cannot say; its tables.

Belongs here: that section and the annex tables of data quality. Does not belong here: findings by school
(`reports.data_quality`).
"""

from reports import structure
from reports.content.origins import Origins
from reports.content.parts import (
    Block,
    Figure,
    Heading,
    Row,
    Section,
    Table,
    Text,
    both,
    columns,
    from_grids,
    linked,
    pair,
    paragraph,
    sentence,
    words,
)  # fmt: skip
from reports.round_tables import RoundTables
from reports.wording import missing, number, texts

REFUSED_SHOWN = 200


def quality(tables: RoundTables, origins: Origins) -> Section:
    """The section."""
    account = tables.frame("landed.account")[["landed", "accepted", "quarantined", "superseded", "non_data"]].sum()
    where = origins.files()
    counted = {str(name): Figure(number(value, 0), where) for name, value in account.items()}
    blocks: list[Block] = [
        sentence("report.quality.rows", **counted),
        linked(both(lambda lang: checks_line(tables, lang)), where),
        Heading(words("report.quality.limits")),
        *(paragraph(pair(*(texts(lang)["report"]["quality"]["limit"][place] for lang in ("zh", "en"))))
          for place in range(len(texts("zh")["report"]["quality"]["limit"]))),
    ]  # fmt: skip
    return Section("quality", words("report.sections.quality"), tuple(blocks))


def checks_line(tables: RoundTables, lang: str) -> str:
    """How many expectations hold."""
    checks = tables.frame("checks.expectation")
    broken = checks[~checks["success"].astype(bool)].groupby("stage").size()
    said = {stage: broken.get(stage, 0) for stage in ("received", "accepted", "compared")}
    return str(texts(lang)["checks_line"].format(n=len(checks), **said))


def refused(tables: RoundTables, origins: Origins) -> Table:
    """The refused rows with file, sheet, cell, what was found and why."""
    rows = tables.frame("quarantine.finding").query("severity == 'refuse'").sort_values(["file", "sheet", "cell"])
    shown = tuple(
        Row(
            (
                *("" if missing(row[name]) else str(row[name]) for name in ("file", "sheet", "cell", "found")),
                pair(row["message_zh"], row["message_en"]),
            ),
            origins.file(str(row["file"])),
        )
        for row in rows.head(REFUSED_SHOWN).to_dict("records")
    )  # fmt: skip
    note: Text = ""
    if len(rows) > REFUSED_SHOWN:
        note = words("report.annexes.limited", shown=REFUSED_SHOWN, all=len(rows))
    names = ("file", "sheet", "cell", "found", "message")
    return Table("refused", words("report.annexes.refused"), columns(*names), shown, note)


def account(tables: RoundTables, origins: Origins) -> Table:
    """Rows by file and contract: landed, accepted, refused, replaced, without data."""
    counts = ["landed", "accepted", "quarantined", "superseded", "non_data"]
    frame = tables.frame("landed.account").fillna({"contract": ""})
    sums = frame.groupby(["file", "contract"], as_index=False)[counts].sum()
    titles = tables.frame("marts.source_file").drop_duplicates("contract").set_index("contract")
    shown = []
    for file, contract, *numbers in sums[["file", "contract", *counts]].to_numpy():
        known = contract in titles.index
        name = (
            pair(titles.loc[contract, "contract_zh"], titles.loc[contract, "contract_en"]) if known else str(contract)
        )
        shown.append(Row((str(file), name, *(number(value, 0) for value in numbers)), origins.file(str(file))))
    return Table(
        "account",
        words("report.annexes.account"),
        columns("file", "contract", *counts, numeric=set(counts)),
        tuple(shown),
    )


def problems(tables: RoundTables, origins: Origins) -> Table:
    """What the marts left out or doubt."""
    keys = [origins.problem(row) for row in structure.problem_rows(tables).to_dict("records")]
    return from_grids("problems", words("report.annexes.problems"), lambda lang: structure.problems(tables, lang), keys)
