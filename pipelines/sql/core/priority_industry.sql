-- 重点产业和产业链清单：一行一个清单一个行业一段年份。One row per kind × list × industry class × first year.
-- Used by marts.class_member. Lists overlap, and a class may belong to a list in part: lists are never added to each other.
select
    kind, list_name, max(list_name_en) over (partition by kind, list_name) as list_name_en, industry_code,
    cast(share as double) as share, from_year, to_year, source, list_value(row_id) as source_rows
from accepted.priority_industry
