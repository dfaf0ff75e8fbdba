"""The notices to schools as Word files: warning (预警), lifting (解除), correction (更正).

Belongs here: who gets which notice and what it says. Does not belong here: the layout (`official_document`), the
numbers themselves (`evidence`, `listing`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from models.wording import rule_in_words, steps_in_words
from reports.answering import day, objection, response, stage_of
from reports.evidence import evidence_grid, unit_sources
from reports.listing import as_list, exempt_reason, fragility_lines, path_lines, records
from reports.official_document import OfficialDocument
from reports.own_view import own_view
from reports.round_tables import RoundTables
from reports.standing import Standing, standing_of
from reports.wording import missing, number, texts

Kind = Literal["warning", "lifting", "correction"]
KINDS: tuple[Kind, ...] = ("warning", "lifting", "correction")
# The columns of reports.evidence.evidence_grid that a notice has room for, with their shares of the width.
SHOWN = {1: 1.1, 2: 2.0, 3: 1.0, 4: 1.3, 5: 1.6, 6: 1.8, 7: 2.1, 8: 1.9, 9: 1.5, 11: 1.3}
COMPARED = 6
SOURCE_WIDTHS = (1.6, 0.8, 3.2, 6.0)
YEARS_SHOWN = 5  # the annex and `duikou explain` have every year


@dataclass(frozen=True)
class Notice:
    """One notice: its kind, the school, and the verdicts of the programs that it names with their standing."""

    kind: Kind
    school_id: str
    school_name: str
    programs: list[dict[str, Any]]
    standings: list[Standing]

    @property
    def stage(self) -> str:
        """ "final" when every verdict in it is final, else "draft" when every one was recorded, else "none"."""
        return stage_of(self.standings)


def notices(tables: RoundTables) -> list[Notice]:
    """All notices of the round, by school and kind.

    A unit above the lowest state is warned of, one that has come back to it since the round before is lifted, and one
    whose final decision was replaced by another is corrected (and in no other notice).
    """
    units = tables.frame("marts.unit")
    verdicts = tables.frame("decisions.verdict").query("round == @tables.round").merge(units, on="unit", how="left")
    verdicts = verdicts.sort_values(["rank", "program_name", "unit"], ascending=[False, True, True], kind="stable")
    found: dict[tuple[str, Kind], list[dict[str, Any]]] = {}
    standings: dict[str, Standing] = {}
    for row in records(verdicts):
        standings[row["unit"]] = standing_of(tables, row["unit"])
        kind = kind_of(row, standings[row["unit"]], tables)
        if kind:
            found.setdefault((school_of(row), kind), []).append(row)
    return [
        Notice(kind, school, str(rows[0]["school_name"]), rows, [standings[row["unit"]] for row in rows])
        for (school, kind), rows in sorted(found.items(), key=lambda item: (item[0][0], KINDS.index(item[0][1])))
    ]


def school_of(row: dict[str, Any]) -> str:
    """The school's code; the unit itself where the unit table has no school."""
    return str(row["school_id"] if not missing(row.get("school_id")) else row["unit"])


def kind_of(row: dict[str, Any], standing: Standing, tables: RoundTables) -> Kind | None:
    """The notice that a verdict calls for."""
    if standing.superseded_state:
        return "correction"
    if row["rank"] > 0:
        return "warning"
    return "lifting" if row["previous_state"] != tables.rulebook.states[0] else None


def write(tables: RoundTables, notice: Notice, file: Path, lang: str) -> None:
    """Write one notice to `file`: the school's own numbers, and none that tells another school's few."""
    text, book = texts(lang)["notice"], tables.rulebook
    tables = own_view(tables, notice.school_id, notice.programs[0]["unit"])
    document = OfficialDocument(lang, draft=notice.stage != "final")
    document.letterhead(book.authority.in_language(lang))
    document.title(text["titles"][notice.kind].format(programs=named(notice, lang)))
    document.recipient(text["recipient"].format(school=notice.school_name))
    article = f"{book.basis.document} {book.basis.article}"
    document.paragraph(
        text["basis"].format(
            article=article, title=book.title.in_language(lang), version=book.version,
            status=texts(lang)[book.status], round=tables.round,
        )
    )  # fmt: skip
    document.paragraph(text["intro"][notice.kind])
    for place, (row, standing) in enumerate(zip(notice.programs, notice.standings, strict=True)):
        program(document, tables, notice, row, standing, place, lang)
    document.paragraph(text["recompute"])
    shown = pd.concat([evidence_shown(tables, row) for row in notice.programs])
    if (shown["line_withheld"] | shown["value_withheld"]).any():
        document.paragraph(text["withheld"])
    if notice.kind != "lifting" and any(row["rank"] for row in notice.programs):
        document.heading(text["requirements"])
        document.paragraph(response(tables, notice.standings, lang))
        if any(row["proposal"] for row in notice.programs):
            document.paragraph(text["proposal"])
    document.heading(text["objection"])
    document.paragraph(objection(tables, notice.standings, lang))
    document.signature(book.authority.in_language(lang), text["date"])
    document.break_page()
    annex(document, tables, notice, lang)
    document.save(file)


def named(notice: Notice, lang: str) -> str:
    """The programs of a title: the one, or the first and how many."""
    first, n = str(notice.programs[0]["program_name"]), len(notice.programs)
    return first if n == 1 else str(texts(lang)["notice"]["several"].format(first=first, n=n))


def program(
    document: OfficialDocument,
    tables: RoundTables,
    notice: Notice,
    row: dict[str, Any],
    standing: Standing,
    place: int,
    lang: str,
) -> None:
    """What a notice says of one program: state, how it came about, what is required, the numbers by year."""
    text, book = texts(lang)["notice"], tables.rulebook
    state, before = book.state(row["state"]), book.state(row["previous_state"]).name.in_language(lang)
    numbers = text["numbers"]
    name = {"program": row["program_name"], "code": row["program_code"], "state": state.name.in_language(lang)}
    number_of = numbers[place] if place < len(numbers) else str(place + 1)
    document.heading(text["program"].format(number=number_of, **name))
    document.paragraph(text["was"].format(round=tables.round, state=name["state"], before=before))
    if notice.kind == "correction" and standing.superseded_state:
        was = book.state(standing.superseded_state).name.in_language(lang)
        document.paragraph(
            text["corrected"].format(
                before=was,
                state=name["state"],
                reason=standing.reason.rstrip("。."),
                recorded_on=day(standing.superseded_on, lang),
            )
        )
    if row["rank"] or row["path"]:
        came = texts(lang)["explain"]["then"].join(path_lines(tables, row["path"], lang))
        document.paragraph(text["came_about"].format(lines=came))
    if not missing(row["exempt"]):
        document.paragraph(text["exempt"].format(reason=exempt_reason(tables, row["exempt"], lang)))
    if row["rank"]:
        document.paragraph(text["required"].format(action=state.action.in_language(lang)))
        if not missing(row["plan_limit"]):
            document.paragraph(text["plan"].format(limit=number(row["plan_limit"], 0)))
        if not missing(row["next_step"]):
            document.paragraph(text["next"].format(state=book.state(row["next_step"]).name.in_language(lang)))
        changes = fragility_lines(tables, row["unit"], lang)
        if changes:
            then = texts(lang)["explain"]["then"]
            document.paragraph(text["fragility"].format(lines=then.join(changes)))
    evidence = evidence_shown(tables, row)
    for rule in book.rules:
        if (evidence["rule"] == rule.id).any():
            said = texts(lang)["explain"]["then"].join(
                (rule_in_words(rule, book, lang), steps_in_words(rule, book, lang))
            )
            words = {"rule": rule.name.in_language(lang), "said": said, "article": rule.basis}
            document.paragraph(text["rule"].format(**words))
            document.caption(text["table"].format(program=row["program_name"], **words))
            document.table(text["columns"], list(evidence_rows(tables, evidence, rule.id, lang)), list(SHOWN.values()))


def evidence_shown(tables: RoundTables, row: dict[str, Any]) -> pd.DataFrame:
    """The last YEARS_SHOWN years of the rules that hold or held the unit: hit in this round or anywhere in its path."""
    first = tables.round - YEARS_SHOWN + 1
    steps = [step.get("years", []) for step in as_list(row["path"])]
    first = min([first, *(year for years in steps for year in years)])
    rules = set(as_list(row["rules_hit"]))
    rules |= {step["rule"] for step in as_list(row["path"])}
    evidence = tables.frame("decisions.evidence")
    evidence = evidence[(evidence["unit"] == row["unit"]) & evidence["round"].between(first, tables.round)]
    hit = set(evidence.loc[evidence["outcome"] == "hit", "rule"])
    shown = (rules & set(evidence["rule"])) or hit
    return evidence[evidence["rule"].isin(shown)].sort_values(["rule", "round", "criterion"], kind="stable")


def evidence_rows(tables: RoundTables, evidence: pd.DataFrame, rule: str, lang: str) -> Iterator[list[object]]:
    """The numbers of one rule by year; what was pooled is written out, so that it can be recomputed by hand."""
    of_rule = evidence[evidence["rule"] == rule]
    for cells, found in zip(evidence_grid(tables, of_rule, lang)["rows"], records(of_rule), strict=True):
        years = [str(year) for year in as_list(found["pooled_years"])]
        if len(years) > 1 and not missing(found["pooled_denominator"]):
            counts = f"{number(found['pooled_numerator'])}/{number(found['pooled_denominator'])}"
            cells[COMPARED] = f"{cells[COMPARED]} ({counts}, {'+'.join(years)})"
        yield [cells[column] for column in SHOWN]


def annex(document: OfficialDocument, tables: RoundTables, notice: Notice, lang: str) -> None:
    """The cells that the numbers came from, and what the verdicts were computed from."""
    text = texts(lang)["notice"]
    document.heading(text["attachment"])
    document.table(text["source_columns"], list(source_rows(tables, notice, lang)), SOURCE_WIDTHS)
    digests = text["digests"].format(rulebook=tables.rulebook_digest[:16], inputs=tables.input_digest[:16])
    document.paragraph(digests)


def source_rows(tables: RoundTables, notice: Notice, lang: str) -> Iterator[list[object]]:
    """Program, year, file with sheet, and every cell of it with its item and the text as written."""
    for row in notice.programs:
        evidence = evidence_shown(tables, row)
        indicators, first = set(evidence["indicator"].str.split(".").str[0]), evidence["round"].min()
        sources = unit_sources(tables, row["unit"], indicators)
        sources = sources[sources["year"].between(first, tables.round)].fillna("")
        cells = sources.drop_duplicates(["year", "file", "sheet", "cell", "column_name"])
        for (year, file, sheet), group in cells.groupby(["year", "file", "sheet"], sort=True):
            place = texts(lang)["notice"]["place"].format(file=file, sheet=sheet) if sheet else file
            found = zip(group["cell"], group[f"column_{lang}"], group["found"], strict=True)
            said = texts(lang)["explain"]["then"].join(f"{cell} {item} {text}" for cell, item, text in found)
            yield [row["program_name"], year, place, said]
