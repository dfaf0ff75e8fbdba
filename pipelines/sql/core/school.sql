-- 学校：一行一所学校。One row per school.
-- Used by marts.unit and by the number of schools in the region.
select school_id, name, kind, ownership from accepted.school
