-- 专业到行业：一行一个专业一个行业。One row per program × industry code; weights of a program sum to 1, or to less where an occupation leads nowhere.
-- Used by marts.supply_industry. A direct relation stands before the way over occupations.
with direct as (
    select from_code as program_code, to_code as industry_code, weight from core.crosswalk where relation = 'program_industry'
),
by_occupation as (
    select p.from_code as program_code, o.to_code as industry_code, sum(p.weight * o.weight) as weight
    from core.crosswalk as p
    join core.crosswalk as o on o.relation = 'occupation_industry' and o.from_code = p.to_code
    left join (select distinct program_code from direct) as d on d.program_code = p.from_code
    where p.relation = 'program_occupation' and d.program_code is null
    group by p.from_code, o.to_code
)
select program_code, industry_code, weight from direct
union all
select program_code, industry_code, weight from by_occupation
