-- 过剩的证据：一行一年一种信号一组专业。One row per year × basis × witness × bottleneck: programs that share too few openings.
-- Used by the report. A witness's programs feed its occupations and no other; its bottlenecks are its parts, the tightest first.
with supplied as (
    select
        year, basis, witness, bottleneck, count(*) as programs, sum(graduates) as graduates,
        list(program_name order by graduates desc, program_code) as program_names
    from marts.program_balance
    where witness > 0
    group by year, basis, witness, bottleneck
),
needed as (
    select
        year, basis, witness, bottleneck, count(*) as occupations, sum(openings) as openings,
        list(occupation_name order by openings desc, occupation_code) as occupation_names
    from marts.occupation_balance
    where witness > 0
    group by year, basis, witness, bottleneck
),
parts as (
    select
        s.year, s.basis, s.witness, s.bottleneck, s.programs, s.graduates, coalesce(n.occupations, 0) as occupations,
        coalesce(n.openings, 0) as openings, s.graduates - coalesce(n.openings, 0) as surplus,
        s.program_names, coalesce(n.occupation_names, []) as occupation_names
    from supplied as s
    left join needed as n
        on n.year = s.year and n.basis = s.basis and n.witness = s.witness and n.bottleneck = s.bottleneck
)
select
    *,
    sum(programs) over (partition by year, basis, witness) as witness_programs,
    sum(graduates) over (partition by year, basis, witness) as witness_graduates,
    sum(openings) over (partition by year, basis, witness) as witness_openings,
    sum(surplus) over (partition by year, basis, witness) as witness_surplus
from parts
