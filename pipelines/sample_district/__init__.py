"""The fictional sample district: seeded, the same bytes for the same seed. Schools and cohorts are invented."""

import shutil
from pathlib import Path

from pipelines.sample_district.cohorts import draw
from pipelines.sample_district.industry_workbooks import (
    write_divisions,
    write_market_groups,
    write_priority_industries,
)
from pipelines.sample_district.situations import SCHOOLS, SITUATIONS, UNFED_OCCUPATIONS, Situation
from pipelines.sample_district.workbooks import (
    write_aliases,
    write_crosswalk,
    write_decisions,
    write_english_names,
    write_enrollment,
    write_industry,
    write_labour_market,
    write_occupation_projection,
    write_outcomes,
    write_reference,
    write_replacement_rates,
    write_school_conditions,
    write_special_programs,
)

__all__ = ["SCHOOLS", "SITUATIONS", "UNFED_OCCUPATIONS", "Situation", "write"]


def write(directory: Path, seed: int = 2024) -> None:
    """Write all files of the sample district below `directory`."""
    tables = draw(seed)
    write_reference(directory / "基础")
    write_aliases(directory / "基础" / "别名对照.csv")
    write_english_names(directory / "基础" / "英文名称.csv")
    write_outcomes(directory / "学校上报", tables)
    write_enrollment(directory / "教委" / "招生与在校生.csv", tables)
    write_decisions(directory / "教委")
    write_special_programs(directory / "教委" / "特殊专业名单.csv")
    write_school_conditions(directory / "教委" / "办学条件.xlsx", tables)
    write_industry(directory / "统计", tables)
    write_replacement_rates(directory / "统计" / "分行业离岗率.xlsx")
    write_divisions(directory / "统计" / "分行业大类从业人员.xlsx", tables)
    write_priority_industries(directory / "统计" / "重点产业和产业链清单.csv")
    write_labour_market(directory / "人社")
    write_market_groups(directory / "人社" / "按技术等级分组的供求人数.xlsx")
    write_occupation_projection(directory / "人社")
    write_crosswalk(directory / "对照" / "专业职业行业对照.csv")
    # Schools send the same file twice.
    sent = directory / "学校上报" / f"{SCHOOLS['KZ02'][1][0]}_毕业生就业情况.xlsx"
    shutil.copyfile(sent, sent.with_name(f"{sent.stem}（再次报送）.xlsx"))
