"""Which dataset or benchmark a number was measured on.

Names come from seeds/vocabulary/datasets.csv and, for all others, from how they are written: a capitalised name or a
name with digits after "on", "in" or "for", or before "benchmark", "dataset", "test set".
"""

from __future__ import annotations

import functools
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from seeds import aliases, vocabulary
from transforms.reported_metrics.cues import cues_of
from transforms.reported_metrics.function_words import word_classes
from transforms.reported_metrics.lexicon import Atom, Lexicon, Phrase
from transforms.reported_metrics.tokens import NUMBER, WORD, Token
from transforms.reported_metrics.words import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transforms.reported_metrics.numbers import Number
    from transforms.reported_metrics.reading import Reading

NOUNS = group("dataset_noun")
OPENERS = group("dataset_opener")
SURE_OPENERS = group("dataset_sure_opener")
SKIPPED = group("dataset_adjective")
JOINTS = frozenset({",", "and", "&", "or"})
_TRAINING_REACH = 7
"""Tokens before "on X" within which "trained" or "fine-tuning" says what X is to the sentence."""


class Dataset(NamedTuple):
    """The dataset of a number: as written, its canonical id if it is known, and the rule that found it."""

    text: str
    id: str | None
    rule: str


def find(tokens: Sequence[Token], parts: Sequence[Atom]) -> list[Phrase]:
    """The datasets named in a sentence in text order; the id of one outside the vocabulary is empty."""
    known = {phrase.first: phrase for phrase in _names().find(parts) if _is_written_as_name(tokens, phrase)}
    found = []
    named_up_to = 0
    for index, token in enumerate(tokens):
        if index >= named_up_to and (index in known or (token[4] == WORD and _can_name(token[0]))):
            phrase = _at(tokens, index, known)
            if phrase is not None:
                found.append(phrase)
                named_up_to = phrase.last
    return _with_siblings(tokens, found)


def _with_siblings(tokens: Sequence[Token], found: list[Phrase]) -> list[Phrase]:
    """As in "3.6% in GSM8K, 18.4% in Countdown": a plain capitalised name in the place of one that tells by itself."""
    placed = [phrase for phrase in found if _is_beside_share(tokens, phrase.first)]
    if not placed:
        return found
    taken = {phrase.first for phrase in found}
    plain = [
        Phrase(index, index + 1, "")
        for index, token in enumerate(tokens)
        if index not in taken and _is_name(token) and token.text[0].isupper() and _is_beside_share(tokens, index)
    ]
    return sorted([*found, *plain]) if plain else found


def _is_beside_share(tokens: Sequence[Token], index: int) -> bool:
    return index > 1 and tokens[index - 1].low in ("in", "on") and tokens[index - 2].suffix == "%"


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
        if led[earlier.first]:
            continue
        if earlier.first not in bound and later.first in bound and _leads_to(reading, earlier, later, groups):
            bound[earlier.first] = bound[later.first]._replace(rule="dataset.shared")
    for number in numbers:
        dataset = None if number.first in bound else _before(reading, number, groups)
        if dataset is not None:
            bound[number.first] = dataset
    for earlier, later in pairwise(numbers):
        if later.first not in bound and earlier.first in bound and _continues(reading, earlier, later):
            bound[later.first] = bound[earlier.first]._replace(rule="dataset.carried")
    return bound


def _is_led(reading: Reading, number: Number) -> bool:
    """As in "on X with an accuracy of 81": a name close before a number, so that no later name is the number's."""
    for index in range(number.first - 1, max(-1, number.first - 12), -1):
        is_verb = reading.cue(index, "level_verb", "change_verb") and not reading.low(index).endswith("ion")
        if reading.is_mark(index) or reading.number_at(index) or is_verb:
            return False
        phrase = reading.dataset_up_to(index + 1)
        if phrase is not None:
            return _is_opened(reading, phrase)
    return False


def _at(tokens: Sequence[Token], index: int, known: dict[int, Phrase]) -> Phrase | None:
    phrase = known.get(index)
    if phrase is not None:
        last = phrase.last
        while last > index + 1 and tokens[last - 1].text in NOUNS:
            last -= 1
        while last < len(tokens) and (_extends(tokens[last]) or _is_name(tokens[last])) and last not in known:
            last += 1
        last = _with_edition(tokens, last)
        return None if _is_trained_on(tokens, index) else Phrase(index, last, phrase.id)
    if not _is_name(tokens[index]):
        return None
    last = index + 1
    while last < len(tokens) and (_is_name(tokens[last]) or _extends(tokens[last])) and last not in known:
        last += 1
    noun = tokens[last].low if last < len(tokens) else ""
    telling = any(_is_telling(token) for token in tokens[index:last])
    named = noun in NOUNS and (telling or noun not in ("task", "tasks", "set", "test"))
    if last > index + 1 and noun not in ("task", "tasks") and _is_on(tokens, index):
        telling = telling or all(token.text[0].isupper() for token in tokens[index:last])
    if not (named or telling) or (last == index + 1 and len(tokens[index].text) < 3):
        return None
    if _is_trained_on(tokens, index) or not _is_place(tokens, index, named=named):
        return None
    return Phrase(index, last, "")


def _is_written_as_name(tokens: Sequence[Token], phrase: Phrase) -> bool:
    """Whether a name of the vocabulary is written as one; a name that is also a plain word must stand in its place."""
    words = tokens[phrase.first : phrase.last]
    if any(_is_telling(token) for token in words):
        return True
    if all(token.text == token.low for token in words):
        return False
    return len(words) > 1 or _is_place(
        tokens, phrase.first, named=phrase.last < len(tokens) and tokens[phrase.last].low in NOUNS
    )


def _is_trained_on(tokens: Sequence[Token], index: int) -> bool:
    """Whether a name is what something was trained on or based on, and not what a number was measured on."""
    position = index - 1
    while position >= 0 and tokens[position].low in SKIPPED:
        position -= 1
    if position < 1 or tokens[position].low not in ("on", "using", "from", "with", "in", "into"):
        return False
    verbs = tuple(group("training_verb"))
    if tokens[position].low != "on":
        return tokens[position - 1].low.startswith(verbs)
    if tokens[position - 1].low.startswith(verbs):
        return True
    # "fine-tuning A on X", "trained with the objective B on X": the verb may stand some words before.
    for place in range(position - 2, max(-1, position - _TRAINING_REACH), -1):
        token = tokens[place]
        if token.kind == NUMBER or token.text in ",;:.()":
            return False
        if token.low.startswith(verbs):
            is_participle = token.low.endswith("ed") and "preposition" in word_classes(tokens[place + 1].low)
            return is_participle or token.low.endswith("tuning")
        if cues_of(token.low).keys() & {"level_verb", "change_verb", "beat_verb"}:
            return False
    return False


def _extends(token: Token) -> bool:
    """A year, a number or an ordinal that belongs to the name before it: "2019", "2021-B", "II"."""
    if token.kind == NUMBER:
        return not token.suffix and not token.sign and len(token.core) == 4 and token.core[:2] in ("19", "20")
    return token.kind == WORD and (
        token.text in ("II", "III", "IV") or (token.text[:2] == "20" and len(token.text) > 4)
    )


def _with_edition(tokens: Sequence[Token], last: int) -> int:
    """As in "X 2020-A": a letter glued to the year of a name."""
    if last + 1 >= len(tokens) or tokens[last].text != "-" or tokens[last - 1].kind != NUMBER:
        return last
    letter = tokens[last + 1]
    is_glued = tokens[last - 1].end == tokens[last].start and tokens[last].end == letter.start
    return last + 2 if is_glued and letter.kind == WORD and len(letter.text) == 1 else last


def _is_name(token: Token) -> bool:
    """A word with a capital or, after a letter, a digit, that is not known to name something else."""
    return token.kind == WORD and _can_name(token.text)


@functools.lru_cache(maxsize=50_000)
def _can_name(text: str) -> bool:
    low = text.lower()
    if text == low and not any(letter.isdigit() for letter in text):
        return False
    if not text[0].isalpha() or low in _not_datasets() or _stem(low) in _not_datasets():
        return False
    if low.startswith(tuple(group("not_name_start"))):
        return False
    tail = text.rpartition("-")[2]
    return not (tail != text and tail.islower() and len(tail) > 3 and tail not in group("name_tail"))


def _stem(word: str) -> str:
    """The letters before the version of a name: "qwen" of "qwen2.5-vl"; the word itself if it has no version."""
    letters = 0
    while letters < len(word) and word[letters].isalpha():
        letters += 1
    return word[:letters] if word[letters : letters + 2].lstrip("-")[:1].isdigit() else word


def _is_telling(token: Token) -> bool:
    """A single name is told from a capitalised word by a digit, or by a second capital."""
    return any(letter.isdigit() or letter.isupper() for letter in token.text[1:])


def _is_on(tokens: Sequence[Token], index: int) -> bool:
    """Whether a name follows "on" or "on the"."""
    position = index - 1 - (index > 0 and tokens[index - 1].low == "the")
    return position >= 0 and tokens[position].low == "on"


def _is_place(tokens: Sequence[Token], index: int, *, named: bool) -> bool:
    """Whether a name here stands where datasets stand: after "on (the)", in a list after one, before "benchmark"."""
    position = index - 1
    depth = 0
    for _ in range(24):
        if position < 0:
            return named
        low = tokens[position].low
        if low == ")":
            depth += 1
        elif low == "(":
            if depth == 0:
                return named or tokens[position - 1].low in NOUNS
            depth -= 1
        elif (
            depth == 0
            and low not in SKIPPED
            and not low.endswith("-shot")
            and low not in JOINTS
            and low not in NOUNS
            and not _is_name(tokens[position])
        ):
            if low == ":":
                return tokens[position - 1].low in NOUNS
            if low == "of" and position and tokens[position - 1].low in group("dataset_part"):
                return True
            if low == "of" and position and tokens[position - 1].suffix == "%":
                return _ends_phrase(tokens, index)
            return low in SURE_OPENERS or (named and low in OPENERS) or named
        position -= 1
    return named


def _ends_phrase(tokens: Sequence[Token], index: int) -> bool:
    """Whether a name is a whole phrase or a dataset's problems, as in "solves 20% of X"; not "90% of X's speed"."""
    last = index
    while last < len(tokens) and (_is_name(tokens[last]) or _extends(tokens[last])):
        last += 1
    if last == len(tokens) or tokens[last].kind != WORD:
        return last == len(tokens) or tokens[last].text != "'"
    return tokens[last].low in NOUNS or tokens[last].low in JOINTS


def _after(reading: Reading, number: Number) -> Dataset | None:
    """As in "85.1% accuracy on X", up to the next number or the end of the clause."""
    openers = 0
    for index in range(number.last, min(len(reading.tokens), number.last + 25)):
        if reading.tokens[index].kind == NUMBER and reading.number_at(index) is not None:
            return None
        low = reading.low(index)
        if low in (";", ":", "while", "whereas", "but") or (
            low in (",", ")") and reading.low(index + 1) not in ("on", "in") and reading.low(index - 2) != "("
        ):
            return None
        openers += low in OPENERS or (low == "of" and index == number.last and number.form == "percent")
        phrase = reading.dataset_from(index)
        is_place = phrase is not None and reading.low(index - 1) not in ("than", "with", "by")
        if phrase is not None and not openers and _opens_number(reading, phrase):
            return None
        if phrase is not None and is_place and (openers or phrase.id):
            return _dataset(reading, phrase, "dataset.after", join=True)
        if low == "(" and phrase is None and reading.dataset_from(index + 1) is None and not _is_aside(reading, index):
            return None
    return None


def _is_aside(reading: Reading, index: int) -> bool:
    """A word in brackets, as in "four benchmark (target) datasets A and B"."""
    return reading.low(index + 2) == ")" and not reading.tokens[index + 1].text.isupper()


def _opens_number(reading: Reading, phrase: Phrase) -> bool:
    """As in "A from 86% to 93% and B from 65% to 74%": B leads to the number behind it."""
    return reading.low(phrase.last) in ("from", "by", "to") and any(
        other.lead == phrase.last + 1 for other in reading.numbers
    )


def _before(reading: Reading, number: Number, groups: dict[int, int]) -> Dataset | None:
    """As in "On X, … 85.1%" and "X (accuracy: 85.1%)": the nearest name before it, in the same clause."""
    crossed, depth = False, 0
    placed = _has_place(reading, number)
    for index in range(number.first - 1, -1, -1):
        low = reading.low(index)
        if low == ";":
            return None
        depth += (low == ")") - (low == "(")
        other = reading.number_at(index)
        if other is not None and groups.get(other.first) != groups.get(number.first) and depth >= 0:
            crossed = True
        phrase = reading.dataset_up_to(index + 1)
        if phrase is None:
            continue
        if depth < 0 and reading.low(index + 1) == "(" and not _is_beaten(reading, phrase.first):
            return _dataset(reading, phrase, "dataset.bracket", join=False)
        opened = _is_opened(reading, phrase) or (not crossed and _opens_number(reading, phrase))
        if not crossed and not placed and (opened or (phrase.id and _is_qualifier(reading, phrase))):
            return _dataset(reading, phrase, "dataset.before", join=True)
        if opened and phrase.first <= 3:
            return _dataset(reading, phrase, "dataset.opening", join=True)
    return None


def _is_opened(reading: Reading, phrase: Phrase) -> bool:
    """As in "on X", "on the X", "on three benchmarks (X, …)", "on the hardest benchmark, X"."""
    first = phrase.first
    while reading.low(first - 1) in group("example_opener") and first > phrase.first - 6:
        first -= 1
    if first < phrase.first and reading.low(first - 1) in NOUNS:
        return True
    before, further = reading.low(phrase.first - 1), reading.low(phrase.first - 2)
    opener = phrase.first - 1
    while reading.low(opener) in SKIPPED:
        opener -= 1
    return reading.low(opener) in OPENERS or further in OPENERS or (before in ("(", ",", ":") and further in NOUNS)


def _is_qualifier(reading: Reading, phrase: Phrase) -> bool:
    """Whether a known name says on what: "ImageNet top-1 accuracy", "the SQuAD dataset"; else it may be a system."""
    if reading.low(phrase.last) in NOUNS or reading.low(phrase.last).endswith("-shot"):
        return True
    return any(phrase.last <= metric.first <= phrase.last + 1 for metric in reading.metrics)


def _is_beaten(reading: Reading, first: int) -> bool:
    """Whether a name is that of a system the sentence compares with: "surpassing X (64%)"."""
    for index in range(first - 1, max(-1, first - 12), -1):
        if reading.cue(index, "beat_verb") or reading.low(index) in group("system_opener"):
            return True
        if reading.low(index) in OPENERS or reading.is_mark(index, ".;:"):
            return False
    return False


def _respectively(
    reading: Reading, number: Number, numbers: Sequence[Number], groups: dict[int, int]
) -> Dataset | None:
    """As many names as numbers, each in a list: "81.2, 79.5 and 90.3 on A, B and C" are assigned in order."""
    listed = [other for other in numbers if groups.get(other.first) == groups.get(number.first)]
    if len(listed) < 2:
        return None
    place = listed.index(number)
    for names in _lists(reading):
        if len(names) == len(listed) and (
            listed[-1].last <= names[0].first < listed[-1].last + 14
            and not any(listed[-1].last <= other.first < names[0].first for other in numbers)
        ):
            return _dataset(reading, names[place], "dataset.respectively", join=False)
        if (
            len(names) == len(listed)
            and names[-1].last <= listed[0].first
            and "respectively" in reading.text[listed[-1].end :]
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
        and between[0] in (*JOINTS, *NOUNS)
        and all(word in JOINTS or word in SKIPPED or word in NOUNS or word in ("on", "in", "for") for word in between)
    )


def _dataset(reading: Reading, phrase: Phrase, rule: str, *, join: bool) -> Dataset:
    """The name verbatim; a list of names for one number is taken as a whole, and "Long Name (LN)" by its long form."""
    if reading.low(phrase.first - 1) == "(":
        phrase = reading.dataset_up_to(phrase.first - 1) or phrase
    if join:
        for names in _lists(reading):
            if phrase in names and len(names) > 1 and _is_closed(reading, names):
                return Dataset(reading.slice(phrase.first, names[-1].last), None, rule)
    return Dataset(reading.slice(phrase.first, phrase.last), phrase.id or None, rule)


def _is_closed(reading: Reading, names: list[Phrase]) -> bool:
    """Whether a list of names ends in "and": "A, B and C"; "On A, B beats C" is no list."""
    return bool({reading.low(index) for index in range(names[-2].last, names[-1].first)} & {"and", "&", "or"})


def _continues(reading: Reading, earlier: Number, later: Number) -> bool:
    """Whether a number goes on with what the one before it said: nothing between them opens a new clause."""
    between = [reading.low(index) for index in range(earlier.last, later.first)]
    return len(between) < 16 and not {";", "."} & set(between) and not _has_place(reading, later)


def _has_place(reading: Reading, number: Number) -> bool:
    """Whether the number says by itself where it was measured ("2.4% on rare languages", "on only 11% of tasks")."""
    opener = number.lead - 1
    while opener > 0 and reading.low(opener) in group("number_filler"):
        opener -= 1
    if reading.low(opener) == "on" and reading.low(number.last) == "of":
        return True
    for index in range(number.last, min(number.last + 6, len(reading.tokens))):
        if reading.is_mark(index) or reading.number_at(index) is not None:
            return False
        if reading.low(index) == "on" and reading.low(index + 1) != "average":
            return True
    return False


def _leads_to(reading: Reading, earlier: Number, later: Number, groups: dict[int, int]) -> bool:
    if groups.get(earlier.first) == groups.get(later.first):
        return True
    between = [reading.low(index) for index in reading.outside_brackets(earlier.last, later.first)]
    joined = {"and", "to", "→", "from", "with", "at", "vs", "vs.", "versus", "against"} & set(between)
    if reading.low(earlier.lead - 1) == "(" and between[:1] == [")"]:
        del between[0]  # "accuracy (81%) and recall (79%) on X"
    return len(between) < 10 and bool(joined) and not {";", ".", ")", "on"} & set(between)


@functools.cache
def _names() -> Lexicon:
    try:
        rows = vocabulary("datasets")
    except FileNotFoundError:
        rows = ()
    return Lexicon((alias, row["dataset_id"]) for row in rows for alias in {row["label"], *aliases(row)})


@functools.cache
def _not_datasets() -> frozenset[str]:
    return frozenset(row["word"] for row in vocabulary("not_datasets"))
