"""Publications one after the other: a reader who kept the earlier ones works nothing out by comparing."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from pipelines.publication_record import record_file
from pipelines.publish import read_public
from pipelines.settings import Settings
from reports.public_counts import PublicCounts
from tests.attacker import Shown, worked_out
from tests.district import DistrictRun, duikou
from tests.end_to_end.public_files import read_back

# The round before: the verdicts of the round are kept for it too, which spares a second run.
ROUND_BEFORE = (
    "insert into decisions.{0} select * replace (2023 as as_of_round) from decisions.{0} where as_of_round = 2024"
)
# Between the publications: a cohort of 2 that comes late, a small one that was wrong, a school's figures that are taken
# back, and one graduate more in the largest cohort.
CHANGES = (
    """insert into core.outcome select * replace (
        'KZ02' as school_id, 2 as graduates, 2 as employed, 0 as self_employed, 0 as flexible, 0 as further_study,
        0 as enlisted, 0 as unemployed, 0 as unknown, 2 as matched
    ) from core.outcome where school_id = 'KZ01' and cohort_year = 2023
    and program_code not in (select program_code from core.outcome where school_id = 'KZ02')
    order by program_code limit 1""",
    """update core.outcome set graduates = graduates + 12, employed = employed + 12, matched = matched + 12
    where cohort_year = 2023 and graduates = (
        select min(graduates) from core.outcome where cohort_year = 2023 and graduates > 2
    )""",
    "delete from core.outcome where school_id = 'KZ03' and cohort_year = 2023",
    """update core.outcome set graduates = graduates + 1, employed = employed + 1
    where cohort_year = 2023 and graduates = (select max(graduates) from core.outcome where cohort_year = 2023)""",
)


@dataclass(frozen=True)
class Published:
    """What a reader has of one publication, what is true of it, and the warehouse it came from."""

    shown: Shown
    truth: PublicCounts
    warehouse: Path


def published(warehouse: Path, public: Path, year: int) -> Published:
    """Publish with the real command, and keep what it shows before the next one."""
    printed = duikou("publish", "--public", public, "--warehouse", warehouse, "--round", year)
    assert printed.returncode == 0, printed.stderr
    folder = public.with_name(f"kept-{len(list(public.parent.iterdir()))}")
    # Files of other rounds are left as they were: they belong to the publication that wrote them.
    others = [found.name for found in (public / "data").iterdir() if found.name != str(year)]
    shutil.copytree(public, folder, ignore=shutil.ignore_patterns("assets", *others))
    return Published(read_back(folder).counts, read_public(Settings(warehouse=warehouse), year)[1], warehouse)


@pytest.fixture(scope="module")
def rounds(sample_run: DistrictRun, tmp_path_factory: pytest.TempPathFactory) -> list[Published]:
    """The round before, then the round with corrected data of the year before, in one public folder."""
    warehouse = tmp_path_factory.mktemp("warehouse") / "duikou.duckdb"
    public = tmp_path_factory.mktemp("publications") / "public"
    shutil.copy(sample_run.warehouse, warehouse)
    with duckdb.connect(str(warehouse)) as connection:
        for table in ("verdict", "evidence", "fragility", "expansion_point"):
            connection.execute(ROUND_BEFORE.format(table))
    before = published(warehouse, public, 2023)
    with duckdb.connect(str(warehouse)) as connection:
        for change in CHANGES:
            assert connection.execute(change).fetchall()[0][0] > 0, change
    return [before, published(warehouse, public, 2024)]


def test_a_reader_of_two_publications_cannot_work_out_a_hidden_number(rounds: list[Published]) -> None:
    before, after = (one.truth.cells.set_index("cell")["value"] for one in rounds)
    both = before.index.intersection(after.index)
    assert (before[both] != after[both]).sum() > 50, "the publications differ"
    assert worked_out([(one.shown, one.truth) for one in rounds]) == []


def test_without_the_record_of_the_earlier_one_the_reader_could(rounds: list[Published], tmp_path: Path) -> None:
    warehouse = tmp_path / "duikou.duckdb"
    shutil.copy(rounds[-1].warehouse, warehouse)
    forgetful = published(warehouse, tmp_path / "public", 2024)
    found = worked_out([(one.shown, one.truth) for one in (rounds[0], forgetful)])
    assert any(line.startswith("unit|KZ02") and line.endswith("graduates lies within 2 and 2") for line in found), found


def test_a_folder_whose_record_is_gone_is_not_published_to_again(sample_run: DistrictRun, tmp_path: Path) -> None:
    warehouse = tmp_path / "duikou.duckdb"
    shutil.copy(sample_run.warehouse, warehouse)
    earlier = tmp_path / "public" / "data" / "2023" / "datapackage.json"
    earlier.parent.mkdir(parents=True)
    earlier.write_text("{}", encoding="utf-8")
    printed = duikou("publish", "--public", tmp_path / "public", "--warehouse", warehouse, "--lang", "en")
    assert printed.returncode == 1
    assert "Restore the file from a backup" in printed.stderr
    assert "Traceback" not in printed.stderr


def test_a_trial_says_so_and_is_not_recorded(sample_run: DistrictRun, tmp_path: Path) -> None:
    warehouse = tmp_path / "duikou.duckdb"
    shutil.copy(sample_run.warehouse, warehouse)
    printed = duikou("publish", "--public", tmp_path / "public", "--warehouse", warehouse, "--trial")
    assert printed.returncode == 0, printed.stderr
    assert not record_file(Settings(warehouse=warehouse)).exists()
    for page in ("index.html", "en/match.html"):
        assert 'class="trial"' in (tmp_path / "public" / page).read_text(encoding="utf-8")
