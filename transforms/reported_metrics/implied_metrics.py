"""Metrics that the words around a number imply without a listed name: what a verb counts, what a change is of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from transforms.reported_metrics.dataset_words import is_surely_dataset
from transforms.reported_metrics.function_words import word_classes
from transforms.reported_metrics.metric_vocabulary import UNLISTED, id_of, listed_as
from transforms.reported_metrics.reading import setup_nouns
from transforms.reported_metrics.tokens import WORD
from transforms.reported_metrics.words import group

if TYPE_CHECKING:
    from transforms.reported_metrics.cues import Cue
    from transforms.reported_metrics.numbers import Number
    from transforms.reported_metrics.reading import Reading


class Metric:
    """The metric of a number: its id, the phrase that names it if one does, and the rule that found it."""

    __slots__ = ("id", "rule", "text")

    def __init__(self, id: str, text: str | None, rule: str) -> None:  # noqa: A002
        self.id = id
        self.text = text
        self.rule = rule

    def by(self, rule: str) -> Metric:
        """The same metric, found by another rule."""
        return Metric(self.id, self.text, rule)


def rate(reading: Reading, number: Number) -> Metric | None:
    """As in "passes only 67% of tasks": the share that passes is the pass rate."""
    before = (reading.low(number.lead - 2), reading.low(number.lead - 1))
    if number.form == "percent" and before == ("preferred", "by"):
        return Metric("preference_rate", None, "metric.rate")
    if number.form != "percent" or reading.low(number.last) != "of":
        return None
    index = number.lead - 1
    while reading.low(index) in group("number_filler"):
        index -= 1
    cue = reading.cue(index, "rate_verb") or _suffered(reading, number)
    if cue is None and _is_correct(reading, number):
        return Metric("accuracy", None, "metric.rate")
    return Metric(cue.metric, None, "metric.rate") if cue else None


def _is_correct(reading: Reading, number: Number) -> bool:
    """As in "correctly names only 56% of the birds", "answers 20% of queries correctly"."""
    for places in (range(number.lead - 1, number.lead - 12, -1), range(number.last + 1, number.last + 8)):
        for index in places:
            if reading.is_mark(index) or reading.number_at(index) is not None:
                break
            if reading.low(index) == "correctly":
                return True
    return False


def solved(reading: Reading, number: Number) -> Metric | None:
    """As in "solves 31 of 52 olympiad problems", "solves all problems of the contest (12/12)": the problems solved."""
    verb = next(
        (index for index in range(number.lead - 1, number.lead - 12, -1) if reading.low(index) in _SOLVING), None
    )
    if verb is None or any(
        reading.number_at(index) or reading.is_mark(index, ",;:") for index in range(verb, number.lead)
    ):
        return None
    places = (
        range(verb + 1, number.lead) if reading.low(number.lead - 1) == "(" else range(number.last, number.last + 6)
    )
    for index in places:
        low = reading.low(index)
        if low.isalpha() and low.endswith("s") and not word_classes(low) and reading.tokens[index].text == low:
            if low == "tasks":
                return None
            return Metric(id_of([low, "solved"]), reading.slice(verb, index + 1), "metric.count")
    return None


_SOLVING: Final = frozenset({"solve", "solves", "solved", "solving"})


def _suffered(reading: Reading, number: Number) -> Cue | None:
    """As in "84% of these requests are eventually accepted": the verb behind what the share is of."""
    for index in range(number.last + 1, number.last + 9):
        if reading.is_mark(index) or reading.number_at(index) is not None:
            return None
        if reading.low(index) in ("are", "is", "were", "was", "get", "got"):
            verb = index + 1 + (reading.low(index + 1).endswith("ly"))
            return reading.cue(verb, "rate_verb") if reading.low(verb).endswith("ed") else None
    return None


def saved(reading: Reading, number: Number) -> Metric | None:
    """As in "saves 41% of time", "saving 12% to 30% of the attempts": what is saved."""
    index = number.lead - 1
    while reading.low(index) in group("number_filler"):
        index -= 1
    if not reading.low(index).startswith("sav") or reading.low(number.last) != "of":
        return None
    first = last = number.last + 1
    while not reading.is_mark(last) and (
        "determiner" in word_classes(reading.low(last)) or not word_classes(reading.low(last))
    ):
        last += 1
    if reading.low(last) in ("and", "or") or any(first <= phrase.first < last for phrase in reading.metrics):
        return None
    found = _quantity(reading, first, last, may_be_count=True)
    return found.by("metric.rate") if found else None


def is_share_of_their_data(reading: Reading, number: Number) -> bool:
    """As in "using only 0.06% of their data", "5% of its training data", "13% of the demonstration data"."""
    if reading.low(number.last) != "of" or reading.low(number.last + 1) not in ("its", "their", "the"):
        return False
    noun = number.last + 2
    while reading.low(noun) != "data" and noun < number.last + 4:
        noun += 1
    return number.form == "percent" and reading.low(noun) == "data"


def changed_quantity(reading: Reading, number: Number) -> Metric | None:
    """What a change is of, where no known name says it: "cuts X by 5%", "raises X from 3 to 5", "5% drop in X"."""
    last = _leading(reading, number)
    if reading.low(last - 1) in ("by", "from", "to"):
        first = last - 1
        while first and reading.tokens[first - 1].kind == WORD and not reading.cue(first - 1, "change_verb"):
            first -= 1
        end = next(
            (place for place in range(first, last - 1) if "preposition" in word_classes(reading.low(place))), last - 1
        )
        verb = reading.cue(first - 1, "change_verb") if first else None
        if verb is None:
            return None
        is_measured = reading.low(first - 1).startswith(_MEASURED) and not is_surely_dataset(reading.slice(first, end))
        is_count = verb.direction == "down"
        return _quantity(reading, first, end, may_be_count=is_count, may_be_acronym=is_measured)
    noun = number.last
    while reading.low(noun) in ("relative", "absolute", "average"):
        noun += 1
    if reading.cue(noun, "change_noun") and reading.low(noun + 1) == "in":
        first = last = noun + 2
        while not reading.is_mark(last) and not word_classes(reading.low(last)):
            last += 1
        return _quantity(reading, first, last, may_be_acronym=True)
    return None


def is_change_of_object(reading: Reading, number: Number, first: int) -> bool:
    """As in "improves F1 to 82, and reduces hacking from 7% to 3%": behind a name, a verb of change with an object."""
    opener = _leading(reading, number) - 1
    if reading.low(opener) not in ("by", "from"):
        return False
    for index in range(opener - 2, max(first - 1, opener - 5), -1):
        is_verb = reading.cue(index, "change_verb") is not None and reading.cue(index, "change_noun") is None
        if is_verb and reading.low(index).endswith(("s", "ing")):
            return not reading.low(opener - 1).endswith(("ly", "ed", "ing"))
        if reading.is_mark(index) or reading.number_at(index):
            return False
    return False


_MEASURED: Final = ("reduc", "lower", "decreas", "increas", "rais")
"""Begin verbs whose object is a quantity even where it is an acronym; "improves QTX by 5%" may be of a system."""


def joint_quantity(reading: Reading, number: Number) -> Metric | None:
    """As in "raises planning and reflection steps by 3x and 2x, respectively": the noun at the end is of both."""
    place = next((place for place, other in enumerate(reading.numbers) if other is number), 0)
    is_first = reading.lows[number.last : number.last + 1] == ["and"]
    pair = reading.numbers[place : place + 2] if is_first else reading.numbers[max(0, place - 1) : place + 1]
    if len(pair) < 2 or not _are_joined(reading, *pair):
        return None
    last = _leading(reading, pair[0]) - 1
    joint = next((index for index in range(last - 1, last - 5, -1) if reading.low(index) == "and"), 0)
    verb = reading.cue(joint - 2, "change_verb") if joint else None
    if reading.low(last) not in ("by", "to") or verb is None or joint > last - 3:
        return None
    if not all(token.kind == WORD and token.text == token.low for token in reading.tokens[joint - 1 : last]):
        return None
    if any(phrase.first == joint - 1 for phrase in reading.metrics) or reading.low(last - 1) in group("no_quantity"):
        return None
    words = [reading.low(joint - 1 if number is pair[0] else joint + 1), *reading.lows[joint + 2 : last]]
    known = listed_as(words)
    is_plain = any(phrase.last == last and not phrase.id.startswith(UNLISTED) for phrase in reading.metrics)
    if is_plain and known is None:
        return None  # "validation and test perplexity": the same metric of two things
    return Metric(known or id_of(words), reading.slice(joint - 1, last), "metric.changed")


def _are_joined(reading: Reading, earlier: Number, later: Number) -> bool:
    return reading.lows[earlier.last : later.lead] == ["and"] and "respectively" in reading.lows[later.last :][:2]


def _leading(reading: Reading, number: Number) -> int:
    """The place behind the word that leads to a number, or to the first of two: that of 3 in "from 3 to 5"."""
    last = number.lead
    while last:
        is_between = reading.low(last - 1) in ("to", "and") and reading.number_at(last - 2) is not None
        if not is_between and reading.low(last - 1) not in group("number_filler") and not reading.number_at(last - 1):
            break
        last -= 1
    return last


def moved_quantity(reading: Reading, number: Number) -> Metric | None:
    """As in "trust falls by 3 points", "perceived warmth rose from 2.6 to 3.1": what moves by itself is measured."""
    opener = _leading(reading, number) - 1
    if reading.low(opener) not in ("by", "from", "to", "at", "below", "above"):
        return None
    verb = opener - 1
    while reading.low(verb).endswith("ly") or reading.low(verb) in ("out", "further"):
        verb -= 1
    if reading.low(verb) not in group("moving_verb"):
        return None
    while reading.low(verb - 1) in ("has", "have", "had", "can", "could", "may", "will"):
        verb -= 1
    first = verb
    while first and reading.tokens[first - 1].kind == WORD and not _ends_clause(reading.low(first - 1)):
        first -= 1
    is_joint = reading.low(first - 1) == "and" and "determiner" in word_classes(reading.low(first))
    is_open = first and not reading.is_mark(first - 1, ",;:(") and reading.tokens[first - 1].kind != WORD
    if is_joint or is_open or any(first <= phrase.first < verb for phrase in reading.metrics):
        return None
    end = first
    while end < verb and not ("preposition" in word_classes(reading.low(end)) or reading.low(end).endswith("ing")):
        end += 1
    if reading.low(end - 1).endswith("ly") or reading.low(end - 1) in group("no_moving_quantity"):
        return None
    found = _quantity(reading, first, end)
    return found.by("metric.moved") if found else None


def _ends_clause(word: str) -> bool:
    return word in group("clause_opener") or bool({"conjunction", "pronoun", "verb"} & word_classes(word))


_EQUATIVES: Final = {
    "fast": "speedup",
    "quick": "speedup",
    "quickly": "speedup",
    "rapidly": "speedup",
    "large": "model_size",
    "big": "model_size",
}
"""What "twice as … as" compares."""

_MODELS: Final = frozenset({"models", "llms", "mllms", "vlms", "networks", "baselines", "counterparts", "teacher"})
_CHANGES: Final = ("change_verb", "change_noun")
_ADJECTIVES: Final = ("ly", "ive", "ble", "ful", "ent", "ant", "ous", "ed", "ic", "ate", "erse", "ust")
"""Ends of the words behind "more" that are no nouns."""

_NOUNS: Final = {
    "efficient": "efficiency",
    "effective": "effectiveness",
    "accurate": "accuracy",
    "accurately": "accuracy",
    "diverse": "diversity",
    "robust": "robustness",
    "expensive": "cost",
    "stable": "stability",
}
"""What those that name a quantity are called."""

_EXTENTS: Final = {"larger": "size", "smaller": "size", "bigger": "size", "shorter": "length", "longer": "length"}
"""What a comparative says of the noun behind it; others compare the noun itself."""


def compared_quantity(reading: Reading, number: Number) -> Metric | None:
    """What is compared, where no known name says it: "twice as fast", "3x fewer retries", "models 17x its size"."""
    after, further = reading.low(number.last), reading.low(number.last + 1)
    if number.unit == "x" and after in ("its", "their", "the") and further == "size":
        return Metric("model_size", reading.slice(number.last + 1, number.last + 2), "metric.compared")
    if after == "as" and further in _EQUATIVES:
        return Metric(_EQUATIVES[further], None, "metric.compared")
    is_many = after == "as" and further in ("many", "much")
    if not is_many and reading.cue(number.last, "comparative") is None:
        return None
    first = last = number.last + 1 + is_many
    while not (reading.is_mark(last) or word_classes(reading.low(last)) or reading.cue(last, *_CHANGES)):
        last += 1
    if (
        after in ("larger", "bigger")
        and first == last
        and _MODELS & set(reading.lows[max(0, number.lead - 8) : last + 4])
    ):
        return Metric("model_size", None, "metric.compared")  # "models that are 2x to 7x larger"
    found = _quantity(reading, first, last, may_be_count=True)
    if found is None:
        return None
    if reading.low(last - 1).endswith(_ADJECTIVES):
        *words, adjective = (word for word in found.id.split("_") if not word.endswith("ally"))
        noun = _NOUNS.get(adjective)
        return Metric("_".join([*words, noun]), found.text, "metric.compared") if noun else None
    if found.id.endswith("_data") or found.id == "data":
        return Metric("training_data", found.text, "metric.compared")
    extent = f"_{_EXTENTS[after]}" if after in _EXTENTS and not found.id.endswith(("_size", "_length")) else ""
    return Metric(found.id + extent, found.text, "metric.compared")


def is_listed_in(reading: Reading, number: Number) -> bool:
    """As in "19% in recall, 8% in Tidiness": beside a number that is in a metric, what another is in is one, too."""
    if reading.low(number.last) != "in":
        return False
    firsts = {phrase.first for phrase in reading.metrics}
    return any(
        reading.low(other.last) == "in" and other.last + 1 in firsts and other.form == number.form
        for other in reading.numbers
        if other is not number
    )


def listed_quantity(reading: Reading, number: Number) -> Metric | None:
    """What a number is in where its siblings are in metrics: "19% in recall, 8% in Tidiness, 6% in Word Order"."""
    first = last = number.last + 1
    if not is_listed_in(reading, number):
        return None
    while last < first + 4 and not (reading.is_mark(last) or word_classes(reading.low(last))):
        last += 1
    if not first < last or not all(reading.tokens[index].kind == WORD for index in range(first, last)):
        return None
    if any(first <= phrase.first < last for phrase in reading.metrics) or reading.low(last - 1) in group("no_quantity"):
        return None
    if reading.low(last - 1).endswith(tuple(group("task_ending"))):
        return None
    words = [reading.low(index) for index in range(first, last)]
    return Metric(id_of(words), reading.slice(first, last), "metric.listed")


def reduced_quantity(reading: Reading, number: Number) -> Metric | None:
    """As in "13% in density reduction": what was reduced, in plain words."""
    if reading.low(number.last) != "in":
        return None
    first = last = number.last + 1
    while last < first + 3 and not (word_classes(reading.low(last)) or reading.cue(last, "change_noun")):
        last += 1
    if not reading.cue(last, "change_noun") or any(first <= phrase.first < last for phrase in reading.metrics):
        return None
    return _quantity(reading, first, last)


def _quantity(
    reading: Reading, first: int, last: int, *, may_be_acronym: bool = False, may_be_count: bool = False
) -> Metric | None:
    """The metric that a short noun phrase in plain words names; None for names of systems and for what has no value.

    ``may_be_count``: "reduces model queries by 69%" is of their count, "improves downstream tasks by 5%" is not.
    """
    while first < last and (
        "determiner" in word_classes(reading.low(first)) or reading.low(first) in group("measure_adjective")
    ):
        first += 1
    while first < last - 1 and reading.tokens[first].text != reading.low(first):
        first += 1  # "QTX forward passes"
    tokens = reading.tokens[first:last]
    if [token.low for token in tokens] == ["gap"]:
        return Metric("performance_gap", reading.slice(first, last), "metric.changed")
    if not 0 < len(tokens) <= 3 or tokens[-1].low in group("no_quantity"):
        return None
    if tokens[-1].low in setup_nouns() and not may_be_count:
        return None
    if tokens[-1].low.endswith(tuple(group("task_ending"))):
        return None
    if len(tokens) > 1 and tokens[0].low in ("2d", "3d"):
        tokens = tokens[1:]
    is_acronym = may_be_acronym and len(tokens) == 1 and tokens[0].text.isupper() and tokens[0].text.isalpha()
    is_plain = all(token.kind == WORD and token.text == token.low and not word_classes(token.low) for token in tokens)
    if not is_plain and not is_acronym:
        return None
    words = [word for token in tokens for word in token.low.replace("'s", "").split("-") if word.isalnum()]
    return Metric(id_of(words), reading.slice(first, last), "metric.changed") if words else None
