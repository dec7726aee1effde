"""Units of numbers, glued or spelled out, from seeds/vocabulary/units.csv."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from seeds import aliases, vocabulary
from transforms.reported_metrics.lexicon import Phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transforms.reported_metrics.tokens import Token


UNIT_FORMS: Final[dict[str, str]] = {row["unit"]: row["form"] for row in vocabulary("units")}
"""Of each unit how a number with it is written (``Number.form``): duration, rate, memory, …."""

GLUED_UNITS: Final[dict[str, tuple[str, str]]] = {
    alias: (row["unit"], row["form"]) for row in vocabulary("units") for alias in aliases(row, "glued")
}
"""Unit and form by the letters that stand right behind the digits, as in "97ms"."""

_SPELLED: Final[dict[str, str]] = {
    alias: row["unit"] for row in vocabulary("units") for alias in aliases(row) if alias not in ("m", "s", "w", "x")
}
"""Units by their spelling; single letters are units only when glued."""

_FIRST_WORDS: Final = frozenset(alias.split()[0] for alias in _SPELLED)


def unit_at(tokens: Sequence[Token], position: int) -> Phrase | None:
    """The unit spelled out from a token on, the longest; None if there is none."""
    if tokens[position].text not in _FIRST_WORDS and tokens[position].low not in _FIRST_WORDS:
        return None
    for length in (3, 2, 1):
        pieces = tokens[position : position + length]
        if len(pieces) == length:
            unit = _SPELLED.get(" ".join(t.text for t in pieces))
            if unit is None and not (length == 1 and pieces[0].text == "US"):
                unit = _SPELLED.get(" ".join(t.low for t in pieces))
            if unit is not None:
                return Phrase(position, position + length, unit)
    return None
