-- 产业占比：一行一地区一年一个类别一个基数。One row per region × year × class system × class × basis.
-- Used by marts.match_index and the report. Levels are never mixed: rows of a level stand, else the next finer level is summed.
with known as (
    select region, year, basis, level, industry_code, sector_code, section_code, amount
    from marts.industry_amount
    where fault is null
),
levels as (
    select
        region, year, basis,
        max(case when level = 'sector' then 1 else 0 end) as has_sector,
        max(case when level = 'section' then 1 else 0 end) as has_section
    from known
    group by region, year, basis
),
-- Divisions stand for a year only when every section with an amount has some.
bare_sections as (
    select s.region, s.year, s.basis, count(*) as sections
    from known as s
    left join (select distinct region, year, basis, section_code from known where level = 'division') as d
        on d.region = s.region and d.year = s.year and d.basis = s.basis and d.section_code = s.section_code
    where s.level = 'section' and s.amount > 0 and d.section_code is null
    group by s.region, s.year, s.basis
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
    union all
    select k.region, k.year, 'division', k.industry_code, k.basis, k.amount
    from known as k
    left join bare_sections as b on b.region = k.region and b.year = k.year and b.basis = k.basis
    where k.level = 'division' and b.sections is null
),
summed as (
    select region, year, class_system, class_code, basis, sum(amount) as amount
    from chosen
    where class_code is not null
    group by region, year, class_system, class_code, basis
),
-- What a listed code stands for: its own row, a section also the sum of its divisions, a sector the sum chosen above.
coded as (
    select region, year, basis, industry_code, amount from known where level <> 'sector'
    union all
    select region, year, basis, class_code, amount from summed where class_system = 'sector'
    union all
    select d.region, d.year, d.basis, d.section_code, sum(d.amount)
    from known as d
    join levels as l on l.region = d.region and l.year = d.year and l.basis = d.basis and l.has_section = 0
    where d.level = 'division'
    group by d.region, d.year, d.basis, d.section_code
),
totals as (
    select region, year, basis, sum(amount) as total from summed where class_system = 'sector' group by region, year, basis
),
-- A list counts in a year only when all its members are known.
listed as (
    select
        t.region, t.year, m.class_system, m.class_code, m.class_name, t.basis, t.total,
        count(*) as members, count(c.amount) as known_members, sum(c.amount * m.share) as amount
    from totals as t
    join marts.class_member as m
        on m.overlapping and m.listed
        and t.year >= coalesce(m.from_year, t.year) and t.year <= coalesce(m.to_year, t.year)
    left join coded as c
        on c.region = t.region and c.year = t.year and c.basis = t.basis and c.industry_code = m.industry_code
    group by t.region, t.year, m.class_system, m.class_code, m.class_name, t.basis, t.total
)
select
    s.region, s.year, s.class_system, s.class_code, c.name as class_name, s.basis, s.amount,
    s.amount / nullif(sum(s.amount) over (partition by s.region, s.year, s.class_system, s.basis), 0) as share,
    false as overlapping
from summed as s
left join core.industry_class as c on c.industry_code = s.class_code
union all
select
    region, year, class_system, class_code, class_name, basis, amount, amount / nullif(total, 0) as share, true as overlapping
from listed
where known_members = members
