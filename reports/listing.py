"""The warning list of one round as one frame, and the evidence behind each entry: shared by page and workbook."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from reports.round_tables import RoundTables
from reports.wording import missing, texts


def warned(tables: RoundTables, lang: str) -> pd.DataFrame:
    """One row per listed unit of the round, most severe first: unit, names, states, rules and action in words."""
    book = tables.rulebook
    verdicts = tables.frame("decisions.verdict").query("round == @tables.round and rank > 0")
    rows = verdicts.merge(tables.frame("marts.unit"), on="unit", how="left")
    rows = rows.sort_values(["rank", "school_name", "program_name", "unit"], ascending=[False, True, True, True])
    names = {state.id: state.name.in_language(lang) for state in book.ladder}
    actions = {state.id: state.action.in_language(lang) for state in book.ladder}
    rules = {rule.id: rule.name.in_language(lang) for rule in book.rules}
    shown = rows.assign(
        state_name=rows["state"].map(names),
        previous_name=rows["previous_state"].map(names),
        action=rows["state"].map(actions),
        rules=[joined(found, rules, lang) for found in rows["rules_hit"]],
    )
    return shown.reset_index(drop=True)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as mappings of column names."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def joined(found: object, names: dict[str, str], lang: str) -> str:
    """Rule names of a list, or of its JSON text."""
    return str(texts(lang)["explain"]["then"]).join(names.get(rule, rule) for rule in as_list(found))


def as_list(found: Any) -> list[Any]:
    """A list as stored: a list, its JSON text, or nothing."""
    if isinstance(found, str):
        loaded: list[Any] = json.loads(found)
        return loaded
    return list(found) if isinstance(found, list | tuple) or hasattr(found, "tolist") else []


def exempt_reason(tables: RoundTables, exemption: str, lang: str) -> str:
    """Why a unit is exempt: the rule-book's reason, else the words of the decision itself."""
    reasons = {found.id: found.reason.in_language(lang) for found in tables.rulebook.exempt}
    return reasons.get(exemption, exemption)


def path_lines(tables: RoundTables, path: object, lang: str, said: Mapping[str, str] | None = None) -> list[str]:
    """How a state came about, one sentence per step; `said` are other sentences than those of pages and lists.

    They are named came_rule, came_within, came_small, came_recovery, came_lag, came_ruling and came_before; where they
    have came_once, year and years, a single year is told by the first and years are written by the others.
    """
    text, book = said or texts(lang), tables.rulebook
    states = {state.id: state.name.in_language(lang) for state in book.ladder}
    rules = {rule.id: rule.name.in_language(lang) for rule in book.rules}
    year, separator = text.get("year", "{year}"), text.get("years", ", ") if said else ", "
    lines = []
    for step in as_list(path):
        counted = [year.format(year=one) if said else str(one) for one in step.get("years", [])]
        words = {"rule": rules.get(step["rule"], step["rule"]), "run": step["run"], "state": states[step["leads_to"]]}
        words |= {"of": step.get("of"), "years": separator.join(counted)}
        lines.append(text[kind_of_step(step, once="came_once" in text)].format(**words))
    return lines or [text["came_before"]]


def kind_of_step(step: Mapping[str, Any], *, once: bool) -> str:
    """Which sentence tells a step of a path."""
    if step["rule"] in ("recovery", "ruling"):
        return f"came_{step['rule']}"
    if step.get("lagging"):
        return "came_lag"
    if step.get("small_cohort"):
        return "came_small"
    if step.get("of"):
        return "came_within"
    return "came_once" if once and step["run"] == 1 else "came_rule"


def fragility_lines(tables: RoundTables, unit: str, lang: str, said: Mapping[str, str] | None = None) -> list[str]:
    """How little would change the verdict: persons once per indicator, lines once per rule.

    `said` are other sentences than those of pages and lists: persons, points, amount, and how a change is written up
    and down (persons_up, persons_down, line_up, line_down).
    """
    text, book = said or texts(lang)["explain"], tables.rulebook
    states = {state.id: state.name.in_language(lang) for state in book.ladder}
    rows = tables.frame("decisions.fragility")
    rows = rows[(rows["unit"] == unit) & (rows["round"] == tables.round)]

    def change(kind: str, value: float, digits: int) -> str:
        if said is None:
            return f"{value:+.{digits}f}"
        return said[f"{kind}_{'up' if value > 0 else 'down'}"].format(size=f"{abs(value):.{digits}f}")

    found = []
    for row in rows.to_dict("records"):
        indicator = book.indicators[row["indicator"]].name.in_language(lang)
        if not missing(row["change_in_numerator"]):
            words = {"indicator": indicator, "change": change("persons", row["change_in_numerator"], 0)}
            found.append(text["persons"].format(**words, state=states[row["state_after"]]))
        if not missing(row["change_in_line"]):
            in_percent = book.indicators[row["indicator"]].in_percent
            size = change("line", row["change_in_line"] * (100 if in_percent else 1), 1 if in_percent else 2)
            words = {"rule": book.rule(row["rule"]).name.in_language(lang), "indicator": indicator, "change": size}
            found.append(
                text["points" if in_percent else "amount"].format(**words, state=states[row["state_after_line"]])
            )
    return list(dict.fromkeys(found))
