-- 裁定：一行一个专业点一轮一项裁定。One row per unit × round × ruling × rule; a rule of null means all rules.
-- Used by decisions and by the ledger.
select
    r.school_id || '-' || l.current_code as unit,
    r.round,
    case r.ruling
        when '确认' then 'confirm' when '驳回' then 'reject' when '改定' then 'set' when '不计' then 'set_aside'
        else 'uphold'
    end as ruling,
    r.state,
    nullif(r.rule, '*') as rule,
    r.reason, r.document, r.approver, r.ruled_on, r.row_id
from accepted.ruling as r
join core.program_lineage as l on l.program_code = r.program_code
