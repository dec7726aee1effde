"""Where the name of a dataset stands in its sentence, and what a number says of its own place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from transforms.reported_metrics.dataset_names import (
    CHALLENGING,
    NOUNS,
    OPENERS,
    SKIPPED,
    before_adjectives,
    is_challenge,
)
from transforms.reported_metrics.dataset_words import COINED
from transforms.reported_metrics.tokens import NUMBER
from transforms.reported_metrics.words import group

if TYPE_CHECKING:
    from transforms.reported_metrics.lexicon import Phrase
    from transforms.reported_metrics.numbers import Number
    from transforms.reported_metrics.reading import Reading

OPENING: Final = 5
"""Tokens before a name that opens its sentence ("On the X benchmark, …") and so speaks of all that follows."""


def opens_number(reading: Reading, phrase: Phrase) -> bool:
    """As in "A from 86% to 93% and B from 65% to 74%": B leads to the number behind it."""
    return reading.low(phrase.last) in ("from", "by", "to", ":") and any(
        other.lead == phrase.last + 1 for other in reading.numbers
    )


def opens_sentence(reading: Reading, phrase: Phrase) -> bool:
    """Whether all of a sentence is about a name: it stands among the first words, or in a first "On …"."""
    start = 2 if reading.low(1) == "," else 0  # "Notably, on …"
    if phrase.first - start <= OPENING:
        return True
    is_first = reading.low(start) in ("on", "across", "for", "over") and phrase.first - start <= 3 * OPENING
    return is_first and not any(reading.is_mark(index) for index in range(start, phrase.first))


def is_beside_number(reading: Reading, phrase: Phrase) -> bool:
    """Whether a number stands before a name in the same brackets: "(5% on X)"."""
    for index in range(phrase.first - 1, max(-1, phrase.first - 12), -1):
        if reading.low(index) == "(":
            return False
        if reading.number_at(index) is not None:
            return True
    return False


def is_opened(reading: Reading, phrase: Phrase) -> bool:
    """As in "on X", "on the X", "on three benchmarks (X, …)", "on the hardest benchmark, X"."""
    first = phrase.first
    while reading.low(first - 1) in group("example_opener") and first > phrase.first - 6:
        first -= 1
    if first < phrase.first and reading.low(first - 1) in NOUNS:
        return True
    if (
        reading.low(phrase.first - 1) == "("
        and reading.low(phrase.last) == ")"
        and reading.low(phrase.last + 1) in NOUNS
    ):
        return _is_abbreviation_opened(reading, phrase.first - 2)
    if reading.low(phrase.last) in CHALLENGING and is_challenge(reading.tokens, phrase.last):
        return True
    before, further = reading.low(phrase.first - 1), reading.low(phrase.first - 2)
    opener = phrase.first - 1
    if reading.low(phrase.last) in NOUNS:
        opener = before_adjectives(reading.tokens, opener)
        if reading.low(opener) == "under":
            return True  # "under the X benchmark"
    while reading.low(opener) in SKIPPED or (opener > 0 and reading.tokens[opener].kind == NUMBER):
        opener -= 1
    return (
        reading.low(opener) in OPENERS
        or further in OPENERS
        or (before in ("(", ",", ":", "-", "–", "—") and further in NOUNS)
    )


def _is_abbreviation_opened(reading: Reading, last: int) -> bool:
    """As in "on the Long Trail Challenge (LTC) benchmark": whether an opener stands before the long name."""
    while last > 0 and (reading.tokens[last].text[0].isupper() or reading.low(last) in ("of", "and", "&", "-")):
        last -= 1
    return reading.low(last) in OPENERS or (reading.low(last) in SKIPPED and reading.low(last - 1) in OPENERS)


def is_qualifier(reading: Reading, phrase: Phrase) -> bool:
    """Whether a known name says on what: "ImageNet top-1 accuracy", "the SQuAD dataset"; else it may be a system."""
    if not phrase.id and not COINED.search(reading.slice(phrase.first, phrase.last)):
        return False
    if reading.low(phrase.last) in NOUNS or reading.low(phrase.last).endswith("-shot"):
        return True
    if _is_of_record(reading, phrase.last):
        return True
    return any(
        phrase.last <= metric.first <= phrase.last + 1 or (metric.first == phrase.first and metric.last > phrase.last)
        for metric in reading.metrics
    )


def _is_of_record(reading: Reading, last: int) -> bool:
    """As in "a new X complex-generation record of 85": at most two words between a name and what was set on it."""
    head = next((index for index in range(last, last + 3) if reading.low(index) in group("score_word")), None)
    return head is not None and reading.low(head + 1) == "of" and reading.number_at(head + 2) is not None


def is_beaten(reading: Reading, first: int) -> bool:
    """Whether a name is that of a system the sentence compares with: "surpassing X (64%)"."""
    for index in range(first - 1, max(-1, first - 12), -1):
        is_example = reading.low(index - 1) in NOUNS or reading.low(index - 2) in NOUNS
        if reading.cue(index, "beat_verb") or (reading.low(index) in group("system_opener") and not is_example):
            return True
        if reading.low(index) in OPENERS or reading.is_mark(index, ".;:"):
            return False
    return False


def has_place(reading: Reading, number: Number) -> bool:
    """Whether the number says by itself where it was measured ("2.4% on rare languages", "on only 11% of tasks")."""
    opener = number.lead - 1
    while opener > 0 and reading.low(opener) in group("number_filler"):
        opener -= 1
    if reading.low(opener) == "on" and reading.low(number.last) == "of":
        return True
    if reading.low(opener) == ":" and number.sign == "+":
        item = reading.tokens[opener - 1]
        if item.text == item.low and reading.dataset_up_to(opener) is None:
            return True  # "(VizWiz: +1.8%, cognitive reasoning: +27%)"
    for index in range(number.last, min(number.last + 6, len(reading.tokens))):
        if reading.is_mark(index) or reading.number_at(index) is not None:
            return False
        is_counted = reading.low(index) in ("across", "over") and reading.tokens[index + 1 :][:1] != []
        if is_counted and _is_counted_place(reading, index + 1):
            return True
        if reading.low(index) == "on" and _is_counted_place(reading, index + 1):
            return True  # "71% on 5 reasoning tasks"
        if reading.low(index) == "on" and reading.low(index + 1) != "average":
            return not any(reading.low(place) in group("dataset_part") for place in range(index + 1, index + 5))
    return False


def has_counted_place(reading: Reading, number: Number) -> bool:
    """As in "54.9% across multiple benchmarks", with nothing else between."""
    for index in range(number.last, number.last + 5):
        if reading.is_mark(index) or reading.number_at(index) is not None:
            return False
        if reading.low(index) in ("across", "over"):
            return _is_counted_place(reading, index + 1)
    return False


def _is_counted_place(reading: Reading, first: int) -> bool:
    """As in "across 13 benchmarks", "over six mathematics benchmarks": places that are counted and not named."""
    low = reading.low(first)
    is_count = low.isdigit() or low in group("count_word")
    return is_count and any(
        reading.low(index) in ("benchmarks", "datasets", "tasks") for index in range(first, first + 4)
    )
