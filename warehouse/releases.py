"""Releases: releases/<release_id>.duckdb, and warehouse.duckdb, which is the one that readers see.

The published file is never opened for writing and is read-only on disk. It is another name of the release's file, put
in its place by one rename, so readers keep what they opened and new readers find the new release.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from expectations.figures import FIGURES
from warehouse.connect import literal
from warehouse.errors import InputError, PaperhouseError
from warehouse.files import replacing, sync

if TYPE_CHECKING:
    from warehouse.build import Candidate

WAREHOUSE = "warehouse.duckdb"
PIN = "pinned.json"
SHOWN = "shown.json"
"""Ids of the releases that readers saw, in order; a rollback cuts off what came after."""

READ_ONLY = 0o444
_HISTORY = 1000  # ids; more than anybody keeps


@dataclass(frozen=True, slots=True)
class Release:
    """What a release says of itself; the fields are the columns of the table `release`."""

    release_id: str
    run_id: str
    published_at: datetime
    pipeline_version: str
    content_hash: str
    paper_count: int
    link_count: int
    metric_count: int
    failed_warning_count: int


def publish_release(data: Path, candidate: Candidate, keep: int) -> str:
    """Makes the candidate the release that readers see; keeps the last `keep` that they saw; returns its id.

    A release of the same content that is kept, as after a rollback, is shown again instead: content makes a release.
    """
    kept = _of_content(data, candidate.release.content_hash)
    if kept and kept.stem != candidate.release.release_id:
        _show(data, kept)
        return kept.stem
    release = data / "releases" / f"{candidate.release.release_id}.duckdb"
    log = candidate.path.with_name(f"{candidate.path.name}.wal")
    if candidate.path.exists():  # else a try before this one moved it already
        if log.exists():
            raise PaperhouseError(f"{log}: the release was not closed cleanly; the release before it stays")
        candidate.path.chmod(READ_ONLY)
        sync(candidate.path)
        candidate.path.rename(release)
        sync(release.parent)
    _show(data, release)
    for old in _by_last_shown(data)[keep:]:
        old.unlink()
    return candidate.release.release_id


def rollback(data: Path, release_id: str | None = None) -> Release:
    """Makes an earlier release the one that readers see and pins it; by default the one that they saw before.

    `release_id` may be the start of an id. Raises InputError if there is no such release, or more than one, and
    PaperhouseError if its file can't be read; then nothing changes.
    """
    path = find_release(data, release_id) if release_id else _release_before(data)
    release = read_release(path)
    if release is None:
        raise PaperhouseError(f"{path}: this release can't be read; the present one stays")
    pin = {"release_id": release.release_id, "pinned_at": datetime.now(UTC).isoformat(timespec="seconds")}
    # First the pin: a crash in between must not leave an earlier release that the next run replaces.
    with replacing(data / "releases" / PIN) as temporary:
        temporary.write_text(json.dumps(pin) + "\n", encoding="utf-8")
    _show(data, path, back=True)
    return release


def unpin(data: Path) -> str | None:
    """Lets the next run publish again; returns the id of the release that was pinned, None if none was."""
    try:
        release_id = pinned_release_id(data)
    except PaperhouseError:
        release_id = "a release whose id can't be read"
    (data / "releases" / PIN).unlink(missing_ok=True)
    return release_id


def pinned_release_id(data: Path) -> str | None:
    """Id of the release that a rollback pinned; None if none is."""
    path = data / "releases" / PIN
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["release_id"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PaperhouseError(f"{path}: this pin can't be read; `paperhouse unpin` removes it ({error})") from error


def new_release_id(data: Path, built_at: datetime, content_hash: str) -> str:
    """An id that sorts behind those of all releases that are there, also when the clock went backwards."""
    newest = max((path.stem for path in releases(data)), default="")
    while (stamp := f"{built_at:%Y%m%dT%H%M%SZ}") <= newest[:16]:
        built_at = max(built_at, datetime.strptime(newest[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC))
        built_at += timedelta(seconds=1)
    return f"{stamp}-{content_hash[:8]}"


def releases(data: Path) -> list[Path]:
    """Files of the releases that are kept, newest first."""
    return sorted((data / "releases").glob("*.duckdb"), reverse=True)


def find_release(data: Path, release_id: str) -> Path:
    """The file of the release with that id, or whose id alone begins so; InputError if there is no such one."""
    kept = releases(data)
    found = [path for path in kept if path.stem == release_id] or [p for p in kept if p.stem.startswith(release_id)]
    if len(found) == 1 and release_id:
        return found[0]
    names = ", ".join(path.stem for path in (found or kept)) or "none"
    pin = "; it is pinned, `paperhouse unpin` ends that" if release_id == pinned_release_id(data) else ""
    raise InputError(f"{release_id!r} names {'several releases' if found else 'no release'}; there are: {names}{pin}")


def current_release(data: Path) -> Path | None:
    """The warehouse that readers see; None if nothing was published yet."""
    path = data / WAREHOUSE
    return path if path.exists() else None


def present_release(data: Path) -> Release | None:
    """What the release that readers see says of itself; None if there is none that can be read."""
    path = current_release(data)
    return read_release(path) if path else None


def read_release(database: Path) -> Release | None:
    """What a release says of itself; None if its file can't be read."""
    columns = ", ".join(Release.__slots__)
    try:
        with attached(database) as connection:
            row = connection.execute(f"SELECT {columns} FROM release.release").fetchone()
    except duckdb.Error:
        return None
    return Release(*row) if row else None


def figures(database: Path) -> dict[str, float]:
    """The figures of a release that the next one is compared with."""
    with attached(database) as connection:
        connection.execute("USE release")
        return {name: _number(connection, query) for name, query in FIGURES.items()}


def attached(database: Path, name: str = "release") -> duckdb.DuckDBPyConnection:
    """A connection with the file attached, read-only, under a name.

    One to the file itself would, in a process that has its path open, be one to what was first found there.
    """
    connection = duckdb.connect()
    connection.execute(f"ATTACH {literal(str(database))} AS {name} (READ_ONLY)")
    return connection


def _of_content(data: Path, content_hash: str) -> Path | None:
    """The newest release that holds the same, if one is kept."""
    for path in releases(data):
        release = read_release(path)
        if release and release.content_hash == content_hash:
            return path
    return None


def _release_before(data: Path) -> Path:
    """What readers saw before the present release, of what is kept."""
    present, kept = present_release(data), {path.stem: path for path in releases(data)}
    shown = _shown(data)
    if present and present.release_id in shown:
        earlier = shown[: _last(shown, present.release_id)]
        for release_id in reversed(earlier):
            if release_id in kept and release_id != present.release_id:
                return kept[release_id]
    raise InputError(f"{data}: there is no release before the present one that could be rolled back to")


def _by_last_shown(data: Path) -> list[Path]:
    """The releases that are kept, the present one first, then those that readers saw before, then all others."""
    shown = _shown(data)
    return sorted(releases(data), key=lambda path: _last(shown, path.stem), reverse=True)


def _last(shown: list[str], release_id: str) -> int:
    """Where an id stands last; -1 if it doesn't."""
    return max((place for place, other in enumerate(shown) if other == release_id), default=-1)


def _shown(data: Path) -> list[str]:
    """What readers saw, in order; the order of the ids where that was not noted or the note is damaged."""
    try:
        shown = json.loads((data / "releases" / SHOWN).read_text(encoding="utf-8"))
        return [str(release_id) for release_id in shown]
    except (OSError, ValueError, TypeError):
        return sorted(path.stem for path in releases(data))


def _show(data: Path, release: Path, *, back: bool = False) -> None:
    """Makes a release the one that readers see; going `back` ends what was shown after it."""
    shown, present = _shown(data), present_release(data)
    if present is not None and present.release_id in shown:  # a crash may have left what readers never saw
        shown = shown[: _last(shown, present.release_id) + 1]
    if back and release.stem in shown[:-1]:
        shown = shown[: _last(shown[:-1], release.stem)]
    if shown[-1:] != [release.stem]:
        shown.append(release.stem)
    with replacing(data / "releases" / SHOWN) as temporary:
        temporary.write_text(json.dumps(shown[-_HISTORY:]) + "\n", encoding="utf-8")
    _point_at(data, release)


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
