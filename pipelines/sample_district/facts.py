"""Facts that the sample district stands on: program codes, occupations, published value added.

Program names and codes are those of the 2021 and 2010 catalogues for secondary vocational schools as far as they are
known; this is not an official copy. Occupation names follow the national classification of occupations (大典, 2022);
their codes are for illustration. Value added of Kaizhou is as published; employed persons are invented.
"""

from typing import NamedTuple


class Program(NamedTuple):
    """A program of the 2021 catalogue: code, name, category, class, old code and name of 2010, and its occupations."""

    code: str
    name: str
    category: str
    program_class: str
    old_code: str
    old_name: str
    occupations: tuple[str, ...]


CROPS, LIVESTOCK, VET = "5-01-01", "5-03-01", "5-05-02"
BUILDER, ESTIMATOR, DECORATOR = "6-29-01", "2-02-30", "6-29-04"
MACHINIST, CNC, MOULD, ELECTRICIAN, ROBOT = "6-18-01", "6-18-02", "6-18-04", "6-31-01", "6-31-07"
CAR_REPAIR, EV_REPAIR, CAR_MAKER = "4-12-01", "4-12-02", "6-22-02"
CHIP, ELECTRONICS, NETWORK, SOFTWARE, MEDIA, DATA = "6-25-04", "6-25-02", "4-04-04", "2-02-10", "4-13-01", "4-04-05"
NURSE, PHARMACY, ELDERLY, NURSERY, REHAB = "2-05-08", "4-14-02", "4-10-01", "4-10-02", "4-14-03"
ACCOUNTS, SALES, E_SALES, LOGISTICS = "2-06-03", "4-01-02", "4-01-06", "4-02-06"
COOK, WAITER, GUIDE, HOTEL = "4-03-02", "4-03-03", "4-07-04", "4-03-01"
DESIGN, TAILOR, MUSIC, SPORT = "4-08-08", "6-05-01", "2-09-02", "4-13-04"
DRONE = "4-02-04"

# Occupation code -> name, section of GB/T 4754-2017 with weight, yearly vacancies, yearly seekers.
OCCUPATIONS: dict[str, tuple[str, dict[str, float], int, int]] = {
    CROPS: ("农艺工", {"A": 1.0}, 180, 120),
    LIVESTOCK: ("家畜饲养员", {"A": 1.0}, 130, 90),
    VET: ("动物疫病防治员", {"A": 0.7, "M": 0.3}, 70, 40),
    BUILDER: ("砌筑工", {"E": 1.0}, 320, 260),
    ESTIMATOR: ("工程造价员", {"E": 0.8, "M": 0.2}, 110, 120),
    DECORATOR: ("装饰装修工", {"E": 1.0}, 150, 130),
    MACHINIST: ("车工", {"C": 1.0}, 260, 150),
    CNC: ("数控机床操作工", {"C": 1.0}, 330, 140),
    MOULD: ("模具工", {"C": 1.0}, 110, 60),
    ELECTRICIAN: ("电工", {"C": 0.5, "D": 0.3, "E": 0.2}, 300, 210),
    ROBOT: ("工业机器人系统操作员", {"C": 1.0}, 190, 60),
    CAR_REPAIR: ("汽车维修工", {"O": 1.0}, 240, 210),
    EV_REPAIR: ("新能源汽车维修工", {"O": 0.7, "C": 0.3}, 160, 50),
    CAR_MAKER: ("汽车生产线操作工", {"C": 1.0}, 180, 110),
    CHIP: ("半导体芯片制造工", {"C": 1.0}, 210, 25),
    ELECTRONICS: ("电子产品制版工", {"C": 1.0}, 260, 170),
    NETWORK: ("网络与信息安全管理员", {"I": 1.0}, 110, 130),
    SOFTWARE: ("计算机软件测试员", {"I": 1.0}, 100, 140),
    MEDIA: ("数字媒体艺术制作员", {"I": 0.6, "R": 0.4}, 120, 130),
    DATA: ("呼叫中心与数据服务员", {"I": 0.7, "L": 0.3}, 170, 160),
    NURSE: ("护士", {"Q": 1.0}, 420, 330),
    PHARMACY: ("药师", {"Q": 0.6, "F": 0.4}, 120, 100),
    ELDERLY: ("养老护理员", {"Q": 0.8, "O": 0.2}, 330, 80),
    NURSERY: ("保育师", {"P": 0.8, "Q": 0.2}, 360, 260),
    REHAB: ("康复技术员", {"Q": 1.0}, 110, 70),
    ACCOUNTS: ("会计人员", {"L": 0.6, "F": 0.4}, 150, 380),
    SALES: ("营销员", {"F": 1.0}, 420, 360),
    E_SALES: ("互联网营销师", {"F": 0.7, "I": 0.3}, 380, 330),
    LOGISTICS: ("物流服务师", {"G": 1.0}, 260, 200),
    COOK: ("中式烹调师", {"H": 1.0}, 360, 240),
    WAITER: ("餐厅服务员", {"H": 1.0}, 340, 260),
    GUIDE: ("导游", {"L": 0.5, "N": 0.5}, 90, 110),
    HOTEL: ("前厅服务员", {"H": 1.0}, 190, 140),
    DESIGN: ("工艺美术品设计师", {"R": 0.5, "L": 0.5}, 80, 110),
    TAILOR: ("裁缝", {"C": 1.0}, 180, 120),
    MUSIC: ("音乐教师", {"R": 0.5, "P": 0.5}, 40, 90),
    SPORT: ("社会体育指导员", {"R": 1.0}, 70, 60),
    DRONE: ("无人机驾驶员", {"G": 0.4, "A": 0.3, "M": 0.3}, 120, 30),
}

AGRICULTURE, BUILDING, MACHINES, TRANSPORT = "农林牧渔大类", "土木建筑大类", "装备制造大类", "交通运输大类"
ELECTRONICS_CATEGORY, HEALTH, BUSINESS, TOURISM = "电子与信息大类", "医药卫生大类", "财经商贸大类", "旅游大类"
ARTS, TEACHING, CARE, LIGHT = "文化艺术大类", "教育与体育大类", "公共管理与服务大类", "轻工纺织大类"

PROGRAMS = {
    program.code: program
    for program in (
        Program("610102", "作物生产技术", AGRICULTURE, "农业类", "010200", "现代农艺技术", (CROPS,)),
        Program("610301", "畜禽生产技术", AGRICULTURE, "畜牧业类", "012000", "畜牧兽医", (LIVESTOCK, VET)),
        Program("640102", "建筑装饰技术", BUILDING, "建筑设计类", "040200", "建筑装饰", (DECORATOR,)),
        Program("640301", "建筑工程施工", BUILDING, "土建施工类", "040100", "建筑工程施工", (BUILDER,)),
        Program("640501", "建筑工程造价", BUILDING, "建设工程管理类", "040500", "工程造价", (ESTIMATOR,)),
        Program("660102", "机械加工技术", MACHINES, "机械设计制造类", "051200", "机械加工技术", (MACHINIST,)),
        Program("660103", "数控技术应用", MACHINES, "机械设计制造类", "051400", "数控技术应用", (CNC, MACHINIST)),
        Program("660108", "模具制造技术", MACHINES, "机械设计制造类", "051500", "模具制造技术", (MOULD,)),
        Program("660301", "机电技术应用", MACHINES, "自动化类", "051300", "机电技术应用", (ELECTRICIAN, ROBOT)),
        Program("660303", "工业机器人技术应用", MACHINES, "自动化类", "053500", "工业机器人技术应用", (ROBOT,)),
        Program(
            "700206", "汽车运用与维修", TRANSPORT, "道路运输类", "082500", "汽车运用与维修", (CAR_REPAIR, CAR_MAKER)
        ),
        Program("700209", "新能源汽车运用与维修", TRANSPORT, "道路运输类", "", "", (EV_REPAIR,)),
        Program("710103", "电子技术应用", ELECTRONICS_CATEGORY, "电子信息类", "091300", "电子技术应用", (ELECTRONICS,)),
        Program("710201", "计算机应用", ELECTRONICS_CATEGORY, "计算机类", "090100", "计算机应用", (DATA, NETWORK)),
        Program("710202", "计算机网络技术", ELECTRONICS_CATEGORY, "计算机类", "090500", "计算机网络技术", (NETWORK,)),
        Program("710203", "软件与信息服务", ELECTRONICS_CATEGORY, "计算机类", "090800", "软件与信息服务", (SOFTWARE,)),
        Program("710204", "数字媒体技术应用", ELECTRONICS_CATEGORY, "计算机类", "090200", "数字媒体技术应用", (MEDIA,)),
        Program("720201", "护理", HEALTH, "护理类", "100100", "护理", (NURSE, ELDERLY)),
        Program("720301", "药剂", HEALTH, "药学类", "101100", "药剂", (PHARMACY,)),
        Program("720601", "康复技术", HEALTH, "康复治疗类", "100500", "康复技术", (REHAB,)),
        Program("730301", "会计事务", BUSINESS, "财务会计类", "120100", "会计", (ACCOUNTS,)),
        Program("730701", "电子商务", BUSINESS, "电子商务类", "121100", "电子商务", (E_SALES, SALES)),
        Program("730801", "物流服务与管理", BUSINESS, "物流类", "121900", "物流服务与管理", (LOGISTICS,)),
        Program("740101", "旅游服务与管理", TOURISM, "旅游类", "130200", "旅游服务与管理", (GUIDE,)),
        Program("740104", "高星级饭店运营与管理", TOURISM, "旅游类", "130100", "高星级饭店运营与管理", (HOTEL, WAITER)),
        Program("740201", "中餐烹饪", TOURISM, "餐饮类", "130700", "中餐烹饪与营养膳食", (COOK,)),
        Program("750101", "工艺美术", ARTS, "艺术设计类", "141700", "美术设计与制作", (DESIGN,)),
        Program("750201", "音乐表演", ARTS, "表演艺术类", "140200", "音乐", (MUSIC,)),
        Program("680402", "服装设计与工艺", LIGHT, "纺织服装类", "142400", "服装设计与工艺", (TAILOR,)),
        Program("770101", "幼儿保育", TEACHING, "教育类", "", "", (NURSERY,)),
        Program("790302", "智慧健康养老服务", CARE, "公共服务类", "181700", "老年人服务与管理", (ELDERLY,)),
        Program("770301", "运动训练", TEACHING, "体育类", "150100", "运动训练", (SPORT,)),
        # Offered by nobody: candidates for the occupations that no program feeds.
        Program("660601", "无人机操控与维护", MACHINES, "航空装备类", "", "", (DRONE,)),
        Program("710401", "微电子技术与器件制造", ELECTRONICS_CATEGORY, "集成电路类", "", "", (CHIP,)),
    )
}

# Published value added of Kaizhou, 亿元, three sectors: statistical communiqués of 2020 and 2023.
VALUE_ADDED = {2020: (84.35, 209.75, 241.71), 2023: (95.31, 263.33, 328.27)}

# Invented: base and target year of the projected openings by occupation.
PROJECTED = (2023, 2028)

# Invented: years of the employment yearbook, employed persons by section in 2018 (万人) and the yearly change.
EMPLOYED_YEARS = range(2012, 2025)
EMPLOYED = {
    "A": (16.8, -0.45), "B": (0.9, -0.04), "C": (7.6, 0.22), "D": (0.4, 0.0), "E": (8.9, 0.10), "F": (7.2, 0.15),
    "G": (2.3, 0.05), "H": (3.1, 0.08), "I": (0.7, 0.06), "J": (0.5, 0.01), "K": (0.6, 0.0), "L": (1.0, 0.04),
    "M": (0.5, 0.02), "N": (0.4, 0.01), "O": (2.2, 0.05), "P": (2.6, 0.02), "Q": (1.7, 0.06), "R": (0.4, 0.01),
    "S": (1.9, 0.0), "T": (0.0, 0.0),
}  # fmt: skip

# Invented: how far the yearbook's numbers scatter around the line, and cells that it leaves open.
EMPLOYED_SCATTER = 0.012
EMPLOYED_NOT_REPORTED = {("N", 2019), ("K", 2015)}

# Invented: share of the employed who leave in a year, by section; none is known for mining and public administration.
LEAVING = {
    "A": 0.045, "C": 0.038, "D": 0.025, "E": 0.042, "F": 0.036, "G": 0.034, "H": 0.048, "I": 0.030, "J": 0.026,
    "K": 0.032, "L": 0.035, "M": 0.027, "N": 0.033, "O": 0.041, "P": 0.029, "Q": 0.031, "R": 0.034,
}  # fmt: skip
LEAVING_YEAR = 2020
