"""The questions that a report asks of a release: one .sql file each, beside this module."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    import polars as pl


def rows(connection: duckdb.DuckDBPyConnection, name: str, **parameters: Any) -> list[dict[str, Any]]:
    """Rows of the query of that name, each as columns and values."""
    result = connection.execute(_sql(name), parameters)
    columns = [column[0] for column in result.description or []]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def frame(connection: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    """The result of the query of that name as a frame: for what has a row per paper."""
    return connection.execute(_sql(name)).pl()


def _sql(name: str) -> str:
    return files("warehouse.report").joinpath("queries", f"{name}.sql").read_text(encoding="utf-8")
