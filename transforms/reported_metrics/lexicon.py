"""Look-up of many phrases in a sentence at once, in time linear in the sentence.

A phrase is a chain of atoms: words, with hyphens and slashes taken apart, so that "F1-score", "F1 score" and
"F1-scores" are one phrase. The first atom picks the few phrases that can start there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from transforms.reported_metrics.tokens import WORD, Token, tokenise
from transforms.reported_metrics.words import remember

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Phrase:
    """A phrase found in a sentence: its first token, the token after its last, and the id it stands for.

    Phrases are ordered by these three, and equal where they are.
    """

    __slots__ = ("first", "id", "last")

    def __init__(self, first: int, last: int, id: str) -> None:  # noqa: A002
        self.first = first
        self.last = last
        self.id = id

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Phrase):
            return NotImplemented
        return self.first == other.first and self.last == other.last and self.id == other.id

    def __hash__(self) -> int:
        return hash((self.first, self.last, self.id))

    def __lt__(self, other: Phrase) -> bool:
        return (self.first, self.last, self.id) < (other.first, other.last, other.id)


class Atom:
    """A part of a token that can be compared: as written, in its normal form, and the place of the token it is of."""

    __slots__ = ("normal", "text", "token")

    def __init__(self, text: str, normal: str, token: int) -> None:
        self.text = text
        self.normal = normal
        self.token = token


def atoms(tokens: Sequence[Token]) -> list[Atom]:
    """The atoms of the tokens: a word without hyphen or slash is one atom, another is one for each of its parts."""
    found: list[Atom] = []
    known = _PARTS
    for number, token in enumerate(tokens):
        text = token.text
        if token.kind == WORD:
            parts = known.get(text)
            if parts is None:
                parts = remember(known, text, _parts(text))
            for part, normal in parts:
                found.append(Atom(part, normal, number))
        elif text != "-":
            found.append(Atom(text, text, number))
    return found


_PARTS: Final[dict[str, list[tuple[str, str]]]] = {}


def _parts(word: str) -> list[tuple[str, str]]:
    """The parts of a word between hyphens and slashes, each with its normal form."""
    return [(part, singular(part.lower())) for part in word.replace("/", "-").split("-") if part]


_SINGULAR: Final[dict[str, str]] = {}


def singular(word: str) -> str:
    """A lower-case word without the s of a plural ("scores" → "score", "accuracies" → "accuracy")."""
    found = _SINGULAR.get(word)
    return remember(_SINGULAR, word, _singular(word)) if found is None else found


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and word[-2] not in "sui":
        return word[:-3] + "y" if word.endswith("ies") else word[:-1]
    return word


class _Node:
    """A place in the tree of phrases: what may follow, and the phrases that end here."""

    __slots__ = ("ends", "following")

    def __init__(self) -> None:
        self.following: dict[str, _Node] = {}
        self.ends: list[tuple[tuple[str, ...] | None, str]] = []


class Lexicon:
    """Phrases with their ids; an alias that holds a capital letter is matched as written, others in any case."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._root: dict[str, _Node] = {}
        for alias, identifier in entries:
            parts = atoms(tokenise(alias))
            following = self._root
            node = None
            for part in parts:
                node = following.setdefault(part.normal, _Node())
                following = node.following
            if node is not None:
                exact = tuple(part.text for part in parts) if alias != alias.lower() else None
                node.ends.append((exact, identifier))
                node.ends.sort(key=lambda end: end[0] is None)

    def find(self, parts: Sequence[Atom]) -> list[Phrase]:
        """The phrases among the atoms of a sentence, the longest at each place, without overlaps."""
        found: list[Phrase] = []
        root = self._root
        last, inside = 0, -1
        for position, part in enumerate(parts):
            token = part.token
            is_inside, inside = token == inside, token
            if part.normal not in root or token < last or is_inside:
                continue  # also inside a word: "memory" of "low-memory" is not a phrase of its own
            phrase = self._longest(parts, position)
            if phrase is not None:
                found.append(phrase)
                last = phrase.last
        return found

    def _longest(self, parts: Sequence[Atom], position: int) -> Phrase | None:
        node = self._root[parts[position].normal]
        best = None
        end = position + 1
        while True:
            if node.ends and (end == len(parts) or parts[end].token != parts[end - 1].token):
                identifier = _ending(node, parts[position:end])
                if identifier is not None:
                    best = Phrase(parts[position].token, parts[end - 1].token + 1, identifier)
            if end == len(parts):
                return best
            following = node.following.get(parts[end].normal)
            if following is None:
                return best
            node = following
            end += 1


def _ending(node: _Node, window: Sequence[Atom]) -> str | None:
    for exact, identifier in node.ends:
        if exact is None or all(
            wanted == part.text or wanted == part.text.removesuffix("s")
            for wanted, part in zip(exact, window, strict=True)
        ):
            return identifier
    return None
