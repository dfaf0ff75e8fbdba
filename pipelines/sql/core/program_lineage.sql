-- 专业沿革：一行一个曾用代码到一个现行代码。One row per reported program code × current code, with the share that goes there.
-- Used by every core table with programs; a code without a successor stays itself, so that an abolished program is followed.
with recursive steps as (
    select old_code, new_code, kind, cast(share as double) as share
    from accepted.program_lineage
    where new_code is not null and new_code <> old_code
),
walk as (
    select program_code, program_code as current_code, cast(1 as double) as share, '保留' as kind, 0 as depth
    from (select distinct program_code from core.program) as codes
    union all
    select w.program_code, s.new_code, w.share * s.share, s.kind, w.depth + 1
    from walk as w
    join steps as s on s.old_code = w.current_code
    where w.depth < 5
),
ends as (
    select w.program_code, w.current_code, w.share, w.kind
    from walk as w
    left join (select distinct old_code from steps) as onward on onward.old_code = w.current_code
    where onward.old_code is null
)
select
    program_code,
    current_code,
    cast(sum(share) as decimal(18, 10)) as share,
    max(kind) as kind
from ends
group by program_code, current_code
