-- 数据来源：一行一个指标值的一个来源单元格。One row per indicator value × source cell: file, sheet, cell and the text as written.
-- Used by the evidence pages: every number traces to its cells.
with landed_cells as (
    select row_id, file_digest, file, sheet, row_number, 'outcome' as contract, 'graduates' as column_name, graduates as found from landed.outcome
    union all
    select row_id, file_digest, file, sheet, row_number, 'outcome' as contract, 'employed' as column_name, employed as found from landed.outcome
    union all
    select row_id, file_digest, file, sheet, row_number, 'outcome' as contract, 'self_employed' as column_name, self_employed as found from landed.outcome
    union all
    select row_id, file_digest, file, sheet, row_number, 'outcome' as contract, 'flexible' as column_name, flexible as found from landed.outcome
    union all
    select row_id, file_digest, file, sheet, row_number, 'outcome' as contract, 'further_study' as column_name, further_study as found from landed.outcome
    union all
    select row_id, file_digest, file, sheet, row_number, 'outcome' as contract, 'enlisted' as column_name, enlisted as found from landed.outcome
    union all
    select row_id, file_digest, file, sheet, row_number, 'outcome' as contract, 'unemployed' as column_name, unemployed as found from landed.outcome
    union all
    select row_id, file_digest, file, sheet, row_number, 'outcome' as contract, 'unknown' as column_name, unknown as found from landed.outcome
    union all
    select row_id, file_digest, file, sheet, row_number, 'outcome' as contract, 'matched' as column_name, matched as found from landed.outcome
    union all
    select row_id, file_digest, file, sheet, row_number, 'outcome' as contract, 'local' as column_name, local as found from landed.outcome
    union all
    select row_id, file_digest, file, sheet, row_number, 'outcome' as contract, 'contract' as column_name, contract as found from landed.outcome
    union all
    select row_id, file_digest, file, sheet, row_number, 'outcome' as contract, 'insured' as column_name, insured as found from landed.outcome
    union all
    select row_id, file_digest, file, sheet, row_number, 'outcome' as contract, 'certified' as column_name, certified as found from landed.outcome
    union all
    select row_id, file_digest, file, sheet, row_number, 'outcome' as contract, 'median_monthly_wage' as column_name, median_monthly_wage as found from landed.outcome
    union all
    select row_id, file_digest, file, sheet, row_number, 'outcome' as contract, 'published_placement_rate' as column_name, published_placement_rate as found from landed.outcome
    union all
    select row_id, file_digest, file, sheet, row_number, 'outcome' as contract, 'published_direct_employment_rate' as column_name, published_direct_employment_rate as found from landed.outcome
    union all
    select row_id, file_digest, file, sheet, row_number, 'outcome' as contract, 'published_matched_employment_rate' as column_name, published_matched_employment_rate as found from landed.outcome
    union all
    select row_id, file_digest, file, sheet, row_number, 'outcome' as contract, 'published_full_time_permanent_rate' as column_name, published_full_time_permanent_rate as found from landed.outcome
    union all
    select row_id, file_digest, file, sheet, row_number, 'enrollment' as contract, 'planned' as column_name, planned as found from landed.enrollment
    union all
    select row_id, file_digest, file, sheet, row_number, 'enrollment' as contract, 'admitted' as column_name, admitted as found from landed.enrollment
    union all
    select row_id, file_digest, file, sheet, row_number, 'enrollment' as contract, 'registered' as column_name, registered as found from landed.enrollment
    union all
    select row_id, file_digest, file, sheet, row_number, 'enrollment' as contract, 'in_school' as column_name, in_school as found from landed.enrollment
    union all
    select row_id, file_digest, file, sheet, row_number, 'enrollment' as contract, 'classes' as column_name, classes as found from landed.enrollment
),
needed as (
    select unit, indicator, year, source_table, column_name, unnest(source_rows) as row_id
    from (
        select unit, indicator, year, source_table, source_rows, unnest(source_columns) as column_name from marts.indicator
    ) as by_column
)
select n.unit, n.indicator, n.year, c.contract, c.file, c.sheet, coalesce(m.cell, m.letter || c.row_number, '') as cell, n.column_name, c.found
from needed as n
join landed_cells as c on c.contract = n.source_table and c.row_id = n.row_id and c.column_name = n.column_name
join landed.column_map as m
    on m.file_digest = c.file_digest and m.sheet = c.sheet and m.contract = c.contract and m.column_name = c.column_name
    and c.row_number between m.first_row and m.last_row
    and right(c.row_id, length(m.part)) = m.part
