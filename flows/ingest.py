"""The Prefect flow: the same steps as tasks with names, tags and retries, and artifacts that show how a run ended."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any

# Read when Prefect is imported. Starting its temporary server takes longer than the default allows on a slow machine.
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")

from prefect import Task, flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.assets import Asset, AssetProperties, materialize
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import PrefectFuture

from flows.pipeline import Outcome, Report, RunError, ingest
from flows.settings import Settings, load
from flows.steps import Step
from flows.summary import default_inputs, summary_markdown
from warehouse.errors import SourceError
from warehouse.schema import table

RETRY_SECONDS = (1, 5)
SUMMARY_KEY = "paperhouse-run"
CHECKS_KEY = "paperhouse-checks"

report: ContextVar[Report | None] = ContextVar("report", default=None)
"""Who is told of progress besides the flow's log: the command line, if it started the flow."""


@flow(name="paperhouse-ingest", validate_parameters=True, persist_result=False)
def ingest_flow(inputs: list[str] | None = None, data: str | None = None) -> Outcome:
    """Adds dumps to the lake and publishes a release if anything changed.

    `inputs` names files, folders or globs (default: the dumps that come with the project), `data` the data folder
    (default: the setting). Ends as failed, with RunError, if a critical check refuses the release or nothing could
    be read.
    """
    settings = load(Path(data) if data else None)
    outcome = ingest(inputs or default_inputs(), settings, PrefectRunner())
    create_markdown_artifact(summary_markdown(outcome), key=SUMMARY_KEY, description="What the run read and left")
    if outcome.checks:
        create_table_artifact(_check_rows(outcome), key=CHECKS_KEY, description="How the checks of the run ended")
    if outcome.exit_code:
        raise RunError(outcome)
    return outcome


def run_flow(inputs: list[str], settings: Settings, told: Report) -> Outcome:
    """Runs the flow for the command line, `told` of its progress; a refused release is an outcome, too."""
    token = report.set(told)
    try:
        return ingest_flow(inputs=inputs, data=str(settings.data))
    except RunError as error:
        return error.outcome
    finally:
        report.reset(token)


class PrefectRunner:
    """Runs steps as tasks of the flow that is running."""

    def run(self, step: Step, *arguments: Any) -> Any:
        """Runs a step as one task."""
        return self.map(step, [arguments])[0]

    def map(self, step: Step, items: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Submits a task per tuple; results in order, a SourceError in place of a result that it prevented."""
        told, logger = report.get(), get_run_logger()
        futures = [as_task(step, item).submit(*item) for item in items]
        results = []
        for done, future in enumerate(futures, start=1):
            results.append(_result(future))
            if told:
                told(step.name, done, len(items))
        logger.info("%s: %d done", step.name, len(items))
        return results


def as_task(step: Step, arguments: tuple[Any, ...] = ()) -> Task[Any, Any]:
    """A step as a Prefect task; the run's name says what it works on."""

    def can_retry(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
        error = state.result(raise_on_failure=False)
        return isinstance(error, BaseException) and step.retry_on(error)

    options: dict[str, Any] = {
        "name": step.name,
        "task_run_name": _label(step, arguments),
        "tags": ["paperhouse", *step.tags],
        "cache_policy": NO_CACHE,
        "persist_result": False,
        "retries": step.retries,
        "retry_delay_seconds": list(RETRY_SECONDS[: step.retries]),
        "retry_condition_fn": can_retry if step.retries else None,
    }
    if step.makes:
        return materialize(*map(_asset, step.makes), by="paperhouse", **options)(step.function)
    return task(**options)(step.function)


def _result(future: PrefectFuture[Any]) -> Any:
    outcome = future.result(raise_on_failure=False)
    if isinstance(outcome, BaseException) and not isinstance(outcome, SourceError):
        raise outcome
    return outcome


def _label(step: Step, arguments: tuple[Any, ...]) -> str:
    subject = str(getattr(arguments[0], "label", "")) if arguments else ""
    if not subject and arguments and isinstance(arguments[0], Path) and arguments[0].suffix:
        subject = arguments[0].name
    # Braces would be read as a template by Prefect.
    return f"{step.name} {subject}".strip().replace("{", "(").replace("}", ")")


def _asset(name: str) -> Asset:
    properties = AssetProperties(name=name, description=table(name).grain)
    return Asset(key=f"duckdb://warehouse/{name}", properties=properties)


def _check_rows(outcome: Outcome) -> list[dict[str, Any]]:
    """The checks as rows of the artifact, failures first."""
    ordered = sorted(outcome.checks, key=lambda check: (check.is_success, check.severity != "critical"))
    return [
        {
            "outcome": "passed" if check.is_success else "FAILED",
            "severity": check.severity,
            "scope": check.scope,
            "table": check.table_name,
            "check": check.expectation,
            "column": check.column_name,
            "unexpected": check.unexpected_count,
            "detail": check.detail,
        }
        for check in ordered
    ]
