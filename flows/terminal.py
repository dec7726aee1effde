"""What a person sees: progress and results on a terminal, plain lines anywhere else."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from flows.summary import counts
from warehouse.errors import QueryError

if TYPE_CHECKING:
    from flows.pipeline import Outcome

PIPED_WIDTH = 400
"""Columns of output that no terminal shows: wide enough for a row to stay on its line."""

out = Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
err = Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())


class ProgressReport:
    """Told of progress by the runner: bars on a terminal, a line per finished step elsewhere."""

    def __init__(self) -> None:
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description:<16}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=err,
            transient=True,
            disable=not err.is_terminal,
        )
        self._tasks: dict[str, Any] = {}
        self._started = time.monotonic()

    def __enter__(self) -> ProgressReport:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Notes that `done` of `total` items of a step are finished."""
        if err.is_terminal:
            if step not in self._tasks:
                self._tasks[step] = self._bars.add_task(step)
            self._bars.update(self._tasks[step], completed=done, total=total)
        elif done == total:
            items = f" ({total} items)" if total > 1 else ""
            err.print(f"{time.monotonic() - self._started:6.1f} s  {step}{items}")


def show_outcome(outcome: Outcome) -> None:
    """The counts of a run, the checks that failed with sample rows, and the files that could not be read."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for label, figure in counts(outcome):
        table.add_row(label, figure)
    out.print(table)
    for check in outcome.checks:
        if not check.is_success:
            colour = "red" if check.severity == "critical" else "yellow"
            name = f"{check.table_name}.{check.expectation} ({check.scope})"
            err.print(f"[{colour}]{check.severity}[/]: {name} failed", style=None)
            err.print(f"  {check.detail}", markup=False)
            for sample in check.samples:
                err.print(f"    {sample}", markup=False)
    for error in outcome.failures:
        show_error(error)


def show_error(error: BaseException) -> None:
    """An error as one line; of a query, with DuckDB's lines that point at the place."""
    text = str(error).strip() if isinstance(error, QueryError) else " ".join(str(error).split())
    err.print(f"[red]error:[/] {escape(text)}")


def show_rows(columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    """Rows of a query as a table; numbers to the right."""
    table = Table(header_style="bold")
    for number, column in enumerate(columns):
        is_number = bool(rows) and all(isinstance(row[number], int | float | None) for row in rows)
        table.add_column(Text(column), justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else _plain(value) for value in row))
    out.print(table)


def _plain(value: Any) -> Any:
    return Text(f"{value:g}" if isinstance(value, float) else str(value))
