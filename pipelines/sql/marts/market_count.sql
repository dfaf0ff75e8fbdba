-- 市场供求人数：一行一地区一统计期一种分组一个组。One row per region × period × grouping × group: openings and seekers.
-- Used by marts.openings_to_seekers. Groupings: the whole market, occupations, and the groups that are reported.
with total as (
    select region, period, sum(vacancies) as vacancies, sum(job_seekers) as job_seekers
    from core.labour_market
    group by region, period
),
grouped as (
    select region, period, grouping, group_name, sum(vacancies) as vacancies, sum(job_seekers) as job_seekers
    from core.market_group
    group by region, period, grouping, group_name
),
first_grouping as (
    select g.region, g.period, min(g.grouping) as grouping
    from grouped as g
    left join total as t on t.region = g.region and t.period = g.period
    where t.region is null
    group by g.region, g.period
)
select
    region, period, 'total' as grouping, 'total' as group_code, cast(null as varchar) as group_name,
    cast(vacancies as double) as vacancies, cast(job_seekers as double) as job_seekers
from total
union all
select
    g.region, g.period, 'total', 'total', cast(null as varchar), cast(sum(g.vacancies) as double), cast(sum(g.job_seekers) as double)
from grouped as g
join first_grouping as f on f.region = g.region and f.period = g.period and f.grouping = g.grouping
group by g.region, g.period
union all
select
    region, period, 'occupation', occupation_code, max(occupation_name), cast(sum(vacancies) as double), cast(sum(job_seekers) as double)
from core.labour_market
group by region, period, occupation_code
union all
select region, period, grouping, group_name, group_name, cast(vacancies as double), cast(job_seekers as double)
from grouped
