-- 专业供求：一行一年一种信号一个专业。One row per year × basis × program: graduates against the openings allotted to it (区域供求比).
-- Used by marts.indicator, marts.duplicate_program and the report. Beside it the simple ratio, which counts openings again and again.
with offered as (
    select cohort_year as year, program_code, count(distinct school_id) as providers
    from core.outcome where graduates > 0 group by cohort_year, program_code
),
names as (
    select program_code, max(program_name) as program_name from marts.unit group by program_code
)
select
    a.year, a.basis, a.program_code, n.program_name, o.providers, a.graduates, a.matched, a.surplus,
    a.allotted_openings, a.supply_demand_ratio, a.reachable_openings, a.simple_ratio, a.one_more_graduate,
    a.witness, a.bottleneck
from marts.program_allotment as a
join offered as o on o.year = a.year and o.program_code = a.program_code
join names as n on n.program_code = a.program_code
