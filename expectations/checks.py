"""What a check is, and the checks that the schema itself implies.

A check is a Great Expectations expectation with a severity and a reason. Critical ones refuse the release, warnings
are published and shown. They run inside DuckDB: over views of the Parquet, or over a release that was just built.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Literal

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

import great_expectations.expectations as gxe

from warehouse.schema import Column, Table, table

Severity = Literal["critical", "warning"]


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a table: ``name`` is a stable slug, ``reason`` says why it and its bound are there."""

    table: str
    name: str
    column: str | None
    severity: Severity
    reason: str
    expectation: Any


def no_rows(
    table_name: str, name: str, severity: Severity, reason: str, query: str, column: str | None = None
) -> Check:
    """A rule over rows: `query` selects those that break it, `{batch}` stands for the table."""
    expectation = gxe.UnexpectedRowsExpectation(unexpected_rows_query=query, description=name)
    return Check(table_name, name, column, severity, reason, expectation)


def matches(table_name: str, column: str, pattern: str, reason: str, severity: Severity = "critical") -> Check:
    """Every value that is not null matches the whole of the RE2 pattern."""
    literal = pattern.replace("'", "''").replace("{", "{{").replace("}", "}}")  # braces are the query template's
    query = f"SELECT {column} FROM {{batch}} WHERE NOT regexp_full_match({column}, '{literal}')"
    return no_rows(table_name, f"{column}_has_its_form", severity, reason, query, column)


def refers_to(table_name: str, column: str, other: str) -> Check:
    """Every value that is not null has its row in the other table; a row that leads nowhere drops out of every join."""
    query = f"SELECT DISTINCT {column} FROM {{batch}} ANTI JOIN {other} USING ({column}) WHERE {column} IS NOT NULL"
    reason = f"A row whose {column} is not in {other} drops out of every join."
    return no_rows(table_name, f"{column}_is_in_{other}", "critical", reason, query, column)


def belongs_to_paper(table_name: str) -> Check:
    """Every row of the lake stands under the record and the id of a paper that is there."""
    query = (
        "SELECT DISTINCT source_id, record_number, paper_id FROM {batch} "
        "ANTI JOIN papers USING (source_id, record_number, paper_id)"
    )
    reason = "A row of an unknown paper would not reach the release."
    return no_rows(table_name, "paper_is_known", "critical", reason, query, "paper_id")


def within(
    table_name: str, column: str, low: float | None, high: float | None, reason: str, severity: Severity = "critical"
) -> Check:
    """Every value that is not null lies between the bounds, which are inclusive."""
    expectation = gxe.ExpectColumnValuesToBeBetween(column=column, min_value=low, max_value=high)
    return Check(table_name, f"{column}_in_range", column, severity, reason, expectation)


def schema_checks(name: str, *, is_lake: bool) -> list[Check]:
    """Columns that must be filled, value sets and the key of a table, as warehouse/schema/ states them."""
    spec = table(name)
    columns = spec.lake_columns() if is_lake else spec.warehouse_columns()
    key = spec.lake_key if is_lake else spec.key
    expected = gxe.ExpectTableColumnsToMatchOrderedList(column_list=[column.name for column in columns])
    checks = [Check(name, "columns", None, "critical", "Scripts and BI tools rely on names and order.", expected)]
    checks.append(_filled(spec, key, [column.name for column in columns if not column.nullable]))
    checks += [_in_set(spec, column) for column in columns if column.values]
    checks.append(_unique(spec, key))
    return checks


def _filled(spec: Table, key: tuple[str, ...], columns: list[str]) -> Check:
    """One scan for all columns: a check of its own for each would cost more than all the other checks together."""
    missing = ", ".join(f"CASE WHEN {column} IS NULL THEN '{column}' END" for column in columns)
    anywhere = " OR ".join(f"{column} IS NULL" for column in columns)
    query = f"SELECT {', '.join(key)}, concat_ws(', ', {missing}) AS missing FROM {{batch}} WHERE {anywhere}"
    reason = f"Always known, so queries rely on it: {', '.join(columns)}."
    return no_rows(spec.name, "columns_are_filled", "critical", reason, query)


def _in_set(spec: Table, column: Column) -> Check:
    expectation = gxe.ExpectColumnValuesToBeInSet(column=column.name, value_set=list(column.values))
    reason = f"The values are {', '.join(column.values)}; queries filter by them."
    return Check(spec.name, f"{column.name}_in_set", column.name, "critical", reason, expectation)


def _unique(spec: Table, key: tuple[str, ...]) -> Check:
    columns = ", ".join(key)
    query = f"SELECT {columns}, count(*) AS row_count FROM {{batch}} GROUP BY {columns} HAVING count(*) > 1"
    reason = f"Grain: {spec.grain}; joins rely on it, and no constraint proves it."
    return no_rows(spec.name, "key_is_unique", "critical", reason, query, columns)
