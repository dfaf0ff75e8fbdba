-- 列入紧缺目录的职业都达到界线，等级与信号数相符。Every listed shortage reaches its lines, and has the grade of its signals.
-- Of marts.shortage_occupation. Reckoned anew from the numbers that the catalogue itself shows.
with reckoned as (
    select
        s.year, s.occupation_code, s.grade, s.signals_met, s.signals_known,
        case when s.openings_to_seekers >= l.openings_to_seekers then 1 else 0 end
        + case when r.years_at_the_line >= l.years_in_a_row then 1 else 0 end
        + case when s.vacancies_unfilled / nullif(s.vacancies, 0) >= l.unfilled_vacancies then 1 else 0 end
        + case when s.projected_unfilled / nullif(s.projected_openings, 0) >= l.unfilled_projection then 1 else 0 end
        + case when (s.forecast_low - s.graduates) / nullif(s.forecast_low, 0) >= l.unfilled_forecast then 1 else 0 end
            as met,
        greatest(coalesce(s.vacancies, 0), coalesce(s.projected_openings, 0), coalesce(s.forecast_mid, 0)) as demand,
        s.openings_to_seekers, l.smallest_demand, l.listed_above, l.contradicted_below
    from marts.shortage_occupation as s
    cross join core.catalogue_line as l
    left join (
        select occupation_code, year, value as years_at_the_line from marts.shortage_signal where signal = 'years_in_a_row'
    ) as r on r.occupation_code = s.occupation_code and r.year = s.year
),
owed as (
    select r.year, r.occupation_code, max(g.signals) as signals
    from reckoned as r
    join core.shortage_grade as g on g.signals <= r.met
    group by r.year, r.occupation_code
)
select r.year, r.occupation_code, r.grade, r.signals_met, r.met, r.demand, r.openings_to_seekers
from reckoned as r
left join owed as o on o.year = r.year and o.occupation_code = r.occupation_code
left join core.shortage_grade as g on g.signals = o.signals
where
    r.met <> r.signals_met or r.met <= r.listed_above * r.signals_known or r.demand < r.smallest_demand
    or r.openings_to_seekers < r.contradicted_below or g.grade is null or g.grade <> r.grade
