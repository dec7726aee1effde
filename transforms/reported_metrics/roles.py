"""Whose number it is: a result or a baseline, the system that reached it, what it is compared with, the task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from transforms.reported_metrics.cues import cues_of
from transforms.reported_metrics.function_words import word_classes
from transforms.reported_metrics.tokens import WORD
from transforms.reported_metrics.words import group

if TYPE_CHECKING:
    from transforms.reported_metrics.numbers import Number
    from transforms.reported_metrics.reading import Reading


_VERSUS: Final = ("vs", "vs.", "versus", "→", "against")


def role(reading: Reading, number: Number, kind: str, numbers: list[Number]) -> tuple[str, str]:
    """Result or baseline, and the rule that says so."""
    place = last = numbers.index(number)
    while place and _are_slashed(reading, numbers[place - 1], numbers[place]):
        place -= 1  # "from 61/48 to 70/55": what is said of the first value is said of all
    while last + 1 < len(numbers) and _are_slashed(reading, numbers[last], numbers[last + 1]):
        last += 1
    number = numbers[place]
    if kind == "level":
        found = _role_of_value(reading, numbers, place, last)
    else:
        is_other = _is_bracketed_other(reading, number, kind) and reading.low(numbers[last].last) not in _VERSUS
        found = ("baseline", "role.compared") if is_other else None
    if found is not None:
        return found
    if _clause_is_about_others(reading, number) and not (kind != "level" and _beats(reading, number)):
        return "baseline", "role.others"
    return "result", "role.default"


def _role_of_value(reading: Reading, numbers: list[Number], place: int, last: int) -> tuple[str, str] | None:
    """The role of the values between slashes from one place to another, or of a single one, by what stands beside."""
    number, before = numbers[place], _words_before(reading, numbers[place])
    earlier = numbers[place - 1] if place else None
    later = numbers[last + 1] if last + 1 < len(numbers) else None
    if later is not None and _is_from_to(reading, number, numbers[last], later):
        is_finding = _falls(reading, number) or _is_along(reading, later)
        return ("result", "role.falls") if is_finding else ("baseline", "role.from")
    is_versus = reading.low(numbers[last].last) in _VERSUS
    is_other = _is_bracketed_other(reading, number, "level") and not is_versus
    if is_other or _is_compared(before) or _is_of_compared(reading, number):
        return "baseline", "role.compared"
    if earlier is not None and _is_with_other(reading, number):
        return "baseline", "role.compared"
    if reading.low(number.lead - 1) == ":" and reading.low(number.lead - 2) in ("human", "humans"):
        return "baseline", "role.human"
    if is_versus:
        return "result", "role.default"
    if earlier is not None and _goes_on(reading, earlier, number) and _is_compared(_words_before(reading, earlier)):
        return "baseline", "role.compared"
    head = _head_of_list(reading, numbers, place)
    if before[-1:] == ["previously"] or (head is not number and _is_of_compared(reading, head)):
        return "baseline", "role.compared"
    if before[-1:] == ["to"]:
        return "result", "role.to"
    if reading.low(number.last) in ("baseline", "baselines"):
        return "baseline", "role.baseline"
    return ("baseline", "role.human") if _is_of_humans(reading, number) else None


def task(reading: Reading, number: Number) -> str | None:
    """The task after "in" or "on" behind the number ("in activity recognition"), if it is named in plain words."""
    for index in range(number.last, min(number.last + 8, len(reading.tokens))):
        if reading.is_mark(index) or (index != number.last and reading.number_at(index)):
            return None
        if reading.low(index) in ("in", "on", "for"):
            first = index + 1
            last = first
            while last < len(reading.tokens) and last < first + 5 and reading.tokens[last].kind == WORD:
                if reading.low(last).endswith(tuple(group("task_ending"))):
                    last += 1
                    return reading.slice(first + (reading.low(first) == "the"), last)
                last += 1
            return None
    return None


def system(reading: Reading) -> tuple[str | None, int]:
    """The name that is the subject of the sentence ("Halcyon achieves …") and the place of its verb among the tokens.

    Numbers before that verb are not the system's.
    """
    for index in range(1, 12):
        if reading.cue(index, "level_verb", "change_verb", "beat_verb"):
            return _name_before(reading, index), index
    return None, 0


def baseline(reading: Reading, number: Number) -> str | None:
    """The name after "over", "than", "compared to" or a verb of beating."""
    openers = group("baseline_opener")
    first = max(0, number.first - 12)
    for index, low in enumerate(reading.lows[first : number.last + 8], first):
        if low in openers or "beat_verb" in cues_of(low):
            found = _name_after(reading, index + (2 if low in ("compared", "relative") else 1))
            if found:
                return found
    return None


def _are_slashed(reading: Reading, earlier: Number, later: Number) -> bool:
    return reading.lows[earlier.last : later.lead] == ["/"]


def _is_from_to(reading: Reading, number: Number, last: Number, later: Number) -> bool:
    """As in "from 0.4 to 0.5", "0.4 → 0.5"; ``last`` is the last of the values between slashes that begin with one."""
    between = [reading.low(index) for index in range(last.last, later.first)]
    if between == ["to"]:
        return True  # a range would have been one number
    if "→" in between or "rightarrow" in between:
        return len(between) <= 3
    ends = [low for low in reading.lows[max(0, number.lead - 5) : number.lead] if low in ("from", "to")]
    opened = ends[-1:] == ["from"]
    return opened and "to" in between and len(between) <= 12


def _falls(reading: Reading, number: Number) -> bool:
    """As in "success rates drop sharply from 60% to 30%": a finding about one system, not a change by another."""
    if number.form not in ("percent", "bare"):
        return False
    index = number.lead - 2
    if reading.low(index) == "(":
        index -= 1
    if reading.low(index).endswith("ly"):
        index -= 1
    return reading.low(index).startswith(
        ("drop", "degrad", "fall", "fell", "declin", "plummet", "collaps", "deteriorat")
    )


def _is_along(reading: Reading, later: Number) -> bool:
    """As in "rises from 5% to 80% as the budget grows": values of one thing along another, none of a baseline."""
    follows = reading.low(later.last + 1)
    return reading.low(later.last) == "as" and follows not in ("a", "compared", "measured", "shown", "well")


def _words_before(reading: Reading, number: Number) -> list[str]:
    return [reading.low(index) for index in range(max(0, number.lead - 4), number.lead)]


def _is_compared(before: list[str]) -> bool:
    """As in "compared to 31% by X", "versus 30%"."""
    return " ".join(before).removesuffix(" .").endswith(tuple(group("compared_to")))


def _is_of_compared(reading: Reading, number: Number) -> bool:
    """As in "compared to the teacher's 80.8%", "versus baselines of 0.2": between the two, who the value is of."""
    for index in range(number.lead - 1, max(0, number.lead - 8), -1):
        low, before = reading.low(index), reading.low(index - 1)
        if low in ("versus", "vs") or (before == "compared" and low in ("to", "with")):
            return True
        if low == "." and before == "vs":
            continue
        is_link = bool({"preposition", "verb"} & word_classes(low)) and low not in ("of", "at", "only", "just")
        if reading.is_mark(index) or is_link or reading.number_at(index) or reading.cue(index, "level_verb"):
            return low == "against" and reading.low(number.lead - 1).endswith(("'s", "’s"))
    return False


def _head_of_list(reading: Reading, numbers: list[Number], place: int) -> Number:
    """The first of the numbers that only commas and "and" join: 61.5 in "compared to the best at 61.5, 46.1 and 23".

    Two with a comma and "and" between are no list.
    """
    last = place
    while place and set(reading.lows[numbers[place - 1].last : numbers[place].lead]) <= {",", "and"}:
        place -= 1
    is_apart = (
        last - place == 1 and reading.low(numbers[place].last) == "," and reading.low(numbers[last].lead - 1) == "and"
    )
    return numbers[last if is_apart else place]


def _goes_on(reading: Reading, earlier: Number, number: Number) -> bool:
    """As in "compared to 31% accuracy and 25% recall": the second of two that are compared with, in one phrase."""
    between = [reading.low(index) for index in range(earlier.last, number.lead)]
    return len(between) <= 8 and "and" in between and not {",", ";", ":", "(", "while", "to"} & set(between)


def _is_bracketed_other(reading: Reading, number: Number, kind: str) -> bool:
    """As in "surpassing X (64%)": in brackets behind the name of a system that is beaten."""
    opening = number.lead - 1
    if reading.low(opening) == "," and reading.low(opening - 2) == "(":
        opening -= 2  # "surpassing X (943M, 1.55)"
    if reading.low(opening) != "(" and reading.low(number.first - 1) != "(":
        return False
    if kind != "level" and number is reading.numbers[0]:
        return False  # the only gain that is told
    if kind != "level" and (not number.sign or reading.tokens[max(0, number.lead - 2)].kind != WORD):
        return False
    names = (*reading.metrics, *reading.datasets)
    if number.form == "money" or number.comparator == "<=" or any(phrase.last == number.lead - 1 for phrase in names):
        return False  # what the words before the bracket cost or are: "at minimal cost ($65)"
    for index in range(opening - 1, max(-1, number.first - 40), -1):
        if kind != "level" and (reading.low(index) == "on" or reading.cue(index, "change_noun")):
            return False  # "outperforms X on Y (+3%)", "gains in Y (+3%)": by how much
        if reading.low(index) in ("previous", "prior"):
            return True
        if reading.cue(index, "beat_verb") or reading.low(index) in group("compared_with"):
            return True
        if reading.is_mark(index, ".;:") or (
            reading.cue(index, "level_verb")
            and reading.low(index) not in ("is", "has", "trained", "performance", "result", "results")
        ):
            return False
    return False


def _is_with_other(reading: Reading, number: Number) -> bool:
    """As in "reaches 93, surpassing X with 90 and Y with 92": after a value of its own, those of others."""
    if reading.low(number.lead - 1) != "with" or not any(map(str.isupper, reading.tokens[number.lead - 2].text)):
        return False
    for index in range(number.lead - 2, max(-1, number.lead - 16), -1):
        if reading.cue(index, "beat_verb"):
            return True
        if reading.is_mark(index, ".;:") or reading.cue(index, "level_verb"):
            return False
    return False


def _is_of_humans(reading: Reading, number: Number) -> bool:
    """As in "the 94% human benchmark", "human expert performance is 20%"."""
    if reading.low(number.last) in ("human", "humans", "random", "chance"):
        return True
    if reading.low(number.lead - 1) in ("random", "chance"):
        return True
    after = reading.lows[number.last : number.last + 4]
    beside = {*reading.lows[max(0, number.lead - 3) : number.lead], *after}
    if group("human_judgement") & beside:
        return False  # "73% by human evaluators": people judged, and were not measured
    if reading.low(number.lead - 1) == "(" and {"human", "humans"} & set(
        reading.lows[max(0, number.lead - 3) : number.lead]
    ):
        return True  # "below that of human experts (81%)"
    if "by" in after and {"human", "humans"} & set(after):
        return True
    if any(low == "humans" for low in reading.lows[max(0, number.lead - 3) : number.lead]):
        return True  # "humans achieve 80%"
    for index in range(number.lead - 1, max(-1, number.lead - 6), -1):
        if reading.low(index) == "score" and "the" not in reading.lows[max(0, index - 3) : index]:
            return False  # "a human score of 3.3": what people gave
        if reading.low(index) in ("performance", "level", "baseline", "accuracy", "score"):
            return "human" in (reading.low(index - 1), reading.low(index - 2))
        if reading.is_mark(index, ".,;") and reading.low(index + 1) != "which":
            return False
    return False


def _clause_is_about_others(reading: Reading, number: Number) -> bool:
    """As in "while earlier trackers stop at 12%", "existing models reach 30%", "existing X …, they only reach 30%"."""
    clause = next((place for place in range(number.first - 1, -1, -1) if reading.is_mark(place, ",;.")), 0)
    if "they" in reading.lows[clause : number.first]:
        return bool(group("others") & set(reading.lows[:clause]))
    own, others = group("own_clause"), group("others")
    for index in range(number.first - 1, max(-1, number.first - 17), -1):
        low = reading.low(index)
        if low in own or (reading.is_mark(index, ",;.") and _ends_clause(reading, index)):
            return False
        if low in others and reading.low(index - 1) not in group("others_object"):
            return True
    return False


def _ends_clause(reading: Reading, mark: int) -> bool:
    """Whether a mark is not that of "e.g." or of a clause that goes on with "which"."""
    is_example = bool({"e.g", "i.e"} & {reading.low(mark - 1), reading.low(mark - 2)})
    return not is_example and reading.low(mark + 1) != "which"


def _beats(reading: Reading, number: Number) -> bool:
    """As in "outperforming previous methods with a gain of 3%": the others are those that are beaten."""
    for index in range(number.first - 1, max(-1, number.first - 14), -1):
        if reading.cue(index, "beat_verb"):
            return True
        if reading.is_mark(index, ";."):
            return False
    return False


def _name_before(reading: Reading, index: int) -> str | None:
    position = index - 1
    while position >= 0 and (
        reading.low(position).endswith("ly") or reading.low(position) in ("also", "even", "can", "further", "thus")
    ):
        position -= 1
    token = reading.tokens[position] if position >= 0 else None
    if (
        token is None
        or token.kind != WORD
        or not (any(c.isupper() for c in token.text[1:]) or any(c.isdigit() for c in token.text))
    ):
        return None
    return token.text


def _name_after(reading: Reading, index: int) -> str | None:
    while reading.low(index) in ("the", "a", "baseline", "both", "popular", "strong"):
        index += 1
    if index >= len(reading.tokens) or reading.tokens[index].kind != WORD:
        return None
    text = reading.tokens[index].text
    return text if any(c.isupper() for c in text) else None
