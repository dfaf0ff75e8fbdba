"""The situations that the mechanism has to tell apart, and where each stands in the sample district.

Belongs here: what is put into the sample on purpose. Does not belong here: the ordinary programs (`cohorts`).
"""

from dataclasses import dataclass, field

SCHOOLS = {
    # id: official name, names used in files, kind, ownership. All are invented.
    "KZ01": ("云枫职业教育中心（虚构）", ("云枫职教中心", "云枫职业教育中心"), "职业高级中学", "公办"),
    "KZ02": ("汉水中等专业学校（虚构）", ("汉水中专",), "中等专业学校", "公办"),
    "KZ03": ("南岭职业中学（虚构）", ("南岭职中",), "职业高级中学", "公办"),
    "KZ04": ("浦里技工学校（虚构）", ("浦里技校",), "技工学校", "公办"),
    "KZ05": ("临江旅游职业学校（虚构）", ("临江旅游职校",), "中等职业学校", "公办"),
    "KZ06": ("铁峰信息工程学校（虚构）", ("铁峰信息学校",), "中等专业学校", "民办"),
    "KZ07": ("雪宝卫生学校（虚构）", ("雪宝卫校",), "中等专业学校", "公办"),
    "KZ08": ("清江建设职业学校（虚构）", ("清江建校",), "中等职业学校", "民办"),
    "KZ09": ("澎溪科技职业学校（虚构）", ("澎溪科技职校",), "中等职业学校", "民办"),
}

# For the enrollment plan: a school without room for more entrants, and one whose teachers are few.
FULL_SCHOOL, SHORT_OF_TEACHERS = "KZ07", "KZ09"

Counts = dict[int, tuple[int, int]]  # cohort year -> (graduates who sought work, of them in direct employment)


@dataclass(frozen=True)
class Situation:
    """One situation: where it is, the counts that make it, and the state expected in round 2024."""

    name_zh: str
    name_en: str
    school_id: str
    program_code: str
    state: str
    direct: Counts = field(default_factory=dict)
    absent_years: tuple[int, ...] = ()
    first_cohort: int = 2018
    old_code_until: int = 0
    first_intake: int = 2015
    registered: dict[int, int] = field(default_factory=dict)
    planned: dict[int, int] = field(default_factory=dict)
    matched_share: float = 0.75
    graduates: int = 0


SITUATIONS = (
    Situation("一年不达标", "one failing year", "KZ03", "640102", "notice", {2024: (40, 16)}),
    Situation("连续两年不达标", "two consecutive failing years", "KZ04", "750101", "reduce",
              {2023: (42, 18), 2024: (40, 17)}),
    Situation("连续三年不达标", "three consecutive failing years", "KZ05", "740101", "suspend",
              {2022: (44, 19), 2023: (41, 17), 2024: (40, 18)}),
    Situation("跨 2010 到 2021 换码的连续不达标", "a failing run across the change of code", "KZ02", "740201",
              "suspend", {2022: (45, 20), 2023: (43, 18), 2024: (42, 19)}, old_code_until=2022),
    Situation("连续不达标中缺一年", "a missing year inside a failing run", "KZ06", "710203", "reduce",
              {2022: (42, 17), 2024: (41, 17)}, absent_years=(2023,)),
    Situation("只有 8 名毕业生", "a cohort of 8", "KZ07", "750201", "normal", {2024: (8, 3)},
              first_cohort=2024, first_intake=2021, graduates=8),
    Situation("人数少、合并届次", "a pooled cohort", "KZ08", "640501", "notice",
              {2022: (14, 5), 2023: (14, 5), 2024: (14, 5)}, graduates=20),
    Situation("已恢复", "recovered", "KZ09", "680402", "normal",
              {2020: (40, 16), 2021: (41, 16), 2022: (42, 40), 2023: (41, 40), 2024: (40, 38)}),
    Situation("已停招、老生仍在毕业", "suspended, old cohorts still graduate", "KZ01", "770301", "suspend",
              {2020: (40, 16), 2021: (40, 15), 2022: (40, 14), 2023: (38, 15), 2024: (36, 14)},
              registered={2023: 0, 2024: 0, 2025: 0}, planned={2023: 0, 2024: 0, 2025: 0}),
    Situation("新设、尚无毕业生", "a new program", "KZ02", "700209", "normal", first_cohort=2026, first_intake=2023),
    Situation("开设学校多且供过于求", "duplicate and over-supplied", "KZ01", "710201", "warning"),
    Situation("开设学校多但不供过于求", "duplicate without over-supply", "KZ01", "730701", "normal"),
    Situation("供求比连续过高", "over-supplied two years running", "KZ04", "730301", "reduce"),
    Situation("连续两年招生不足计划三成", "intake below 30 % two years running", "KZ03", "610102", "suspend",
              registered={2023: 9, 2024: 8}, planned={2023: 50, 2024: 50}),
    Situation("连续三年没有招生", "no intake three years running", "KZ04", "660108", "exit",
              registered={2022: 0, 2023: 0, 2024: 0}, planned={2022: 40, 2023: 40, 2024: 40}),
    Situation("对口率低而就业率正常", "matched rate low, employment fine", "KZ05", "640301", "reduce",
              matched_share=0.3),
    Situation("30 人中 16 人就业：低于线但把握不足", "16 of 30: below the line, not with confidence",
              "KZ06", "660301", "normal", {2024: (30, 16)}),
    Situation("经批准豁免", "exempt by a document", "KZ07", "790302", "normal", {2023: (42, 18), 2024: (41, 17)},
              old_code_until=2022),
)  # fmt: skip

# Occupations with many openings that no program of the district feeds: 半导体芯片制造工, 无人机驾驶员.
UNFED_OCCUPATIONS = ("6-25-04", "4-02-04")

# What people decided: an exemption with an end, a confirmed suspension, objections (one too late) and their ruling.
EXEMPTIONS = (
    (
        "KZ07",
        "790302",
        "*",
        2023,
        2025,
        "承担养老护理定向培养任务（虚构）",
        "虚构教委〔2023〕5号",
        "样例区教委（虚构）",
        "2023-06-20",
    ),
)
# Programs that the commission reviews apart from the rules: code, kind, first and last round, document, approver.
SPECIAL_PROGRAMS = (("610301", "涉农（虚构认定）", 2023, 2025, "虚构教委〔2023〕6号", "样例区教委（虚构）"),)
# A spelling that no list has, which the analyst decided once: kind, text as found, code, by whom, when, why.
ALIASES = (("学校", "云枫职教", "KZ01", "样例区教委（虚构）", "2025-01-08", "该校招生报表用的简称（虚构）"),)
OBJECTIONS = (
    ("KZ04", "750101", 2024, "2025-01-20", "毕业生外出务工未登记（虚构）", "虚构浦里校〔2025〕2号"),
    ("KZ03", "640102", 2024, "2025-03-01", "统计口径不一致（虚构）", ""),
)
RULINGS = (
    (
        "KZ01",
        "770301",
        2022,
        "确认",
        "",
        "*",
        "连续三年不达标，核实无误（虚构）",
        "虚构教委〔2023〕1号",
        "样例区教委（虚构）",
        "2023-02-10",
    ),
    (
        "KZ04",
        "750101",
        2024,
        "维持",
        "",
        "*",
        "未提供登记凭证，异议不成立（虚构）",
        "虚构教委〔2025〕3号",
        "样例区教委（虚构）",
        "2025-02-05",
    ),
)

# Programs without anything special, by school.
ORDINARY = {
    "KZ01": ("700206", "720201", "730801", "660103", "770101"),
    "KZ02": ("710201", "730701", "720201", "660102", "710103"),
    "KZ03": ("710201", "730701", "610301", "770101", "700206", "740104"),
    "KZ04": ("660103", "660102", "710103", "700206", "660303", "740201"),
    "KZ05": ("740104", "740201", "730701", "710201", "730301", "770101"),
    "KZ06": ("710201", "710204", "730701", "730301", "660303", "710103"),
    "KZ07": ("720201", "720301", "720601", "790302", "770101"),
    "KZ08": ("640301", "640102", "710201", "730301", "660301", "660102"),
    "KZ09": ("610301", "710103", "790302", "730801", "740104", "660103"),
}
OLD_CODES_IN_USE = {("KZ03", "610301"), ("KZ04", "660103"), ("KZ05", "730301"), ("KZ07", "790302"), ("KZ06", "710103")}
