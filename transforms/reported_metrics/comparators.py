"""The words before a number that bound it, from seeds/vocabulary/comparators.csv: "at least", "up to", "nearly"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from seeds import vocabulary
from transforms.reported_metrics.lexicon import Phrase
from transforms.reported_metrics.tokens import NUMBER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transforms.reported_metrics.numbers import Number
    from transforms.reported_metrics.tokens import Token

_COMPARATORS: Final[dict[str, str]] = {row["phrase"]: row["comparator"] for row in vocabulary("comparators")}

_TAILS: Final = frozenset(phrase.split()[-1] for phrase in _COMPARATORS)
"""The last words of all comparators: before any other word there is none."""


def with_comparator(tokens: Sequence[Token], number: Number) -> Number:
    """The number with the words before it that bound it ("up to about": the outermost counts)."""
    lead, comparator = number.first, "="
    for _ in range(3):
        found = _comparator_ending(tokens, lead)
        if found is None:
            skip = lead - 1
            if (
                skip >= 0
                and comparator == "="
                and tokens[skip].low in ("a", "an", "just", "only", "the", "average", "$")
            ):
                found = _comparator_ending(tokens, skip)
            if found is None or (found.id in ("<", ">") and tokens[skip].low not in ("a", "an", "just", "only")):
                break
        if comparator == "=" or found.id in ("<=", ">="):
            comparator = found.id
        lead = found.first
    if number.form == "fraction" and number.value == 0.5 and lead and tokens[lead - 1].low in ("by", "in"):
        number = number.replace(value=50.0, unit="%", form="halving")
    if number.form in ("bare", "cardinal") and _is_called_factor(tokens, lead):
        number = number.replace(unit="x", form="factor")
    if comparator == "=" and number.last < len(tokens):
        after = tokens[number.last : number.last + 2]
        if (after[0].text == "+" and after[0].start == number.end) or [t.low for t in after] == ["or", "more"]:
            comparator = ">="
    return number.replace(comparator=comparator, lead=lead)


def _is_called_factor(tokens: Sequence[Token], lead: int) -> bool:
    """As in "a factor of 5", "acceleration factors of 2.5, 2.4 and 2.1"; other factors in the plural are set-up."""
    before = lead
    while before and (tokens[before - 1].kind == NUMBER or tokens[before - 1].low in (",", "and")):
        before -= 1
    words = [token.low for token in tokens[max(0, before - 3) : before]]
    if words[-2:] == ["factor", "of"]:
        return before == lead
    return words[-2:] == ["factors", "of"] and words[0].startswith(_CHANGING)


_CHANGING: Final = ("accelerat", "speed", "reduc", "improve", "compress")


def _comparator_ending(tokens: Sequence[Token], end: int) -> Phrase | None:
    """The comparator whose last token is just before `end`."""
    if end == 0 or tokens[end - 1].low not in _TAILS:
        return None
    for length in (4, 3, 2, 1):
        if end - length >= 0:
            text = " ".join(token.low for token in tokens[end - length : end])
            comparator = _COMPARATORS.get(text)
            if comparator is not None:
                return Phrase(end - length, end, comparator)
    return None
