-- 产业、市场、对照和在校生数据的来源：一行一个数的一个来源单元格。One row per input number outside the indicators × source cell: table, code, year, period, column, file, sheet, cell.
-- Used by the report: every number of industry, labour market, projection, crosswalk, lists and students in school traces to its cells.
with used as (
    select 'industry' as contract, industry_code as code, year, cast(null as varchar) as period, unnest(source_rows) as row_id from core.industry
    union all
    select 'labour_market' as contract, occupation_code as code, year, period, unnest(source_rows) as row_id from core.labour_market
    union all
    select 'occupation_projection' as contract, occupation_code as code, base_year as year, cast(null as varchar) as period, unnest(source_rows) as row_id
    from core.occupation_projection
    union all
    select 'replacement_rate' as contract, code, year, cast(null as varchar) as period, unnest(source_rows) as row_id
    from core.replacement_rate
    union all
    select 'crosswalk' as contract, from_code as code, cast(null as integer) as year, cast(null as varchar) as period, row_id from accepted.crosswalk
    union all
    select 'priority_industry' as contract, list_name as code, cast(null as integer) as year, cast(null as varchar) as period, row_id
    from accepted.priority_industry
    union all
    select 'market_group' as contract, group_name as code, cast(substr(period, 1, 4) as integer) as year, period, row_id
    from accepted.market_group
    union all
    select 'enrollment' as contract, school_id || '-' || program_code as code, year, cast(null as varchar) as period, unnest(source_rows) as row_id
    from core.enrollment
),
landed_rows as (
    select 'industry' as contract, row_id, file_digest, file, sheet, row_number from landed.industry
    union all
    select 'labour_market' as contract, row_id, file_digest, file, sheet, row_number from landed.labour_market
    union all
    select 'occupation_projection' as contract, row_id, file_digest, file, sheet, row_number from landed.occupation_projection
    union all
    select 'replacement_rate' as contract, row_id, file_digest, file, sheet, row_number from landed.replacement_rate
    union all
    select 'crosswalk' as contract, row_id, file_digest, file, sheet, row_number from landed.crosswalk
    union all
    select 'priority_industry' as contract, row_id, file_digest, file, sheet, row_number from landed.priority_industry
    union all
    select 'market_group' as contract, row_id, file_digest, file, sheet, row_number from landed.market_group
    union all
    select 'enrollment' as contract, row_id, file_digest, file, sheet, row_number from landed.enrollment
)
select distinct
    u.contract, u.code, u.year, u.period, m.column_name, r.file, r.sheet, coalesce(m.cell, m.letter || r.row_number, '') as cell
from used as u
join landed_rows as r on r.contract = u.contract and r.row_id = u.row_id
join landed.column_map as m
    on m.file_digest = r.file_digest and m.sheet = r.sheet and m.contract = r.contract
    and r.row_number between m.first_row and m.last_row
    and right(r.row_id, length(m.part)) = m.part
where
    m.column_name in (
        'value_added', 'employed_persons', 'vacancies', 'job_seekers', 'employed', 'projected_employed',
        'annual_openings', 'annual_rate', 'weight', 'share', 'in_school'
    )
    or (u.contract = 'priority_industry' and m.column_name = 'industry_code')
