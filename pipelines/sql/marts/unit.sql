-- 专业点：一行一所学校的一个现行专业。One row per school × current program that has enrollment or outcomes.
-- Used by decisions (attributes of a unit) and by every document.
with offered as (
    select school_id, program_code, year as seen, cast(null as integer) as cohort_year, reported_codes from core.enrollment
    union all
    select school_id, program_code, cohort_year, cohort_year, reported_codes from core.outcome
),
newest as (
    select program_code, max(edition) as edition from core.program group by program_code
),
codes as (
    select school_id, program_code, list(distinct code order by code) as reported_codes
    from (select school_id, program_code, unnest(reported_codes) as code from offered) as each_code
    group by school_id, program_code
),
years as (
    select
        school_id, program_code,
        min(seen) as first_year, min(cohort_year) as first_cohort_year, max(cohort_year) as latest_cohort_year
    from offered
    group by school_id, program_code
)
select
    y.school_id || '-' || y.program_code as unit,
    y.school_id, s.name as school_name, y.program_code, p.name as program_name, p.category, p.class, p.level,
    y.first_year, y.first_cohort_year, y.latest_cohort_year, c.reported_codes
from years as y
join codes as c on c.school_id = y.school_id and c.program_code = y.program_code
join core.school as s on s.school_id = y.school_id
left join newest as n on n.program_code = y.program_code
left join core.program as p on p.program_code = n.program_code and p.edition = n.edition
