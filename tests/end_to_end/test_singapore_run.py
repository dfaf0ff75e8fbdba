"""The main job on real input: Singapore's published files through profiles and an example rule-book."""

from pathlib import Path

import duckdb
import pytest

from tests.district import ROOT, duikou

DATA = ROOT.parent / "shared" / "data" / "singapore"
OURS = ROOT / "tests" / "singapore"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="Singapore's files are not beside the repository")


def test_degrees_below_eighty_percent_in_two_consecutive_surveys_are_listed(tmp_path: Path) -> None:
    warehouse = tmp_path / "singapore.duckdb"
    finished = duikou(
        "run", DATA, "--profiles", OURS / "profiles", "--rulebook", OURS / "rulebook.yaml", "--lang", "en",
        "--out", tmp_path, "--warehouse", warehouse,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stdout + finished.stderr
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        listed = connection.sql(
            "select count(distinct unit), count(case when round = 2023 then 1 end)"
            " from decisions.verdict where state = 'listed'"
        ).fetchall()
        series = connection.sql(
            "select count(distinct unit), count_if(rate_only) = count(*)"
            " from marts.indicator where indicator = 'full_time_permanent_rate'"
        ).fetchall()
        years = connection.sql("select count(distinct year) from marts.match_index").fetchall()
    # 68 of 166 series, as an independent reading of the survey finds in tests/singapore; 32 of them in 2023.
    assert listed == [(68, 32)]
    assert series == [(166, True)]
    assert years[0][0] > 5
    report = (tmp_path / "2023" / "match_report.en.html").read_text(encoding="utf-8")
    assert report.count('<details id="ev-unit-') == 32
