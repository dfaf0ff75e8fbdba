-- 多校开设的专业：各校毕业生相加等于全区，岗位只算一次，不多于各职业的岗位。Suppliers add up to the program; its openings are stated once and all programs' openings are no more than there are.
-- Of marts.duplicate_supplier.
with programs as (
    select
        year, program_code, sum(graduates) as suppliers, max(program_graduates) as graduates,
        count(distinct allotted_openings) as statements, max(allotted_openings) as allotted_openings,
        count(distinct school_id) as schools, max(providers) as providers
    from marts.duplicate_supplier
    group by year, program_code
),
openings as (
    select year, sum(openings) as openings from marts.occupation_opening where basis = 'vacancies' group by year
),
all_programs as (
    select p.year, sum(p.allotted_openings) as allotted, max(o.openings) as openings
    from programs as p join openings as o on o.year = p.year
    group by p.year
)
select
    year, program_code, suppliers, graduates, cast(statements as double) as statements, cast(schools as double) as schools,
    cast(providers as double) as providers
from programs
where abs(suppliers - graduates) > 0.01 or statements > 1 or schools <> providers
union all
select year, null, allotted, openings, null, null, null
from all_programs
where allotted > openings + 0.01
