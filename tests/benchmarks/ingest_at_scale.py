"""How long ingest takes on a long csv and xlsx of outcomes, and how much memory, beside pandas with the same checks.

Run as `python -m tests.benchmarks.ingest_at_scale [csv rows] [xlsx rows]`. Every part runs in a process of its own:

* `duikou` lands, accepts and accounts into a warehouse file, with DuckDB held to the product's limit of memory;
* `duikou, a fifth` does the same with a fifth of the rows, to show what memory depends on;
* `pandas` is what is usually written: read_csv or read_excel, every check on every cell of a column. Ingest is to be
  five times as fast as this;
* `pandas, distinct` is what someone may write who knows of this very trick of ingest: every different text read once,
  and workbooks by the reader that ingest uses.

All find the same numbers of accepted and quarantined rows, or the run fails.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import pandas as pd

from pipelines import ingest
from pipelines.contracts import contracts
from pipelines.settings import memory_limit
from tests.benchmarks import ingest_in_pandas, made_up_outcomes

PARTS = ("duikou", "duikou, a fifth", "pandas", "pandas, distinct")


def by_duikou(raw: Path, warehouse: Path) -> tuple[int, int]:
    """Accepted and quarantined rows of outcomes."""
    with duckdb.connect(str(warehouse), config={"memory_limit": memory_limit()}) as connection:
        ingest.land(connection, raw)
        for contract in contracts().values():
            ingest.accept(connection, contract)
        ingest.account(connection)
        ((accepted, quarantined),) = connection.execute(
            "select sum(accepted)::bigint, sum(quarantined)::bigint from landed.account where contract = 'outcome'"
        ).fetchall()
        return accepted, quarantined


def by_pandas(raw: Path, warehouse: Path, kind: str, distinct: bool) -> tuple[int, int]:
    """The same numbers."""
    file = raw / f"就业.{kind}"
    if kind == "csv":
        found = pd.read_csv(file, dtype=str, keep_default_na=False)
    else:
        engine = "calamine" if distinct else "openpyxl"
        found = pd.read_excel(file, dtype=str, keep_default_na=False, engine=engine)
    apply = ingest_in_pandas.by_text if distinct else ingest_in_pandas.every_cell
    done = ingest_in_pandas.ingest(found, raw, apply)
    ingest_in_pandas.write(done, warehouse)
    return len(done.accepted), len(done.refused)


def measure(part: str, raw: Path, kind: str) -> None:
    """Print rows accepted and quarantined, seconds, seconds of all processors and the peak of memory (MB).

    Time begins when everything is imported, which both sides do; memory counts all.
    """
    start, processors = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as place:
        warehouse = Path(place) / "warehouse.duckdb"
        if part.startswith("duikou"):
            found = by_duikou(raw, warehouse)
        else:
            found = by_pandas(raw, warehouse, kind, part != "pandas")
    seconds = time.perf_counter() - start
    print(*found, f"{seconds:.2f}", f"{time.process_time() - processors:.2f}", peak_megabytes())


def peak_megabytes() -> int:
    """The most memory that this process ever held, by Linux; what the parent held does not count."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def make_files(raw: Path, kind: str, rows: int) -> None:
    """A folder of outcomes with the lists that they refer to."""
    raw.mkdir()
    made_up_outcomes.write_base(raw)
    write = made_up_outcomes.write_csv if kind == "csv" else made_up_outcomes.write_xlsx
    write(raw / f"就业.{kind}", rows)


def main(csv_rows: int = 5_000_000, xlsx_rows: int = 100_000) -> None:
    """Make the files, measure all parts and print a Markdown table."""
    print(
        "| file | part | accepted | quarantined | seconds | CPU seconds | peak MB | times duikou | CPU: times duikou |"
    )
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|")
    for kind, rows in (("csv", csv_rows), ("xlsx", xlsx_rows)):
        with tempfile.TemporaryDirectory() as place:
            make_files(Path(place) / "raw", kind, rows)
            make_files(Path(place) / "fifth", kind, rows // 5)
            counts, base = set(), (0.0, 0.0)
            for part in PARTS:
                raw = Path(place) / ("fifth" if "fifth" in part else "raw")
                command = [sys.executable, "-m", "tests.benchmarks.ingest_at_scale", part, str(raw), kind]
                said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
                accepted, quarantined, *seconds, peak = said[-5:]
                took = tuple(map(float, seconds))
                if part == PARTS[0]:
                    base = took
                times = " | ".join(
                    "" if "fifth" in part else f"{one / of:.1f}" for one, of in zip(took, base, strict=True)
                )
                line = " | ".join((kind, part, accepted, quarantined, *seconds, peak))
                print(f"| {line} | {times} |", flush=True)
                if "fifth" not in part:
                    counts.add((accepted, quarantined))
            if len(counts) > 1:
                raise SystemExit(f"{kind}: the parts found different rows: {counts}")


if __name__ == "__main__":
    if len(sys.argv) > 3:
        measure(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
    else:
        main(*map(int, sys.argv[1:]))
