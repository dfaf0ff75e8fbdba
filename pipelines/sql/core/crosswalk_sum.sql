-- 对照权重之和：一行一个起点代码。One row per relation × version × from code as written: do its weights add up to 1?
-- Used by core.crosswalk, which leaves out what is not sound, and by marts.data_quality. The latest version of a relation stands.
with versions as (
    select relation, max(version) as version from accepted.crosswalk group by relation
),
standing as (
    select c.relation, c.version, c.from_code, c.weight
    from accepted.crosswalk as c
    join versions as v on v.relation = c.relation and v.version = c.version
),
-- Where every weight of a relation is 1 the crosswalk has no weights: all links of a code count alike.
unweighted as (
    select relation from standing group by relation having min(weight) = 1
)
select
    s.relation, s.version, s.from_code, count(*) as links, cast(sum(s.weight) as double) as weight_sum,
    u.relation is not null as unweighted,
    sum(s.weight) = 1 as exact,
    -- Each weight may have been rounded like a share of a divided program, not more.
    u.relation is not null or abs(sum(s.weight) - 1) <= r.tolerance * count(*) as sound
from standing as s
cross join core.share_rounding as r
left join unweighted as u on u.relation = s.relation
group by s.relation, s.version, s.from_code, u.relation, r.tolerance
