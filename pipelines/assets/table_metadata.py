"""What the Dagster UI shows of a table: its description and place, rows, columns, the first rows."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import dagster as dg
import duckdb

from pipelines.assets import OWNERS
from pipelines.warehouse.rows import only_row
from reports.visible_text import visible

PREVIEW_ROWS = 5
WORD_JOINER = "\u2060"  # invisible; keeps an address from being made into a link


def mart_specs(tables: Iterable[str], upstream: Iterable[str], descriptions: Mapping[str, str]) -> list[dg.AssetSpec]:
    """The assets of marts ("schema.name") that Python builds together, all from the same upstream tables."""
    deps = [name.split(".") for name in upstream]
    return [
        dg.AssetSpec(
            table.split("."),
            deps=deps,
            group_name="marts",
            description=descriptions[table],
            kinds={"duckdb", "python"},
            owners=OWNERS,
        )
        for table in tables
    ]


def table_metadata(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, Any]:
    """Row count, column schema and the first rows of `table` ("schema.name") as Dagster metadata."""
    relation = connection.table(table)
    (rows,) = only_row(connection, f"select count(*) from {table}")
    columns = list(zip(relation.columns, relation.types, strict=True))
    return {
        "dagster/row_count": rows,
        "dagster/table_name": table,
        "dagster/column_schema": dg.TableSchema([dg.TableColumn(name, str(kind)) for name, kind in columns]),
        "preview": markdown_table(relation.columns, relation.limit(PREVIEW_ROWS).fetchall()),
    }


def markdown_table(header: list[str], rows: list[tuple[Any, ...]]) -> dg.MarkdownMetadataValue:
    """Rows as a Markdown table; what files brought in stays text."""
    cells = [[markdown_text("" if value is None else value) for value in line] for line in (header, *rows)]
    lines = [cells[0], ["---"] * len(header), *cells[1:]]
    return dg.MetadataValue.md("\n".join(f"| {' | '.join(line)} |" for line in lines))


def markdown_text(value: object) -> str:
    """A value in which Markdown finds nothing: no table cell, tag, link, picture, formatting or bare address."""
    text = re.sub(r"\s", " ", visible(str(value)))
    text = re.sub(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?=@)", WORD_JOINER, text, flags=re.IGNORECASE)
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def markdown_bars(counts: dict[str, float]) -> dg.MarkdownMetadataValue:
    """Amounts by name as a bar chart in text, longest bar 30 characters."""
    longest = max(counts.values(), default=0) or 1
    rows = [(name, f"{amount:g}", "█" * round(30 * amount / longest)) for name, amount in counts.items()]
    return markdown_table(["", "n", ""], rows)
