"""Row-level differences between two releases: what was added, what is gone, which columns of which rows changed.

A row is found again by the identity that warehouse/schema gives its table. Columns that hold times of extraction or
count rows are left out: they differ where content does not. Nothing but the keys of rows that differ is held, so two
large releases compare within DuckDB's memory limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.connect import holds_table, literal, quote
from warehouse.errors import InputError
from warehouse.schema import RUN_TABLES, Table, warehouse_tables

SAMPLE_ROWS = 5
"""Rows that are shown of each table and kind of change."""

_VALUE_CHARS = 200
_CONTEXT_CHARS = 40  # before the first difference of two long texts
_KEYS = "rows_that_differ"


@dataclass(frozen=True, slots=True)
class TableChanges:
    """How the rows of one table differ: a row of release_changes. Counts are null if not comparable."""

    table_name: str
    before_release_id: str | None
    is_comparable: bool
    reason: str | None = None
    added_count: int | None = None
    removed_count: int | None = None
    changed_count: int | None = None
    changed_columns: str | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """A row that was added or removed, or one changed value of a row: a row of release_change_samples."""

    table_name: str
    change: str
    sample_number: int
    row_key: str
    column_name: str | None
    old_value: str | None
    new_value: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one release to another, table by table, with sample rows."""

    tables: list[TableChanges]
    samples: list[Sample]

    def to_json(self) -> dict[str, Any]:
        """The difference as `paperhouse diff --json` prints it."""
        return {"tables": [asdict(table) for table in self.tables], "samples": [asdict(row) for row in self.samples]}


def not_comparable(reason: str) -> Difference:
    """A difference that says of every table why there is none."""
    return Difference([TableChanges(spec.name, None, False, reason) for spec in _compared_tables()], [])


def difference(connection: duckdb.DuckDBPyConnection, before: str, after: str, before_release_id: str) -> Difference:
    """Compares the releases attached to the connection under the names `before` and `after`."""
    tables, samples = [], []
    for spec in _compared_tables():
        comparison = _Comparison(connection, before, after, spec)
        tables.append(comparison.changes(before_release_id))
        samples += list(comparison.samples())
    return Difference(tables, samples)


def difference_of(before: Path, after: Path) -> Difference:
    """Compares two releases; raises InputError if one can't be read."""
    with duckdb.connect() as connection:
        for path, name in ((before, "before"), (after, "after")):
            try:
                connection.execute(f"ATTACH {literal(str(path))} AS {name} (READ_ONLY)")
            except duckdb.Error as error:
                raise InputError(f"{path}: this release can't be read") from error
        return difference(connection, "before", "after", before.stem)


def stored_difference(connection: duckdb.DuckDBPyConnection) -> Difference:
    """How the release of the connection differs from the one that readers saw before, as it was stored with it.

    Raises InputError if a version of paperhouse made it that stored no comparison.
    """
    if not holds_table(connection, "release_changes"):
        raise InputError("this release is of a version that stored no comparison; `paperhouse diff A B` makes one")
    tables = connection.execute(f"SELECT {', '.join(TableChanges.__slots__)} FROM release_changes").fetchall()
    samples = connection.execute(f"SELECT {', '.join(Sample.__slots__)} FROM release_change_samples").fetchall()
    return Difference([TableChanges(*row) for row in tables], [Sample(*row) for row in samples])


def _compared_tables() -> list[Table]:
    return [spec for spec in warehouse_tables() if spec.name not in RUN_TABLES]


class _Comparison:
    """One table of two releases. `changes` finds the rows that differ, `samples` shows some of them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, before: str, after: str, spec: Table):
        self._connection, self._before, self._after, self._spec = connection, before, after, spec
        self._old, self._new = self._columns(before), self._columns(after)
        self._identity = spec.identity or spec.key
        left_out = {*spec.volatile, *spec.positions, *self._identity}
        self._compared = [
            name for name, type_ in self._new.items() if self._old.get(name) == type_ and name not in left_out
        ]
        self._counts = {"added": 0, "removed": 0, "changed": 0}

    def changes(self, before_release_id: str) -> TableChanges:
        """Counts the rows that differ, or says why they can't be compared."""
        why_not = self._why_not()
        if why_not:
            return TableChanges(self._spec.name, before_release_id, False, why_not)
        self._find()
        return TableChanges(
            self._spec.name,
            before_release_id,
            True,
            self._left_out(),
            self._counts["added"],
            self._counts["removed"],
            self._counts["changed"],
            self._changed_columns(),
        )

    def samples(self) -> Iterator[Sample]:
        """Sample rows of each kind of change, in the order of their identity."""
        if self._counts["added"]:
            yield from self._whole_rows("added", self._after)
        if self._counts["removed"]:
            yield from self._whole_rows("removed", self._before)
        if self._counts["changed"]:
            yield from self._changed_values()

    def _columns(self, catalog: str) -> dict[str, str]:
        rows = self._connection.execute(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = ? AND table_name = ? "
            "ORDER BY column_index",
            [catalog, self._spec.name],
        )
        return dict(rows.fetchall())

    def _why_not(self) -> str | None:
        if not self._old:
            return "schema changed: the table is not in the release before"
        if not self._new:
            return "schema changed: the table is no longer there"
        lost = [name for name in self._identity if name not in self._old or self._old[name] != self._new.get(name)]
        if lost:
            return f"schema changed: what identifies a row is not the same in both: {', '.join(lost)}"
        return None

    def _left_out(self) -> str | None:
        """Columns that can't be compared because only one release has them, or another type of them."""
        names = [name for name in {**self._old, **self._new} if self._old.get(name) != self._new.get(name)]
        return f"schema changed: compared without {', '.join(sorted(names))}" if names else None

    def _find(self) -> None:
        """Keeps the identity of the rows that differ, each with its kind of change."""
        identity = ", ".join(map(quote, self._identity))
        digest = f"hash({', '.join(map(quote, self._compared))})" if self._compared else "0"
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {_KEYS} AS "
            f"SELECT {identity}, CASE WHEN count(*) > 1 THEN 'changed' WHEN max(side) > 0 THEN 'added' "
            "ELSE 'removed' END AS change "
            f"FROM (SELECT {identity}, {digest} AS digest, 0 AS side FROM {self._before}.{self._spec.name} "
            f"UNION ALL SELECT {identity}, {digest}, 1 FROM {self._after}.{self._spec.name}) "
            f"GROUP BY {identity} HAVING count(*) = 1 OR min(digest) <> max(digest)"
        )
        counted = self._connection.execute(f"SELECT change, count(*) FROM {_KEYS} GROUP BY change").fetchall()
        self._counts |= dict(counted)

    def _changed_columns(self) -> str | None:
        if not self._counts["changed"]:
            return None
        counts = ", ".join(
            f"count(*) FILTER (old.{name} IS DISTINCT FROM new.{name})" for name in map(quote, self._compared)
        )
        row = self._connection.execute(f"SELECT {counts} FROM {self._pairs()}").fetchone()
        assert row is not None
        found = [(name, count) for name, count in zip(self._compared, row, strict=True) if count]
        return ", ".join(f"{name} ({count})" for name, count in sorted(found, key=lambda pair: -pair[1]))

    def _whole_rows(self, change: str, catalog: str) -> Iterator[Sample]:
        shown = ", ".join([self._row_key("rows"), *(f"{quote(name)}::VARCHAR" for name in self._compared)])
        rows = self._connection.execute(
            f"SELECT {shown} FROM {catalog}.{self._spec.name} AS rows "
            f"JOIN (FROM {_KEYS} WHERE change = '{change}' ORDER BY ALL LIMIT {SAMPLE_ROWS}) AS keys "
            f"ON {self._same('rows', 'keys')} ORDER BY 1"
        ).fetchall()
        for number, (key, *values) in enumerate(rows, start=1):
            text = _row_text(self._compared, values)
            old, new = (None, text) if change == "added" else (text, None)
            yield Sample(self._spec.name, change, number, key, None, old, new)

    def _changed_values(self) -> Iterator[Sample]:
        columns = ", ".join(
            f"CASE WHEN old.{name} IS DISTINCT FROM new.{name} THEN [old.{name}::VARCHAR, new.{name}::VARCHAR] END"
            for name in map(quote, self._compared)
        )
        rows = self._connection.execute(
            f"SELECT {self._row_key('new')}, {columns} FROM {self._pairs(SAMPLE_ROWS)} ORDER BY 1"
        ).fetchall()
        for number, (key, *pairs) in enumerate(rows, start=1):
            for name, pair in zip(self._compared, pairs, strict=True):
                if pair is not None:
                    old, new = _excerpts(*pair)
                    yield Sample(self._spec.name, "changed", number, key, name, old, new)

    def _pairs(self, limit: int | None = None) -> str:
        """SQL of the rows that changed, as they were (`old`) and as they are (`new`)."""
        limited = f" ORDER BY ALL LIMIT {limit}" if limit else ""
        return (
            f"(FROM {_KEYS} WHERE change = 'changed'{limited}) AS keys "
            f"JOIN {self._before}.{self._spec.name} AS old ON {self._same('old', 'keys')} "
            f"JOIN {self._after}.{self._spec.name} AS new ON {self._same('new', 'keys')}"
        )

    def _same(self, left: str, right: str) -> str:
        names = map(quote, self._identity)
        return " AND ".join(f"{left}.{name} IS NOT DISTINCT FROM {right}.{name}" for name in names)

    def _row_key(self, alias: str) -> str:
        parts = (f"{literal(f'{name}=')} || {alias}.{quote(name)}::VARCHAR" for name in self._identity)
        return f"concat_ws(', ', {', '.join(parts)})"


def _row_text(names: list[str], values: list[str | None]) -> str:
    """A row in a line: the columns that hold something, long texts cut."""
    shown = [f"{name}={_cut(value, 60)}" for name, value in zip(names, values, strict=True) if value is not None]
    return _cut(", ".join(shown), _VALUE_CHARS)


def _excerpts(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """Two values, long ones from shortly before their first difference."""
    if old is None or new is None or max(len(old), len(new)) <= _VALUE_CHARS:
        return old and _cut(old, _VALUE_CHARS), new and _cut(new, _VALUE_CHARS)
    common = next((place for place, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), len(old))
    start = max(0, min(common, len(old), len(new)) - _CONTEXT_CHARS)
    lead = "…" if start else ""
    return lead + _cut(old[start:], _VALUE_CHARS), lead + _cut(new[start:], _VALUE_CHARS)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}…"
