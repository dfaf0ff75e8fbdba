-- 对应紧缺职业的专业：一行一年一个专业。One row per year × program that leads to occupations of a shortage catalogue that holds that year.
-- Used by decisions: a rule-book may exempt such programs. Depends on no verdict.
with years as (
    select distinct year from marts.skill_supply_demand
)
select
    y.year, w.from_code as program_code, max(s.valid_until) as valid_until,
    list(distinct s.occupation_name order by s.occupation_name) as occupations
from years as y
join marts.shortage_occupation as s on s.year <= y.year and y.year <= s.valid_until
join core.shortage_grade as g on g.grade = s.grade and g.protects
cross join core.catalogue_line as l
join core.crosswalk as w
    on w.relation = 'program_occupation' and w.to_code = s.occupation_code and w.weight >= l.protect_least_weight
group by y.year, w.from_code
