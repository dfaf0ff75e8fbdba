-- 建议扩招的专业输送到当年紧缺目录的职业、供不应求，且不属于设置雷同。A program to expand leads to listed shortages, has room in its balance, and is no duplicate.
-- Of marts.program_to_expand. Verdicts on single schools are applied after it (decisions.expansion_point).
select e.year, e.program_code, e.program_name, e.supply_demand_ratio, d.is_duplicate, count(s.occupation_code) as shortages
from marts.program_to_expand as e
cross join core.catalogue_line as l
left join core.crosswalk as w on w.relation = 'program_occupation' and w.from_code = e.program_code
left join marts.shortage_occupation as s on s.year = e.year and s.occupation_code = w.to_code
left join marts.duplicate_program as d on d.year = e.year and d.program_code = e.program_code
left join marts.program_balance as b on b.year = e.year and b.program_code = e.program_code and b.basis = 'vacancies'
group by e.year, e.program_code, e.program_name, e.supply_demand_ratio, d.is_duplicate, b.surplus, l.expand_highest_ratio
having
    count(s.occupation_code) = 0 or coalesce(d.is_duplicate, false) or b.surplus is null
    or e.supply_demand_ratio > l.expand_highest_ratio
