"""Files that are there whole or not at all, and the lock of a data folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from warehouse.errors import DataFolderBusyError, InputError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; on leaving, it is on disk and takes the place of `path` in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        sync(temporary)
        temporary.replace(path)
        sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Holds the data folder for whoever changes what it holds; raises DataFolderBusyError if somebody else does.

    The operating system drops the lock with the process, so a crash leaves none behind.
    """
    if not data.is_dir():
        raise InputError(f"{data}: there is no such data folder")
    lock = FileLock(data / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise DataFolderBusyError(f"{data}: another run is using this data folder; try again later") from error
    try:
        yield
    finally:
        lock.release()


def sync(path: Path) -> None:
    """Makes sure that a file, or the names in a folder, are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
