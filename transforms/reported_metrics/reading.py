"""What a sentence says in the terms of the vocabularies: its numbers, metrics, datasets and cue words.

Everything that a rule may ask of a sentence is looked up here once, so that rules are short questions to a `Reading`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from seeds import vocabulary
from transforms.reported_metrics import dataset_names, metric_names
from transforms.reported_metrics.cues import Cue, cues_of
from transforms.reported_metrics.lexicon import Atom, Phrase, atoms
from transforms.reported_metrics.numbers import Number, atoms_with_numbers, read_numbers
from transforms.reported_metrics.tokens import MARK, Token, tokenise

if TYPE_CHECKING:
    from collections.abc import Mapping


_PADDING: Final = 64
"""Places beyond either end of a sentence for which a rule may ask."""


NOTHING: Final[Mapping[str, str]] = {}
"""The abbreviations of a paper that explains none."""


class Reading:
    """A sentence: its text, its tokens and its numbers, and the metrics and datasets that it names.

    ``low(place)`` is the token at a place in lower case, empty beyond the ends of the sentence; ``number_at(place)``
    the number that holds the token there, or None. Rules ask for these a hundred times a sentence, so both are the
    bare look-ups of a list: padding stands for what lies beyond the ends, where negative places lead, too.

    What names are in it is looked up when it is first asked for (and kept by hand: mypyc, which compiles this class,
    keeps no functools.cached_property).
    """

    def __init__(
        self,
        text: str,
        tokens: list[Token],
        numbers: list[Number],
        explained: Mapping[str, str],
        parts: list[Atom] | None = None,
    ) -> None:
        self.text = text
        self.explained = explained
        self.tokens = tokens
        self.lows = [token.low for token in tokens]
        self._padded = self.lows + [""] * _PADDING
        self._atoms = parts
        self._metrics: list[Phrase] | None = None
        self._datasets: list[Phrase] | None = None
        self._dataset_by_first: dict[int, Phrase] | None = None
        self._dataset_by_last: dict[int, Phrase] | None = None
        self.keep(numbers)

    def low(self, index: int) -> str:
        """The token at that place in lower case; empty beyond the ends."""
        return self._padded[index]

    def number_at(self, index: int) -> Number | None:
        """The number that holds the token at that place, if one does."""
        return self._held[index]

    @property
    def atoms(self) -> list[Atom]:
        """The parts of the tokens that vocabularies are compared with."""
        if self._atoms is None:
            self._atoms = atoms(self.tokens)
        return self._atoms

    @property
    def metrics(self) -> list[Phrase]:
        """The metrics named, in text order."""
        if self._metrics is None:
            self._metrics = metric_names.find(self.tokens, self.atoms, self.numbers, self.explained)
        return self._metrics

    @property
    def datasets(self) -> list[Phrase]:
        """The datasets named, in text order."""
        if self._datasets is None:
            self._datasets = self._find_datasets()
        return self._datasets

    def _find_datasets(self) -> list[Phrase]:
        found = dataset_names.find(self.tokens, self.atoms)
        if all(phrase.id for phrase in found):
            return found
        measured = {index for phrase in self.metrics for index in range(phrase.first, phrase.last)}
        return [
            phrase
            for phrase in found
            if phrase.id
            or measured.isdisjoint(range(phrase.first, phrase.last))
            or dataset_names.is_entitled(self.tokens, phrase.first, phrase.last)
        ]

    def keep(self, numbers: list[Number]) -> None:
        """Forget all numbers but these: those that were refused separate nothing."""
        self.numbers = numbers
        self._held: list[Number | None] = [None] * len(self._padded)
        for number in numbers:
            for index in range(number.first, number.last):
                self._held[index] = number

    def cue(self, index: int, *kinds: str) -> Cue | None:
        """The cue of one of these classes that the token at that place is, if it is one."""
        cues = cues_of(self.low(index))
        if cues:
            for kind in kinds:
                if kind in cues:
                    return cues[kind]
        return None

    def is_mark(self, index: int, marks: str = ".,;:!?()") -> bool:
        """Whether the token at that place is one of the marks; the ends of the sentence count as marks."""
        if not 0 <= index < len(self.tokens):
            return True
        token = self.tokens[index]
        return token.kind == MARK and token.text in marks

    def dataset_from(self, index: int) -> Phrase | None:
        """The dataset whose first token is at that place."""
        if self._dataset_by_first is None:
            self._dataset_by_first = {phrase.first: phrase for phrase in self.datasets}
        return self._dataset_by_first.get(index)

    def dataset_up_to(self, index: int) -> Phrase | None:
        """The dataset that ends just before that place."""
        if self._dataset_by_last is None:
            self._dataset_by_last = {phrase.last: phrase for phrase in self.datasets}
        return self._dataset_by_last.get(index)

    def outside_brackets(self, first: int, last: int) -> list[int]:
        """The places from `first` up to `last`, exclusive, without those in brackets that open and close between."""
        places: list[int] = []
        opened: list[int] = []
        for index in range(first, last):
            if self.lows[index] == "(":
                opened.append(len(places))
            places.append(index)
            if self.lows[index] == ")" and opened:
                del places[opened.pop() :]
        return places

    def slice(self, first: int, last: int) -> str:
        """The text of the tokens from `first` up to `last`, exclusive."""
        return self.text[self.tokens[first].start : self.tokens[last - 1].end] if last > first else ""


def read(text: str, explained: Mapping[str, str] = NOTHING) -> Reading | None:
    """The reading of a sentence; None if it holds no number.

    ``explained`` holds the ids of metrics by the abbreviations that the paper explains.
    """
    tokens = tokenise(text)
    parts = atoms_with_numbers(tokens)
    numbers = read_numbers(tokens, parts)
    return Reading(text, tokens, numbers, explained, parts) if numbers else None


def read_names(text: str) -> Reading:
    """The reading of a sentence that is asked for names only."""
    return Reading(text, tokenise(text), [], NOTHING)


_SETUP_NOUNS: Final[dict[str, str]] = {row["noun"]: row["reason"] for row in vocabulary("setup_nouns")}


def setup_nouns() -> dict[str, str]:
    """Nouns that say what was set up, with the reason slug each gives."""
    return _SETUP_NOUNS
