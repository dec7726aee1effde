"""`paperhouse sql`: where the query comes from, and how its rows are printed."""

from __future__ import annotations

import sys
from pathlib import Path

from flows.terminal import show_rows
from warehouse.connect import open_warehouse
from warehouse.errors import InputError
from warehouse.query import WRITERS, fetch, query, time_limit


def read_query(text: str | None, file: Path | None) -> str:
    """The query given as an argument, in a file, or on standard input (`-`, or nothing where no terminal is)."""
    if text is not None and file is not None:
        raise InputError("give a query or a file, not both")
    if file is not None:
        try:
            return file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{file}: the query can't be read: {error}") from error
    if text == "-" or (text is None and not sys.stdin.isatty()):
        return sys.stdin.read()
    if text is None:
        raise InputError('no query: `paperhouse sql "SELECT …"`, --file FILE, or - for standard input')
    return text


def print_rows(data: Path, sql: str, output: str, timeout: float) -> None:
    """Runs the query on the warehouse and prints its rows as a table, csv, json or parquet."""
    if output == "parquet" and sys.stdout.isatty():
        raise InputError("Parquet is not for a terminal: send it to a file with > rows.parquet")
    with open_warehouse(data) as connection, time_limit(connection, timeout):
        result = query(connection, sql)
        if output == "table":
            show_rows(*fetch(result))
        else:
            WRITERS[output](result, sys.stdout.buffer)
            sys.stdout.buffer.flush()
