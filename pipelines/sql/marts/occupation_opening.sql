-- 职业岗位：一行一年一种信号一个职业。One row per year × basis × occupation: openings by vacancies, or by projection.
-- Used by marts.allotment, each basis by itself: vacancies and projections answer different questions and are never added up.
with market as (
    select
        region, year, occupation_code, occupation_name, vacancies, job_seekers,
        case when period = cast(year as varchar) then 1 else 0 end as of_the_year,
        max(case when period = cast(year as varchar) then 1 else 0 end)
            over (partition by region, year, occupation_code) as has_the_year
    from core.labour_market
    where vacancies is not null
),
vacancies as (
    select
        year, 'vacancies' as basis, occupation_code, max(occupation_name) as occupation_name,
        sum(cast(vacancies as double)) as openings, sum(cast(job_seekers as double)) as job_seekers,
        cast(null as varchar) as classification
    from market
    where of_the_year = has_the_year
    group by year, occupation_code
),
covering as (
    select distinct y.year, p.region, p.base_year, p.target_year, p.classification
    from (select distinct cohort_year as year from core.outcome) as y
    join core.occupation_projection as p on p.base_year < y.year and y.year <= p.target_year
),
ranked as (
    select
        *,
        row_number() over (
            partition by year, region order by base_year desc, target_year, classification desc
        ) as place
    from covering
),
projected as (
    select
        r.year, 'projection' as basis, p.occupation_code, max(p.occupation_name) as occupation_name,
        sum(p.annual_openings) as openings, cast(null as double) as job_seekers, max(p.classification) as classification
    from ranked as r
    join core.occupation_projection as p
        on p.region = r.region and p.base_year = r.base_year and p.target_year = r.target_year
        and p.classification = r.classification
    where r.place = 1
    group by r.year, p.occupation_code
)
select year, basis, occupation_code, occupation_name, openings, job_seekers, classification from vacancies
union all
select year, basis, occupation_code, occupation_name, openings, job_seekers, classification from projected
