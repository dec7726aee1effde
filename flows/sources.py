"""Dump files: which ones an argument names, and their bytes, decompressed."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from warehouse.errors import SourceError

BLOCK_BYTES = 1 << 20
SUFFIXES = tuple(kind + compression for kind in (".txt", ".md") for compression in ("", ".gz", ".zst", ".bz2"))
"""What is taken from a folder: text, and pages that tools saved as Markdown. A file that is named itself may have any
name: its content tells its compression."""

_ABOUT_THE_FOLDER = frozenset({"readme", "license", "licence", "changelog", "contributing", "notice", "authors"})
"""Names of files that people and tools put beside dumps; a folder's walk leaves them out."""

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
        return uri_of(self.path)

    @property
    def label(self) -> str:
        """What a person calls it."""
        return self.uri.rpartition("/")[2]


def uri_of(path: Path) -> str:
    """A path as text; bytes of a name that are not UTF-8 become hexadecimal escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


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
    if path.is_dir() and argument:
        found = sorted(_walk(path))
        if not found:
            raise SourceError(argument, "no_files", "the folder holds no .txt or .md file, compressed or not")
        return [file.absolute() for file in found]
    if path.is_file():
        return [path.absolute()]
    if path.exists() and argument:
        raise SourceError(uri_of(path), "not_a_file", "neither a file nor a folder, and it can be read once only")
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


def _walk(folder: Path) -> Iterator[Path]:
    """Dumps in a folder and below; a folder that can't be listed is an error, not an empty one."""

    def refuse(error: OSError) -> None:
        raise SourceError(str(error.filename), "unreadable_folder", f"can't be listed: {error.strerror}") from error

    for place, _, names in os.walk(folder, onerror=refuse):
        for name in names:
            is_dump = name.endswith(SUFFIXES) and name.partition(".")[0].lower() not in _ABOUT_THE_FOLDER
            if is_dump and (file := Path(place, name)).is_file():
                yield file


def identify(path: Path) -> Dump:
    """The dump at `path`; raises SourceError if it can't be read, is empty or is not text."""
    digest, size = hashlib.sha256(), 0
    for block in blocks(path):
        if size == 0:
            _require_text(path, block)
        digest.update(block)
        size += len(block)
    if size == 0:
        raise SourceError(uri_of(path), "empty_file", "the file is empty")
    return Dump(path, digest.hexdigest(), size)


def blocks(path: Path) -> Iterator[bytes]:
    """The decompressed bytes of a file in blocks; raises SourceError if it can't be read to its end."""
    import pyarrow as pa

    compression = None
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            compression = next((name for magic, name in _COMPRESSIONS.items() if start.startswith(magic)), None)
            stream = pa.CompressedInputStream(pa.PythonFile(file, "r"), compression) if compression else file
            while block := stream.read(BLOCK_BYTES):
                yield block
    except OSError as error:  # Arrow reports damaged compression as OSError too
        if error.errno is not None or compression is None:
            raise SourceError(uri_of(path), "unreadable_file", f"can't be read: {error.strerror or error}") from error
        raise SourceError(
            uri_of(path), "damaged_compression", f"the {compression} data are damaged or cut off ({error})"
        ) from error


def _require_text(path: Path, block: bytes) -> None:
    if block.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(uri_of(path), "not_utf8", "the file is UTF-16; convert it to UTF-8 first")
    if b"\0" in block[: 1 << 16]:
        raise SourceError(uri_of(path), "binary_file", "the file is binary, not a text listing")
