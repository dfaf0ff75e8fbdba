"""Why rows of one contract were refused or flagged: one finding per reason, in words, written by one SQL.

Belongs here: turning what judging found (`acceptance`) into rows of quarantine.finding. Does not belong here: judging.
"""

import duckdb
import pyarrow as pa

from pipelines.contracts import Bilingual, Column, Contract, contracts
from pipelines.ingest.findings import add_finding, rules, sql_text
from pipelines.ingest.names import SAME
from pipelines.ingest.references import candidates

LONGEST_FOUND = 80  # characters of a cell that a message repeats
EXPECTED = {
    "count": Bilingual(zh="整数", en="a whole number"),
    "number": Bilingual(zh="数字", en="a number"),
    "rate": Bilingual(zh="百分数（如 92.5%）", en="a percentage such as 92.5%"),
    "year": Bilingual(zh="四位年份（如 2024）", en="a year of four digits such as 2024"),
    "period": Bilingual(zh="年度或季度（如 2024、2024Q3）", en="a year or quarter such as 2024 or 2024Q3"),
    "date": Bilingual(zh="日期（如 2024-12-31）", en="a date such as 2024-12-31"),
}
CONTENT = Bilingual(zh="内容", en="a value")
CELL = "if(regexp_matches(letter, '[0-9]$'), letter, letter || row_number)"  # a constant has a cell of its own
HINTS = (
    "select column_name, found,"
    f" string_agg(name || '（' || code || if(score < {SAME}, '，相似度 ' || score, '') || '）', '、' order by place)"
    " as hint_zh,"
    f" string_agg(name || ' (' || code || if(score < {SAME}, ', score ' || score, '') || ')', ', ' order by place)"
    " as hint_en"
    " from candidate group by all"
)
HINT_LEADS = {
    "unknown_reference": Bilingual(zh="是否为：", en="did you mean: "),
    "ambiguous_reference": Bilingual(zh="可能是：", en="it may be: "),
    "contradicting_name": Bilingual(zh="现为：", en="now: "),
    "code_contradicts_name": Bilingual(zh="查到的是：", en="known are: "),
}
SAYING_NOTHING_EXPECTED = ("contradicting_name", "code_contradicts_name")
REPEATS = ("duplicate_row", "conflicting_rows")


def record_reasons(connection: duckdb.DuckDBPyConnection, contract: Contract, columns: list[Column]) -> None:
    """Add a finding to quarantine.finding for every reason in temp.troubled, over the `columns` that are there."""
    if not connection.execute("from troubled limit 1").fetchall():
        return
    connection.register("wording", wording(contract))
    connection.register("candidate", candidates(connection, contract, columns))
    connection.execute("insert into quarantine.suggestion by name from candidate")
    connection.execute(reasons_sql(contract, columns))
    connection.unregister("wording")
    connection.unregister("candidate")


def record_recognised(connection: duckdb.DuckDBPyConnection, contract: Contract, column: Column, source: str) -> None:
    """Note at its first row every name that was known only after rewriting; `source` is the SQL of cells and letters.

    Nothing is noted where every name was known as it stands.
    """
    table = f"named_{column.name}"
    if not connection.execute(f"from {table} where recognised limit 1").fetchall():
        return
    for referenced in dict.fromkeys(column.refers_to.values()):
        identity = contracts()[referenced].identity
        assert identity is not None
        rows = connection.execute(
            f"select row_id, file, sheet, {CELL}, found, name, id"
            f" from (select *, l_{column.name} as letter from ({source}))"
            f" join {table} on found = x_{column.name} join (select {identity.id} as id,"
            f" any_value({identity.names[0]}) as name from accepted.{referenced} group by all) using (id)"
            " where recognised qualify row_number() over (partition by found order by ordinal) = 1 order by ordinal"
        ).fetchall()
        for row_id, file, sheet, cell, found, name, code in rows:
            add_finding(
                connection,
                "recognised_name",
                file=file,
                sheet=sheet,
                cell=cell or "",
                contract=contract.table,
                column=column.name,
                found=found,
                expected=Bilingual(zh=f"{name}（{code}）", en=f"{name} ({code})"),
                name=column.title,
                row_id=row_id,
            )


def wording(contract: Contract) -> pa.Table:
    """One row per column and rule of the contract: severity, what is expected, and the message's template."""
    rows = []
    for column in contract.columns:
        for rule in rules().values():
            expected = Bilingual(zh="", en="") if rule.name in SAYING_NOTHING_EXPECTED else expectation(column)
            rows.append(worded(column, rule.name, rule.severity, rule.text, expected, column.title))
    for check in contract.checks:
        column = contract.column(check.columns[0])
        rows.append(worded(column, check.name, check.severity, rules()["inconsistent"].text, check.text, column.title))
    key = [contract.column(name) for name in contract.key]
    titles = Bilingual(zh="、".join(column.title.zh for column in key), en=", ".join(column.title.en for column in key))
    for name in REPEATS:
        rule = rules()[name]
        rows.append(worded(None, name, rule.severity, rule.text, Bilingual(zh="", en=""), titles))
    return pa.Table.from_pylist(rows)


def worded(
    column: Column | None, rule: str, severity: str, text: Bilingual, expected: Bilingual, title: Bilingual
) -> dict[str, str]:
    """One row of the wording: a template keeps {found} and {expected}, its {name} is filled in."""
    return {
        "column_name": column.name if column else "",
        "rule": rule,
        "severity": severity,
        "wanted_zh": expected.zh,
        "wanted_en": expected.en,
        "template_zh": text.zh.replace("{name}", title.zh),
        "template_en": text.en.replace("{name}", title.en),
    }


def reasons_sql(contract: Contract, columns: list[Column]) -> str:
    """The statement that writes the findings of temp.troubled: of cells, of checks, of repeated rows."""
    names = [column.name for column in columns]
    troubles = [trouble(f"q_{name}", name, f"x_{name}", f"l_{name}") for name in names]
    for check in contract.checks:
        involved = [name for name in check.columns if name in names]
        shown = ", ".join(f"{sql_text(contract.column(name).title.zh + ' ')} || x_{name}" for name in involved)
        letter = f"l_{check.columns[0]}" if check.columns[0] in names else "null"
        broken = f"if(\"c_{check.name}\", '{check.name}', null)"
        troubles.append(trouble(broken, check.columns[0], f"concat_ws('，', {shown or 'null'})", letter))
    first = f"l_{contract.key[0]}" if contract.key[0] in names else "null"
    key_cells = " || '，' || ".join(f"coalesce(x_{name}, '—')" for name in contract.key if name in names)
    return (
        "insert into quarantine.finding by name with troubles as ("
        " select row_id, file, sheet, row_number, unnest(["
        + ", ".join(troubles)
        + "], recursive := true), null as other_zh, null as other_en from troubled"
        " union all by name select row_id, file, sheet, row_number, rule, '' as column_name,"
        f" {key_cells} as found, coalesce({first}, 'A') as letter, other_zh, other_en"
        " from troubled join repeated using (ordinal)),"
        " placed as (select troubles.*, severity,"
        f" {CELL} as cell, template_zh, template_en,"
        f" coalesce(other_zh, wanted_zh || coalesce('（' || {hint_lead('zh')} || hint_zh || '）', '')) as expected_zh,"
        f" coalesce(other_en, wanted_en || coalesce(' (' || {hint_lead('en')} || hint_en || ')', '')) as expected_en"
        f" from troubles join wording using (column_name, rule) left join ({HINTS}) using (column_name, found)),"
        " worded as (select *, coalesce(found, '') as text,"
        f" if(length(text) > {LONGEST_FOUND}, text[:{LONGEST_FOUND}] || '…', text) as shown from placed)"
        f" select row_id, file, sheet, cell, {sql_text(contract.table)} as contract,"
        " nullif(column_name, '') as column_name, rule, severity, found, expected_zh, expected_en,"
        f" {message('zh')} as message_zh, {message('en')} as message_en from worded"
    )


def hint_lead(lang: str) -> str:
    """SQL: the words before the rows that a name may mean."""
    cases = " ".join(
        f"when {sql_text(rule)} then {sql_text(lead.in_language(lang))}" for rule, lead in HINT_LEADS.items()
    )
    return f"case rule {cases} end"


def trouble(rule: str, column: str, found: str, letter: str) -> str:
    """SQL of one possible reason of a row; its rule is NULL where the row does not break it."""
    return f"{{'rule': {rule}, 'column_name': '{column}', 'found': {found}, 'letter': {letter}}}"


def message(lang: str) -> str:
    """SQL of the whole message: place, then the template filled in."""
    sheet = "' 工作表“' || sheet || '”'" if lang == "zh" else "', sheet “' || sheet || '”'"
    cell, end = ("' ' || cell", "'：'") if lang == "zh" else ("', ' || cell", "': '")
    place = f"file || if(sheet = '', '', {sheet}) || if(cell is null, '', {cell}) || {end}"
    return f"{place} || replace(replace(template_{lang}, '{{expected}}', expected_{lang}), '{{found}}', shown)"


def expectation(column: Column) -> Bilingual:
    """What a cell of the column should hold, in words."""
    if column.references:
        titles = [contracts()[table].title for table in column.refers_to.values()]
        zh, en = "或".join(title.zh for title in titles), " or ".join(title.en for title in titles)
        return Bilingual(zh=f"{zh}中的一项", en=f"an entry of {en}")
    if column.choices:
        listed = "、".join(column.choices)
        return Bilingual(zh=f"以下之一：{listed}", en=f"one of {listed}")
    text = EXPECTED.get(column.type, CONTENT)
    low, high = (None if bound is None else bound_text(column, bound) for bound in (column.min, column.max))
    if low is not None and high is not None:
        return Bilingual(zh=f"{low} 至 {high} 之间的{text.zh}", en=f"{text.en} between {low} and {high}")
    if low is not None:
        return Bilingual(zh=f"不小于 {low} 的{text.zh}", en=f"{text.en} not below {low}")
    return text


def bound_text(column: Column, bound: float) -> str:
    """A bound as people write it."""
    return f"{bound:.0%}" if column.type == "rate" else f"{bound:.15g}"
