"""The report of a release: one HTML page that holds all it needs and asks nothing of the network."""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.connect import SEALED, open_warehouse
from warehouse.errors import InputError
from warehouse.files import replacing
from warehouse.releases import releases


def write_report(data: Path, output: Path | None = None, release: str | None = None) -> Path:
    """Writes the report of a release and returns where it is.

    `data` is the data folder; `release` an id or the start of one (default: the release that readers see); `output` the
    file to write (default: reports/<release_id>.html in the data folder). Raises InputError if there is no such
    release, or if the file can't be written.
    """
    from warehouse.report.page import page

    with _open(data, release) as connection:
        ((release_id,),) = connection.execute("SELECT release_id FROM release").fetchall()
        html = page(connection)
    path = output or data / "reports" / f"{release_id}.html"
    try:
        with replacing(path) as temporary:
            temporary.write_text(html, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{path}: the report can't be written: {error.strerror or error}") from error
    return path


def _open(data: Path, release: str | None) -> duckdb.DuckDBPyConnection:
    """The release, read-only and sealed: by default the one that readers see."""
    if release is None:
        return open_warehouse(data)
    found = [path for path in releases(data) if path.stem.startswith(release)]
    exact = [path for path in found if path.stem == release]
    if not found:
        raise InputError(f"there is no release {release!r}; `paperhouse releases` lists those that are kept")
    if len(found) > 1 and not exact:
        raise InputError(f"{release!r} begins several releases: {', '.join(path.stem for path in found)}")
    return duckdb.connect(str((exact or found)[0]), read_only=True, config=dict(SEALED))
