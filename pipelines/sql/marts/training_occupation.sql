-- 职业技能培训职业（工种）目录：一行一年一个职业。One row per year × occupation in which persons are missing even when every seeker and every local graduate is counted.
-- Used by the catalogues. Graduates may stand among the seekers too: the number to train is a lower bound.
with teachable as (
    select distinct e.year, w.to_code as occupation_code, e.program_code, e.school_id
    from core.enrollment as e
    join core.crosswalk as w on w.relation = 'program_occupation' and w.from_code = e.program_code
    where e.registered > 0
),
names as (
    select program_code, max(program_name) as program_name from marts.unit group by program_code
),
taught as (
    select
        t.year, t.occupation_code, list(distinct n.program_name order by n.program_name) as programs,
        list(distinct s.name order by s.name) as schools
    from teachable as t
    join names as n on n.program_code = t.program_code
    join core.school as s on s.school_id = t.school_id
    group by t.year, t.occupation_code
)
select
    d.year, d.occupation_code, d.occupation_name, d.vacancies, d.job_seekers, d.openings_to_seekers, d.graduates,
    d.vacancies - d.job_seekers - d.graduates as persons_to_train, s.grade, s.valid_until, t.programs, t.schools
from marts.skill_supply_demand as d
cross join core.catalogue_line as l
left join marts.shortage_occupation as s on s.year = d.year and s.occupation_code = d.occupation_code
left join taught as t on t.year = d.year and t.occupation_code = d.occupation_code
where d.vacancies - d.job_seekers - d.graduates >= l.persons_to_train
