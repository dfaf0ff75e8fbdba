-- 无人培养的紧缺职业：一行一年一个职业。One row per year × occupation with more vacancies than seekers that no local program feeds.
-- Used by the report. A program that takes in students feeds its occupations before the first of them graduate.
select year, occupation_code, occupation_name, vacancies, job_seekers, openings_to_seekers
from marts.skill_supply_demand
where offered_programs = 0 and graduates = 0 and vacancies > coalesce(job_seekers, 0)
