"""The Dagster code location: everything that analysts see in the UI."""

import warnings
from datetime import datetime

import dagster as dg
import pytest

from pipelines.contracts import contracts
from pipelines.problems import Problem
from pipelines.resources import resources
from pipelines.rounds import rounds
from pipelines.settings import Settings


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    with warnings.catch_warnings():
        # No API that the current Dagster deprecates.
        warnings.simplefilter("error", DeprecationWarning)
        from pipelines.definitions import defs
    return defs


def test_the_definitions_are_valid(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_every_asset_says_what_it_is_whose_it_is_and_where_it_belongs(definitions: dg.Definitions) -> None:
    specs = list(definitions.resolve_all_asset_specs())
    assert len(specs) > 40
    for spec in specs:
        assert spec.description, spec.key
        assert spec.owners, spec.key
        assert spec.kinds, spec.key
        assert spec.group_name in {"landed", "accepted", "core", "marts", "decisions", "documents"}, spec.key


def test_every_upstream_asset_exists(definitions: dg.Definitions) -> None:
    specs = list(definitions.resolve_all_asset_specs())
    keys = {spec.key for spec in specs}
    assert {dep.asset_key for spec in specs for dep in spec.deps} <= keys


def test_every_contract_is_checked_as_received_and_as_accepted(definitions: dg.Definitions) -> None:
    checks = {key.to_user_string() for key in definitions.resolve_asset_graph().asset_check_keys}
    for table in contracts():
        for stage in ("received", "accepted"):
            assert f"accepted/{table}:contract_{stage}" in checks


def test_a_round_is_a_year_and_partitions_decisions_and_documents(definitions: dg.Definitions) -> None:
    for spec in definitions.resolve_all_asset_specs():
        if spec.group_name in {"decisions", "documents"}:
            assert spec.partitions_def is not None
            assert "2024" in spec.partitions_def.get_partition_keys()
        else:
            assert spec.partitions_def is None


def test_the_warehouse_holds_no_more_memory_than_it_is_told_to(tmp_path, monkeypatch) -> None:
    settings = Settings(warehouse=tmp_path / "duikou.duckdb")
    monkeypatch.setenv("DUIKOU_MEMORY", "300 MiB")
    with resources(settings)["warehouse"].get_connection() as connection:
        assert connection.execute("select current_setting('memory_limit')").fetchall() == [("300.0 MiB",)]
    monkeypatch.setenv("DUIKOU_MEMORY", "much")
    with pytest.raises(Problem, match="DUIKOU_MEMORY"):
        resources(settings)


@pytest.mark.parametrize("tick", ["2025-12-31T22:00:00+00:00", "2026-01-01T06:00:00+08:00"])
def test_the_year_s_round_is_that_of_the_year_that_has_ended(definitions: dg.Definitions, tick: str) -> None:
    yearly = definitions.resolve_schedule_def("yearly_round")
    at = datetime.fromisoformat(tick)
    context = dg.build_schedule_context(
        scheduled_execution_time=at, repository_def=definitions.get_repository_def(), resources={}
    )
    (asked,) = yearly.evaluate_tick(context).run_requests
    assert asked.partition_key == "2025"
    assert asked.partition_key in rounds.get_partition_keys(at)


def test_the_sensor_asks_for_a_run_when_a_file_arrives_and_only_then(tmp_path) -> None:
    from pipelines.automation import new_files_sensor, refresh_warehouse

    sensor = new_files_sensor(Settings(raw=tmp_path))
    empty = sensor(dg.build_sensor_context())
    assert isinstance(empty, dg.SkipReason)
    (tmp_path / "a.csv").write_text("x", encoding="utf-8")
    asked = sensor(dg.build_sensor_context())
    assert isinstance(asked, dg.SensorResult)
    assert asked.run_requests
    assert sensor.job_name == refresh_warehouse.name
    again = sensor(dg.build_sensor_context(cursor=asked.cursor))
    assert isinstance(again, dg.SkipReason)
