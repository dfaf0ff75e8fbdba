-- 专业到职业的毕业生流：一行一年一个专业一个职业。One row per year × program × occupation: graduates × crosswalk weight.
-- Used by marts.occupation_balance and marts.program_balance.
select
    o.cohort_year as year, o.program_code, w.to_code as occupation_code,
    sum(cast(o.graduates as double)) * w.weight as graduates
from core.outcome as o
join core.crosswalk as w on w.relation = 'program_occupation' and w.from_code = o.program_code
where o.graduates is not null
group by o.cohort_year, o.program_code, w.to_code, w.weight
