-- 职业供求：一行一年一种信号一个职业。One row per year × basis × occupation: openings, filled, shortage, local graduates.
-- Used by the report and by marts.unfed_occupation. Vacancies and seekers (求人倍率) stand in the rows of basis vacancies only.
select
    a.year, a.basis, a.occupation_code, o.occupation_name, a.openings,
    case when a.basis = 'vacancies' then a.openings end as vacancies, o.job_seekers,
    case when a.basis = 'vacancies' then a.openings / nullif(o.job_seekers, 0) end as openings_to_seekers,
    a.preferred as graduates, a.feeding_programs, a.filled, a.shortage, a.one_more_opening, a.witness, a.bottleneck
from marts.occupation_allotment as a
join marts.occupation_opening as o on o.year = a.year and o.basis = a.basis and o.occupation_code = a.occupation_code
