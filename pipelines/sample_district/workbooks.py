"""How the sample's files look: the shapes in which schools and departments really send their tables.

Belongs here: title rows, merged headers, spellings, encodings, wrong rows. Does not belong here: numbers (`cohorts`).
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

from pipelines.sample_district.cohorts import COHORTS, Tables
from pipelines.sample_district.english_names import OCCUPATIONS_EN, PROGRAMS_EN, SCHOOLS_EN, SECTIONS_EN
from pipelines.sample_district.facts import (
    EMPLOYED,
    LEAVING,
    LEAVING_YEAR,
    OCCUPATIONS,
    PROGRAMS,
    PROJECTED,
    VALUE_ADDED,
)
from pipelines.sample_district.industries import DIVISIONS, split
from pipelines.sample_district.situations import (
    ALIASES,
    EXEMPTIONS,
    FULL_SCHOOL,
    OBJECTIONS,
    RULINGS,
    SCHOOLS,
    SHORT_OF_TEACHERS,
    SPECIAL_PROGRAMS,
)

AUTHOR = "样例编制组（虚构）"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
DESTINATIONS = (
    ("employed", "单位就业"), ("self_employed", "自主创业"), ("flexible", "灵活就业"), ("further_study", "升学"),
    ("enlisted", "参军入伍"), ("unemployed", "未就业"), ("unknown", "去向不明"),
)  # fmt: skip
QUALITIES = (
    ("matched", "对口就业"), ("local", "本区就业"), ("contract", "签订合同"), ("insured", "缴纳社保"),
    ("certified", "取得证书"), ("median_monthly_wage", "月薪中位数(元)"),
)  # fmt: skip
MARKET_YEARS = (2022, 2023, 2024)
OLD_NAMES = {program.old_code: program.old_name for program in PROGRAMS.values() if program.old_code}


class Workbook:
    """One xlsx file with fixed document properties, so that the same content gives the same bytes."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.book = xlsxwriter.Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False})
        self.book.set_properties({"author": AUTHOR, "created": datetime(2025, 1, 10, tzinfo=UTC)})
        self.title = self.book.add_format({"bold": True, "align": "center", "font_size": 14})
        self.head = self.book.add_format({"bold": True, "align": "center", "border": 1})

    def close(self) -> None:
        """Write the file."""
        self.book.close()


def name_of(code: str) -> str:
    """The name of a program code of either edition."""
    return PROGRAMS[code].name if code in PROGRAMS else OLD_NAMES.get(code, "")


def write_outcomes(folder: Path, tables: Tables) -> None:
    """One workbook per school, one sheet per cohort year, title, two-line merged header, totals and a note."""
    for number, (school, (official, others, _, _)) in enumerate(SCHOOLS.items()):
        spellings = (official, *others)
        workbook = Workbook(folder / f"{others[0]}_毕业生就业情况.xlsx")
        for year in COHORTS:
            rows = [row for row in tables.outcome if row["school_id"] == school and row["cohort_year"] == year]
            if rows:
                # Every third school writes its name in another way in every other year.
                name = spellings[(year % 2) * (1 + number % (len(spellings) - 1))] if number % 3 == 0 else official
                outcome_sheet(workbook, year, name, rows, wrong=school == "KZ09" and year == 2024)
        workbook.close()


def outcome_sheet(workbook: Workbook, year: int, school: str, rows: list[dict[str, object]], *, wrong: bool) -> None:
    """One sheet of outcomes; `wrong` adds the rows that must be quarantined."""
    sheet = workbook.book.add_worksheet(f"{year}届")
    sheet.merge_range(0, 0, 0, 20, f"{school}{year}届毕业生就业情况统计表", workbook.title)
    sheet.write(1, 0, "填报单位：学校就业办（虚构样例）")
    for column, text in enumerate(("学校", "专业代码", "专业名称", "毕业年份", "毕业生数")):
        sheet.merge_range(2, column, 3, column, text, workbook.head)
    for first, group, columns in ((5, "毕业去向", DESTINATIONS), (12, "就业质量", QUALITIES)):
        sheet.merge_range(2, first, 2, first + len(columns) - 1, group, workbook.head)
        for offset, (_, text) in enumerate(columns):
            sheet.write(3, first + offset, text, workbook.head)
    for column, text in ((18, "就业率"), (19, "统计日期"), (20, "口径")):
        sheet.merge_range(2, column, 3, column, text, workbook.head)
    line = 4
    for number, row in enumerate(rows):
        sheet.write_row(line, 0, outcome_cells(school, row, number))
        line += 1
    for cells in wrong_outcomes(school, rows) if wrong else ():
        sheet.write_row(line, 0, cells)
        line += 1
    names = ("graduates", *(name for name, _ in DESTINATIONS))
    sheet.write_row(line, 0, ["合计", "", "", "", *(sum(number_in(row, name) for row in rows) for name in names)])
    sheet.write(line + 1, 0, "注：本表为虚构样例，仅用于演示；月薪为毕业生填报。")


def number_in(row: dict[str, object], name: str) -> int:
    """A count of a row."""
    return int(str(row[name]))


def outcome_cells(school: str, row: dict[str, object], number: int) -> list[object]:
    """The cells of one row: percent strings, some full-width digits, some thousands separators."""
    placed = sum(number_in(row, name) for name, _ in DESTINATIONS[:5])
    rate = f"{100 * placed / number_in(row, 'graduates'):.1f}%"
    graduates: object = str(row["graduates"]).translate(FULL_WIDTH) if number % 5 == 2 else row["graduates"]
    wage: object = f"{row['median_monthly_wage']:,}" if number % 2 else row["median_monthly_wage"]
    if number % 7 == 3:
        wage = "—"
    counts = [row[name] for name, _ in (*DESTINATIONS, *QUALITIES[:-1])]
    code = str(row["program_code"])
    definition = "教育部2021" if number_in(row, "cohort_year") < 2024 else "教育部2024"
    return [
        school, code, name_of(code), f"{row['cohort_year']}年", graduates, *counts, wage, rate,
        f"{row['cohort_year']}-12-31", definition,
    ]  # fmt: skip


def wrong_outcomes(school: str, rows: list[dict[str, object]]) -> Iterable[list[object]]:
    """Rows that must be quarantined: unknown program, text for a number, negative, employed > graduates, repeat."""
    spare = {**rows[0], "median_monthly_wage": 3500}
    unknown = outcome_cells(school, spare, 0)
    unknown[1:3] = ["999999", "星际航行"]
    text = outcome_cells(school, {**spare, "program_code": "750201"}, 0)
    text[5] = "若干"
    negative = outcome_cells(school, {**spare, "program_code": "770301"}, 0)
    negative[6] = -3
    too_many = outcome_cells(school, {**spare, "program_code": "750101"}, 0)
    too_many[5] = 999
    yield from (unknown, text, negative, too_many, outcome_cells(school, rows[1], 1))


def write_csv(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]], encoding: str = "utf-8") -> None:
    """One CSV file in `encoding`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.getvalue().encode(encoding))


def write_enrollment(file: Path, tables: Tables) -> None:
    """The commission's table of intake, a CSV in GB18030; one row names a school that does not exist."""
    header = ("学校名称", "专业代码", "专业名称", "招生年度", "招生计划", "录取数", "实际报到", "在校生数", "班数")
    columns = ("year", "planned", "admitted", "registered", "in_school", "classes")
    rows: list[list[object]] = []
    for row in tables.enrollment:
        official, others, _, _ = SCHOOLS[str(row["school_id"])]
        code = str(row["program_code"])
        spellings = {2020: others[-1], 2021: ALIASES[0][1] if row["school_id"] == ALIASES[0][2] else official}
        school = spellings.get(int(str(row["year"])), official)
        rows.append([school, code, name_of(code), *(row[name] for name in columns)])
    rows.append(["蓬莱仙岛职业学校", "710201", "计算机应用", 2024, 50, 48, 47, 130, 3])
    write_csv(file, header, rows, "gb18030")


def write_school_conditions(file: Path, tables: Tables) -> None:
    """Room for entrants and teachers of every school, one workbook; one school is full, one is short of teachers."""
    workbook = Workbook(file)
    year = COHORTS[-1]
    sheet = workbook.book.add_worksheet("办学条件")
    sheet.merge_range(0, 0, 0, 6, f"{year}年中等职业学校办学条件（虚构样例）", workbook.title)
    header = ("学校名称", "年度", "新生容量", "专任教师", "双师型教师", "实践教学学时", "教师企业实践月数")
    sheet.write_row(1, 0, header, workbook.head)
    for line, (school, (official, *_)) in enumerate(SCHOOLS.items(), start=2):
        rows = [row for row in tables.enrollment if row["school_id"] == school]
        planned = sum(number_in(row, "planned") for row in rows if row["year"] == year)
        entrants = sum(number_in(row, "registered") for row in rows if row["year"] in (year - 1, year))
        seats = planned if school == FULL_SCHOOL else 10 * round(planned * 1.15 / 10)
        teachers = (entrants + planned + 10) // 20 if school == SHORT_OF_TEACHERS else (entrants + seats) // 17
        sheet.write_row(line, 0, [official, year, seats, teachers, round(0.45 * teachers), 1680, 2 * teachers])
    sheet.write(len(SCHOOLS) + 2, 0, "注：新生容量为校舍、宿舍、实训工位可接收的新生数。")
    workbook.close()


def write_reference(folder: Path) -> None:
    """Schools, catalogue and lineage."""
    workbook = Workbook(folder / "学校名录.xlsx")
    sheet = workbook.book.add_worksheet("名录")
    sheet.merge_range(0, 0, 0, 4, "中等职业学校名录（虚构样例）", workbook.title)
    sheet.write_row(1, 0, ["学校代码", "学校名称", "别名", "办学类型", "举办性质"], workbook.head)
    for line, (school, (official, others, kind, ownership)) in enumerate(SCHOOLS.items(), start=2):
        sheet.write_row(line, 0, [school, official, "、".join(others), kind, ownership])
    workbook.close()
    header = ("目录版本", "专业代码", "专业名称", "专业大类", "专业类", "层次", "目录性质")
    new = [[2021, p.code, p.name, p.category, p.program_class, "中职", "非官方整理"] for p in PROGRAMS.values()]
    old = [[2010, p.old_code, p.old_name, "", "", "中职", "非官方整理"] for p in PROGRAMS.values() if p.old_code]
    write_csv(folder / "专业目录（非官方整理）.csv", header, [*new, *old])
    lineage_header = ("原目录版本", "原专业代码", "新目录版本", "新专业代码", "调整情况", "学生占比")
    changes = [
        [2010, p.old_code, 2021, p.code, "保留" if p.old_name == p.name else "更名", "100%"]
        for p in PROGRAMS.values()
        if p.old_code
    ]
    write_csv(folder / "新旧专业对照.csv", lineage_header, changes, "utf-8-sig")


def write_aliases(file: Path) -> None:
    """The analyst's decisions about spellings."""
    write_csv(file, ("种类", "原文写法", "认定代码", "认定人", "认定日期", "认定理由"), ALIASES)


def write_english_names(file: Path) -> None:
    """English names of programs, occupations, schools and industries."""
    kinds = {
        "专业": PROGRAMS_EN,
        "职业": {code: OCCUPATIONS_EN[name] for code, (name, *_) in OCCUPATIONS.items()},
        "学校": SCHOOLS_EN,
        "行业": SECTIONS_EN,
    }
    rows = [(kind, code, name) for kind, names in kinds.items() for code, name in names.items()]
    write_csv(file, ("种类", "代码", "英文名称"), rows)


def write_industry(folder: Path, tables: Tables) -> None:
    """Published value added by sector (亿元) and invented employed persons by section (万人)."""
    workbook = Workbook(folder / "三次产业增加值.xlsx")
    sheet = workbook.book.add_worksheet("增加值")
    sheet.merge_range(0, 0, 0, 3, "开州区三次产业增加值（已公布年份）", workbook.title)
    sheet.write_row(1, 0, ["地区", "年份", "产业", "增加值(亿元)"], workbook.head)
    line = 2
    for year, amounts in VALUE_ADDED.items():
        for name, amount in zip(("第一产业", "第二产业", "第三产业"), amounts, strict=True):
            sheet.write_row(line, 0, ["开州区", year, name, amount])
            line += 1
    sheet.write(line, 0, "注：增加值为统计公报公布数。")
    workbook.close()
    workbook = Workbook(folder / "分行业从业人员.xlsx")
    sheet = workbook.book.add_worksheet("从业人员")
    sheet.merge_range(0, 0, 0, 3, "分行业门类从业人员（虚构样例）", workbook.title)
    sheet.write_row(1, 0, ["地区", "年份", "行业代码", "从业人员(万人)"], workbook.head)
    line = 2
    for (year, section), persons in sorted(tables.employed.items()):
        sheet.write_row(line, 0, ["开州区", year, section, "—" if persons is None else persons])
        line += 1
    workbook.close()


def write_replacement_rates(file: Path) -> None:
    """The share of the employed who leave in a year, by section; invented, and labelled so."""
    workbook = Workbook(file)
    sheet = workbook.book.add_worksheet("离岗率")
    sheet.merge_range(0, 0, 0, 5, f"{LEAVING_YEAR}年分行业离岗率（虚构样例）", workbook.title)
    sheet.write_row(1, 0, ["分类", "代码", "年份", "年离岗率", "来源", "发布日期"], workbook.head)
    for line, (section, rate) in enumerate(LEAVING.items(), start=2):
        published = f"{LEAVING_YEAR + 1}-06-30"
        sheet.write_row(line, 0, ["行业", section, LEAVING_YEAR, f"{100 * rate:.1f}%", "样例（虚构）", published])
    sheet.write(len(LEAVING) + 2, 0, "注：退休、退出劳动力市场和转业，不含同行业跳槽。")
    workbook.close()


def market_of_quarter(vacancies: int, seekers: int, quarter: int) -> list[int]:
    """Openings and seekers of a quarter (0 to 3): most are registered in spring; quarters add up to the year."""
    return [
        split(amount, parts)[quarter] for amount, parts in ((vacancies, [30, 26, 24, 20]), (seekers, [34, 22, 24, 20]))
    ]


def write_labour_market(folder: Path) -> None:
    """Vacancies and seekers by quarter, one workbook per year."""
    for year in MARKET_YEARS:
        workbook = Workbook(folder / f"{year}年人力资源市场供求.xlsx")
        sheet = workbook.book.add_worksheet("供求")
        sheet.merge_range(0, 0, 0, 5, f"{year}年人力资源市场职业供求（虚构样例）", workbook.title)
        sheet.write_row(1, 0, ["地区", "季度", "职业代码", "职业（工种）", "需求人数", "求职人数"], workbook.head)
        line = 2
        for quarter in range(4):
            for code, (name, _, vacancies, seekers) in OCCUPATIONS.items():
                counts = market_of_quarter(vacancies, seekers, quarter)
                sheet.write_row(line, 0, ["开州区", f"{year}年{'一二三四'[quarter]}季度", code, name, *counts])
                line += 1
        workbook.close()


def write_occupation_projection(folder: Path) -> None:
    """Projected openings by occupation, one workbook; growth, exits and transfers add up to the openings."""
    base, target = PROJECTED
    workbook = Workbook(folder / f"职业需求预测（{base}—{target}年）.xlsx")
    sheet = workbook.book.add_worksheet("预测")
    sheet.merge_range(0, 0, 0, 13, f"{base}—{target}年分职业用工需求预测（虚构样例）", workbook.title)
    header = (
        "地区", "基期年", "预测年", "职业分类版本", "职业代码", "职业（工种）", "基期从业人员", "预测从业人员",
        "年均新增岗位", "年均退出", "年均转出", "年均岗位总数", "工资中位数", "工资单位",
    )  # fmt: skip
    sheet.write_row(1, 0, header, workbook.head)
    for line, (code, (name, sections, vacancies, seekers)) in enumerate(OCCUPATIONS.items(), start=2):
        # Five years of vacancies are employed; the occupation grows with its sections, faster where seekers are few.
        employed = 5 * vacancies
        rate = sum(weight * EMPLOYED[section][1] / EMPLOYED[section][0] for section, weight in sections.items())
        growth = round(employed * (rate + 0.02 * (vacancies - seekers) / vacancies))
        exits, transfers = round(0.04 * employed), round(0.07 * employed)
        counts = (employed, employed + growth * (target - base), growth, exits, transfers, growth + exits + transfers)
        wage = max(2800, 3200 + 10 * round(100 * (vacancies - seekers) / vacancies))
        sheet.write_row(line, 0, ["开州区", base, target, "大典2022（示意代码）", code, name, *counts, wage, "元/月"])
    sheet.write(len(OCCUPATIONS) + 2, 0, "注：年均岗位总数=新增+退出+转出，为预测期各年平均，与招聘岗位数口径不同。")
    workbook.close()


def write_crosswalk(file: Path) -> None:
    """Program -> occupation and occupation -> industry with weights; ours, and labelled so."""
    header = ("对照关系", "起点代码", "终点代码", "权重", "编制人", "依据", "版本")
    rows: list[list[object]] = []
    for program in PROGRAMS.values():
        # The first occupation is the main one.
        weights = {1: (1.0,), 2: (0.7, 0.3)}.get(len(program.occupations), ())
        for occupation, weight in zip(program.occupations, weights, strict=True):
            rows.append(["专业-职业", program.code, occupation, weight, AUTHOR, "样例判断", "样例2024"])
    for code, (_, sections, _, _) in OCCUPATIONS.items():
        rows += [
            ["职业-行业", code, DIVISIONS[code][section], weight, AUTHOR, "样例判断", "样例2024"]
            for section, weight in sections.items()
        ]
    write_csv(file, header, rows)


def write_special_programs(file: Path) -> None:
    """The list of special programs, which the rule-book exempts while they are on it."""
    write_csv(file, ("专业代码", "特殊专业类别", "起始轮次", "终止轮次", "认定文号", "认定单位"), SPECIAL_PROGRAMS)


def write_decisions(folder: Path) -> None:
    """Exemptions, objections and rulings, as the commission keeps them in one workbook."""
    workbook = Workbook(folder / "豁免、异议和裁定.xlsx")
    tables = {
        "豁免": (("豁免的规则", "起始轮次", "终止轮次", "豁免理由", "批准文号", "批准单位", "批准日期"), EXEMPTIONS),
        "异议": (("评议轮次", "收到日期", "异议理由", "来文文号"), OBJECTIONS),
        "裁定": (
            ("评议轮次", "裁定结果", "改定状态", "不计的规则", "裁定理由", "裁定文号", "裁定单位", "裁定日期"),
            RULINGS,
        ),
    }
    for name, (header, rows) in tables.items():
        sheet = workbook.book.add_worksheet(name)
        sheet.write_row(0, 0, ("学校", "专业代码", *header), workbook.head)
        for line, (school, *cells) in enumerate(rows, start=1):
            sheet.write_row(line, 0, (SCHOOLS[str(school)][0], *cells))
    workbook.close()
