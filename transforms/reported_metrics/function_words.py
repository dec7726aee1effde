"""Classes of function words, from seeds/vocabulary/function_words.csv."""

from __future__ import annotations

from typing import Final

from seeds import vocabulary


def _word_classes() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in vocabulary("function_words"):
        found.setdefault(row["word"], set()).add(row["class"])
    return {word: frozenset(classes) for word, classes in found.items()}


_WORD_CLASSES: Final = _word_classes()
_NONE: Final[frozenset[str]] = frozenset()


def word_classes(word: str) -> frozenset[str]:
    """Classes of a lower-case function word (determiner, preposition, …); empty for words with meaning of their own."""
    return _WORD_CLASSES.get(word, _NONE)
