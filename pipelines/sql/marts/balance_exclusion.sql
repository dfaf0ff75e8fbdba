-- 供求对接的例外：一行一年一种信号一种情形一个代码。One row per year × basis × kind × code left out of the balance, or doubtful in it.
-- Used by marts.data_quality, which has the words for each kind; amount is in persons or jobs, or as the kind says.
with graduates as (
    select cohort_year as year, program_code, sum(graduates) as graduates
    from core.outcome where graduates > 0 group by cohort_year, program_code
),
names as (
    select program_code, max(program_name) as program_name from marts.unit group by program_code
),
edges as (
    select from_code as program_code, to_code as occupation_code, weight
    from core.crosswalk where relation = 'program_occupation'
),
linked as (
    select distinct program_code from edges
),
signals as (
    select distinct year, basis from marts.occupation_opening
),
reached as (
    select
        s.year, s.basis, e.program_code,
        sum(case when o.occupation_code is null then e.weight else 0 end) as unknown_weight,
        count(o.occupation_code) as known_occupations
    from signals as s
    cross join edges as e
    left join marts.occupation_opening as o
        on o.year = s.year and o.basis = s.basis and o.occupation_code = e.occupation_code
    group by s.year, s.basis, e.program_code
),
occupations_linked as (
    select to_code as occupation_code from core.crosswalk where relation = 'program_occupation'
    union
    select from_code from core.crosswalk where relation = 'occupation_industry'
),
versions as (
    select o.year, p.classification, p.occupation_code, max(p.occupation_name) as occupation_name,
        sum(p.annual_openings) as openings
    from (select distinct year, classification from marts.occupation_opening where basis = 'projection') as o
    join core.occupation_projection as p
        on p.base_year < o.year and o.year <= p.target_year and p.classification <> o.classification
    group by o.year, p.classification, p.occupation_code
),
regions as (
    select year, 'vacancies' as basis, count(distinct region) as regions from core.labour_market group by year
    union all
    select o.year, 'projection', count(distinct p.region)
    from (select distinct year from marts.occupation_opening where basis = 'projection') as o
    join core.occupation_projection as p on p.base_year < o.year and o.year <= p.target_year
    group by o.year
)
select
    s.year, s.basis, 'program_without_occupation' as kind, g.program_code as code,
    n.program_name as name, cast(g.graduates as double) as amount
from signals as s
join graduates as g on g.year = s.year
left join linked as l on l.program_code = g.program_code
left join names as n on n.program_code = g.program_code
where l.program_code is null
union all
select r.year, r.basis, 'program_without_openings', r.program_code, n.program_name, cast(g.graduates as double)
from reached as r
join graduates as g on g.year = r.year and g.program_code = r.program_code
left join names as n on n.program_code = r.program_code
where r.known_occupations = 0
union all
select a.year, a.basis, 'program_with_no_opening', a.program_code, n.program_name, a.graduates
from marts.program_allotment as a
left join names as n on n.program_code = a.program_code
where a.graduates > 0 and a.allotted_openings = 0
union all
select
    r.year, r.basis, 'program_partly_known', r.program_code, n.program_name,
    cast(g.graduates as double) * r.unknown_weight
from reached as r
join graduates as g on g.year = r.year and g.program_code = r.program_code
left join names as n on n.program_code = r.program_code
where r.known_occupations > 0 and r.unknown_weight > 0
union all
select
    s.year, s.basis, 'occupation_without_openings', e.occupation_code, cast(null as varchar),
    sum(cast(g.graduates as double) * e.weight)
from signals as s
join graduates as g on g.year = s.year
join edges as e on e.program_code = g.program_code
left join marts.occupation_opening as o
    on o.year = s.year and o.basis = s.basis and o.occupation_code = e.occupation_code
where o.occupation_code is null
group by s.year, s.basis, e.occupation_code
union all
select o.year, o.basis, 'occupation_without_crosswalk', o.occupation_code, o.occupation_name, o.openings
from marts.occupation_opening as o
left join occupations_linked as l on l.occupation_code = o.occupation_code
where l.occupation_code is null
union all
select year, 'projection', 'other_classification', occupation_code, occupation_name || ' (' || classification || ')', openings
from versions
union all
select year, basis, 'several_regions', cast(null as varchar), cast(null as varchar), cast(regions as double)
from regions
where regions > 1
