"""What became of every row of Singapore's and Ohio's published files, read through the profiles kept with the tests.

Run as `python -m tests.profile_results`. Prints a Markdown table: per file and contract the rows landed and accepted,
those quarantined by reason, and those that are no data by kind (filtered: left out by the profile).
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from pipelines import ingest
from pipelines.contracts import contracts

TESTS = Path(__file__).parent
DATA = TESTS.parents[1] / "shared" / "data"
PLACES = ("singapore", "ohio")
RESULTS = """
with counted as (
    select file, contract, sum(landed)::bigint as landed, sum(accepted)::bigint as accepted,
        sum(quarantined)::bigint as quarantined, sum(superseded)::bigint as superseded,
        sum(non_data)::bigint as non_data
    from landed.account where not starts_with(file, 'reference/') group by all
),
reasons as (
    select file, contract, rule, count(distinct row_id) as rows from quarantine.finding
    where row_id in (select row_id from quarantine.row) and severity = 'refuse' group by all
),
kinds as (select file, contract, kind, count(*) as rows from landed.non_data group by all)
select file, contract, landed, accepted, quarantined,
    (select string_agg(rule || ' ' || rows, ', ' order by rows desc, rule) from reasons
     where reasons.file = counted.file and reasons.contract = counted.contract) as reasons,
    superseded, non_data,
    (select string_agg(kind || ' ' || rows, ', ' order by rows desc, kind) from kinds
     where kinds.file = counted.file and kinds.contract = counted.contract) as kinds
from counted order by file, contract
"""


def results(place: str) -> Iterator[tuple]:
    """File, contract, rows landed, accepted, quarantined, the reasons, superseded, non-data, their kinds."""
    with duckdb.connect() as connection:
        ingest.land(connection, DATA / place, TESTS / place / "profiles")
        for contract in contracts().values():
            ingest.accept(connection, contract)
        ingest.account(connection)
        yield from connection.execute(RESULTS).fetchall()


def main() -> None:
    """Print the table."""
    print("| place | file | contract | landed | accepted | quarantined | by reason | superseded | non-data | by kind |")
    print("|---|---|---|--:|--:|--:|---|--:|--:|---|")
    for place in PLACES:
        if not (DATA / place).is_dir():
            raise SystemExit(f"The files of {place} are not at {DATA / place}.")
        for row in results(place):
            print("| " + " | ".join([place, *("" if cell is None else str(cell) for cell in row)]) + " |", flush=True)


if __name__ == "__main__":
    main()
