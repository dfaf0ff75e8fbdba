-- 类别成员：一行一个类别一个行业。One row per class system × class × industry code that belongs to it, with the part that does and the years.
-- Used by marts.supply_share, marts.industry_share and the report. Sectors, sections and divisions divide the whole; lists (priority_list, industry_chain) overlap.
with listed as (
    select kind, list_name, list_name_en, industry_code, share, from_year, to_year from core.priority_industry
),
-- A section on a list brings its divisions with it, but for those that the list names itself.
inside as (
    select l.kind, l.list_name, l.list_name_en, d.industry_code, l.share, l.from_year, l.to_year
    from listed as l
    join core.industry_class as d on d.level = 'division' and d.section_code = l.industry_code
    left join listed as own on own.kind = l.kind and own.list_name = l.list_name and own.industry_code = d.industry_code
    where own.list_name is null
),
members as (
    select 'sector' as class_system, sector_code as class_code, industry_code, 1.0 as share from core.industry_class
    union all
    select 'section', section_code, industry_code, 1.0 from core.industry_class where level in ('section', 'division')
    union all
    select 'division', industry_code, industry_code, 1.0 from core.industry_class where level = 'division'
)
select
    m.class_system, m.class_code, c.name as class_name, e.name_en as class_name_en, m.industry_code, cast(m.share as double) as share,
    true as listed, cast(null as integer) as from_year, cast(null as integer) as to_year, false as overlapping
from members as m
left join core.industry_class as c on c.industry_code = m.class_code
left join core.english_name as e on e.kind = 'industry' and e.code = m.class_code
where m.class_code is not null
union all
select kind, list_name, list_name, list_name_en, industry_code, share, true, from_year, to_year, true from listed
union all
select kind, list_name, list_name, list_name_en, industry_code, share, false, from_year, to_year, true from inside
