"""What a data folder holds: tables with their descriptions, releases, and what was refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from warehouse.connect import quote, read_parquet
from warehouse.errors import InputError
from warehouse.lake import Lake
from warehouse.ledger import Ledger
from warehouse.releases import pinned_release_id, present_release, read_release, releases
from warehouse.schema import warehouse_tables

_TEXT_CHARS = 60


def contents(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """Name, kind, rows and description of every table and view, the tables in the order of the data dictionary."""
    rows = connection.execute(
        "SELECT table_name AS name, 'table' AS kind, comment FROM duckdb_tables() WHERE NOT internal "
        "UNION ALL SELECT view_name, 'view', comment FROM duckdb_views() WHERE NOT internal ORDER BY name"
    ).fetchall()
    order = {table.name: number for number, table in enumerate(warehouse_tables())}
    rows.sort(key=lambda row: (order.get(row[0], len(order)), row[0]))
    return [(name, kind, _count(connection, name), comment.partition(" Grain: ")[0]) for name, kind, comment in rows]


def columns(connection: duckdb.DuckDBPyConnection, name: str) -> list[tuple[Any, ...]]:
    """Name, type and description of every column of a table or view; InputError if there is none of that name."""
    rows = connection.execute(
        "SELECT column_name, data_type, coalesce(comment, '') FROM duckdb_columns() "
        "WHERE table_name = ? AND NOT internal ORDER BY column_index",
        [name],
    ).fetchall()
    if not rows:
        raise InputError(f"there is no table or view {name!r}; `paperhouse tables` lists them")
    return rows


def rejected_records(lake: Lake) -> list[tuple[Any, ...]]:
    """File, line, record, stage, reason, detail and the start of the text of every reject in the lake."""
    if not lake.source_ids():
        return []
    with duckdb.connect() as connection:
        return connection.execute(
            "SELECT any_value(uri ORDER BY uri), line_number, record_number, stage, reason, detail, "
            f"left(text_raw, {_TEXT_CHARS}) FROM {read_parquet(lake.parquet_files('rejects'))} AS rejects "
            f"JOIN {read_parquet(lake.parquet_files('source_uris'))} AS source_uris USING (source_id) "
            "GROUP BY source_id, line_number, record_number, stage, reason, detail, text_raw ORDER BY 1, 2"
        ).fetchall()


def failed_files(data: Path) -> list[tuple[Any, ...]]:
    """File, last run, reason and detail of every file that a run could not read."""
    latest = {
        (failure["uri"], failure["reason"]): (failure["uri"], entry["run_id"], failure["reason"], failure["detail"])
        for entry in Ledger(data).entries()
        for failure in entry["failures"]
    }
    return sorted(latest.values())


def release_rows(data: Path) -> list[dict[str, Any]]:
    """The releases that are kept, newest first: what each says of itself, and which one is current or pinned."""
    present, pinned = present_release(data), pinned_release_id(data)
    return [_release_row(path, present.release_id if present else None, pinned) for path in releases(data)]


def _release_row(path: Path, present_id: str | None, pinned_id: str | None) -> dict[str, Any]:
    release = read_release(path)
    states = [state for state, id_ in (("current", present_id), ("pinned", pinned_id)) if id_ == path.stem]
    return {
        "release": path.stem,
        "current": ", ".join(states) if release else "can't be read",
        "published_at": release and release.published_at,
        "run": release and release.run_id,
        "pipeline_version": release and release.pipeline_version,
        "papers": release and release.paper_count,
        "links": release and release.link_count,
        "reported_metrics": release and release.metric_count,
        "failed_warnings": release and release.failed_warning_count,
    }


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {quote(name)}").fetchone()
    assert row is not None
    return int(row[0])
