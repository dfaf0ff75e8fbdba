"""The sample's files on industries below the sections, on lists of them, and on the market by skill level.

Belongs here: how these files look. Does not belong here: what is in them (`industries`), other files (`workbooks`).
"""

import csv
from importlib.resources import files
from pathlib import Path

from pipelines.sample_district.cohorts import Tables
from pipelines.sample_district.facts import OCCUPATIONS
from pipelines.sample_district.industries import (
    DIVISION_SIZES,
    DIVISION_YEARS,
    INDUSTRY_CHAINS,
    PRIORITY_LISTS,
    SKILL_LEVELS,
    split,
)
from pipelines.sample_district.workbooks import MARKET_YEARS, Workbook, market_of_quarter, write_csv


def divisions() -> dict[str, list[tuple[str, str]]]:
    """Code and name of the divisions of every section of GB/T 4754-2017."""
    text = (files("pipelines") / "reference" / "gbt4754_2017.csv").read_text(encoding="utf-8")
    found: dict[str, list[tuple[str, str]]] = {}
    for row in csv.DictReader(text.splitlines()):
        if row["层级"] == "division":
            found.setdefault(row["门类"], []).append((row["行业代码"], row["行业名称"].strip()))
    return found


def write_divisions(file: Path, tables: Tables) -> None:
    """Employed persons by division, in persons; the divisions of a section add up to it."""
    workbook = Workbook(file)
    for year in DIVISION_YEARS:
        sheet = workbook.book.add_worksheet(f"{year}年")
        sheet.merge_range(0, 0, 0, 4, f"{year}年分行业大类从业人员（虚构样例）", workbook.title)
        sheet.write_row(1, 0, ["地区", "年份", "大类代码", "大类名称", "从业人员(人)"], workbook.head)
        line = 2
        for section, listed in divisions().items():
            persons = round(10000 * (tables.employed[year, section] or 0))
            parts = split(persons, [DIVISION_SIZES.get(code, 1) for code, _ in listed])
            for (code, name), part in zip(listed, parts, strict=True):
                sheet.write_row(line, 0, ["开州区", year, code, name, part])
                line += 1
        sheet.write(line, 0, "注：各大类之和等于门类；人数为虚构。")
    workbook.close()


def write_priority_industries(file: Path) -> None:
    """Priority lists and industry chains; lists overlap."""
    header = ("清单种类", "清单", "清单英文名", "行业代码", "计入份额", "起始年份", "终止年份", "来源")
    source = "样例判断（虚构）"
    rows = [
        (kind, listed.name, listed.name_en, listed.code, f"{listed.share:.0%}", listed.first, listed.last or "", source)
        for kind, lists in (("重点产业", PRIORITY_LISTS), ("产业链", INDUSTRY_CHAINS))
        for listed in lists
    ]  # fmt: skip
    write_csv(file, header, rows)


def write_market_groups(file: Path) -> None:
    """Openings and seekers by skill level and quarter, as public employment services publish them."""
    workbook = Workbook(file)
    openings, seekers = ([parts[side] or 0 for parts in SKILL_LEVELS.values()] for side in (0, 1))
    for year in MARKET_YEARS:
        sheet = workbook.book.add_worksheet(f"{year}年")
        sheet.merge_range(0, 0, 0, 5, f"{year}年按技术等级分组的供求人数（虚构样例）", workbook.title)
        sheet.write_row(1, 0, ["地区", "季度", "分组方式", "分组", "需求人数", "求职人数"], workbook.head)
        line = 2
        for quarter in range(4):
            counts = [
                market_of_quarter(vacancies, looking, quarter) for _, _, vacancies, looking in OCCUPATIONS.values()
            ]
            sums = [sum(column) for column in zip(*counts, strict=True)]
            for (level, asked), *row in zip(
                SKILL_LEVELS.items(), split(sums[0], openings), split(sums[1], seekers), strict=True
            ):
                shown = ["/" if part is None else number for part, number in zip(asked, row, strict=True)]
                period = f"{year}年{'一二三四'[quarter]}季度"
                sheet.write_row(line, 0, ["开州区", period, "技术等级", level, *shown])
                line += 1
    workbook.close()
