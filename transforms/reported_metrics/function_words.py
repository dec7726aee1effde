"""Classes of function words, from seeds/vocabulary/function_words.csv."""

from __future__ import annotations

import functools

from seeds import vocabulary


@functools.cache
def _word_classes() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in vocabulary("function_words"):
        found.setdefault(row["word"], set()).add(row["class"])
    return {word: frozenset(classes) for word, classes in found.items()}


def word_classes(word: str) -> frozenset[str]:
    """Classes of a lower-case function word (determiner, preposition, …); empty for words with meaning of their own."""
    return _word_classes().get(word, frozenset())
