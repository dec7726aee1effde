"""Dump files: which ones an argument names, and their bytes, decompressed."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from warehouse.errors import SourceError

BLOCK_BYTES = 1 << 20
SUFFIXES = (".txt", ".txt.gz", ".txt.zst", ".txt.bz2")
"""What is taken from a folder. A file that is named itself may have any name: its content tells its compression."""

_COMPRESSIONS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bz2"}


@dataclass(frozen=True, slots=True)
class Dump:
    """One file with a listing: where it is and what it holds.

    ``source_id`` is the SHA-256 of its decompressed bytes in hex, ``byte_size`` their number.
    """

    path: Path
    source_id: str
    byte_size: int

    @property
    def uri(self) -> str:
        """The name under which the content was seen."""
        return str(self.path)

    @property
    def label(self) -> str:
        """What a person calls it."""
        return self.path.name


def discover(inputs: Sequence[str]) -> tuple[list[Path], list[SourceError]]:
    """Files that the arguments name (files, folders, globs), absolute, each once, and the arguments that name none."""
    paths: dict[Path, None] = {}
    failures = []
    for argument in inputs:
        try:
            paths.update(dict.fromkeys(_expand(argument)))
        except SourceError as error:
            failures.append(error)
    return list(paths), failures


def _expand(argument: str) -> list[Path]:
    path = Path(argument).expanduser()
    if path.is_dir():
        found = sorted(file for file in path.rglob("*") if file.name.endswith(SUFFIXES) and file.is_file())
        if not found:
            raise SourceError(argument, "no_files", f"the folder holds no {', '.join(SUFFIXES)} file")
        return [file.absolute() for file in found]
    if path.exists():
        return [path.absolute()]
    if glob.has_magic(argument):
        found = sorted(
            Path(name)
            for name in glob.glob(str(path), recursive=True)  # noqa: PTH207 - it takes absolute patterns, Path.glob does not
            if Path(name).is_file()
        )
        if not found:
            raise SourceError(argument, "no_files", "no file matches the pattern")
        return [file.absolute() for file in found]
    raise SourceError(argument, "missing_file", "there is no such file or folder")


def identify(path: Path) -> Dump:
    """The dump at `path`; raises SourceError if it can't be read, is empty or is not text."""
    digest, size = hashlib.sha256(), 0
    for block in blocks(path):
        if size == 0:
            _require_text(path, block)
        digest.update(block)
        size += len(block)
    if size == 0:
        raise SourceError(str(path), "empty_file", "the file is empty")
    return Dump(path, digest.hexdigest(), size)


def blocks(path: Path) -> Iterator[bytes]:
    """The decompressed bytes of a file in blocks; raises SourceError if it can't be read to its end."""
    import pyarrow as pa

    try:
        with path.open("rb") as head:
            start = head.read(4)
        compression = next((name for magic, name in _COMPRESSIONS.items() if start.startswith(magic)), None)
        with pa.input_stream(str(path), compression=compression) as stream:
            while block := stream.read(BLOCK_BYTES):
                yield block
    except OSError as error:  # Arrow reports damaged compression as OSError too
        if error.errno is not None or compression is None:
            raise SourceError(str(path), "unreadable_file", f"can't be read: {error.strerror or error}") from error
        raise SourceError(
            str(path), "damaged_compression", f"the {compression} data are damaged or cut off ({error})"
        ) from error


def _require_text(path: Path, block: bytes) -> None:
    if block.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(str(path), "not_utf8", "the file is UTF-16; convert it to UTF-8 first")
    if b"\0" in block[: 1 << 16]:
        raise SourceError(str(path), "binary_file", "the file is binary, not a text listing")
