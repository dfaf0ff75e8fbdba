-- 条目的有效期晚于目录年份，并与其等级相符。An entry holds beyond its year, as long as its grade says.
-- Of marts.shortage_occupation.
select s.year, s.occupation_code, s.grade, s.valid_until, g.valid_years
from marts.shortage_occupation as s
left join core.shortage_grade as g on g.grade = s.grade
where s.valid_until is null or s.valid_until <= s.year or g.valid_years is null or s.valid_until <> s.year + g.valid_years
