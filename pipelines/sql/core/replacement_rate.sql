-- 离岗率：一行一类一代码一年一个来源。One row per class kind × class × year × source: share of the employed who leave in a year.
-- Used by marts.demand_forecast. An occupation without a given rate has the exits and transfers of its projection.
with given as (
    select distinct code from accepted.replacement_rate where class_kind = 'occupation'
)
select class_kind, code, year, cast(annual_rate as double) as annual_rate, source, published_on, list_value(row_id) as source_rows
from accepted.replacement_rate
union all
select
    'occupation', occupation_code, base_year,
    cast(exits + transfers as double) / ((employed + projected_employed) / 2.0),
    'exits and transfers of the projection ' || base_year || '–' || target_year || ' (' || classification || ')',
    cast(null as date), source_rows
from core.occupation_projection as p
left join given as g on g.code = p.occupation_code
where g.code is null and exits is not null and transfers is not null and employed + projected_employed > 0
