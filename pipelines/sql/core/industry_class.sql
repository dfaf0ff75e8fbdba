-- 行业分类：一行一个行业类别。One row per industry class with its section and sector.
-- Used to bring industry and crosswalk codes to the same classes.
select
    industry_code, name, level,
    case when level = 'sector' then industry_code else sector_code end as sector_code,
    case when level = 'section' then industry_code else section_code end as section_code,
    classification
from accepted.industry_class
