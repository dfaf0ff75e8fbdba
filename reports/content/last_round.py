"""Section 8: what became of the proposals of the round before.

Belongs here: last round's listed programs with rulings, entrants and this round's verdict. Does not belong here: this
round's list (`listed`).
"""

import pandas as pd

from reports.content.origins import Origins
from reports.content.origins.verdicts import moves
from reports.content.parts import Block, Figure, Row, Section, Table, Text, Words, columns, paragraph, sentence, words
from reports.listing import records
from reports.round_tables import RoundTables
from reports.wording import missing, number, texts


def last_round(tables: RoundTables, origins: Origins) -> Section:
    """The section."""
    return Section("last_round", words("report.sections.last_round"), tuple(blocks(tables, origins)))


def blocks(tables: RoundTables, origins: Origins) -> list[Block]:
    """A sentence and a table; a sentence alone where there is nothing to look back on."""
    before = tables.round - 1
    verdicts = tables.frame("decisions.verdict")
    earlier = verdicts[verdicts["round"] == before]
    if earlier.empty:
        return [paragraph(words("report.last_round.none"))]
    earlier = earlier[earlier["rank"] > 0].sort_values(["rank", "unit"], ascending=[False, True])
    if earlier.empty:
        return [sentence("report.last_round.nobody", before=before)]
    rows = followed(tables, origins, earlier)
    changes = rows["change"].value_counts()
    where = origins.verdicts()
    settled, fewer = int(rows["ruling"].notna().sum()), int((rows["after"] < rows["seats"]).sum())
    after = origins.followed(settled, fewer)
    counted = {name: Figure(number(changes.get(name, 0)), where) for name in ("lifted", "better", "same", "worse")}
    return [
        sentence(
            "report.last_round.lead", before=before, n=Figure(number(len(rows)), where),
            settled=Figure(number(settled), after),
            fewer=Figure(number(fewer), after), **counted,
        ),
        follow_up(tables, origins, rows),
    ]  # fmt: skip


def followed(tables: RoundTables, origins: Origins, earlier: pd.DataFrame) -> pd.DataFrame:
    """Last round's listed units with change, seats (registered then), after (registered now), ruling."""
    seats = origins.enrollment.set_index(["unit", "year"])["registered"]
    rulings = tables.frame("core.ruling")
    rulings = rulings[rulings["round"].isin([tables.round - 1, tables.round])].drop_duplicates("unit", keep="last")
    ruled = {row["unit"]: row for row in records(rulings)}
    before, now = (
        seats.xs(year, level="year") if year in seats.index.get_level_values("year") else seats.iloc[:0]
        for year in (tables.round - 1, tables.round)
    )
    changes = moves(tables.frame("decisions.verdict"), tables.round)
    found = earlier.assign(change=earlier["unit"].map(changes.set_index("unit")["change"]))
    return found.assign(
        seats=found["unit"].map(before).astype("Float64"),
        after=found["unit"].map(now).astype("Float64"),
        ruling=pd.Series([ruled.get(unit) for unit in found["unit"]], index=found.index, dtype=object),
    )


def follow_up(tables: RoundTables, origins: Origins, rows: pd.DataFrame) -> Table:
    """One row per program of last round's list: its verdict then, ruling, entrants then and now, its verdict now."""
    book, before = tables.rulebook, tables.round - 1
    states = {state.id: Words(state.name.zh, state.name.en) for state in book.ladder}
    now = tables.frame("decisions.verdict").query("round == @tables.round").set_index("unit")["state"]
    shown = []
    for row in records(rows):
        unit, ruling = row["unit"], row["ruling"]
        of = origins.names.units[unit]
        said: Text = words("report.last_round.no_ruling")
        if isinstance(ruling, dict):
            dated = str(ruling["ruled_on"])[:10]
            said = words(
                "report.last_round.ruling",
                ruling=in_words(str(ruling["ruling"])),
                document=str(ruling["document"]),
                date=dated,
            )
        name = words("report.evidence_of.unit", school=of["school"], program=of["program"], code=of["code"])
        entrants = f"{whole(row['seats'])} → {whole(row['after'])}"
        state = states[now[unit]] if unit in now.index else words("report.last_round.ended")
        cells = (
            of["school"], of["program"], states[row["state"]], said, entrants, state,
            words(f"report.verdict_change.{row['change']}"),
        )  # fmt: skip
        shown.append(Row(cells, origins.seats("unit", unit, name, [unit], [before, before + 1])))
    names = ("school", "program", "before", "ruling", "seats", "now", "outcome")
    caption, note = words("report.last_round.table", before=before), words("report.last_round.note")
    return Table("last-round", caption, columns(*names), tuple(shown), note)


def in_words(ruling: str) -> Text:
    """A ruling by its code; what is none stays as it was written."""
    return words(f"school_evidence.rulings.{ruling}") if ruling in texts("zh")["school_evidence"]["rulings"] else ruling


def whole(value: object) -> str:
    """A number of persons, or a dash."""
    return "–" if value is pd.NA or missing(value) else number(value, 0)
