-- 数据质量问题：一行一个问题。One row per problem in crosswalk, weights, industry series and market periods: what, which year, how much it touches, whether it is used.
-- Used by the report's data-quality section. What cannot be used is kept out of shares, indices and ratios, and stands here.
with names as (
    select program_code, max(program_name) as program_name from marts.unit group by program_code
),
occupations as (
    select occupation_code, max(occupation_name) as occupation_name from core.labour_market group by occupation_code
),
written_codes as (
    select program_code, current_code from core.program_lineage
),
-- Programs: persons that no crosswalk row brings to an industry, with the reason.
unsound as (
    select coalesce(l.current_code, s.from_code) as program_code, max(s.relation) as relation, min(s.weight_sum) as weight_sum
    from core.crosswalk_sum as s
    left join written_codes as l on l.program_code = s.from_code
    where not s.sound and s.relation in ('program_occupation', 'program_industry')
    group by coalesce(l.current_code, s.from_code)
),
mapped as (
    select distinct from_code as program_code from core.crosswalk where relation in ('program_occupation', 'program_industry')
),
lost as (
    select program_code, year, basis, sum(persons) as persons
    from marts.supply_industry
    where industry_code is null and persons > 0
    group by program_code, year, basis
),
-- Without any way to industry nobody reaches it: that is one problem, not one of every program.
ways as (
    select count(*) as links from marts.program_industry
),
nobody_reaches as (
    select
        'crosswalk_to_industry_missing' as kind, 'class_system' as subject_kind, 'industry' as subject,
        cast(null as varchar) as subject_name, l.year, cast(null as varchar) as detail, l.basis, sum(l.persons) as amount,
        'persons' as unit, false as used
    from lost as l
    join mapped as m on m.program_code = l.program_code
    join ways as w on w.links = 0
    group by l.year, l.basis
),
lost_programs as (
    select
        case
            when m.program_code is not null then 'program_reaches_no_industry'
            when u.program_code is not null then 'weights_not_one'
            else 'program_without_crosswalk'
        end as kind,
        'program' as subject_kind, l.program_code as subject, n.program_name as subject_name, l.year,
        case when m.program_code is null and u.program_code is not null then cast(round(u.weight_sum, 4) as varchar) end as detail,
        l.basis, l.persons as amount, 'persons' as unit, false as used
    from lost as l
    left join names as n on n.program_code = l.program_code
    left join mapped as m on m.program_code = l.program_code
    left join unsound as u on u.program_code = l.program_code
    cross join ways as w
    where m.program_code is null or w.links > 0
),
unweighted as (
    select
        'crosswalk_unweighted' as kind, 'class_system' as subject_kind, relation as subject,
        cast(null as varchar) as subject_name, cast(null as integer) as year, version as detail, relation as basis,
        cast(sum(case when links > 1 then 1 else 0 end) as double) as amount, 'codes' as unit, true as used
    from core.crosswalk_sum
    where unweighted
    group by relation, version
    having sum(case when links > 1 then 1 else 0 end) > 0
),
-- Weights of codes without persons of their own: occupations, and programs that nobody attends.
idle_weights as (
    select
        case when s.sound then 'weights_rounded' else 'weights_not_one' end as kind,
        case when s.relation = 'occupation_industry' then 'occupation' else 'program' end as subject_kind,
        s.from_code as subject, coalesce(o.occupation_name, n.program_name) as subject_name, cast(null as integer) as year,
        cast(round(s.weight_sum, 4) as varchar) as detail, s.relation as basis, cast(null as double) as amount,
        'persons' as unit, s.sound as used
    from core.crosswalk_sum as s
    left join names as n on n.program_code = s.from_code and s.relation <> 'occupation_industry'
    left join occupations as o on o.occupation_code = s.from_code and s.relation = 'occupation_industry'
    left join written_codes as w on w.program_code = s.from_code
    left join (select distinct program_code from lost) as l on l.program_code = coalesce(w.current_code, s.from_code)
    where not s.exact and not s.unweighted and (s.sound or s.relation = 'occupation_industry' or l.program_code is null)
),
unknown_industries as (
    select
        'industry_code_unknown' as kind, 'industry' as subject_kind, x.to_code as subject,
        cast(null as varchar) as subject_name, cast(null as integer) as year, cast(count(*) as varchar) as detail,
        max(x.relation) as basis, cast(null as double) as amount, 'persons' as unit, false as used
    from core.crosswalk as x
    left join core.industry_class as c on c.industry_code = x.to_code
    where x.relation in ('occupation_industry', 'program_industry') and c.industry_code is null
    group by x.to_code
),
-- Persons whose industry is known less finely than a class system asks that industry is reported in.
coarse as (
    select
        'supply_too_coarse' as kind, 'class_system' as subject_kind, a.class_system as subject,
        cast(null as varchar) as subject_name, a.year, cast(null as varchar) as detail, a.basis, a.without_class as amount,
        'persons' as unit, false as used
    from marts.supply_allotted as a
    join (select distinct class_system, year from marts.industry_share) as i
        on i.class_system = a.class_system and i.year = a.year
    where a.without_class > 0.000001
),
-- Persons in a section of which a list names divisions: nobody knows how many of them belong to the list.
coarse_lists as (
    select
        'supply_too_coarse' as kind, 'class_system' as subject_kind, m.class_code as subject,
        cast(null as varchar) as subject_name, s.year, s.industry_code as detail, s.basis, sum(s.persons) as amount,
        'persons' as unit, false as used
    from marts.supply_industry as s
    join core.industry_class as c on c.industry_code = s.industry_code and c.level = 'section'
    join (
        select distinct f.class_system, f.class_code, f.from_year, f.to_year, d.section_code
        from marts.class_member as f
        join core.industry_class as d on d.industry_code = f.industry_code and d.level = 'division'
        left join marts.class_member as whole
            on whole.class_system = f.class_system and whole.class_code = f.class_code and whole.industry_code = d.section_code
        where f.overlapping and whole.class_code is null
    ) as m on m.section_code = s.industry_code
        and s.year >= coalesce(m.from_year, s.year) and s.year <= coalesce(m.to_year, s.year)
    group by m.class_code, s.year, s.industry_code, s.basis
),
faults as (
    select
        case a.fault when 'missing' then 'industry_series_gap' when 'zero_for_missing' then 'industry_zero' else 'industry_other_edition' end as kind,
        'industry' as subject_kind, a.industry_code as subject, c.name as subject_name, a.year,
        case when a.fault = 'other_classification' then a.classification end as detail,
        a.basis, coalesce(a.amount, a.amount_before) as amount,
        case when a.basis = 'value_added' then 'yuan' else 'persons' end as unit, false as used
    from marts.industry_amount as a
    join core.industry_class as c on c.industry_code = a.industry_code
    where a.fault is not null
),
-- Amounts of industries that the classification puts into no sector.
homeless as (
    select
        'industry_without_sector' as kind, 'industry' as subject_kind, a.industry_code as subject, c.name as subject_name,
        a.year, cast(null as varchar) as detail, a.basis, a.amount,
        case when a.basis = 'value_added' then 'yuan' else 'persons' end as unit, false as used
    from marts.industry_amount as a
    join core.industry_class as c on c.industry_code = a.industry_code
    where a.fault is null and a.amount > 0 and a.sector_code is null
),
-- Years inside a region's series for which nothing of a level was reported.
reported_years as (
    select distinct region, basis, level, year from marts.industry_amount
),
followed_years as (
    select region, basis, level, year, lead(year) over (partition by region, basis, level order by year) as next_year
    from reported_years
),
silent_years as (
    select
        'industry_years_missing' as kind, 'class_system' as subject_kind, level as subject, region as subject_name,
        year + 1 as year, cast(year + 1 as varchar) || '–' || cast(next_year - 1 as varchar) as detail, basis,
        cast(null as double) as amount, case when basis = 'value_added' then 'yuan' else 'persons' end as unit, false as used
    from followed_years
    where next_year - year > 1
),
unused_divisions as (
    select
        'divisions_incomplete' as kind, 'class_system' as subject_kind, 'division' as subject, a.region as subject_name,
        a.year, cast(null as varchar) as detail, a.basis, sum(a.amount) as amount,
        case when a.basis = 'value_added' then 'yuan' else 'persons' end as unit, false as used
    from marts.industry_amount as a
    left join marts.industry_share as s
        on s.region = a.region and s.year = a.year and s.basis = a.basis and s.class_system = 'division'
        and s.class_code = a.industry_code
    where a.level = 'division' and a.fault is null and s.class_code is null
    group by a.region, a.year, a.basis
),
unknown_members as (
    select
        'list_members_unknown' as kind, 'class_system' as subject_kind, m.class_system as subject, y.region as subject_name,
        y.year, string_agg(distinct m.class_code, '、' order by m.class_code) as detail, y.basis,
        cast(null as double) as amount, case when y.basis = 'value_added' then 'yuan' else 'persons' end as unit, false as used
    from (select distinct region, year, basis from marts.industry_share) as y
    join marts.class_member as m
        on m.overlapping and m.listed
        and y.year >= coalesce(m.from_year, y.year) and y.year <= coalesce(m.to_year, y.year)
    left join marts.industry_share as s
        on s.region = y.region and s.year = y.year and s.basis = y.basis and s.class_system = m.class_system
        and s.class_code = m.class_code
    where s.class_code is null
    group by m.class_system, y.region, y.year, y.basis
),
quarters as (
    select distinct
        region, 4 * cast(substr(period, 1, 4) as integer) + cast(substr(period, 6, 1) as integer) - 1 as number
    from core.labour_market
    where period like '____Q_'
),
followed_quarters as (
    select region, number, lead(number) over (partition by region order by number) as next_number from quarters
),
silent_quarters as (
    select
        'quarters_missing' as kind, 'labour_market' as subject_kind, region as subject, cast(null as varchar) as subject_name,
        cast(floor((number + 1) / 4) as integer) as year,
        cast(cast(floor((number + 1) / 4) as integer) as varchar) || 'Q' || cast((number + 1) % 4 + 1 as varchar)
        || case
            when next_number - number > 2
                then '–' || cast(cast(floor((next_number - 1) / 4) as integer) as varchar) || 'Q' || cast((next_number - 1) % 4 + 1 as varchar)
            else ''
        end as detail,
        'vacancies' as basis, cast(next_number - number - 1 as double) as amount, 'quarters' as unit, false as used
    from followed_quarters
    where next_number - number > 1
),
-- Groups of a grouping that do not add up to the whole market.
grouped as (
    select region, period, grouping, sum(vacancies) as vacancies, sum(job_seekers) as job_seekers
    from marts.market_count
    where grouping not in ('total', 'occupation')
    group by region, period, grouping
),
apart as (
    select
        'market_groups_differ' as kind, 'labour_market' as subject_kind, g.region as subject, g.grouping as subject_name,
        cast(substr(g.period, 1, 4) as integer) as year, g.period as detail, 'vacancies' as basis,
        abs(g.vacancies - t.vacancies) + abs(g.job_seekers - t.job_seekers) as amount, 'persons' as unit, true as used
    from grouped as g
    join marts.market_count as t on t.region = g.region and t.period = g.period and t.grouping = 'total'
    where g.vacancies <> t.vacancies or g.job_seekers <> t.job_seekers
),
-- What the balance of supply and demand left out or doubts.
balance as (
    select
        e.kind,
        case
            when e.kind like 'program_%' then 'program'
            when e.kind = 'several_regions' then 'labour_market'
            else 'occupation'
        end as subject_kind,
        e.code as subject, e.name as subject_name, e.year, cast(null as varchar) as detail, e.basis, e.amount,
        case
            when e.kind = 'several_regions' then 'regions'
            when e.kind in ('occupation_without_crosswalk', 'other_classification') then 'jobs'
            else 'persons'
        end as unit,
        e.kind in ('program_with_no_opening', 'program_partly_known', 'several_regions', 'occupation_without_crosswalk') as used
    from marts.balance_exclusion as e
),
-- Rates of leaving for codes that are no industry, or no occupation that anything else speaks of.
known_codes as (
    select 'industry' as class_kind, industry_code as code from core.industry_class
    union
    select 'occupation', occupation_code from marts.occupation_opening
    union
    select 'occupation', occupation_code from core.occupation_projection
    union
    select 'occupation', from_code from core.crosswalk where relation = 'occupation_industry'
),
idle_rates as (
    select
        'rate_code_unknown' as kind, r.class_kind as subject_kind, r.code as subject, cast(null as varchar) as subject_name,
        max(r.year) as year, max(r.source) as detail, 'replacement_rate' as basis, max(r.annual_rate) as amount,
        'share' as unit, false as used
    from core.replacement_rate as r
    left join known_codes as k on k.class_kind = r.class_kind and k.code = r.code
    where k.code is null
    group by r.class_kind, r.code
),
problems as (
    select * from nobody_reaches
    union all select * from idle_rates
    union all select * from lost_programs
    union all select * from unweighted
    union all select * from idle_weights
    union all select * from unknown_industries
    union all select * from coarse
    union all select * from coarse_lists
    union all select * from faults
    union all select * from homeless
    union all select * from silent_years
    union all select * from unused_divisions
    union all select * from unknown_members
    union all select * from silent_quarters
    union all select * from apart
    union all select * from balance
),
-- What the forecast found in the yearly series, as of the latest base year; gaps and zeros stand above year by year.
latest_forecast as (
    select f.*
    from marts.forecast_finding as f
    join (select max(base_year) as base_year from marts.forecast_finding) as l on l.base_year = f.base_year
),
forecasts as (
    select
        'forecast_' || kind as kind, 'industry' as subject_kind, code as subject, name as subject_name, base_year as year,
        years as detail, cast(1 as double) as amount, used, message_zh as text_zh, message_en as text_en
    from latest_forecast
    where kind not in ('gap', 'zero', 'short')
    union all
    select
        'forecast_short', 'class_system', level, cast(null as varchar), base_year, cast(null as varchar),
        cast(count(*) as double), true, max(message_zh), max(message_en)
    from latest_forecast
    where kind = 'short' and used
    group by level, base_year
),
texts as (
    select *
    from (
        values
        ('program_without_crosswalk', '专业没有对照行：毕业生（在校生）不计入任何行业占比。请在对照表中补上该专业。', 'The program has no crosswalk row: its graduates (students) are in no share. Add it to the crosswalk.'),
        ('program_reaches_no_industry', '专业经职业未能全部到达行业：未到达的部分不计入占比。请补上职业到行业的对照。', 'Some occupations of the program lead to no industry: that part is in no share. Complete the crosswalk from occupations to industries.'),
        ('weights_not_one', '权重之和不为 1，超出取整所能解释：该代码的对照全部不用。请更正权重。', 'The weights do not add up to 1, beyond rounding: no row of this code is used. Correct the weights.'),
        ('crosswalk_unweighted', '对照没有权重（都写作 1）：一个代码的各去向平均分配；数量为有多个去向的代码。', 'The crosswalk has no weights (all are 1): the links of a code count alike; the amount is the number of codes with several links.'),
        ('crosswalk_to_industry_missing', '没有通向行业的对照：没有供给一侧的行业占比，也没有匹配指数。', 'No crosswalk leads to industries: there are no shares of supply and no match indices.'),
        ('program_without_occupation', '专业没有对应职业的对照行：毕业生不参加供求对接，没有供求比。请在对照表中补上。', 'No crosswalk row leads from the program to an occupation: its graduates are not in the balance and it has no ratio. Add it to the crosswalk.'),
        ('program_with_no_opening', '专业对应的职业当年一个岗位也没有：毕业生全部计为过剩，供求比无法计算，以供求比为准的规则不会触发。请人工研判。', 'The occupations of the program have no opening at all this year: all its graduates are left over, it has no ratio, and rules on the ratio do not see it. Judge it by hand.'),
        ('program_without_openings', '专业对应的职业当年都没有岗位数：该专业没有供求比。', 'None of the occupations of the program has a number of openings this year: it has no supply–demand ratio.'),
        ('program_partly_known', '专业对应的部分职业当年没有岗位数：这部分毕业生按其余职业计。', 'Some occupations of the program have no number of openings this year: that part of its graduates counts by the others.'),
        ('occupation_without_openings', '职业当年没有岗位数：不参加供求对接。', 'The occupation has no number of openings this year: it is not in the balance.'),
        ('occupation_without_crosswalk', '有岗位而没有专业对应的职业：其岗位不分给任何专业。', 'An occupation with openings that no crosswalk row reaches: its openings go to no program.'),
        ('other_classification', '职业代码属于另一版分类：不与现用版本相加，不参加对接。', 'The occupation code belongs to another classification: it is not added to the one in use and not in the balance.'),
        ('several_regions', '当年岗位数来自几个地区：已相加。', 'The openings of this year come from several regions: they are added.'),
        ('weights_rounded', '权重之和因取整而不为 1：已按比例调整后使用。', 'The weights miss 1 by rounding only: they are scaled and used.'),
        ('industry_code_unknown', '对照指向行业分类中没有的代码：这一部分不计入占比。请更正代码。', 'The crosswalk leads to a code that the classification does not have: that part is in no share. Correct the code.'),
        ('supply_too_coarse', '对照只到门类，分不到更细的类别：这些人不计入该类别体系。请把对照细化到大类。', 'The crosswalk reaches a section only and no finer class: these persons are not in this class system. Refine the crosswalk to divisions.'),
        ('industry_series_gap', '该行业这一年没有数字：不当作零，当年的比较两侧都不含此类，合计不含它；列出的是上一年的数。', 'The industry has no number for this year: it is not taken for zero, the comparison leaves the class out on both sides, totals are without it; the amount shown is that of the year before.'),
        ('industry_zero', '前后两年为正而当年为零：视为缺失，当年不用。请核对。', 'Zero between two positive years: taken for missing and not used. Check it.'),
        ('industry_other_edition', '数字依据另一版行业分类：与分类表不可比，不计入占比。请换算到现行分类。', 'The number follows another edition of the classification: it cannot be compared and is in no share. Convert it to the current one.'),
        ('industry_without_sector', '分类表没有写明该行业属于哪次产业：三次产业的占比不含它。', 'The classification puts this industry into no sector: shares by sector are without it.'),
        ('industry_years_missing', '这些年份没有该层级的数字：没有这些年份的占比和指数。', 'Nothing of this level was reported for these years: they have no shares and no indices.'),
        ('divisions_incomplete', '有的门类没有大类数字：大类这一层级当年不用。', 'Some sections have no divisions: the level of divisions is not used for this year.'),
        ('list_members_unknown', '这些清单所列行业当年不全有数字：当年没有产业一侧的占比。', 'Not every industry on these lists has a number for this year: they have no share on the side of industry.'),
        ('market_groups_differ', '各组供求之和与按职业合计的总数不一致：各自照用，请核对。', 'Groups do not add up to the total over occupations: both are used as they are. Check them.'),
        ('rate_code_unknown', '离岗率的代码不在行业分类中，也不是任何一处出现的职业：不用。请更正代码。', 'The code of this rate of leaving is no industry of the classification and no occupation found elsewhere: it is not used. Correct the code.'),
        ('quarters_missing', '这些季度没有供求数字：环比、同比不跨越缺口。', 'These quarters were not reported: changes are not computed across the gap.')
    ) as t(kind, text_zh, text_en)
)
select
    p.kind, p.subject_kind, p.subject, p.subject_name, p.year, p.detail, p.basis, p.amount, p.unit, p.used, t.text_zh, t.text_en
from problems as p
join texts as t on t.kind = p.kind
union all
select
    kind, subject_kind, subject, subject_name, year, detail, 'employed_persons', amount, 'series', used, text_zh, text_en
from forecasts
