"""The vocabulary of metrics, and the ids of those that are in none."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from seeds import Row, aliases, vocabulary
from transforms.reported_metrics.cues import cues_of
from transforms.reported_metrics.lexicon import Lexicon, atoms, singular
from transforms.reported_metrics.tokens import tokenise
from transforms.reported_metrics.words import group

if TYPE_CHECKING:
    pass


PERFORMANCE: Final = "performance"
"""Id of a number for which no metric is named."""


UNLISTED: Final = "~"
"""Put before the id of a phrase that is not in the vocabulary."""


COST_ENDINGS: Final = ("_cost", "_time", "_steps", "_tokens")
"""Ends of ids in own words that say how much something took."""


COUNTS: Final = frozenset(
    {
        "tokens",
        "trainable_parameters",
        "model_size",
        "training_data",
        "steps",
        "tool_calls",
        "queries",
        "disk_space",
    }
)
"""Metrics that count set-up things as often as outcomes: a bare whole number before one is no evidence."""


_SPACED: Final = re.compile(r"[a-z]+(?:-[a-z]+)*(?: [a-z]+(?:-[a-z]+)*)+")


_POSSESSIVE: Final = re.compile(r"['’]s?$")


_OTHER: Final = re.compile(r"[^a-z0-9]+")


@functools.cache
def names() -> Lexicon:
    """Aliases of all metrics; one that only adds a change to another's name ("accuracy drop") is left out."""
    rows = vocabulary("metrics")
    known = {alias.lower(): row["metric"] for row in rows for alias in aliases(row)}
    entries = []
    for row in rows:
        for alias in dict.fromkeys((*aliases(row), row["label"])):
            words = alias.lower().split()
            if row["metric"] == PERFORMANCE and any(_is_change(word) for word in words):
                continue
            if _is_change(words[0]) and words[1:2] in (["in"], ["of"]):
                continue
            plain = " ".join(words[:-1])
            if (
                len(words) > 1
                and words[-1] != "gap"
                and _is_change(words[-1])
                and known.get(plain, row["metric"]) != row["metric"]
            ):
                continue
            if words[0] in ("of", "x", "times", "×", "than") or alias.split()[-1] in ("by", "on", "of", "than", "is"):
                continue
            entries.append((alias, _plain(words) or _own_id(row, alias)))
    return Lexicon(entries)


def _own_id(row: Row, alias: str) -> str:
    """The id of a metric for a way to write its name, for one that names a related quantity an id of its own words.

    "Peak memory" holds all words of "memory", "area under the curve" has the initials of "auc"; a "lip vertex error"
    is a kind of lip sync, and a quantity of its own all the same.
    """
    metric = row["metric"]
    if metric in group("settled_metric") or alias != alias.lower():
        return metric
    if alias.isalpha() and alias.isascii() and alias in metric.split("_") and "_" in metric:
        return alias
    if not _SPACED.fullmatch(alias):
        return metric
    words = [singular(word) for word in re.split(r"[ -]", alias)]
    for name in (metric.replace("_", " "), row["label"].lower()):
        if {singular(word)[:6] for word in re.split(r"[ -]", name)} <= {word[:6] for word in words}:
            return metric
    initials = iter(word[0] for word in words)
    if len(metric) > 2 and all(letter in initials for letter in metric.replace("_", "")):
        return metric
    return id_of(re.split(r"[ -]", alias))


def of_words(words: list[str]) -> str | None:
    """The id of the metric that these lower-case words name, as a whole; None if their last word ends no such name."""
    if words[-1] not in group("measure_noun"):
        return None
    return listed_as(words) or id_of(words)


def listed_as(words: list[str]) -> str | None:
    """The id of the metric of the vocabulary that these lower-case words name as a whole; None if they name none."""
    listed = names().find(atoms(tokenise(" ".join(words))))
    is_whole = len(listed) == 1 and (listed[0].first, listed[0].last) == (0, len(words))
    return listed[0].id if is_whole else None


def id_of(words: list[str]) -> str:
    """The id of an unlisted metric: its words without those that say how much; a plural stays where things count.

    Ids are snake_case in ASCII: possessives and marks fall away, "café's cost" is ``cafe_cost``, and words that hold
    nothing else name no metric, which is ``performance``.
    """
    words = [part for word in words for part in _OTHER.split(_ascii(_POSSESSIVE.sub("", word))) if part]
    if not words:
        return PERFORMANCE
    while len(words) > 1 and words[0] in group("measure_adjective"):
        words = words[1:]
    last = singular(words[-1])
    return "_".join([*words[:-1], last if last in heads() else words[-1]])


def _ascii(word: str) -> str:
    """The word in lower case without accents and without what is not ASCII."""
    return unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().lower()


def _plain(words: list[str]) -> str | None:
    """The plain metric of a name with a modifier that only says of what ("intent accuracy"); None for other names."""
    for row in vocabulary("plain_metrics"):
        if len(words) > 1 and " ".join(words).removesuffix("s").endswith(" " + row["name"]):
            modifiers = " ".join(words).removesuffix("s").removesuffix(" " + row["name"])
            return None if set(re.split(r"[ -]", modifiers)) & set(row["kept"].split("|")) else row["metric"]
    return None


def _is_change(word: str) -> bool:
    return bool({"change_noun", "change_verb"} & cues_of(word).keys())


@functools.cache
def _families() -> dict[str, str]:
    rows = vocabulary("metrics")
    own = {_own_id(row, alias): row["family"] for row in rows for alias in aliases(row)}
    return own | {row["metric"]: row["family"] for row in rows}


_HEADS: Final[dict[str, bool]] = {row["head"]: row["alone"] == "yes" for row in vocabulary("metric_heads")}


def heads() -> dict[str, bool]:
    """Nouns that end the name of a metric, and whether they may name one alone."""
    return _HEADS


@functools.cache
def head_metrics() -> dict[str, str]:
    """Metrics by the heads that name them alone."""
    return {row["head"]: row["metric"] for row in vocabulary("metric_heads") if row["metric"]}


def family(metric: str) -> str:
    """Family of a metric id; empty for unlisted ones, but that a cost is one is in its name."""
    listed = _families().get(metric, "")
    return "cost" if metric.endswith(COST_ENDINGS) and not listed.startswith("efficiency") else listed


def is_cost(metric: str) -> bool:
    """Whether a metric says how cheaply or how fast, and not how well."""
    return family(metric).startswith(("efficiency", "cost"))
