-- 办学条件：一行一所学校一年。One row per school × year: room for entrants, teachers, practice.
-- Used by the enrollment plan: how many entrants a school can take and teach.
select
    school_id, year, seats, teachers, dual_qualified, practice_hours, enterprise_practice_months,
    list_value(row_id) as source_rows
from accepted.school_condition
