-- 供给分配对账：一行一年一个基数一个分类体系。One row per year × basis of supply × class system that divides the whole: persons in, allotted, left out.
-- Used by the check that no graduate is lost (persons = allotted + without_industry + without_class) and by marts.data_quality.
with systems as (
    select distinct class_system from marts.class_member where not overlapping
),
placed as (
    select
        s.year, s.basis, y.class_system,
        sum(s.persons) as persons,
        sum(case when s.industry_code is null then s.persons else 0 end) as without_industry,
        sum(case when s.industry_code is not null and m.class_code is null then s.persons else 0 end) as without_class
    from marts.supply_industry as s
    cross join systems as y
    left join marts.class_member as m on m.class_system = y.class_system and m.industry_code = s.industry_code
    group by s.year, s.basis, y.class_system
),
allotted as (
    select year, basis, class_system, sum(amount) as allotted from marts.supply_share group by year, basis, class_system
)
select
    p.year, p.basis, p.class_system, p.persons, coalesce(a.allotted, 0) as allotted, p.without_industry, p.without_class
from placed as p
left join allotted as a on a.year = p.year and a.basis = p.basis and a.class_system = p.class_system
