"""Moves data: raw files to landed, accepted and quarantined rows, core tables, marts, decisions and documents."""
