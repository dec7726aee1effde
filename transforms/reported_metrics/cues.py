"""Words that say how a number is meant, from seeds/vocabulary/outcome_cues.csv."""

from __future__ import annotations

import functools
from typing import Final

from seeds import vocabulary
from transforms.reported_metrics.words import remember


class Cue:
    """A word that says how a number is meant: its class, the direction it gives and the metric it implies."""

    __slots__ = ("direction", "kind", "metric")

    def __init__(self, kind: str, direction: str, metric: str) -> None:
        self.kind = kind
        self.direction = direction
        self.metric = metric


_KNOWN: Final[dict[str, dict[str, Cue]]] = {}


def cues_of(word: str) -> dict[str, Cue]:
    """The cues that a lower-case word is, by class; a vocabulary entry with * stands for all words that start so."""
    found = _KNOWN.get(word)
    return remember(_KNOWN, word, _cues_of(word)) if found is None else found


def _cues_of(word: str) -> dict[str, Cue]:
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
