-- 从业人员序列：一行一地区一层级一个行业类别一年。One row per region × level × class × year: persons employed, as one comparable series.
-- Used by marts.demand_forecast. Sections as reported, else divisions added up; sectors only where nothing finer is reported.
with reported as (
    select
        region, year, level, industry_code, section_code, employed_persons, classification
    from core.industry
    where employed_persons is not null
),
levels as (
    select
        region, year, section_code,
        max(case when level = 'section' then 1 else 0 end) as has_section
    from reported
    where section_code is not null
    group by region, year, section_code
),
finest as (
    select region, max(case when level = 'sector' then 0 else 1 end) as has_finer from reported group by region
),
placed as (
    select r.region, r.year, 'section' as level, r.section_code as code, r.employed_persons, r.level as reported_level, r.classification
    from reported as r
    join levels as l on l.region = r.region and l.year = r.year and l.section_code = r.section_code
    where r.level = case when l.has_section = 1 then 'section' else 'division' end
    union all
    select region, year, 'division', industry_code, employed_persons, level, classification from reported where level = 'division'
    union all
    select r.region, r.year, 'sector', r.industry_code, r.employed_persons, r.level, r.classification
    from reported as r
    join finest as f on f.region = r.region
    where r.level = 'sector' and f.has_finer = 0
)
select
    p.region, p.level, p.code, max(n.name) as name, max(n.section_code) as section_code, max(n.sector_code) as sector_code,
    p.year, cast(sum(p.employed_persons) as double) as persons,
    max(p.classification) || ' ' || max(p.reported_level) as source,
    count(*) as parts
from placed as p
join core.industry_class as n on n.industry_code = p.code
where p.code is not null
group by p.region, p.level, p.code, p.year
