"""The law of ingestion: landed = accepted + quarantined + superseded + non-data, for every file, sheet and contract.

Belongs here: counting both sides independently. Does not belong here: repairing a difference.
"""

import duckdb

from pipelines.contracts import contracts


def account(connection: duckdb.DuckDBPyConnection) -> None:
    """Write landed.account: one row per file × sheet × contract: landed, accepted, quarantined, superseded, non_data.

    `landed` is the number of non-empty rows that reading counted; the other four are counted in their own tables.
    `source_rows` counts the same rows as they stand in the file: fewer than `landed` where one of them gives several
    rows, one per year. Contract "" stands for rows that fit none. Rows of lists of graduates, which are not kept, count
    as accepted when they were counted into outcomes.
    """
    accepted = " union all ".join(
        f"select file, sheet, '{table}' as contract, count(*) as accepted from accepted.{table} group by all"
        for table in contracts()
    )
    listed = "select file, sheet, contract, sum({})::bigint from landed.listed where contract <> '' group by all"
    connection.execute(
        "create or replace table landed.account as"
        " with landed as (select file, sheet, contract, sum(non_empty_rows)::bigint as landed,"
        f" sum(source_rows)::bigint as source_rows from landed.sheet group by all), accepted as ({accepted}"
        f" union all {listed.format('counted')}), quarantined as (select file, sheet, contract, count(*) as quarantined"
        f" from quarantine.row group by all union all {listed.format('refused')}),"
        " superseded as (select file, sheet, contract, count(*) as superseded from landed.superseded group by all),"
        " apart as (select file, sheet, contract, count(*) as non_data from landed.non_data group by all)"
        " select file, sheet, contract, coalesce(landed, 0) as landed, coalesce(accepted, 0) as accepted,"
        " coalesce(quarantined, 0) as quarantined, coalesce(superseded, 0) as superseded,"
        " coalesce(non_data, 0) as non_data, coalesce(source_rows, 0) as source_rows"
        " from landed full join accepted using (file, sheet, contract)"
        " full join quarantined using (file, sheet, contract) full join superseded using (file, sheet, contract)"
        " full join apart using (file, sheet, contract)"
        " order by all"
    )
