-- 供需信息的合计与供求平衡、职业岗位、需求预测的合计相等。Totals are those of the balance, of the openings and of the forecast; filled and open add up.
-- Of marts.skill_supply_demand.
with shown as (
    select
        year, sum(vacancies) as vacancies, sum(vacancies_filled) as vacancies_filled, sum(vacancies_unfilled) as vacancies_unfilled,
        sum(projected_openings) as projected, sum(projected_filled) as projected_filled, sum(projected_unfilled) as projected_unfilled,
        sum(forecast_mid) as forecast
    from marts.skill_supply_demand
    group by year
),
openings as (
    select year, basis, sum(openings) as openings from marts.occupation_opening group by year, basis
),
filled as (
    select year, basis, sum(filled) as filled from marts.occupation_allotment group by year, basis
),
matched as (
    select year, basis, sum(matched) as matched from marts.program_allotment group by year, basis
),
compared as (
    select s.year, 'vacancies' as total, s.vacancies as shown, o.openings as expected
    from shown as s join openings as o on o.year = s.year and o.basis = 'vacancies'
    union all
    select s.year, 'projected openings', s.projected, o.openings
    from shown as s join openings as o on o.year = s.year and o.basis = 'projection'
    union all
    select s.year, 'vacancies filled', s.vacancies_filled, f.filled
    from shown as s join filled as f on f.year = s.year and f.basis = 'vacancies'
    union all
    select s.year, 'graduates placed in vacancies', s.vacancies_filled, m.matched
    from shown as s join matched as m on m.year = s.year and m.basis = 'vacancies'
    union all
    select s.year, 'projected openings filled', s.projected_filled, f.filled
    from shown as s join filled as f on f.year = s.year and f.basis = 'projection'
    union all
    select year, 'vacancies filled and left open', vacancies_filled + vacancies_unfilled, vacancies from shown
    where vacancies is not null
    union all
    select year, 'projected openings filled and left open', projected_filled + projected_unfilled, projected from shown
    where projected is not null
    union all
    select s.year, 'forecast', s.forecast, f.openings
    from shown as s
    join (
        select base_year, sum(openings_mid) as openings
        from marts.demand_forecast as d
        where class_kind = 'occupation' and year = (
            select max(h.year) from marts.demand_forecast as h
            where h.class_kind = 'occupation' and h.region = d.region and h.base_year = d.base_year
        )
        group by base_year
    ) as f on f.base_year = s.year
)
select year, total, shown, expected
from compared
where shown is null or expected is null or abs(shown - expected) > 0.01
