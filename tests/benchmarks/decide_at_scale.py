"""How long the mechanism takes on very many units, and how much memory.

Belongs here: a made-up table of every indicator of the default rule-book, timings. Run as `python -m
tests.benchmarks.decide_at_scale [units] [rate|all] [profile]`. Each part runs in a process of its own, so that its peak
of memory is its own: `decide` without evidence, and the lengths of consecutive runs of the rule on direct employment by
pandas groupby, which is the least that any way of deciding must do. `profile` profiles `decide` instead.
"""

import cProfile
import pstats
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from models.mechanism import decide
from models.rulebook import Rulebook, parse

SHIPPED = Path(__file__).parents[2] / "models" / "rulebooks" / "kaizhou.yaml"
DIRECT = "direct_employment_rate"
UNITS, YEARS, FIRST, SEED, GIB = 1_200_000, 10, 2015, 20260101, 2**20  # ru_maxrss is in KiB


def shipped() -> Rulebook:
    """The default rule-book."""
    return parse(SHIPPED.read_text(encoding="utf-8"), SHIPPED.name)


def made_up(units: int, names: list[str]) -> pd.DataFrame:
    """Every unit, year and indicator once: rates of employment as counts, all others as values."""
    random = np.random.default_rng(SEED)
    size = units * YEARS
    length = size * len(names)
    columns = {name: np.full(length, np.nan) for name in ("numerator", "denominator", "value")}
    true = np.repeat(random.beta(12, 4, units), YEARS)
    graduates = np.repeat(random.integers(8, 120, units), YEARS)
    for number, name in enumerate(names):
        at = slice(number * size, (number + 1) * size)
        if name.endswith("employment_rate"):
            columns["numerator"][at] = random.binomial(graduates, true)
            columns["denominator"][at] = graduates
        elif name in ("providers", "classes", "registered"):
            columns["value"][at] = random.integers(0 if name == "registered" else 1, 12, size)
        else:
            columns["value"][at] = random.integers(20, 130, size) / 100
    unit = np.repeat(np.arange(units, dtype=np.int32), YEARS)
    labels = pd.Index([f"U{number:07}" for number in range(units)])
    code = np.repeat(np.arange(len(names), dtype=np.int8), size)
    return pd.DataFrame(
        {
            "unit": pd.Categorical.from_codes(np.tile(unit, len(names)), labels),
            "year": np.tile(np.arange(FIRST, FIRST + YEARS, dtype=np.int16), units * len(names)),
            "indicator": pd.Categorical.from_codes(code, names),
            **columns,
        },
        copy=False,
    )


def run_lengths(table: pd.DataFrame) -> pd.Series:
    """By unit and year, how many years in a row up to it lie below 60 %; nothing else of the mechanism."""
    rows = table[table["indicator"] == DIRECT].sort_values(["unit", "year"])
    failing = rows["numerator"] * 10 < rows["denominator"] * 6
    passed = (~failing).groupby(rows["unit"], observed=True).cumsum()
    return failing.astype(int).groupby([rows["unit"], passed], observed=True).cumsum()


def measure(part: str, units: int, which: str) -> None:
    """Print the seconds of one part, the process's memory before it and its peak (GiB)."""
    book = shipped()
    names = [DIRECT] if which == "rate" or part == "runs" else list(book.indicators)
    table = made_up(units, names)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB
    start = time.perf_counter()
    if part == "runs":
        rows = len(run_lengths(table))
    elif part == "profile":
        profile = cProfile.Profile()
        rows = len(profile.runcall(decide, table, book, evidence="none").verdicts)
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
    else:
        rows = len(decide(table, book, evidence="none").verdicts)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB
    print(part, rows, len(table), f"{seconds:.2f}", f"{before:.2f}", f"{peak:.2f}")


def main(units: int = UNITS, which: str = "all", task: str = "") -> None:
    """Measure both parts, each in a process of its own, and print a Markdown table."""
    if task:
        measure(task, units, which)
        return
    print(f"{units} units, {YEARS} years, {'all indicators' if which == 'all' else DIRECT}\n")
    print("| part | rows in | rows out | seconds | GiB before | peak GiB |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    taken = {}
    for part in ("decide", "runs"):
        command = [sys.executable, "-m", "tests.benchmarks.decide_at_scale", str(units), which, part]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        _, rows, read, seconds, before, peak = said
        taken[part] = float(seconds)
        print(f"| {part} | {read} | {rows} | {seconds} | {before} | {peak} |", flush=True)
    print(f"\ndecide takes {taken['decide'] / taken['runs']:.1f} times as long as the runs alone.")


if __name__ == "__main__":
    main(*[int(word) if word.isdigit() else word for word in sys.argv[1:4]])  # type: ignore[arg-type]
