-- 豁免：一行一个专业点一项豁免。One row per unit × rule × first round; a rule of null means all rules.
-- Used by decisions. Old program codes are followed to the current ones.
select
    e.school_id || '-' || l.current_code as unit,
    nullif(e.rule, '*') as rule,
    e.from_round as "from",
    e.to_round as "to",
    e.reason, e.document, e.approver, e.approved_on, e.row_id
from accepted.exemption as e
join core.program_lineage as l on l.program_code = e.program_code
