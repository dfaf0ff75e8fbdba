-- 设置雷同：一行一年一个专业。One row per year × program: how many of the region's schools offer it, its supply against demand, whether it is a duplicate.
-- Used by marts.indicator (provider_share), marts.duplicate_supplier and the report. Duplicate needs both many suppliers and over-supply.
with offering as (
    select year, school_id, program_code from core.enrollment where registered > 0
    union
    select cohort_year, school_id, program_code from core.outcome where graduates > 0
),
region as (
    select year, count(distinct school_id) as schools_in_region from offering group by year
),
providers as (
    select year, program_code, count(distinct school_id) as providers from offering group by year, program_code
),
names as (
    select program_code, max(program_name) as program_name from marts.unit group by program_code
)
select
    p.year, p.program_code, n.program_name, p.providers, r.schools_in_region,
    p.providers / cast(r.schools_in_region as double) as provider_share, b.graduates, b.allotted_openings,
    b.supply_demand_ratio,
    p.providers >= l.duplicate_providers and p.providers / cast(r.schools_in_region as double) > l.duplicate_provider_share
    and coalesce(b.supply_demand_ratio > l.duplicate_supply_demand_ratio, false) as is_duplicate
from providers as p
cross join core.catalogue_line as l
join region as r on r.year = p.year
join names as n on n.program_code = p.program_code
left join marts.program_balance as b
    on b.basis = 'vacancies' and b.year = p.year and b.program_code = p.program_code
