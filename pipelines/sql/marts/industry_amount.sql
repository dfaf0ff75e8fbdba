-- 产业数字及其缺陷：一行一地区一年一个基数一个行业类别。One row per region × year × basis × industry class: the amount, or the fault that keeps it out of totals.
-- Used by marts.industry_share, marts.industry_gap and marts.data_quality. A class that a region reports in other years only is missing, not zero.
with amounts as (
    select region, year, 'value_added' as basis, level, industry_code, classification, cast(value_added as double) as amount
    from core.industry
    where value_added is not null
    union all
    select region, year, 'employed_persons', level, industry_code, classification, cast(employed_persons as double)
    from core.industry
    where employed_persons is not null
),
series as (
    select distinct region, basis, level, industry_code from amounts
),
years as (
    select distinct region, basis, level, year from amounts
),
every as (
    select
        s.region, y.year, s.basis, s.level, s.industry_code, c.sector_code, c.section_code, a.amount, a.classification,
        -- The edition of the classification matters below the three sectors; dashes and blanks do not.
        s.level <> 'sector'
        and upper(replace(replace(replace(a.classification, ' ', ''), '—', '-'), '–', '-'))
        <> upper(replace(replace(replace(c.classification, ' ', ''), '—', '-'), '–', '-')) as other_edition,
        lag(a.amount) over (partition by s.region, s.basis, s.industry_code order by y.year) as amount_before,
        lead(a.amount) over (partition by s.region, s.basis, s.industry_code order by y.year) as amount_after
    from series as s
    join years as y on y.region = s.region and y.basis = s.basis and y.level = s.level
    join core.industry_class as c on c.industry_code = s.industry_code
    left join amounts as a
        on a.region = s.region and a.year = y.year and a.basis = s.basis and a.industry_code = s.industry_code
)
select
    region, year, basis, level, industry_code, sector_code, section_code, amount, classification,
    case
        when amount is null then 'missing'
        when other_edition then 'other_classification'
        when amount = 0 and amount_before > 0 and amount_after > 0 then 'zero_for_missing'
    end as fault,
    amount_before
from every
