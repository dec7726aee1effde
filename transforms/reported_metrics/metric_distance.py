"""How far the name of a metric is from a number, in words and in what stands between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from transforms.reported_metrics.function_words import word_classes
from transforms.reported_metrics.metric_vocabulary import PERFORMANCE, UNLISTED, is_cost
from transforms.reported_metrics.tokens import MARK
from transforms.reported_metrics.words import group

if TYPE_CHECKING:
    from transforms.reported_metrics.lexicon import Phrase
    from transforms.reported_metrics.numbers import Number
    from transforms.reported_metrics.reading import Reading

REACH: Final = 30.0
"""Distance beyond which a metric named before a number in the sentence is not its own."""

CLAUSE: Final = 9.0
"""What leaving a clause for another adds to it."""


def distance(reading: Reading, number: Number, phrase: Phrase, groups: dict[int, int]) -> float:
    """How far a name is from a number: words between them, more for what separates clauses, little for links."""
    if phrase.first >= number.last:
        between, cost, is_after = range(number.last, phrase.first), 0.5, True
    elif phrase.last <= number.first:
        between, cost, is_after = range(phrase.last, min(number.lead, number.first)), 0.2, False
    else:
        return 0.1
    if is_after and reading.cue(number.last, "change_noun") and reading.low(number.last + 1) in ("in", "of"):
        cost -= 2.5  # "a 5% boost in X": X is what was boosted, whatever was named before
    if is_after and between and _is_rest_of_list(reading, number, between, groups):
        return cost
    if is_after and _is_compared(reading, number, phrase):
        return 0.0
    other, depth = -1, int(is_after and _is_bracketed_change(reading, number))
    for index in between:
        token = reading.tokens[index]
        crossed = reading.number_at(index)
        if crossed is not None:
            if crossed.first != other:
                other = crossed.first
                same = groups.get(crossed.first) == groups.get(number.first)
                cost += 0.3 if same else 25.0 if is_after else 5.0
            continue
        if token.kind == MARK and token.text in "()":
            depth += 1 if token.text == "(" else -1
            cost += 12.0 if is_after and depth < 0 else 0.5
            continue
        cost += CLAUSE if is_after and token.low == "than" else _step(token.low, token.kind)
        if is_after and token.text == "," and reading.low(index + 1).endswith("ing"):
            cost += CLAUSE  # a participle has an object of its own: "…, identifying refusal as a target"
        if (
            is_after
            and reading.cue(index, "change_verb", "beat_verb")
            and not reading.cue(index, "change_noun", "comparative")
        ):
            cost += 4.0
    if phrase.id == PERFORMANCE and not _is_surely_of(reading, number, phrase):
        cost += 4.0
    if is_after and reading.low(number.last) == "in" and phrase.first <= number.last + 3:
        cost -= 2.5  # "14% in accuracy, 13% in density reduction": each with its own
    if not is_after and is_cost(phrase.id) and _is_in_opening(reading, between):
        cost += REACH
    if is_after and _is_owned(reading, phrase) and not _is_continued(reading, between, phrase):
        cost += 6.0
    return cost + (1.0 if phrase.id.startswith(UNLISTED) else 0.0)


def _is_compared(reading: Reading, number: Number, phrase: Phrase) -> bool:
    """As in "the same F1 at 25x lower cost", "37% less peak memory": what a comparative behind a number compares."""
    if phrase.first > number.last + 2 or reading.cue(number.last, "comparative") is None:
        return False
    return phrase.first == number.last + 1 or not (
        reading.is_mark(number.last + 1) or {"conjunction", "preposition"} & word_classes(reading.low(number.last + 1))
    )


def _is_bracketed_change(reading: Reading, number: Number) -> bool:
    """As in "large (2-3x) gains in throughput": brackets around the number alone, before the change that it tells."""
    is_alone = reading.low(number.lead - 1) == "(" and reading.low(number.last) == ")"
    return is_alone and reading.cue(number.last + 1, "change_noun") is not None


def _is_rest_of_list(reading: Reading, number: Number, between: range, groups: dict[int, int]) -> bool:
    """As in "78% and 35% pass@1": only the rest of the number's list stands before the name."""
    has_number = False
    if reading.number_at(between.stop - 1) is None:
        return False
    for index in between:
        other = reading.number_at(index)
        if other is None and reading.low(index) not in group("list_joint"):
            return False
        if other is not None:
            has_number = True
            if groups.get(other.first) != groups.get(number.first):
                return False
    return has_number


def _is_surely_of(reading: Reading, number: Number, phrase: Phrase) -> bool:
    """As in "<10% performance degradation", "scores from 7.3", "61% in score": even so general a name is its own."""
    if phrase.first == number.last:
        return bool(reading.cue(phrase.last, "change_noun"))
    if phrase.first == number.last + 1:
        return reading.low(number.last) == "in"
    return phrase.last == number.lead - 1 and reading.low(phrase.last) == "from"


def _is_in_opening(reading: Reading, between: range) -> bool:
    """As in "Using modest compute, our recipe improves X from 41%": a comma and then the verb of the sentence."""
    commas = [index for index in between if reading.is_mark(index, ",")]
    return bool(commas) and any(
        reading.cue(index, "change_verb", "level_verb", "beat_verb") for index in range(commas[0], between.stop)
    )


def _is_owned(reading: Reading, phrase: Phrase) -> bool:
    """Whether a metric leads to the number after it: "… 85% and a recall of 80%"."""
    if reading.low(phrase.last) not in ("of", ":", "=", "(", "by", "to", "from"):
        return False
    return any(number.lead == phrase.last + 1 for number in reading.numbers)


def _is_continued(reading: Reading, between: range, phrase: Phrase) -> bool:
    """As in "5% worst case overhead (1% on average)": what is in brackets behind a name is more of the same."""
    is_near = len(between) < 3 and not any(reading.is_mark(index) or reading.low(index) == "and" for index in between)
    return is_near and reading.low(phrase.last) == "("


_MARK_STEPS: Final = {";": 9.0, ",": 2.5, ":": 0.5, ".": 9.0, "=": 0.0}
_WORD_STEPS: Final = {
    "and": 1.5,
    "in": 0.4,
    "with": 3.0,
    **dict.fromkeys(group("clause_break"), 9.0),
    **dict.fromkeys(group("near_link"), 0.1),
}
"""What a mark and a word between a name and a number add to their distance; other marks 0.5, other words 0.8."""


def _step(low: str, kind: str) -> float:
    return _MARK_STEPS.get(low, 0.5) if kind == MARK else _WORD_STEPS.get(low, 0.8)
