-- 人力资源市场分组供求：一行一地区一统计期一种分组一个组。One row per region × period × grouping × group.
-- Used by marts.market_count. What asks for nothing is called 无要求, whatever the file calls it.
select
    region, period, grouping,
    case
        when group_name in ('不限', '不要求', '无技能要求', '无技术等级要求', '无技术要求', '无学历要求', '无文化程度要求', '无年龄要求', '无性别要求') then '无要求'
        else group_name
    end as group_name,
    vacancies, job_seekers, list_value(row_id) as source_rows
from accepted.market_group
