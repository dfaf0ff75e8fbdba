"""The record of what has been published: all public cells of all publications, hidden ones too, with their values.

Belongs here: keeping and reading the record. Does not belong here: what is public (`reports.public_counts`), how
publications are compared (`reports.public_history`).

The record is a DuckDB file of its own beside the warehouse and the ledger. It is internal, as it holds what the public
may not see. Without it nobody can tell what follows from two publications together; so a folder that holds an earlier
publication is not written to when the record is gone.
"""

from pathlib import Path

import duckdb

from pipelines.problems import Problem
from pipelines.settings import Settings
from reports.public_history import PublicCells

CELLS = (
    "id", "version", "level", "school_id", "program_code", "category", "year", "variable", "value", "cell", "least",
    "most", "cost", "ceiling", "status", "shown",
)  # fmt: skip
RELATIONS = ("relation", "cell", "coefficient")


def record_file(settings: Settings) -> Path:
    """Where the record is."""
    return settings.warehouse.with_name(settings.warehouse.stem + ".public.duckdb")


def read_record(settings: Settings, public: Path) -> PublicCells | None:
    """The cells of all earlier publications; None before the first.

    Raises Problem when `public` holds a publication but there is no record.
    """
    file = record_file(settings)
    if not file.exists():
        if any((public / "data").glob("*/datapackage.json")):
            raise Problem(
                f"{public} 中已有公开的内容，但登记文件 {file} 不在了；没有它就无法防止有人比较先后两次公开的数字。"
                "请从备份恢复该文件；确实无法恢复时，请公开到一个空文件夹。",
                f"{public} holds a publication, but its record {file} is gone; without it nobody can keep readers from"
                " comparing the numbers of two publications. Restore the file from a backup; where there is none,"
                " publish to an empty folder.",
            )
        return None
    with duckdb.connect(str(file), read_only=True) as connection:
        cells = connection.sql(f"select {', '.join(CELLS)} from cell").df()
        relations = connection.sql(f"select {', '.join(RELATIONS)} from relation").df()
    return PublicCells(cells, relations)


def write_record(settings: Settings, found: PublicCells) -> Path:
    """Replace the record, in one step, by one that holds this publication too."""
    file = record_file(settings)
    new = file.with_name(file.name + ".new")
    new.unlink(missing_ok=True)
    with duckdb.connect(str(new)) as connection:
        for name, columns, rows in (("cell", CELLS, found.cells), ("relation", RELATIONS, found.relations)):
            connection.register("rows", rows[list(columns)])
            connection.execute(f"create table {name} as from rows")
            connection.unregister("rows")
    new.replace(file)
    return file
