"""Corrections by hand: what a person knows better than the rules, as data with a reason and a guard.

A correction is a line of a CSV file in a folder of corrections. It is made while a release is built, right behind the
model that makes the row, so that everything derived from the row follows. It needs the value that the rules give
(`old_value`) and a condition over the row (`guard`). If either no longer holds, the correction is no longer needed, or
no longer right: it has failed, and a critical check refuses the release. Corrections of papers that are not in the
warehouse are left aside. Guards are SQL and run as the build does: a folder of corrections is trusted as code is.
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from warehouse.connect import literal, quote
from warehouse.errors import InputError
from warehouse.schema import Column, table

RULE = "corrected.hand"
"""What the rule_id of a corrected row ends with."""

ROW_KEYS = {"papers": "paper_id", "links": "url", "reported_metrics": "metric_id"}
"""Tables that can be corrected, each with the column that says which row of the paper is meant."""

_SETTABLE = {
    "papers": ("system_name", "arxiv_id", "published_on"),
    "links": ("kind", "role"),
    "reported_metrics": (
        *("value", "value_high", "unit", "kind", "direction", "basis", "comparator", "metric", "metric_text"),
        *("dataset", "dataset_id", "task", "role", "system", "baseline"),
    ),
}
"""Columns that can be set. What stands in a text, where it stands and what is computed from it are evidence."""

_REMOVABLE = ("links", "reported_metrics")  # a paper that is removed would leave its rows behind


@dataclass(frozen=True, slots=True)
class Correction:
    """A line of a file of corrections, its cells as they are written; empty `old_value` and `new_value` are nulls."""

    action: str
    table_name: str
    paper_id: str
    row_key: str
    column_name: str
    old_value: str
    new_value: str
    guard: str
    reason: str
    corrected_on: str
    file: str
    line_number: int

    @property
    def place(self) -> str:
        """File and line, for messages."""
        return f"{self.file}:{self.line_number}"


_COLUMNS = [column.name for column in fields(Correction)][:-2]


def read_corrections(folder: Path) -> list[Correction]:
    """The corrections of every *.csv of a folder, by name and line; InputError names the line that can't be meant."""
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder of corrections")
    found = [correction for path in sorted(folder.glob("*.csv")) for correction in _read(path)]
    seen: dict[tuple[str, ...], Correction] = {}
    for correction in found:
        _validate(correction)
        what = (correction.table_name, correction.paper_id, correction.row_key, correction.column_name)
        if what in seen:
            raise InputError(f"{correction.place}: corrects what {seen[what].place} corrects")
        seen[what] = correction
    return found


def corrections_fingerprint(folder: Path) -> str:
    """Changes when any of the corrections does."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        digest.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def correct(
    connection: duckdb.DuckDBPyConnection, relation: str, name: str, corrections: list[Correction]
) -> list[dict[str, Any]]:
    """Makes the corrections of the table `name` in the rows of `relation`; returns them as rows of `corrections`.

    The table `clusters` must be there already. Raises InputError if a guard or a value is not SQL that DuckDB takes.
    """
    return [_apply(connection, relation, one) for one in corrections if one.table_name == name]


def _read(path: Path) -> list[Correction]:
    try:
        text = path.read_text(encoding="utf-8-sig")  # spreadsheets put a mark before it
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8: {error}") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if reader.fieldnames != _COLUMNS:
        raise InputError(f"{path}: the columns must be {', '.join(_COLUMNS)}")
    return [
        Correction(
            **{name: (row[name] or "").strip() for name in _COLUMNS}, file=path.name, line_number=reader.line_num
        )
        for row in reader
    ]


def _validate(correction: Correction) -> None:
    if correction.table_name not in ROW_KEYS:
        raise InputError(f"{correction.place}: table_name must be one of {', '.join(ROW_KEYS)}")
    if not correction.guard or not correction.reason:
        raise InputError(f"{correction.place}: a correction needs a guard and a reason")
    try:
        date.fromisoformat(correction.corrected_on)
    except ValueError as error:
        raise InputError(f"{correction.place}: corrected_on must be a day such as 2026-01-31") from error
    match correction.action:
        case "set":
            _column(correction)
        case "remove" if correction.table_name in _REMOVABLE:
            if correction.column_name or correction.old_value or correction.new_value:
                raise InputError(f"{correction.place}: to remove a row, leave column_name and both values empty")
        case _:
            raise InputError(f"{correction.place}: action must be set, or remove ({' or '.join(_REMOVABLE)} only)")


def _column(correction: Correction) -> Column:
    """The column that is set."""
    settable = _SETTABLE[correction.table_name]
    if correction.column_name not in settable:
        raise InputError(
            f"{correction.place}: {correction.column_name!r} can't be set in {correction.table_name}, "
            f"only {', '.join(settable)}"
        )
    columns = table(correction.table_name).warehouse_columns()
    return next(column for column in columns if column.name == correction.column_name)


def _apply(connection: duckdb.DuckDBPyConnection, relation: str, correction: Correction) -> dict[str, Any]:
    try:
        outcome, detail = _outcome(connection, relation, correction)
    except duckdb.Error as error:
        raise InputError(f"{correction.place}: {str(error).splitlines()[0]}") from error
    as_written = asdict(correction)
    nullable = {name: as_written[name] or None for name in ("column_name", "old_value", "new_value")}
    return {**as_written, **nullable, "outcome": outcome, "detail": detail}


def _outcome(connection: duckdb.DuckDBPyConnection, relation: str, correction: Correction) -> tuple[str, str | None]:
    cluster = "SELECT cluster_id FROM clusters WHERE paper_id = ?"
    known = connection.execute(cluster, [correction.paper_id]).fetchone()
    if known is None:
        return "absent", None
    if known[0] != correction.paper_id:
        return "failed", f"the paper was merged into {known[0]}"
    key = quote(ROW_KEYS[correction.table_name])
    row = f"paper_id = {literal(correction.paper_id)} AND {key} = {literal(correction.row_key)}"
    fits, change = f"({correction.guard}\n)", f"DELETE FROM {relation}"
    if correction.action == "set":
        name = quote(correction.column_name)
        fits += f" AND {name} IS NOT DISTINCT FROM {_typed(correction, correction.old_value)}"
        change = f"UPDATE {relation} SET {name} = {_typed(correction, correction.new_value)}"
        if correction.table_name != "papers":
            change += f", rule_id = concat_ws(' ', replace(rule_id, ' {RULE}', ''), '{RULE}')"
    if not _count(connection, relation, row):
        return "failed", "the row is gone"
    if not _count(connection, relation, f"{row} AND {fits}"):
        return "failed", _why(connection, relation, row, correction)
    connection.execute(f"{change} WHERE {row} AND {fits}")
    return "applied", None


def _why(connection: duckdb.DuckDBPyConnection, relation: str, row: str, correction: Correction) -> str:
    """What no longer holds of a row that is there."""
    if correction.action == "set":
        name = quote(correction.column_name)
        is_old, is_new = (
            f"{row} AND {name} IS NOT DISTINCT FROM {_typed(correction, value)}"
            for value in (correction.old_value, correction.new_value)
        )
        if not _count(connection, relation, is_old):
            if _count(connection, relation, is_new):
                return "no longer needed: the rules give the new value now"
            ((found, *_), *_) = connection.execute(f"SELECT {name}::VARCHAR FROM {relation} WHERE {row}").fetchall()
            return f"the value is {found!r} now, not {correction.old_value or None!r}"
    return f"the guard no longer holds: {correction.guard}"


def _typed(correction: Correction, value: str) -> str:
    """A cell as SQL of the column's type; an empty one is null."""
    return f"CAST({literal(value) if value else 'NULL'} AS {_column(correction).type})"


def _count(connection: duckdb.DuckDBPyConnection, relation: str, condition: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {relation} WHERE {condition}").fetchone()
    assert row is not None
    return int(row[0])
