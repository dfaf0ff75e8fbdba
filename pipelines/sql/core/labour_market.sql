-- 人力资源市场供求：一行一地区一统计期一个职业。One row per region × period × occupation.
-- Used by marts.occupation_opening.
select
    region, cast(substr(period, 1, 4) as integer) as year, period, occupation_code, occupation_name,
    vacancies, job_seekers, list_value(row_id) as source_rows
from accepted.labour_market
