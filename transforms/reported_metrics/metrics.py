"""Which metric a number is of: among the names in its sentence, the one that belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from transforms.reported_metrics.function_words import word_classes
from transforms.reported_metrics.implied_metrics import (
    Metric,
    changed_quantity,
    compared_quantity,
    is_change_of_object,
    is_share_of_their_data,
    joint_quantity,
    listed_quantity,
    moved_quantity,
    rate,
    reduced_quantity,
    saved,
)
from transforms.reported_metrics.lexicon import Phrase
from transforms.reported_metrics.metric_distance import REACH, distance
from transforms.reported_metrics.metric_vocabulary import COUNTS, PERFORMANCE, UNLISTED, is_cost
from transforms.reported_metrics.tokens import NUMBER
from transforms.reported_metrics.words import group

if TYPE_CHECKING:
    from transforms.reported_metrics.numbers import Number
    from transforms.reported_metrics.reading import Reading

REACH_AFTER: Final = 9.0
"""The same for a metric named after the number: what follows later belongs to another number or clause."""

NEAR: Final = 8.0
"""Cost up to which a metric is named beside the number, not carried over from another."""

UNLISTED_REACH: Final = 4.0
"""The same for noun phrases outside the vocabulary, which name a metric only next to a number."""


def bind(
    reading: Reading, number: Number, groups: dict[int, int], *, is_quality: bool, is_change: bool, implied: str
) -> list[Metric]:
    """The metrics of a number, nearest first; two only if the sentence names two of them together.

    ``groups`` numbers the lists that numbers stand in (by first token); ``is_quality`` leaves costs out;
    ``is_change`` says that the number is no level: a level that is a share of parameters is of the trainable ones;
    ``implied`` is the metric that the number's cue names by itself ("faster"), if any.
    """
    ranked = sorted(
        (distance(reading, number, phrase, groups), phrase)
        for phrase in reading.metrics
        if _fits(reading, number, phrase, is_quality=is_quality, is_of_multiple=_is_of_multiple(reading, phrase))
        and not _is_part(reading, phrase)
    )
    told = _told(reading, number)
    if told is not None:
        return [told]
    counted = _counted(reading, number)
    if counted is not None:
        return [_metric(reading, counted, 0.0)]
    if groups[number.first] in {groups[other.first] for other in reading.numbers if other is not number}:
        shared = _respectively(reading, number, groups)
        if shared is not None:
            return [_metric(reading, shared, 0.0).by("metric.respectively")]
    moved = joint_quantity(reading, number) or moved_quantity(reading, number)
    if moved is not None:
        return [moved]
    counted_rate = rate(reading, number) if not is_change else None
    if counted_rate is not None and (not ranked or _is_weaker(ranked[0], number, counted_rate)):
        return [counted_rate]
    best = next((item for item in ranked if item[0] <= _reach(item[1], number)), None)
    if implied and (best is None or best[0] > 3.0 or best[1].id == PERFORMANCE):
        return [Metric(implied, None, "metric.cue")]
    is_doubtful = best is None or best[0] > NEAR or _is_of_another_change(reading, number, best[1])
    is_told = _is_told_behind(reading, number)
    behind = best[1].last if best is not None and best[1].last <= number.first else None
    is_object = behind is not None and is_change_of_object(reading, number, behind)
    changed = changed_quantity(reading, number) if is_doubtful or is_told or is_object else None
    if is_doubtful and is_change and changed is None:
        changed = compared_quantity(reading, number)
    if changed is not None:
        return [changed]
    if is_told and best is not None and best[0] > NEAR and best[1].first < number.first:
        return [Metric(PERFORMANCE, None, "metric.unnamed")]  # "… in A, B and C, with 18% improvement in code tasks"
    if best is None or (best[0] > NEAR and not is_change and is_cost(best[1].id) and number.form == "percent"):
        return [Metric(PERFORMANCE, None, "metric.unnamed")]
    cost, phrase = best
    if "/" in phrase.id:
        return [_metric(reading, _of_pair(reading, number, phrase, groups), cost).by("metric.respectively")]
    phrase = _as_meant(reading, number, phrase, is_change=is_change)
    found = [_metric(reading, phrase, cost)]
    partner = _partner(reading, number, phrase, groups)
    if partner is not None:
        found.insert(0, _metric(reading, partner, cost).by("metric.shared"))
    return found


def _told(reading: Reading, number: Number) -> Metric | None:
    """The metric that the words right beside a number tell by themselves, whatever is named elsewhere."""
    if is_share_of_their_data(reading, number):
        return Metric("training_data", None, "metric.cue")
    if number.form == "percent" and reading.low(number.last) == "of":
        of_what = reading.lows[number.last + 1 : number.last + 4]
        if "variance" in of_what[:1] or (of_what[:1] in (["the"], ["total"]) and "variance" in of_what):
            return Metric("r2", "variance", "metric.rate")  # "explain 55% of the variance"
    return saved(reading, number) or reduced_quantity(reading, number) or listed_quantity(reading, number)


def _of_pair(reading: Reading, number: Number, phrase: Phrase, groups: dict[int, int]) -> Phrase:
    """The one of the names between slashes whose place is that of the number: "PSNR/SSIM of 26.2/0.96"."""
    ids = phrase.id.split("/")
    place, first = 0, number.lead
    while reading.low(first - 1) == "/":
        earlier = reading.number_at(first - 2)
        if earlier is None:
            break
        place, first = place + 1, earlier.lead
    if first == number.lead and reading.low(number.last) != "/":
        listed = [other.first for other in reading.numbers if groups[other.first] == groups[number.first]]
        place = listed.index(number.first) if len(listed) == len(ids) else 0
    return Phrase(phrase.first, phrase.last, ids[min(place, len(ids) - 1)])


def _is_told_behind(reading: Reading, number: Number) -> bool:
    """As in "a 6x improvement in recollection and a footprint of 6%": what is behind "in" is what improved."""
    cue = reading.cue(number.last, "change_noun")
    if cue is None or cue.metric or reading.low(number.last + 1) != "in" or reading.low(number.last + 2) == "terms":
        return False
    last = number.last + 2
    while not reading.is_mark(last) and not word_classes(reading.low(last)):
        last += 1
    return not any(number.last + 1 < phrase.first < last for phrase in reading.metrics)


def _is_weaker(item: tuple[float, Phrase], number: Number, counted_rate: Metric) -> bool:
    """Whether a name says less of a number than the verb before it: "refusing 13% of the violations"."""
    cost, phrase = item
    is_what_recovered = counted_rate.id == "recovery_rate" and not phrase.id.startswith(UNLISTED)  # "88% of accuracy"
    is_counted = phrase.first > number.last and not is_what_recovered
    return is_counted or cost > 3.0 or phrase.id == PERFORMANCE


def _as_meant(reading: Reading, number: Number, phrase: Phrase, *, is_change: bool) -> Phrase:
    """A name with the id that it has beside such a number.

    As in "2x convergence speed", a speed-up; "a 10-20% accuracy gap", of accuracy; "3.6% of the parameters", those
    that are trained.
    """
    if phrase.id.endswith("_speed") and number.unit == "x":
        return Phrase(phrase.first, phrase.last, "speedup")
    if phrase.id == "accuracy_gap" and phrase.first < number.last + 2 and number.form != "bare":
        return Phrase(phrase.first, phrase.last, "accuracy")
    is_share = phrase.id == "model_size" and number.unit == "%" and not is_change
    if is_share and reading.low(phrase.last - 1).startswith("param"):
        return Phrase(phrase.first, phrase.last, "trainable_parameters")
    return phrase


def _counted(reading: Reading, number: Number) -> Phrase | None:
    """As in "128 tokens (50% fewer than others)": what was counted right before."""
    follows = (reading.low(number.last), reading.low(number.last + 1))
    if follows not in (("fewer", "than"), ("less", "than"), ("more", "than")):
        return None
    opener = number.lead - 1
    if not reading.is_mark(opener, "(,"):
        return None
    return next((phrase for phrase in reading.metrics if phrase.last == opener and phrase.id in COUNTS), None)


def _is_of_another_change(reading: Reading, number: Number, phrase: Phrase) -> bool:
    """As in "cuts X by 70% with little WER increase", "cuts X by 69% and Y by 34%": the name behind is not of 70%."""
    opener = reading.low(number.last)
    return phrase.first > number.last and opener in ("with", "and", ",") and reading.low(number.lead - 1) == "by"


def _fits(reading: Reading, number: Number, phrase: Phrase, *, is_quality: bool, is_of_multiple: bool) -> bool:
    """Whether a metric can have such a number: a duration is no accuracy, and no cost says that a system is better."""
    cheap = is_cost(phrase.id)
    if number.form == "rate":
        return phrase.id != "speedup"
    if phrase.id == "speedup" and number.form in ("duration", "memory", "money"):
        return False
    if phrase.id == "effect_size" and not 0 <= number.lead - phrase.last <= 2:
        return False  # "better by 12% (d = 0.96)": of no other number
    if phrase.id == "cost" and number.form in ("pp", "points", "percent") and 0 <= number.lead - phrase.last <= 1:
        return reading.low(phrase.last) == "by"  # "costs only 10.6pp of accuracy"
    if phrase.id == "speedup" and number.unit != "x" and is_of_multiple:
        return False
    if number.form == "bare" and phrase.id in ("training_data", "training_time", "inference_time", "memory"):
        return False  # what is told in samples, hours or bytes
    if number.form == "duration" and phrase.id in ("computational_cost", "compute", "computation", "flops", "memory"):
        return False
    if number.form in ("duration", "memory", "money", "compute", "energy"):
        is_error = phrase.id in ("mae", "rmse", "mse", "error")
        is_named = phrase.id.startswith(UNLISTED) or phrase.id.endswith(("_time", "_cost", "_error", "latency"))
        return cheap or is_named or is_error
    is_beside = number.last <= phrase.first <= number.last + 1
    return not (is_quality and cheap and not is_beside)


def _is_of_multiple(reading: Reading, phrase: Phrase) -> bool:
    """As in "a 3× speed-up with just a 2% drop": the speed-up is of the multiple before it."""
    before = reading.number_at(phrase.first - 1)
    return before is not None and before.unit == "x"


def _is_part(reading: Reading, phrase: Phrase) -> bool:
    """Whether a name is no metric here: the size of a model ("a 3 billion parameter model"), the data that something
    was measured on ("gains on in-domain data"), or what another metric is of ("accuracy of linear probing").
    """
    before = reading.tokens[phrase.first - 1] if phrase.first else None
    if before is None:
        return False
    if (
        before.text == "-"
        and phrase.first > 1
        and reading.tokens[phrase.first - 2].kind == NUMBER
        and phrase.id == "nfe"
    ):
        return True
    nearby = reading.lows[max(0, phrase.first - 3) : phrase.first]
    if is_cost(phrase.id) and {"same", "identical", "matched", "equal", "fixed"} & set(nearby):
        return True  # "trained on identical data and compute"
    is_count = before.kind == NUMBER or before.text[0].isdigit() or before.low in group("magnitude")
    if phrase.id in COUNTS and is_count and reading.number_at(phrase.first - 1) is None:
        return True
    is_alone = reading.low(phrase.first - 2) == "(" and reading.low(phrase.last) == ")"
    if is_alone and is_count and reading.number_at(phrase.first - 1) is None:
        return True  # "(128k context length)"
    if phrase.id in COUNTS and reading.low(phrase.last) in group("method_noun"):
        return True  # "methods with parameter pruning"
    if phrase.id in COUNTS or phrase.id.startswith(UNLISTED):
        opener = phrase.first - 1
        while {"modifier", "determiner"} & word_classes(reading.low(opener)):
            opener -= 1
        if reading.low(opener) in ("on", "across", "under"):
            return True
    return before.low == "of" and any(other.last == phrase.first - 1 for other in reading.metrics)


def is_quality(metric: str) -> bool:
    """Whether a metric says how well, and not how cheaply."""
    return not is_cost(metric)


def _reach(phrase: Phrase, number: Number) -> float:
    if phrase.id.startswith(UNLISTED):
        return UNLISTED_REACH
    return REACH_AFTER if phrase.first >= number.last else REACH


def _respectively(reading: Reading, number: Number, groups: dict[int, int]) -> Phrase | None:
    """As many metrics in a list as numbers in one: "gains of 3.1% and 2.2% in precision and recall"."""
    listed = [other for other in reading.numbers if groups[other.first] == groups[number.first]]
    if reading.low(listed[0].last) in ("to", "→"):
        return None  # from one value to another, and not one for each name
    names: list[Phrase] = []
    for phrase in reading.metrics:
        if "/" in phrase.id:
            return None  # names between slashes have an order of their own
        if names and [reading.low(index) for index in range(names[-1].last, phrase.first)] in (
            [","],
            ["and"],
            [",", "and"],
        ):
            names.append(phrase)
        elif len(names) == len(listed):
            break
        else:
            names = [phrase]
    if len(names) != len(listed) or len({name.id for name in names}) == 1:
        return None
    between = range(listed[-1].last, names[0].first) or range(names[-1].last, listed[0].first)
    if any(phrase.first in between for phrase in reading.metrics):
        return None  # "+9.9/+11.8 gains in recall, while cutting X and Y"
    gap = names[0].first - listed[-1].last if names[0].first >= listed[-1].last else listed[0].first - names[-1].last
    return names[listed.index(number)] if 0 <= gap <= 9 else None


def _metric(reading: Reading, phrase: Phrase, cost: float) -> Metric:
    text = reading.slice(_with_modifiers(reading, phrase.first), phrase.last)
    if phrase.id.startswith(UNLISTED):
        return Metric(phrase.id.removeprefix(UNLISTED), text, "metric.head")
    return Metric(phrase.id, text, "metric.near" if cost <= NEAR else "metric.carried")


def _partner(reading: Reading, number: Number, phrase: Phrase, groups: dict[int, int]) -> Phrase | None:
    """A second metric joined to the first by "and", when the number stands alone: "precision and recall of 0.8"."""
    if any(
        other.first != number.first and groups.get(other.first) == groups.get(number.first) for other in reading.numbers
    ):
        return None
    if phrase.last > number.first or phrase.id == PERFORMANCE:
        return None
    gap = [reading.low(index) for index in range(phrase.last, min(number.lead, number.first))]
    if gap and gap not in (
        ["of"],
        ["of", "~"],
        ["both"],
        ["above"],
        ["of", "both"],
        ["scores", "of"],
        ["values", "of"],
    ):
        return None
    for other in reading.metrics:
        if other.id.startswith(UNLISTED) or "/" in other.id or other.id in (PERFORMANCE, phrase.id):
            continue
        joint = reading.lows[other.last : phrase.first]
        if joint in (["and"], ["&"], ["and", "a"], ["and", "an"]) and not _has_own_number(reading, other):
            return other
    return None


def _has_own_number(reading: Reading, phrase: Phrase) -> bool:
    """As in "96% test accuracy and an F1 of 0.9": a number of its own before a name."""
    for index in range(phrase.first - 1, phrase.first - 5, -1):
        if reading.is_mark(index) or reading.low(index) == "and":
            return False
        if reading.number_at(index) is not None:
            return True
    return False


def _with_modifiers(reading: Reading, first: int) -> int:
    while (
        first > 0
        and "modifier" in word_classes(reading.low(first - 1))
        and reading.low(first - 1)
        in (
            "average",
            "mean",
            "overall",
            "averaged",
            "median",
            "total",
            "avg",
        )
    ):
        first -= 1
    return first
