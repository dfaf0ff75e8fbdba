-- 紧缺信号：一行一年一个职业一种信号。One row per year × occupation × signal: its value, the line, whether it points to a shortage (empty: no data).
-- Used by marts.shortage_occupation and the catalogues. Lines come from core.catalogue_line.
with ratios as (
    select
        s.year, s.occupation_code, s.openings_to_seekers, s.openings_to_seekers_year_before,
        case when s.openings_to_seekers >= l.openings_to_seekers then 1 else 0 end as reached
    from marts.skill_supply_demand as s
    cross join core.catalogue_line as l
    where s.openings_to_seekers is not null
),
numbered as (
    select *, year - row_number() over (partition by occupation_code, reached order by year) as run from ratios
),
runs as (
    select
        year, occupation_code, openings_to_seekers_year_before, reached,
        row_number() over (partition by occupation_code, reached, run order by year) as years
    from numbered
),
measured as (
    select year, occupation_code, 'openings_to_seekers' as signal, openings_to_seekers as value from ratios
    union all
    -- Without the year before, one year that reaches the line says nothing yet about a second.
    select
        year, occupation_code, 'years_in_a_row',
        case when reached = 0 then 0.0 when openings_to_seekers_year_before is not null then cast(years as double) end
    from runs
    union all
    select year, occupation_code, 'unfilled_vacancies', vacancies_unfilled / nullif(vacancies, 0) from marts.skill_supply_demand
    union all
    select year, occupation_code, 'unfilled_projection', projected_unfilled / nullif(projected_openings, 0)
    from marts.skill_supply_demand
    union all
    select year, occupation_code, 'unfilled_forecast', (forecast_low - graduates) / nullif(forecast_low, 0)
    from marts.skill_supply_demand
),
lines as (
    select 'openings_to_seekers' as signal, openings_to_seekers as line from core.catalogue_line
    union all
    select 'years_in_a_row', years_in_a_row from core.catalogue_line
    union all
    select 'unfilled_vacancies', unfilled_vacancies from core.catalogue_line
    union all
    select 'unfilled_projection', unfilled_projection from core.catalogue_line
    union all
    select 'unfilled_forecast', unfilled_forecast from core.catalogue_line
)
select
    o.year, o.occupation_code, o.occupation_name, l.signal, m.value, l.line,
    case when m.value >= l.line then true when m.value < l.line then false end as points_to_shortage
from marts.skill_supply_demand as o
cross join lines as l
left join measured as m on m.year = o.year and m.occupation_code = o.occupation_code and m.signal = l.signal
