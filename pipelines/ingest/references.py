"""What a cell may call a row of another table: ids, names and aliases, and suggestions for what is none of them.

Belongs here: the lookup of `references` columns. Does not belong here: the rest of acceptance.
"""

import duckdb
import pyarrow as pa
from rapidfuzz import fuzz, process

from pipelines.contracts import Column, Contract, contracts
from pipelines.ingest.findings import sql_text
from pipelines.ingest.values import reading

SUGGESTIONS = 3
MOST_LOOKED_UP = 2000  # distinct unknown texts per column for which suggestions are sought
BRACKETS = "（）【】〔〕［］·•・"
PLAIN_BRACKETS = "()()()()"


def key_sql(text: str) -> str:
    """SQL: a name as names are compared: lower case, half-width, one kind of brackets, no blanks, no middle dots."""
    full = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
    half = "".join(chr(code) for code in range(0x21, 0x7F))
    half_width = f"translate({text}, {sql_text(full)}, {sql_text(half)})"
    plain = f"translate({half_width}, {sql_text(BRACKETS)}, {sql_text(PLAIN_BRACKETS)})"
    return f"lower(regexp_replace({plain}, '[\\s\\x{{a0}}\\x{{3000}}]', '', 'g'))"


def named_table_sql(contract: Contract, column: Column) -> str:
    """SELECT with one row per text found in a column: found, known as (id) and whether several share it (shared).

    Every text is looked up once, however often it occurs.
    """
    assert column.references is not None
    return (
        f'with texts as (select distinct "{column.name}" as x_{column.name} from landed.{contract.table}),'
        f" tidied as (select *, {reading(column).text} as t_{column.name} from texts),"
        f" identity as ({identity_table_sql(contracts()[column.references])})"
        f" select x_{column.name} as found, t_{column.name} as tidied, id, shared"
        f" from tidied left join identity on key = {key_sql(f't_{column.name}')}"
    )


def identity_table_sql(contract: Contract) -> str:
    """SELECT with one row per key under which a row of `contract` may be named: key, id, shared.

    An id stands before a name; among names the contract's `prefer` decides. `shared` is true where a name is left
    with several ids, and id is then NULL.
    """
    identity = contract.identity
    assert identity is not None, f"{contract.table} is referenced but has no identity"
    table = f"accepted.{contract.table}"
    choices = [
        f"select {key_sql(identity.id)} as key, {identity.id} as id, 0 as rank, 0::double as preference from {table}"
    ]
    for rank, name in enumerate(identity.names, start=1):
        source = f"unnest({name})" if contract.column(name).type == "list" else f'"{name}"'
        choices.append(
            f"select {key_sql('name')}, id, {rank}, preference from (select {source} as name, {identity.id} as id,"
            f" ({identity.prefer})::double as preference from {table})"
        )
    return (
        "select key, case when count(distinct id) = 1 then min(id) end as id, count(distinct id) > 1 as shared"
        f" from (select * from ({' union all '.join(choices)}) where key <> ''"
        " qualify rank() over (partition by key order by rank, preference) = 1) group by key"
    )


def suggest(connection: duckdb.DuckDBPyConnection, unknown: list[str], referenced: Contract) -> pa.Table:
    """For every unknown text the entries of `referenced` that look most like it.

    Columns: found, suggestions (「name（id）」 joined by 、, best first; empty where nothing looks alike).
    """
    identity = referenced.identity
    assert identity is not None
    spellings = [
        f"unnest({name})" if referenced.column(name).type == "list" else f'"{name}"' for name in identity.names
    ]
    table = f"accepted.{referenced.table}"
    rows = connection.execute(
        " union ".join(
            f'select {text}::varchar as spelling, "{identity.names[0]}", {identity.id} from {table}'
            for text in [*spellings, identity.id]
        )
        + " order by all"
    ).fetchall()
    choices = [spelling for spelling, _, _ in rows]
    labels = [f"{name}（{code}）" for _, name, code in rows]
    found, suggestions = [], []
    for text in unknown[:MOST_LOOKED_UP]:
        hits = process.extract(text, choices, scorer=fuzz.WRatio, limit=2 * SUGGESTIONS, score_cutoff=50)
        best = list(dict.fromkeys(labels[index] for _, _, index in hits))[:SUGGESTIONS]
        found.append(text)
        suggestions.append("、".join(best))
    return pa.table({"found": pa.array(found, pa.string()), "suggestions": pa.array(suggestions, pa.string())})
