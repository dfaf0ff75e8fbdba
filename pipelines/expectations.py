"""Great Expectations suites made from the contracts and the rules of the field.

Belongs here: a second, independent reading of both, on rows as received, as accepted and as compared, by a tool that
knows nothing of how rows were judged.
Does not belong here: judging rows (`pipelines.ingest`), showing results (`pipelines.checks`, reports).
"""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import duckdb
import pandas as pd

from pipelines.contracts import Check, Column, Contract, Severity, contracts
from pipelines.field_rules import FieldRule, FieldRules, field_rules

if TYPE_CHECKING:
    import great_expectations as gx
    from great_expectations.expectations import Expectation

Stage = Literal["received", "accepted"]
STAGES: tuple[Stage, ...] = ("received", "accepted")
COMPARED = "compared"
EXAMPLES = 5
MOST_ROWS = 200_000  # of larger tables so many rows, evenly spread, are looked at
UNSHOWN = ("column", "column_list", "ignore_row_if", "or_equal")
GX_SEVERITY = {"refuse": "critical", "flag": "warning", "note": "info"}


@dataclass(frozen=True)
class Expected:
    """One expectation of a contract: the class in Great Expectations, its arguments, and whose rule it is."""

    kind: str
    arguments: dict[str, Any]
    column: str
    severity: Severity

    @property
    def name(self) -> str:
        """Class name and arguments in short, such as ColumnValuesToBeBetween(min_value=0.0)."""
        shown = {key: value for key, value in self.arguments.items() if key not in UNSHOWN and value is not None}
        return f"{self.kind.removeprefix('Expect')}({', '.join(f'{key}={value}' for key, value in shown.items())})"


def expectations(contract: Contract) -> list[Expected]:
    """All expectations of one contract, by column, then the key, then the checks between columns."""
    found = [expected for column in contract.columns for expected in column_expectations(column)]
    key = list(contract.key)
    unique: tuple[str, dict[str, Any]] = (
        "ExpectCompoundColumnsToBeUnique",
        {"column_list": key, "ignore_row_if": "never"},
    )
    if len(key) == 1:
        unique = ("ExpectColumnValuesToBeUnique", {"column": key[0]})
    found.append(Expected(*unique, column=", ".join(key), severity="refuse"))
    return found + [expected for check in contract.checks for expected in check_expectations(check)]


def column_expectations(column: Column) -> list[Expected]:
    """What one column promises: that it is filled, its bounds, its choices."""
    found: list[tuple[str, dict[str, Any]]] = []
    if column.required:
        found.append(("ExpectColumnValuesToNotBeNull", {}))
    if column.min is not None or column.max is not None:
        found.append(("ExpectColumnValuesToBeBetween", {"min_value": column.min, "max_value": column.max}))
    if column.choices:
        found.append(("ExpectColumnValuesToBeInSet", {"value_set": list(column.choices)}))
    return [Expected(kind, {"column": column.name, **arguments}, column.name, "refuse") for kind, arguments in found]


def check_expectations(check: Check) -> list[Expected]:
    """The native expectations that a check names."""
    return [
        Expected(
            stated["type"],
            {key: value for key, value in stated.items() if key != "type"},
            str(stated.get("column") or ", ".join(stated[side] for side in ("column_A", "column_B"))),
            check.severity,
        )
        for stated in check.expect
    ]


def run_suites(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Run every contract's suite on both stages; one result row per contract × stage × expectation.

    Columns: contract, stage (received: accepted and refused rows as typed; accepted), expectation, column, severity,
    success, evaluated (rows with a value), unexpected (rows that break it), examples (text). On accepted rows only
    the expectations of severity refuse are run: what is merely flagged may remain there.
    """
    source = pandas_source()
    results: list[dict[str, Any]] = []
    for contract in contracts().values():
        for stage in STAGES:
            rows = stage_rows(connection, contract, stage)
            wanted = [found for found in expectations(contract) if stage == "received" or found.severity == "refuse"]
            found = run_suite(source, f"{contract.table}_{stage}", wanted, rows) if len(rows) else map(unasked, wanted)
            results += [{"contract": contract.table, "stage": stage, **result} for result in found]
    return results


def run_rules(connection: duckdb.DuckDBPyConnection, rules: FieldRules | None = None) -> list[dict[str, Any]]:
    """Run the rules of the field on the measures in checks.compared; result rows like those of `run_suites`.

    Their stage is "compared", their column the rule's name.
    """
    source = pandas_source()
    results: list[dict[str, Any]] = []
    for rule in (rules or field_rules()).rules:
        measures = connection.execute("select measure from checks.compared where rule = ?", [rule.name]).df()
        wanted = [rule_expectation(rule)]
        found = run_suite(source, rule.name, wanted, measures) if len(measures) else map(unasked, wanted)
        results += [{"contract": rule.table, "stage": COMPARED, **result} for result in found]
    return results


def pandas_source() -> Any:
    """A data source of Great Expectations that takes frames."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context.data_sources.add_pandas("rows")


def rule_expectation(rule: FieldRule) -> Expected:
    """A rule of the field as an expectation on its measure."""
    arguments = {"column": "measure", **rule.bounds}
    return Expected("ExpectColumnValuesToBeBetween", arguments, rule.name, rule.severity)


def stage_rows(connection: duckdb.DuckDBPyConnection, contract: Contract, stage: Stage) -> pd.DataFrame:
    """The typed rows of a contract at a stage, with the columns that its checks derive; counts as floats."""
    names = ", ".join(f'"{column.name}"' for column in contract.columns)
    source = f"select {names}, row_id from accepted.{contract.table}"
    if stage == "received":
        source += f" union all select {names}, row_id from quarantine.{contract.table}"
    sample = f"select {names} from ({source}) order by row_id limit {MOST_ROWS}"
    (size,) = connection.execute(f"select count(*) from ({source})").fetchall()[0]
    if size > MOST_ROWS:
        sample = f"select {names} from ({source}) where hash(row_id) % {size} < {MOST_ROWS}"
    rows = connection.sql(sample).df()
    for column in contract.columns:
        if column.type in ("count", "number", "rate", "year"):
            rows[column.name] = rows[column.name].astype("float64")
    for check in contract.checks:
        for name, expression in check.derive.items():
            rows[name] = rows.eval(expression, engine="python")
    return rows


def run_suite(source: Any, name: str, wanted: list[Expected], rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Validate `rows` against the wanted expectations; result rows without contract and stage."""
    import great_expectations as gx

    suite = gx.ExpectationSuite(
        name=name, expectations=[native(expected, place) for place, expected in enumerate(wanted)]
    )
    definition = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe(name)
    batch = definition.get_batch(batch_parameters={"dataframe": rows})
    validated = batch.validate(suite, result_format={"result_format": "SUMMARY", "partial_unexpected_count": EXAMPLES})
    results = sorted(validated.results, key=lambda result: result.expectation_config.meta["place"])
    return [result_row(wanted[result.expectation_config.meta["place"]], result) for result in results]


def native(expected: Expected, place: int) -> "Expectation":
    """The expectation as Great Expectations knows it."""
    import great_expectations.expectations as native_expectations
    from great_expectations.expectations.row_conditions import Column as ConditionColumn

    kind = getattr(native_expectations, expected.kind)
    arguments = {name: value for name, value in expected.arguments.items() if name != "where"}
    for column, values in expected.arguments.get("where", {}).items():
        arguments["row_condition"] = ConditionColumn(column).is_in(values)
    return kind(**arguments, severity=GX_SEVERITY[expected.severity], meta={"place": place})


def unasked(expected: Expected) -> dict[str, Any]:
    """The result of an expectation on a table without rows."""
    counts = {"success": True, "evaluated": 0, "unexpected": 0, "examples": ""}
    return {"expectation": expected.name, "column": expected.column, "severity": expected.severity, **counts}


def result_row(expected: Expected, result: "gx.core.ExpectationValidationResult") -> dict[str, Any]:
    """One validation result in plain values; raises RuntimeError when the expectation itself could not be run."""
    if result.exception_info.get("raised_exception"):
        raise RuntimeError(f"{expected.name}: {result.exception_info['exception_message']}")
    found = result.result
    return {
        "expectation": expected.name,
        "column": expected.column,
        "severity": expected.severity,
        "success": bool(result.success),
        "evaluated": int(found["element_count"] - found.get("missing_count", 0)),
        "unexpected": int(found["unexpected_count"]),
        "examples": ", ".join(str(value) for value in found.get("partial_unexpected_list", [])),
    }
