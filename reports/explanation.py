"""A verdict explained as plain text: path, every rule with its numbers by year, exemptions, source cells.

Belongs here: the words of `duikou explain`. Does not belong here: reading tables (`pipelines`), deciding (`models`).
"""

from collections.abc import Hashable, Iterator, Mapping

import pandas as pd

from models.rules import Rule
from models.wording import figure, rule_in_words, steps_in_words
from reports.listing import as_list, exempt_reason, fragility_lines, path_lines
from reports.round_tables import RoundTables
from reports.wording import missing, number, percent, texts


def explain(tables: RoundTables, unit: str, lang: str) -> str:
    """The whole path of one unit's verdict in the tables' round, ready to print; KeyError when it has none."""
    lines = [*heading(tables, unit, lang), *came_about(tables, unit, lang)]
    for rule in tables.rulebook.rules:
        lines += rule_lines(tables, unit, rule, lang)
    changes = fragility_lines(tables, unit, lang) or [texts(lang)["explain"]["none"]]
    lines += ["", texts(lang)["explain"]["fragility"], *(f"  {line}" for line in changes)]
    lines += source_lines(tables, unit, lang)
    return "\n".join(lines)


def rows_of(tables: RoundTables, name: str, unit: str) -> pd.DataFrame:
    """The unit's rows of a frame up to the round."""
    frame = tables.frame(name)
    year = "round" if "round" in frame.columns else "year"
    return frame[(frame["unit"] == unit) & (frame[year] <= tables.round)].sort_values(year, kind="stable")


def heading(tables: RoundTables, unit: str, lang: str) -> Iterator[str]:
    """Who it is about, the state and what follows from it."""
    text, book = texts(lang)["explain"], tables.rulebook
    units = tables.frame("marts.unit")
    named = units[units["unit"] == unit].to_dict("records")
    if named:
        yield f"{named[0]['school_name']} · {named[0]['program_name']}({named[0]['program_code']}) {unit}"
        codes = [str(code) for code in as_list(named[0]["reported_codes"])]
        if len(codes) > 1:
            yield text["codes"].format(codes=", ".join(codes))
    else:
        yield unit
    verdicts = rows_of(tables, "decisions.verdict", unit)
    found = verdicts[verdicts["round"] == tables.round].to_dict("records")
    if not found:
        raise KeyError(unit)
    verdict = found[0]
    state = book.state(verdict["state"])
    said = state.name.in_language(lang)
    before = book.state(verdict["previous_state"]).name.in_language(lang)
    yield text["verdict"].format(round=tables.round, state=said, before=before)
    if verdict["proposal"]:
        yield text["proposal"]
    if verdict["rank"]:
        yield text["action"].format(action=state.action.in_language(lang))
    if not missing(verdict["plan_limit"]):
        yield text["plan"].format(limit=number(verdict["plan_limit"], 0))
    if verdict["exempt"] is not None and not missing(verdict["exempt"]):
        yield text["exempt"].format(reason=exempt_reason(tables, str(verdict["exempt"]), lang))
    if verdict["lagging"]:
        yield text["lagging"]
    if verdict["next_step"] is not None and not missing(verdict["next_step"]):
        yield text["next"].format(state=book.state(verdict["next_step"]).name.in_language(lang))
    yield text["book"].format(
        title=book.title.in_language(lang), version=book.version, digest=tables.rulebook_digest[:12]
    )


def came_about(tables: RoundTables, unit: str, lang: str) -> Iterator[str]:
    """The path of every round that moved or holds the unit."""
    text, book = texts(lang), tables.rulebook
    yield ""
    yield text["came_about"]
    moved = False
    for row in rows_of(tables, "decisions.verdict", unit).to_dict("records"):
        if row["rank"] or row["previous_state"] != book.states[0]:
            moved = True
            state = book.state(row["state"]).name.in_language(lang)
            lines = text["explain"]["then"].join(path_lines(tables, row["path"], lang))
            yield text["explain"]["in_round"].format(round=row["round"], state=state, lines=lines)
    if not moved:
        yield f"  {text['none']}"


def rule_lines(tables: RoundTables, unit: str, rule: Rule, lang: str) -> Iterator[str]:
    """One rule: what it says, on which article it rests, and its numbers by year."""
    text, book = texts(lang)["explain"], tables.rulebook
    evidence = rows_of(tables, "decisions.evidence", unit)
    evidence = evidence[evidence["rule"] == rule.id]
    path = rows_of(tables, "decisions.verdict", unit).query("round == @tables.round")["rules_hit"]
    hit = bool(len(path)) and rule.id in as_list(path.iloc[0])
    yield ""
    mark = text["hit"] if hit else text["not_hit"]
    said = text["then"].join((rule_in_words(rule, book, lang), steps_in_words(rule, book, lang)))
    yield text["rule"].format(mark=mark, rule=rule.name.in_language(lang), said=said)
    yield f"    {text['article']}{rule.basis}"
    if evidence.empty:
        yield f"    {text['nothing']}"
    for row in evidence.to_dict("records"):
        yield "    " + evidence_line(tables, row, lang)


def evidence_line(tables: RoundTables, row: Mapping[Hashable, object], lang: str) -> str:
    """The numbers of one year: own counts, pooled counts, line, interval, probability, outcome."""
    text = texts(lang)["explain"]
    indicator = tables.rulebook.indicators.get(str(row["indicator"]).split(".")[0])
    in_percent = indicator is not None and indicator.in_percent

    def measured(value: object) -> str:
        return percent(value) if in_percent else number(value)

    name = indicator.name.in_language(lang) if indicator else str(row["indicator"])
    said = f"{row['round']}  {name} "
    if not missing(row["denominator"]):
        said += f"{number(row['numerator'])} / {number(row['denominator'])}"
        said += f" = {measured(row['value'])}" if not missing(row["value"]) else ""
    else:
        said += measured(row["value"])
    years = [str(year) for year in as_list(row["pooled_years"])]
    if len(years) > 1 or (row["pooled_over"] not in ("", "unit") and not missing(row["pooled_over"])):
        over = "" if row["pooled_over"] in ("", "unit") else f" {row['pooled_over']}"
        said += text["pooled"].format(
            years="+".join(years), over=over, numerator=number(row["pooled_numerator"]),
            denominator=number(row["pooled_denominator"]), value=measured(row["compared_value"]),
        )  # fmt: skip
    if not missing(row["line"]):
        line = figure(round(float(str(row["line"])), 4), percent=in_percent)
        ranked = row["comparison"] in ("bottom", "top")
        comparison = text["rank_line"] if ranked else text["line"] + texts(lang)[str(row["comparison"])]
        said += f"{text['then']}{comparison} {line}"
    if not missing(row["interval_low"]):
        said += f"{text['then']}{text['interval']}{percent(row['interval_low'])} – {percent(row['interval_high'])}"
    if not missing(row["probability"]):
        said += text["sure"].format(p=percent(row["probability"]), needed=percent(row["confidence"], 0))
    outcome = texts(lang)["outcomes"].get(str(row["outcome"]), str(row["outcome"]))
    return f"{said} → {outcome}" + (text["weak"] if row["weak"] else "")


def source_lines(tables: RoundTables, unit: str, lang: str) -> Iterator[str]:
    """The cells that the numbers came from."""
    text = texts(lang)["explain"]
    sources = rows_of(tables, "marts.indicator_source", unit)
    sources = sources[sources["indicator"].isin(list(tables.rulebook.indicators))]
    cells = sources.drop_duplicates(["file", "sheet", "cell", "column_name"])
    yield ""
    yield text["sources"]
    if cells.empty:
        yield f"  {text['nothing']}"
    for (year, file, sheet), group in cells.groupby(["year", "file", "sheet"], sort=True):
        written = "  ".join(f"{row['column_name']} {row['cell']}={row['found']}" for row in group.to_dict("records"))
        yield f"  {year}  {file} [{sheet}]  {written}"
