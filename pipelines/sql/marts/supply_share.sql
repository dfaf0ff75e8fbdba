-- 供给占比：一行一年一个类别一个基数。One row per year × class system × class × basis of supply (graduates, students in school).
-- Used by marts.match_index and the report. Shares are of the persons that reach a class of the system; where classes overlap, of all that reach an industry.
with classed as (
    select
        s.year, m.class_system, m.class_code, m.class_name, s.basis, m.overlapping, sum(s.persons * m.share) as amount
    from marts.supply_industry as s
    join marts.class_member as m
        on m.industry_code = s.industry_code
        and s.year >= coalesce(m.from_year, s.year) and s.year <= coalesce(m.to_year, s.year)
    group by s.year, m.class_system, m.class_code, m.class_name, s.basis, m.overlapping
),
placed as (
    select year, basis, sum(persons) as persons from marts.supply_industry where industry_code is not null group by year, basis
)
select
    c.year, c.class_system, c.class_code, c.class_name, c.basis, c.amount,
    c.amount / nullif(
        case when c.overlapping then p.persons else sum(c.amount) over (partition by c.year, c.class_system, c.basis) end, 0
    ) as share,
    c.overlapping
from classed as c
join placed as p on p.year = c.year and p.basis = c.basis
