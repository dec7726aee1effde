"""Words that say how a number is meant, from seeds/vocabulary/outcome_cues.csv."""

from __future__ import annotations

import functools
from typing import NamedTuple

from seeds import vocabulary


class Cue(NamedTuple):
    """A word that says how a number is meant: its class, the direction it gives and the metric it implies."""

    kind: str
    direction: str
    metric: str


@functools.lru_cache(maxsize=50_000)
def cues_of(word: str) -> dict[str, Cue]:
    """The cues that a lower-case word is, by class; a vocabulary entry with * stands for all words that start so."""
    exact, prefixes = _cues()
    found = dict(exact.get(word, {}))
    for length in range(3, len(word) + 1):
        for kind, cue in prefixes.get(word[:length], {}).items():
            found.setdefault(kind, cue)
    return found


@functools.cache
def _cues() -> tuple[dict[str, dict[str, Cue]], dict[str, dict[str, Cue]]]:
    exact: dict[str, dict[str, Cue]] = {}
    prefixes: dict[str, dict[str, Cue]] = {}
    for row in vocabulary("outcome_cues"):
        cue = Cue(row["class"], row["direction"], row["metric"])
        word = row["cue"]
        place = prefixes if word.endswith("*") else exact
        place.setdefault(word.removesuffix("*"), {}).setdefault(cue.kind, cue)
    return exact, prefixes
