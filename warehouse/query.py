"""Queries of a user against the published warehouse: read-only, sealed, with errors that show where."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from warehouse.errors import QueryError


def query(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any] | None = None
) -> duckdb.DuckDBPyConnection:
    """Runs one statement that reads; raises QueryError with DuckDB's own message, which points at the place."""
    try:
        statements = connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type not in _READING:
            raise QueryError("only one statement that reads (SELECT, FROM, DESCRIBE, SHOW, EXPLAIN) can be run")
        return connection.execute(statements[0], parameters or [])
    except duckdb.Error as error:
        raise QueryError(str(error)) from error


_READING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)


def fetch(result: duckdb.DuckDBPyConnection) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of a result; raises QueryError if computing them fails."""
    columns = [column[0] for column in result.description or []]
    try:
        return columns, result.fetchall()
    except duckdb.Error as error:
        raise QueryError(str(error)) from error


def to_csv(result: duckdb.DuckDBPyConnection) -> bytes:
    """The result as CSV with a header, UTF-8, times in ISO 8601; nulls are empty."""
    import csv

    columns, rows = fetch(result)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([["" if value is None else _plain(value) for value in row] for row in rows])
    return text.getvalue().encode()


def to_json(result: duckdb.DuckDBPyConnection) -> bytes:
    """The result as a JSON array of objects, one a line."""
    columns, rows = fetch(result)
    lines = [
        json.dumps(dict(zip(columns, row, strict=True)), default=_plain, ensure_ascii=False, allow_nan=False)
        for row in rows
    ]
    return ("[" + ",\n ".join(lines) + "]\n").encode()


def to_parquet(result: duckdb.DuckDBPyConnection) -> bytes:
    """The result as a Parquet file, zstd."""
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    try:
        pq.write_table(result.to_arrow_table(), buffer, compression="zstd")
    except duckdb.Error as error:
        raise QueryError(str(error)) from error
    return buffer.getvalue()


WRITERS: dict[str, Callable[[duckdb.DuckDBPyConnection], bytes]] = {
    "csv": to_csv,
    "json": to_json,
    "parquet": to_parquet,
}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, str | int | float | bool):
        return value
    return str(value)
