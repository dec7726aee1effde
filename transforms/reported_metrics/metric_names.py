"""The names of metrics that a sentence holds.

Names come from seeds/vocabulary/metrics.csv; "recall@20" and the like by their form; a noun phrase whose head is in
metric_heads.csv ("refusal rate") becomes an unlisted metric of its own words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from transforms.reported_metrics.cues import cues_of
from transforms.reported_metrics.function_words import word_classes
from transforms.reported_metrics.lexicon import Atom, Phrase, atoms, singular
from transforms.reported_metrics.metric_vocabulary import (
    COUNTS,
    PERFORMANCE,
    UNLISTED,
    head_metrics,
    heads,
    id_of,
    names,
)
from transforms.reported_metrics.tokens import NUMBER, WORD, Token, tokenise
from transforms.reported_metrics.words import group, remember

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transforms.reported_metrics.numbers import Number


_AT_K: Final = re.compile(
    r"(pass|recall|precision|hits?|ndcg|map|mrr|acc|accuracy|success|cons|maj|best|avg|r|p|f1)[@^](\d+)$"
)
_COEFFICIENTS: Final = {"r": "correlation", "ρ": "correlation", "rho": "correlation", "d": "effect_size", "κ": "kappa"}
_SUFFIX: Final = re.compile(r"[A-Za-z](?:F1|AUC|AUROC|IoU|mAP|AP|BLEU|Acc|Score|PSNR|SSIM|MSE|RMSE|MAE|FID|WER)$")
_PLAIN_SUFFIXES: Final = {"F1": "f1", "AUC": "auc", "AUROC": "auc", "IoU": "iou", "BLEU": "bleu", "WER": "wer"}
_RANK_AT: Final = re.compile(r"r(\d+)@[\d.]+$")
_AT_K_NAMES: Final = {"r": "recall", "p": "precision", "hit": "hits", "acc": "accuracy"}


def find(
    tokens: Sequence[Token], parts: Sequence[Atom], numbers: Sequence[Number], explained: Mapping[str, str]
) -> list[Phrase]:
    """The metrics named in a sentence in text order; ids of unlisted ones start with ~.

    ``explained`` holds the ids of metrics by the abbreviations that the paper explains.
    """
    listed = [
        _of_what(tokens, _at_k(tokens, phrase))
        for phrase in names().find(parts)
        if not _is_idiom(tokens, phrase) and not _is_of_bits(tokens, phrase)
    ]
    listed = [phrase for phrase in listed if not _is_modifier(tokens, phrase)]
    pairs = [phrase for index, token in enumerate(tokens) if "/" in token.text and (phrase := _pair(tokens, index))]
    for pair in pairs:
        listed = [phrase for phrase in listed if phrase.last <= pair.first or pair.last <= phrase.first]
    listed += pairs
    taken = {index for phrase in listed for index in range(phrase.first, phrase.last)}
    taken.update(index for number in numbers for index in range(number.first, number.last))
    if explained:
        short = [index for index, token in enumerate(tokens) if token.text in explained and index not in taken]
        listed += [Phrase(index, index + 1, explained[tokens[index].text]) for index in short]
        taken.update(short)
    for index, token in enumerate(tokens):
        if token.kind == WORD and _may_name(token.text) and index not in taken:
            phrase = (
                _at_k_alone(token, index)
                or _coefficient(tokens, index)
                or _success_rate(tokens, index)
                or _by_suffix(tokens, index)
                or _called_metric(tokens, index)
                or _by_head(tokens, index, taken)
            )
            if phrase is not None:
                listed.append(phrase)
                taken.update(range(phrase.first, phrase.last))
    return _merged(tokens, sorted(_with_modifier(tokens, phrase) for phrase in listed))


def _pair(tokens: Sequence[Token], index: int) -> Phrase | None:
    """As in "PSNR/SSIM", "Pearson/Spearman correlations": one name for each of the values between slashes.

    The id holds theirs with slashes between; what the vocabulary doesn't know is named by its own word if another part
    is known.
    """
    parts = tokens[index].text.split("/")
    if tokens[index].kind != WORD or not all(parts):
        return None
    tails = [("", index + 1)]
    if index + 1 < len(tokens):
        tails.insert(0, (f" {tokens[index + 1].text}", index + 2))
    for tail, last in tails:
        ids = [_known(part + tail) for part in parts]
        if any(ids) and all(found or part.isupper() for found, part in zip(ids, parts, strict=True)):
            named = [found or id_of([part.lower()]) for found, part in zip(ids, parts, strict=True)]
            return Phrase(index, last, "/".join(named)) if len(set(named)) > 1 else None
    return None


def _known(name: str) -> str:
    """The id of a name that is a metric's as a whole; empty if it is none."""
    tokens = tokenise(name)
    alone = _at_k_alone(tokens[0], 0) if len(tokens) == 1 else None
    if alone is not None:
        return alone.id
    found = names().find(atoms(tokens))
    return found[0].id if found and (found[0].first, found[0].last) == (0, len(tokens)) else ""


_MAY_NAME: Final[dict[str, bool]] = {}


def _may_name(text: str) -> bool:
    """Whether a word outside the vocabulary can name or end the name of a metric."""
    found = _MAY_NAME.get(text)
    return remember(_MAY_NAME, text, _looks_like_name(text)) if found is None else found


def _looks_like_name(text: str) -> bool:
    low = text.lower()
    return (
        "@" in text
        or "^" in text
        or low in ("sr", "asr", "metric")
        or low in _COEFFICIENTS
        or low in heads()
        or singular(low) in heads()
        or _SUFFIX.search(text) is not None
        or text.rpartition("-")[2] in _PLAIN_SUFFIXES
    )


def _success_rate(tokens: Sequence[Token], index: int) -> Phrase | None:
    """As in "66% SR", "an ASR of 74%": elsewhere the letters may mean super-resolution or speech recognition."""
    name = {"SR": "success_rate", "ASR": "attack_success_rate"}.get(tokens[index].text)
    following = tokens[index + 1 : index + 3]
    is_share = index > 0 and tokens[index - 1].suffix == "%"
    is_value = len(following) == 2 and following[0].low == "of" and following[1].suffix == "%"
    return Phrase(index, index + 1, name) if name and (is_share or is_value) else None


def _coefficient(tokens: Sequence[Token], index: int) -> Phrase | None:
    """As in "(r=-0.94)", "(d = 0.6)": a statistic by its letter; the sentence may say which correlation it is."""
    if (
        tokens[index].low not in _COEFFICIENTS
        or index + 1 >= len(tokens)
        or tokens[index + 1].text not in ("=", ">", "~", "≈")
    ):
        return None
    if tokens[index].text in ("R", "D"):
        return None
    value = tokens[index + 2] if index + 2 < len(tokens) else None
    if value is not None and value.kind == NUMBER and "." not in value.core and value.core not in ("0", "1"):
        return None  # "d = 768", "r = 16": a dimension, a rank
    if _COEFFICIENTS[tokens[index].low] != "correlation":
        return Phrase(index, index + 1, _COEFFICIENTS[tokens[index].low])
    named = (name for name in ("pearson", "spearman") if any(token.low.startswith(name) for token in tokens))
    return Phrase(index, index + 1, next(named, "correlation"))


def _called_metric(tokens: Sequence[Token], index: int) -> Phrase | None:
    """As in "the AUQ metric"."""
    if tokens[index].low != "metric" or not index or not _is_acronym(tokens[index - 1]):
        return None
    return Phrase(index - 1, index + 1, UNLISTED + id_of([tokens[index - 1].low]))


def _with_modifier(tokens: Sequence[Token], phrase: Phrase) -> Phrase:
    """As in "annotation cost", which is another than other costs, and "top-1 retrieval accuracy"."""
    before = tokens[phrase.first - 1] if phrase.first else None
    if before is None:
        return phrase
    is_plain = before.text == before.low and before.low not in group("measure_adjective") and _can_modify(before)
    if phrase.id == "cost" and is_plain and not _is_verb(tokens, phrase):
        return Phrase(phrase.first - 1, phrase.last, id_of([*before.low.split("-"), "cost"]))
    if phrase.id == "accuracy":
        for place in range(max(0, phrase.first - 2), phrase.first):
            if tokens[place].low in ("top-1", "top-5"):
                return Phrase(place, phrase.last, f"top{tokens[place].low[-1]}_accuracy")
    return phrase


def _of_what(tokens: Sequence[Token], phrase: Phrase) -> Phrase:
    """A listed name that its neighbours make that of another quantity.

    As in "success rate of jailbreak attacks", "task completion length", "content scores"; "scores 54.9" is a verb.
    """
    if phrase.id == "success_rate":
        nearby = tokens[max(0, phrase.first - 3) : phrase.last + 4]
        is_attack = any(token.low.startswith(("attack", "jailbreak")) or "attacker" in token.low for token in nearby)
        return Phrase(phrase.first, phrase.last, "attack_success_rate") if is_attack else phrase
    if phrase.id == PERFORMANCE and phrase.last == phrase.first + 1 and tokens[phrase.first].low in ("score", "scores"):
        return _score(tokens, phrase)
    return _with_head(tokens, phrase)


def _score(tokens: Sequence[Token], phrase: Phrase) -> Phrase:
    """As in "content scores"; "high scores" and "test scores" don't say of what."""
    before = tokens[phrase.first - 1] if phrase.first else None
    if before is None or not _can_modify(before) or before.text != before.low or before.low.endswith("est"):
        return phrase
    if before.low.endswith("benchmark"):
        return phrase
    is_plural = before.low.endswith("s") and not before.low.endswith(("ss", "is", "us"))  # "these approaches score 2.3"
    if is_plural or not before.low.isascii():
        return phrase
    if phrase.last < len(tokens) and (
        tokens[phrase.last].kind == NUMBER or tokens[phrase.last].low in ("only", "just")
    ):
        return phrase  # "the decoder scores 28 BLEU"
    if before.low in group("measure_adjective") or before.low in group("no_score_modifier"):
        return phrase
    words = [*re.split(r"[^a-z0-9]+", before.low), "score"]
    return Phrase(phrase.first - 1, phrase.last, UNLISTED + id_of(words))


def _with_head(tokens: Sequence[Token], phrase: Phrase) -> Phrase:
    """As in "refusal quality", "task completion length": a head behind a name makes it another quantity."""
    head = tokens[phrase.last].low if phrase.last < len(tokens) else ""
    if head not in group("telling_head"):
        return phrase
    words = [word for token in tokens[phrase.first : phrase.last] for word in re.split(r"[^a-z0-9]+", token.low)]
    return Phrase(phrase.first, phrase.last + 1, UNLISTED + id_of([*filter(None, words), head]))


def _is_modifier(tokens: Sequence[Token], phrase: Phrase) -> bool:
    """As in "token acceptance count": what is counted, before the head of a longer name."""
    if phrase.id not in COUNTS or phrase.last != phrase.first + 1 or tokens[phrase.first].low.endswith("s"):
        return False
    following = tokens[phrase.last : phrase.last + 2]
    return len(following) == 2 and _can_modify(following[0]) and following[1].low in heads()


def _is_of_bits(tokens: Sequence[Token], phrase: Phrase) -> bool:
    """As in "32-bit precision", "mixed precision": how numbers are stored."""
    if phrase.id != "precision" or not phrase.first:
        return False
    return tokens[phrase.first - 1].low in ("bit", "bits", "half", "mixed", "full", "single", "double", "fp16", "bf16")


def _is_verb(tokens: Sequence[Token], phrase: Phrase) -> bool:
    """As in "each review costs $1"."""
    following = tokens[phrase.last : phrase.last + 2]
    return any(token.kind == NUMBER or token.text in ("$", "€", "£", "only") for token in following)


def _is_idiom(tokens: Sequence[Token], phrase: Phrase) -> bool:
    """As in "at a cost of", "at the expense of" name no metric."""
    return phrase.first > 1 and phrase.id == "cost" and tokens[phrase.first - 2].low in ("at", "additional", "no")


def _by_suffix(tokens: Sequence[Token], index: int) -> Phrase | None:
    """A coined name that ends in that of a measure: "VX-QF1", "TaskScore"; not "the QAFID dataset"."""
    token = tokens[index]
    if index + 1 < len(tokens) and tokens[index + 1].low in group("dataset_noun"):
        return None
    plain = _PLAIN_SUFFIXES.get(token.text.rpartition("-")[2])
    if plain is not None and "-" in token.text:
        return Phrase(index, index + 1, plain)  # "OCR-F1": the plain metric, of what is said before
    if token.text == token.low or _SUFFIX.search(token.text) is None:
        return None
    return Phrase(index, index + 1, UNLISTED + re.sub(r"[^a-z0-9]+", "_", token.low).strip("_"))


def _merged(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """As in "CER score" is one name: a bare "score" or "performance" after another name is no metric of its own."""
    kept: list[Phrase] = []
    for phrase in phrases:
        if phrase.id == PERFORMANCE and phrase.last - phrase.first == 1:
            if kept and kept[-1].last == phrase.first:
                kept[-1] = Phrase(kept[-1].first, phrase.last, kept[-1].id)
                continue
            before = tokens[phrase.first - 1] if phrase.first else None
            if (
                before is not None
                and phrase.first
                and tokens[phrase.first].low.startswith("score")
                and _is_acronym(before)
                and (phrase.first < 2 or tokens[phrase.first - 2].low != "on")
            ):
                kept.append(Phrase(phrase.first - 1, phrase.last, UNLISTED + re.sub(r"[^a-z0-9]+", "_", before.low)))
                continue
        if phrase.id == "accuracy" and kept and kept[-1].last == phrase.first and "_at_" in kept[-1].id:
            kept[-1] = Phrase(kept[-1].first, phrase.last, kept[-1].id)  # "pass@1 accuracy"
            continue
        kept.append(phrase)
    return kept


def _is_acronym(token: Token) -> bool:
    if token.low in group("no_metric_acronym"):
        return False
    return token.kind == WORD and token.text.isupper() and token.text.isalpha() and 2 <= len(token.text) <= 8


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
    known = heads()
    following = tokens[index + 1].text if index + 1 < len(tokens) else ""
    if tokens[index].text[0].isupper() and following[:1].isupper():
        return None  # "the Latent Consistency Model"
    if following.lower() in group("telling_head"):
        return None  # "memory retention" ends in another head
    if head == "cost" and _is_idiom(tokens, Phrase(index, index + 1, head)):
        return None
    if head not in known and head.endswith("s"):
        head = singular(head)
    alone = known.get(head)
    if alone is None:
        return None
    listed = head_metrics().get(head)
    if listed:
        return Phrase(index, index + 1, listed)
    first = index
    while first > 0 and index - first < 2 and first - 1 not in taken and _can_modify_head(tokens[first - 1]):
        first -= 1
    if first == index and not alone and not _is_changed(tokens, index):
        return Phrase(index, index + 1, PERFORMANCE) if head in ("score", "scores") else None
    if first < index and tokens[first].low.endswith("ing") and first and _opens_participle(tokens[first - 1]):
        first += 1  # "while doubling X length": what was done to it
    words = [word for token in tokens[first : index + 1] for word in re.split(r"[^a-z0-9]+", token.low) if word]
    if words[0] in ("human", "adult", "expert") and words[1:] in (["score"], ["level"]):
        return Phrase(first, index + 1, PERFORMANCE)
    return Phrase(first, index + 1, UNLISTED + id_of(words))


def _can_modify_head(token: Token) -> bool:
    """Whether a word can be part of the name that a head ends.

    No verb or plural can ("limits recovery"), no name of a system ("QX2's fidelity"), no count ("two errors").
    """
    low = token.low
    is_plural = low.endswith("s") and not low.endswith(("ss", "us", "is", "gas", "news", "physics"))
    is_rank = len(low) < 3 or low.startswith("top-") or "@" in low
    is_system = "'" in low or "’" in low or (not is_rank and any(letter.isdigit() for letter in low))
    is_count = low in group("count_word") and low != "multiple"
    return _can_modify(token) and not (is_plural or is_system or is_count)


def _opens_participle(token: Token) -> bool:
    return token.low in ("while", "by", "when", "and", ",", "thus", "thereby")


def _is_changed(tokens: Sequence[Token], index: int) -> bool:
    """As in "reducing the error": a bare head that a verb of change has as its object."""
    if index < 2 or "determiner" not in word_classes(tokens[index - 1].low):
        return False
    return "change_verb" in cues_of(tokens[index - 2].low)


def _can_modify(token: Token) -> bool:
    return token.kind == WORD and token.text[0].isalpha() and not word_classes(token.low) and not _is_cue(token.low)


def _is_cue(word: str) -> bool:
    is_noun = word.endswith(("ure", "ance")) and word != "performance"  # a failure rate is none of success
    return bool(cues_of(word)) and not is_noun
