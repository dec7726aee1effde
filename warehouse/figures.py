"""Precision, recall, F1 and shares of labelled papers, with intervals.

The intervals are percentiles of a bootstrap over papers: numbers of one paper stand and fall together, so papers are
what is drawn, with replacement. Where no paper of the set shows an error the interval has no width; that says nothing
of errors that are rarer than the set is large.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

import polars as pl

FIELDS = ("unit", "kind", "direction", "basis", "comparator", "metric", "dataset", "role")
"""Fields of a number that are compared."""

TUPLE = ("kind", "metric", "dataset", "role")
"""Fields that make a number wholly right."""

LINK_FIELDS = ("kind", "role")
"""Fields of a link that are compared."""

ROUNDS = 1000
"""Draws of the bootstrap."""

LEVEL = 0.95
"""Share of the draws within an interval."""

SEED = 20
"""Of the draws: the same labels and the same rows give the same intervals."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure between 0 and 1, and the ends of its interval."""

    value: float
    low: float
    high: float

    @property
    def interval(self) -> list[float]:
        """The ends, as JSON has them."""
        return [self.low, self.high]


def measured(counts: pl.DataFrame) -> dict[str, Figure]:
    """The figures of labelled papers, each a row of counts.

    Columns: ``<what>_found``, ``_extra`` and ``_missed`` for detection, urls and code_links; ``tuple_right``;
    ``field_<name>`` and ``link_<name>``, how many of those found have that field right.
    """
    found = pl.col("detection_found")
    figures: dict[str, pl.Expr] = {}
    for what in ("detection", "urls", "code_links"):
        figures |= _rates(what, pl.col(f"{what}_found"), what)
    figures |= _rates("tuple", pl.col("tuple_right"), "detection")
    figures |= {f"field.{name}": share(pl.col(f"field_{name}"), found, of_nothing=0) for name in FIELDS}
    figures |= {
        f"link.{name}": share(pl.col(f"link_{name}"), pl.col("urls_found"), of_nothing=0) for name in LINK_FIELDS
    }
    return bootstrap(counts, figures)


def bootstrap(counts: pl.DataFrame, figures: Mapping[str, pl.Expr]) -> dict[str, Figure]:
    """Figures that are expressions over sums of `counts`, one row per paper, with intervals over papers."""
    # Python promises this sequence for its seed in all versions; libraries of numbers don't.
    drawn = Random(SEED).choices(range(counts.height), k=counts.height * ROUNDS)
    rounds = counts[drawn].group_by(pl.int_range(pl.len()) // counts.height).sum().select(**figures)
    values = counts.sum().select(**figures).row(0, named=True)
    tail = (1 - LEVEL) / 2
    low, high = (rounds.select(pl.all().quantile(share, "linear")).row(0, named=True) for share in (tail, 1 - tail))
    return {name: Figure(values[name], low[name], high[name]) for name in figures}


def _rates(name: str, right: pl.Expr, counted: str) -> dict[str, pl.Expr]:
    found, extra, missed = (pl.col(f"{counted}_{what}") for what in ("found", "extra", "missed"))
    precision = share(right, found + extra, of_nothing=1)
    recall = share(right, found + missed, of_nothing=1)
    f1 = share(2 * precision * recall, precision + recall, of_nothing=0)
    return {f"{name}.precision": precision, f"{name}.recall": recall, f"{name}.f1": f1}


def share(part: pl.Expr, whole: pl.Expr, of_nothing: float) -> pl.Expr:
    """Part of a whole, `of_nothing` where the whole is 0."""
    return pl.when(whole > 0).then(part / whole).otherwise(pl.lit(float(of_nothing)))
