"""How an outcome is meant: a level, a change, a factor or a count, which way it goes, absolute or relative."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from transforms.reported_metrics.announcements import NOUN_REACH, announced_kind
from transforms.reported_metrics.cues import Cue
from transforms.reported_metrics.evidence import COST_FORMS
from transforms.reported_metrics.function_words import word_classes
from transforms.reported_metrics.kind import Kind
from transforms.reported_metrics.metric_vocabulary import family
from transforms.reported_metrics.numbers import RANGE_OPENERS
from transforms.reported_metrics.tokens import WORD
from transforms.reported_metrics.words import group

if TYPE_CHECKING:
    from transforms.reported_metrics.numbers import Number
    from transforms.reported_metrics.reading import Reading

RELATIVE_FAMILIES: Final = ("efficiency", "cost", "compression", "privacy")
LOWER_IS_PLAIN: Final = frozenset({"perplexity", "error", "wer", "mae", "rmse", "mse", "fid"})


def kinds(reading: Reading, numbers: list[Number], groups: dict[int, int]) -> dict[int, Kind]:
    """The kind of each number of a sentence, by its first token; one without a cue follows the list it stands in."""
    found: dict[int, Kind | None] = {number.first: _own(reading, number) for number in numbers}
    for earlier, later in reversed(list(pairwise(numbers))):
        after = found[later.first]
        is_list = groups[earlier.first] == groups[later.first] and not _is_added(earlier, later)
        if found[earlier.first] is None and after is not None and is_list and _may_be(earlier, after):
            found[earlier.first] = after
    for earlier, later in pairwise(numbers):
        before = found[earlier.first]
        if found[later.first] is not None or before is None or not _may_be(later, before):
            continue
        if _follows(reading, earlier, later, groups):
            found[later.first] = before
    return {number.first: found[number.first] or _default(number) for number in numbers}


def _is_added(earlier: Number, later: Number) -> bool:
    """As in "91.5%, +8.2 points", "an F1 of 0.81, within 3% of X": a value, and what is told along with it."""
    is_signed = later.sign == "+" and not earlier.sign
    return is_signed or (earlier.form == "bare" and earlier.value < 1 and later.form in ("percent", "pp"))


def _may_be(number: Number, kind: Kind) -> bool:
    """Whether a number may be meant as its neighbour is: only a multiple is a factor, only k of n a count."""
    if kind.kind == "count":
        return number.form in ("count", "slash")
    return (number.unit == "x") == (kind.kind == "factor") or kind.rule == "kind.fraction"


def basis(reading: Reading, number: Number, metric: str) -> str | None:
    """Absolute or relative, for a change; None where the text leaves it open."""
    near = {reading.low(index) for index in range(max(0, number.first - 5), number.last + 5)}
    if "relative" in near or "relatively" in near:
        return "relative"
    if "absolute" in near or number.unit != "%":
        return "absolute"
    if abs(number.value) > 100 or family(metric).startswith(RELATIVE_FAMILIES) or metric in LOWER_IS_PLAIN:
        return "relative"
    return None


def _own(reading: Reading, number: Number) -> Kind | None:
    """The kind that the words around the number itself give; None if they give none."""
    if number.form == "count":
        return Kind("count", None, "tasks_won", False, "kind.count")
    if _is_share_of_tasks(reading, number):
        return Kind("level", None, "tasks_won", False, "kind.share_of_tasks")
    if number.form == "slash":
        follows = {reading.low(index) for index in range(number.last, number.last + 5)}
        if reading.low(number.first - 1) == "(" or follows & {
            "tasks",
            "benchmarks",
            "datasets",
            "problems",
            "cases",
            "metrics",
            "settings",
        }:
            return Kind("count", None, "tasks_won", False, "kind.count")
    if number.unit == "x":
        return _factor(reading, number)
    if number.form in ("fraction", "slash"):
        return Kind("factor", "down", "", False, "kind.fraction")
    if number.form == "halving":
        return Kind("change", "down", "", False, "kind.halving")
    if number.form == "ordinal":
        return Kind("level", None, "", False, "kind.rank")
    if (
        number.form == "bare"
        and not number.sign
        and reading.low(number.last) == "/"
        and not reading.number_at(number.last + 1)
    ):
        return Kind("level", None, "", False, "kind.grade")
    if is_difference(reading, number):
        return Kind("change", "down" if number.sign == "-" else "up", "", False, "kind.signed")
    if number.sign == "-" and number.unit is None and _is_bracketed_change(reading, number):
        return Kind("change", "down", "", False, "kind.signed")
    is_amount = number.form in ("memory", "duration", "money")  # a temperature may be below zero
    if number.sign and (number.sign == "+" or number.unit == "%" or is_amount):
        return Kind("change", "up" if number.sign == "+" else "down", "", False, "kind.signed")
    after = _cue_after(reading, number)
    if after is not None:
        return Kind("change", after.direction, after.metric, False, "kind.cue_after")
    return _left(reading, number) or _ahead(reading, number)


def _ahead(reading: Reading, number: Number) -> Kind | None:
    """As in "82% accuracy – 9% above the best baseline", "gains 4 points (7% relative)": so much more than others."""
    if number.form not in ("percent", "pp", "points"):
        return None
    after, further = reading.low(number.last), reading.low(number.last + 1)
    if after == "relative" and (reading.is_mark(number.last + 1, ").,") or further in ("in", "to", "over", "compared")):
        cue = next(filter(None, (reading.cue(place, *_CHANGES) for place in range(number.lead - 1, -1, -1))), None)
        return Kind("change", cue.direction if cue else "up", "", False, "kind.ahead")
    is_other = after in ("over", "above") and reading.low(number.lead - 1) != "of"
    is_span = further.isdigit() or further in group("count_word") or further in ("all", "time")
    is_span = is_span or (after == "over" and further == "the")  # "over 14 wards", "over the test set"
    has_number = reading.number_at(number.last + 1) or reading.number_at(number.last + 2)
    if is_other and not is_span and not has_number:
        return Kind("change", "up", "", True, "kind.ahead")
    return None


_CHANGES: Final = ("change_noun", "change_verb")


def is_difference(reading: Reading, number: Number) -> bool:
    """As in "(delta = +0.8)", "(Δ = -3%)": a symbol that stands for a difference is set to the number."""
    symbol = reading.tokens[number.lead - 2].text if number.lead > 1 else ""
    return symbol in ("delta", "Delta", "Δ") and reading.low(number.lead - 1) == "="


def _is_bracketed_change(reading: Reading, number: Number) -> bool:
    """As in "improves the loss (-0.06, -0.14)": negative values in brackets behind a verb of change."""
    index = number.first - 1
    while reading.low(index) in (",", "and") or reading.number_at(index) is not None:
        index -= 1
    if reading.low(index) != "(":
        return False
    return any(reading.cue(place, "change_verb") for place in range(max(0, index - 12), index))


def _is_share_of_tasks(reading: Reading, number: Number) -> bool:
    """As in "improves over X in 63% of the tasks", "surpasses X on only 18% of tasks"."""
    if number.form != "percent" or reading.low(number.last) != "of":
        return False
    noun = number.last + 1 + (reading.low(number.last + 1) in ("the", "all", "our"))
    opener = number.lead - 1
    while opener > 0 and reading.low(opener) in group("number_filler"):
        opener -= 1
    if reading.low(noun) not in group("won_thing") or reading.low(opener) not in ("in", "on", "for"):
        return False
    before = range(max(0, opener - 8), opener)
    return any(reading.cue(index, "beat_verb", "change_verb", "change_noun") for index in before)


def _left(reading: Reading, number: Number) -> Kind | None:
    """The kind that the words before a number give: "by", "to", "improvement of", "increasing X up to"."""
    index = number.lead - 1
    while index >= 0 and reading.low(index) in group("number_filler"):
        index -= 1
    if number.value_high is not None and reading.low(index) == "from" and reading.low(number.last) == "to":
        return Kind("level", None, "", False, "kind.level_word")
    if number.value_high is not None:
        while reading.low(index) in ("from", "between") or reading.low(index) in RANGE_OPENERS:
            index -= 1
    low = reading.low(index)
    if low.startswith("cost") and number.form in ("pp", "points", "percent"):
        return Kind("change", "down", "", False, "kind.verb")  # "costs 15 points of recall"
    if number.form == "rate" and low != "by":
        return Kind("level", None, "", False, "kind.rate")
    told = announced_kind(reading, number, index)
    if told is not None:
        return told
    if reading.cue(index, "comparative") and any(phrase.first == number.last for phrase in reading.metrics):
        return Kind("level", None, "", False, "kind.level_word")  # "a lower 6.72 perplexity"
    if low == "by" and reading.low(index - 1) in ("preferred", "favored", "favoured", "chosen"):
        return Kind("level", None, "preference_rate", False, "kind.level_word")
    is_narrowed = reading.low(number.last) == "of" or any(
        reading.low(place).startswith(("narrow", "clos")) for place in range(max(0, index - 14), index)
    )
    if low == "to" and reading.low(number.lead) == "within" and is_narrowed:
        return Kind("change", "down", "", False, "kind.within")  # "closes the gap to within 6% of X"
    if low in group("level_word"):
        return Kind("level", None, "", False, "kind.level_word")
    if low == "with":
        return Kind("change", "up", "", True, "kind.beats_with") if _beats_with(reading, number, index) else None
    if low == "by":
        cue, beats = _governor(reading, index)
        if cue is None:
            return None if reading.low(number.last) in ("by",) else Kind("change", "up", "", True, "kind.by")
        return Kind("change", cue.direction, "", beats, "kind.by")
    stays = low.startswith(("remain", "stay", "kept"))
    noun = reading.cue(index - 1, "change_noun") if stays and reading.low(number.lead) == "below" else None
    if noun is not None:
        return Kind("change", noun.direction, noun.metric, False, "kind.noun_of")  # "degradation remaining below 5%"
    if reading.low(number.lead) in ("below", "above"):
        return Kind("level", None, "", False, "kind.level_word")
    is_within = number.comparator == "<=" and reading.low(number.lead) == "within" and reading.low(number.last) == "of"
    if is_within and number.form not in COST_FORMS:
        return Kind("change", "down", "", False, "kind.within")
    return _governed(reading, number, index)


def _governed(reading: Reading, number: Number, index: int) -> Kind | None:
    """The kind that a noun or verb of change some words before a number gives: "gains in X of", "cuts X"."""
    for step in range(NOUN_REACH):
        position = index - step
        if position < 0 or reading.is_mark(position, ".;:,)") or reading.number_at(position):
            break
        noun = None if _is_taken(reading, position) else reading.cue(position, "change_noun")
        is_near = step < 5 or reading.low(position + 1) == "in"
        if noun is not None and is_near and reading.low(number.lead - 1) != "to":
            return Kind("change", noun.direction, noun.metric, False, "kind.noun_of")
        if reading.low(position).startswith("recover") and step == 0 and reading.low(number.last) == "of":
            return Kind("level", None, "", False, "kind.level_word")
        verb = None if _is_in_name(reading, position) else reading.cue(position, "change_verb")
        is_adjective = reading.low(position) == "lower" and _is_any(reading, position - 2, position, ("a", "the", "an"))
        if is_adjective and reading.low(number.lead - 1) == "of":
            return Kind("level", None, "", False, "kind.level_word")  # "a significantly lower error rate of 9%"
        if verb is not None and step <= 3 and not _is_any(reading, position + 1, index + 1, ("to", "with", "from")):
            return Kind("change", verb.direction, "", False, "kind.verb")
        if reading.cue(position, "level_verb") or reading.low(position) in ("to", "with", "from", "below"):
            break
    return (
        Kind("change", "up", "", False, "kind.points")
        if number.form in ("pp", "points") and reading.low(number.lead - 1) != "of"
        else None
    )


def _beats_with(reading: Reading, number: Number, index: int) -> bool:
    """As in "outperforms X with around 10% on average": by so much, where no metric says that it is a value."""
    if number.form not in ("percent", "points", "pp") or any(phrase.first == number.last for phrase in reading.metrics):
        return False
    return any(reading.cue(place, "beat_verb") for place in range(max(0, index - 6), index))


def _is_taken(reading: Reading, position: int) -> bool:
    """Whether a noun of change names a metric together with the word behind it ("win rate"), or is what the number
    before it counts ("2.3x speedup and 19.7 FPS").
    """
    is_counted = any(reading.number_at(place) is not None for place in (position - 1, position - 2))
    return is_counted or _is_in_name(reading, position)


def _is_in_name(reading: Reading, position: int) -> bool:
    return any(phrase.first <= position < phrase.last - 1 for phrase in reading.metrics)


def _factor(reading: Reading, number: Number) -> Kind | None:
    """A multiple: which way it goes is said after it ("2x faster") or by the verb before it ("cuts X by 2x")."""
    if abs(number.value) < 1:
        return Kind("factor", "down", "", False, "kind.factor")
    after = _cue_after(reading, number)
    if after is not None:
        direction = "up" if reading.low(number.last) == "more" else after.direction
        for index in range(number.last, number.last + 6):
            if reading.low(index) in ("savings", "saving"):
                direction = "up"
        implied = after.metric
        if reading.low(number.last) == "larger" and reading.low(number.lead - 1).startswith("model"):
            implied = "model_size"
        return Kind("factor", direction, implied, False, "kind.factor_after")
    cue, beats = _governor(reading, number.lead)
    if cue is None:
        return None
    is_faster = _says_faster(reading, number)
    if is_faster and cue.kind == "change_verb" and cue.direction == "up":
        return Kind("factor", "up", "speedup", beats, "kind.speedup")
    return Kind("factor", cue.direction, "speedup" if is_faster else "", beats, "kind.factor")


def _says_faster(reading: Reading, number: Number) -> bool:
    """As in "speeds up X by 20x", "accelerates X 2 times", with no other number between."""
    for index in range(number.lead - 1, max(-1, number.first - 14), -1):
        if reading.number_at(index) is not None:
            return False
        low = reading.low(index)
        if low.startswith("accelerat") or (low.startswith("speed") and reading.low(index + 1) == "up"):
            return True
    return False


def _cue_after(reading: Reading, number: Number) -> Cue | None:
    """A noun or adjective of change in the noun phrase that the number opens: "5.3 absolute accuracy gain"."""
    for index in range(number.last, min(number.last + 7, len(reading.tokens))):
        token = reading.tokens[index]
        if token.text == "-" or (token.low in ("in", "points") and index == number.last):
            continue
        if token.low == "of" and index == number.last and reading.low(index + 1) in ("relative", "absolute"):
            continue  # "with 6% of relative gains"
        if reading.number_at(index) is not None:
            return None
        if token.kind != WORD:
            return None
        if token.low in ("but", "and", "while", "whereas"):
            return None
        cue = reading.cue(index, "change_noun", "comparative")
        if cue is not None and cue.kind == "change_noun" and _is_in_name(reading, index):
            continue
        if token.low in ("edge", "win") and not _ends_phrase(reading, index + 1):
            continue  # "88% edge accuracy", "a 57% win probability"
        if cue is not None:
            if cue.metric == "model_size" and reading.low(index + 1) in ("gap", "error", "errors"):
                return Cue(cue.kind, cue.direction, "")
            return cue
        if token.low in group("phrase_end"):
            return None
        if (
            reading.cue(index, "level_verb", "change_verb")
            and token.low.endswith(("es", "ed", "ing", "s"))
            and token.low not in ("solves",)
        ):
            return None
    return None


def _ends_phrase(reading: Reading, index: int) -> bool:
    return reading.is_mark(index) or bool(word_classes(reading.low(index)))


def _governor(reading: Reading, index: int) -> tuple[Cue | None, bool]:
    """The verb or noun of change to which "by 5%" belongs, and whether it says that one system beats another."""
    for position in range(index - 1, max(-1, index - 30), -1):
        if reading.is_mark(position, ";."):
            break
        beats = reading.cue(position, "beat_verb")
        if beats is not None:
            return beats, True
        cue = reading.cue(position, "change_verb", "change_noun")
        if cue is not None and not (
            reading.low(position).endswith("ed") and reading.low(position - 1) in ("the", "an", "a")
        ):
            return cue, False
        comparative = reading.cue(position, "comparative")
        if comparative is not None and index - position <= 2:
            return comparative, False
    return None, False


def _follows(reading: Reading, earlier: Number, later: Number, groups: dict[int, int]) -> bool:
    """Whether a number without a cue of its own goes on with the list of the one before it."""
    if groups[earlier.first] == groups[later.first]:
        return True
    if (earlier.unit or "points") != (later.unit or "points") and later.unit is not None:
        return False
    starts = {phrase.first for phrase in reading.metrics}
    if later.last in starts and earlier.last not in starts:
        return False  # "a 7% gain and a 93% success rate"
    if reading.low(earlier.lead - 1) == reading.low(later.lead - 1) == "(" and reading.low(earlier.last) == ")":
        return later.lead - earlier.last <= 10 and reading.low(earlier.last + 1) in ("and", ",")
    between = reading.outside_brackets(earlier.last, later.lead)
    if later.comparator == "<=" and len(between) <= 14 and reading.low(later.lead - 1) == "(":
        return True
    if len(between) > 10 or not {reading.low(index) for index in between} & {"and", ",", "or"}:
        return False
    return not any(
        reading.cue(index, "beat_verb") or reading.is_mark(index, ".;()") or reading.low(index) in group("clause_word")
        for index in between
    )


def _default(number: Number) -> Kind:
    if number.form in ("pp", "points"):
        return Kind("change", "up", "", False, "kind.points")
    if number.unit == "x":
        return Kind("factor", "up", "", False, "kind.factor")
    return Kind("level", None, "", False, "kind.default")


def _is_any(reading: Reading, first: int, last: int, words: tuple[str, ...]) -> bool:
    return any(reading.low(index) in words for index in range(first, last))
