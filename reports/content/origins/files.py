"""Where the numbers of data quality come from: rows of files, checks, problems that the marts found.

Belongs here: evidence of what was received. Does not belong here: what the numbers in the files say.
"""

from typing import Any

import pandas as pd

from reports.content.origins.shelf import Shelf, counted, measure
from reports.content.parts import Evidence, Measure, Source, pair, words
from reports.structure import amount
from reports.wording import missing, number

STAGES = ("received", "accepted", "compared")
COUNTS = ["landed", "accepted", "quarantined", "superseded", "non_data"]


class FileOrigins(Shelf):
    """Evidence of files, checks and problems."""

    def files(self) -> str:
        """Rows of all files: landed, accepted, refused; and what was checked."""

        def build(key: str) -> Evidence:
            account = self.tables.frame("landed.account")
            checks = self.tables.frame("checks.expectation")
            broken = checks[~checks["success"].astype(bool)].groupby("stage").size()
            measures = [*rows_of(account), counted("expectations", number(len(checks)))]
            measures += [counted(f"broken_{stage}", number(broken.get(stage, 0))) for stage in STAGES]
            sheets = account.groupby(["file", "sheet"], as_index=False)["landed"].sum()
            sources = tuple(
                Source(str(file), "" if missing(sheet) else str(sheet), "", words("report.rows", n=number(rows, 0)))
                for file, sheet, rows in sheets[["file", "sheet", "landed"]].itertuples(index=False, name=None)
            )
            return Evidence(key, words("report.evidence_of.files"), tuple(measures), sources)

        return self.once("files", build)

    def file(self, file: str) -> str:
        """The rows of one file, as a whole and by table."""

        def build(key: str) -> Evidence:
            account = self.tables.where("landed.account", file=file)
            sources = tuple(
                Source(file, "" if missing(sheet) else str(sheet), "", words("report.rows", n=number(rows, 0)))
                for sheet, rows in account[["sheet", "landed"]].itertuples(index=False, name=None)
            )
            measures = rows_of(account)
            by_table = account.fillna({"contract": ""}).groupby("contract")[COUNTS].sum()
            if len(by_table) > 1:
                for contract, sums in by_table.iterrows():
                    measures += rows_of(sums.to_frame().T, self.table_name(str(contract)))
            return Evidence(key, words("report.evidence_of.file", name=file), tuple(measures), sources)

        return self.once(f"file-{file}", build)

    def table_name(self, contract: str) -> Any:
        """The title of an input table."""
        rows = self.tables.where("marts.source_file", contract=contract)
        return pair(rows["contract_zh"].iloc[0], rows["contract_en"].iloc[0]) if len(rows) else contract

    def problem(self, row: dict[Any, Any]) -> str:
        """One problem that the marts found, by a row of marts.data_quality."""
        name = "-".join(
            str(row[part]) for part in ("kind", "subject", "year", "detail", "basis") if not missing(row[part])
        )

        def build(key: str) -> Evidence:
            said = pair(row["text_zh"], row["text_en"])
            value = pair(*(amount(row, lang) for lang in ("zh", "en")))
            measures = (measure("concerned", value, counted=said),)
            of_industry = str(row["subject_kind"]) in ("industry", "class_system")
            sources = tuple(self.cells.files_of("industry" if of_industry else "crosswalk"))
            return Evidence(key, words("report.evidence_of.problem", kind=said), measures, sources, see=(self.files(),))

        return self.once(f"problem-{name}", build)


def rows_of(account: pd.DataFrame, of: Any = "") -> list[Measure]:
    """How many rows there were of each fate."""
    found = []
    for name in COUNTS:
        one = counted(f"rows_{name}", number(account[name].sum(), 0))
        named = words("report.of_table", name=one.name, table=of) if of else one.name
        found.append(Measure(named, one.definition, one.value, counted_from=one.counted_from))
    return found
