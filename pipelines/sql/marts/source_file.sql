-- 资料来源：一行一个文件一种表。One row per file × input table: rows accepted, first and last period that they speak of, last date written in them.
-- Used by the report's first section: which files, of which time, up to which date.
with dated as (
    select file, 'outcome' as contract, cast(cohort_year as varchar) as period, cast(survey_date as varchar) as dated_on from accepted.outcome
    union all
    select file, 'enrollment' as contract, cast(year as varchar) as period, cast(restated_on as varchar) as dated_on from accepted.enrollment
    union all
    select file, 'industry' as contract, cast(year as varchar) as period, cast(restated_on as varchar) as dated_on from accepted.industry
    union all
    select file, 'labour_market' as contract, period, cast(restated_on as varchar) as dated_on from accepted.labour_market
    union all
    select file, 'market_group' as contract, period, cast(null as varchar) as dated_on from accepted.market_group
    union all
    select file, 'occupation_projection' as contract, cast(base_year as varchar) as period, cast(null as varchar) as dated_on
    from accepted.occupation_projection
    union all
    select file, 'occupation_projection' as contract, cast(target_year as varchar) as period, cast(null as varchar) as dated_on
    from accepted.occupation_projection
    union all
    select file, 'replacement_rate' as contract, cast(year as varchar) as period, cast(published_on as varchar) as dated_on
    from accepted.replacement_rate
    union all
    select file, 'school_condition' as contract, cast(year as varchar) as period, cast(null as varchar) as dated_on
    from accepted.school_condition
    union all
    select file, 'crosswalk' as contract, version as period, cast(null as varchar) as dated_on from accepted.crosswalk
    union all
    select file, 'priority_industry' as contract, cast(from_year as varchar) as period, cast(null as varchar) as dated_on
    from accepted.priority_industry
    union all
    select file, 'objection' as contract, cast(round as varchar) as period, cast(received_on as varchar) as dated_on
    from accepted.objection
    union all
    select file, 'ruling' as contract, cast(round as varchar) as period, cast(ruled_on as varchar) as dated_on from accepted.ruling
    union all
    select file, 'exemption' as contract, cast(from_round as varchar) as period, cast(approved_on as varchar) as dated_on
    from accepted.exemption
),
spans as (
    select file, contract, min(period) as first_period, max(period) as last_period, max(dated_on) as dated_on
    from dated
    group by file, contract
),
counted as (
    select
        file, contract, cast(sum(accepted) as integer) as accepted, cast(sum(quarantined) as integer) as quarantined
    from landed.account
    where contract is not null
    group by file, contract
)
select c.file, c.contract, c.accepted, c.quarantined, s.first_period, s.last_period, s.dated_on, max(f.file_digest) as file_digest
from counted as c
left join spans as s on s.file = c.file and s.contract = c.contract
left join landed.file as f on f.file = c.file
group by c.file, c.contract, c.accepted, c.quarantined, s.first_period, s.last_period, s.dated_on
