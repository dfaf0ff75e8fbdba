-- 特殊专业：一行一个现行专业一轮。One row per current program × round in which it is on the list of special programs.
-- Used by decisions: a rule-book may exempt them. Old program codes are followed to the current ones.
with rounds as (
    select l.current_code as program_code, unnest(generate_series(s.from_round, s.to_round)) as round, s.kind, s.document, s.row_id
    from accepted.special_program as s
    join core.program_lineage as l on l.program_code = s.program_code
)
select
    program_code, cast(round as integer) as round,
    string_agg(distinct kind, '、' order by kind) as kind,
    string_agg(distinct document, '、' order by document) as document,
    list(distinct row_id order by row_id) as source_rows
from rounds
group by program_code, round
