"""`duikou ledger`: draft, objections, rulings, final; verified and replayed, on a finished run."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from tests.district import DistrictRun, duikou


@pytest.fixture
def warehouse(sample_run: DistrictRun, tmp_path: Path) -> Path:
    """A copy of the sample district's warehouse, without a ledger."""
    return Path(shutil.copyfile(sample_run.warehouse, tmp_path / "duikou.duckdb"))


def ledger(warehouse: Path, *arguments: object) -> tuple[int, str]:
    """Exit code and what was printed, as one line."""
    done = CliRunner().invoke(app, ["ledger", *map(str, arguments), "--warehouse", str(warehouse)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output.replace("\n", "")


def change(warehouse: Path, sql: str, *, in_ledger: bool = False) -> None:
    file = warehouse.with_name("duikou.ledger.duckdb") if in_ledger else warehouse
    with duckdb.connect(str(file)) as connection:
        connection.execute(sql)


def drafted(warehouse: Path) -> None:
    assert ledger(warehouse, "draft", "--round", 2024, "--on", "2025-01-10")[0] == 0


def made_final(warehouse: Path) -> None:
    drafted(warehouse)
    code, said = ledger(warehouse, "final", "--round", 2024, "--on", "2025-02-20")
    assert code == 0, said


def test_a_round_goes_from_draft_to_final_and_the_ledger_is_intact_and_replays(warehouse: Path) -> None:
    made_final(warehouse)
    code, said = ledger(warehouse, "verify")
    assert (code, "完好" in said) == (0, True)
    code, said = ledger(warehouse, "replay", "--lang", "en")
    assert code == 0
    assert "every one is as recorded" in said


def test_a_late_objection_is_named_and_an_answered_one_too(warehouse: Path) -> None:
    drafted(warehouse)
    _, said = ledger(warehouse, "final", "--round", 2024, "--on", "2025-02-20")
    assert "逾期，不受理" in said
    assert "已裁定" in said


def test_a_round_is_not_final_without_draft_before_the_window_ends_or_with_an_open_objection(warehouse: Path) -> None:
    code, said = ledger(warehouse, "final", "--round", 2024, "--on", "2025-02-20", "--lang", "en")
    assert code == 1
    assert "no draft" in said
    drafted(warehouse)
    code, said = ledger(warehouse, "final", "--round", 2024, "--on", "2025-01-25")
    assert code == 1
    assert "2025-01-25" in said
    change(warehouse, "delete from core.ruling where ruling = 'uphold'")
    code, said = ledger(warehouse, "final", "--round", 2024, "--on", "2025-02-20", "--lang", "en")
    assert code == 1
    assert "KZ04-750101" in said


def test_a_verdict_that_the_school_has_not_seen_does_not_become_final(warehouse: Path) -> None:
    drafted(warehouse)
    change(warehouse, "update marts.indicator set numerator = 1 where unit = 'KZ02-710103' and year = 2024")
    code, said = ledger(warehouse, "final", "--round", 2024, "--on", "2025-02-20", "--lang", "en")
    assert code == 1
    assert "KZ02-710103" in said


def test_recording_the_same_again_adds_nothing(warehouse: Path) -> None:
    made_final(warehouse)
    code, said = ledger(warehouse, "final", "--round", 2024, "--on", "2025-03-01", "--lang", "en")
    assert code == 0
    assert "nothing was recorded" in said


def test_a_final_decision_is_superseded_with_a_reason_and_never_rewritten(warehouse: Path) -> None:
    made_final(warehouse)
    change(
        warehouse,
        "update marts.indicator set numerator = denominator where unit = 'KZ03-640102'"
        " and indicator = 'direct_employment_rate' and year = 2024",
    )
    code, said = ledger(warehouse, "final", "--round", 2024, "--on", "2025-04-01", "--lang", "en")
    assert code == 1
    assert "never rewritten" in said
    code, said = ledger(warehouse, "final", "--round", 2024, "--on", "2025-04-01", "--supersede", "restated by school")
    assert code == 0, said
    with duckdb.connect(str(warehouse.with_name("duikou.ledger.duckdb")), read_only=True) as connection:
        history = connection.execute(
            "select sequence, stage, state, supersedes, content like '%restated by school%' from entry"
            " where unit = 'KZ03-640102' order by sequence"
        ).fetchall()
    first, second, third = history
    assert [row[1:3] for row in history] == [("draft", "notice"), ("final", "notice"), ("final", "normal")]
    assert (second[3], third[3], third[4]) == (first[0], second[0], True)
    assert ledger(warehouse, "verify")[0] == 0
    assert ledger(warehouse, "replay")[0] == 0


def test_a_draft_does_not_follow_a_final_decision(warehouse: Path) -> None:
    made_final(warehouse)
    code, said = ledger(warehouse, "draft", "--round", 2024, "--on", "2025-04-01", "--lang", "en")
    assert code == 1
    assert "no draft can follow" in said


@pytest.mark.parametrize(
    "sql",
    [
        "update entry set state = 'normal' where sequence = 3",
        "update entry set content = replace(content, 'notice', 'normal') where unit = 'KZ03-640102'",
        "delete from entry where sequence = 5",
        "update input set content = 'x'::blob where digest = (select min(digest) from input)",
        "delete from input where digest = (select min(digest) from input)",
        "update manifest set content = replace(content, 'units', 'unit5')",
    ],
)
def test_every_alteration_is_found(warehouse: Path, sql: str) -> None:
    drafted(warehouse)
    change(warehouse, sql, in_ledger=True)
    code, said = ledger(warehouse, "verify")
    assert (code, "改动" in said) == (1, True)


def test_entries_cut_off_the_end_are_found_with_the_published_head(warehouse: Path, tmp_path: Path) -> None:
    drafted(warehouse)
    _, said = ledger(warehouse, "draft", "--round", 2024, "--on", "2025-01-11")
    head = tmp_path / "head.json"
    head.write_text(json.dumps(json.loads(said[said.index("{") : said.index("}") + 1])), encoding="utf-8")
    assert ledger(warehouse, "verify", "--head", head)[0] == 0
    change(warehouse, "delete from entry where sequence = (select max(sequence) from entry)", in_ledger=True)
    assert ledger(warehouse, "verify")[0] == 0
    assert ledger(warehouse, "verify", "--head", head)[0] == 1


def test_a_ledger_that_is_not_there_is_told_plainly(warehouse: Path) -> None:
    code, said = ledger(warehouse, "verify", "--lang", "en")
    assert (code, "There is no ledger" in said) == (1, True)


def test_the_installed_command_verifies_a_ledger(warehouse: Path) -> None:
    drafted(warehouse)
    done = duikou("ledger", "verify", "--warehouse", warehouse)
    assert (done.returncode, "完好" in done.stdout) == (0, True)
