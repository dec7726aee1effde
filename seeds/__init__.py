"""The data that comes with the project: dumps in raw/, vocabularies, corrections by hand, and measured accuracy.

A vocabulary is a CSV whose columns its own header names; its rows are documented in its `description` column.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

Row = Mapping[str, str]


def folder() -> Traversable:
    """The folder of this package, in a checkout or in an installed wheel."""
    return files(__name__)


def accuracy_figures() -> tuple[Row, ...]:
    """Rows of seeds/accuracy/figures.csv: what `make accept-figures` measured last."""
    return _rows("accuracy", "figures")


@functools.cache
def vocabulary(name: str) -> tuple[Row, ...]:
    """Rows of seeds/vocabulary/<name>.csv in file order; an empty cell is an empty string.

    Raises FileNotFoundError if there is no such vocabulary.
    """
    return _rows("vocabulary", name)


def aliases(row: Row, column: str = "aliases") -> list[str]:
    """The `|`-separated aliases of a vocabulary row."""
    return [alias for alias in row[column].split("|") if alias]


def _rows(place: str, name: str) -> tuple[Row, ...]:
    text = folder().joinpath(place, f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
