"""Raw files to landed rows, landed rows to accepted or quarantined rows, and the account that they add up.

Belongs here: everything up to typed rows of one table. Does not belong here: joining tables (`pipelines/sql`).
Order of use: `land`, then `accept` for every contract in the order of `contracts()`, then `account`.
"""

from pipelines.ingest.acceptance import accept
from pipelines.ingest.accounting import account
from pipelines.ingest.landing import land
from pipelines.ingest.sources import Source, inventory

__all__ = ["Source", "accept", "account", "inventory", "land"]
