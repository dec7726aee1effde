"""Every table and column of the lake and of the warehouse, in one place.

The Parquet lake, the DuckDB tables and their comments, the value sets that the expectations check and
docs/data_dictionary.md are all derived from the tables of these modules. Scripts rely on names and order: see
tests/golden/contract.csv.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.schema import metrics, papers, runs, sources
from warehouse.schema.columns import RECORD, Column, SqlType, Table

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "RECORD",
    "RUN_TABLES",
    "TABLES",
    "Column",
    "Table",
    "lake_schema",
    "lake_tables",
    "table",
    "warehouse_tables",
]

TABLES: tuple[Table, ...] = (
    *papers.PAPER_TABLES,
    *metrics.METRIC_TABLES,
    *sources.SOURCE_TABLES,
    *runs.RUN_TABLES,
)

_BY_NAME = {table.name: table for table in TABLES}
RUN_TABLES = tuple(table.name for table in runs.RUN_TABLES)
"""Tables about runs and the release, which differ where content does not."""


def table(name: str) -> Table:
    """The table of that name; KeyError if there is none."""
    return _BY_NAME[name]


def lake_tables() -> tuple[Table, ...]:
    """Tables of the Parquet lake, in the order in which they are written."""
    return tuple(table for table in TABLES if table.in_lake)


def warehouse_tables() -> tuple[Table, ...]:
    """Tables of the DuckDB file, in the order in which they are documented."""
    return tuple(table for table in TABLES if table.in_warehouse)


def lake_schema(name: str) -> pl.Schema:
    """Polars schema of a lake table: what its transform returns and its Parquet parts hold."""
    import polars as pl

    types: dict[SqlType, pl.DataType] = {
        "VARCHAR": pl.String(),
        "BIGINT": pl.Int64(),
        "DOUBLE": pl.Float64(),
        "BOOLEAN": pl.Boolean(),
        "DATE": pl.Date(),
        "TIMESTAMPTZ": pl.Datetime("us", "UTC"),
    }
    return pl.Schema({column.name: types[column.type] for column in table(name).lake_columns()})
