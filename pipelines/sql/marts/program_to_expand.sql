-- 可扩大招生的专业：一行一年一个专业。One row per year × program that leads to shortage occupations, has room in its balance, fills its seats and places its graduates.
-- Used by the catalogues. Which school grows, and by how much, is what the enrollment plan says.
with outcomes as (
    select
        y.year, o.program_code, sum(cast(o.matched as double)) / nullif(sum(cast(o.employed as double)), 0) as matched_rate
    from (select distinct year from marts.program_balance) as y
    join core.outcome as o on o.cohort_year between y.year - 2 and y.year
    where o.matched is not null and o.employed is not null
    group by y.year, o.program_code
),
intake as (
    select year, program_code, sum(cast(registered as double)) / nullif(sum(cast(planned as double)), 0) as intake_rate
    from core.enrollment
    where registered is not null and planned is not null
    group by year, program_code
),
leading_to as (
    select
        s.year, w.from_code as program_code, sum(s.vacancies_unfilled) as vacancies_unfilled,
        sum(s.projected_unfilled) as projected_unfilled,
        list(s.occupation_name order by s.vacancies_unfilled desc nulls last, s.occupation_code) as occupations,
        list(s.grade order by s.vacancies_unfilled desc nulls last, s.occupation_code) as grades
    from marts.shortage_occupation as s
    join core.shortage_grade as g on g.grade = s.grade and g.expands
    cross join core.catalogue_line as l
    join core.crosswalk as w
        on w.relation = 'program_occupation' and w.to_code = s.occupation_code and w.weight >= l.expand_least_weight
    group by s.year, w.from_code
)
select
    b.year, b.program_code, b.program_name, b.providers, b.graduates, b.allotted_openings, b.supply_demand_ratio, i.intake_rate, o.matched_rate,
    t.occupations, t.grades, t.vacancies_unfilled, t.projected_unfilled
from marts.program_balance as b
cross join core.catalogue_line as l
join leading_to as t on t.year = b.year and t.program_code = b.program_code
join outcomes as o on o.year = b.year and o.program_code = b.program_code
left join intake as i on i.year = b.year and i.program_code = b.program_code
where
    b.basis = 'vacancies' and b.supply_demand_ratio <= l.expand_highest_ratio
    and coalesce(i.intake_rate >= l.expand_lowest_intake_rate, true)
    and o.matched_rate >= l.expand_lowest_matched_rate
