-- 建议新设的专业区内没有学校开设，对应的紧缺职业没有专业培养。A program to consider is offered by no school, and no offered program feeds its occupation.
-- Of marts.program_to_consider. Looked up in enrollment, outcomes and crosswalk themselves.
with offered as (
    select year, program_code from core.enrollment where registered > 0
    union
    select cohort_year, program_code from core.outcome where graduates > 0
),
fed as (
    select distinct o.year, w.to_code as occupation_code
    from offered as o
    join core.crosswalk as w on w.relation = 'program_occupation' and w.from_code = o.program_code and w.weight > 0
)
select c.year, c.occupation_code, c.program_code, f.occupation_code as fed, o.program_code as offered, s.grade
from marts.program_to_consider as c
left join fed as f on f.year = c.year and f.occupation_code = c.occupation_code
left join offered as o on o.year = c.year and o.program_code = c.program_code
left join marts.shortage_occupation as s on s.year = c.year and s.occupation_code = c.occupation_code
where f.occupation_code is not null or o.program_code is not null or s.grade is null
