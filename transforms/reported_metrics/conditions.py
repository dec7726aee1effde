"""Multiples, shares and durations that say under what something was measured, or of what there was how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from transforms.reported_metrics.cues import cues_of
from transforms.reported_metrics.function_words import word_classes
from transforms.reported_metrics.metric_vocabulary import COUNTS, is_cost
from transforms.reported_metrics.reading import setup_nouns
from transforms.reported_metrics.tokens import NUMBER, WORD
from transforms.reported_metrics.words import group

if TYPE_CHECKING:
    from transforms.reported_metrics.numbers import Number
from transforms.reported_metrics.reading import Reading

STOPS: Final = frozenset({"preposition", "conjunction", "pronoun"})


def scale(reading: Reading, number: Number) -> bool:
    """As in "across three orders of magnitude of compute", "peers trained on 2-16x more compute", "ten times more
    categories than existing datasets": how far a study reaches, or how large something was made.
    """
    if number.form != "factor":
        return False
    if reading.low(number.last) == "of" and "magnitude" in reading.lows[number.first : number.last]:
        return True
    if any(
        reading.low(index).startswith(("train", "pretrain", "pre-train")) and reading.low(index + 1) in ("on", "with")
        for index in range(max(0, number.lead - 4), number.lead)
    ):
        return True
    tail = reading.lows[number.last : number.last + 9]
    than = tail.index("than") if "than" in tail else len(tail)
    is_larger = reading.low(number.last) in ("larger", "bigger") or noun_after(reading, number.last, 4) is not None
    return is_larger and any(word in group("collection") for word in tail[than + 1 :])


def composition(reading: Reading, number: Number) -> bool:
    """As in "such questions comprise less than 0.6% of X": what a collection is made of."""
    if number.form != "percent" or reading.low(number.last) != "of":
        return False
    verbs = ("compris", "constitut", "represent", "account")
    for index in range(number.lead - 1, max(-1, number.lead - 30), -1):
        if reading.low(index).startswith(verbs):
            return True
        if reading.is_mark(index, ".;:") or reading.cue(index, "level_verb", "change_verb", "beat_verb"):
            return False
    return False


def share_of_data(reading: Reading, number: Number) -> bool:
    """As in "with 1% of the labels", "20% of the pairs": a share of what was set up."""
    if number.form not in ("percent", "fraction", "slash"):
        return False
    if number.form == "percent" and reading.low(number.last) not in group("data_adjective"):
        return False
    if reading.cue(number.lead - 1, "change_verb"):
        return False  # "saves 20% of the tokens"
    is_theirs = reading.low(number.last) == "of" and reading.low(number.last + 1) in ("its", "their")
    if is_theirs and {"only", "just"} & set(reading.lows[max(0, number.lead - 2) : number.first]):
        return False  # "using only 0.1% of their data"
    if reading.low(number.last) == "of" and reading.lows[max(0, number.lead - 2) : number.first] == ["using", "only"]:
        before = range(max(0, number.lead - 20), number.lead)
        if any(reading.cue(index, "beat_verb") or reading.low(index) == "achieves" for index in before):
            return False  # "outperforms X while using only 13% of the data"
    noun = noun_after(reading, number.last + (reading.low(number.last) == "of"), 5)
    if noun not in ("dataset_size", "condition") or _is_of_metric(reading, number):
        return False
    if "little" in reading.lows[max(0, number.first - 5) : number.first]:
        return False  # "with as little as 8% of the tokens"
    tail = {reading.low(index) for index in range(number.last, number.last + 14)}
    return not (
        (tail & {"required", "needed", "used", "compared", "than"} and number.comparator in "<~")
        or tail & {"saving", "savings"}
    )


def _is_of_metric(reading: Reading, number: Number) -> bool:
    """As in "retains 99% of full-token performance": the noun phrase ends in a metric."""
    last = number.last + 1
    while not reading.is_mark(last) and not word_classes(reading.low(last)):
        last += 1
    return reading.low(number.last) == "of" and any(
        phrase.last == last and phrase.first > number.last and not is_cost(phrase.id) for phrase in reading.metrics
    )


def condition(reading: Reading, number: Number) -> bool:
    """As in "at 90% sparsity", "under a 50% budget", "at 4x extrapolation": under what something was measured."""
    if number.form == "factor":
        opener = number.lead - 1 - (reading.low(number.lead - 1) in ("a", "the"))
        is_compared = any(
            reading.cue(index, "comparative", "change_noun") for index in range(number.last, number.last + 4)
        )
        if reading.low(number.lead) == "under" and _noun_follows(reading, number):
            return True  # "under 4x compression"
        is_of_metric = reading.low(number.last) == "the" and not is_compared
        return reading.low(opener) == "at" and not (is_compared or is_of_metric or reading.is_mark(number.last))
    if number.form != "percent":
        return False
    is_under = "under" in reading.lows[max(0, number.lead - 2) : number.first]
    if is_under and "budget" in (reading.low(number.last), reading.low(number.last + 1)):
        return True
    noun = noun_after(reading, number.last, 2)
    return noun == "condition" and reading.low(number.lead - 1) not in (
        "achieves",
        "by",
        "reaches",
        "achieving",
        "reaching",
    )


def _noun_follows(reading: Reading, number: Number) -> bool:
    """Whether a plain noun follows at once, no function word and no comparison."""
    low = reading.low(number.last)
    return not reading.is_mark(number.last) and not word_classes(low) and not cues_of(low).keys() & {"comparative"}


def threshold(reading: Reading, number: Number) -> bool:
    """As in "31% of the topics exhibit a bias greater than 0.5": what had to be reached."""
    if number.comparator not in (">=", ">") or number.form not in ("factor", "bare"):
        return False
    share = next((other for other in reading.numbers if other.last <= number.lead and other.form == "percent"), None)
    if share is None or reading.low(share.last) != "of" or reading.low(share.lead - 1) not in ("", ",", "(", "that"):
        return False
    between = range(share.last, number.lead)
    return len(between) <= 8 and any(reading.cue(index, "level_verb") for index in between)


def magnification(reading: Reading, number: Number) -> bool:
    """As in "4x super-resolution"."""
    return number.form == "factor" and noun_after(reading, number.last, 2) == "magnification"


def resampling(reading: Reading, number: Number) -> bool:
    """As in "10-fold cross-validation", "the same 5-fold split": in how many parts the data were taken."""
    if number.form != "factor" or not reading.text[number.start : number.end].lower().endswith("fold"):
        return False
    follows = reading.lows[number.last : number.last + 3]
    return any(
        low.startswith(("cross", "split", "ensembl", "cv", "stratif", "validat", "partition")) for low in follows
    )


def repetition(reading: Reading, number: Number) -> bool:
    """As in "sampled ten times", "our aims are threefold": a multiple that compares nothing."""
    if number.form != "factor":
        return False
    text = reading.text[number.start : number.end].lower()
    is_spelled = text in ("twice", "thrice") or (text.endswith("fold") and text[0].isalpha())
    is_times = text.endswith("times") and not text.removesuffix("times").removesuffix("\\")[-1:].isdigit()
    return (is_spelled or is_times) and not _compares(reading, number) and not _is_of_value(reading, number)


def _is_of_value(reading: Reading, number: Number) -> bool:
    """As in "8.7 times the public baseline", "twice the rate of others": a multiple of a value."""
    return reading.low(number.last) == "the" and any(
        reading.low(place) in ("baseline", "baselines", "rate", "level", "value", "average")
        for place in range(number.last + 1, number.last + 5)
    )


def vague_word(reading: Reading, number: Number) -> bool:
    """As in "the second half", "double descent": a word that multiplies only when something measured follows."""
    if number.form == "fraction":
        if reading.text[number.start : number.end].lower().endswith("third") and _noun_follows(reading, number):
            return True  # "as a third dimension"
        is_reduced = reading.low(number.lead - 1) == "to" and reading.low(number.last) == "of"
        if is_reduced and any(
            reading.cue(place, "change_verb") for place in range(max(0, number.lead - 8), number.lead)
        ):
            return False  # "reduces X to one-third of Y"
        follows = {reading.low(index) for index in range(number.last, number.last + 6)}
        noun = noun_after(reading, number.last, 4)
        measured = any(number.last <= phrase.first <= number.last + 4 for phrase in reading.metrics)
        return not (
            measured
            or (noun in ("dataset_size", "model_size") and follows & {"of", "the", "as"} and number.comparator != "=")
        )
    if number.form == "doubling":
        if reading.low(number.last) == "as":
            return True  # "doubles as a control"
        return not any(number.last <= phrase.first <= number.last + 4 for phrase in reading.metrics)
    if number.form == "halving":
        return not reading.metrics
    return False


def slash(reading: Reading, number: Number) -> bool:
    """As in "64/128": a pair that is neither a share of a measured quantity nor "won k of n"."""
    if number.form != "slash":
        return False
    follows = [reading.low(index) for index in range(number.last, number.last + 5)]
    if any(number.last <= phrase.first <= number.last + 4 for phrase in reading.metrics) and number.value < (
        number.value_high or 0
    ):
        return False
    return not (
        set(follows)
        & {"tasks", "benchmarks", "datasets", "problems", "cases", "metrics", "settings", "languages", "success"}
    ) and not (reading.low(number.first - 1) == "(" and follows[:1] == [")"])


def amount_of_media(reading: Reading, number: Number) -> bool:
    """As in "300 hours of speech", "10-second clips", "for five years", "the training data from 1 to 18 hours"."""
    if number.form == "duration":
        follows = [reading.low(index) for index in range(number.last, number.last + 4)]
        if follows[:1] == ["of"] and not set(follows) & {
            "training",
            "inference",
            "compute",
            "computation",
            "gpu",
            "wall-clock",
            "processing",
        }:
            return True
        is_named = any(phrase.first - number.last in (0, 1) for phrase in reading.metrics)
        if not is_named and any(
            0 <= number.lead - phrase.last <= 4 and phrase.id in COUNTS for phrase in reading.metrics
        ):
            return True
        if _is_of_data(reading, number):
            return True
        if follows[:1] in (["video"], ["audio"], ["speech"], ["clip"], ["clips"], ["long"], ["later"], ["ago"]):
            return True
        is_of_training = any(low.startswith("train") for low in reading.lows[max(0, number.lead - 4) : number.lead])
        return number.unit in ("d",) and not reading.metrics and not is_of_training
    return number.form in ("bare", "cardinal") and noun_after(reading, number.last, 1) == "period"


def _is_of_data(reading: Reading, number: Number) -> bool:
    """As in "datasets, typically less than 1 hour, to 18.5 hours", "audio segments (30 secs to 5 mins)"."""
    for index in range(number.first - 1, max(-1, number.lead - 14), -1):
        low = reading.low(index)
        if reading.is_mark(index, ".;:") or low in group("takes_time"):
            return False
        if low in group("media_noun"):
            return True
    return False


def noun_after(reading: Reading, first: int, reach: int) -> str | None:
    """The reason of the set-up noun that ends the noun phrase that starts at a token; None if another noun does."""
    nouns = setup_nouns()
    found = None
    for index in range(first, min(first + reach, len(reading.tokens))):
        token = reading.tokens[index]
        if token.kind == NUMBER or (token.kind != WORD and token.text != "-"):
            break
        if word_classes(token.low) & STOPS and not (token.low == "of" and index == first):
            break
        is_kind = token.low.startswith(("in-", "out-of-", "cross-"))  # "86.3 in-domain accuracy" counts no domains
        reason = nouns.get(token.low) or (None if is_kind else nouns.get(token.low.rpartition("-")[2]))
        if reason is not None:
            found = reason
        elif found is not None:
            break
    return found


def _compares(reading: Reading, number: Number) -> bool:
    """Whether a comparison follows ("three times faster") or a change leads to it ("by four times")."""
    for index in range(number.last, number.last + 3):
        if reading.cue(index, "comparative", "change_noun") or reading.low(index) in (
            "as",
            "that",
            "speed",
            "compared",
        ):
            return "number" not in (reading.low(index + 1), reading.low(index + 2))
        if reading.is_mark(index):
            break
    if reading.low(number.last) == "the" and "number" not in (reading.low(number.last + 1),):
        return any(number.last <= phrase.first <= number.last + 3 for phrase in reading.metrics)
    for index in range(number.first - 1, max(-1, number.first - 12), -1):
        if reading.cue(index, "change_verb", "beat_verb", "change_noun"):
            return True
        if reading.is_mark(index, ".;"):
            break
    return False
