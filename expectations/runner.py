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

from expectations.checks import Check
from warehouse.lake import Lake
from warehouse.ledger import CheckResult
from warehouse.schema import lake_tables

SAMPLE_ROWS = 5
_TEXT_CHARS = 80  # of a value in a sample row: logs never hold whole abstracts


def run_on_lake(lake: Lake, source_ids: Sequence[str] | None, checks: Iterable[Check], scope: str) -> list[CheckResult]:
    """Runs the checks over views of the Parquet of some sources, or of all if `source_ids` is None."""
    with tempfile.TemporaryDirectory(prefix="paperhouse-checks-") as folder:
        catalog = Path(folder) / "lake.duckdb"
        with duckdb.connect(str(catalog)) as connection:
            for table in lake_tables():
                files = lake.parquet_files(table.name, source_ids)
                connection.execute(f"CREATE VIEW {table.name} AS FROM read_parquet({files!r}, hive_partitioning = false)")
        return run(catalog, checks, scope)


def run(database: Path, checks: Iterable[Check], scope: str) -> list[CheckResult]:
    """Runs the checks over the tables of a DuckDB file, which is opened read-only."""
    import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
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
            for table, group in groupby(sorted(checks, key=lambda check: check.table), key=lambda check: check.table):
                results += _run_table(context, source, table, list(group), scope)
            return results
        finally:
            # Each keeps the file open, and it will be opened for writing next.
            source.get_execution_engine().close()
            source.get_engine().dispose()


def _run_table(context: Any, source: Any, table: str, checks: list[Check], scope: str) -> list[CheckResult]:
    import great_expectations as gx

    batch = source.add_table_asset(table, table_name=table).add_batch_definition_whole_table(table).get_batch()
    suite = gx.ExpectationSuite(name=table, expectations=[check.expectation for check in checks])
    outcome = batch.validate(suite, result_format={"result_format": "SUMMARY", "partial_unexpected_count": SAMPLE_ROWS})
    return [_result(check, result, scope) for check, result in zip(checks, outcome.results, strict=True)]


def _result(check: Check, outcome: Any, scope: str) -> CheckResult:
    result = outcome.result or {}
    samples = _samples(result)
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


def _samples(result: dict[str, Any]) -> list[str]:
    rows = (result.get("details") or {}).get("unexpected_rows") or result.get("partial_unexpected_list") or []
    return [_short(row) for row in rows[:SAMPLE_ROWS]]


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
