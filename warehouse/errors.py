"""What can go wrong, as one small tree: each error is a line for the user and an exit code for scripts."""

from __future__ import annotations


class PaperhouseError(Exception):
    """Something that the user can be told in a line: what was wrong, where, and what to do."""

    exit_code = 1


class InputError(PaperhouseError):
    """Bad usage, or no readable input."""

    exit_code = 2


class SourceError(InputError):
    """A file that can't be read as a listing: ``reason`` is a stable slug, ``detail`` says what exactly was wrong."""

    def __init__(self, uri: str, reason: str, detail: str):
        super().__init__(f"{uri}: {detail}")
        self.uri, self.reason, self.detail = uri, reason, detail

    def __reduce__(self) -> tuple[type[SourceError], tuple[str, str, str]]:
        return type(self), (self.uri, self.reason, self.detail)


class QueryError(InputError):
    """A query that DuckDB refuses or can't run."""


class DataFolderBusyError(PaperhouseError):
    """Another run holds the data folder."""


class DiskFullError(PaperhouseError):
    """Too little free space to build a release."""


class LakeDamagedError(PaperhouseError):
    """A part of the lake can't be read."""
