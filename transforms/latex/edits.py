"""A text under repair that remembers what every character was made from.

Rules run one after the other on the current text; a later rule may touch what an earlier one wrote. The record kept
here always relates the source to the current text, so that offsets and quotes of the finished text are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Change: TypeAlias = tuple[int, int, str]
"""Start and end in the current text, and what is to stand there."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair of a text.

    ``char_start`` is where ``repaired`` stands in the finished text (Unicode characters, from 0); ``found`` is what
    the source held; ``rule_id`` names the rules that had a part in it, separated by a space.
    """

    char_start: int
    found: str
    repaired: str
    rule_id: str


@dataclass(frozen=True, slots=True)
class _Edit:
    source_length: int
    start: int
    end: int
    rules: tuple[str, ...]


class EditedText:
    """A text, and the edits that made it out of its source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.text = source
        self._edits: list[_Edit] = []

    def apply(self, rule_id: str, changes: list[Change]) -> bool:
        """Make changes that don't overlap each other, in order of their start; says whether there were any.

        A change that would put two digits side by side that stood apart is left out: it would make another number.
        Edits that overlap or touch become one.
        """
        changes = [change for change in changes if not self._joins_digits(change)]
        if not changes:
            return False
        text = self.text
        spans: list[tuple[int, int, _Edit | str]] = [(edit.start, edit.end, edit) for edit in self._edits]
        spans += changes
        spans.sort(key=lambda span: (span[0], span[1]))
        parts: list[str] = []
        edits: list[_Edit] = []
        copied = 0
        length = 0
        index = 0
        while index < len(spans):
            start, end = spans[index][0], spans[index][1]
            grown = 0  # how much longer the source of the cluster is than its current text
            rules: dict[str, None] = {}
            replacement: list[str] = []
            position = start
            while index < len(spans) and spans[index][0] <= end:
                span_start, span_end, what = spans[index]
                end = max(end, span_end)
                if isinstance(what, _Edit):
                    grown += what.source_length - (span_end - span_start)
                    rules.update(dict.fromkeys(what.rules))
                else:
                    replacement += (text[position:span_start], what)
                    position = span_end
                    rules[rule_id] = None
                index += 1
            replacement.append(text[position:end])
            repaired = "".join(replacement)
            parts += (text[copied:start], repaired)
            new_start = length + start - copied
            length = new_start + len(repaired)
            edits.append(_Edit(end - start + grown, new_start, length, tuple(rules)))
            copied = end
        parts.append(text[copied:])
        self.text = "".join(parts)
        self._edits = edits
        return True

    def repairs(self) -> list[Repair]:
        """What was changed, in order; edits that cancelled each other out are none."""
        repairs = []
        shift = 0  # place in the source minus place in the text, for what was not edited
        for edit in self._edits:
            source_start = edit.start + shift
            found = self.source[source_start : source_start + edit.source_length]
            repaired = self.text[edit.start : edit.end]
            if found != repaired:
                repairs.append(Repair(edit.start, found, repaired, " ".join(edit.rules)))
            shift += edit.source_length - (edit.end - edit.start)
        return repairs

    def _joins_digits(self, change: Change) -> bool:
        start, end, replacement = change
        if replacement or start == 0 or end >= len(self.text):
            return False
        return self.text[start - 1].isdigit() and self.text[end].isdigit()
