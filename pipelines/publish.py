"""`duikou publish`: from the warehouse to the folder that the public sees.

Belongs here: reading the tables, and what earlier rounds have shown already. Does not belong here: what must be hidden
(`reports.public_counts`) and how it is written
(`reports.open_data`, `reports.public_site`).
"""

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from models.disclosure import SHOWN, UNPROTECTED
from pipelines.documents import read_round_tables
from pipelines.problems import Problem
from pipelines.run import check_warehouse
from pipelines.settings import Settings
from reports import open_data, public_site
from reports.public_counts import PublicCounts, public_counts
from reports.round_tables import RoundTables

SHOWN_CELLS = "shown_cells.txt"


@dataclass(frozen=True)
class Published:
    """What was written, and the cells that should be hidden but were shown by an earlier round."""

    files: list[Path]
    unprotected: list[str]


def publish(settings: Settings, public: Path, round_year: int | None, publication: open_data.Publication) -> Published:
    """Write the public files of one round below `public`/data/<round>; Problem when the round was not decided."""
    tables, counts = read_public(settings, public, round_year)
    if not publication.publisher:
        publication = replace(publication, publisher=tables.rulebook.authority.zh)
    folder = public / "data" / str(tables.round)
    resources = open_data.resources(tables, counts)
    files = open_data.write(resources, folder, tables.round, publication)
    shown = counts.cells.loc[counts.cells["status"] == SHOWN, "cell"]
    listed = folder / SHOWN_CELLS
    listed.write_text("".join(f"{cell}\n" for cell in sorted(set(shown) | shown_before(folder))), encoding="utf-8")
    unprotected = counts.cells.loc[counts.cells["status"] == UNPROTECTED, "cell"]
    pages = public_site.write(tables, resources, public, publication)
    return Published([*pages[:1], *files, listed], sorted(unprotected))


def read_public(settings: Settings, public: Path, round_year: int | None) -> tuple[RoundTables, PublicCounts]:
    """The frames of one round, and its public counts given what is public already."""
    check_warehouse(settings.warehouse)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        decided = [int(year) for (year,) in connection.execute(ROUNDS).fetchall()]
        chosen = round_year or max(decided, default=0)
        if chosen not in decided:
            raise Problem(
                f"{chosen} 轮还没有判定；已有：{decided}。请先运行 duikou run --round {chosen}。",
                f"Round {chosen} has not been decided; there are {decided}. Run duikou run --round {chosen} first.",
            )
        tables = read_round_tables(connection, settings.rulebook, settings.ledger_file, chosen)
        outcome = connection.execute("from core.outcome where cohort_year <= ?", [chosen]).df()
        enrollment = connection.execute("from core.enrollment where year <= ?", [chosen]).df()
    known = {cell for folder in (public / "data").glob("*") for cell in shown_before(folder)}
    return tables, public_counts(outcome, enrollment, tables.frame("marts.unit"), known)


ROUNDS = "select distinct as_of_round from decisions.verdict order by 1"


def shown_before(folder: Path) -> set[str]:
    """The cells that an earlier publication in this folder has shown."""
    listed = folder / SHOWN_CELLS
    return set(listed.read_text(encoding="utf-8").splitlines()) if listed.is_file() else set()
