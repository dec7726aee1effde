"""The names of datasets and benchmarks that a sentence holds.

They come from seeds/vocabulary/datasets.csv and, for all others, from how they are written: a capitalised name or a
name with digits after "on", "in" or "for", or before "benchmark", "dataset", "test set".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from transforms.reported_metrics.cues import cues_of
from transforms.reported_metrics.dataset_words import COINED, can_name, extends, is_name, is_telling, names
from transforms.reported_metrics.function_words import word_classes
from transforms.reported_metrics.lexicon import Atom, Phrase
from transforms.reported_metrics.tokens import DIMENSION, MARK, NUMBER, WORD, Token
from transforms.reported_metrics.words import group

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

NOUNS: Final = group("dataset_noun")
OPENERS: Final = group("dataset_opener")
SURE_OPENERS: Final = group("dataset_sure_opener")
SKIPPED: Final = group("dataset_adjective")
JOINTS: Final = frozenset({",", "and", "&", "or"})

_SIZE: Final = re.compile(r"\d+(?:\.\d+)?[BM]")


_NAMED: Final = frozenset({"datasets", "benchmarks"})
"""Nouns that names follow."""

CHALLENGING: Final = frozenset({"presents", "poses", "remains", "proves"})
"""Verbs by which a benchmark is said to be hard."""

_TITLES: Final = frozenset({"benchmark", "dataset", "challenge", "suite", "corpus", "leaderboard", "collection"})
_TRAINING_REACH: Final = 7
"""Tokens before "on X" within which "trained" or "fine-tuning" says what X is to the sentence."""


def find(tokens: Sequence[Token], parts: Sequence[Atom]) -> list[Phrase]:
    """The datasets named in a sentence in text order; the id of one outside the vocabulary is empty."""
    known = {phrase.first: phrase for phrase in names().find(parts) if _is_written_as_name(tokens, phrase)}
    inside = {index for phrase in known.values() for index in range(phrase.first, phrase.last)}
    found = []
    named_up_to = 0
    for index, token in enumerate(tokens):
        if index >= named_up_to and (index in known or (token.kind == WORD and can_name(token.text))):
            phrase = _at(tokens, index, known, inside)
            if phrase is not None:
                found.append(phrase)
                named_up_to = phrase.last
    return _with_siblings(tokens, found)


def _with_siblings(tokens: Sequence[Token], found: list[Phrase]) -> list[Phrase]:
    """As in "3.6% in GSM8K, 18.4% in Countdown" and "COCO (+16.8), TreeView (+13.4)": a plain capitalised name in the
    place of one that tells by itself.
    """
    taken = {index for phrase in found for index in range(phrase.first, phrase.last)}
    plain: list[Phrase] = []
    for place in (_behind_share, _on_value, _before_gain, _before_value, _behind_value, _right_behind):
        places = {place(tokens, phrase.first, phrase.last) for phrase in found} - {""}
        if places:
            plain += [
                Phrase(index, index + 1, "")
                for index, token in enumerate(tokens)
                if index not in taken
                and token.text[0].isupper()
                and place(tokens, index, index + 1) in places
                and is_name(token)
            ]
    for phrase in found:
        index = phrase.first - 2
        is_second = index > 0 and tokens[phrase.first - 1].low in JOINTS and index not in taken
        if is_second and is_name(tokens[index]) and _is_on(tokens, index):
            plain.append(Phrase(index, index + 1, ""))  # "on Oxbow, RIVEN and CALDER"
        if _is_measured_on(tokens, phrase.first):
            plain += _rest_of_list(tokens, phrase.last, taken)
    again = {tokens[phrase.first].text for phrase in plain if phrase.last == phrase.first + 1}
    known = taken | {index for phrase in plain for index in range(phrase.first, phrase.last)}
    plain += [
        Phrase(index, index + 1, "")
        for index, token in enumerate(tokens)
        if token.text in again and index not in known and _is_on(tokens, index)
    ]
    return sorted({*found, *plain}) if plain else found


def _rest_of_list(tokens: Sequence[Token], first: int, taken: Collection[int]) -> list[Phrase]:
    """As in "experiments on Droid, Calvin, and Franka Panda": the capitalised names that go on with a list."""
    names: list[Phrase] = []
    while first < len(tokens) and tokens[first].low in JOINTS:
        while first < len(tokens) and tokens[first].low in JOINTS:
            first += 1
        last = first
        while last < len(tokens) and last < first + 3 and is_name(tokens[last]) and last not in taken:
            last += 1
        if last == first:
            break
        names.append(Phrase(first, last, ""))
        first = last
    return names if first < len(tokens) and cues_of(tokens[first].low) else []


def _behind_share(tokens: Sequence[Token], first: int, _last: int) -> str:
    """The preposition in "18.4% in X"; empty elsewhere."""
    if (
        first < 2
        or not (tokens[first - 2].suffix == "%" or tokens[first - 2].sign == "+")
        or tokens[first - 1].low not in ("in", "on", "for")
    ):
        return ""
    return tokens[first - 1].low


def _ends_item(token: Token) -> bool:
    return token.kind == MARK or token.low in JOINTS or "preposition" in word_classes(token.low)


def _on_value(tokens: Sequence[Token], first: int, last: int) -> str:
    """The preposition in "62.9 on X", "68.8 NDCG on Y"; empty elsewhere."""
    if first < 3 or tokens[first - 1].low != "on" or (last < len(tokens) and not _ends_item(tokens[last])):
        return ""
    return "on" if NUMBER in (tokens[first - 2].kind, tokens[first - 3].kind) else ""


def _before_gain(tokens: Sequence[Token], _first: int, last: int) -> str:
    """The bracket in "X (+12.6)", "X (69.6%)"; empty elsewhere."""
    if last + 1 >= len(tokens) or tokens[last].text != "(":
        return ""
    return "(" if tokens[last + 1].sign == "+" or tokens[last + 1].suffix == "%" else ""


def _before_value(tokens: Sequence[Token], _first: int, last: int) -> str:
    """What leads to a number in "X: +12%", "X from 61 to 77"; empty elsewhere."""
    if last + 1 >= len(tokens) or tokens[last].low not in (":", "from") or tokens[last + 1].kind != NUMBER:
        return ""
    return tokens[last].low


def _behind_value(tokens: Sequence[Token], first: int, last: int) -> str:
    """The bracket in "12.6% (X)"; empty elsewhere."""
    if first < 2 or tokens[first - 1].text != "(" or tokens[first - 2].suffix != "%":
        return ""
    return "(" if last < len(tokens) and tokens[last].text == ")" else ""


def _right_behind(tokens: Sequence[Token], first: int, last: int) -> str:
    """The list in "80% X, 49% Y"; empty elsewhere."""
    is_listed = first > 0 and tokens[first - 1].suffix == "%" and last < len(tokens)
    return "," if is_listed and tokens[last].text in (",", ")") else ""


def _at(tokens: Sequence[Token], index: int, known: dict[int, Phrase], inside: Collection[int]) -> Phrase | None:
    phrase = known.get(index)
    if phrase is not None:
        last = phrase.last
        while last > index + 1 and tokens[last - 1].text in NOUNS:
            last -= 1
        while last < len(tokens) and (extends(tokens[last]) or is_name(tokens[last])) and last not in known:
            last += 1
        last = _with_title(tokens, _with_edition(tokens, last))
        if last < len(tokens) and (tokens[last].low in group("system_noun") or _is_acting(tokens, index, last)):
            return None
        return None if _is_trained_on(tokens, index) else Phrase(index, last, phrase.id)
    if not is_name(tokens[index]):
        return None
    last = index + 1
    is_language = tokens[index].low in group("language")
    while last < len(tokens) and (is_name(tokens[last]) or extends(tokens[last])) and last not in known:
        last += 1
    if last in known and is_telling(tokens[last - 1]) and _is_on(tokens, index):
        last = known[last].last  # "on Mini-Trail ImageNet": a part or a version of a known one
    last = _with_title(tokens, _with_edition(tokens, last))
    if is_language and last == index + 1:
        return None
    noun = tokens[last].low if last < len(tokens) else ""
    telling = (
        is_entitled(tokens, index, last)
        or any(is_telling(token) for token in tokens[index:last])
        or _is_measured_on(tokens, index)
        or _is_explained(tokens, last, _TITLES)
    )
    if COINED.search(tokens[index].text) and noun in group("score_word"):
        return Phrase(index, last, "")  # "a VBench total score"
    named = noun in NOUNS and (telling or noun not in ("task", "tasks", "set", "test"))
    if last > index + 1 and noun not in ("task", "tasks") and _is_on(tokens, index):
        telling = telling or all(token.text[0].isupper() for token in tokens[index:last])
    if index and tokens[index - 1].low == "in" and _is_doing(noun):
        return None  # "strong results in MSA handling": what was done, not where
    if noun == "(" and last + 1 < len(tokens) and _SIZE.fullmatch(tokens[last + 1].text):
        return None  # "on X-XL (775M)": a model
    if telling and noun in CHALLENGING and is_challenge(tokens, last):
        return Phrase(index, last, "")
    is_coined = (
        COINED.search(tokens[last - 1].text) is not None and len(tokens[last - 1].text) > 4
    )  # VQA is a kind, too
    if noun in _COUNTED and not is_coined and _is_counted(tokens, index):
        return None
    if noun in group("system_noun") or not (named or telling) or (last == index + 1 and len(tokens[index].text) < 3):
        return None
    if _is_explained(tokens, last, group("system_noun")) and not named:
        return None  # "in X, an agent that …"
    if _is_trained_on(tokens, index) or not _is_place(tokens, index, inside, named=named):
        return None
    is_last = index > 2 and tokens[index - 1].low in ("and", "&") and tokens[0].low != "on"  # "results on X and A show"
    verb = tokens[last + 1].low if noun.endswith("ly") and last + 1 < len(tokens) else noun  # "A nearly doubles"
    is_last = is_last and not verb.endswith("ing")  # "… on X, and A outperforming B"
    is_subject = cues_of(verb).keys() & {"change_verb", "beat_verb", "level_verb"} and not is_last
    if noun and not _is_on(tokens, index) and not _is_measured_on(tokens, index) and is_subject:
        return None  # "On X, A improves …": A is the system
    return Phrase(index, last, "")


def _is_acting(tokens: Sequence[Token], index: int, last: int) -> bool:
    """As in "On X, COMPAS improves …": behind a place, a name of the vocabulary that does something is a system's."""
    is_behind = index > 2 and tokens[index - 1].text == "," and any(token.low == "on" for token in tokens[:index])
    return is_behind and tokens[last].low in group("system_act")


_COUNTED: Final = ("tasks", "benchmarks", "datasets", "domains", "subjects")


def _is_counted(tokens: Sequence[Token], index: int) -> bool:
    """As in "across 8 major QTX tasks": a kind of benchmarks, of which there are so many."""
    position = index - 1
    while position > 0 and tokens[position].low in SKIPPED:
        position -= 1
    token = tokens[max(position, 0)]
    is_year = token.kind == NUMBER and len(token.core) == 4 and token.core[:2] in ("19", "20")
    is_share = position > 0 and tokens[position - 1].text == "/"  # "solves 31/52 QTX tasks"
    return (token.kind == NUMBER and not is_year and not is_share) or token.low in group("count_word")


def is_challenge(tokens: Sequence[Token], last: int) -> bool:
    """As in "X presents a significant challenge", "X remains challenging": what is hard to solve is a benchmark."""
    return any(token.low.startswith("challeng") for token in tokens[last : last + 5])


def _is_doing(noun: str) -> bool:
    """Whether a word behind a name says what was done with it: "handling", "translation"."""
    if noun.endswith(tuple(group("task_ending"))):
        return True
    return noun.endswith("ing") and not word_classes(noun) and not cues_of(noun)


def _is_measured_on(tokens: Sequence[Token], index: int) -> bool:
    """As in "experiments on Calvin", "results on the Calvin": a plain capitalised name is one here."""
    opener = index - 1 - (index > 0 and tokens[index - 1].low == "the")
    if opener < 1 or not tokens[opener - 1].low.startswith(_MEASUREMENTS):
        return False
    return tokens[opener].low == "on" or (tokens[opener].low == "in" and tokens[opener - 1].low == "experiments")


def _is_explained(tokens: Sequence[Token], last: int, nouns: frozenset[str]) -> bool:
    """As in "On X, a navigation benchmark, …": what stands behind a name says that it is one of the nouns."""
    if last + 1 >= len(tokens) or tokens[last].text != "," or tokens[last + 1].low not in ("a", "an"):
        return False
    for token in tokens[last + 2 : last + 9]:
        if token.kind == MARK and token.text != "-":
            return False
        if token.low in nouns:
            return True
    return False


_MEASUREMENTS: Final = ("experiment", "evaluation", "evaluated")


def _is_written_as_name(tokens: Sequence[Token], phrase: Phrase) -> bool:
    """Whether a name of the vocabulary is written as one; a name that is also a plain word must stand in its place."""
    words = tokens[phrase.first : phrase.last]
    if any(is_telling(token) for token in words):
        return True
    if all(token.text == token.low for token in words):
        return False
    return len(words) > 1 or _is_place(
        tokens, phrase.first, (), named=phrase.last < len(tokens) and tokens[phrase.last].low in NOUNS
    )


def _is_trained_on(tokens: Sequence[Token], index: int) -> bool:
    """Whether a name is what something was trained on or based on, and not what a number was measured on."""
    position = index - 1
    while position > 1 and (tokens[position].low in ("and", "&", ",") and is_name(tokens[position - 1])):
        position -= 2  # "trained on A and B"
        while position > 1 and is_name(tokens[position]):
            position -= 1
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
    for place in range(position - 1, max(-1, position - _TRAINING_REACH), -1):
        token = tokens[place]
        if token.kind == NUMBER or token.text in ",;:.()":
            return False
        if token.low.startswith(verbs):
            after = tokens[place + 1]
            is_participle = token.low.endswith("ed") and "preposition" in word_classes(after.low)
            is_object = "determiner" in word_classes(after.low) or after.text[0].isupper()
            has_object = token.low.endswith("ing") and is_object
            return is_participle or has_object or token.low.endswith("tuning")
        if cues_of(token.low).keys() & {"level_verb", "change_verb", "beat_verb"}:
            return False
    return False


def _with_edition(tokens: Sequence[Token], last: int) -> int:
    """As in "X 2020-A": a letter glued to the year of a name; "X 256×256": the size of its images."""
    if last < len(tokens) and tokens[last].kind == DIMENSION:
        return last + 1
    if last + 1 >= len(tokens) or tokens[last].text != "-" or tokens[last - 1].kind != NUMBER:
        return last
    letter = tokens[last + 1]
    is_glued = tokens[last - 1].end == tokens[last].start and tokens[last].end == letter.start
    return last + 2 if is_glued and letter.kind == WORD and len(letter.text) == 1 else last


def _with_title(tokens: Sequence[Token], last: int) -> int:
    """As in "X Multi-modal Academic Benchmark": the capitalised words behind a name, if they end in what it is."""
    end = last
    while end < len(tokens) and end < last + 5 and tokens[end].kind == WORD and tokens[end].text[0].isupper():
        end += 1
        if tokens[end - 1].low in _TITLES:
            return end
    return last


def is_entitled(tokens: Sequence[Token], first: int, last: int) -> bool:
    """As in "Drift Alignment Benchmark": a name of several words that ends in what it is."""
    return last > first + 1 and tokens[last - 1].low in _TITLES and tokens[last - 1].text[0].isupper()


def _is_on(tokens: Sequence[Token], index: int) -> bool:
    """Whether a name follows "on" or "on the"."""
    position = index - 1 - (index > 0 and tokens[index - 1].low == "the")
    return position >= 0 and tokens[position].low == "on"


def _is_place(tokens: Sequence[Token], index: int, known: Collection[int], *, named: bool) -> bool:
    """Whether a name here stands where datasets stand: after "on (the)", in a list after one, before "benchmark".

    `known` holds the places of the tokens of names in the vocabulary.
    """
    position = before_adjectives(tokens, index - 1) if named else index - 1
    depth = 0
    for _ in range(24):
        if position < 0:
            return named
        low = tokens[position].low
        if low == ")":
            depth += 1
        elif low == "(":
            if depth == 0:
                is_told = _behind_value(tokens, index, index + 1) and COINED.search(tokens[index].text)
                return named or tokens[position - 1].low in NOUNS or bool(is_told)
            depth -= 1
        elif depth == 0 and low == "," and _is_generic_place(tokens, position - 1, known):
            return named  # "On the full benchmark, A …"
        elif depth == 0 and low in _NAMED and (position + 1 in known or is_name(tokens[position + 1])):
            return True  # "four image datasets A, B and C"
        elif (
            depth == 0
            and low not in SKIPPED
            and not low.endswith("-shot")
            and low not in JOINTS
            and low not in NOUNS
            and low not in group("example_opener")
            and position not in known
            and not (tokens[position].kind == NUMBER and not tokens[position].suffix)
            and not _is_of_number(tokens, position)
            and not is_name(tokens[position])
        ):
            if low in (":", "-", "–", "—"):
                return tokens[position - 1].low in NOUNS
            if low == "in" and position and "change_noun" in cues_of(tokens[position - 1].low):
                return named  # "an improvement in X": X is what improved
            if low == "of" and position and tokens[position - 1].low in group("dataset_part"):
                return True
            if low == "of" and position and tokens[position - 1].suffix == "%":
                return _ends_phrase(tokens, index)
            return low in SURE_OPENERS or (named and low in OPENERS) or named
        position -= 1
    return named


def before_adjectives(tokens: Sequence[Token], position: int) -> int:
    """As in "on the rigorous X benchmark": the place before the determiner of the noun phrase that a place is in.

    The place itself if no determiner stands before at most four plain words; to be asked only where a noun such as
    "benchmark" closes the phrase.
    """
    for place in range(position, max(-1, position - 5), -1):
        token = tokens[place]
        if "determiner" in word_classes(token.low):
            return place - 1
        if token.kind != WORD or token.text != token.low or word_classes(token.low) or cues_of(token.low):
            break
    return position


_SINGLE: Final = frozenset(
    {"benchmark", "dataset", "suite", "corpus", "leaderboard", "set", "split", "challenge", "task"}
)


def _is_generic_place(tokens: Sequence[Token], position: int, known: Collection[int]) -> bool:
    """Whether a place ends here that is one and has no name, such as "the full benchmark"."""
    if position < 1 or tokens[position].low not in _SINGLE:
        return False
    return position - 1 not in known and not is_name(tokens[position - 1])


def _is_of_number(tokens: Sequence[Token], position: int) -> bool:
    """Whether a token is of a compound such as "240-question"."""
    hyphen = position if tokens[position].text == "-" else position - 1
    return hyphen > 0 and tokens[hyphen].text == "-" and tokens[hyphen - 1].kind == NUMBER


def _ends_phrase(tokens: Sequence[Token], index: int) -> bool:
    """Whether a name is a whole phrase or a dataset's problems, as in "solves 20% of X"; not "90% of X's speed"."""
    last = index
    while last < len(tokens) and (is_name(tokens[last]) or extends(tokens[last])):
        last += 1
    if last == len(tokens) or tokens[last].kind != WORD:
        return last == len(tokens) or tokens[last].text != "'"
    return tokens[last].low in NOUNS or tokens[last].low in JOINTS
