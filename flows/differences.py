"""What changed between two releases, chosen by their ids and shown on a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from flows.terminal import out
from warehouse.connect import open_warehouse
from warehouse.diff import Difference, Sample, TableChanges, difference_of, stored_difference
from warehouse.errors import InputError
from warehouse.releases import find_release, present_release

_SIGNS = {"added": "+", "removed": "−", "changed": "~"}
_STYLES = {"added": "green", "removed": "red", "changed": "yellow"}


@dataclass(frozen=True, slots=True)
class Compared:
    """A difference and the releases that it is between; `before` is null for a first release."""

    before: str | None
    after: str
    difference: Difference

    def to_json(self) -> dict[str, Any]:
        """What `paperhouse diff --json` prints."""
        return {"before": self.before, "after": self.after, **self.difference.to_json()}


def compare(data: Path, before: str | None, after: str | None) -> Compared:
    """The present release against the one before it as stored with it, or any two that are kept, by their ids.

    `after` is the present release by default. Raises InputError if there is no such release.
    """
    present = present_release(data)
    if present is None:
        raise InputError(f"{data}: there is no release yet; `paperhouse run` makes one")
    if before is None:
        with open_warehouse(data) as connection:
            stored = stored_difference(connection)
        return Compared(stored.tables[0].before_release_id, present.release_id, stored)
    old, new = find_release(data, before), find_release(data, after or present.release_id)
    return Compared(old.stem, new.stem, difference_of(old, new))


def show(compared: Compared) -> None:
    """Prints a row per table that differs or can't be compared, then sample rows."""
    out.print(f"{compared.before or 'nothing'} → {compared.after}", style="bold")
    reasons = {change.reason for change in compared.difference.tables if not change.is_comparable}
    if len(reasons) == 1 and not any(change.is_comparable for change in compared.difference.tables):
        out.print(f"can't be compared: {reasons.pop()}")
        return
    if compared.before == compared.after:
        out.print("one release: it differs from itself in nothing")
        return
    shown = [change for change in compared.difference.tables if _differs(change)]
    if shown:
        out.print(_table(shown))
    else:
        out.print("no row differs: what changed are columns, descriptions or marts")
    for sample in compared.difference.samples:
        out.print(_line(sample), soft_wrap=not out.is_terminal)


def _differs(change: TableChanges) -> bool:
    return bool(change.added_count or change.removed_count or change.changed_count or change.reason)


def _table(changes: list[TableChanges]) -> Table:
    table = Table("table", header_style="bold")
    for name in ("added", "removed", "changed"):
        table.add_column(name, justify="right")
    rest = {
        "columns that changed": [change.changed_columns or "" for change in changes],
        "note": [change.reason or "" for change in changes],
    }
    rest = {name: cells for name, cells in rest.items() if any(cells)}
    for name in rest:
        table.add_column(name, overflow="fold")
    for change, *cells in zip(changes, *rest.values(), strict=True):
        counts = (change.added_count, change.removed_count, change.changed_count)
        table.add_row(change.table_name, *("" if count is None else f"{count:,}" for count in counts), *cells)
    return table


def _line(sample: Sample) -> Text:
    line = Text(f"{_SIGNS[sample.change]} {sample.table_name}  ", style=_STYLES[sample.change])
    line.append(sample.row_key, style="dim")
    if sample.change == "changed":
        line.append(f"  {sample.column_name}: {_shown(sample.old_value)} → {_shown(sample.new_value)}", style="default")
    else:
        line.append(f"  {sample.new_value or sample.old_value or ''}", style="default")
    return line


def _shown(value: str | None) -> str:
    return "nothing" if value is None else repr(value)
