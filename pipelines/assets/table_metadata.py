"""What the Dagster UI shows of a table: its description and place, rows, columns, the first rows."""

from collections.abc import Iterable, Mapping
from typing import Any

import dagster as dg
import duckdb

from pipelines.assets import OWNERS
from pipelines.warehouse.rows import only_row

PREVIEW_ROWS = 5


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
    """Rows as a Markdown table; what files brought in stays text (pipes and line breaks are defused)."""

    def cell(value: Any) -> str:
        text = "" if value is None else str(value)
        return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\r", " ").replace("\n", " ")

    lines = [header, ["---"] * len(header), *rows]
    return dg.MetadataValue.md("\n".join("| " + " | ".join(cell(value) for value in line) + " |" for line in lines))


def markdown_bars(counts: dict[str, float]) -> dg.MarkdownMetadataValue:
    """Amounts by name as a bar chart in text, longest bar 30 characters."""
    longest = max(counts.values(), default=0) or 1
    rows = [(name, f"{amount:g}", "█" * round(30 * amount / longest)) for name, amount in counts.items()]
    return markdown_table(["", "n", ""], rows)
