"""Paper repositories: both ends exist."""

from __future__ import annotations

from expectations.checks import Check, no_rows


def release() -> list[Check]:
    """Rules over the release."""
    return [
        no_rows(
            "paper_repositories",
            "paper_is_known",
            "critical",
            "A row of an unknown paper drops out of every join.",
            "SELECT * FROM {batch} ANTI JOIN papers USING (paper_id)",
            "paper_id",
        ),
        no_rows(
            "paper_repositories",
            "repository_is_known",
            "critical",
            "A row of an unknown repository drops out of every join.",
            "SELECT * FROM {batch} ANTI JOIN repositories USING (repository_id)",
            "repository_id",
        ),
    ]
