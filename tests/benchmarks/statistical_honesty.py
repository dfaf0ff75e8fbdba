"""How often chance alone warns a good program: a district with known true rates, judged by two rule-books.

Belongs here: drawing graduates, judging them, tables of shares. Run as `python -m tests.benchmarks.statistical_honesty
[programs]`; it prints Markdown.

Every program has the same number of graduates in each of five years, and each graduate finds direct employment with the
program's true rate, independently. The raw rule-book compares each year's rate with the line and nothing else; the
default one is the shipped rule-book with its one rule on direct employment. Both have the same steps: one failing year
notice, two reduce, three suspend.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from models.mechanism import decide
from models.rulebook import Rulebook, parse

SHIPPED = Path(__file__).parents[2] / "models" / "rulebooks" / "kaizhou.yaml"
RULE, INDICATOR, LINE = "direct_employment_low", "direct_employment_rate", 0.60
SIZES = (12, 20, 30, 45, 60, 90, 150)
GOOD, BAD = (0.65, 0.70, 0.80), (0.55, 0.50, 0.40)
YEARS = range(2020, 2025)
PROGRAMS, SEED = 5000, 20260101
LEVELS = {"warned": "notice", "reduced": "reduce", "suspended": "suspend"}


def default_book() -> Rulebook:
    """The shipped rule-book with the rule on direct employment alone."""
    data = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    data["rules"] = [rule for rule in data["rules"] if rule["id"] == RULE]
    data["exempt"] = [exemption for exemption in data["exempt"] if "rules" not in exemption]
    return parse(yaml.safe_dump(data, allow_unicode=True), "default")


def raw_book() -> Rulebook:
    """The same rule without minimum cohort, pooling and confidence."""
    data = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    rule = next(rule for rule in data["rules"] if rule["id"] == RULE)
    rule["when"] = {"indicator": INDICATOR, "below": LINE, "cohort": "none"}
    data["rules"], data["exempt"] = [rule], []
    del data["cohort"]
    return parse(yaml.safe_dump(data, allow_unicode=True), "raw")


def drawn(programs: int, seed: int = SEED) -> pd.DataFrame:
    """The indicator table: `programs` programs for each cohort size and true rate, with both as columns."""
    cells = pd.MultiIndex.from_product([SIZES, GOOD + BAD, range(programs), YEARS])
    size, rate, number, year = (cells.get_level_values(level).to_numpy() for level in range(4))
    unit = pd.Series(size).astype(str) + "|" + pd.Series(rate).astype(str) + "|" + pd.Series(number).astype(str)
    return pd.DataFrame(
        {
            "unit": unit,
            "year": year,
            "indicator": INDICATOR,
            "numerator": np.random.default_rng(seed).binomial(size, rate),
            "denominator": size,
            "size": size,
            "rate": rate,
        }
    )


def shares(table: pd.DataFrame, book: Rulebook) -> pd.DataFrame:
    """By cohort size and true rate, the share of programs that ever reach each of LEVELS."""
    verdicts = decide(table, book, evidence="none").verdicts
    worst = verdicts.groupby("unit")["rank"].max().rename("worst")
    programs = table[["unit", "size", "rate"]].drop_duplicates("unit").join(worst, on="unit")
    for name, state in LEVELS.items():
        programs[name] = programs["worst"] >= book.rank(state)
    return programs.groupby(["size", "rate"])[list(LEVELS)].mean()


def both(programs: int, seed: int = SEED) -> pd.DataFrame:
    """The shares under the raw and the default rule-book, with columns (level, book)."""
    table = drawn(programs, seed)
    found = pd.concat({"raw": shares(table, raw_book()), "default": shares(table, default_book())}, axis=1)
    return found.swaplevel(axis=1)[[(level, book) for level in LEVELS for book in ("raw", "default")]]


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """By cohort size, means over the good (wrongly judged) and over the bad true rates (caught)."""
    rates = found.index.get_level_values("rate")
    good, bad = (found[rates.isin(group)].groupby("size").mean() for group in (GOOD, BAD))
    parts = {
        "good, warned": good["warned"],
        "good, suspended": good["suspended"],
        "bad, warned": bad["warned"],
        "bad, reduced or beyond": bad["reduced"],
        "bad, suspended": bad["suspended"],
    }
    return pd.concat(parts, axis=1)


def markdown(found: pd.DataFrame, index: list[str]) -> str:
    """A table of shares in per cent."""
    heads = [*index, *(f"{level}: {book}" for level, book in found.columns)]
    lines = ["| " + " | ".join(heads) + " |", "|" + " ---: |" * len(heads)]
    for key, row in zip(found.index, found.to_numpy(), strict=True):
        named = [str(part) if part >= 1 else f"{part:.2f}" for part in (key if isinstance(key, tuple) else (key,))]
        lines.append("| " + " | ".join([*named, *(f"{share:.1%}" for share in row)]) + " |")
    return "\n".join(lines)


def main(programs: int = PROGRAMS) -> None:
    """Print both tables."""
    found = both(programs)
    error = 0.5 / programs**0.5
    print(f"{programs} programs per row, {len(YEARS)} years, line {LINE:.0%}; standard error at most {error:.1%}.\n")
    print(f"Good: true rate {GOOD}; bad: {BAD}; means over the three.\n")
    print(markdown(summary(found), ["graduates"]), "\n")
    print("Share of programs ever warned (notice or beyond), reduced (or beyond), suspended (proposed or beyond):\n")
    print(markdown(found, ["graduates", "true rate"]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
