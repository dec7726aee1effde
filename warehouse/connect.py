"""Connections to DuckDB: to build with, and to read a published warehouse with."""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.errors import InputError

SEALED = {"enable_external_access": "false", "allow_community_extensions": "false", "lock_configuration": "true"}
"""A reader's settings: SQL reaches no file, no network and no setting. They can't be taken back on the connection."""


def open_warehouse(data: Path) -> duckdb.DuckDBPyConnection:
    """The published warehouse, read-only and sealed; raises InputError if there is none yet."""
    path = data / "warehouse.duckdb"
    if not path.exists():
        raise InputError(f"{path}: there is no warehouse yet; `paperhouse run` makes one")
    return open_release(path)


def open_release(path: Path) -> duckdb.DuckDBPyConnection:
    """A release that is kept, read-only and sealed."""
    return duckdb.connect(str(path), read_only=True, config=dict(SEALED))


def holds_table(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether the release has that table: older ones lack what came later."""
    query = "SELECT count(*) > 0 FROM duckdb_tables() WHERE NOT internal AND table_name = ?"
    return connection.execute(query, [name]).fetchone() == (True,)


def quote(identifier: str) -> str:
    """An identifier as SQL writes it."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def read_parquet(patterns: list[str]) -> str:
    """Parquet files as a table in SQL; patterns as Lake.parquet_files gives them."""
    return f"read_parquet([{', '.join(map(literal, patterns))}], hive_partitioning = false)"
