"""`duikou publish`: the open data are valid, match the warehouse, and give no small number away."""

import hashlib
import json
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from models.disclosure import SHOWN, attack
from pipelines.publish import read_public
from pipelines.settings import Settings
from reports.open_data import HIDDEN
from reports.public_counts import BELOW, ENROLLED, LEAST_COHORT, PUBLISHED, RATES
from tests.district import DistrictRun, duikou

LEVELS = ("unit", "program", "school", "category", "district")


@pytest.fixture(scope="module")
def public(sample_run: DistrictRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public folder of the sample district, written by the real command."""
    folder = tmp_path_factory.mktemp("public")
    warehouse = tmp_path_factory.mktemp("warehouse") / "duikou.duckdb"
    warehouse.write_bytes(sample_run.warehouse.read_bytes())
    printed = duikou("publish", "--public", folder, "--warehouse", warehouse, "--contact", "office@example.invalid")
    assert printed.returncode == 0, printed.stderr
    return folder / "data" / "2024"


def read(file: Path) -> pd.DataFrame:
    return pd.read_csv(file, dtype=str, keep_default_na=False)


def test_the_package_is_valid_and_complete(public: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(public / "datapackage.json"))
    assert report.valid, report.flatten(["taskNumber", "rowNumber", "fieldName", "note"])[:5]
    package = json.loads((public / "datapackage.json").read_text(encoding="utf-8"))
    assert package["licenses"]
    assert package["contributors"][0]["email"] == "office@example.invalid"
    assert {resource["path"] for resource in package["resources"]} == {
        file.name for file in public.glob("*.csv") if not file.name.startswith("dictionary")
    }


def test_the_digests_are_those_of_the_files(public: Path) -> None:
    lines = (public / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 20
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((public / name).read_bytes()).hexdigest() == digest


def test_every_field_is_in_the_dictionary_in_both_languages(public: Path) -> None:
    for lang in ("zh", "en"):
        dictionary = pd.read_csv(public / f"dictionary.{lang}.csv")
        package = json.loads((public / "datapackage.json").read_text(encoding="utf-8"))
        fields = sum(len(resource["schema"]["fields"]) for resource in package["resources"])
        assert len(dictionary) == fields
        assert dictionary.notna().all().all()


def test_csv_and_parquet_say_the_same(public: Path) -> None:
    for file in public.glob("outcomes_by_*.csv"):
        text, table = read(file), pd.read_parquet(file.with_suffix(".parquet"))
        for name in (*PUBLISHED, *ENROLLED):
            written = pd.to_numeric(text[name].replace({HIDDEN: "", "": None}))
            assert np.allclose(written, table[name].astype(float), equal_nan=True), (file.name, name)
            assert [name in hidden for hidden in table["hidden"]] == (text[name] == HIDDEN).tolist()


def test_no_small_number_and_no_rate_on_few_is_shown_anywhere(public: Path) -> None:
    for level in LEVELS:
        rows = read(public / f"outcomes_by_{level}.csv").replace({HIDDEN: None, "": None})
        for name in (*PUBLISHED, *ENROLLED):
            assert not (pd.to_numeric(rows[name]) < BELOW).any(), (level, name)
        for rate, (numerator, denominator) in RATES.items():
            shown = rows[rows[rate].notna()]
            assert (pd.to_numeric(shown[denominator]) >= LEAST_COHORT).all()
            quotient = pd.to_numeric(shown[numerator]) / pd.to_numeric(shown[denominator])
            assert np.allclose(pd.to_numeric(shown[rate]), quotient, atol=1e-6)


def test_an_attacker_with_all_files_cannot_work_out_a_hidden_number(public: Path, sample_run: DistrictRun) -> None:
    """What the files show, read back from them, is all that the attack is given."""
    settings = Settings(warehouse=sample_run.warehouse)
    _, counts = read_public(settings, Path("/nowhere"), 2024)
    cells = counts.cells
    shown: dict[str, float] = {}
    for level in LEVELS:
        rows = read(public / f"outcomes_by_{level}.csv")
        for row in rows.to_dict("records"):
            for name in (*PUBLISHED, *ENROLLED):
                if row[name] not in ("", HIDDEN):
                    keys = (row.get("school_id", ""), row.get("program_code", ""))
                    category = row.get("category", "")
                    shown["|".join((level, *keys, category, row["year"], name))] = float(row[name])
    ratios = read(public / "supply_demand_by_program.csv")
    told = set(zip(ratios["program_code"], ratios["year"], strict=True))
    assert told
    known = cells.set_index("cell")["value"]
    assert set(shown) <= set(known.index)
    assert all(abs(known[cell] - value) < 1e-6 for cell, value in shown.items())
    protected = cells[cells["most"].notna()]
    assert len(protected) > 10
    ranges = attack(cells, counts.relations, ~cells["cell"].isin(shown)).set_index("cell")
    for cell in protected.to_dict("records"):
        low, high = ranges.loc[cell["cell"], ["low", "high"]]
        assert low <= cell["least"] + 1e-6, cell
        assert high >= cell["most"] - 1e-6, cell
    assert set(shown) == set(cells.loc[cells["status"] == SHOWN, "cell"])


def test_openings_beside_a_hidden_number_of_graduates_are_hidden_for_all_that_share_them(public: Path) -> None:
    rows = read(public / "supply_demand_by_program.csv")
    hidden = rows[rows["graduates"] == HIDDEN]
    assert (hidden["allotted_openings"].isin([HIDDEN, ""])).all()


def test_only_final_decisions_are_public(public: Path, sample_run: DistrictRun) -> None:
    assert read(public / "warned_programs.csv").empty
    with duckdb.connect(str(sample_run.warehouse), read_only=True) as connection:
        (listed,) = connection.execute(
            "select count(*) from decisions.verdict where rank > 0 and round = 2024"
        ).fetchall()
    assert listed[0] > 0


def test_a_round_that_was_not_decided_is_named(sample_run: DistrictRun, tmp_path: Path) -> None:
    printed = duikou(
        "publish", "--public", tmp_path, "--warehouse", sample_run.warehouse, "--round", 1999, "--lang", "en"
    )
    assert printed.returncode == 1
    assert "Round 1999 has not been decided" in printed.stderr
    assert "Traceback" not in printed.stderr
