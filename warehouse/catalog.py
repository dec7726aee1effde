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

RELEASE_COLUMNS = (
    "release",
    "current",
    "published_at",
    "run",
    "pipeline_version",
    "papers",
    "links",
    "reported_metrics",
    "failed_warnings",
)
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


def release_rows(data: Path) -> list[tuple[Any, ...]]:
    """The releases that are kept, newest first, as RELEASE_COLUMNS."""
    present, pinned = present_release(data), pinned_release_id(data)
    rows: list[tuple[Any, ...]] = []
    for path in releases(data):
        release = read_release(path)
        if release is None:
            rows.append((path.stem, "can't be read", *[None] * (len(RELEASE_COLUMNS) - 2)))
            continue
        state = "current" if present and release.release_id == present.release_id else ""
        if release.release_id == pinned:
            state = f"{state}, pinned".removeprefix(", ")
        facts = (release.published_at, release.run_id, release.pipeline_version, release.paper_count)
        rows.append((release.release_id, state, *facts, release.link_count, release.metric_count))
        rows[-1] += (release.failed_warning_count,)
    return rows


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {quote(name)}").fetchone()
    assert row is not None
    return int(row[0])
