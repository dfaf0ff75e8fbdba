"""The yearly round (评议轮次) as a Dagster partition."""

import dagster as dg

TIMEZONE = "Asia/Shanghai"
# A round is named by the latest cohort year it judges; the current calendar year is included.
rounds = dg.TimeWindowPartitionsDefinition(
    start="2000", fmt="%Y", cron_schedule="0 0 1 1 *", timezone=TIMEZONE, end_offset=1
)
