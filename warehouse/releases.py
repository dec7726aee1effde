"""Releases: releases/<release_id>.duckdb, and warehouse.duckdb, which is the one that readers see.

The published file is never opened for writing and is read-only on disk. It is another name of the release's file, put
in its place by one rename, so readers keep what they opened and new readers find the new release.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from expectations.figures import FIGURES
from warehouse.connect import literal
from warehouse.errors import PaperhouseError
from warehouse.files import sync

if TYPE_CHECKING:
    from warehouse.build import Candidate

WAREHOUSE = "warehouse.duckdb"
READ_ONLY = 0o444


def publish_release(data: Path, candidate: Candidate, keep: int) -> str:
    """Makes the candidate the release that readers see; keeps the newest `keep` releases; returns its id."""
    release = data / "releases" / f"{candidate.release_id}.duckdb"
    log = candidate.path.with_name(f"{candidate.path.name}.wal")
    if candidate.path.exists():  # else a try before this one moved it already
        if log.exists():
            raise PaperhouseError(f"{log}: the release was not closed cleanly; the release before it stays")
        candidate.path.chmod(READ_ONLY)
        sync(candidate.path)
        candidate.path.rename(release)
        sync(release.parent)
    _point_at(data, release)
    for old in [path for path in releases(data) if path != release][keep - 1 :]:
        old.unlink()
    return candidate.release_id


def releases(data: Path) -> list[Path]:
    """Files of the releases that are kept, newest first."""
    return sorted((data / "releases").glob("*.duckdb"), reverse=True)


def current_release(data: Path) -> Path | None:
    """The warehouse that readers see; None if nothing was published yet."""
    path = data / WAREHOUSE
    return path if path.exists() else None


def current_release_id(data: Path) -> str | None:
    """Id of the release that readers see; None if there is none that can be read."""
    path = current_release(data)
    if path is None:
        return None
    try:
        with _attached(path) as connection:
            row = connection.execute("SELECT release_id FROM release.release").fetchone()
    except duckdb.Error:
        return None
    return str(row[0]) if row else None


def figures(database: Path) -> dict[str, float]:
    """The figures of a release that the next one is compared with."""
    with _attached(database) as connection:
        connection.execute("USE release")
        return {name: _number(connection, query) for name, query in FIGURES.items()}


def _attached(database: Path) -> duckdb.DuckDBPyConnection:
    """A connection with the file attached as `release`.

    One to the file itself would, in a process that has its path open, be one to what was first found there.
    """
    connection = duckdb.connect()
    connection.execute(f"ATTACH {literal(str(database))} AS release (READ_ONLY)")
    return connection


def _point_at(data: Path, release: Path) -> None:
    warehouse, temporary = data / WAREHOUSE, data / f".{WAREHOUSE}.{os.getpid()}.tmp"
    temporary.unlink(missing_ok=True)
    try:
        os.link(release, temporary)
    except OSError:  # a file system without hard links
        shutil.copyfile(release, temporary)
        temporary.chmod(READ_ONLY)
        sync(temporary)
    # A log beside the old file would be replayed into the new one.
    warehouse.with_name(f"{WAREHOUSE}.wal").unlink(missing_ok=True)
    temporary.replace(warehouse)
    sync(data)


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> float:
    row = connection.execute(query).fetchone()
    assert row is not None
    return float(row[0])
