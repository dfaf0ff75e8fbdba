"""Decides: pure functions on frames. No Dagster, no files, no connections."""
