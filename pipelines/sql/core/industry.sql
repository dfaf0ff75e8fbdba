-- 产业结构：一行一地区一年一个行业类别。One row per region × year × industry class.
-- Used by marts.industry_share and marts.employment_series.
select
    i.region, i.year, i.industry_code, c.level, c.sector_code, c.section_code,
    coalesce(i.classification, c.classification) as classification,
    i.value_added, i.employed_persons, i.firms, list_value(i.row_id) as source_rows
from accepted.industry as i
join core.industry_class as c on c.industry_code = i.industry_code
