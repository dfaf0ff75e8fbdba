-- 名单计数：一行一所学校的一个专业一届。One row per school × program × cohort year of one list: outcome counts, as text.
-- Used by pipelines/ingest/graduates.py only, on single rows that never leave memory.
-- What is asked of the employed counts among them alone; a count with an answer missing is missing.
select
    school_id,
    program_code,
    cohort_year,
    max(survey_date) as survey_date,
    string_agg(distinct definition, '；' order by definition) as definition,
    count(*) as graduates,
    count(case when destination = '单位就业' then 1 end) as employed,
    count(case when destination = '自主创业' then 1 end) as self_employed,
    count(case when destination = '灵活就业' then 1 end) as flexible,
    count(case when destination = '升学' then 1 end) as further_study,
    count(case when destination = '参军入伍' then 1 end) as enlisted,
    count(case when destination = '未就业' then 1 end) as unemployed,
    count(case when destination = '去向不明' then 1 end) as unknown,
    case when count(case when destination = '单位就业' and matched is null then 1 end) = 0
        then count(case when destination = '单位就业' and matched = '是' then 1 end) end as matched,
    case when count(case when destination = '单位就业' and local is null then 1 end) = 0
        then count(case when destination = '单位就业' and local = '是' then 1 end) end as local,
    case when count(case when destination = '单位就业' and contract is null then 1 end) = 0
        then count(case when destination = '单位就业' and contract = '是' then 1 end) end as contract,
    case when count(case when destination = '单位就业' and insured is null then 1 end) = 0
        then count(case when destination = '单位就业' and insured = '是' then 1 end) end as insured,
    case when count(case when certified is null then 1 end) = 0
        then count(case when certified = '是' then 1 end) end as certified,
    case when count(case when destination = '单位就业' then monthly_wage end) >= $least_wages
        then median(case when destination = '单位就业' then monthly_wage end) end as median_monthly_wage,
    max(restated_on) as restated_on,
    min(ordinal) as ordinal
from accepted_graduate
group by school_id, program_code, cohort_year
