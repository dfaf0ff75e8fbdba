"""Personal data planted in files of every kind are in nothing that the commands leave behind or print."""

import shutil
from pathlib import Path

import duckdb
import pytest

from tests.district import ROOT, duikou
from tests.end_to_end.personal_files import IDENTITIES, NAMES, PHONES, PSEUDONYMS, WAGES, found_in, leaks, plant


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder in which every command ran on the sample district with planted files, and what each printed."""
    folder = tmp_path_factory.mktemp("personal")
    shutil.copytree(ROOT / "data" / "raw", folder / "raw")
    plant(folder / "raw")
    warehouse = ("--warehouse", folder / "duikou.duckdb")
    commands = {
        "validate": ("validate", folder / "raw", "--out", folder / "out", *warehouse),
        "run": ("run", folder / "raw", "--out", folder / "out", *warehouse),
        "ledger": ("ledger", "draft", "--round", "2024", *warehouse),
        "explain": ("explain", "云枫", "660103", *warehouse),
        "publish": ("publish", "--public", folder / "public", *warehouse),
        "template": ("template", folder / "forms", "--reference", folder / "duikou.duckdb"),
    }
    printed = {}
    for name, arguments in commands.items():
        finished = duikou(*arguments, cwd=folder)
        printed[name] = finished.stdout + finished.stderr
        assert "Traceback" not in printed[name], printed[name]
    return folder, printed


def test_the_commands_did_their_work(planted: tuple[Path, dict[str, str]]) -> None:
    folder, printed = planted
    assert (folder / "out" / "2024" / "match_report.zh.html").exists(), printed["run"]
    assert (folder / "public" / "index.html").exists(), printed["publish"]
    assert list((folder / "out" / "corrections").rglob("*.xlsx"))
    with duckdb.connect(str(folder / "duikou.duckdb"), read_only=True) as connection:
        kinds = connection.sql("select distinct kind from landed.withheld").fetchall()
        assert {kind for (kind,) in kinds} >= {"name", "identity_number", "phone", "bank_card"}
        assert connection.sql("select sum(counted), sum(refused) from landed.listed").fetchall() == [(32, 8)]
        counts = connection.sql("select graduates from accepted.outcome where cohort_year = 2015 and file like '戊%'")
        assert counts.fetchall() == [(8,)]
        open_rows = "from landed.account where landed <> accepted + quarantined + superseded + non_data"
        assert connection.sql(open_rows).fetchall() == []


def test_nothing_planted_is_printed(planted: tuple[Path, dict[str, str]]) -> None:
    _, printed = planted
    assert {name: found for name, text in printed.items() if (found := found_in(text))} == {}


def test_nothing_planted_is_in_any_file_of_warehouse_documents_corrections_ledger_or_site(
    planted: tuple[Path, dict[str, str]],
) -> None:
    folder, _ = planted
    assert leaks(folder, folder / "raw") == {}


def test_the_search_would_find_what_is_there(planted: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    folder, _ = planted
    found = leaks(folder / "raw", tmp_path)
    assert set.union(*found.values()) >= {*NAMES, *PSEUDONYMS, *WAGES, *IDENTITIES[:8], *PHONES[:8]}
    with duckdb.connect(str(tmp_path / "x.duckdb")) as connection:
        connection.execute("create table t as select ? as name, range from range(5000)", [NAMES[0]])
    assert leaks(tmp_path, folder)
