-- 产业占比：一行一地区一年一个类别一个基数。One row per region × year × class system × class × basis.
-- Used by marts.match_index and the report. Levels are never mixed: rows of a level stand, else the next finer level is summed.
with amounts as (
    select region, year, level, sector_code, section_code, 'value_added' as basis, value_added as amount from core.industry
    union all
    select region, year, level, sector_code, section_code, 'employed_persons', employed_persons from core.industry
),
known as (
    select * from amounts where amount is not null
),
levels as (
    select
        region, year, basis,
        max(case when level = 'sector' then 1 else 0 end) as has_sector,
        max(case when level = 'section' then 1 else 0 end) as has_section
    from known
    group by region, year, basis
),
chosen as (
    select k.region, k.year, 'sector' as class_system, k.sector_code as class_code, k.basis, k.amount
    from known as k
    join levels as l on l.region = k.region and l.year = k.year and l.basis = k.basis
    where k.level = case when l.has_sector = 1 then 'sector' when l.has_section = 1 then 'section' else 'division' end
    union all
    select k.region, k.year, 'section', k.section_code, k.basis, k.amount
    from known as k
    join levels as l on l.region = k.region and l.year = k.year and l.basis = k.basis
    where k.level = case when l.has_section = 1 then 'section' else 'division' end
),
summed as (
    select region, year, class_system, class_code, basis, sum(amount) as amount
    from chosen
    where class_code is not null
    group by region, year, class_system, class_code, basis
)
select
    s.region, s.year, s.class_system, s.class_code, c.name as class_name, s.basis, s.amount,
    s.amount / nullif(sum(s.amount) over (partition by s.region, s.year, s.class_system, s.basis), 0) as share,
    false as overlapping
from summed as s
left join core.industry_class as c on c.industry_code = s.class_code
