-- 专业沿革：一行一个曾用代码到一个现行代码。One row per reported program code × current code; the shares of a code add up to exactly 1.
-- Used by every core table with programs. A code stays whole, under itself, where `kept_whole` says why it cannot be followed.
with recursive changes as (
    select
        old_code, old_edition, new_edition, sum(cast(share as double)) as total, count(*) as parts,
        max(case when new_code = old_code then 1 else 0 end) as has_itself
    from accepted.program_lineage
    where new_code is not null and new_edition > old_edition
    group by old_code, old_edition, new_edition
),
-- The next edition in which a code is more than kept decides, as the latest earlier edition had it.
ranked as (
    select *, row_number() over (partition by old_code order by new_edition, old_edition desc) as place
    from changes
    where parts > 1 or has_itself = 0
),
judged as (
    select ranked.*, abs(total - 1) <= rounding.tolerance * parts as adds_up
    from ranked
    cross join core.share_rounding as rounding
    where place = 1
),
-- A split is followed where its shares add up to 1, but for the rounding of each.
steps as (
    select l.old_code, l.new_code, l.kind, cast(l.share as double) / j.total as share
    from accepted.program_lineage as l
    join judged as j on j.old_code = l.old_code and j.old_edition = l.old_edition and j.new_edition = l.new_edition
    where l.new_code is not null and j.has_itself = 0 and j.adds_up
),
codes as (
    select program_code from core.program
    union
    select old_code from accepted.program_lineage
    union
    select new_code from accepted.program_lineage where new_code is not null
),
walk as (
    select program_code, program_code as current_code, cast(1 as double) as share, '保留' as kind, 0 as depth
    from codes
    union all
    select w.program_code, s.new_code, w.share * s.share, s.kind, w.depth + 1
    from walk as w
    join steps as s on s.old_code = w.current_code
    where w.depth < 10
),
ends as (
    select w.program_code, w.current_code, sum(w.share) as share, max(w.kind) as kind
    from walk as w
    left join (select distinct old_code from steps) as onward on onward.old_code = w.current_code
    where onward.old_code is null
    group by w.program_code, w.current_code
),
-- A chain of changes that never ends leads nowhere: less than the whole arrives.
arrived as (
    select program_code, sum(share) as share from ends group by program_code
),
whole as (
    select
        c.program_code,
        case
            when j.has_itself = 1 then 'split_into_itself'
            when not j.adds_up then 'shares_do_not_add_up'
            when a.share is null or a.share < 0.999999 then 'circular'
        end as kept_whole
    from codes as c
    left join judged as j on j.old_code = c.program_code
    left join arrived as a on a.program_code = c.program_code
),
followed as (
    select e.program_code, e.current_code, e.kind, w.kept_whole, e.share
    from ends as e
    join whole as w on w.program_code = e.program_code
    where w.kept_whole is null or w.kept_whole <> 'circular'
    union all
    select program_code, program_code, '保留', kept_whole, cast(1 as double) from whole where kept_whole = 'circular'
),
running as (
    select
        program_code, current_code, kind, kept_whole,
        cast(sum(share) over (
            partition by program_code order by current_code rows between unbounded preceding and current row
        ) as decimal(18, 6)) as share_to
    from followed
)
select
    program_code, current_code,
    cast(share_to - coalesce(lag(share_to) over (partition by program_code order by current_code), 0) as decimal(18, 6)) as share,
    kind, kept_whole
from running
