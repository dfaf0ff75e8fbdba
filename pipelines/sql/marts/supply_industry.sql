-- 供给去向行业：一行一年一个基数一个专业一个行业。One row per year × basis of supply × program × industry code: persons; no code: reached by no crosswalk.
-- Used by marts.supply_share, marts.supply_allotted and marts.data_quality. The persons of a program add up to its graduates, or students.
with supply as (
    select cohort_year as year, program_code, 'graduates' as basis, cast(sum(graduates) as double) as persons
    from core.outcome where graduates is not null group by cohort_year, program_code
    union all
    select year, program_code, 'in_school', cast(sum(in_school) as double)
    from core.enrollment where in_school is not null group by year, program_code
),
reached as (
    select w.program_code, sum(w.weight) as weight
    from marts.program_industry as w
    join core.industry_class as c on c.industry_code = w.industry_code
    group by w.program_code
)
select s.year, s.basis, s.program_code, w.industry_code, s.persons * w.weight as persons
from supply as s
join marts.program_industry as w on w.program_code = s.program_code
join core.industry_class as c on c.industry_code = w.industry_code
union all
select s.year, s.basis, s.program_code, cast(null as varchar), s.persons * (1 - coalesce(r.weight, 0))
from supply as s
left join reached as r on r.program_code = s.program_code
where coalesce(r.weight, 0) < 0.999999999
