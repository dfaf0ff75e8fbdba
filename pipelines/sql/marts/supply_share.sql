-- 供给占比：一行一年一个类别一个基数。One row per year × class system × class × basis of supply (graduates, students in school).
-- Used by marts.match_index and the report. Programs without a crosswalk are left out; marts.unmapped_program names them.
with supply as (
    select cohort_year as year, program_code, 'graduates' as basis, sum(graduates) as amount
    from core.outcome where graduates is not null group by cohort_year, program_code
    union all
    select year, program_code, 'in_school', sum(in_school)
    from core.enrollment where in_school is not null group by year, program_code
),
allotted as (
    select s.year, s.basis, c.sector_code, c.section_code, cast(s.amount as double) * w.weight as amount
    from supply as s
    join marts.program_industry as w on w.program_code = s.program_code
    join core.industry_class as c on c.industry_code = w.industry_code
),
classed as (
    select year, basis, 'sector' as class_system, sector_code as class_code, amount from allotted
    union all
    select year, basis, 'section', section_code, amount from allotted
),
summed as (
    select year, class_system, class_code, basis, sum(amount) as amount
    from classed where class_code is not null
    group by year, class_system, class_code, basis
)
select
    s.year, s.class_system, s.class_code, c.name as class_name, s.basis, s.amount,
    s.amount / nullif(sum(s.amount) over (partition by s.year, s.class_system, s.basis), 0) as share,
    false as overlapping
from summed as s
left join core.industry_class as c on c.industry_code = s.class_code
