-- 年度技能人才供需信息：一行一年一个职业。One row per year × occupation: vacancies, seekers, projections, forecast and graduates, each in its own columns.
-- Used by marts.shortage_signal, marts.shortage_occupation, marts.training_occupation and the catalogues. The signals answer different questions and are never added up.
with market as (
    select
        year, occupation_code, occupation_name, vacancies, job_seekers, openings_to_seekers, graduates,
        filled, shortage, feeding_programs
    from marts.occupation_balance
    where basis = 'vacancies'
),
projected as (
    select year, occupation_code, occupation_name, openings, graduates, filled, shortage, feeding_programs
    from marts.occupation_balance
    where basis = 'projection'
),
horizon as (
    select region, base_year, max(year) as year from marts.demand_forecast where class_kind = 'occupation' group by region, base_year
),
forecast as (
    select
        f.base_year as year, f.code as occupation_code, max(f.name) as occupation_name, min(f.year) as forecast_year,
        sum(f.openings_low) as openings_low, sum(f.openings_mid) as openings_mid, sum(f.openings_high) as openings_high
    from marts.demand_forecast as f
    join horizon as h on h.region = f.region and h.base_year = f.base_year and h.year = f.year
    where f.class_kind = 'occupation'
    group by f.base_year, f.code
),
years as (
    select cohort_year as year from core.outcome
    union
    select year from market
),
occupations as (
    select year, occupation_code, occupation_name from market
    union all
    select year, occupation_code, occupation_name from projected
    union all
    select f.year, f.occupation_code, f.occupation_name from forecast as f join years as y on y.year = f.year
),
named as (
    select year, occupation_code, max(occupation_name) as occupation_name from occupations group by year, occupation_code
),
offered as (
    select e.year, e.program_code, count(distinct e.school_id) as schools, sum(e.registered) as registered
    from core.enrollment as e
    where e.registered > 0
    group by e.year, e.program_code
),
entering as (
    select
        o.year, w.to_code as occupation_code, sum(cast(o.registered as double) * w.weight) as entrants,
        count(*) as offered_programs, sum(o.schools) as program_points
    from offered as o
    join core.crosswalk as w on w.relation = 'program_occupation' and w.from_code = o.program_code
    group by o.year, w.to_code
)
select
    n.year, n.occupation_code, n.occupation_name,
    m.vacancies, m.job_seekers, m.openings_to_seekers, b.openings_to_seekers as openings_to_seekers_year_before,
    p.openings as projected_openings,
    f.forecast_year, f.openings_low as forecast_low, f.openings_mid as forecast_mid, f.openings_high as forecast_high,
    coalesce(m.graduates, p.graduates, 0) as graduates,
    m.filled as vacancies_filled, m.shortage as vacancies_unfilled,
    p.filled as projected_filled, p.shortage as projected_unfilled,
    coalesce(e.entrants, 0) as entrants, coalesce(e.offered_programs, 0) as offered_programs,
    coalesce(e.program_points, 0) as program_points
from named as n
left join market as m on m.year = n.year and m.occupation_code = n.occupation_code
left join market as b on b.year = n.year - 1 and b.occupation_code = n.occupation_code
left join projected as p on p.year = n.year and p.occupation_code = n.occupation_code
left join forecast as f on f.year = n.year and f.occupation_code = n.occupation_code
left join entering as e on e.year = n.year and e.occupation_code = n.occupation_code
