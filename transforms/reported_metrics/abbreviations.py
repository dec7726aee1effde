"""The metrics that a paper abbreviates: "the Entity Hit Rate (EHR)" makes every later "EHR" a name of a metric."""

from __future__ import annotations

import polars as pl

from transforms.patterns import with_ascii_edges
from transforms.reported_metrics import metric_vocabulary

_EXPLAINED = with_ascii_edges(r"[A-Za-z][\w'-]*(?: [\w'-]+){0,5} \([A-Z][A-Za-z]{1,6}\)")


def abbreviations(papers: pl.DataFrame, wanted: pl.Series) -> dict[int, dict[str, str]]:
    """For the rows of `papers` (abstract) that explain some: ids of metrics by their abbreviations.

    Only papers whose row is in `wanted` are read.
    """
    rows = (
        papers.select(pl.col("abstract").cast(pl.String))
        .with_row_index("paper")
        .filter(pl.col("paper").is_in(wanted.implode()) & pl.col("abstract").str.contains(_EXPLAINED))
        .select("paper", pl.col("abstract").str.extract_all(_EXPLAINED))
    )
    found: dict[int, dict[str, str]] = {}
    for paper, explanations in rows.iter_rows():
        for explanation in explanations:
            words, _, short = explanation.removesuffix(")").rpartition(" (")
            metric = _metric(words.replace("-", " ").split(), short)
            if metric is not None:
                found.setdefault(paper, {})[short] = metric
    return found


def _metric(words: list[str], short: str) -> str | None:
    """The id of what the last words name, whose initials are the abbreviation; None if that is no metric."""
    long = words[-len(short) :]
    if "".join(word[0] for word in long).lower() != short.lower():
        return None
    return metric_vocabulary.of_words([word.lower() for word in long])
