-- 专业供求：一行一年一个专业。One row per year × program: graduates against the openings allotted to it (区域供求比).
-- Used by marts.indicator and the report. An opening is allotted once: shared among programs by the graduates they send.
with shares as (
    select
        f.year, f.program_code, f.occupation_code, b.vacancies,
        f.graduates / nullif(sum(f.graduates) over (partition by f.year, f.occupation_code), 0) as part
    from marts.occupation_flow as f
    join marts.occupation_balance as b on b.year = f.year and b.occupation_code = f.occupation_code
),
openings as (
    select
        year, program_code,
        sum(vacancies * part) as allotted_openings,
        sum(vacancies) as reachable_openings
    from shares
    group by year, program_code
),
graduates as (
    select cohort_year as year, program_code, sum(graduates) as graduates, count(distinct school_id) as providers
    from core.outcome where graduates > 0 group by cohort_year, program_code
),
names as (
    select program_code, max(program_name) as program_name from marts.unit group by program_code
)
select
    g.year, g.program_code, n.program_name, g.providers, g.graduates,
    o.allotted_openings, g.graduates / nullif(o.allotted_openings, 0) as supply_demand_ratio, o.reachable_openings
from graduates as g
join names as n on n.program_code = g.program_code
left join openings as o on o.year = g.year and o.program_code = g.program_code
