-- 无对照的专业：一行一个专业一年。One row per program × year with graduates but without any crosswalk row.
-- Used by the data-quality section of the report: these graduates stand in no share.
select o.program_code, o.cohort_year as year, sum(o.graduates) as graduates
from core.outcome as o
left join (select distinct program_code from marts.program_industry) as w on w.program_code = o.program_code
where w.program_code is null and o.graduates is not null
group by o.program_code, o.cohort_year
