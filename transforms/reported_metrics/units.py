"""Units of numbers, glued or spelled out, from seeds/vocabulary/units.csv."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from seeds import aliases, vocabulary
from transforms.reported_metrics.lexicon import Phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transforms.reported_metrics.tokens import Token


def unit_at(tokens: Sequence[Token], position: int) -> Phrase | None:
    """The unit spelled out from a token on, the longest; None if there is none."""
    units = _units()
    if tokens[position].text not in units[0] and tokens[position].low not in units[0]:
        return None
    for length in (3, 2, 1):
        pieces = tokens[position : position + length]
        if len(pieces) == length:
            unit = units[1].get(" ".join(t.text for t in pieces))
            if unit is None and not (length == 1 and pieces[0].text == "US"):
                unit = units[1].get(" ".join(t.low for t in pieces))
            if unit is not None:
                return Phrase(position, position + length, unit)
    return None


@functools.cache
def unit_forms() -> dict[str, str]:
    """Of each unit how a number with it is written (``Number.form``): duration, rate, memory, …."""
    return {row["unit"]: row["form"] for row in vocabulary("units")}


@functools.cache
def glued_units() -> dict[str, tuple[str, str]]:
    """Unit and form by the letters that stand right behind the digits, as in "97ms"."""
    return {alias: (row["unit"], row["form"]) for row in vocabulary("units") for alias in aliases(row, "glued")}


@functools.cache
def _units() -> tuple[frozenset[str], dict[str, str]]:
    """First words of the units, and the units by their spelling; single letters are units only when glued."""
    spelled = {
        alias: row["unit"] for row in vocabulary("units") for alias in aliases(row) if alias not in ("m", "s", "w", "x")
    }
    return frozenset(alias.split()[0] for alias in spelled), spelled
