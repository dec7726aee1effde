"""Where sentences end in the text of a title or an abstract.

A boundary is a full stop, question or exclamation mark (and closing quotes or brackets) before a space and something
that can open a sentence. Abbreviations that authors of papers write before a capital are not boundaries. The
boundary's space is replaced by one character, so that offsets into the text stay what they were.
"""

from __future__ import annotations

import polars as pl

from transforms.patterns import with_ascii_edges

BOUNDARY = "\x1e"
"""Stands in place of the space between two sentences (the ASCII record separator, which no text holds)."""

_END = r"""([.!?]["'”’)\]]*) (["'“‘(\[]*[\p{Lu}\p{N}~≈$\\])"""
_ABBREVIATIONS = with_ascii_edges(
    r"\b(e\.g|i\.e|cf|vs|et al|etc|resp|approx|w\.r\.t|a\.k\.a|aka|Figs?|Eqs?|Sec|Tab|Refs?|No|Dr|Prof|St|Vol|pp|[A-Z])"
)


def mark_boundaries(text: pl.Expr) -> pl.Expr:
    """The text, each space between two sentences replaced by BOUNDARY; the same length as before."""
    return text.str.replace_all(_END, f"${{1}}{BOUNDARY}${{2}}").str.replace_all(
        rf"{_ABBREVIATIONS}\.{BOUNDARY}", "${1}. "
    )


def sentence_count(text: pl.Expr) -> pl.Expr:
    """How many sentences the text has; 0 for an empty text."""
    return pl.when(text == "").then(0).otherwise(mark_boundaries(text).str.count_matches(BOUNDARY) + 1)
