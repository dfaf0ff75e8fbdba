-- 专业—职业—行业对照：一行一对代码，权重归一。One row per relation × from code × to code; weights of a from code sum to 1.
-- Used by marts.program_industry and marts.allotment. The latest version of a relation stands; codes whose weights do not add up to 1 are left out.
with written as (
    select
        c.relation, c.version, coalesce(l.current_code, c.from_code) as from_code, c.to_code,
        sum(cast(c.weight * coalesce(l.share, 1) as double)) as weight_as_written
    from accepted.crosswalk as c
    join core.crosswalk_sum as s
        on s.relation = c.relation and s.version = c.version and s.from_code = c.from_code and s.sound
    left join core.program_lineage as l on c.relation <> 'occupation_industry' and l.program_code = c.from_code
    group by c.relation, c.version, coalesce(l.current_code, c.from_code), c.to_code
)
select
    relation, version, from_code, to_code, weight_as_written,
    weight_as_written / sum(weight_as_written) over (partition by relation, from_code) as weight
from written
where weight_as_written > 0
