"""A source profile applied to the cells of one sheet: the tables that it makes of them.

Belongs here: finding the profile's header in the sheet, and the SQL for its cleaning, filters and long form.
Does not belong here: what a profile may say (`profiles`), writing rows (`table_rows`).
"""

import re
from dataclasses import replace

import duckdb

from pipelines.ingest.findings import sql_text
from pipelines.ingest.grid import HEAD_ROWS, Rows, column_letter, fetch, shape
from pipelines.ingest.headers import header_key
from pipelines.ingest.profiles import ColumnSource, Filter, Output, SourceProfile
from pipelines.ingest.tables import Refusal, Table
from pipelines.ingest.units import unit_key


def profiled_tables(connection: duckdb.DuckDBPyConnection, raw: str, profile: SourceProfile) -> list[Table]:
    """The tables that a profile makes of the sheet in `raw`, all over the same rows; one that fits nothing (contract
    "", with the headers looked for in its refusal) when the profile's headers are not there."""
    width, height = shape(connection, raw)
    rows = fetch(connection, raw, f"rowid < {max(HEAD_ROWS, profile.header_row or 0)}")
    wanted = {header_key(header) for header in headers_of(profile)}
    header = header_row(rows, profile, wanted)
    if header is None:
        best = max(rows, key=lambda row: len(wanted & keys_of(rows[row])), default=0)
        absent = sorted(name for name in headers_of(profile) if header_key(name) not in keys_of(rows.get(best, [])))
        return [Table("", 0, 0, -1, height - 1, range(width), refusal=Refusal("missing_header", "、".join(absent)))]
    places = {header_key(cell): number for number, cell in reversed(list(enumerate(rows[header]))) if cell}
    texts = {number: " ".join((rows[header][number] or "").split()) for number in range(width)}
    span = (0, header, header, height - 1, range(width))
    found = [output_tables(profile, output, span, places, texts) for output in profile.outputs]
    if not all(found):
        absent = [output.wide_to_long.headers for output in profile.outputs if output.wide_to_long]
        return [Table("", 0, 0, -1, height - 1, range(width), refusal=Refusal("missing_header", "、".join(absent)))]
    return [table for tables in found for table in tables]


def headers_of(profile: SourceProfile) -> list[str]:
    """All source headers that a profile names."""
    named = [name for output in profile.outputs for source in output.columns.values() for name in source.headers()]
    return list(dict.fromkeys(named + [filter_.header for output in profile.outputs for filter_ in output.filters]))


def keys_of(cells: list[str | None]) -> set[str]:
    """The cells of a row as header keys."""
    return {header_key(cell) for cell in cells if cell}


def header_row(rows: Rows, profile: SourceProfile, wanted: set[str]) -> int | None:
    """The row in which all wanted headers stand: the one the profile names, else the first."""
    candidates = [profile.header_row - 1] if profile.header_row else sorted(rows)
    return next((row for row in candidates if row in rows and wanted <= keys_of(rows[row])), None)


def output_tables(
    profile: SourceProfile,
    output: Output,
    span: tuple[int, int, int, int, range],
    places: dict[str, int],
    texts: dict[int, str],
) -> list[Table]:
    """One table, or one per value column where the output turns wide columns into rows."""
    columns = {name: places[header_key(source.header)] for name, source in output.columns.items()}
    cells = {name: cell_sql(source, places) for name, source in output.columns.items()}
    units = {name: unit_key(source.unit) for name, source in output.columns.items() if source.unit}
    apart = tuple((filter_sql(filter_, places[header_key(filter_.header)]), "filtered") for filter_ in output.filters)
    suffix = f":{output.contract}" if len(profile.outputs) > 1 else ""

    table = Table(
        output.contract,
        *span,
        columns=columns,
        headers={name: texts[number] for name, number in columns.items()},
        units=units,
        cells=cells | {name: sql_text(text) for name, text in output.constants.items()},
        part=suffix,
        apart=apart,
        distinct=output.distinct,
    )
    wide = output.wide_to_long
    if wide is None:
        return [table]
    if wide.unit:
        units[wide.value_to] = unit_key(wide.unit)
    chosen = [number for number, text in texts.items() if re.fullmatch(wide.headers, text)]
    return [
        replace(
            table,
            columns=columns | {wide.value_to: number},
            headers=table.headers | {wide.value_to: texts[number]},
            cells=table.cells | {wide.header_to: sql_text(texts[number])},
            places={wide.header_to: f"{column_letter(number)}{table.header_last + 1}"},
            part=f":{output.contract}:{column_letter(number)}",
            leads=place == 0,
        )
        for place, number in enumerate(chosen)
    ]


def cell_sql(source: ColumnSource, places: dict[str, int]) -> str:
    """SQL of a cell's text after the profile's cleaning, translation, prefix and what follows; a blank cell stays NULL.

    `places` has the number of each column by its header key.
    """
    number = places[header_key(source.header)]
    if not (source.clean or source.map or source.prefix or source.otherwise or source.followed_by):
        return f"c{number}"
    text = rf"nullif(trim(regexp_replace(c{number}, '\s+', ' ', 'g')), '')"
    for step in source.clean:
        text = f"regexp_replace({text}, {sql_text(step.pattern)}, {sql_text(step.by)}, 'g')"
    text = f"trim({text})" if source.clean else text
    if source.map or source.otherwise is not None:
        cases = " ".join(f"when {sql_text(key)} then {sql_text(value)}" for key, value in source.map.items())
        other = text if source.otherwise is None else sql_text(source.otherwise)
        text = f"case {text} {cases} else {other} end" if cases else other
    text = f"{sql_text(source.prefix)} || {text}" if source.prefix else text
    return f"({text}) || ({cell_sql(source.followed_by, places)})" if source.followed_by else text


def filter_sql(filter_: Filter, number: int) -> str:
    """SQL: a row that the filter takes out."""
    text = f"coalesce(trim(c{number}), '')"
    conditions = []
    if filter_.keep:
        conditions.append(f"{text} not in ({', '.join(sql_text(value) for value in filter_.keep)})")
    if filter_.drop:
        conditions.append(f"{text} in ({', '.join(sql_text(value) for value in filter_.drop)})")
    if filter_.drop_matching:
        conditions.append(f"regexp_full_match({text}, {sql_text(filter_.drop_matching)})")
    return f"({' or '.join(conditions) or 'false'})"
