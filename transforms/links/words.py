"""What the words before a link say about it: whose it is, and which kind of thing.

The cues are vocabulary (seeds/vocabulary/link_cues.csv); they speak of the last sentence before the link.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from seeds import vocabulary

__all__ = ["CONTEXT_LENGTH", "kind_by_words", "patterns_of", "role_by_words"]

CONTEXT_LENGTH = 240
"""Characters before a link that are looked at: the longest sentences before a link hold some 200."""

_SENTENCE_START = re.compile(r"[.!?]['\")]* (?=[A-Z])|https?:/\S+\s")
_KIND_CUES = {
    row["use"].removeprefix("kind."): re.compile(row["pattern"])
    for row in vocabulary("link_cues")
    if row["use"].startswith("kind.")
}


def patterns_of(use: str) -> str:
    """The patterns of one use in the vocabulary of cues, as alternatives of a regular expression."""
    return "|".join(row["pattern"] for row in vocabulary("link_cues") if row["use"] == use)


def kind_by_words(before: str, kinds: list[str]) -> str | None:
    """Of these kinds the one whose word stands last in the sentence before the link; a page only if it is alone."""
    sentence = _last_sentence(before).lower()
    last = {
        kind: max(match.start() for match in cue.finditer(sentence))
        for kind, cue in _KIND_CUES.items()
        if kind in kinds and cue.search(sentence)
    }
    return max(last, key=lambda kind: (kind != "project", last[kind])) if last else None


# What may stand between a cue and the link. A link that its own preposition leads to ("… based on X at https://…")
# belongs to the verb of the sentence, so a reference must end in the name of what it refers to.
_LEADS = r"(?:\b(?:at|on|in|via|from|here|through|to|is|are|and|visit)|:)"
_NAMED = r"(?:(?:the|an?|its|their|\w+-\w+|[a-z]+) ){0,3}[A-Z0-9][\w.+/-]*(?: [A-Z0-9][\w.+-]*){0,3}(?: [a-z-]+){0,2}"
# Of whose release a cue of reference speaks, and that it is available: "the code of X, available at https://…". Nothing
# else may stand there: "we use the code of X to build Y, available at https://…" gives the address of Y.
_MAKERS = r"(?: (?:\w+ )?by| of| for| from)(?: (?:the )?(?:original )?authors(?: of)?)?"
_MAKERS_NAMED = r"(?: (?:the )?[A-Z][\w.+-]*(?: (?:[A-Z0-9][\w.+-]*|and [A-Z][\w.+-]*|et al\.?))*)?"
_AVAILABLE = (
    r",?(?: which| that)?(?: is| are| was| were| can be| has been| have been)?(?: \w+ly)?"
    r" (?:available|released|published|provided|found|hosted|open-?sourced|shared|downloaded)"
)
_TAILS = {
    "sentence": r"(?:[^.;]|\.(?! )){0,140}",
    "phrase": r"(?:[^.;,:]|\.(?! )){0,60}",
    "name": rf" {_NAMED}",
    "release": rf"(?:{_MAKERS}{_MAKERS_NAMED})?(?:{_AVAILABLE})?(?: (?:at|from|on|in|via|here)(?: [A-Z]\w+)?){{0,2}} ?",
    "none": r"",
}
_OPENS_LINK = r"[ (\[<~:{–-]*(?:\d{1,3})?"
_ENDS_IN_LEAD = re.compile(rf"{_LEADS}[ (\[<~:{{]*$")


@dataclass(frozen=True, slots=True)
class _Cue:
    role: str
    words: re.Pattern[str]
    tail: re.Pattern[str]
    must_name: bool
    is_ranked_by_length: bool
    reaches_link: bool


_CUES = tuple(
    _Cue(
        row["use"],
        re.compile(row["pattern"]),
        re.compile(_TAILS[row["tail"]] + _OPENS_LINK),
        must_name=row["use"] == "reference" and row["tail"] in {"phrase", "name"},
        is_ranked_by_length=row["tail"] in {"release", "none"},
        reaches_link=row["tail"] == "release",
    )
    for row in vocabulary("link_cues")
    if row["use"] in {"own", "reference"}
)
_AUTHORS = re.compile(r"\b(?:our|we|this|these)\b", re.IGNORECASE)
_POINTS_BACK = re.compile(r"Their\b")
_INTRODUCED = re.compile(
    r"\b(?:our|we|this|these|(?:is|are) (?:\w+ )?(?:propos|present|introduc|develop)ed)\b", re.IGNORECASE
)


def role_by_words(before: str, url: str = "") -> tuple[str, str]:
    """own, unless the words that lead to the link say that it is somebody else's; and the rule that says so.

    The cue that ends nearest to the link decides: "we release X, built on Y (https://…)" refers to Y; of two that
    end right before it the longer one, which says more. An address that carries the name of what the sentence is about
    is its own: "X is implemented in Y (https://…/x)". "Their code" is somebody else's, unless the sentences before
    speak of what the paper brings: "We propose X and Y. Their code …".
    """
    sentence = _last_sentence(before)
    nearest, start, role = (-1, 0), 0, ""
    for cue in _CUES:
        for match in cue.words.finditer(sentence):
            end = len(sentence) if cue.reaches_link else match.end()
            rank = (end, len(match[0]) if cue.is_ranked_by_length else 0)
            if rank > nearest and _leads_to_link(cue, sentence, match.end()):
                nearest, start, role = rank, match.start(), cue.role
    if role == "reference" and _names(url, sentence[:start]) and not _names(url, sentence[start:]):
        return "own", "role.named"
    if role == "reference" and _POINTS_BACK.match(sentence) and _INTRODUCED.search(before.removesuffix(sentence)):
        return "own", "role.default"
    return (role, f"role.cue_{role}") if role else ("own", "role.default")


_NOT_NAME = re.compile(r"[\W_]+")
_SHORTEST_NAME = 3


def _names(url: str, words: str) -> bool:
    """Whether one of the words is the name at the end of an address."""
    name = _NOT_NAME.sub("", url.rstrip("/").rpartition("/")[2].removesuffix(".git")).lower()
    return len(name) >= _SHORTEST_NAME and name in (_NOT_NAME.sub("", word).lower() for word in words.split())


def _leads_to_link(cue: _Cue, sentence: str, end: int) -> bool:
    tail = sentence[end:]
    if cue.tail.fullmatch(tail) is None:
        return False
    if cue.role == "reference" and _AUTHORS.search(tail):
        return False
    return not (cue.must_name and tail.strip() and _ENDS_IN_LEAD.search(tail))


def _last_sentence(before: str) -> str:
    start = 0
    for match in _SENTENCE_START.finditer(before):
        start = match.end()
    return before[start:]
