"""The kind of an outcome: a level, a change, a factor or a count, and which way it goes."""

from __future__ import annotations


class Kind:
    """Kind and direction of an outcome, the metric its cue implies, whether its cue is about quality, and the rule."""

    __slots__ = ("direction", "implied", "is_quality", "kind", "rule")

    def __init__(self, kind: str, direction: str | None, implied: str, is_quality: bool, rule: str) -> None:
        self.kind = kind
        self.direction = direction
        self.implied = implied
        self.is_quality = is_quality
        self.rule = rule
