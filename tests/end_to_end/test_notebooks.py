"""The notebooks run from top to bottom on the warehouse that a run leaves."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.district import ROOT, DistrictRun

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_runs_and_shows_tables_and_a_chart(
    file: Path, sample_run: DistrictRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUIKOU_WAREHOUSE", str(sample_run.warehouse))
    notebook = nbformat.read(file, as_version=4)
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(ROOT / "notebooks")}})
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    kinds = {kind for output in outputs for kind in output.get("data", {})}
    assert "text/html" in kinds
    assert any("plotly" in kind for kind in kinds)


def test_there_is_a_notebook() -> None:
    assert NOTEBOOKS
