"""Paper aliases: an id that was merged away leads to the one that stands."""

from __future__ import annotations

from expectations.checks import Check, no_rows, refers_to


def release() -> list[Check]:
    """Rules over the release."""
    return [
        refers_to("paper_aliases", "paper_id", "papers"),
        no_rows(
            "paper_aliases",
            "merged_paper_is_gone",
            "critical",
            "An id is either a paper or an alias, never both.",
            "SELECT merged_paper_id FROM {batch} WHERE merged_paper_id IN (SELECT paper_id FROM papers)",
            "merged_paper_id",
        ),
    ]
