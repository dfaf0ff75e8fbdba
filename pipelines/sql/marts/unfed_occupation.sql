-- 无人培养的紧缺职业：一行一年一个职业。One row per year × occupation with more vacancies than seekers and no local program.
-- Used by the report: new programs to consider.
select year, occupation_code, occupation_name, vacancies, job_seekers, openings_to_seekers
from marts.occupation_balance
where basis = 'vacancies' and feeding_programs = 0 and vacancies > coalesce(job_seekers, 0)
