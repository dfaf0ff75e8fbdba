-- 达到界线的职业没有漏列。No occupation that reaches the lines is left out of the shortage catalogue.
-- Of marts.shortage_occupation. Signals are counted anew.
with counted as (
    select
        year, occupation_code, max(occupation_name) as occupation_name,
        sum(case when value >= line then 1 else 0 end) as met, count(value) as known
    from marts.shortage_signal
    group by year, occupation_code
)
select c.year, c.occupation_code, c.occupation_name, c.met, c.known
from counted as c
cross join core.catalogue_line as l
join marts.skill_supply_demand as d on d.year = c.year and d.occupation_code = c.occupation_code
left join marts.shortage_occupation as s on s.year = c.year and s.occupation_code = c.occupation_code
where
    s.occupation_code is null and c.met > l.listed_above * c.known
    and c.met >= (select min(signals) from core.shortage_grade)
    and (d.openings_to_seekers is null or d.openings_to_seekers >= l.contradicted_below)
    and (
        d.vacancies >= l.smallest_demand or d.projected_openings >= l.smallest_demand or d.forecast_mid >= l.smallest_demand
    )
