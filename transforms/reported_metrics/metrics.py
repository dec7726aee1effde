"""Which metric a number is of: names in a sentence, and the one that belongs to each number.

Names come from seeds/vocabulary/metrics.csv; "recall@20" and the like by their form; a noun phrase whose head is in
metric_heads.csv ("refusal rate") becomes an unlisted metric of its own words.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from seeds import aliases, vocabulary
from transforms.reported_metrics.lexicon import Atom, Lexicon, Phrase, singular
from transforms.reported_metrics.tokens import MARK, WORD, Token
from transforms.reported_metrics.words import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transforms.reported_metrics.numbers import Number
    from transforms.reported_metrics.reading import Reading

PERFORMANCE = "performance"
"""Id of a number for which no metric is named."""

UNLISTED = "~"
"""Put before the id of a phrase that is not in the vocabulary."""

REACH = 30.0
"""Cost beyond which a metric named before a number in the sentence is not its own."""

REACH_AFTER = 9.0
"""The same for a metric named after the number: what follows later belongs to another number or clause."""

UNLISTED_REACH = 4.0
"""The same for noun phrases outside the vocabulary, which name a metric only next to a number."""

_AT_K = re.compile(
    r"(pass|recall|precision|hits?|ndcg|map|mrr|acc|accuracy|success|cons|maj|best|avg|r|p|f1)[@^](\d+)$"
)
_SUFFIX = re.compile(r"[A-Za-z](?:F1|AUC|AUROC|IoU|mAP|AP|BLEU|Acc|Score|PSNR|SSIM|MSE|RMSE|MAE|FID|WER)$")
_RANK_AT = re.compile(r"r(\d+)@[\d.]+$")
_AT_K_NAMES = {"r": "recall", "p": "precision", "hit": "hits", "acc": "accuracy"}


class Metric(NamedTuple):
    """The metric of a number: its id, the phrase that names it if one does, and the rule that found it."""

    id: str
    text: str | None
    rule: str


def find(tokens: Sequence[Token], parts: Sequence[Atom], numbers: Sequence[Number]) -> list[Phrase]:
    """The metrics named in a sentence in text order; ids of unlisted ones start with ~."""
    listed = [_at_k(tokens, phrase) for phrase in _names().find(parts) if not _is_idiom(tokens, phrase)]
    taken = {index for phrase in listed for index in range(phrase.first, phrase.last)}
    taken.update(index for number in numbers for index in range(number.first, number.last))
    for index, token in enumerate(tokens):
        if token[4] == WORD and _may_name(token[0]) and index not in taken:
            phrase = _at_k_alone(token, index) or _by_suffix(token, index) or _by_head(tokens, index, taken)
            if phrase is not None:
                listed.append(phrase)
                taken.update(range(phrase.first, phrase.last))
    return _merged(tokens, sorted(listed))


@functools.lru_cache(maxsize=50_000)
def _may_name(text: str) -> bool:
    """Whether a word outside the vocabulary can name or end the name of a metric."""
    low = text.lower()
    return (
        "@" in text or "^" in text or low in _heads() or singular(low) in _heads() or _SUFFIX.search(text) is not None
    )


def _is_idiom(tokens: Sequence[Token], phrase: Phrase) -> bool:
    """As in "at a cost of", "at the expense of" name no metric."""
    return phrase.first > 1 and phrase.id == "cost" and tokens[phrase.first - 2].low in ("at", "additional", "no")


def _by_suffix(token: Token, index: int) -> Phrase | None:
    """A coined name that ends in that of a measure: "VX-QF1", "TaskScore"."""
    if token.text == token.low or _SUFFIX.search(token.text) is None:
        return None
    return Phrase(index, index + 1, UNLISTED + re.sub(r"[^a-z0-9]+", "_", token.low).strip("_"))


def _merged(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """As in "CER score" is one name: a bare "score" or "performance" after another name is no metric of its own."""
    kept: list[Phrase] = []
    for phrase in phrases:
        if phrase.id == PERFORMANCE and phrase.last - phrase.first == 1:
            if kept and kept[-1].last == phrase.first:
                kept[-1] = kept[-1]._replace(last=phrase.last)
                continue
            before = tokens[phrase.first - 1] if phrase.first else None
            if (
                before is not None
                and phrase.first
                and tokens[phrase.first].low.startswith("score")
                and _is_acronym(before)
            ):
                kept.append(Phrase(phrase.first - 1, phrase.last, UNLISTED + re.sub(r"[^a-z0-9]+", "_", before.low)))
                continue
        kept.append(phrase)
    return kept


def _is_acronym(token: Token) -> bool:
    return token.kind == WORD and token.text.isupper() and token.text.isalpha() and 2 <= len(token.text) <= 8


def bind(
    reading: Reading, number: Number, groups: dict[int, int], *, is_quality: bool, is_change: bool, implied: str
) -> list[Metric]:
    """The metrics of a number, nearest first; two only if the sentence names two of them together.

    ``groups`` numbers the lists that numbers stand in (by first token); ``is_quality`` leaves costs out;
    ``is_change`` says that the number is no level: a level that is a share of parameters is of the trainable ones;
    ``implied`` is the metric that the number's cue names by itself ("faster"), if any.
    """
    ranked = sorted(
        (_cost(reading, number, phrase, groups), phrase)
        for phrase in reading.metrics
        if _fits(number, phrase, is_quality=is_quality)
    )
    if groups[number.first] in {groups[other.first] for other in reading.numbers if other is not number}:
        shared = _respectively(reading, number, groups)
        if shared is not None:
            return [_metric(reading, shared, 0.0)._replace(rule="metric.respectively")]
    best = next((item for item in ranked if item[0] <= _reach(item[1], number)), None)
    if implied and (best is None or best[0] > 3.0 or best[1].id == PERFORMANCE):
        return [Metric(implied, None, "metric.cue")]
    if best is None:
        return [Metric(PERFORMANCE, None, "metric.unnamed")]
    cost, phrase = best
    if (
        phrase.id == "model_size"
        and number.unit == "%"
        and not is_change
        and reading.low(phrase.last - 1).startswith("param")
    ):
        phrase = phrase._replace(id="trainable_parameters")
    found = [_metric(reading, phrase, cost)]
    partner = _partner(reading, number, phrase, groups)
    if partner is not None:
        found.insert(0, _metric(reading, partner, cost)._replace(rule="metric.shared"))
    return found


def _fits(number: Number, phrase: Phrase, *, is_quality: bool) -> bool:
    """Whether a metric can have such a number: a duration is no accuracy, and no cost says that a system is better."""
    is_cost = family(phrase.id).startswith(("efficiency", "cost"))
    if number.form in ("duration", "memory", "money", "compute", "energy"):
        return is_cost or phrase.id.startswith(UNLISTED) or phrase.id.endswith(("_time", "_cost", "_error", "latency"))
    return not (is_quality and is_cost)


def _reach(phrase: Phrase, number: Number) -> float:
    if phrase.id.startswith(UNLISTED):
        return UNLISTED_REACH
    return REACH_AFTER if phrase.first >= number.last else REACH


def _respectively(reading: Reading, number: Number, groups: dict[int, int]) -> Phrase | None:
    """As many metrics in a list as numbers in one: "gains of 3.1% and 2.2% in precision and recall"."""
    listed = [other for other in reading.numbers if groups[other.first] == groups[number.first]]
    names: list[Phrase] = []
    for phrase in reading.metrics:
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
    gap = names[0].first - listed[-1].last if names[0].first >= listed[-1].last else listed[0].first - names[-1].last
    return names[listed.index(number)] if 0 <= gap <= 9 else None


def _metric(reading: Reading, phrase: Phrase, cost: float) -> Metric:
    text = reading.slice(_with_modifiers(reading, phrase.first), phrase.last)
    if phrase.id.startswith(UNLISTED):
        return Metric(phrase.id.removeprefix(UNLISTED), text, "metric.head")
    return Metric(phrase.id, text, "metric.near" if cost <= 8 else "metric.carried")


def _cost(reading: Reading, number: Number, phrase: Phrase, groups: dict[int, int]) -> float:
    """How far a name is from a number: words between them, more for what separates clauses, little for links."""
    if phrase.first >= number.last:
        between, cost, is_after = range(number.last, phrase.first), 0.5, True
    elif phrase.last <= number.first:
        between, cost, is_after = range(phrase.last, min(number.lead, number.first)), 0.2, False
    else:
        return 0.1
    other, depth = -1, 0
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
        cost += _step(token.low, token.kind)
        if (
            is_after
            and reading.cue(index, "change_verb", "beat_verb")
            and not reading.cue(index, "change_noun", "comparative")
        ):
            cost += 4.0
    if phrase.id == PERFORMANCE:
        cost += 4.0
    if is_after and _is_owned(reading, phrase):
        cost += 6.0
    return cost + (1.0 if phrase.id.startswith(UNLISTED) else 0.0)


def _is_owned(reading: Reading, phrase: Phrase) -> bool:
    """Whether a metric leads to the number after it: "… 85% and a recall of 80%"."""
    if reading.low(phrase.last) not in ("of", ":", "=", "(", "by", "to", "from"):
        return False
    return any(number.lead == phrase.last + 1 for number in reading.numbers)


def _step(low: str, kind: str) -> float:
    if kind == MARK:
        return {";": 9.0, ",": 2.5, ":": 0.5, ".": 9.0, "=": 0.0}.get(low, 0.5)
    if low in group("near_link"):
        return 0.1
    if low in group("clause_break"):
        return 9.0
    return {"and": 1.5, "in": 0.4, "with": 3.0}.get(low, 0.8)


def _partner(reading: Reading, number: Number, phrase: Phrase, groups: dict[int, int]) -> Phrase | None:
    """A second metric joined to the first by "and", when the number stands alone: "precision and recall of 0.8"."""
    if any(
        other.first != number.first and groups.get(other.first) == groups.get(number.first) for other in reading.numbers
    ):
        return None
    if phrase.last > number.first or phrase.id == PERFORMANCE:
        return None
    gap = [reading.low(index) for index in range(phrase.last, min(number.lead, number.first))]
    if gap and gap not in (["of"], ["of", "~"], ["both"], ["above"], ["of", "both"], ["scores", "of"], ["values", "of"]):
        return None
    for other in reading.metrics:
        if other.id.startswith(UNLISTED) or other.id in (PERFORMANCE, phrase.id):
            continue
        if [reading.low(index) for index in range(other.last, phrase.first)] in (["and"], ["&"]):
            return other
    return None


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


def _at_k(tokens: Sequence[Token], phrase: Phrase) -> Phrase:
    if phrase.last - phrase.first == 1 and (phrase.id.endswith("_at_k") or "@" in tokens[phrase.first].text):
        return _at_k_alone(tokens[phrase.first], phrase.first) or phrase
    return phrase


def _at_k_alone(token: Token, index: int) -> Phrase | None:
    """As in "Pass@8" is pass_at_8, whether or not the vocabulary lists it."""
    if "@" not in token.text and "^" not in token.text:
        return None
    ranked = _RANK_AT.match(token.low)
    if ranked is not None:
        return Phrase(index, index + 1, f"recall_at_{ranked[1]}")
    found = _AT_K.match(token.low)
    if found is None:
        return None
    return Phrase(index, index + 1, f"{_AT_K_NAMES.get(found[1], found[1])}_at_{found[2]}")


def _by_head(tokens: Sequence[Token], index: int, taken: set[int]) -> Phrase | None:
    """A noun phrase of at most three words that ends in a head of metric_heads.csv."""
    head = tokens[index].low
    heads = _heads()
    if head not in heads and head.endswith("s"):
        head = singular(head)
    alone = heads.get(head)
    if alone is None:
        return None
    listed = _head_metrics().get(head)
    if listed:
        return Phrase(index, index + 1, listed)
    first = index
    while first > 0 and index - first < 2 and first - 1 not in taken and _can_modify(tokens[first - 1]):
        first -= 1
    if first == index and not alone and not _is_changed(tokens, index):
        return Phrase(index, index + 1, PERFORMANCE) if head in ("score", "scores") else None
    words = [word for token in tokens[first : index + 1] for word in re.split(r"[^a-z0-9]+", token.low) if word]
    words[-1] = singular(words[-1]) if words[-1] != "tokens" else words[-1]
    return Phrase(first, index + 1, UNLISTED + "_".join(words))


def _is_changed(tokens: Sequence[Token], index: int) -> bool:
    """As in "reducing the error": a bare head that a verb of change has as its object."""
    from transforms.reported_metrics.reading import cues_of

    if index < 2 or "determiner" not in word_classes(tokens[index - 1].low):
        return False
    return "change_verb" in cues_of(tokens[index - 2].low)


def _can_modify(token: Token) -> bool:
    return token.kind == WORD and token.text[0].isalpha() and not word_classes(token.low) and not _is_cue(token.low)


def _is_cue(word: str) -> bool:
    from transforms.reported_metrics.reading import cues_of

    return bool(cues_of(word))


@functools.cache
def _names() -> Lexicon:
    """Aliases of all metrics; one that only adds a change to another's name ("accuracy drop") is left out."""
    rows = vocabulary("metrics")
    known = {alias.lower(): row["metric"] for row in rows for alias in aliases(row)}
    entries = []
    for row in rows:
        for alias in dict.fromkeys((*aliases(row), row["label"])):
            words = alias.lower().split()
            if row["metric"] == PERFORMANCE and any(_is_change(word) for word in words):
                continue
            plain = " ".join(words[:-1])
            if (
                len(words) > 1
                and words[-1] != "gap"
                and _is_change(words[-1])
                and known.get(plain, row["metric"]) != row["metric"]
            ):
                continue
            if words[0] in ("of", "x", "times", "×", "than") or words[-1] in ("by", "on", "of", "than", "is"):
                continue
            entries.append((alias, _plain(words) or row["metric"]))
    return Lexicon(entries)


def _plain(words: list[str]) -> str | None:
    """The plain metric of a name with a modifier that only says of what ("intent accuracy"); None for other names."""
    for row in vocabulary("plain_metrics"):
        if len(words) > 1 and " ".join(words).removesuffix("s").endswith(" " + row["name"]):
            modifiers = " ".join(words).removesuffix("s").removesuffix(" " + row["name"])
            return None if set(re.split(r"[ -]", modifiers)) & set(row["kept"].split("|")) else row["metric"]
    return None


def _is_change(word: str) -> bool:
    from transforms.reported_metrics.reading import cues_of

    return bool({"change_noun", "change_verb"} & cues_of(word).keys())


@functools.cache
def _families() -> dict[str, str]:
    return {row["metric"]: row["family"] for row in vocabulary("metrics")}


@functools.cache
def _heads() -> dict[str, bool]:
    return {row["head"]: row["alone"] == "yes" for row in vocabulary("metric_heads")}


@functools.cache
def _head_metrics() -> dict[str, str]:
    return {row["head"]: row["metric"] for row in vocabulary("metric_heads") if row["metric"]}


@functools.cache
def _word_classes() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in vocabulary("function_words"):
        found.setdefault(row["word"], set()).add(row["class"])
    return {word: frozenset(classes) for word, classes in found.items()}


def word_classes(word: str) -> frozenset[str]:
    """Classes of a lower-case function word (determiner, preposition, …); empty for words with meaning of their own."""
    return _word_classes().get(word, frozenset())


def family(metric: str) -> str:
    """Family of a metric id; empty for unlisted ones."""
    return _families().get(metric, "")


__all__ = ["PERFORMANCE", "Metric", "bind", "family", "find", "word_classes"]
