"""`duikou decide`: the mechanism on any long table, from a file to a file."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.district import ROOT, duikou

BOOK = ROOT / "models" / "rulebooks" / "kaizhou.yaml"
ROWS = [("A", year, "direct_employment_rate", "18", "40") for year in (2022, 2023, 2024)]
ROWS += [("=B", year, "direct_employment_rate", "38", "40") for year in (2022, 2023, 2024)]
TABLE = pd.DataFrame(ROWS, columns=["unit", "year", "indicator", "numerator", "denominator"])


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_one_row_per_unit_and_year_with_state_rules_and_evidence(suffix: str, tmp_path: Path) -> None:
    source, out = tmp_path / f"indicators{suffix}", tmp_path / f"verdicts{suffix}"
    if suffix == ".csv":
        TABLE.to_csv(source, index=False)
    else:
        TABLE.astype({"numerator": int, "denominator": int}).to_parquet(source, index=False)
    finished = duikou("decide", source, "--rulebook", BOOK, "--out", out)
    assert finished.returncode == 0, finished.stderr
    found = pd.read_csv(out) if suffix == ".csv" else pd.read_parquet(out)
    assert found[["unit", "year"]].value_counts().max() == 1
    assert len(found) == 6
    states = found[found["unit"] == "A"].sort_values("year")["state"].tolist()
    assert states == ["notice", "reduce", "suspend"]
    last = found[(found["unit"] == "A") & (found["year"] == 2024)].iloc[0]
    assert "direct_employment_low" in json.loads(last["rules_hit"])
    evidence = json.loads(last["evidence"])
    assert {"numerator": 18.0, "denominator": 40.0, "line": 0.6}.items() <= next(
        row for row in evidence if row["rule"] == "direct_employment_low"
    ).items()


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    source = tmp_path / "indicators.csv"
    TABLE.drop(columns="year").to_csv(source, index=False)
    finished = duikou("decide", source, "--rulebook", BOOK, "--out", tmp_path / "out.csv", "--lang", "en")
    assert finished.returncode == 1
    assert "lacks the columns year" in finished.stderr.replace("\n", " ")


def test_values_that_cannot_be_right_are_named(tmp_path: Path) -> None:
    source = tmp_path / "indicators.csv"
    pd.concat([TABLE, TABLE.head(1), TABLE.tail(1).assign(year=2025, numerator="41")]).to_csv(source, index=False)
    finished = duikou("decide", source, "--rulebook", BOOK, "--out", tmp_path / "out.csv", "--lang", "en")
    assert finished.returncode == 0
    printed = finished.stderr.replace("\n", " ")
    assert "several rows for one unit" in printed
    assert "above 100 %" in printed


def test_a_file_that_is_no_table_is_told_without_a_traceback(tmp_path: Path) -> None:
    source = tmp_path / "indicators.parquet"
    source.write_bytes(b"\0\1junk")
    finished = duikou("decide", source, "--rulebook", BOOK, "--out", tmp_path / "out.csv")
    assert finished.returncode == 1
    assert "Traceback" not in finished.stderr


def test_a_wrong_rule_book_is_named_with_its_line(tmp_path: Path) -> None:
    source, book = tmp_path / "indicators.csv", tmp_path / "book.yaml"
    TABLE.to_csv(source, index=False)
    book.write_text(BOOK.read_text(encoding="utf-8").replace("below: 0.60", "beneath: 0.60"), encoding="utf-8")
    finished = duikou("decide", source, "--rulebook", book, "--out", tmp_path / "out.csv")
    assert finished.returncode == 1
    assert "line " in finished.stderr
    assert "beneath" in finished.stderr
