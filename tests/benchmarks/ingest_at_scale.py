"""How long ingest takes on a long csv and xlsx of outcomes, and how much memory, beside pandas with the same checks.

Run as `python -m tests.benchmarks.ingest_at_scale [csv rows] [xlsx rows]`. Every part runs in a process of its own, so
that its peak of memory is its own: `duikou` lands, accepts and accounts into a warehouse file with DuckDB's memory
limited to 2 GB; `pandas` reads and checks every cell, as is usual; `pandas, distinct` every different text once. All
must find the same numbers of accepted and quarantined rows.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import pandas as pd

from pipelines import ingest
from pipelines.contracts import contracts
from tests.benchmarks import ingest_in_pandas, made_up_outcomes

MEMORY_LIMIT = "2GB"
PARTS = ("duikou", "pandas", "pandas, distinct")


def by_duikou(folder: Path) -> tuple[int, int]:
    """Accepted and quarantined rows of outcomes."""
    with tempfile.TemporaryDirectory() as place, duckdb.connect(str(Path(place) / "warehouse.duckdb")) as connection:
        connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        ingest.land(connection, folder / "raw")
        for contract in contracts().values():
            ingest.accept(connection, contract)
        ingest.account(connection)
        ((accepted, quarantined),) = connection.execute(
            "select sum(accepted)::bigint, sum(quarantined)::bigint from landed.account where contract = 'outcome'"
        ).fetchall()
        return accepted, quarantined


def by_pandas(folder: Path, kind: str, distinct: bool) -> tuple[int, int]:
    """The same numbers."""
    file = folder / "raw" / f"就业.{kind}"
    if kind == "csv":
        found = pd.read_csv(file, dtype=str, keep_default_na=False)
    else:
        found = pd.read_excel(file, dtype=str, keep_default_na=False)
    apply = ingest_in_pandas.by_text if distinct else ingest_in_pandas.every_cell
    done = ingest_in_pandas.ingest(found, folder / "raw", apply)
    return len(done.accepted), len(done.refused)


def measure(part: str, folder: Path, kind: str) -> None:
    """Print rows accepted and quarantined, seconds and the process's peak of memory (MB)."""
    start = time.perf_counter()
    found = by_duikou(folder) if part == "duikou" else by_pandas(folder, kind, part != "pandas")
    seconds = time.perf_counter() - start
    print(*found, f"{seconds:.2f}", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def main(csv_rows: int = 5_000_000, xlsx_rows: int = 100_000) -> None:
    """Make the files, measure all parts and print a Markdown table."""
    print("| file | part | accepted | quarantined | seconds | peak MB | times duikou |\n|---|---|--:|--:|--:|--:|--:|")
    for kind, rows in (("csv", csv_rows), ("xlsx", xlsx_rows)):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            (folder / "raw").mkdir()
            made_up_outcomes.write_base(folder / "raw")
            write = made_up_outcomes.write_csv if kind == "csv" else made_up_outcomes.write_xlsx
            write(folder / "raw" / f"就业.{kind}", rows)
            counts, base = set(), 0.0
            for part in PARTS:
                command = [sys.executable, "-m", "tests.benchmarks.ingest_at_scale", part, place, kind]
                said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
                accepted, quarantined, seconds, peak = said[-4:]
                base = base or float(seconds)
                counts.add((accepted, quarantined))
                times = f"{float(seconds) / base:.1f}"
                print(f"| {kind} | {part} | {accepted} | {quarantined} | {seconds} | {peak} | {times} |", flush=True)
            if len(counts) > 1:
                raise SystemExit(f"{kind}: the parts found different rows: {counts}")


if __name__ == "__main__":
    if len(sys.argv) > 3:
        measure(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
    else:
        main(*map(int, sys.argv[1:]))
