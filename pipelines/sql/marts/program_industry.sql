-- 专业到行业：一行一个专业一个行业，权重之和为一。One row per program × industry code; weights of a program sum to 1.
-- Used by marts.supply_share. A direct relation stands before the way over occupations.
with direct as (
    select from_code as program_code, to_code as industry_code, weight from core.crosswalk where relation = 'program_industry'
),
by_occupation as (
    select p.from_code as program_code, o.to_code as industry_code, sum(p.weight * o.weight) as weight
    from core.crosswalk as p
    join core.crosswalk as o on o.relation = 'occupation_industry' and o.from_code = p.to_code
    where p.relation = 'program_occupation'
    group by p.from_code, o.to_code
),
joined as (
    select program_code, industry_code, weight from direct
    union all
    select b.program_code, b.industry_code, b.weight
    from by_occupation as b
    left join (select distinct program_code from direct) as d on d.program_code = b.program_code
    where d.program_code is null
)
select program_code, industry_code, weight / sum(weight) over (partition by program_code) as weight from joined
