"""`duikou publish`: the open data are valid, match the warehouse, and give no small number away."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import lxml.html
import numpy as np
import pandas as pd
import pytest

from pipelines.contracts import contracts
from pipelines.documents import read_round_tables
from pipelines.public_fields import MADE_OF
from pipelines.publish import read_public
from pipelines.settings import Settings
from reports.open_data import HIDDEN, warned_final
from reports.public_counts import BELOW, ENROLLED, LEAST_COHORT, PUBLISHED, RATES, REST, PublicCounts
from tests.attacker import worked_out
from tests.district import DistrictRun, duikou
from tests.end_to_end.public_files import LEVELS, read, read_back


@pytest.fixture(scope="module")
def public(sample_run: DistrictRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public folder of the sample district, written by the real command."""
    folder = tmp_path_factory.mktemp("public")
    warehouse = tmp_path_factory.mktemp("warehouse") / "duikou.duckdb"
    warehouse.write_bytes(sample_run.warehouse.read_bytes())
    printed = duikou("publish", "--public", folder, "--warehouse", warehouse, "--contact", "office@example.invalid")
    assert printed.returncode == 0, printed.stderr
    return folder / "data" / "2024"


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
        assert set(dictionary.iloc[:, 2]) <= set(MADE_OF)
        graduates = dictionary[dictionary.iloc[:, 2] == "graduates"].iloc[0, -1]
        column = contracts()["outcome"].column("graduates")
        assert getattr(column.title, lang) in graduates


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


@pytest.fixture(scope="module")
def counts(sample_run: DistrictRun) -> PublicCounts:
    """What is true, and how it adds up."""
    return read_public(Settings(warehouse=sample_run.warehouse), 2024)[1]


def test_an_attacker_with_all_files_and_pages_cannot_work_out_a_hidden_number(
    public: Path, counts: PublicCounts
) -> None:
    seen = read_back(public.parents[1])
    assert len(seen.counts) > 3000
    assert sum(cell.startswith("unit") for cell in seen.rates) > 300
    assert {"zh/match.html", "en/match.html", "zh/supply_demand.html"} <= set(seen.charts)
    assert (counts.cells["most"].notna() & (counts.cells["cost"] == 0)).sum() > 100, "differences are protected too"
    assert worked_out([(seen.counts, counts)]) == []


def test_every_rate_of_a_page_follows_from_published_counts_or_is_a_bound_that_the_attack_knows(
    public: Path, counts: PublicCounts
) -> None:
    seen = read_back(public.parents[1])
    cells = counts.cells.set_index("cell")
    for cell, said in seen.rates.items():
        place, name = cell.rsplit("|", 1)
        numerator, denominator = (f"{place}|{part}" for part in RATES[name])
        if said.startswith("≥"):
            bound = float(said.strip("≥ %")) / 100
            assert cells.loc[f"{place}|{REST[name]}", "ceiling"] <= (1 - bound) * cells.loc[denominator, "value"] + 1e-6
        else:
            assert {numerator, denominator} <= set(seen.counts), cell
            share = cells.loc[numerator, "value"] / cells.loc[denominator, "value"]
            assert float(said.strip(" %")) / 100 == pytest.approx(share, abs=0.00051)


def test_every_number_of_a_chart_stands_in_a_published_table(public: Path) -> None:
    seen = read_back(public.parents[1])
    published: set[float] = set()
    for file in public.glob("*.csv"):
        if not file.name.startswith("dictionary"):
            for values in read(file).to_dict("list").values():
                numbers = pd.to_numeric(pd.Series(values), errors="coerce").dropna()
                published |= {round(float(number), 6) for number in numbers}
    for page, numbers in seen.charts.items():
        assert numbers, page
        assert {round(number, 6) for number in numbers} <= published, page


def plant(public: Path, folder: Path) -> Path:
    """A copy of the public folder."""
    shutil.copytree(public.parents[1], folder, ignore=shutil.ignore_patterns("assets"))
    return folder


def test_the_attack_finds_a_leak_in_a_table(public: Path, counts: PublicCounts, tmp_path: Path) -> None:
    leaking = plant(public, tmp_path / "leaking")
    file = leaking / "data" / "2024" / "outcomes_by_unit.csv"
    rows, known = read(file), counts.cells.set_index("cell")
    # The rest of one cohort is too small to be told; somebody shows its numerator all the same.
    small = known[(known["level"] == "unit") & (known["variable"] == "unmatched") & known["most"].notna()].iloc[-1]
    row = (rows["school_id"] == small["school_id"]) & (rows["program_code"] == small["program_code"])
    row &= rows["year"] == str(small["year"])
    place = small.name.rsplit("|", 1)[0]
    for name in ("employed", "matched"):
        rows.loc[row, name] = str(int(known.loc[f"{place}|{name}", "value"]))
    rows.to_csv(file, index=False)
    found = worked_out([(read_back(leaking).counts, counts)])
    assert any(small.name in line for line in found), found[:5]


def test_the_attack_finds_a_leak_on_a_page(public: Path, counts: PublicCounts, tmp_path: Path) -> None:
    leaking = plant(public, tmp_path / "leaking")
    known = counts.cells.set_index("cell")
    on_pages = {"graduates": 2, "registered": 6, "in_school": 7}  # columns of the table of schools
    small = known[(known["level"] == "unit") & known["variable"].isin(on_pages) & known["most"].notna()].iloc[-1]
    file = leaking / "program" / f"{small['program_code']}.html"
    page = lxml.html.parse(str(file))
    for line in page.iter("tr"):
        links, cells = [link.get("href") for link in line.iter("a")], list(line)
        if f"../school/{small['school_id']}.html" in links and cells[1].text_content() == str(small["year"]):
            cells[on_pages[small["variable"]]].text = str(int(small["value"]))
    page.write(str(file), encoding="utf-8", method="html")
    assert f"{small.name} is shown" in worked_out([(read_back(leaking).counts, counts)])


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


def test_of_final_and_draft_decisions_the_final_ones_alone_are_public(sample_run: DistrictRun) -> None:
    settings = Settings(warehouse=sample_run.warehouse)
    with duckdb.connect(str(sample_run.warehouse), read_only=True) as connection:
        tables = read_round_tables(connection, settings.rulebook, settings.ledger_file, 2024)
    listed = tables.frame("decisions.verdict").query("round == 2024 and rank > 0")[["unit", "state"]].head(3)
    empty = dict.fromkeys(("superseded_state", "superseded_on", "reason"))
    standing = listed.assign(stage=["final", "draft", "final"], recorded_on="2025-03-01", **empty)
    found = warned_final(replace(tables, frames=tables.frames | {"ledger.standing": standing}))
    units = set(found["school_id"] + "-" + found["program_code"])
    assert units == set(standing.loc[standing["stage"] == "final", "unit"])
    assert not {"numerator", "denominator", "value"} & set(found.columns), "a decision is told without numbers"


def test_a_round_that_was_not_decided_is_named(sample_run: DistrictRun, tmp_path: Path) -> None:
    warehouse = tmp_path / "duikou.duckdb"
    warehouse.write_bytes(sample_run.warehouse.read_bytes())
    printed = duikou("publish", "--public", tmp_path, "--warehouse", warehouse, "--round", 1999, "--lang", "en")
    assert printed.returncode == 1
    assert "Round 1999 has not been decided" in printed.stderr
    assert "Traceback" not in printed.stderr
