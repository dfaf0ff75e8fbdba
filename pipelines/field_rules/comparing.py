"""The rules of the field evaluated: findings by cell, rows that a rule refuses put into quarantine.

Belongs here: evaluating `field_rules` on all accepted rows at once, by SQL made from the declarations.
Does not belong here: what the rules say (`rules.yaml`), judging single rows (`pipelines.ingest`).
"""

from string import Formatter

import duckdb

from pipelines.contracts import Contract, contracts
from pipelines.field_rules import FieldRule, FieldRules, field_rules
from pipelines.ingest.findings import sql_text

DIGITS = 9
MOST_ROWS = 200_000  # of larger tables so many compared rows, evenly spread, are kept for the expectations
TABLES = {
    "field_rule": "rule varchar, contract varchar, severity varchar, compared bigint, broken bigint",
    "compared": "rule varchar, row_id varchar, measure double",
}


def compare(connection: duckdb.DuckDBPyConnection, rules: FieldRules | None = None) -> None:
    """Evaluate all rules on the accepted rows, and write findings, checks.field_rule and checks.compared anew.

    checks.field_rule: one row per rule with how many rows it compared and how many break it. checks.compared: the
    measures, for a second reading. Needs accepted.*, core.program_lineage and landed.*. A second call gives the same.
    """
    rules = rules or field_rules()
    connection.execute("create schema if not exists checks")
    take_back(connection, rules)
    for name, columns in TABLES.items():
        connection.execute(f"create or replace table checks.{name} ({columns})")
    for rule in rules.rules:
        relations = ", ".join(f"{name} as ({sql})" for name, sql in rules.relations.items())
        # Rounded, so that a change of exactly 30 points is not one of 30.000000000000004.
        measure = f"round({rule.measure}::double, {DIGITS}) as {rule.measure}"
        connection.execute(
            f"create or replace temp table compared_rows as with {relations} select * replace ({measure})"
            f" from ({rule.sql})"
        )
        keep_measures(connection, rule)
        connection.execute(findings_sql(rule))
    connection.execute("drop table if exists temp.compared_rows")
    for table in rules.tables:
        refuse(connection, contracts()[table], [rule.name for rule in rules.rules if rule.severity == "refuse"])


def keep_measures(connection: duckdb.DuckDBPyConnection, rule: FieldRule) -> None:
    """Count the compared rows and those that break the rule, and keep the measures."""
    name = sql_text(rule.name)
    connection.execute(
        f"insert into checks.field_rule select {name}, {sql_text(rule.table)}, {sql_text(rule.severity)},"
        f" count({rule.measure}), count(*) filter (not ({rule.holds})) from compared_rows"
    )
    connection.execute(
        f"insert into checks.compared select {name}, row_id, {rule.measure} from compared_rows"
        f" where {rule.measure} is not null order by hash(row_id) limit {MOST_ROWS}"
    )


def findings_sql(rule: FieldRule) -> str:
    """The statement that writes one finding per compared row that breaks the rule."""
    found = " ".join(f'when {sql_text(name)} then landed."{name}"' for name in rule.columns)
    zh, en = (worded(rule, lang) for lang in ("zh", "en"))
    return (
        "insert into quarantine.finding by name with broken as (select * from compared_rows"
        f" where not ({rule.holds})), placed as (select broken.*, landed.file as in_file, landed.sheet as in_sheet,"
        f" case broken.column_name {found} end as found,"
        " coalesce(map.cell, map.letter || landed.row_number, 'A' || landed.row_number) as in_cell"
        f" from broken join landed.{rule.table} as landed using (row_id) left join landed.column_map as map"
        f" on map.contract = {sql_text(rule.table)} and map.file_digest = landed.file_digest"
        " and map.sheet = landed.sheet and map.column_name = broken.column_name"
        " and landed.row_number between map.first_row and map.last_row"
        " and right(row_id, length(map.part)) = map.part)"
        f" select row_id, in_file as file, in_sheet as sheet, in_cell as cell, {sql_text(rule.table)} as contract,"
        f" column_name, {sql_text(rule.name)} as rule, {sql_text(rule.severity)} as severity, found,"
        f" {sql_text(rule.title.zh)} as expected_zh, {sql_text(rule.title.en)} as expected_en,"
        " in_file || if(in_sheet = '', '', ' 工作表“' || in_sheet || '”') || ' ' || in_cell || '：' ||"
        f" {zh} as message_zh,"
        " in_file || if(in_sheet = '', '', ', sheet “' || in_sheet || '”') || ', ' || in_cell || ': ' ||"
        f" {en} as message_en from placed"
    )


def worded(rule: FieldRule, lang: str) -> str:
    """SQL of the rule's text with the row's values in it."""
    parts = []
    for literal, name, spec, _ in Formatter().parse(rule.text.in_language(lang)):
        if literal:
            parts.append(sql_text(literal))
        if name:
            parts.append(shown(repr(rule.values[name]) if name in rule.values else name, spec or ""))
    return " || ".join(parts)


def shown(value: str, spec: str) -> str:
    """SQL of a value as people write it: as it is, a number, a fraction as a percentage, a difference in points."""
    if spec == "percent":
        return f"coalesce(format('{{:.1f}} %', 100 * ({value})::double), '–')"
    if spec == "points":
        return f"coalesce(format('{{:+.1f}}', 100 * ({value})::double), '–')"
    if spec == "number":
        return f"coalesce(regexp_replace(format('{{:,.2f}}', ({value})::double), '\\.?0+$', ''), '–')"
    return f"coalesce(({value})::varchar, '–')"


def refuse(connection: duckdb.DuckDBPyConnection, contract: Contract, rules: list[str]) -> None:
    """Move the rows of a contract that break one of the refusing rules from accepted to quarantine."""
    if not rules:
        return
    table = contract.table
    broken = (
        f"(select row_id from quarantine.finding where contract = {sql_text(table)} "
        f" and rule in ({', '.join(map(sql_text, rules))}))"
    )
    cells = ", ".join(f"'{column.name}', landed.\"{column.name}\"" for column in contract.columns)
    connection.execute(
        "insert into quarantine.row select row_id, file_digest, file, sheet, row_number,"
        f" {sql_text(table)}, json_object({cells}) from landed.{table} as landed where row_id in {broken}"
    )
    connection.execute(f"insert into quarantine.{table} by name from accepted.{table} where row_id in {broken}")
    connection.execute(f"delete from accepted.{table} where row_id in {broken}")


def take_back(connection: duckdb.DuckDBPyConnection, rules: FieldRules) -> None:
    """Undo what an earlier evaluation did: its findings go, and rows that only such a rule refused are accepted."""
    names = [rule.name for rule in rules.rules]
    if connection.execute("from duckdb_tables() where schema_name = 'checks' and table_name = 'field_rule'").fetchall():
        names += [name for (name,) in connection.execute("select rule from checks.field_rule").fetchall()]
    earlier = f"rule in ({', '.join(sql_text(name) for name in dict.fromkeys(names))})"
    for table in rules.tables:
        refused = (
            f"(select row_id from quarantine.finding where contract = {sql_text(table)}"
            f" and severity = 'refuse' and {earlier})"
        )
        connection.execute(f"insert into accepted.{table} by name from quarantine.{table} where row_id in {refused}")
        connection.execute(f"delete from quarantine.{table} where row_id in {refused}")
        connection.execute(f"delete from quarantine.row where contract = {sql_text(table)} and row_id in {refused}")
    connection.execute(f"delete from quarantine.finding where {earlier}")


def unrefused(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """By contract, how many rows are accepted although a rule of the field refuses them; there should be none."""
    found = {}
    for table in field_rules().tables:
        ((rows,),) = connection.execute(
            f"select count(*) from accepted.{table} where row_id in (select row_id from quarantine.finding"
            " where severity = 'refuse' and rule in (select rule from checks.field_rule))"
        ).fetchall()
        found[table] = rows
    return found
