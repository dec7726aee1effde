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
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from warehouse.connect import quote
from warehouse.errors import InputError
from warehouse.schema import Column, table

RULE = "corrected.hand"
"""What the rule_id of a corrected row ends with."""

ROW_KEYS = {"papers": "paper_id", "links": "url", "reported_metrics": "metric_id"}
"""Tables that can be corrected, each with the column that says which row of the paper is meant."""

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

    The table `papers` must be there already. Raises InputError if a guard or a value is not SQL that DuckDB takes.
    """
    return [_apply(connection, relation, one) for one in corrections if one.table_name == name]


def _read(path: Path) -> list[Correction]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
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
    spec = table(correction.table_name)
    columns = {column.name: column for column in spec.warehouse_columns() if column.name not in (*spec.key, "rule_id")}
    if correction.column_name not in columns:
        raise InputError(f"{correction.place}: {correction.table_name} has no column {correction.column_name!r} to set")
    return columns[correction.column_name]


def _apply(connection: duckdb.DuckDBPyConnection, relation: str, correction: Correction) -> dict[str, Any]:
    try:
        outcome, detail = _outcome(connection, relation, correction)
    except duckdb.Error as error:
        raise InputError(f"{correction.place}: {str(error).splitlines()[0]}") from error
    as_written = asdict(correction)
    nullable = {name: as_written[name] or None for name in ("column_name", "old_value", "new_value")}
    return {**as_written, **nullable, "outcome": outcome, "detail": detail}


def _outcome(connection: duckdb.DuckDBPyConnection, relation: str, correction: Correction) -> tuple[str, str | None]:
    known = connection.execute("SELECT count(*) FROM papers WHERE paper_id = ?", [correction.paper_id]).fetchone()
    if known == (0,):
        return "absent", None
    row = f"paper_id = $paper_id AND {ROW_KEYS[correction.table_name]} = $row_key"
    parameters: dict[str, Any] = {"paper_id": correction.paper_id, "row_key": correction.row_key}
    change = f"DELETE FROM {relation}"
    fits = f"({correction.guard})"
    if correction.action == "set":
        column = _column(correction)
        parameters |= {"old": correction.old_value or None, "new": correction.new_value or None}
        fits += f" AND {quote(column.name)} IS NOT DISTINCT FROM CAST($old AS {column.type})"
        rule = f", rule_id = concat_ws(' ', nullif(replace(rule_id, ' {RULE}', ''), ''), '{RULE}')"
        change = f"UPDATE {relation} SET {quote(column.name)} = CAST($new AS {column.type})"
        change += rule if correction.table_name != "papers" else ""
    found = _count(connection, f"FROM {relation} WHERE {row}", parameters)
    fitting = _count(connection, f"FROM {relation} WHERE {row} AND {fits}", parameters)
    if fitting:
        connection.execute(f"{change} WHERE {row} AND {fits}", _used(f"{change} {row} {fits}", parameters))
        return "applied", None
    return "failed", _why(connection, relation, row, correction, parameters) if found else "the row is gone"


def _why(
    connection: duckdb.DuckDBPyConnection, relation: str, row: str, correction: Correction, parameters: dict[str, Any]
) -> str:
    """What no longer holds of a row that is there."""
    if correction.action == "set":
        query = f"SELECT {quote(correction.column_name)}::VARCHAR FROM {relation} WHERE {row}"
        values = [value for (value,) in connection.execute(query, _used(query, parameters)).fetchall()]
        if (correction.new_value or None) in values:
            return "no longer needed: the rules give the new value now"
        if (correction.old_value or None) not in values:
            return f"the value is {values[0]!r} now, not {correction.old_value or None!r}"
    return f"the guard no longer holds: {correction.guard}"


def _count(connection: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, Any]) -> int:
    row = connection.execute(f"SELECT count(*) {query}", _used(query, parameters)).fetchone()
    assert row is not None
    return int(row[0])


def _used(query: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters that a query names: DuckDB takes no others."""
    return {name: value for name, value in parameters.items() if f"${name}" in query}
