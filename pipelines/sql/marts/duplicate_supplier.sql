-- 设置雷同的开设学校：一行一年一个专业一所学校。One row per year × program with several suppliers × school: who offers it, with which supply against which demand.
-- Used by the catalogues.
with offering as (
    select year, school_id, program_code, registered, planned from core.enrollment where registered > 0
),
leaving as (
    select
        school_id, program_code, cohort_year as year, graduates,
        cast(matched as double) / nullif(cast(employed as double), 0) as matched_rate
    from core.outcome
    where graduates > 0
),
points as (
    select year, school_id, program_code from offering
    union
    select year, school_id, program_code from leaving
)
select
    d.year, d.program_code, d.program_name, d.is_duplicate, d.providers, d.provider_share, d.supply_demand_ratio,
    d.graduates as program_graduates, d.allotted_openings, s.name as school_name, p.school_id,
    o.planned, o.registered, l.graduates,
    cast(l.graduates as double) / nullif(cast(d.graduates as double), 0) as share_of_graduates, l.matched_rate
from marts.duplicate_program as d
join points as p on p.year = d.year and p.program_code = d.program_code
join core.school as s on s.school_id = p.school_id
left join offering as o on o.year = p.year and o.school_id = p.school_id and o.program_code = p.program_code
left join leaving as l on l.year = p.year and l.school_id = p.school_id and l.program_code = p.program_code
where d.providers > 1
