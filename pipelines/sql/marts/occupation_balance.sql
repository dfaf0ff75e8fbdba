-- 职业供求：一行一年一个职业。One row per year × occupation: vacancies, seekers, 求人倍率, local graduates.
-- Used by the report, by marts.program_balance and by marts.unfed_occupation.
with market as (
    select
        year, occupation_code, max(occupation_name) as occupation_name,
        sum(vacancies) as vacancies, sum(job_seekers) as job_seekers
    from core.labour_market
    group by year, occupation_code
),
fed as (
    select year, occupation_code, sum(graduates) as graduates, count(distinct program_code) as feeding_programs
    from marts.occupation_flow
    where graduates > 0
    group by year, occupation_code
)
select
    m.year, m.occupation_code, m.occupation_name, m.vacancies, m.job_seekers,
    m.vacancies / nullif(cast(m.job_seekers as double), 0) as openings_to_seekers,
    coalesce(f.graduates, 0) as graduates,
    coalesce(f.feeding_programs, 0) as feeding_programs,
    m.vacancies - coalesce(f.graduates, 0) as shortage
from market as m
left join fed as f on f.year = m.year and f.occupation_code = m.occupation_code
