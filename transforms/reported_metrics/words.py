"""Groups of words that rules ask for, from seeds/vocabulary/rule_words.csv."""

from __future__ import annotations

import functools

from seeds import vocabulary


@functools.cache
def group(name: str) -> frozenset[str]:
    """The words of a group; raises KeyError if the vocabulary has no such group."""
    return _groups()[name]


@functools.cache
def _groups() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in vocabulary("rule_words"):
        found.setdefault(row["group"], set()).add(row["word"])
    return {name: frozenset(words) for name, words in found.items()}
