"""Runs a Dagster job in this process, with progress, seconds by room, and a readable message when it fails."""

import os
import time
import uuid

import dagster as dg

from pipelines.problems import Problem
from pipelines.progress import Progress


def execute(defs: dg.Definitions, job_name: str, partition: str | None, progress: Progress) -> dict[str, float]:
    """Run one job in process; seconds by asset group, "dagster" being what the steps themselves did not take."""
    job = defs.resolve_job_def(job_name)
    steps = len(job.graph.node_dict)
    home = os.environ.get("DAGSTER_HOME")  # set: the run is then to be seen in the Dagster UI
    settings = {"telemetry": {"enabled": False}}
    seconds: dict[str, float] = {}
    done = 0

    def listen(event: dg.EventLogEntry) -> None:
        nonlocal done
        if event.dagster_event and event.dagster_event.is_step_start:
            progress(event.dagster_event.step_key or "", done, steps)
            done += 1

    with dg.DagsterInstance.get() if home else dg.DagsterInstance.ephemeral(settings=settings) as instance:
        run_id = str(uuid.uuid4())
        instance.add_event_listener(run_id, listen)
        started = time.perf_counter()
        result = job.execute_in_process(
            instance=instance,
            run_id=run_id,
            partition_key=partition,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
        total = time.perf_counter() - started
        groups = step_groups(defs)
        for event in result.all_events:
            if event.is_step_success:
                group = groups.get(event.step_key or "", "checks")
                seconds[group] = seconds.get(group, 0.0) + event.step_success_data.duration_ms / 1000
        seconds["dagster"] = total - sum(seconds.values())
        if problem := failure(result):
            raise problem
    progress("", steps, steps)
    return seconds


def step_groups(defs: dg.Definitions) -> dict[str, str]:
    """The asset group of every step."""
    graph = defs.resolve_asset_graph()
    groups = {}
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        groups[node.assets_def.op.name] = node.group_name
    return groups


def failure(result: dg.ExecuteInProcessResult) -> Problem | None:
    """What a person should read when a step failed or a check of severity error does not hold; else None."""
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            cause = error.cause if error and error.cause else error
            text = cause.message.strip() if cause else ""
            return Problem(f"步骤 {event.step_key} 失败：{text}", f"Step {event.step_key} failed: {text}")
    broken = [
        evaluation
        for evaluation in result.get_asset_check_evaluations()
        if not evaluation.passed and evaluation.severity == dg.AssetCheckSeverity.ERROR
    ]
    if not broken:
        return None
    names = "; ".join(f"{check.asset_key.to_user_string()}: {check.check_name}" for check in broken)
    return Problem(f"检查未通过，已停止：{names}", f"Stopped by checks that do not hold: {names}")
