"""What makes a number an outcome, once no rule has refused it.

Percentages, differences and multiples are outcomes unless refused; numbers without a unit, durations and the like
need a metric or a verb that says that something performed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from transforms.reported_metrics.metric_vocabulary import COUNTS, PERFORMANCE
from transforms.reported_metrics.words import group

if TYPE_CHECKING:
    from transforms.reported_metrics.numbers import Number
    from transforms.reported_metrics.reading import Reading

STRONG_FORMS: Final = frozenset(
    {"percent", "pp", "points", "factor", "fraction", "doubling", "halving", "rate", "slash"}
)
COST_FORMS: Final = frozenset({"duration", "memory", "compute", "energy", "money", "measure"})
METRIC_REACH: Final = 8
"""Tokens between a duration (or another cost) and the metric that makes it an outcome."""

LINKS: Final = tuple(
    tuple(link.split())
    for link in ("", "of", ":", "=", "by", "from", "to", "(", "is", "at", "of only", "of just", "of a")
)
"""What may stand between a metric and its whole number."""


def evidence(reading: Reading, number: Number, groups: dict[int, int]) -> str | None:
    """The id of the rule by which the number is an outcome; None if nothing says that it is one."""
    if number.form in STRONG_FORMS:
        return f"number.{number.form}"
    if number.form == "count":
        words = {token.low for token in reading.tokens}
        return "number.count" if words & group("won") or reading.metrics else None
    if number.form in COST_FORMS:
        same = (other for other in reading.numbers if other.unit == number.unit)
        is_outcome = any(_is_cost_or_measure(reading, other) for other in same)
        return f"number.{number.form}" if is_outcome else None
    if number.form == "ordinal":
        return "number.ordinal"
    if number.form == "bare" and _is_value(reading, number, groups):
        return "number.decimal" if number.is_decimal else "number.whole"
    return None


def lists(reading: Reading) -> dict[int, int]:
    """For the first token of each number, that of the first number of its list: "71.2, 69.5 and 80.3" is a list."""
    found: dict[int, int] = {}
    previous = None
    joints = group("list_joint")
    for number in reading.numbers:
        joined = previous is not None and all(
            reading.low(index) in joints for index in range(previous.last, number.lead)
        )
        found[number.first] = found[previous.first] if joined and previous is not None else number.first
        previous = number
    return found


def _is_cost_or_measure(reading: Reading, number: Number) -> bool:
    """As in "takes 3 seconds", "within two minutes", "an error of 2.3 mm", "peak memory of 5 GB"."""
    if any(
        _distance(number, phrase.first, phrase.last) <= METRIC_REACH
        and phrase.id != PERFORMANCE
        and not (number.form == "duration" and phrase.id in COUNTS)
        for phrase in reading.metrics
    ):
        return True
    places = range(number.last, number.last + 2)
    if any(reading.cue(index, "change_noun") and not reading.low(index).startswith("increment") for index in places):
        return True  # "a 1.5 dB gain"
    if number.sign and reading.metrics:
        return True  # "memory falls by 40%, a change of -3.1 GB"
    before = {reading.low(index) for index in range(max(0, number.lead - 4), number.first)}
    if number.form == "duration":
        after = {reading.low(index) for index in range(number.last, number.last + 4)}
        return bool(before & group("duration_opener") and (after | before) & group("time_word"))
    if number.form == "money":
        return bool(before & group("money_opener"))
    return number.form != "measure" and bool(before & group("amount_opener"))


def _is_value(reading: Reading, number: Number, groups: dict[int, int]) -> bool:
    """A number without a unit: signed, next to a metric, after "score of", or in one list with such a number."""
    if number.sign == "+":
        return True
    versus = ("vs", "vs.", "versus")
    before = number.lead - 1 - (reading.low(number.lead - 1) == ".")
    if number.is_decimal and (reading.low(number.last) in versus or reading.low(before) in versus):
        return True
    if number.is_decimal:
        return bool(reading.metrics) or _has_outcome_verb(reading, number)
    if _is_beside_metric(reading, number):
        return True
    return any(
        groups[other.first] == groups[number.first]
        and other is not number
        and (other.is_decimal or _is_beside_metric(reading, other))
        for other in reading.numbers
    )


def _is_beside_metric(reading: Reading, number: Number) -> bool:
    """As in "28 BLEU", "BLEU of 28", "a score of 85"."""
    for phrase in reading.metrics:
        is_listed = not phrase.id.startswith("~")
        if phrase.first == number.last and is_listed and phrase.id != PERFORMANCE:
            return phrase.id not in COUNTS
        if number.lead - 2 <= phrase.last <= number.first:
            between = tuple(reading.low(index) for index in range(phrase.last, min(number.lead, number.first)))
            if between in LINKS:
                return bool(between) or is_listed
    return reading.low(number.lead - 1) == "of" and reading.low(number.lead - 2).startswith("scor")


def _has_outcome_verb(reading: Reading, number: Number) -> bool:
    return any(
        reading.cue(index, "level_verb", "change_verb", "beat_verb")
        for index in range(max(0, number.first - 14), number.first)
    )


def _distance(number: Number, first: int, last: int) -> int:
    if first >= number.last:
        return first - number.last
    return number.first - last if last <= number.first else 0
