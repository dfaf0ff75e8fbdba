"""Standing (身份): exemptions and rulings that people have made, per unit and round.

Belongs here: whom the rules do not apply to, and what was ruled; naming what contradicts itself. Does not belong here:
what the ladder does with it (`models.ladder`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.ladder import CONFIRM, REJECT, SET, Rulings
from models.panel import Attribute, Panel
from models.rules import Exemption, Rulebook
from models.settings_parts import FIRST_YEAR, LAST_YEAR

RULINGS = {"confirm": CONFIRM, "reject": REJECT, "set": SET}
SET_ASIDE = "set_aside"
SET_ASIDE_WORDS = "set aside by a ruling"


@dataclass
class Granted:
    """Exemptions and set-aside findings of single units: position of unit, first and last round, rule (None: all)."""

    unit: int
    first: int
    last: int
    rule: str | None
    words: str
    set_aside: bool = False


@dataclass
class Standing:
    """What people decided on the units of a panel, and what could not be used of it."""

    granted: list[Granted] = field(default_factory=list)
    rulings: list[tuple[int, int, int, int]] = field(default_factory=list)  # unit, year position, ruling, rank
    problems: list[dict[str, object]] = field(default_factory=list)

    def problem(self, unit: object, year: object, zh: str, en: str) -> None:
        """Name a problem; the column `indicator` says what kind of table it comes from."""
        self.problems.append({"unit": unit, "year": year, "indicator": None, "problem_zh": zh, "problem_en": en})


def read_standing(
    panel: Panel,
    book: Rulebook,
    table: pd.DataFrame,
    exemptions: pd.DataFrame | None,
    rulings: pd.DataFrame | None,
) -> Standing:
    """Exemptions (frame and columns of the indicator table) and rulings on the panel's units.

    `exemptions`: one row per exemption — unit, from, to (years or dates, both included), rule (empty: all), reason.
    Columns `exempt` (a reason) and `exempt_until` (a year) of the indicator table exempt the row's unit and year.
    `rulings`: one row per ruling — unit, round, ruling (confirm, reject, set, set_aside), state (for set), rule (for
    set_aside; empty: all). What has no end, names an unknown unit, rule or state, or contradicts another ruling on the
    same unit and round is a problem and has no effect.
    """
    standing = Standing()
    position = {unit: number for number, unit in enumerate(panel.units)}
    rules = {rule.id for rule in book.rules}
    for row in rows_of(exemptions):
        read_exemption(standing, row, position, rules)
    if "exempt" in table.columns:
        read_exempt_column(standing, table, position)
    by_round: dict[tuple[str, int | None], list[dict[str, object]]] = {}
    for row in rows_of(rulings):
        by_round.setdefault((str(row.get("unit")), year_of(row.get("round"))), []).append(row)
    for (unit, year), found in by_round.items():
        read_ruling(standing, unit, year, found, position, panel, book)
    return standing


def rows_of(frame: pd.DataFrame | None) -> Iterator[dict[str, object]]:
    """The rows of a frame as mappings with None for what is empty."""
    if frame is None:
        return
    for row in frame.to_dict("records"):
        yield {str(name): None if pd.isna(value) or value == "" else value for name, value in row.items()}


def year_of(value: object) -> int | None:
    """The year of a year or date; None when it is neither."""
    if value is None:
        return None
    if hasattr(value, "year"):
        return int(value.year)
    text = str(value).strip()
    head = text.split("-", maxsplit=1)[0].split(".", maxsplit=1)[0]
    if head.isdigit() and FIRST_YEAR <= int(head) <= LAST_YEAR:
        return int(head)
    return None


def read_exemption(standing: Standing, row: dict[str, object], position: dict[str, int], rules: set[str]) -> None:
    """Take one exemption, or name why not."""
    unit, rule = str(row.get("unit")), row.get("rule")
    first, last = year_of(row.get("from")), year_of(row.get("to"))
    fault: tuple[str, str] | None = None
    if unit not in position:
        fault = ("豁免的单位没有指标，未采用", "an exemption of a unit without indicators; not used")
    elif last is None:
        fault = ("豁免没有终止日期，未采用", "an exemption without an end; not used")
    elif first is not None and first > last:
        fault = ("豁免的终止早于起始，未采用", "an exemption that ends before it begins; not used")
    elif rule is not None and rule not in rules:
        fault = (f"豁免的规则 {rule} 不存在，未采用", f"an exemption from an unknown rule {rule}; not used")
    if fault:
        standing.problem(unit, first, *fault)
    elif last is not None:
        words = str(row.get("reason") or "exempt")
        standing.granted.append(Granted(position[unit], first or FIRST_YEAR, last, str(rule) if rule else None, words))


def read_exempt_column(standing: Standing, table: pd.DataFrame, position: dict[str, int]) -> None:
    """Exemptions written into the indicator table: `exempt` is the reason, `exempt_until` the last year."""
    columns = ["unit", "year", "exempt", *(["exempt_until"] if "exempt_until" in table.columns else [])]
    stated = table.loc[table["exempt"].notna(), columns].drop_duplicates()
    for row in rows_of(stated):
        words = str(row.get("exempt") or "").strip()
        if words.lower() in ("", "false", "0", "no", "否"):
            continue
        unit, year, last = str(row["unit"]), year_of(row["year"]), year_of(row.get("exempt_until"))
        if unit not in position or year is None:
            continue
        if last is None:
            standing.problem(unit, year, "豁免没有终止年份，未采用", "an exemption without an end; not used")
        elif year <= last:
            standing.granted.append(Granted(position[unit], year, year, None, words))


def read_ruling(
    standing: Standing,
    unit: str,
    year: int | None,
    found: list[dict[str, object]],
    position: dict[str, int],
    panel: Panel,
    book: Rulebook,
) -> None:
    """Take the rulings on one unit and round, or name why not."""
    said = {(row.get("ruling"), row.get("state"), row.get("rule")) for row in found}
    moves = {entry for entry in said if entry[0] != SET_ASIDE}
    if unit not in position or year is None:
        standing.problem(unit, year, "裁定的单位或轮次不明，未采用", "a ruling on an unknown unit or round; not used")
        return
    if len(moves) > 1:
        zh, en = "同一单位、轮次的裁定互相矛盾，均未采用", "contradictory rulings on one unit and round; none is used"
        standing.problem(unit, year, zh, en)
        return
    for ruling, state, rule in sorted(said, key=str):
        if ruling == SET_ASIDE and (rule is None or rule in {r.id for r in book.rules}):
            standing.granted.append(
                Granted(position[unit], year, year, str(rule) if rule else None, SET_ASIDE_WORDS, set_aside=True)
            )
        elif ruling in RULINGS and (ruling != "set" or state in book.states):
            rank = book.rank(str(state)) if ruling == "set" else 0
            at = year - int(panel.years[0])
            if at < 0:
                zh, en = "裁定的轮次早于最早的指标，未采用", "a ruling on a round before the first indicators; not used"
                standing.problem(unit, year, zh, en)
            elif at < len(panel.years):
                standing.rulings.append((position[unit], at, RULINGS[str(ruling)], rank))
        else:
            words = " ".join(str(word) for word in (ruling, state, rule) if word is not None)
            standing.problem(
                unit, year, f"看不懂的裁定（{words}），未采用", f"a ruling that cannot be read ({words}); not used"
            )


def rulings_on(standing: Standing, shape: tuple[int, int]) -> Rulings | None:
    """The rulings on the panel's units as matrices; None when there is none."""
    if not standing.rulings:
        return None
    found = Rulings(np.zeros(shape, np.int8), np.zeros(shape, np.int8))
    for unit, year, ruling, rank in standing.rulings:
        found.decided[unit, year], found.rank[unit, year] = ruling, rank
    return found


@dataclass
class Exempted:
    """Exemptions: per rule where it does not apply (unit × year), and the words for a verdict.

    `apart` holds per rule where a finding was set aside, by nothing but a ruling: such a unit is still one of those
    that others are compared with, so that a ruling on one school changes no other school's verdict.
    """

    by_rule: dict[str, NDArray[np.bool_]]
    apart: dict[str, NDArray[np.bool_]]
    words: list[str]
    worded: NDArray[np.int16]  # position in `words` + 1; 0: not exempt

    def rows(self, chosen: slice | NDArray) -> "Exempted":
        """The same for some units only."""
        by_rule, apart = ({rule: m[chosen] for rule, m in masks.items()} for masks in (self.by_rule, self.apart))
        return Exempted(by_rule, apart, self.words, self.worded[chosen])


def exempted(panel: Panel, book: Rulebook, standing: Standing) -> Exempted:
    """Who is exempt from which rule, and when."""
    everything, lasting = np.zeros((2, *panel.shape), dtype=bool)
    by_rule: dict[str, NDArray[np.bool_]] = {}
    lasting_by_rule: dict[str, NDArray[np.bool_]] = {}
    words: list[str] = []
    worded = np.zeros(panel.shape, dtype=np.int16)
    by_words: dict[tuple[str | None, str, bool], list[Granted]] = {}
    for granted in standing.granted:
        by_words.setdefault((granted.rule, granted.words, granted.set_aside), []).append(granted)
    masks = [(exemption.id, exemption.rules, exempt_mask(exemption, panel), False) for exemption in book.exempt]
    masks += [
        (said, (rule,) if rule else (), granted_mask(found, panel), aside)
        for (rule, said, aside), found in by_words.items()
    ]
    # An exemption from all rules (no rule named) gives the words before one from some of them.
    for said, rules, mask, aside in sorted(masks, key=lambda one: len(one[1])):
        if not mask.any():
            continue
        if said not in words:
            words.append(said)
        worded[mask & (worded == 0)] = words.index(said) + 1
        if not rules:
            everything |= mask
            lasting |= mask & (not aside)
        for rule in rules:
            by_rule[rule] = by_rule.get(rule, False) | mask
            lasting_by_rule[rule] = lasting_by_rule.get(rule, False) | (mask & (not aside))
    all_masks, lasting_masks = (
        {rule.id: (some[rule.id] | every if rule.id in some else every) for rule in book.rules}
        for some, every in ((by_rule, everything), (lasting_by_rule, lasting))
    )
    return Exempted(
        all_masks,
        {rule: mask & ~lasting_masks[rule] for rule, mask in all_masks.items()},
        words,
        worded,
    )


def granted_mask(granted: list[Granted], panel: Panel) -> NDArray[np.bool_]:
    """Where any of the exemptions holds."""
    mask = np.zeros(panel.shape, dtype=bool)
    for one in granted:
        mask[one.unit] |= (panel.years >= one.first) & (panel.years <= one.last)
    return mask


def exempt_mask(exemption: Exemption, panel: Panel) -> NDArray[np.bool_]:
    """Where an exemption of the rule-book holds, unit × year."""
    within = np.ones(len(panel.years), dtype=bool)
    if exemption.since is not None:
        within &= panel.years >= exemption.since
    if isinstance(exemption.until, int):
        within &= panel.years <= exemption.until
    if exemption.units:
        return np.isin(panel.units, exemption.units)[:, None] & within[None, :]
    if exemption.attribute == "age" and "age" not in panel.attributes:
        known = panel.attributes.get("first_year")
        found = panel.years[None, :] - numbers_of(known, panel)
    else:
        known = panel.attributes.get(str(exemption.attribute))
        found = numbers_of(known, panel) if exemption.below is not None else np.empty(0)
    if exemption.below is not None:
        with np.errstate(invalid="ignore"):
            return np.broadcast_to((found < float(exemption.below)) & within[None, :], panel.shape)
    if known is None:
        return np.zeros(panel.shape, dtype=bool)
    chosen = [code for code, word in enumerate(known.words) if str(word) in exemption.among]
    return np.broadcast_to(np.isin(known.codes, chosen) & within[None, :], panel.shape)


def numbers_of(attribute: Attribute | None, panel: Panel) -> NDArray[np.float64]:
    """An attribute as numbers, NaN where it is not known or none."""
    if attribute is None:
        return np.full((panel.shape[0], 1), np.nan)
    numbers = pd.to_numeric(pd.Series(attribute.words, dtype=object), errors="coerce").to_numpy(dtype=float)
    found: NDArray[np.float64] = np.append(numbers, np.nan)[attribute.codes]
    return found
