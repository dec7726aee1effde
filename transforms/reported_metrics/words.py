"""Groups of words that rules ask for, from seeds/vocabulary/rule_words.csv."""

from __future__ import annotations

from typing import Final, TypeVar

from seeds import vocabulary

REMEMBERED: Final = 100_000
"""Entries of a memory of words: more than the different words of a hundred thousand papers that come again."""

_Value = TypeVar("_Value")


def group(name: str) -> frozenset[str]:
    """The words of a group; raises KeyError if the vocabulary has no such group."""
    return _GROUPS[name]


def remember(memory: dict[str, _Value], word: str, value: _Value) -> _Value:
    """Puts what was found of a word into a memory, which starts anew when it is full, and returns it.

    A look-up in such a dictionary costs less than one in functools.lru_cache, which also orders its entries by use.
    """
    if len(memory) >= REMEMBERED:
        memory.clear()
    memory[word] = value
    return value


def _groups() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in vocabulary("rule_words"):
        found.setdefault(row["group"], set()).add(row["word"])
    return {name: frozenset(words) for name, words in found.items()}


_GROUPS: Final = _groups()
