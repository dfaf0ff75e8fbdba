-- 职业需求预测：一行一地区一个预测期一个职业分类版本一个职业。One row per region × base year × target year × classification × occupation.
-- Used by marts.occupation_opening: openings are means per year of the period; they are no vacancies and never added to them.
select
    region, base_year, target_year, classification, occupation_code, occupation_name, employed, projected_employed,
    growth_openings, exits, transfers, annual_openings, median_wage, wage_unit, list_value(row_id) as source_rows
from accepted.occupation_projection
