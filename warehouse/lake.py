"""The Parquet lake: lake/<table>/source=<source_id>/part-<n>.parquet, one partition per source, immutable.

A source is derived in lake/.staging/<source_id>/ and moved into place when it is complete. The move takes several
renames, so a COMMIT mark goes before them: after a crash, `recover` finishes what was marked and drops the rest.
"""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.files import replacing, sync
from warehouse.schema import lake_schema, lake_tables

if TYPE_CHECKING:
    import polars as pl

COMMIT_MARK = "COMMIT"
_URIS = "source_uris"  # grows part by part as names are seen; everything else is replaced as a whole
_SOURCES = "sources"  # moved last: a partition of it says that the source is complete


@dataclass(frozen=True, slots=True)
class NewSource:
    """What is to be said of a source beside its rows; sizes in bytes, ``record_count`` as the parser counted."""

    source_id: str
    uri: str
    format: str
    markup: str
    byte_size: int
    record_count: int
    rejected_count: int
    pipeline_version: str
    extracted_at: datetime


class Lake:
    """The lake under a data folder."""

    def __init__(self, data: Path):
        self.root = data / "lake"
        self._staging = self.root / ".staging"
        self._validated = self.root / ".validated"

    # -- writing -------------------------------------------------------------------------------------------------

    def stage(self, table: str, source_id: str, number: int, frame: pl.DataFrame) -> None:
        """Writes part `number` of a source that is being derived; the frame needs the table's lake columns."""
        self._write(frame, table, self._staging / source_id / table / part_name(number))

    def staged(self, table: str, source_id: str, number: int) -> pl.DataFrame:
        """A part that was staged."""
        return _read(self._staging / source_id / table / part_name(number))

    def discard(self, source_id: str) -> None:
        """Drops what was staged of a source."""
        shutil.rmtree(self._staging / source_id, ignore_errors=True)

    def commit(self, source: NewSource) -> None:
        """Moves a staged source into place; one that is there is replaced, but its names are kept."""
        import polars as pl

        source_id, staged = source.source_id, self._staging / source.source_id
        written = {
            "text_repair_count": _row_count(staged / "text_repairs"),
            "link_count": _row_count(staged / "links"),
            "metric_count": _row_count(staged / "reported_metrics"),
            "part_count": len(list((staged / "papers").glob("part-*.parquet"))),
        }
        self.stage(_SOURCES, source_id, 0, pl.DataFrame([asdict(source) | written]))
        name = {"source_id": source_id, "uri": source.uri, "first_seen_at": source.extracted_at}
        self.stage(_URIS, source_id, 0, pl.DataFrame([name]))
        mark = self._staging / source_id / COMMIT_MARK
        with replacing(mark) as path:
            path.write_text("complete\n", encoding="utf-8")
        self._finish(source_id)

    def recover(self) -> None:
        """Finishes the moves that a crash interrupted and drops what was never complete."""
        if not self._staging.exists():
            return
        for folder in sorted(self._staging.iterdir()):
            if (folder / COMMIT_MARK).exists():
                self._finish(folder.name)
            else:
                shutil.rmtree(folder)

    def add_uri(self, source_id: str, uri: str, seen_at: datetime) -> bool:
        """Notes a name under which the content was seen; False if it was known."""
        import polars as pl

        known = self.uris(source_id)
        if uri in known:
            return False
        frame = pl.DataFrame({"source_id": [source_id], "uri": [uri], "first_seen_at": [seen_at]})
        self._write(frame, _URIS, self.partition(_URIS, source_id) / part_name(len(self._parts(_URIS, source_id))))
        return True

    def mark_validated(self, source_id: str, checks_version: str) -> None:
        """Notes that a partition, as it is now, passed the checks of that version."""
        with replacing(self._validated / source_id) as path:
            path.write_text(self._validation_state(source_id, checks_version), encoding="utf-8")

    # -- reading -------------------------------------------------------------------------------------------------

    def partition(self, table: str, source_id: str) -> Path:
        """Folder of a source's parts of a table."""
        return self.root / table / f"source={source_id}"

    def source_ids(self) -> list[str]:
        """Sources that are complete, sorted."""
        return sorted(
            path.name.removeprefix("source=") for path in self.root.glob(f"{_SOURCES}/source={'[0-9a-f]' * 64}")
        )

    def pipeline_version(self, source_id: str) -> str | None:
        """Version of the pipeline that derived the source; None if it is not there or can't be read."""
        part = self.partition(_SOURCES, source_id) / part_name(0)
        return str(_read(part)["pipeline_version"].item()) if _is_readable(part) else None

    def damaged(self, source_id: str) -> Path | None:
        """The first part of a source that can't be read, or folder that is gone; None if all is there."""
        for table in lake_tables():
            parts = self._parts(table.name, source_id)
            if not parts:
                return self.partition(table.name, source_id)
            for part in parts:
                if not _is_readable(part):
                    return part
        return None

    def uris(self, source_id: str) -> set[str]:
        """Names under which the content was seen."""
        parts = [part for part in self._parts(_URIS, source_id) if _is_readable(part)]
        return {uri for part in parts for uri in _read(part)["uri"]}

    def unvalidated(self, checks_version: str) -> list[str]:
        """Sources whose partition has not passed these checks, or has changed on disk since."""
        return [source_id for source_id in self.source_ids() if not self._is_validated(source_id, checks_version)]

    def fingerprint(self) -> str:
        """Changes when any part is added, removed or touched."""
        digest = hashlib.sha256()
        for source_id in self.source_ids():
            digest.update(self._fingerprint(source_id).encode())
        return digest.hexdigest()

    def parquet_files(self, table: str, source_ids: Iterable[str] | None = None) -> list[str]:
        """Glob patterns that match the parts of a table, of all sources or of those named."""
        folder = f"{glob.escape(str(self.root))}/{table}"  # a data folder may be called "data [1]"
        names = ["*"] if source_ids is None else source_ids
        return [f"{folder}/source={name}/part-*.parquet" for name in names]

    # -- details -------------------------------------------------------------------------------------------------

    def _write(self, frame: pl.DataFrame, table: str, path: Path) -> None:
        import polars as pl

        columns = [pl.col(name).cast(type_) for name, type_ in lake_schema(table).items()]
        with replacing(path) as temporary:
            frame.select(columns).write_parquet(temporary, compression="zstd")

    def _finish(self, source_id: str) -> None:
        staged = self._staging / source_id
        tables = [table.name for table in lake_tables() if table.name != _SOURCES]
        for table in (*tables, _SOURCES):
            target = self.partition(table, source_id)
            if (staged / table).exists() and not (table == _URIS and self.uris(source_id)):
                target.parent.mkdir(parents=True, exist_ok=True)
                if target.exists():
                    target.rename(staged / f"replaced-{table}")
                (staged / table).rename(target)
                sync(target.parent)
        shutil.rmtree(staged)

    def _parts(self, table: str, source_id: str) -> list[Path]:
        return sorted(self.partition(table, source_id).glob("part-*.parquet"))

    def _is_validated(self, source_id: str, checks_version: str) -> bool:
        mark = self._validated / source_id
        return mark.exists() and mark.read_text(encoding="utf-8") == self._validation_state(source_id, checks_version)

    def _validation_state(self, source_id: str, checks_version: str) -> str:
        return f"{checks_version} {self._fingerprint(source_id)}\n"

    def _fingerprint(self, source_id: str) -> str:
        digest = hashlib.sha256(source_id.encode())
        for table in lake_tables():
            for entry in self._entries(table.name, source_id):
                status = entry.stat()
                digest.update(f"{table.name}/{entry.name} {status.st_size} {status.st_mtime_ns}\n".encode())
        return digest.hexdigest()

    def _entries(self, table: str, source_id: str) -> Iterator[os.DirEntry[str]]:
        folder = self.partition(table, source_id)
        if folder.exists():
            yield from sorted(os.scandir(folder), key=lambda entry: entry.name)


def _read(part: Path) -> pl.DataFrame:
    import polars as pl

    return pl.read_parquet(part, glob=False)


def _row_count(folder: Path) -> int:
    import polars as pl

    parts = folder.glob("part-*.parquet")
    return sum(pl.scan_parquet(part, glob=False).select(pl.len()).collect().item() for part in parts)


def _is_readable(part: Path) -> bool:
    """Whether a file is there and ends as a Parquet file does."""
    import polars as pl

    try:
        pl.scan_parquet(part, glob=False).collect_schema()
    except (OSError, pl.exceptions.PolarsError):
        return False
    return True


def part_name(number: int) -> str:
    """File name of a part; numbers start at 0."""
    return f"part-{number:05d}.parquet"
