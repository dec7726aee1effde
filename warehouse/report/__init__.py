"""The report of a release: one HTML page that holds all it needs and asks nothing of the network."""

from __future__ import annotations

from pathlib import Path

from warehouse.connect import open_release, open_warehouse
from warehouse.errors import InputError
from warehouse.files import replacing
from warehouse.releases import find_release


def write_report(data: Path, output: Path | None = None, release: str | None = None) -> Path:
    """Writes the report of a release and returns where it is.

    `data` is the data folder; `release` an id or the start of one (default: the release that readers see); `output` the
    file to write (default: reports/<release_id>.html in the data folder). Raises InputError if there is no such
    release, or if the file can't be written.
    """
    from warehouse.report.page import page

    with open_release(find_release(data, release)) if release else open_warehouse(data) as connection:
        ((release_id,),) = connection.execute("SELECT release_id FROM release").fetchall()
        html = page(connection)
    path = output or data / "reports" / f"{release_id}.html"
    try:
        with replacing(path) as temporary:
            temporary.write_text(html, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{path}: the report can't be written: {error.strerror or error}") from error
    return path
