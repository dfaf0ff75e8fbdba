-- 指标长表：一行一个专业点一年一个指标。One row per unit × year × indicator, with numerator, denominator and definition.
-- Used by decisions and by every document: the mechanism reads nothing else.
with rates as (
    select
        school_id, program_code, cohort_year as year, 'placement_rate' as indicator,
        employed + self_employed + flexible + further_study + enlisted as numerator, graduates as denominator, published_placement_rate as published,
        definition, 'outcome' as source_table, ['employed', 'self_employed', 'flexible', 'further_study', 'enlisted', 'graduates', 'published_placement_rate'] as source_columns, source_rows
    from core.outcome
    union all
    select
        school_id, program_code, cohort_year as year, 'direct_employment_rate' as indicator,
        employed + self_employed + flexible as numerator, graduates - further_study - enlisted as denominator, published_direct_employment_rate as published,
        definition, 'outcome' as source_table, ['employed', 'self_employed', 'flexible', 'graduates', 'further_study', 'enlisted', 'published_direct_employment_rate'] as source_columns, source_rows
    from core.outcome
    union all
    select
        school_id, program_code, cohort_year as year, 'matched_employment_rate' as indicator,
        matched as numerator, employed as denominator, published_matched_employment_rate as published,
        definition, 'outcome' as source_table, ['matched', 'employed', 'published_matched_employment_rate'] as source_columns, source_rows
    from core.outcome
    union all
    select
        school_id, program_code, cohort_year as year, 'local_employment_rate' as indicator,
        local as numerator, employed as denominator, cast(null as decimal(18, 10)) as published,
        definition, 'outcome' as source_table, ['local', 'employed'] as source_columns, source_rows
    from core.outcome
    union all
    select
        school_id, program_code, cohort_year as year, 'contract_rate' as indicator,
        contract as numerator, employed as denominator, cast(null as decimal(18, 10)) as published,
        definition, 'outcome' as source_table, ['contract', 'employed'] as source_columns, source_rows
    from core.outcome
    union all
    select
        school_id, program_code, cohort_year as year, 'certificate_rate' as indicator,
        certified as numerator, graduates as denominator, cast(null as decimal(18, 10)) as published,
        definition, 'outcome' as source_table, ['certified', 'graduates'] as source_columns, source_rows
    from core.outcome
    union all
    select
        school_id, program_code, cohort_year as year, 'full_time_permanent_rate' as indicator,
        cast(null as decimal(18, 6)) as numerator, cast(null as decimal(18, 6)) as denominator, published_full_time_permanent_rate as published,
        definition, 'outcome' as source_table, ['published_full_time_permanent_rate'] as source_columns, source_rows
    from core.outcome
    union all
    select
        school_id, program_code, year, 'intake_rate', registered, planned, cast(null as decimal(18, 10)),
        'registered / planned', 'enrollment', ['registered', 'planned'], source_rows
    from core.enrollment
),
counts as (
    select
        school_id, program_code, year, 'registered' as indicator, cast(registered as double) as value,
        'registered students' as definition, 'enrollment' as source_table, ['registered'] as source_columns, source_rows
    from core.enrollment
    where registered is not null
    union all
    select
        school_id, program_code, year, 'classes', cast(classes as double), 'classes',
        'enrollment', ['classes'], source_rows
    from core.enrollment
    where classes is not null
),
wages as (
    select cohort_year, median_monthly_wage, sum(graduates) as graduates
    from core.outcome
    where median_monthly_wage is not null and graduates > 0
    group by cohort_year, median_monthly_wage
),
wage_ranks as (
    select
        cohort_year, median_monthly_wage,
        sum(graduates) over (partition by cohort_year order by median_monthly_wage) as up_to_here,
        sum(graduates) over (partition by cohort_year) as everyone
    from wages
),
regional_wage as (
    select cohort_year, min(median_monthly_wage) as regional_median
    from wage_ranks
    where 2 * up_to_here >= everyone
    group by cohort_year
),
ratios as (
    select
        o.school_id, o.program_code, o.cohort_year as year, 'wage_ratio' as indicator,
        o.median_monthly_wage / nullif(w.regional_median, 0) as value,
        'median wage / graduates-weighted regional median' as definition,
        'outcome' as source_table, ['median_monthly_wage', 'graduates'] as source_columns, o.source_rows
    from core.outcome as o
    join regional_wage as w on w.cohort_year = o.cohort_year
    where o.median_monthly_wage is not null
    union all
    select
        o.school_id, o.program_code, o.cohort_year,
        case when b.basis = 'vacancies' then 'supply_demand_ratio' else 'projected_supply_demand_ratio' end,
        b.supply_demand_ratio,
        case
            when b.basis = 'vacancies' then 'program graduates of the region / vacancies allotted to the program'
            else 'program graduates of the region / projected openings allotted to the program'
        end,
        'outcome', ['graduates'], o.source_rows
    from core.outcome as o
    join marts.program_balance as b on b.year = o.cohort_year and b.program_code = o.program_code
    where b.supply_demand_ratio is not null
    union all
    select
        u.school_id, u.program_code, d.year, 'provider_share', d.provider_share,
        'schools offering the program / schools in the region', 'outcome', ['graduates'], o.source_rows
    from marts.unit as u
    join marts.duplicate_program as d on d.program_code = u.program_code
    join core.outcome as o
        on o.school_id = u.school_id and o.program_code = u.program_code and o.cohort_year = d.year
    union all
    select
        u.school_id, u.program_code, d.year, 'providers', cast(d.providers as double),
        'schools offering the program', 'outcome', ['graduates'], o.source_rows
    from marts.unit as u
    join marts.duplicate_program as d on d.program_code = u.program_code
    join core.outcome as o
        on o.school_id = u.school_id and o.program_code = u.program_code and o.cohort_year = d.year
    union all
    select school_id, program_code, year, indicator, value, definition, source_table, source_columns, source_rows
    from counts
),
values_of_rates as (
    select
        *,
        case when denominator > 0 then cast(numerator as double) / cast(denominator as double) end as counted
    from rates
)
select
    school_id || '-' || program_code as unit, 'school_program' as unit_kind, school_id, program_code, year, indicator,
    case when counted is not null or published is null then numerator end as numerator,
    case when counted is not null or published is null then denominator end as denominator,
    coalesce(counted, cast(published as double)) as value,
    definition, counted is null and published is not null as rate_only,
    source_table, source_columns, source_rows
from values_of_rates
where (numerator is not null and denominator is not null) or published is not null
union all
select
    school_id || '-' || program_code, 'school_program', school_id, program_code, year, indicator,
    cast(null as decimal(18, 6)), cast(null as decimal(18, 6)), value, definition, false,
    source_table, source_columns, source_rows
from ratios
