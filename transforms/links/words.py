"""What the words before a link say about it: whose it is, and which kind of thing.

The cues are vocabulary (seeds/vocabulary/link_cues.csv); they speak of the last sentence before the link.
"""

from __future__ import annotations

import re

from seeds import vocabulary

__all__ = ["CONTEXT_LENGTH", "kind_by_words", "role_by_words"]

CONTEXT_LENGTH = 240
"""Characters before a link that are looked at: the longest sentences before a link hold some 200."""

_SENTENCE_START = re.compile(r"[.!?]['\")]* (?=[A-Z])|https?:/\S+\s")
_KIND_CUES = {
    row["use"].removeprefix("kind."): re.compile(row["pattern"])
    for row in vocabulary("link_cues")
    if row["use"].startswith("kind.")
}


def kind_by_words(before: str, kinds: list[str]) -> str | None:
    """Of these kinds the one whose word stands last in the sentence before the link; a page only if it is alone."""
    sentence = _last_sentence(before).lower()
    last = {
        kind: max(match.start() for match in cue.finditer(sentence))
        for kind, cue in _KIND_CUES.items()
        if kind in kinds and cue.search(sentence)
    }
    return max(last, key=lambda kind: (kind != "project", last[kind])) if last else None


def _cues(use: str) -> list[re.Pattern[str]]:
    """The cues of that use, each up to the link itself."""
    return [
        re.compile(rf"(?:{row['pattern']})[ (\[<~:{{–-]*(?:\d{{1,3}})?$")
        for row in vocabulary("link_cues")
        if row["use"] == use
    ]


_ROLES = tuple(
    (cue, role, rule_id)
    for use, role, rule_id in (
        ("own", "own", "role.cue_own"),
        ("reference", "reference", "role.cue_reference"),
        ("own_unless_reference", "own", "role.cue_own"),
    )
    for cue in _cues(use)
)
_AUTHORS = re.compile(r"\b(?:our|we|this|these)\b", re.IGNORECASE)


def role_by_words(before: str) -> tuple[str, str]:
    """own, unless the words that lead to the link say that it is somebody else's; and the rule that says so."""
    sentence = _last_sentence(before)
    for cue, role, rule_id in _ROLES:
        match = cue.search(sentence)
        if match and not (role == "reference" and _AUTHORS.search(match[0])):
            return role, rule_id
    return "own", "role.default"


def _last_sentence(before: str) -> str:
    start = 0
    for match in _SENTENCE_START.finditer(before):
        start = match.end()
    return before[start:]
