"""Queries of a user against the published warehouse: read-only, sealed, with errors that show where."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable
from datetime import date, datetime, time
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
    """The result as CSV with a header, UTF-8, times in ISO 8601; nulls are empty, lists and structs JSON."""
    columns, rows = fetch(result)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[_as_text(value) for value in row] for row in rows])
    return text.getvalue().encode()


def to_json(result: duckdb.DuckDBPyConnection) -> bytes:
    """The result as a JSON array of objects, one a line; what JSON has no number for (NaN, infinity) is null.

    Raises QueryError if two columns have one name: an object could hold only one of them.
    """
    columns, rows = fetch(result)
    if len(set(columns)) < len(columns):
        raise QueryError(f"two columns have the same name ({', '.join(columns)}); give them names of their own with AS")
    lines = [json.dumps(dict(zip(columns, map(_as_json, row), strict=True)), ensure_ascii=False) for row in rows]
    return ("[" + ",\n ".join(lines) + "]\n").encode()


def to_parquet(result: duckdb.DuckDBPyConnection) -> bytes:
    """The result as a Parquet file, zstd."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    try:
        pq.write_table(result.to_arrow_table(), buffer, compression="zstd")
    except (duckdb.Error, pa.ArrowException) as error:
        raise QueryError(f"{error} (a cast to another type helps)") from error
    return buffer.getvalue()


WRITERS: dict[str, Callable[[duckdb.DuckDBPyConnection], bytes]] = {
    "csv": to_csv,
    "json": to_json,
    "parquet": to_parquet,
}


def _as_text(value: Any) -> str:
    plain = _as_json(value)
    if plain is None and isinstance(value, float):
        return str(value)
    if isinstance(value, Decimal):
        return str(value)
    if plain is None:
        return ""
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def _as_json(value: Any) -> Any:
    """A value of a result as JSON can hold it; a decimal that a double can't hold stays a text."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return float(value) if Decimal(repr(float(value))) == value else str(value)
        case datetime() | date() | time():
            return value.isoformat()
        case bytes():
            return value.hex()
        case dict():
            return {str(key): _as_json(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_as_json(inner) for inner in value]
        case _:
            return str(value)
