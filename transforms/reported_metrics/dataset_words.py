"""Which words can name a dataset, whatever stands around them."""

from __future__ import annotations

import functools
import re
from typing import Final

from seeds import aliases, vocabulary
from transforms.reported_metrics.lexicon import Lexicon, atoms
from transforms.reported_metrics.tokens import NUMBER, WORD, Token, tokenise
from transforms.reported_metrics.words import group, remember

_MODEL_SIZE: Final = re.compile(r"(?<![A-Za-z_])\d+(?:\.\d+)?[BM](?:-|$)")
"""Ends the name of a model: "-7B", "-8B-Instruct"."""


_KIND: Final = re.compile(r"[a-z]{3,}-[A-Z]+$")
"""A kind of benchmarks: "video-QA", "residual-MLP"."""


_GLUED: Final = re.compile(r"[a-z]+\.[A-Z]")
"""Two sentences without a space between: "datasets.Notably"."""


_PRECISION: Final = re.compile(r"W\d+A\d+(?:KV\d+)?")
"""Bits of weights, activations and cache: "W4A8"."""


_OF_BENCHMARK: Final = re.compile(r"(?:Bench|Eval|Arena|QA)-[a-z]+$")
"""Ends the name of a part of a benchmark: "V3-Bench-robot"."""


COINED: Final = re.compile(r"Bench|Eval|Arena|QA|MME|NLI|GLUE|Set$")
"""Parts of names that are coined for benchmarks and for nothing else: in brackets stand systems as often."""


_PART: Final = re.compile(r"\d+[DK]")
"""A part or a kind behind a name: "COCO 30K", "Trail 3D"."""


@functools.lru_cache(maxsize=10_000)
def is_surely_dataset(name: str) -> bool:
    """Whether a name is in the vocabulary or begins with one coined as those of benchmarks are; no list of names is."""
    tokens = tokenise(name)
    known = names().find(atoms(tokens))
    if len(known) == 1 and (known[0].first, known[0].last) == (0, len(tokens)):
        return True
    is_coined = bool(tokens) and COINED.search(tokens[0].text) is not None
    return is_coined and not any(token.low in ("and", ",") for token in tokens)


def are_surely_datasets(names: str) -> bool:
    """Whether all names of a list are surely those of datasets."""
    return all(is_surely_dataset(name) for name in re.split(r",? and |, ", names))


def extends(token: Token) -> bool:
    """A year, a number or an ordinal that belongs to the name before it: "2019", "2021-B", "II"."""
    if token.kind == NUMBER:
        return not token.suffix and not token.sign and len(token.core) == 4 and token.core[:2] in ("19", "20")
    return token.kind == WORD and (
        token.text in ("II", "III", "IV")
        or _PART.fullmatch(token.text) is not None
        or (token.text[:2] == "20" and len(token.text) > 4)
    )


def is_name(token: Token) -> bool:
    """A word with a capital or, after a letter, a digit, that is not known to name something else."""
    return token.kind == WORD and can_name(token.text)


_CAN_NAME: Final[dict[str, bool]] = {}


def can_name(text: str) -> bool:
    """Whether a word can be, or begin, the name of a dataset by how it is written."""
    found = _CAN_NAME.get(text)
    return remember(_CAN_NAME, text, _can_name(text)) if found is None else found


def _can_name(text: str) -> bool:
    low = text.lower().removesuffix("'s").removesuffix("’s")
    if text == text.lower() and not any(letter.isdigit() for letter in text):
        return False
    if "@" in text or _KIND.match(text) or _GLUED.match(text) or _PRECISION.fullmatch(text):
        return False
    if not text[0].isalpha() or low in _not_datasets() or _stem(low) in _not_datasets():
        return False
    if low.startswith(tuple(group("not_name_start"))):
        return False
    if "-" in low and low.partition("-")[0] in _families() and COINED.search(text) is None:
        return False  # "Qwen-Audio": a member of a family of models
    if _MODEL_SIZE.search(text) or text.endswith(("Train", "-train")):
        return False
    tail = text.rpartition("-")[2]
    if tail == text or not tail.isalpha() or not tail.islower() or _OF_BENCHMARK.search(text):
        return True
    return len(tail) <= 3 or tail in group("name_tail")


def _stem(word: str) -> str:
    """The letters before the version of a name: "qwen" of "qwen2.5-vl"; the word itself if it has no version."""
    letters = 0
    while letters < len(word) and word[letters].isalpha():
        letters += 1
    return word[:letters] if word[letters : letters + 2].lstrip("-")[:1].isdigit() else word


def is_telling(token: Token) -> bool:
    """A single name is told from a capitalised word by a digit, or by a second capital."""
    return any(letter.isdigit() or letter.isupper() for letter in token.text[1:])


@functools.cache
def names() -> Lexicon:
    """The names of seeds/vocabulary/datasets.csv with their ids."""
    rows = vocabulary("datasets")
    return Lexicon((alias, row["dataset_id"]) for row in rows for alias in {row["label"], *aliases(row)})


@functools.cache
def _families() -> frozenset[str]:
    return frozenset(row["word"] for row in vocabulary("not_datasets") if row["family"])


@functools.cache
def _not_datasets() -> frozenset[str]:
    return frozenset(row["word"] for row in vocabulary("not_datasets"))
