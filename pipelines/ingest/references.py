"""What a cell may call a row of another table: ids, names, aliases and decisions, and suggestions for what is none.

Belongs here: the lookup of `references` columns. Does not belong here: how names are compared (`names`), the rest of
acceptance.
"""

import duckdb
import pyarrow as pa

from pipelines.contracts import Column, Contract, Naming, contracts
from pipelines.ingest.findings import sql_text
from pipelines.ingest.names import Entry, Register, Suggestion
from pipelines.ingest.values import reading, unmarked

MOST_LOOKED_UP = 2000  # distinct unknown texts per column for which suggestions are sought
BRACKETS = "（）【】〔〕［］·•・"
PLAIN_BRACKETS = "()()()()"
SUGGESTION_COLUMNS = {
    "contract": pa.string(),
    "column_name": pa.string(),
    "referenced": pa.string(),
    "found": pa.string(),
    "place": pa.int32(),
    "code": pa.string(),
    "name": pa.string(),
    "score": pa.int32(),
}


def key_sql(text: str) -> str:
    """SQL: a name as names are compared: lower case, half-width, one kind of brackets, no blanks, no middle dots, no
    footnote marks around it."""
    full = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
    half = "".join(chr(code) for code in range(0x21, 0x7F))
    half_width = f"translate({unmarked(text)}, {sql_text(full)}, {sql_text(half)})"
    plain = f"translate({half_width}, {sql_text(BRACKETS)}, {sql_text(PLAIN_BRACKETS)})"
    return f"lower(regexp_replace({plain}, '[\\s\\x{{a0}}\\x{{3000}}]', '', 'g'))"


def look_up(connection: duckdb.DuckDBPyConnection, contract: Contract, column: Column) -> None:
    """Create temp.named_<column>, one row per text found in a column (and per text of its `referring` column).

    Columns: found, referring (as found), chosen (the value of the referring column), tidied, id (what the text is
    known as), shared (several rows are called so), recognised (known only after rewriting by the rules of names.yaml),
    contradicting (a code and a name in one that do not mean the same).
    Every text is looked up once, however often it occurs.
    """
    table = f"named_{column.name}"
    connection.execute(f"create or replace temp table {table} as {named_table_sql(contract, column)}")
    for chosen, referenced in column.refers_to.items():
        where = f"chosen is not distinct from {'null' if chosen is None else sql_text(chosen)}"
        unknown = connection.execute(
            f"select distinct tidied from {table} where id is null and not shared and tidied is not null and {where}"
            " order by 1"
        ).fetchall()
        if not unknown:
            continue
        names = register(connection, contracts()[referenced])
        known = [(text, code) for (text,) in unknown if (code := names.certain(text))]
        if known:
            texts, codes = zip(*known, strict=True)
            connection.register("certain", pa.table({"text": texts, "code": codes}))
            connection.execute(
                f"update {table} set id = code, recognised = true from certain where tidied = text and id is null"
                f" and {where}"
            )
            connection.unregister("certain")
        if contradicting := [text for (text,) in unknown if names.contradiction(text)]:
            connection.execute(
                f"update {table} set contradicting = true where list_contains(?, tidied) and {where}", [contradicting]
            )


def named_table_sql(contract: Contract, column: Column) -> str:
    """SELECT of temp.named_<column> by exact names, before anything is rewritten."""
    name, referring = column.name, column.referring
    texts = f'"{name}" as x_{name}' + (f', "{referring}" as x_{referring}' if referring else "")
    chosen, which = "null::varchar", ""
    if referring:
        choice = reading(contract.column(referring))
        which = f", which as (select *, {choice.text} as t_{referring} from tidied)"
        chosen = choice.value
    tables = " union all ".join(
        f"select *, {'null' if value is None else sql_text(value)}::varchar as of"
        f" from ({identity_table_sql(contracts()[table])})"
        for value, table in column.refers_to.items()
    )
    return (
        f"with texts as (select distinct {texts} from landed.{contract.table}),"
        f" tidied as (select *, {reading(column).text} as t_{name} from texts){which},"
        f" choices as (select *, {chosen} as chosen from {'which' if referring else 'tidied'}),"
        f" identity as ({tables})"
        f" select x_{name} as found, {f'x_{referring}' if referring else 'null::varchar'} as referring, chosen,"
        f" t_{name} as tidied, id, coalesce(shared, false) as shared, false as recognised,"
        " false as contradicting"
        f" from choices left join identity on key = {key_sql(f't_{name}')} and of is not distinct from chosen"
    )


def identity_table_sql(contract: Contract, *, decided: bool = True) -> str:
    """SELECT with one row per key under which a row of `contract` may be named: key, id, shared.

    An id stands before a name, and a decision before a name that several rows have; among names the contract's
    `prefer` decides. `shared` is true where a name is left with several ids, and id is then NULL. Without `decided`
    as if nobody had decided anything.
    """
    identity = contract.identity
    assert identity is not None, f"{contract.table} is referenced but has no identity"
    table = f"accepted.{contract.table}"
    choices = [
        f"select {key_sql(identity.id)} as key, {identity.id} as id, 0 as rank, 0::double as preference from {table}"
    ]
    for naming in identity.also:
        if decided or not naming.decided:
            choices.append(
                f'select {key_sql(naming.name)}, "{naming.id}", {1 if naming.decided else 0}, 0'
                f" from accepted.{naming.table} where {naming.where}"
            )
    for rank, name in enumerate(identity.names, start=2):
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


def contradiction_sql(contract: Contract) -> list[tuple[str, str]]:
    """For a contract of decisions: (column of the name, SQL of the ordinals in temp.judged that contradict).

    A decision contradicts a name that means one other row alone, or another decision about the same name.
    """
    found = []
    for referenced, naming in decisions_in(contract):
        rows = f"(select *, {key_sql(naming.name)} as key from judged where not refused and {naming.where})"
        known = identity_table_sql(referenced, decided=False)
        found.append(
            (
                naming.name,
                f'select ordinal from {rows} join ({known}) using (key) where not shared and id <> "{naming.id}"'
                f' union select ordinal from (select ordinal, min("{naming.id}") over (partition by key)'
                f' <> max("{naming.id}") over (partition by key) as two from {rows}) where two',
            )
        )
    return found


def decisions_in(contract: Contract) -> list[tuple[Contract, Naming]]:
    """The contracts whose names the rows of `contract` decide."""
    return [
        (referenced, naming)
        for referenced in contracts().values()
        for naming in referenced.also
        if naming.decided and naming.table == contract.table
    ]


def register(connection: duckdb.DuckDBPyConnection, referenced: Contract) -> Register:
    """All names of the accepted rows of a table, its further names included; ids are names, too.

    Rows that the contract prefers come first, and so are suggested before others that are as much alike.
    """
    identity = referenced.identity
    assert identity is not None
    main = f'"{identity.names[0]}"'
    table = f"accepted.{referenced.table}"
    spellings = [f"unnest({n})" if referenced.column(n).type == "list" else f'"{n}"' for n in identity.names]
    main_names = (
        f"select {identity.id} as id, arg_min({main}, {identity.prefer}) as name, min({identity.prefer}) as preference"
        f" from {table} group by {identity.id}"
    )
    parts = [f"select {identity.id} as id, {text}::varchar as spelling from {table}" for text in spellings]
    parts += [
        f'select "{naming.id}", "{naming.name}" from accepted.{naming.table} where {naming.where}'
        for naming in identity.also
    ]
    rows = connection.execute(
        f"select distinct preference, id, coalesce(name, ''), spelling from ({' union all '.join(parts)})"
        f" left join ({main_names}) using (id) where spelling is not null order by all nulls last"
    ).fetchall()
    return Register(referenced.table, tuple(Entry(*row) for _, *row in rows))


def candidates(connection: duckdb.DuckDBPyConnection, contract: Contract, columns: list[Column]) -> pa.Table:
    """What unknown and ambiguous names of other tables' rows may mean; columns as in SUGGESTION_COLUMNS.

    `place` 1 is the best. An ambiguous name has all rows that are called so, with score 100; a code that contradicts
    its name the row of the code, then those of the name.
    """
    rows: list[tuple[object, ...]] = []
    for column in columns:
        for chosen, referenced in column.refers_to.items():
            where = f"chosen is not distinct from {'null' if chosen is None else sql_text(chosen)}"
            place = (contract.table, column.name, referenced)
            unknown = connection.execute(
                f"select distinct found, tidied, shared from named_{column.name} semi join troubled"
                f" on found = x_{column.name} where id is null and tidied is not null and {where} order by all"
            ).fetchall()
            if not unknown:
                continue
            names = register(connection, contracts()[referenced])
            rest = [(found, tidied) for found, tidied, shared in unknown if not shared][:MOST_LOOKED_UP]
            contradictions = {found: meant for found, tidied in rest if (meant := names.contradiction(tidied))}
            rest = [(found, tidied) for found, tidied in rest if found not in contradictions]
            alike = names.suggest([tidied for _, tidied in rest])
            rows += numbered(place, contradictions)
            rows += numbered(place, {found: names.called(tidied) for found, tidied, shared in unknown if shared})
            rows += numbered(place, {found: alike[tidied] for found, tidied in rest})
    for referenced_contract, naming in decisions_in(contract):
        texts = connection.execute(
            f"select distinct x_{naming.name} from troubled where q_{naming.name} = 'contradicting_name'"
            f" and {naming.where} order by 1"
        ).fetchall()
        names = register(connection, referenced_contract)
        place = (contract.table, naming.name, referenced_contract.table)
        rows += numbered(place, {text: names.called(text) for (text,) in texts})
    schema = pa.schema(list(SUGGESTION_COLUMNS.items()))
    return pa.Table.from_pylist([dict(zip(SUGGESTION_COLUMNS, row, strict=True)) for row in rows], schema)


def numbered(place: tuple[str, str, str], found: dict[str, list[Suggestion]]) -> list[tuple[object, ...]]:
    """Rows of SUGGESTION_COLUMNS of some texts found at a contract, column and referenced table."""
    return [
        (*place, text, number, suggestion.code, suggestion.name, suggestion.score)
        for text, suggested in found.items()
        for number, suggestion in enumerate(suggested, start=1)
    ]
