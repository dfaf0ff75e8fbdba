-- 招生与在校生：一行一所学校的一个现行专业一年。One row per school × current program × year.
-- Used by marts.indicator (intake) and marts.supply_share (students in school).
select
    e.school_id,
    l.current_code as program_code,
    e.year,
    case when count(e.planned) = count(*) then sum(cast(e.planned * l.share as decimal(18, 6))) end as planned,
    case when count(e.admitted) = count(*) then sum(cast(e.admitted * l.share as decimal(18, 6))) end as admitted,
    case when count(e.registered) = count(*) then sum(cast(e.registered * l.share as decimal(18, 6))) end as registered,
    case when count(e.in_school) = count(*) then sum(cast(e.in_school * l.share as decimal(18, 6))) end as in_school,
    case when count(e.classes) = count(*) then sum(cast(e.classes * l.share as decimal(18, 6))) end as classes,
    list(distinct e.program_code order by e.program_code) as reported_codes,
    list(e.row_id order by e.row_id) as source_rows
from accepted.enrollment as e
join core.program_lineage as l on l.program_code = e.program_code
group by e.school_id, l.current_code, e.year
