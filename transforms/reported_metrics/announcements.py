"""Kinds that are announced before a bracket or a colon: "gains on X (5%)", "improvements: 5% on A, 3% on B"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from transforms.reported_metrics.kind import Kind

if TYPE_CHECKING:
    from transforms.reported_metrics.cues import Cue
    from transforms.reported_metrics.numbers import Number
    from transforms.reported_metrics.reading import Reading

NOUN_REACH: Final = 10
"""Tokens before a number within which "reduction in memory and latency of" is looked for."""


def announced_kind(reading: Reading, number: Number, index: int) -> Kind | None:
    """The kind of a number behind a bracket or a colon: "gains on X (5%)", "improvements: 5% on A, 3% on B"."""
    low = reading.low(index)
    is_named = any(phrase.first == number.last for phrase in reading.metrics)
    is_first_end = reading.low(number.last) == "to" and reading.number_at(number.last + 1) is not None
    is_pair = is_first_end or reading.low(number.last) in ("→", "vs", "versus")
    if low == "(" and not number.sign and (is_named or is_pair):
        return Kind("level", None, "", False, "kind.bracket")
    example = _exampled(reading, index) if number.form in ("percent", "pp", "points") else None
    if example is not None:
        return Kind("change", example.direction, example.metric, False, "kind.announced")
    if low == "(" and number.form in ("percent", "pp", "points"):
        noun = _bracketed(reading, index)
        if noun is not None:
            return Kind("change", noun.direction, noun.metric, False, "kind.announced")
    if low == ":":
        noun = _announced(reading, index)
        if noun is not None:
            return Kind("change", noun.direction, noun.metric, False, "kind.announced")
    return None


def _announced(reading: Reading, colon: int) -> Cue | None:
    """The noun of change that a list behind a colon is of: "improvements over earlier methods: 11% on A, 20% on B"."""
    for position in range(colon - 1, max(-1, colon - NOUN_REACH), -1):
        if reading.is_mark(position, ".;:,)") or reading.number_at(position):
            return None
        if noun := reading.cue(position, "change_noun"):
            return noun
    return None


def _exampled(reading: Reading, index: int) -> Cue | None:
    """The noun of change before a bracket that opens with an example: "a gap (e.g., 10-20% in accuracy)"."""
    if reading.low(index) != "," or reading.lows[index - 3 : index] not in (
        ["(", "e.g", "."],
        ["(", "i.e", "."],
        [",", "i.e", "."],
    ):
        return None
    return reading.cue(index - 4, "change_noun")


def _bracketed(reading: Reading, bracket: int) -> Cue | None:
    """The noun of change that values in brackets behind names are of: "improvements across A (3%) and B (15%)"."""
    for position in range(bracket - 1, max(-1, bracket - NOUN_REACH), -1):
        if reading.is_mark(position, ".;:,)") or reading.number_at(position):
            return None
        noun = reading.cue(position, "change_noun")
        if noun is not None:
            return noun if reading.low(position + 1) in ("on", "across", "in") else None
    return None
