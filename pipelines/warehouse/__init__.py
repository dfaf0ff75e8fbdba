"""The DuckDB warehouse: the SQL files as statements, in the order of the data."""
