"""Queries of a user against the published warehouse: read-only, sealed, with errors that show where."""

from __future__ import annotations

import json
import math
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from tempfile import TemporaryFile
from threading import Event, Timer
from typing import Any, BinaryIO

import duckdb

from warehouse.errors import QueryError

CHUNK_ROWS = 10_000
"""Rows that are held at once while a result is written."""

_READING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)

_FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r\n]")
"""What a spreadsheet may take for the start of a formula (OWASP, "CSV Injection"), also in full width."""

_SEPARATOR = re.compile(r'[,;"\t\r\n]')
_NUMBER = re.compile(r"[+-]?\d[\d,.]*%?")


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


@contextmanager
def time_limit(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Interrupts what the connection computes after so many seconds; raises QueryError that says so."""
    is_over = Event()

    def stop() -> None:
        is_over.set()
        connection.interrupt()

    timer = Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    except QueryError as error:
        if is_over.is_set():
            raise QueryError(f"the query was stopped after {seconds:g} s (--timeout sets the limit)") from error
        raise
    finally:
        timer.cancel()


def fetch(result: duckdb.DuckDBPyConnection) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of a result; raises QueryError if computing them fails."""
    return _columns(result), [row for chunk in _chunks(result) for row in chunk]


def to_csv(result: duckdb.DuckDBPyConnection, sink: BinaryIO) -> None:
    """Writes CSV with a header, UTF-8, times in ISO 8601; nulls are empty, lists and structs JSON.

    Safe to open in a spreadsheet: a text that one would take for a formula begins with an apostrophe. Numbers with a
    sign or a percent sign ("-11.97%") are none and stay as they are.
    """
    sink.write(_csv_line([_harmless(column) for column in _columns(result)]))
    for chunk in _chunks(result):
        sink.write(b"".join(_csv_line([_as_text(value) for value in row]) for row in chunk))


def to_json(result: duckdb.DuckDBPyConnection, sink: BinaryIO) -> None:
    """Writes a JSON array of objects, one a line; what JSON has no number for (NaN, infinity) is null.

    Raises QueryError if two columns have one name: an object could hold only one of them.
    """
    columns = _columns(result)
    if len(set(columns)) < len(columns):
        raise QueryError(f"two columns have the same name ({', '.join(columns)}); give them names of their own with AS")
    separator = "["
    for chunk in _chunks(result):
        for row in chunk:
            line = json.dumps(dict(zip(columns, map(_as_json, row), strict=True)), ensure_ascii=False)
            sink.write(f"{separator}{line}".encode())
            separator = ",\n "
    sink.write(b"[]\n" if separator == "[" else b"]\n")


def to_parquet(result: duckdb.DuckDBPyConnection, sink: BinaryIO) -> None:
    """Writes a Parquet file, zstd; raises QueryError if a column has a type that Parquet can't hold.

    The file is whole or not written at all: one that ends early would still be a valid file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with TemporaryFile() as file:
        try:
            batches = result.to_arrow_reader(CHUNK_ROWS)
            with pq.ParquetWriter(file, batches.schema, compression="zstd") as writer:
                for batch in _batches(batches):
                    writer.write_batch(batch)
        except (duckdb.Error, pa.ArrowException) as error:
            raise QueryError(f"{error} (a cast to another type helps)") from error
        file.seek(0)
        shutil.copyfileobj(file, sink)


WRITERS: dict[str, Callable[[duckdb.DuckDBPyConnection, BinaryIO], None]] = {
    "csv": to_csv,
    "json": to_json,
    "parquet": to_parquet,
}


def _batches(batches: Any) -> Iterator[Any]:
    """The batches of a result; what DuckDB says while it computes them comes as an OSError."""
    try:
        yield from batches
    except OSError as error:
        raise QueryError(str(error)) from error


def _columns(result: duckdb.DuckDBPyConnection) -> list[str]:
    return [column[0] for column in result.description or []]


def _chunks(result: duckdb.DuckDBPyConnection) -> Iterator[list[tuple[Any, ...]]]:
    try:
        while rows := result.fetchmany(CHUNK_ROWS):
            yield rows
    except duckdb.Error as error:
        raise QueryError(str(error)) from error


def _csv_line(cells: list[str]) -> bytes:
    """A line of CSV; semicolons and tabs are quoted, too, because spreadsheets of some countries split at them."""
    if cells == [""]:
        return b'""\n'  # an empty line would be no row
    quoted = ('"' + cell.replace('"', '""') + '"' if _SEPARATOR.search(cell) else cell for cell in cells)
    return (",".join(quoted) + "\n").encode()


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _as_text(value: Any) -> str:
    plain = _as_json(value)
    if plain is None and isinstance(value, float):
        return str(value)
    if isinstance(value, Decimal):
        return str(value)
    if plain is None:
        return ""
    return _harmless(plain) if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


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
