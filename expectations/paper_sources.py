"""Paper sources: every record leads to a paper."""

from __future__ import annotations

from expectations.checks import Check, refers_to


def release() -> list[Check]:
    """Rules over the release."""
    return [
        refers_to("paper_sources", "paper_id", "papers"),
        refers_to("paper_sources", "source_id", "sources"),
    ]
