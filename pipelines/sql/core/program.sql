-- 专业目录：一行一个版本的一个专业代码。One row per catalogue edition × program code; official rows replace unofficial ones.
-- Used by core.program_lineage and marts.unit.
with editions as (
    select edition, max(case when standing = '官方' then 1 else 0 end) as has_official
    from accepted.program_catalogue
    group by edition
)
select c.edition, c.program_code, c.name, c.category, c.class, c.level
from accepted.program_catalogue as c
join editions as e on e.edition = c.edition
where c.standing = '官方' or e.has_official = 0
