-- 异议：一行一个专业点一轮一次异议。One row per unit × round × day of receipt.
-- Used by the ledger: a round becomes final when every objection received in its window has a ruling.
select
    o.school_id || '-' || l.current_code as unit,
    o.round, o.received_on, o.grounds, o.document, o.row_id
from accepted.objection as o
join core.program_lineage as l on l.program_code = o.program_code
