-- 紧缺型职业（工种）目录：一行一年一个职业。One row per year × occupation in shortage: indicators, grade of evidence, valid until.
-- Used by marts.program_to_expand, marts.program_to_consider, marts.training_occupation and the catalogues. A signal without data lowers the grade.
with counted as (
    select
        year, occupation_code,
        cast(sum(case when points_to_shortage then 1 else 0 end) as integer) as signals_met,
        cast(sum(case when points_to_shortage is not null then 1 else 0 end) as integer) as signals_known,
        cast(count(*) as integer) as signals
    from marts.shortage_signal
    group by year, occupation_code
),
met as (
    select year, occupation_code, list(signal order by signal) as met
    from marts.shortage_signal
    where points_to_shortage
    group by year, occupation_code
),
missing as (
    select year, occupation_code, list(signal order by signal) as missing
    from marts.shortage_signal
    where points_to_shortage is null
    group by year, occupation_code
),
graded as (
    select c.year, c.occupation_code, max(g.signals) as reached
    from counted as c
    join core.shortage_grade as g on g.signals <= c.signals_met
    group by c.year, c.occupation_code
),
listed as (
    select
        w.from_code as occupation_code, y.year, list(distinct m.class_name order by m.class_name) as priority_lists
    from core.crosswalk as w
    join marts.class_member as m on m.class_system = 'priority_list' and m.industry_code = w.to_code
    join (select distinct year from marts.skill_supply_demand) as y
        on y.year >= coalesce(m.from_year, y.year) and y.year <= coalesce(m.to_year, y.year)
    where w.relation = 'occupation_industry'
    group by w.from_code, y.year
)
select
    s.year, s.occupation_code, s.occupation_name, g.grade, s.year + g.valid_years as valid_until,
    c.signals_met, c.signals_known, c.signals,
    m.met, u.missing,
    s.vacancies, s.job_seekers, s.openings_to_seekers, s.projected_openings, s.forecast_year, s.forecast_low, s.forecast_mid,
    s.forecast_high, s.graduates, s.vacancies_unfilled, s.projected_unfilled, s.entrants, s.offered_programs, p.priority_lists
from marts.skill_supply_demand as s
cross join core.catalogue_line as l
join counted as c on c.year = s.year and c.occupation_code = s.occupation_code
join graded as r on r.year = s.year and r.occupation_code = s.occupation_code
join core.shortage_grade as g on g.signals = r.reached
join met as m on m.year = s.year and m.occupation_code = s.occupation_code
left join missing as u on u.year = s.year and u.occupation_code = s.occupation_code
left join listed as p on p.year = s.year and p.occupation_code = s.occupation_code
where
    c.signals_met > l.listed_above * c.signals_known
    and coalesce(s.openings_to_seekers >= l.contradicted_below, true)
    and (
        s.vacancies >= l.smallest_demand or s.projected_openings >= l.smallest_demand
        or s.forecast_mid >= l.smallest_demand
    )
