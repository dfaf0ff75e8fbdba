-- 可考虑新设的专业：一行一年一个紧缺职业一个候选专业。One row per year × shortage occupation that no offered program feeds × catalogue program that would (empty: none known).
-- Used by the catalogues. Candidates come from the crosswalk, programs that nobody offers included.
with newest as (
    select program_code, max(edition) as edition from core.program group by program_code
),
candidates as (
    select w.to_code as occupation_code, w.from_code as program_code, w.weight, p.name as program_name, p.category, p.class
    from core.crosswalk as w
    join newest as n on n.program_code = w.from_code
    join core.program as p on p.program_code = n.program_code and p.edition = n.edition
    where w.relation = 'program_occupation'
)
select
    s.year, s.occupation_code, s.occupation_name, s.grade, s.valid_until, s.vacancies, s.job_seekers, s.openings_to_seekers,
    s.projected_openings, s.forecast_mid, c.program_code, c.program_name, c.category, c.class, c.weight
from marts.shortage_occupation as s
left join candidates as c on c.occupation_code = s.occupation_code
where s.offered_programs = 0 and s.graduates = 0
