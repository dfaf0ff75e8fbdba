-- 产业数字的缺口：一行一地区一年一个基数一个类别。One row per region × year × basis × class whose amount is missing or cannot be used.
-- Used by marts.match_index: the class is left out on both sides, so that missing is not taken for zero.
select region, year, basis, level as class_system, industry_code as class_code, fault
from marts.industry_amount
where fault is not null
