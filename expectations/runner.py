"""Runs checks inside DuckDB through Great Expectations and turns what comes back into CheckResults."""

from __future__ import annotations

import json
import logging
import tempfile
import warnings
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
from great_expectations.expectations import UnexpectedRowsExpectation

from expectations.checks import Check
from warehouse.connect import read_parquet
from warehouse.lake import Lake
from warehouse.ledger import CheckResult
from warehouse.schema import lake_tables, table

SAMPLE_ROWS = 5
_TEXT_CHARS = 80  # of a value in a sample row: logs never hold whole abstracts


def run_on_lake(lake: Lake, source_ids: Sequence[str] | None, checks: Iterable[Check], scope: str) -> list[CheckResult]:
    """Runs the checks over views of the Parquet of some sources, or of all if `source_ids` is None."""
    with tempfile.TemporaryDirectory(prefix="paperhouse-checks-") as folder:
        catalog = Path(folder) / "lake.duckdb"
        with duckdb.connect(str(catalog)) as connection:
            for spec in lake_tables():
                parts = read_parquet(lake.parquet_files(spec.name, source_ids))
                connection.execute(f"CREATE VIEW {spec.name} AS FROM {parts}")
        return run(catalog, checks, scope)


def run(database: Path, checks: Iterable[Check], scope: str) -> list[CheckResult]:
    """Runs the checks over the tables of a DuckDB file, which is opened read-only."""
    import great_expectations as gx

    for name in ("great_expectations", "great_expectations.data_context.types.base"):  # the second sets its own level
        logging.getLogger(name).setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations inside the library
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        # Without both engine options the result is read after the connection was rolled back, and is lost.
        source: Any = context.data_sources.add_or_update_sql(
            "checks",
            connection_string=f"duckdb:///{database}?access_mode=READ_ONLY",
            create_temp_table=False,
            kwargs={"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True},
        )
        try:
            results = []
            for name, group in groupby(sorted(checks, key=lambda check: check.table), key=lambda check: check.table):
                results += _run_table(source, name, list(group), scope)
            return results
        finally:
            # Each keeps the file open, and it will be opened for writing next.
            source.get_execution_engine().close()
            source.get_engine().dispose()


def _run_table(source: Any, name: str, checks: list[Check], scope: str) -> list[CheckResult]:
    batch = source.add_table_asset(name, table_name=name).add_batch_definition_whole_table(name).get_batch()
    outcomes = _validate(batch, checks, {"result_format": "SUMMARY"})
    return [
        _result(check, outcomes[number], _samples(batch, check, outcomes[number], scope), scope)
        for number, check in enumerate(checks)
    ]


def _validate(batch: Any, checks: list[Check], result_format: dict[str, Any]) -> dict[int, Any]:
    """Outcomes of the checks by their position; they come back in an order of their own."""
    import great_expectations as gx

    for number, check in enumerate(checks):
        check.expectation.meta = {"number": number}
    suite = gx.ExpectationSuite(name=checks[0].table, expectations=[check.expectation for check in checks])
    outcome = batch.validate(suite, result_format=result_format)
    return {result.expectation_config.meta["number"]: result for result in outcome.results}


def _samples(batch: Any, check: Check, outcome: Any, scope: str) -> list[str]:
    """Rows that broke a check, which is run again for them: the summary of a rule over rows leaves them out."""
    if outcome.success or _error(outcome):
        return []
    spec = table(check.table)
    keys = [name for name in (spec.key if scope == "release" else spec.lake_key) if name != check.column]
    (again,) = _validate(
        batch,
        [check],
        {
            "result_format": "COMPLETE" if isinstance(check.expectation, UnexpectedRowsExpectation) else "SUMMARY",
            "unexpected_index_column_names": keys,
            "partial_unexpected_count": SAMPLE_ROWS,
        },
    ).values()
    result = again.result or {}
    rows = (
        (result.get("details") or {}).get("unexpected_rows")
        or result.get("partial_unexpected_index_list")
        or result.get("partial_unexpected_list")
        or []
    )
    return [_short(row) for row in rows[:SAMPLE_ROWS]]


def _result(check: Check, outcome: Any, samples: list[str], scope: str) -> CheckResult:
    result = outcome.result or {}
    error = _error(outcome)
    detail = check.reason
    if not outcome.success:
        found = error or "; ".join(samples) or f"observed {result.get('observed_value')!r}"
        detail = f"{check.reason} Found: {found}"
    unexpected = result.get("unexpected_count")
    if unexpected is None and isinstance(result.get("observed_value"), int):
        unexpected = result["observed_value"]  # rows that a query selected
    return CheckResult(
        table_name=check.table,
        expectation=check.name,
        column_name=check.column,
        scope=scope,
        severity=check.severity,
        is_success=bool(outcome.success),
        unexpected_count=unexpected,
        checked_count=result.get("element_count"),
        detail=detail,
        samples=tuple(samples),
    )


def _short(row: Any) -> str:
    if isinstance(row, dict):
        return ", ".join(f"{name}={_short(value)}" for name, value in row.items() if value is not None)
    text = row if isinstance(row, str) else json.dumps(row, default=str)
    return text if len(text) <= _TEXT_CHARS else f"{text[:_TEXT_CHARS]}…"


def _error(outcome: Any) -> str | None:
    """The message of a check that could not be run; such a check has failed."""
    raised = outcome.exception_info or {}
    if "raised_exception" in raised:
        raised = {"": raised}
    messages = [info["exception_message"] for info in raised.values() if info.get("raised_exception")]
    return messages[0].strip().splitlines()[0] if messages else None
