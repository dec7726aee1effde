"""What must be true of the lake and of a release, one suite per table.

Each suite module has up to three functions, each returning a list of checks: `partition` for rules that hold within
one source and run over new partitions, `lake` for rules that cross sources, `release` for rules over the built
warehouse. Importing Great Expectations takes seconds, so nothing is imported before a step validates.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse.ledger import CheckResult

BATCH_SOURCES = 50
"""New partitions checked together at most: alone, each costs seconds; together, a sample row still names its source."""


def lake_checks(data: Path) -> list[CheckResult]:
    """Runs the checks of new or changed partitions, then those of the whole lake; notes the partitions that passed."""
    from expectations.runner import run_on_lake
    from expectations.suites import lake, partition
    from warehouse.lake import Lake
    from warehouse.version import build_version

    target, results = Lake(data), []
    pending = target.unvalidated(build_version())
    for start in range(0, len(pending), BATCH_SOURCES):
        source_ids = pending[start : start + BATCH_SOURCES]
        found = run_on_lake(target, source_ids, partition(), "partition")
        if not any(result.refuses for result in found):
            for source_id in source_ids:
                target.mark_validated(source_id, build_version())
        results += found
    return _worst_of_each(results) + run_on_lake(target, None, lake(), "lake")


def release_checks(database: Path, previous: dict[str, float] | None) -> list[CheckResult]:
    """Runs the checks of a built release; `previous` holds the figures of the one before it, None if there is none."""
    from expectations.runner import run
    from expectations.suites import release

    return run(database, release(previous), "release")


def _worst_of_each(results: list[CheckResult]) -> list[CheckResult]:
    """One result per check where several batches were checked: a failure if any failed, with the counts added up."""
    from dataclasses import replace

    merged: dict[tuple[str, str, str | None], CheckResult] = {}
    for result in results:
        key = (result.table_name, result.expectation, result.column_name)
        known = merged.get(key)
        if known is None:
            merged[key] = result
            continue
        worst = known if not known.is_success else result
        merged[key] = replace(
            worst,
            unexpected_count=_add(known.unexpected_count, result.unexpected_count),
            checked_count=_add(known.checked_count, result.checked_count),
        )
    return list(merged.values())


def _add(left: int | None, right: int | None) -> int | None:
    return None if left is None and right is None else (left or 0) + (right or 0)
