"""Outcome files of any length, made up for the benchmarks of ingest: mostly plain, and dirty as real ones are.

Belongs here: the schools, the catalogue and the rows of a file, as csv or xlsx. Does not belong here: reading them.
Of a hundred cells about two are spelled in another way than most (full-width, with thousands separators, a marker of
missing), and of a thousand rows about ten are wrong in one of the ways that ingest must find.
"""

from pathlib import Path

import duckdb
import xlsxwriter

SCHOOLS, PROGRAMS, YEARS, FIRST_YEAR = 400, 500, 10, 2014
HEADERS = {
    "school": "学校名称",
    "program": "专业",
    "cohort_year": "毕业年份",
    "survey_date": "统计日期",
    "definition": "口径",
    "graduates": "毕业生人数",
    "employed": "单位就业",
    "self_employed": "自主创业",
    "flexible": "灵活就业",
    "further_study": "升学",
    "enlisted": "参军入伍",
    "unemployed": "未就业",
    "unknown": "去向不明",
    "matched": "对口就业",
    "local": "本区就业",
    "contract": "签订合同",
    "insured": "缴纳社保",
    "certified": "取得证书",
    "wage": "月薪中位数（元）",
    "placement": "毕业去向落实率",
}
COUNTS = tuple(HEADERS)[5:18]
SCHOOL_FILE, PROGRAM_FILE = "学校名录.csv", "专业目录.csv"


def write_base(folder: Path) -> None:
    """The list of schools (id, name, alias) and the catalogue of programs, each with a code of 2021 and one of 2010."""
    schools = [f"S{number:04},第{number}职业学校,{number}职校" for number in range(SCHOOLS)]
    programs = [
        line
        for number in range(PROGRAMS)
        for line in (
            f"2021,{600000 + number},第{number}号专业,装备制造大类,{number % 40}类,中职",
            f"2010,{10000 + number:06},旧{number}号专业,加工制造类,,中职",
        )
    ]
    texts = {
        SCHOOL_FILE: ["学校代码,学校名称,别名", *schools],
        PROGRAM_FILE: ["目录版本,专业代码,专业名称,专业大类,专业类,层次", *programs],
    }
    for name, lines in texts.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def chance(salt: str, per_mille: float) -> str:
    """SQL: true for so many rows in a thousand, always the same ones."""
    return f"(hash(i, '{salt}') % 100000 < {per_mille * 100:.0f})"


def count_sql(name: str) -> str:
    """SQL: a count as text, spelled in other ways here and there."""
    return (
        f"case when {chance(name + 'none', 5)} then '—' when {chance(name + 'word', 0.2)} then '约50'"
        f" when {chance(name + 'minus', 0.1)} then '-' || {name}"
        f" when {chance(name + 'wide', 3)} then translate({name}::varchar, '0123456789', '０１２３４５６７８９')"
        f" when {name} >= 1000 then format('{{:,}}', {name}) when {chance(name + 'unit', 2)} then {name} || '人'"
        f" else {name}::varchar end as {name}"
    )


def rows_sql(rows: int) -> str:
    """SELECT of `rows` rows of text in the order of HEADERS: every key once, but for the repeats that it plants."""
    keys = SCHOOLS * PROGRAMS * YEARS
    parts = ", ".join(f"hash(k, '{name}') % 8 as part_{name}" for name in COUNTS[2:8])
    other = " + ".join(f"part_{name}" for name in COUNTS[2:8])
    return f"""
with place as (
    select i, case when i > 10 and {chance("repeat", 1)} then i - 7 else i end as k from range({rows}) as t(i)
),
numbers as (
    select *, k % {SCHOOLS} as school_number, k // {SCHOOLS} % {PROGRAMS} as program_number,
        {FIRST_YEAR} + k // {SCHOOLS * PROGRAMS} % {YEARS} as year, k // {keys} as survey, {parts},
        case when {chance("small", 990)} then hash(k, 'e') % 200 else 900 + hash(k, 'e') % 400 end as employed
    from place
),
sums as (
    select * exclude (employed), part_flexible as flexible, part_self_employed as self_employed,
        part_further_study as further_study, part_enlisted as enlisted, part_unemployed as unemployed,
        part_unknown as unknown, employed + case when {chance("more", 2)} then 90 else 0 end as employed,
        employed + {other} as graduates, employed // 2 as matched, employed // 3 as local,
        employed // 4 * 3 as contract, employed // 5 * 3 as insured, employed // 6 as certified,
        2000 + hash(k, 'w') % 6000 + i // 20 % 2 as pay
    from numbers
)
select
    case when {chance("unknown school", 1)} then '没有的学校' || i % 50
        when i % 10 < 3 then format('S{{:04d}}', school_number)
        when i % 10 < 8 then '第' || school_number || '职业学校' when i % 10 = 8 then school_number || '职校'
        else ' 第' || school_number || '职业学校　' end as school,
    case when {chance("unknown program", 1)} then '999' || i % 90
        when i % 10 in (2, 5, 8) then '第' || program_number || '号专业'
        else (600000 + program_number)::varchar end as program,
    case when i % 50 = 0 then year || '届' else year::varchar end as cohort_year,
    (date '2024-09-01' + survey::integer)::varchar as survey_date,
    case when survey % 2 = 0 then '教育部2021' else '市口径' end as definition,
    {", ".join(count_sql(name) for name in COUNTS)},
    case when {chance("wide pay", 50)} then format('{{:,}}', pay)
        when {chance("no pay", 10)} then '/' else pay::varchar end as wage,
    case when graduates = 0 then '' else round(100.0 * (employed + self_employed + flexible + further_study + enlisted)
        / graduates, 1)::decimal(6, 1) || '%' end as placement
from sums order by i"""


def write_csv(file: Path, rows: int) -> None:
    """A file of `rows` outcomes in UTF-8, with the header in the first line."""
    with duckdb.connect() as connection:
        header = ", ".join(f'{name} as "{title}"' for name, title in HEADERS.items())
        connection.execute(f"copy (select {header} from ({rows_sql(rows)})) to '{file}' (header)")


def write_xlsx(file: Path, rows: int) -> None:
    """The same as a workbook of one sheet, in which plain numbers are numbers and days are dates."""
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(str(file), options) as book, duckdb.connect() as connection:
        sheet = book.add_worksheet("就业")
        sheet.write_row(0, 0, HEADERS.values())
        found = connection.execute(f"select * replace (survey_date::date as survey_date) from ({rows_sql(rows)})")
        row = 0
        while batch := found.fetchmany(10_000):
            for cells in batch:
                row += 1
                for column, cell in enumerate(cells):
                    plain = type(cell) is str and cell.isascii() and cell.isdigit() and column > 1
                    sheet.write(row, column, int(cell) if plain else cell)
