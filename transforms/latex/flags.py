r"""What is kept as it stands but said aloud: macros that nobody knows (`\method`), and addresses that a page hid."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.latex.edits import Repair

FLAG_SIGNS = r"\\[A-Za-z]|this https? URL"
"""Regular expression of texts in which something may be flagged."""

_FLAGS = (
    ("kept.macro", re.compile(r"(?<!\\)\\[A-Za-z]+\*?")),
    # arXiv writes this in place of an address: https://info.arxiv.org/help/prep.html
    ("kept.hidden_url", re.compile(r"\bthis https? URL\b")),
)


def flags(text: str) -> Iterator[Repair]:
    """What a repaired text still holds, as repairs that change nothing."""
    for rule_id, pattern in _FLAGS:
        for match in pattern.finditer(text):
            yield Repair(match.start(), match[0], match[0], rule_id)
