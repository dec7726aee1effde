"""Repositories: one row each, named as their host names them."""

from __future__ import annotations

from expectations.checks import Check, no_rows


def release() -> list[Check]:
    """Rules over the release."""
    return [
        no_rows(
            "repositories",
            "id_is_host_owner_name",
            "critical",
            "The id is derived from the three, so that two spellings are one repository.",
            "SELECT * FROM {batch} WHERE repository_id <> lower(host || '/' || owner || '/' || name)",
            "repository_id",
        ),
        no_rows(
            "repositories",
            "repository_has_a_paper",
            "critical",
            "A repository is here because a paper links to it.",
            "SELECT repository_id FROM {batch} ANTI JOIN paper_repositories USING (repository_id)",
            "repository_id",
        ),
    ]
