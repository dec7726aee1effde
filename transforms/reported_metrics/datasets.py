"""Which of the datasets that a sentence names a number was measured on."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from transforms.reported_metrics.dataset_names import JOINTS, NOUNS, OPENERS, SKIPPED
from transforms.reported_metrics.dataset_places import (
    has_counted_place,
    has_place,
    is_beaten,
    is_beside_number,
    is_opened,
    is_qualifier,
    opens_number,
    opens_sentence,
)
from transforms.reported_metrics.dataset_words import COINED
from transforms.reported_metrics.implied_metrics import is_listed_in
from transforms.reported_metrics.tokens import NUMBER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transforms.reported_metrics.lexicon import Phrase
    from transforms.reported_metrics.numbers import Number
    from transforms.reported_metrics.reading import Reading


AFTER_REACH: Final = 25
"""Tokens behind a number within which the name of its dataset stands."""


class Dataset:
    """The dataset of a number: as written, its canonical id if it is known, and the rule that found it."""

    __slots__ = ("id", "rule", "text")

    def __init__(self, text: str, id: str | None, rule: str) -> None:  # noqa: A002
        self.text = text
        self.id = id
        self.rule = rule

    def by(self, rule: str) -> Dataset:
        """The same dataset, found by another rule."""
        return Dataset(self.text, self.id, rule)


def bind(reading: Reading, numbers: Sequence[Number], groups: dict[int, int]) -> dict[int, Dataset]:
    """The dataset of each number of a sentence, by the number's first token; numbers without one are left out."""
    bound: dict[int, Dataset] = {}
    for number in numbers:
        dataset = _respectively(reading, number, numbers, groups) or _after(reading, number)
        if dataset is not None:
            bound[number.first] = dataset
    led = {number.first: _is_led(reading, number) for number in numbers}
    for earlier, later in pairwise(numbers):
        if earlier.first in bound:
            led[later.first] = False  # the name between them is taken
        elif led[earlier.first] and later.first not in bound:
            led[later.first] = True
    for earlier, later in reversed(list(pairwise(numbers))):
        if led[earlier.first] or has_counted_place(reading, earlier):
            continue
        if earlier.first not in bound and later.first in bound and _leads_to(reading, earlier, later, groups):
            bound[earlier.first] = bound[later.first].by("dataset.shared")
    for number in numbers:
        dataset = None if number.first in bound else _before(reading, number, groups)
        if dataset is not None:
            bound[number.first] = dataset
    for place, later in enumerate(numbers[1:], 1):
        earlier = numbers[place - 1]
        if (
            place > 1
            and reading.low(earlier.lead - 1) == "("
            and reading.lows[earlier.last : later.lead] == [")", "by"]
        ):
            earlier = numbers[place - 2]  # "29% on X, outperforming Y (20%) by 9%"
        if later.first not in bound and earlier.first in bound and _continues(reading, earlier, later):
            bound[later.first] = bound[earlier.first].by("dataset.carried")
    _repeat(reading, numbers, groups, bound)
    return bound


def _repeat(reading: Reading, numbers: Sequence[Number], groups: dict[int, int], bound: dict[int, Dataset]) -> None:
    """As in "by 22% (A) and 10% (B), and outperforms Z by 5% and 2%, respectively": the same places again, in order."""
    lists: dict[int, list[Number]] = {}
    for number in numbers:
        lists.setdefault(groups.get(number.first, number.first), []).append(number)
    for listed in lists.values():
        count = len(listed)
        before = [other for other in numbers if other.last <= listed[0].first][-count:]
        places = [bound[other.first] for other in before if other.first in bound and bound[other.first].rule in _OWN]
        follows = reading.lows[listed[-1].last : listed[-1].last + 2]
        if count > 1 and len({place.text for place in places}) == count and "respectively" in follows:
            for number, place in zip(listed, places, strict=True):
                bound[number.first] = place.by("dataset.respectively")


_OWN: Final = ("dataset.after", "dataset.respectively")


_MEASURING: Final = ("evaluat", "experiment", "test", "benchmark", "result", "assess", "validat", "conduct")
_COMPARING: Final = ("verif", "compar", "improv", "outperform", "surpass", "match", "demonstrat")
"""Begin words of sentences that say on what something was measured, if the names are surely those of datasets."""


def is_beside(reading: Reading, number: Number, bound: dict[int, Dataset]) -> bool:
    """Whether a cost is only told along with what was measured on a dataset: "59% on X, while being 10× faster"."""
    dataset = bound[number.first]
    if dataset.rule not in ("dataset.before", "dataset.carried"):
        return False
    places = {other.text for other in bound.values() if other.rule == "dataset.after"}
    if len(places) > 1:
        return True
    if number.unit != "x" and number.form != "fraction":
        return False
    if dataset.text in places:
        return True
    return bool({"while", "with"} & set(reading.lows[max(0, number.lead - 10) : number.lead]))


def setting(reading: Reading) -> list[str]:
    """The datasets on which a sentence without results says that something was measured, in one list; empty if it
    speaks of no measurement.
    """
    is_measured = any(low.startswith(_MEASURING) for low in reading.lows)
    if not is_measured and not any(low.startswith(_COMPARING) for low in reading.lows):
        return []
    lists = [
        names
        for names in _lists(reading)
        if (is_opened(reading, names[0]) or (names[0].id and reading.low(names[0].first - 1) == "using"))
        and (is_measured or names[0].id or COINED.search(reading.slice(names[0].first, names[0].last)))
    ]
    return [reading.slice(name.first, name.last) for name in lists[-1]] if lists else []


def _is_led(reading: Reading, number: Number) -> bool:
    """As in "on X with an accuracy of 81": a name close before a number, so that no later name is the number's."""
    for index in range(number.first - 1, max(-1, number.first - 12), -1):
        is_verb = reading.cue(index, "level_verb", "change_verb") and not reading.low(index).endswith("ion")
        if reading.is_mark(index) or reading.number_at(index) or is_verb:
            return False
        phrase = reading.dataset_up_to(index + 1)
        if phrase is not None:
            return is_opened(reading, phrase)
    return False


def _after(reading: Reading, number: Number) -> Dataset | None:
    """As in "85.1% accuracy on X", up to the next number or the end of the clause."""
    openers, index = 0, number.last - 1
    last = min(len(reading.tokens), number.last + AFTER_REACH)
    while (index := index + 1) < last:
        if reading.tokens[index].kind == NUMBER and reading.number_at(index) is not None:
            return None
        low = reading.low(index)
        if low == "," and reading.low(index + 1) == "respectively":
            index += 2 - (reading.low(index + 2) != ",")
            continue
        is_over = low == ")" and reading.low(index + 1) in ("over", "across")  # "gains (…) over X on Y"
        if low in (";", ":", "while", "whereas", "but") or (
            low in (",", ")") and reading.low(index + 1) not in ("on", "in") and not is_over
        ):
            return None
        is_next_verb = low == "and" and reading.cue(index + 1, "beat_verb") is not None
        if is_next_verb and not reading.cue(index + 1, "change_noun"):
            return None  # "6.76 on held-out text and outperforms the base on X"
        openers += low in OPENERS or (low == "of" and index == number.last and number.form == "percent")
        phrase = reading.dataset_from(index)
        if phrase is not None and opens_number(reading, phrase) and _is_next_item(reading, number, phrase, openers):
            return None
        if phrase is not None and index == number.last + 1 and not phrase.id and is_listed_in(reading, number):
            return None
        is_place = phrase is not None and reading.low(index - 1) not in ("than", "with", "by")
        is_place = is_place and reading.lows[index - 3 : index] != ["than", "that", "of"]
        if phrase is not None and is_place and (openers or phrase.id or index == number.last):
            return _dataset(reading, phrase, "dataset.after", join=True)
        if low == "(":
            close = _close(reading, index)
            alone = reading.dataset_from(index + 1) if index == number.last else None
            if alone is not None and alone.last == close:
                return _dataset(reading, alone, "dataset.after", join=False)  # "by 22% (X) and 10% (Y)"
            placed = _placed_in_brackets(reading, index, close)
            if placed is not None:
                return _dataset(reading, placed, "dataset.after", join=True)
            if reading.dataset_from(index + 1) is None:
                index = close
    return None


def _is_next_item(reading: Reading, number: Number, phrase: Phrase, openers: int) -> bool:
    """Whether a name that leads to the next number begins another item: "8.31 and win rates in B from 33% to 52%"."""
    return not openers or "and" in reading.lows[number.last : phrase.first]


def _close(reading: Reading, opening: int) -> int:
    """The place of the bracket that closes one; the end of the sentence if none does."""
    depth = 0
    for index in range(opening, len(reading.tokens)):
        depth += (reading.low(index) == "(") - (reading.low(index) == ")")
        if depth == 0:
            return index
    return len(reading.tokens)


def _placed_in_brackets(reading: Reading, opening: int, close: int) -> Phrase | None:
    """As in "18% on editing tasks (Tern on X)": in the brackets a system, and what it was measured on."""
    for index in range(opening + 2, close):
        phrase = reading.dataset_from(index)
        if phrase is not None and reading.low(index - 1) == "on":
            return phrase
    return None


def _before(reading: Reading, number: Number, groups: dict[int, int]) -> Dataset | None:
    """As in "On X, … 85.1%" and "X (accuracy: 85.1%)": the nearest name before it, in the same clause."""
    crossed, depth = False, 0
    placed = has_place(reading, number)
    for index in range(number.first - 1, -1, -1):
        low = reading.low(index)
        if low == ";":
            return None
        depth += (low == ")") - (low == "(")
        other = reading.number_at(index)
        if other is not None and groups.get(other.first) != groups.get(number.first) and depth >= 0:
            crossed = True
        phrase = reading.dataset_up_to(index + 1)
        if phrase is None or (depth > 0 and is_beside_number(reading, phrase)):
            continue
        if depth < 0 and reading.low(index + 1) == "(" and not is_beaten(reading, phrase.first):
            return _dataset(reading, phrase, "dataset.bracket", join=False)
        opened = is_opened(reading, phrase) or (not crossed and opens_number(reading, phrase))
        if not crossed and not placed and (opened or is_qualifier(reading, phrase)):
            rule = "dataset.opening" if opens_sentence(reading, phrase) else "dataset.before"
            return _dataset(reading, phrase, rule, join=True)
        if opened and opens_sentence(reading, phrase):
            return _dataset(reading, phrase, "dataset.opening", join=True)
    return None


def _respectively(
    reading: Reading, number: Number, numbers: Sequence[Number], groups: dict[int, int]
) -> Dataset | None:
    """As many names as numbers, each in a list: "81.2, 79.5 and 90.3 on A, B and C" are assigned in order."""
    listed = [other for other in numbers if groups.get(other.first) == groups.get(number.first)]
    if len(listed) < 2:
        return None
    place = listed.index(number)
    for names in _lists(reading):
        between = reading.outside_brackets(listed[-1].last, max(listed[-1].last, names[0].first))
        if len(names) == len(listed) and (
            listed[-1].last <= names[0].first
            and len(between) < 14
            and not any(other.first in between for other in numbers)
        ):
            return _dataset(reading, names[place], "dataset.respectively", join=False)
        if (
            len(names) == len(listed)
            and names[-1].last <= listed[0].first
            and (
                "respectively" in reading.text[listed[-1].end :]
                or reading.lows[names[-1].last : listed[0].lead] == ["by"]
            )
        ):
            return _dataset(reading, names[place], "dataset.respectively", join=False)
    return None


def _lists(reading: Reading) -> list[list[Phrase]]:
    """Datasets that stand in one list, joined by commas or "and"."""
    found: list[list[Phrase]] = []
    for phrase in reading.datasets:
        if found and _is_joint(reading, found[-1][-1].last, phrase.first):
            found[-1].append(phrase)
        else:
            found.append([phrase])
    return found


def _is_joint(reading: Reading, first: int, last: int) -> bool:
    between = [reading.low(index) for index in range(first, last)]
    return (
        0 < len(between) <= 4
        and (between[0] in JOINTS or between[0] in NOUNS)
        and all(word in JOINTS or word in SKIPPED or word in NOUNS or word in ("on", "in", "for") for word in between)
    )


def _dataset(reading: Reading, phrase: Phrase, rule: str, *, join: bool) -> Dataset | None:
    """The name verbatim; a list of names for one number is taken as a whole, and "Long Name (LN)" by its long form.

    None where the names are those of counted benchmarks, over which the number is an average.
    """
    if reading.low(phrase.first - 1) == "(":
        phrase = reading.dataset_up_to(phrase.first - 1) or phrase
    if join:
        for names in _lists(reading):
            if phrase in names and len(names) > 1 and _is_of_counted(reading, names):
                return None
            if phrase in names and len(names) > 1 and _is_closed(reading, names):
                return Dataset(reading.slice(names[0].first, names[-1].last), None, rule)
    text = reading.slice(phrase.first, phrase.last)
    return Dataset(text.removesuffix("'s").removesuffix("’s"), phrase.id or None, rule)


def _is_of_counted(reading: Reading, names: list[Phrase]) -> bool:
    """As in "an average gain across five benchmarks (A, B and C)": the place is all of them together."""
    is_open = len(names) > 2 and not _is_closed(reading, names)
    if not is_open and not any(low.startswith("averag") for low in reading.lows):
        return False
    opening = names[0].first - 1
    return reading.low(opening) == "(" and reading.low(names[-1].last) == ")" and reading.low(opening - 1) in NOUNS


def _is_closed(reading: Reading, names: list[Phrase]) -> bool:
    """Whether a list ends in "and" or two names fill brackets: "A, B and C", "(A, B)"; "On A, B beats C" is no list."""
    if len(names) == 2 and reading.low(names[0].first - 1) == "(" and reading.low(names[-1].last) == ")":
        return True
    return bool({reading.low(index) for index in range(names[-2].last, names[-1].first)} & {"and", "&", "or"})


def _continues(reading: Reading, earlier: Number, later: Number) -> bool:
    """Whether a number goes on with what the one before it said: nothing between them opens a new clause."""
    between = [reading.low(index) for index in range(earlier.last, later.first)]
    if between.count(")") > between.count("("):
        return False  # what was said in brackets stays there
    ends = [index for index, low in enumerate(between) if low == ";" or (low == "." and between[index - 1] != "vs")]
    reach = 26 if between[-1:] == ["by"] and ")" in between[-2:] else 16  # "(20%) by"
    return len(between) < reach and not ends and not has_place(reading, later)


def _leads_to(reading: Reading, earlier: Number, later: Number, groups: dict[int, int]) -> bool:
    if groups.get(earlier.first) == groups.get(later.first):
        return True
    if reading.lows[earlier.last : later.lead] == ["("]:
        return True  # "88.3 (88.7 with majority vote) on X"
    if _is_listed_with(reading, earlier, later):
        return True
    between = [reading.low(index) for index in reading.outside_brackets(earlier.last, later.first)]
    joined = {"and", "/", "to", "→", "from", "with", "at", "vs", "vs.", "versus", "against"} & set(between)
    if reading.low(earlier.lead - 1) == "(" and between[:1] == [")"]:
        del between[0]  # "accuracy (81%) and recall (79%) on X"
    is_other = earlier.unit != later.unit and "x" in (earlier.unit, later.unit)
    if is_other and any(reading.cue(index, "level_verb", "change_verb") for index in range(earlier.last, later.lead)):
        return False  # "1.3x faster training, and achieves a 19% gain on X"
    joined |= {low for before, low in pairwise(between) if before == "," and low.endswith("ing")}
    if "in" in between and {"real-world", "simulation", "simulated"} & set(between):
        return False  # "27% in real-world settings and 12% on X"
    return len(between) < 10 and bool(joined) and not {";", ".", ")", "on"} & set(between)


def _is_listed_with(reading: Reading, earlier: Number, later: Number) -> bool:
    """As in "PSNR 35.4, SSIM 0.94 on X": only the names of metrics and what lists them between two numbers."""
    named = {index for phrase in reading.metrics for index in range(phrase.first, phrase.last)}
    places = range(earlier.last, later.lead)
    return len(named.intersection(places)) > 0 and all(
        index in named or reading.low(index) in (",", "and", "of", "=", ":", "an", "a") for index in places
    )
