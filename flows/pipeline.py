"""One composition of the steps, for a run in this process and for a run under an orchestrator alike.

`ingest` orders the steps and keeps the run's account; a Runner says where a step runs.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any, Protocol

from flows import sources, steps
from flows.settings import Settings
from flows.sources import Dump
from flows.steps import Step
from warehouse.build import Candidate
from warehouse.corrections import corrections_fingerprint
from warehouse.errors import InputError, LakeDamagedError, PaperhouseError, SourceError
from warehouse.files import locked
from warehouse.lake import Lake
from warehouse.ledger import CheckResult, Ledger, RunEntry
from warehouse.releases import Release, pinned_release_id, present_release, rollback
from warehouse.version import build_version, pipeline_version

Report = Callable[[str, int, int], None]
"""Told of progress: the step's name, how many of its items are done, how many there are."""


class Runner(Protocol):
    """Where steps run."""

    def run(self, step: Step, *arguments: Any) -> Any:
        """Runs a step once and returns its result."""

    def map(self, step: Step, items: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Runs a step once per tuple of arguments; results in order, a SourceError where it prevented one."""


class DirectRunner:
    """Runs steps in this process, or several at once in a pool of processes."""

    def __init__(self, workers: int, report: Report):
        self._workers, self._report = workers, report
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> DirectRunner:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def run(self, step: Step, *arguments: Any) -> Any:
        """Runs a step once in this process."""
        self._report(step.name, 0, 1)
        result = step.function(*arguments)
        self._report(step.name, 1, 1)
        return result

    def map(self, step: Step, items: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Runs a step once per tuple, in the pool if there is more than one and more than one worker."""
        results: list[Any] = []
        self._report(step.name, 0, len(items))
        for call in self._calls(step, items):
            try:
                results.append(call())
            except SourceError as error:
                results.append(error)
            self._report(step.name, len(results), len(items))
        return results

    def _calls(self, step: Step, items: Sequence[tuple[Any, ...]]) -> list[Callable[[], Any]]:
        if self._workers == 1 or len(items) == 1:
            return [functools.partial(step.function, *item) for item in items]
        if self._pool is None:
            # Not forked: Polars and Arrow have threads by now, and a fork would copy their locks as they are.
            self._pool = ProcessPoolExecutor(self._workers, mp_context=get_context("forkserver"))
        return [self._pool.submit(step.function, *item).result for item in items]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: its ledger entry, and whether anything could be read at all."""

    entry: RunEntry
    checks: list[CheckResult]
    failures: list[SourceError]

    @property
    def exit_code(self) -> int:
        """0 done (some of several files may have failed), 2 no readable input, 3 a check refused the release."""
        entry = self.entry
        if entry.status == "refused":
            return 3
        has_input = entry.sources_new_count + entry.sources_skipped_count > 0
        # What an interrupted run had left in the lake may be published although this one read nothing.
        return 0 if has_input or entry.status == "published" else InputError.exit_code

    def to_json(self) -> dict[str, Any]:
        """The summary that `--json` prints."""
        entry = self.entry
        return {
            "run_id": entry.run_id,
            "status": entry.status,
            "release_id": entry.release_id,
            "sources": {
                "new": entry.sources_new_count,
                "skipped": entry.sources_skipped_count,
                "failed": entry.sources_failed_count,
            },
            "records": {
                "read": entry.record_count,
                "loaded": entry.loaded_count,
                "duplicate": entry.duplicate_count,
                "rejected": entry.rejected_count,
            },
            "papers": entry.paper_count,
            "links": entry.link_count,
            "reported_metrics": entry.metric_count,
            "seconds": round(entry.seconds, 2),
            "failures": entry.failures,
            "pinned": entry.pinned_release_id,
        }


class RunError(PaperhouseError):
    """A run that ended without a release it should have: refused by a check, or with no readable input."""

    def __init__(self, outcome: Outcome):
        refusing = [f"{check.table_name}.{check.expectation}" for check in outcome.checks if check.refuses]
        reasons = [f"refused by {name}" for name in refusing] or [str(error) for error in outcome.failures]
        super().__init__(f"run {outcome.entry.run_id} {outcome.entry.status}: {'; '.join(reasons)}")
        self.outcome = outcome
        self.exit_code = outcome.exit_code


def ingest(inputs: Sequence[str], settings: Settings, runner: Runner) -> Outcome:
    """Adds the dumps to the lake, publishes a release if anything changed and appends the run to the ledger.

    Raises DataFolderBusyError if another run holds the data folder.
    """
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise InputError(f"{settings.data}: the data folder is a file") from error
    with locked(settings.data):
        return _run(inputs, settings, runner)


def _run(inputs: Sequence[str], settings: Settings, runner: Runner) -> Outcome:
    """A run, from its first line in the ledger to its last."""
    entry = RunEntry.start(pipeline_version())
    Ledger(settings.data).append(entry)  # replaced at the end; what a kill leaves says so
    failures: list[SourceError] = []
    try:
        _ingest(entry, failures, inputs, settings, runner)
        entry.error = None
    except BaseException as error:
        entry.status, entry.error = "failed", f"{type(error).__name__}: {error}"
        raise
    finally:
        entry.finished_at = datetime.now(UTC)
        Ledger(settings.data).append(entry)
    return Outcome(entry, entry.checks, failures)


def _ingest(
    entry: RunEntry, failures: list[SourceError], inputs: Sequence[str], settings: Settings, runner: Runner
) -> None:
    lake = Lake(settings.data)
    lake.recover()
    dumps, failed = _identify(inputs, runner)
    failures += failed
    damaged = {source_id: part for source_id in lake.unvalidated(build_version()) if (part := lake.damaged(source_id))}
    new = [
        dump
        for dump in _distinct(dumps)
        if dump.source_id in damaged or lake.pipeline_version(dump.source_id) != entry.pipeline_version
    ]
    entry.sources_skipped_count = len(_distinct(dumps)) - len(new)
    done, failed = _derive(new, settings, entry, runner)
    failures += failed
    readable = {dump.source_id for dump in dumps} - {dump.source_id for dump in new} | {dump.source_id for dump in done}
    for dump in dumps:
        if dump.source_id in readable:
            lake.add_uri(dump.source_id, dump.uri, entry.started_at)
    entry.sources_new_count, entry.sources_failed_count = len(done), len(failures)
    entry.failures = [{"uri": error.uri, "reason": error.reason, "detail": error.detail} for error in failures]
    for source_id, part in damaged.items():
        if source_id not in {dump.source_id for dump in done}:
            raise LakeDamagedError(f"{part}: missing or damaged; run its dump again: {', '.join(lake.uris(source_id))}")
    if not lake.source_ids():
        entry.status = "failed"
        return
    _release([dump.source_id for dump in done], settings, entry, runner)


def _identify(inputs: Sequence[str], runner: Runner) -> tuple[list[Dump], list[SourceError]]:
    paths, failures = sources.discover(inputs)
    results = runner.map(steps.IDENTIFY, [(path,) for path in paths]) if paths else []
    dumps = [result for result in results if isinstance(result, Dump)]
    return dumps, failures + [result for result in results if isinstance(result, SourceError)]


def _distinct(dumps: Sequence[Dump]) -> list[Dump]:
    """Each content once, under the first of its names; ordered by content, not by name."""
    by_id: dict[str, Dump] = {}
    for dump in dumps:
        by_id.setdefault(dump.source_id, dump)
    return sorted(by_id.values(), key=lambda dump: dump.source_id)


def _derive(
    dumps: list[Dump], settings: Settings, entry: RunEntry, runner: Runner
) -> tuple[list[Dump], list[SourceError]]:
    """Extracts the dumps, derives their tables chunk by chunk and writes them to the lake."""
    if not dumps:
        return [], []
    extracted = runner.map(steps.EXTRACT, [(dump, settings.data, settings.chunk_records) for dump in dumps])
    done = [dump for dump, result in zip(dumps, extracted, strict=True) if not isinstance(result, SourceError)]
    chunks = [(chunk,) for result in extracted if not isinstance(result, SourceError) for chunk in result]
    if chunks:
        normalised = runner.map(steps.NORMALISE, chunks)
        runner.map(steps.LINKS, chunks)
        runner.map(steps.REPORTED_METRICS, chunks)
        entry.record_count = sum(chunk.record_count for chunk in normalised)
        entry.rejected_count = sum(chunk.rejected_count for chunk in normalised)
        entry.loaded_count = entry.record_count - entry.rejected_count
        parts = {dump.source_id: [c for c in normalised if c.source_id == dump.source_id] for dump in done}
        runner.map(
            steps.WRITE,
            [(dump, parts[dump.source_id], settings.data, entry.pipeline_version, entry.started_at) for dump in done],
        )
    return done, [result for result in extracted if isinstance(result, SourceError)]


def _release(new_source_ids: list[str], settings: Settings, entry: RunEntry, runner: Runner) -> None:
    """Validates, builds and publishes, unless the release that readers see was made of the very same, or is pinned."""
    present = present_release(settings.data)  # None also if its file is gone or damaged: then it is made again
    entry.pinned_release_id = pinned_release_id(settings.data)
    if entry.pinned_release_id and (present is None or present.release_id != entry.pinned_release_id):
        present = rollback(settings.data, entry.pinned_release_id)  # the file is gone, or a crash came in between
    by_hand = corrections_fingerprint(settings.corrections)
    entry.input_fingerprint = f"{build_version()} {by_hand} {Lake(settings.data).fingerprint()}"
    last = Ledger(settings.data).last_settled()
    is_of_present = present is not None and last is not None and last["release_id"] == present.release_id
    if present and last and is_of_present and last["input_fingerprint"] == entry.input_fingerprint:
        _stay(entry, present)
        return
    entry.checks = runner.run(steps.VALIDATE, settings.data)
    if any(check.refuses for check in entry.checks):
        _refuse(entry, present)
        return
    if present and entry.pinned_release_id:
        _stay(entry, present)
        entry.input_fingerprint = None  # what the lake holds now is still to be published
        return
    candidate = runner.run(
        steps.BUILD, settings.data, settings.corrections, entry, settings.memory_limit, settings.workers
    )
    try:
        _publish(candidate, new_source_ids, present, settings, entry, runner)
    finally:
        candidate.discard()


def _publish(
    candidate: Candidate,
    new_source_ids: list[str],
    present: Release | None,
    settings: Settings,
    entry: RunEntry,
    runner: Runner,
) -> None:
    """Publishes a candidate that no check refuses and that differs from the release that readers see."""
    entry.checks = [*entry.checks, *candidate.checks]
    entry.duplicate_count = sum(candidate.duplicate_counts[source_id] for source_id in new_source_ids)
    entry.loaded_count -= entry.duplicate_count
    if candidate.is_refused:
        _refuse(entry, present)
        return
    if present and candidate.release.content_hash == present.content_hash:
        _stay(entry, present)
        return
    release_id = runner.run(steps.PUBLISH, settings.data, candidate, settings.keep_releases)
    entry.status = "published"
    _keep_figures(entry, candidate.release)
    entry.release_id = release_id


def _stay(entry: RunEntry, present: Release) -> None:
    """Nothing changed, or nothing may: the release that readers see stays."""
    entry.status = "unchanged"
    _keep_figures(entry, present)


def _refuse(entry: RunEntry, present: Release | None) -> None:
    """A check failed: the release that readers see stays."""
    entry.status = "refused"
    entry.input_fingerprint = None
    if present:
        _keep_figures(entry, present)


def _keep_figures(entry: RunEntry, release: Release) -> None:
    """Notes what readers see after the run."""
    for name in ("release_id", "content_hash", "paper_count", "link_count", "metric_count"):
        setattr(entry, name, getattr(release, name))
