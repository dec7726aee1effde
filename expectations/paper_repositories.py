"""Paper repositories: both ends exist."""

from __future__ import annotations

from expectations.checks import Check, refers_to


def release() -> list[Check]:
    """Rules over the release."""
    return [
        refers_to("paper_repositories", "paper_id", "papers"),
        refers_to("paper_repositories", "repository_id", "repositories"),
    ]
