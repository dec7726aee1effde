"""The data dictionary as Markdown: `python -m warehouse.data_dictionary > docs/data_dictionary.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import duckdb

from warehouse.build import MARTS, create_empty_release
from warehouse.schema import Column, Table, lake_tables, warehouse_tables

_OPENING = """# Data dictionary

Derived from warehouse/schema/ by `make docs`; a test keeps it true. `_id` is an opaque key, `_number` a 1-based
position, `_count` a count, `_at` a time in UTC, `_on` a day, `is_` a boolean, `_raw` text as found. Offsets count
Unicode characters from 0, ends exclusive: `substr(papers.abstract, char_start + 1, char_end - char_start) = quote`.
"""


def data_dictionary() -> str:
    """Every table, view and Parquet table with its grain, key and columns."""
    parts = [_OPENING, "## Tables of warehouse.duckdb\n"]
    parts += [_section(table, table.warehouse_columns(), table.key) for table in warehouse_tables()]
    parts.append("## Views\n")
    parts += _marts()
    parts.append("## Parquet tables of the lake (`lake/<table>/source=<source_id>/part-<n>.parquet`)\n")
    parts += [_section(table, table.lake_columns(), table.lake_key) for table in lake_tables()]
    return "\n".join(parts)


def _marts() -> Iterator[str]:
    """A section per view, its columns as DuckDB derives them over empty tables."""
    with duckdb.connect() as connection:
        create_empty_release(connection)
        for name in MARTS:
            (comment,) = connection.execute(
                "SELECT comment FROM duckdb_views() WHERE view_name = ? AND database_name = 'out'", [name]
            ).fetchone() or ("",)
            columns = connection.execute(
                "SELECT column_name, data_type, comment FROM duckdb_columns() "
                "WHERE table_name = ? AND database_name = 'out' ORDER BY column_index",
                [name],
            ).fetchall()
            lines = [f"### {name}", "", comment, "", "| column | type | meaning |", "|---|---|---|"]
            lines += [f"| `{column}` | {type_} | {meaning} |" for column, type_, meaning in columns]
            yield "\n".join(lines) + "\n"


def _section(table: Table, columns: tuple[Column, ...], key: tuple[str, ...]) -> str:
    lines = [f"### {table.name}", "", f"{table.grain}; key: {', '.join(f'`{name}`' for name in key)}", ""]
    lines += ["| column | type | null | meaning |", "|---|---|---|---|"]
    for column in columns:
        values = f" One of: {', '.join(f'`{value}`' for value in column.values)}." if column.values else ""
        null = "yes" if column.nullable else ""
        description = (column.description + values).replace("|", "\\|")
        lines.append(f"| `{column.name}` | {column.type} | {null} | {description} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(data_dictionary())
