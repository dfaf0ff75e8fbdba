"""The notices to schools as Word files: warning (预警), lifting (解除), correction (更正).

Belongs here: who gets which notice and what it says. Does not belong here: the layout (`official_document`), the
numbers themselves (`evidence`, `listing`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from models.rulebook import Rulebook
from models.wording import rule_in_words, steps_in_words
from reports.answering import day, objection, response, stage_of
from reports.evidence import evidence_grid, unit_sources
from reports.listing import as_list, exempt_reason, fragility_lines, path_lines, records
from reports.official_document import OfficialDocument
from reports.official_text import typeset
from reports.own_view import own_view
from reports.round_tables import RoundTables
from reports.standing import Standing, standing_of
from reports.wording import missing, number, texts

Kind = Literal["warning", "lifting", "correction"]
KINDS: tuple[Kind, ...] = ("warning", "lifting", "correction")
# The columns of reports.evidence.evidence_grid that a notice has room for; those of counts, comparison, interval and
# probability are left out where they say nothing.
SHOWN, NUMERATOR, DENOMINATOR, VALUE, COMPARED, INTERVAL, SURE = (1, 2, 3, 4, 5, 6, 7, 8, 9, 11), 3, 4, 5, 6, 8, 9
NOTHING = "–"
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
    authority = book.authority.in_language(lang)
    tables = own_view(tables, notice.school_id, notice.programs[0]["unit"])
    notice = called(notice, tables, lang)
    document = OfficialDocument(lang, draft=notice.stage != "final")
    document.letterhead(authority)
    document.title(text["titles"][notice.kind].format(authority=authority, programs=named(notice, lang)))
    document.recipient(text["recipient"].format(school=notice.school_name))
    document.paragraph(
        text["basis"].format(
            article=cited(book, lang), title=book.title.in_language(lang), version=book.version,
            status=texts(lang)[book.status], round=tables.round,
        )
    )  # fmt: skip
    document.paragraph(text["intro"][notice.kind])
    sections = Numbering(text)
    for row, standing in zip(notice.programs, notice.standings, strict=True):
        program(document, tables, notice, row, standing, sections, lang)
    document.heading(sections.next(text["notes"]))
    document.paragraph(text["recompute"])
    shown = pd.concat([evidence_shown(tables, row) for row in notice.programs])
    if (shown["line_withheld"] | shown["value_withheld"]).any():
        document.paragraph(text["withheld"])
    if notice.kind != "lifting" and any(row["rank"] for row in notice.programs):
        document.heading(sections.next(text["requirements"]))
        document.paragraph(response(tables, notice.standings, lang))
        if any(row["proposal"] for row in notice.programs):
            document.paragraph(text["proposal"])
    document.heading(sections.next(text["objection"]))
    document.paragraph(objection(tables, notice.standings, lang))
    if text["closing"]:
        document.paragraph(text["closing"])
    document.attachment(text["attached"])
    document.signature(authority, text["date"])
    document.paragraph(text["contact"])
    document.annex(text["attachment"], text["attachment_title"])
    annex(document, tables, notice, lang)
    document.save(file)


class Numbering:
    """The numbers of the headings of one notice, counted up; after the last word of the language come digits."""

    def __init__(self, text: dict[str, Any]) -> None:
        self.text, self.counted = text, 0

    def next(self, title: str) -> str:
        """The next heading."""
        numbers = self.text["numbers"]
        number_of = numbers[self.counted] if self.counted < len(numbers) else str(self.counted + 1)
        self.counted += 1
        return str(self.text["section"].format(number=number_of, title=title))


def called(notice: Notice, tables: RoundTables, lang: str) -> Notice:
    """The notice with school and programs called as they are in the language."""
    programs = [
        row | {"program_name": tables.name("program", str(row["program_code"]), str(row["program_name"]), lang)}
        for row in notice.programs
    ]
    school = tables.name("school", notice.school_id, notice.school_name, lang)
    return replace(notice, school_name=school, programs=programs)


def cited(book: Rulebook, lang: str) -> str:
    """The document that the rule-book rests on with its article; in Chinese by title and number, as far as known."""
    if lang == "zh" and book.basis.document in book.source:
        return f"{book.source}{book.basis.article}"
    return str(book.basis)


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
    sections: Numbering,
    lang: str,
) -> None:
    """What a notice says of one program: result, how it came about, what is required, the numbers by year."""
    text, book = texts(lang)["notice"], tables.rulebook
    state = book.state(row["state"]).name.in_language(lang)
    name = {"program": row["program_name"], "code": row["program_code"], "state": state}
    document.heading(sections.next(text["program"].format(**name)))
    parts = iter(text["parts"])
    for head, said in told(tables, notice, row, standing, lang):
        document.paragraph(typeset(said, lang), f"{next(parts)}{text['heads'][head]}")
    evidence = evidence_shown(tables, row)
    head = f"{next(parts)}{text['heads']['rules']}"
    for rule in book.rules:
        if (evidence["rule"] == rule.id).any():
            steps = steps_in_words(rule, book, lang, text["leads"])
            said = texts(lang)["explain"]["then"].join((rule_in_words(rule, book, lang), steps))
            words = {"rule": rule.name.in_language(lang), "said": said, "article": rule.basis}
            document.paragraph(typeset(text["rule"].format(**words), lang), head)
            document.caption(typeset(text["table"].format(program=row["program_name"], **words), lang))
            document.table(*evidence_table(tables, evidence, rule.id, lang))
            head = ""


def told(
    tables: RoundTables, notice: Notice, row: dict[str, Any], standing: Standing, lang: str
) -> Iterator[tuple[str, str]]:
    """What is said of one program in sentences: the name of the heading, and the sentences under it."""
    text, book = texts(lang)["notice"], tables.rulebook
    state, before = book.state(row["state"]), book.state(row["previous_state"]).name.in_language(lang)
    name = state.name.in_language(lang)
    yield "result", text["was"].format(round=tables.round, state=name, before=before)
    if notice.kind == "correction" and standing.superseded_state:
        yield (
            "corrected",
            text["corrected"].format(
                before=book.state(standing.superseded_state).name.in_language(lang),
                state=name,
                reason=standing.reason.rstrip("。.") if standing.reason else NOTHING,
                recorded_on=day(standing.superseded_on, lang),
            ),
        )
    if row["rank"] or as_list(row["path"]):
        yield "came_about", came_about(tables, row, lang)
    if not missing(row["exempt"]):
        yield "exempt", text["sentence"].format(lines=begun(exempt_reason(tables, row["exempt"], lang)))
    if row["rank"]:
        said = text["required"].format(action=begun(state.action.in_language(lang)))
        if not missing(row["plan_limit"]):
            said += text["plan" if row["plan_limit"] else "no_plan"].format(limit=number(row["plan_limit"], 0))
        yield "required", said
        changes = fragility_lines(tables, row["unit"], lang, text["changes"])
        said = text["sentence"].format(lines=text["then"].join(changes)) if changes else ""
        if not missing(row["next_step"]):
            said += text["next"].format(state=book.state(row["next_step"]).name.in_language(lang))
        if said:
            yield "fragility", said


def begun(text: str) -> str:
    """A text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def came_about(tables: RoundTables, row: dict[str, Any], lang: str) -> str:
    """How the state came about; where this round only keeps it, since when it holds and what led to it then."""
    text = texts(lang)["notice"]
    then = text["then"]
    now = then.join(path_lines(tables, row["path"], lang, text["path"]))
    path = as_list(row["path"])
    if row["previous_state"] == row["state"] and all(step.get("lagging") for step in path):
        earlier = tables.frame("decisions.verdict").query("unit == @row['unit'] and round < @tables.round")
        earlier = earlier.sort_values("round", ascending=False)
        for known in records(earlier):
            if known["state"] == row["state"] and known["previous_state"] != row["state"]:
                lines = then.join(path_lines(tables, known["path"], lang, text["path"]))
                state = tables.rulebook.state(row["state"]).name.in_language(lang)
                return str(text["since"].format(round=known["round"], state=state, lines=lines, now=now))
    return str(text["sentence"].format(lines=now))


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


def evidence_table(
    tables: RoundTables, evidence: pd.DataFrame, rule: str, lang: str
) -> tuple[list[str], list[list[str]]]:
    """The numbers of one rule by year: titles and rows; what was pooled is written out, to be recomputed by hand."""
    text, said = texts(lang)["notice"], texts(lang)["explain"]["rank_line"]
    of_rule = evidence[evidence["rule"] == rule]
    rows = []
    for cells, found in zip(evidence_grid(tables, of_rule, lang)["rows"], records(of_rule), strict=True):
        years = [str(year) for year in as_list(found["pooled_years"])]
        if len(years) > 1 and not missing(found["pooled_denominator"]):
            counts = f"{number(found['pooled_numerator'])}/{number(found['pooled_denominator'])}"
            cells[COMPARED] = f"{cells[COMPARED]} ({counts}, {'+'.join(years)})"
        rows.append([typeset(str(cell).replace(said, text["rank_line"]), lang) for cell in cells])
    idle = {
        column for column in (NUMERATOR, DENOMINATOR, INTERVAL, SURE) if all(row[column] == NOTHING for row in rows)
    }
    if all(row[COMPARED] == row[VALUE] for row in rows):
        idle.add(COMPARED)
    shown = [(place, column) for place, column in enumerate(SHOWN) if column not in idle]
    return [text["columns"][place] for place, _ in shown], [[row[column] for _, column in shown] for row in rows]


def annex(document: OfficialDocument, tables: RoundTables, notice: Notice, lang: str) -> None:
    """The cells that the numbers came from, and what the verdicts were computed from."""
    text = texts(lang)["notice"]
    document.table(text["source_columns"], list(source_rows(tables, notice, lang)))
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
