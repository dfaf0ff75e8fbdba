"""Good tables, as schools and departments should send them, drawn at random.

Belongs here: what stands in them. Does not belong here: what happens to them (`mutations`), the bytes (`forms`).
"""

import random

from tests.ingest.forms import Page, Row

SCHOOLS = ["开州职教中心", "巨龙中职校", "5003", "重庆市开州区职业教育中心", "开州技工学校", "5001"]
PROGRAMS = ["计算机应用", "机电技术应用", "740201", "中餐烹饪", "710201", "汽车运用与维修"]


def outcomes(draw: random.Random) -> Page:
    header = ["学校", "专业", "毕业年份", "毕业生数", "单位就业", "升学", "毕业去向落实率"]
    rows = []
    for school, program, year in combinations(draw, draw.randrange(2, 9)):
        graduates = draw.randrange(20, 1200)
        employed, study = graduates // 2, graduates // 4
        rows.append([school, program, year, graduates, employed, study, round((employed + study) / graduates, 3)])
    return page("就业", header, rows)


def enrollment(draw: random.Random) -> Page:
    header = ["学校代码", "专业代码", "招生年度", "招生计划", "录取数", "实际报到", "班数"]
    rows = [
        [school, program, year, 50, 48, 45, 1] for school, program, year in combinations(draw, draw.randrange(2, 9))
    ]
    return page("招生", header, rows)


def industry(draw: random.Random) -> Page:
    header = ["地区", "年份", "行业", "增加值（万元）", "从业人员"]
    rows = [
        ["开州区", year, name, draw.randrange(10_000, 900_000), draw.randrange(100, 90_000)]
        for year in draw.sample(range(1980, 2099), draw.randrange(1, 4))
        for name in ("第一产业", "第二产业", "第三产业")
    ]
    return page("产业", header, rows)


def market(draw: random.Random) -> Page:
    header = ["地区", "统计期", "职业代码", "职业名称", "需求人数", "求职人数"]
    rows = [
        ["开州区", f"{draw.randrange(2001, 2099)}Q{draw.randrange(1, 5)}", f"6-{number:02d}", "厨师", 12, 9]
        for number in range(draw.randrange(2, 8))
    ]
    return page("供求", header, rows)


def wide_years(draw: random.Random) -> Page:
    first = draw.randrange(2015, 2021)
    years = range(first, first + draw.randrange(2, 5))
    style = draw.choice(["{}年毕业生数", "毕业生数（{}）", "{}届毕业生数(人)"])
    header = ["学校", "专业", *(style.format(year) for year in years)]
    pairs = sorted({(school, program) for school, program, _ in combinations(draw, 5)})
    return page("历年", header, [[*pair, *(draw.randrange(10, 90) for _ in years)] for pair in pairs])


def combinations(draw: random.Random, count: int) -> list[tuple[str, str, int]]:
    return list({(draw.choice(SCHOOLS), draw.choice(PROGRAMS), draw.randrange(2001, 2099)): 0 for _ in range(count)})


def page(name: str, header: list[str], rows: list[list[str | int | float]]) -> Page:
    return Page(name, [Row(list(header), header=True), *(Row(list(cells), data=True) for cells in rows)])


TABLES = [outcomes, outcomes, enrollment, industry, market, wide_years]
