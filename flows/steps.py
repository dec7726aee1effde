"""The steps of a run, as plain functions over paths and small results.

What a step needs travels as a data folder and a chunk number, never as a table: the same functions run in this
process, in a pool of processes or as tasks of an orchestrator. `transforms` holds what is done to the rows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flows import sources
from flows.sources import Dump
from warehouse.errors import SourceError
from warehouse.lake import Lake, NewSource
from warehouse.schema import RECORD, warehouse_tables


@dataclass(frozen=True, slots=True)
class Step:
    """A named step: its function, and what an orchestrator should know of it.

    ``retries`` is above zero only where the step can fail for reasons outside the data; ``retry_on`` tells such a
    failure from the others. ``makes`` lists the tables that the step brings up to date.
    """

    name: str
    function: Callable[..., Any]
    tags: tuple[str, ...]
    retries: int = 0
    retry_on: Callable[[BaseException], bool] = lambda error: isinstance(error, OSError)
    makes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some thousands of records of a source that is being derived, staged in the lake as part `number`.

    ``markup`` says how the source as a whole holds LaTeX.
    """

    data: Path
    source_id: str
    number: int
    record_count: int
    rejected_count: int
    markup: Any = "plain"

    @property
    def label(self) -> str:
        """What a person calls it."""
        return f"{self.source_id[:8]} part {self.number}"


def identify(path: Path) -> Dump:
    """What a file holds."""
    return sources.identify(path)


def extract(dump: Dump, data: Path, chunk_records: int) -> list[Chunk]:
    """Stages the raw records and the rejects of a dump; raises SourceError if it holds none or changed meanwhile."""
    from transforms import listing, rejects
    from transforms.latex import markup

    lake, evidence = Lake(data), markup.NOTHING
    chunks: list[Chunk] = []
    lake.discard(dump.source_id)
    for number, frame in enumerate(_rechunk(listing.records(sources.blocks(dump.path)), chunk_records)):
        raw_records, refused = rejects.of_listing(frame, dump.source_id)
        evidence = evidence.and_(markup.evidence(raw_records["abstract_raw"]))
        lake.stage("raw_records", dump.source_id, number, raw_records)
        lake.stage("rejects", dump.source_id, number, refused)
        chunks.append(Chunk(data, dump.source_id, number, frame.height, refused.height))
    if not chunks:
        raise SourceError(dump.uri, "no_records", "no title and no abstract: blank lines or page furniture only")
    if sources.identify(dump.path) != dump:
        lake.discard(dump.source_id)
        raise SourceError(dump.uri, "changed_while_read", "the file changed while it was read")
    return [dataclasses.replace(chunk, markup=evidence.markup) for chunk in chunks]


def normalise(chunk: Chunk) -> Chunk:
    """Stages papers and text repairs of a chunk; records without any text after the repair become rejects."""
    from transforms import papers, rejects

    lake = Lake(chunk.data)
    raw_records = lake.staged("raw_records", chunk.source_id, chunk.number)
    normalised, repairs = papers.normalise(raw_records, chunk.markup)
    kept, refused = rejects.of_empty(normalised, raw_records)
    all_refused = rejects.merged(lake.staged("rejects", chunk.source_id, chunk.number), refused)
    lake.stage("papers", chunk.source_id, chunk.number, kept)
    lake.stage("text_repairs", chunk.source_id, chunk.number, repairs.join(kept, on=list(RECORD), how="semi"))
    lake.stage("rejects", chunk.source_id, chunk.number, all_refused)
    return dataclasses.replace(chunk, rejected_count=all_refused.height)


def link(chunk: Chunk) -> int:
    """Stages the links of a chunk's papers; returns their number."""
    from transforms import links

    lake = Lake(chunk.data)
    papers = lake.staged("papers", chunk.source_id, chunk.number)
    raw_records = lake.staged("raw_records", chunk.source_id, chunk.number)
    beside = raw_records.select(*RECORD, "page_urls")
    frame = links.links(papers.join(beside, on=list(RECORD), how="left", maintain_order="left"))
    lake.stage("links", chunk.source_id, chunk.number, frame)
    return int(frame.height)


def measure(chunk: Chunk) -> int:
    """Stages the reported metrics of a chunk's papers; returns their number."""
    from transforms.reported_metrics import reported_metrics

    lake = Lake(chunk.data)
    frame = reported_metrics(lake.staged("papers", chunk.source_id, chunk.number))
    lake.stage("reported_metrics", chunk.source_id, chunk.number, frame)
    return int(frame.height)


def write(dump: Dump, chunks: list[Chunk], data: Path, pipeline_version: str, extracted_at: datetime) -> None:
    """Moves a source whose chunks are all derived into the lake."""
    read = sum(chunk.record_count for chunk in chunks)
    refused = sum(chunk.rejected_count for chunk in chunks)
    source = NewSource(
        source_id=dump.source_id,
        uri=dump.uri,
        format="listing",
        markup=chunks[0].markup,
        byte_size=dump.byte_size,
        record_count=read,
        rejected_count=refused,
        pipeline_version=pipeline_version,
        extracted_at=extracted_at,
    )
    Lake(data).commit(source)


def validate(data: Path) -> list[Any]:
    """Checks the partitions that are new or changed, then the lake as a whole; returns a CheckResult per check."""
    from expectations import lake_checks

    return lake_checks(data)


def build(data: Path, corrections: Path, entry: Any, memory_limit: str, workers: int) -> Any:
    """Builds a release from the lake in a file of its own, checks it there and returns it as a Candidate."""
    from warehouse.build import build_release

    return build_release(data, corrections, entry, memory_limit, workers)


def publish(data: Path, candidate: Any, keep_releases: int) -> str:
    """Puts a candidate in the place of the warehouse and prunes old releases; returns the release id."""
    from warehouse.releases import publish_release

    return publish_release(data, candidate, keep_releases)


IDENTIFY = Step("identify", identify, ("read",), 2, lambda error: getattr(error, "reason", "") == "unreadable_file")
EXTRACT = Step("extract", extract, ("read",), 2, lambda error: getattr(error, "reason", "") == "unreadable_file")
NORMALISE = Step("normalise", normalise, ("transform",))
LINKS = Step("links", link, ("transform",))
REPORTED_METRICS = Step("reported metrics", measure, ("transform",))
WRITE = Step("parquet", write, ("write",), 2)
VALIDATE = Step("validate", validate, ("check",))
BUILD = Step("build", build, ("build",))
PUBLISH = Step("publish", publish, ("publish",), 2, makes=tuple(table.name for table in warehouse_tables()))


def _rechunk(frames: Any, chunk_records: int) -> Any:
    """The same rows in frames of `chunk_records`, the last one shorter."""
    import polars as pl

    pending = None
    for frame in frames:
        pending = frame if pending is None else pl.concat([pending, frame])
        while pending.height >= chunk_records:
            yield pending[:chunk_records]
            pending = pending[chunk_records:]
    if pending is not None and pending.height:
        yield pending
