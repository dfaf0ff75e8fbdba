"""English names of the sample district's programs, occupations, schools and of the sections of GB/T 4754-2017.

Belongs here: names alone. The sections follow the English titles in use for national statistics; the others are ours.
"""

PROGRAMS_EN = {
    "610102": "Crop production", "610301": "Livestock and poultry production", "640102": "Building decoration",
    "640301": "Building construction", "640501": "Construction cost estimating", "660102": "Machining",
    "660103": "Numerical control", "660108": "Mould making", "660301": "Mechatronics",
    "660303": "Industrial robotics", "700206": "Automobile operation and repair",
    "700209": "New-energy vehicle operation and repair", "710103": "Electronics",
    "710201": "Computer applications", "710202": "Computer networks", "710203": "Software and information services",
    "710204": "Digital media", "720201": "Nursing", "720301": "Pharmacy", "720601": "Rehabilitation",
    "730301": "Accounting", "730701": "E-commerce", "730801": "Logistics services and management",
    "740101": "Tourism services and management", "740104": "Hotel operation and management",
    "740201": "Chinese cuisine",
    "750101": "Arts and crafts", "750201": "Music performance", "680402": "Garment design and making",
    "770101": "Early childhood care", "790302": "Smart elderly care", "770301": "Sports training",
    "660601": "Drone operation and maintenance", "710401": "Microelectronics and device manufacture",
}  # fmt: skip
OCCUPATIONS_EN = {
    "农艺工": "Agronomy worker", "家畜饲养员": "Livestock keeper", "动物疫病防治员": "Animal disease control worker",
    "砌筑工": "Bricklayer", "工程造价员": "Construction cost estimator", "装饰装修工": "Decorator",
    "车工": "Lathe operator",
    "数控机床操作工": "CNC machine operator", "模具工": "Mould maker", "电工": "Electrician",
    "工业机器人系统操作员": "Industrial robot operator", "汽车维修工": "Car mechanic",
    "新能源汽车维修工": "New-energy vehicle mechanic", "汽车生产线操作工": "Car assembly operator",
    "半导体芯片制造工": "Semiconductor chip maker", "电子产品制版工": "Electronics plate maker",
    "网络与信息安全管理员": "Network and information security administrator", "计算机软件测试员": "Software tester",
    "数字媒体艺术制作员": "Digital media artist", "呼叫中心与数据服务员": "Call centre and data service worker",
    "护士": "Nurse", "药师": "Pharmacist", "养老护理员": "Elderly care worker", "保育师": "Child care worker",
    "康复技术员": "Rehabilitation technician", "会计人员": "Accountant", "营销员": "Salesperson",
    "互联网营销师": "Internet marketer", "物流服务师": "Logistics service worker", "中式烹调师": "Chinese cook",
    "餐厅服务员": "Waiter", "导游": "Tour guide", "前厅服务员": "Hotel receptionist",
    "工艺美术品设计师": "Arts and crafts designer", "裁缝": "Tailor", "音乐教师": "Music teacher",
    "社会体育指导员": "Community sports instructor", "无人机驾驶员": "Drone pilot",
}  # fmt: skip
SCHOOLS_EN = {
    "KZ01": "Yunfeng Vocational Education Centre (fictional)", "KZ02": "Hanshui Secondary School (fictional)",
    "KZ03": "Nanling Vocational Middle School (fictional)", "KZ04": "Puli Technical School (fictional)",
    "KZ05": "Linjiang Tourism School (fictional)", "KZ06": "Tiefeng Information Engineering School (fictional)",
    "KZ07": "Xuebao Health School (fictional)", "KZ08": "Qingjiang Construction School (fictional)",
    "KZ09": "Pengxi Science and Technology School (fictional)",
}  # fmt: skip
SECTIONS_EN = {
    "A": "Agriculture, forestry, animal husbandry and fishery", "B": "Mining", "C": "Manufacturing",
    "D": "Production and supply of electricity, heat, gas and water", "E": "Construction",
    "F": "Wholesale and retail trade", "G": "Transport, storage and post", "H": "Hotels and catering",
    "I": "Information transmission, software and information technology", "J": "Financial intermediation",
    "K": "Real estate", "L": "Leasing and business services", "M": "Scientific research and technical services",
    "N": "Management of water conservancy, environment and public facilities",
    "O": "Services to households, repair and other services", "P": "Education", "Q": "Health and social service",
    "R": "Culture, sports and entertainment",
    "S": "Public management, social security and social organization", "T": "International organizations",
    "1": "Primary sector", "2": "Secondary sector", "3": "Tertiary sector",
}  # fmt: skip
