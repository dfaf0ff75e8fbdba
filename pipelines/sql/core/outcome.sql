-- 毕业生就业：一行一所学校的一个现行专业一届。One row per school × current program × cohort year; the latest survey stands.
-- Used by marts.indicator. Counts of old codes are shared and added; a sum with a missing part is missing.
with ranked as (
    select *, row_number() over (
        partition by school_id, program_code, cohort_year
        order by survey_date desc nulls last, definition desc nulls last, row_id
    ) as recency
    from accepted.outcome
),
latest as (
    select * from ranked where recency = 1
)
select
    o.school_id,
    l.current_code as program_code,
    o.cohort_year,
    max(o.survey_date) as survey_date,
    max(o.definition) as definition,
    case when count(o.graduates) = count(*) then sum(cast(o.graduates * l.share as decimal(18, 6))) end as graduates,
    case when count(o.employed) = count(*) then sum(cast(o.employed * l.share as decimal(18, 6))) end as employed,
    case when count(o.self_employed) = count(*) then sum(cast(o.self_employed * l.share as decimal(18, 6))) end as self_employed,
    case when count(o.flexible) = count(*) then sum(cast(o.flexible * l.share as decimal(18, 6))) end as flexible,
    case when count(o.further_study) = count(*) then sum(cast(o.further_study * l.share as decimal(18, 6))) end as further_study,
    case when count(o.enlisted) = count(*) then sum(cast(o.enlisted * l.share as decimal(18, 6))) end as enlisted,
    case when count(o.unemployed) = count(*) then sum(cast(o.unemployed * l.share as decimal(18, 6))) end as unemployed,
    case when count(o.unknown) = count(*) then sum(cast(o.unknown * l.share as decimal(18, 6))) end as unknown,
    case when count(o.matched) = count(*) then sum(cast(o.matched * l.share as decimal(18, 6))) end as matched,
    case when count(o.local) = count(*) then sum(cast(o.local * l.share as decimal(18, 6))) end as local,
    case when count(o.contract) = count(*) then sum(cast(o.contract * l.share as decimal(18, 6))) end as contract,
    case when count(o.insured) = count(*) then sum(cast(o.insured * l.share as decimal(18, 6))) end as insured,
    case when count(o.certified) = count(*) then sum(cast(o.certified * l.share as decimal(18, 6))) end as certified,
    case when count(*) = 1 then max(o.median_monthly_wage) end as median_monthly_wage,
    case when count(*) = 1 then max(o.published_placement_rate) end as published_placement_rate,
    case when count(*) = 1 then max(o.published_direct_employment_rate) end as published_direct_employment_rate,
    case when count(*) = 1 then max(o.published_matched_employment_rate) end as published_matched_employment_rate,
    case when count(*) = 1 then max(o.published_full_time_permanent_rate) end as published_full_time_permanent_rate,
    list(distinct o.program_code order by o.program_code) as reported_codes,
    list(o.row_id order by o.row_id) as source_rows
from latest as o
join core.program_lineage as l on l.program_code = o.program_code
group by o.school_id, l.current_code, o.cohort_year
