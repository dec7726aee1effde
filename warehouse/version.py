"""What made a row: the version of the pipeline, and of the code that checks and builds."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable


@functools.cache
def pipeline_version() -> str:
    """Hash of the package version, the vocabulary files and the transform sources: what a source's rows depend on."""
    return _digest(("transforms", ""), ("seeds", "vocabulary"))


@functools.cache
def build_version() -> str:
    """Hash of all that decides whether and how rows become a release: pipeline, expectations, models, accuracy."""
    return _digest(
        ("transforms", ""), ("seeds", "vocabulary"), ("seeds", "accuracy"), ("expectations", ""), ("warehouse", "")
    )


def _digest(*folders: tuple[str, str]) -> str:
    digest = hashlib.sha256(version("paperhouse").encode())
    for package, folder in folders:
        root = files(package).joinpath(folder) if folder else files(package)
        for name, file in sorted(_walk(root, package)):
            content = file.read_bytes()
            digest.update(f"\n{name} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()[:16]


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir():
            yield from _walk(entry, name)
        elif entry.name.endswith((".py", ".csv", ".sql")):
            yield name, entry
