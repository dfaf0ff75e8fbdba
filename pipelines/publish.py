"""`duikou publish`: from the warehouse to the folder that the public sees.

Belongs here: reading the tables, and the order in which things are written. Does not belong here: what must be hidden
(`reports.public_counts`), what was published before (`publication_record`), how it is written (`reports.open_data`,
`reports.public_site`).
"""

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from models.disclosure import UNPROTECTED
from pipelines.documents import read_round_tables
from pipelines.problems import Problem
from pipelines.public_fields import made_of
from pipelines.publication_record import read_record, record_file, write_record
from pipelines.run import check_warehouse, only_writer
from pipelines.settings import Settings
from reports import open_data, public_site
from reports.public_counts import PublicCounts, public_counts
from reports.public_history import PublicCells
from reports.public_match import sector_weights
from reports.round_tables import RoundTables


@dataclass(frozen=True)
class Published:
    """What was written, and the cells that should be hidden but were shown before."""

    files: list[Path]
    unprotected: list[str]


def publish(settings: Settings, public: Path, round_year: int | None, publication: open_data.Publication) -> Published:
    """Write the public files of one round below `public`/data/<round>; Problem when the round was not decided.

    What is shown is recorded before it is written, so that a broken run never shows more than is recorded; a trial is
    not recorded.
    """
    with only_writer(record_file(settings)):
        tables, counts = read_public(settings, round_year, read_record(settings, public))
        if not publication.publisher:
            publication = replace(publication, publisher=tables.rulebook.authority.zh)
        if not publication.trial:
            write_record(settings, counts)
        resources = open_data.resources(tables, counts)
        folder = public / "data" / str(tables.round)
        files = open_data.write(resources, folder, tables.round, publication, made_of())
        pages = public_site.write(tables, resources, public, publication)
    unprotected = counts.cells.loc[counts.cells["status"] == UNPROTECTED, "id"]
    return Published([*pages[:1], *files], sorted(unprotected))


def read_public(
    settings: Settings, round_year: int | None, earlier: PublicCells | None = None
) -> tuple[RoundTables, PublicCounts]:
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
    return tables, public_counts(outcome, enrollment, tables.frame("marts.unit"), sector_weights(tables), earlier)


ROUNDS = "select distinct as_of_round from decisions.verdict order by 1"
