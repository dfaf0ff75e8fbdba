-- 供需信息中的职业都有代码和名称，来自招聘、预测表或需求预测，一年一行。Every occupation has a code and a name, comes from vacancies, projections or the forecast, and stands once a year.
-- Of marts.skill_supply_demand.
with known as (
    select occupation_code from marts.occupation_opening
    union
    select code from marts.demand_forecast where class_kind = 'occupation'
),
counted as (
    select year, occupation_code, max(occupation_name) as occupation_name, count(*) as times
    from marts.skill_supply_demand
    group by year, occupation_code
)
select c.year, c.occupation_code, c.occupation_name, c.times
from counted as c
left join known as k on k.occupation_code = c.occupation_code
where k.occupation_code is null or c.occupation_name is null or c.times > 1
