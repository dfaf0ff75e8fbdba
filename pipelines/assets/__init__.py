"""Dagster assets, one module per room that the data pass: ingest, tables, decisions, documents.

Belongs here: what Dagster needs to know about a step (key, group, upstream, metadata). Does not belong here: the step
itself, which lives in `pipelines.ingest`, `pipelines/sql`, `models` or `reports`.
"""

OWNERS = ["team:district-education-commission"]
