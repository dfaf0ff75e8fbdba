"""Industries of the sample district below the sections: divisions, and the lists that the district gives priority.

Belongs here: which divisions occupations work in, how many are employed in them, lists. Does not belong here: sections
(`facts`). Names and codes are those of GB/T 4754-2017; shares and numbers are invented.
"""

from typing import NamedTuple

from pipelines.sample_district import facts

# Occupation -> section -> the division in which it works there, of the section's own sector.
DIVISIONS: dict[str, dict[str, str]] = {
    facts.CROPS: {"A": "01"}, facts.LIVESTOCK: {"A": "03"}, facts.VET: {"A": "03", "M": "74"},
    facts.BUILDER: {"E": "47"}, facts.ESTIMATOR: {"E": "47", "M": "74"}, facts.DECORATOR: {"E": "50"},
    facts.MACHINIST: {"C": "34"}, facts.CNC: {"C": "34"}, facts.MOULD: {"C": "35"},
    facts.ELECTRICIAN: {"C": "38", "D": "44", "E": "49"}, facts.ROBOT: {"C": "36"},
    facts.CAR_REPAIR: {"O": "81"}, facts.EV_REPAIR: {"O": "81", "C": "36"}, facts.CAR_MAKER: {"C": "36"},
    facts.CHIP: {"C": "39"}, facts.ELECTRONICS: {"C": "39"}, facts.NETWORK: {"I": "65"}, facts.SOFTWARE: {"I": "65"},
    facts.MEDIA: {"I": "65", "R": "87"}, facts.DATA: {"I": "64", "L": "72"},
    facts.NURSE: {"Q": "84"}, facts.PHARMACY: {"Q": "84", "F": "52"}, facts.ELDERLY: {"Q": "85", "O": "80"},
    facts.NURSERY: {"P": "83", "Q": "85"}, facts.REHAB: {"Q": "84"}, facts.ACCOUNTS: {"L": "72", "F": "51"},
    facts.SALES: {"F": "52"}, facts.E_SALES: {"F": "52", "I": "64"}, facts.LOGISTICS: {"G": "54"},
    facts.COOK: {"H": "62"}, facts.WAITER: {"H": "62"}, facts.GUIDE: {"L": "72", "N": "78"}, facts.HOTEL: {"H": "61"},
    facts.DESIGN: {"R": "88", "L": "72"}, facts.TAILOR: {"C": "18"}, facts.MUSIC: {"R": "88", "P": "83"},
    facts.SPORT: {"R": "89"}, facts.DRONE: {"G": "56", "A": "01", "M": "74"},
}  # fmt: skip

# Invented: years of the employment yearbook that come with divisions, and how much larger than the others some are.
DIVISION_YEARS = (2022, 2023, 2024)
DIVISION_SIZES = {
    "01": 30, "03": 12, "04": 3, "06": 4, "13": 5, "14": 3, "17": 2, "18": 4, "30": 4, "34": 4, "36": 6, "38": 3,
    "39": 6, "44": 4, "47": 8, "48": 4, "50": 3, "52": 3, "54": 8, "59": 2, "62": 4, "65": 2, "66": 3, "72": 5, "74": 3,
    "78": 3, "80": 3, "81": 3, "84": 6, "85": 2, "92": 6, "96": 4,
}  # fmt: skip


class Listed(NamedTuple):
    """An industry on a list: the list in Chinese and English, the code, the part that counts, first and last year."""

    name: str
    name_en: str
    code: str
    share: float = 1.0
    first: int = 2021
    last: int | None = None


PRIORITY_LISTS = (
    Listed("现代农业", "Modern agriculture", "A"),
    *(
        Listed("先进制造业", "Advanced manufacturing", code)
        for code in ("27", "34", "35", "36", "37", "38", "39", "40")
    ),
    *(
        Listed("战略性新兴产业", "Strategic emerging industries", code, share, 2021, 2025)
        for code, share in (("27", 0.4), ("35", 0.3), ("36", 0.3), ("38", 0.3), ("39", 0.6), ("65", 0.5))
    ),
    Listed("家政", "Household services", "80", 0.5),
    Listed("养老", "Elderly care", "85", 0.6),
    Listed("养老", "Elderly care", "80", 0.2),
    Listed("健康", "Health", "84"),
    Listed("健康", "Health", "27", 0.5),
    Listed("健康", "Health", "89", 0.3),
    Listed("旅游", "Tourism", "61"),
    Listed("旅游", "Tourism", "62", 0.4),
    Listed("旅游", "Tourism", "72", 0.1),
    Listed("旅游", "Tourism", "78", 0.4),
    Listed("旅游", "Tourism", "90", 0.5),
    Listed("托育", "Infant and toddler care", "80", 0.1),
    Listed("托育", "Infant and toddler care", "83", 0.2),
    Listed("托育", "Infant and toddler care", "85", 0.2),
)
INDUSTRY_CHAINS = (
    Listed("电子信息产业链", "Electronics and information", "39"),
    Listed("电子信息产业链", "Electronics and information", "65"),
    Listed("汽车产业链", "Automobiles", "36"),
    Listed("汽车产业链", "Automobiles", "81", 0.6),
    Listed("农产品加工产业链", "Farm produce", "01"),
    Listed("农产品加工产业链", "Farm produce", "03"),
    Listed("农产品加工产业链", "Farm produce", "13"),
    Listed("农产品加工产业链", "Farm produce", "14"),
)


# Invented: parts in a hundred of openings and of seekers by skill level; openings ask for one, seekers hold one.
SKILL_LEVELS = {
    "无技能要求": (42, None), "无技术等级": (None, 55), "五级/初级工": (22, 20), "四级/中级工": (18, 14),
    "三级/高级工": (11, 8), "二级/技师": (5, 2), "一级/高级技师": (2, 1),
}  # fmt: skip


def split(whole: int, sizes: list[int]) -> list[int]:
    """A whole number shared out in proportion to sizes, adding up exactly."""
    found, before = [], 0
    for number in range(1, len(sizes) + 1):
        upto = round(whole * sum(sizes[:number]) / sum(sizes))
        found.append(upto - before)
        before = upto
    return found
