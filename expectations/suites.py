"""All suites, in the order of the flow."""

from __future__ import annotations

from expectations import (
    corrections,
    links,
    paper_aliases,
    paper_repositories,
    paper_sources,
    papers,
    raw_records,
    rejects,
    release_drift,
    reported_metrics,
    repositories,
    source_uris,
    sources,
    text_repairs,
)
from expectations.checks import Check, schema_checks
from warehouse.schema import RUN_TABLES, lake_tables, warehouse_tables

_SUITES = (
    raw_records,
    rejects,
    sources,
    source_uris,
    papers,
    paper_sources,
    paper_aliases,
    text_repairs,
    links,
    repositories,
    paper_repositories,
    reported_metrics,
    corrections,
)


def partition() -> list[Check]:
    """Checks of new partitions: what the schema says of each table, then the rules of its suite."""
    checks = [check for table in lake_tables() for check in schema_checks(table.name, is_lake=True)]
    return checks + _collect("partition")


def lake() -> list[Check]:
    """Checks that cross the sources of the lake."""
    return _collect("lake")


def release(previous: dict[str, float] | None) -> list[Check]:
    """Checks of a built release, also against the figures of the release before it."""
    names = [table.name for table in warehouse_tables() if table.name not in RUN_TABLES]
    checks = [check for name in names for check in schema_checks(name, is_lake=False)]
    return checks + _collect("release") + release_drift.checks(previous)


def _collect(stage: str) -> list[Check]:
    return [check for suite in _SUITES if hasattr(suite, stage) for check in getattr(suite, stage)()]
