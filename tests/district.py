"""The real command on real files: one run of the sample district, shared by the tests that only look at it."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[1]
DUIKOU = Path(sys.executable).with_name("duikou")


def duikou(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Call the installed command as a user would."""
    return subprocess.run(
        [str(DUIKOU), *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=300, check=False
    )


@dataclass(frozen=True)
class DistrictRun:
    """Where a finished run left its things, and what it printed."""

    raw: Path
    out: Path
    warehouse: Path
    stdout: str


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> DistrictRun:
    """`duikou run` on a copy of the shipped sample district; parallel test processes share one run."""
    own = tmp_path_factory.getbasetemp()
    # Only parallel processes have a folder in common that is new in every session.
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "sample_run"
    run = DistrictRun(shared / "raw", shared / "out", shared / "duikou.duckdb", "")
    with FileLock(f"{shared}.lock"):
        printed = shared / "stdout.txt"
        if not printed.exists():
            shutil.rmtree(shared, ignore_errors=True)
            shutil.copytree(ROOT / "data" / "raw", run.raw)
            finished = duikou("run", run.raw, "--out", run.out, "--warehouse", run.warehouse, cwd=shared)
            assert finished.returncode == 0, finished.stdout + finished.stderr
            printed.write_text(finished.stdout, encoding="utf-8")
    return DistrictRun(run.raw, run.out, run.warehouse, printed.read_text(encoding="utf-8"))
