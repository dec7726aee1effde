"""`paperhouse evaluate`: figures of labelled papers with their intervals, and the errors behind them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
from rich.table import Table
from rich.text import Text

from flows.terminal import out
from warehouse.evaluation import Evaluation, corrected_count, evaluate, tally
from warehouse.evaluation_errors import Error, errors
from warehouse.figures import FIELDS, LEVEL, LINK_FIELDS, ROUNDS, Figure

_RATES = {"detection": "detection", "tuple": "tuple", "urls": "urls", "code_links": "code links"}
_STYLES = {"missed": "yellow", "extra": "red", "wrong": "magenta"}


def show(connection: duckdb.DuckDBPyConnection, paths: Sequence[Path], *, with_errors: bool) -> None:
    """Prints the figures of each file of labelled papers, and on request its errors; InputError as `evaluate`."""
    for path, evaluation in _evaluated(connection, paths).items():
        _print(path, style="bold")
        _show_figures(evaluation)
        by_hand = corrected_count(connection, evaluation)
        if by_hand:
            _print(f"corrected by hand in these papers: {by_hand}; the rules alone are less right than this")
        if with_errors:
            _show_errors(errors(connection, evaluation))


def figures_as_json(
    connection: duckdb.DuckDBPyConnection, paths: Sequence[Path], *, with_errors: bool
) -> dict[str, dict[str, Any]]:
    """The same, by path, for scripts; InputError as `evaluate`."""
    result = {}
    for path, evaluation in _evaluated(connection, paths).items():
        result[path] = evaluation.to_json() | {"bootstrap": {"rounds": ROUNDS, "level": LEVEL}}
        result[path]["corrected_by_hand"] = corrected_count(connection, evaluation)
        if with_errors:
            result[path]["errors"] = [error.to_json() for error in errors(connection, evaluation)]
    return result


def _evaluated(connection: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> dict[str, Evaluation]:
    """All files are read before any is shown: one that can't be read leaves no half of an answer."""
    return {str(path): evaluate(connection, path) for path in paths}


def _show_figures(evaluation: Evaluation) -> None:
    figures, totals, missing = evaluation.figures(), evaluation.totals(), evaluation.papers_missing
    _print(f"labelled papers: {len(evaluation.papers)}; in brackets: {LEVEL:.0%} intervals over papers")
    _print(f"papers not found: {len(missing)} {'; '.join(missing[:3])}".rstrip())
    if not totals["detection_found"] + totals["detection_missed"]:
        _print("no numbers are labelled: every number found counts as extra")
    rates = _table("", "precision", "recall", "F1", "right", "extra", "missed")
    for name, label in _RATES.items():
        cells = [_cell(figures[f"{name}.{rate}"]) for rate in ("precision", "recall", "f1")]
        rates.add_row(label, *cells, *map(str, tally(name, totals)))
    out.print(rates)
    shares = _table("of those found", "share right", "right", "of")
    for prefix, names, of in (("field", FIELDS, "detection"), ("link", LINK_FIELDS, "urls")):
        for name in names:
            label = f"link {name}" if prefix == "link" else name
            right, whole = totals[f"{prefix}_{name}"], totals[f"{of}_found"]
            if whole:
                shares.add_row(label, _cell(figures[f"{prefix}.{name}"]), str(right), str(whole))
    out.print(shares)


def _table(first: str, *others: str) -> Table:
    table = Table(header_style="bold")
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _cell(figure: Figure) -> str:
    return f"{figure.value:.3f} ({figure.low:.2f}–{figure.high:.2f})"


def _show_errors(listed: list[Error]) -> None:
    for title, of_paper in groupby(listed, key=lambda error: error.title):
        _print()
        _print(title, style="bold")
        for error in of_paper:
            _print(Text(f"  {error.what:<7}", style=_STYLES[error.what]) + Text(_told(error)))
    _print()
    _print(f"errors: {len(listed)}")


def _told(error: Error) -> str:
    """The quote, each field as labelled → found (the one that is there if the other isn't), and the rules."""
    if error.labelled is not None and error.found is not None:
        pairs = [(name, f"{_plain(label)} → {_plain(error.found[name])}") for name, label in error.labelled.items()]
    else:
        pairs = [(name, str(value)) for name, value in (error.labelled or error.found or {}).items() if value]
    fields = "; ".join(f"{name}: {told}" for name, told in pairs)
    return "   ".join(filter(None, (error.quote, fields, error.rule_id)))


def _plain(value: Any) -> str:
    return "none" if value is None else str(value)


def _print(text: Text | str = "", style: str | None = None) -> None:
    """Folds lines on a terminal alone: elsewhere an error stays on its line. Text is no markup."""
    out.print(text if isinstance(text, Text) else Text(text), style=style, soft_wrap=not out.is_terminal)
