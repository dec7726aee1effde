"""Rejects: what was refused keeps its text and a reason."""

from __future__ import annotations

from expectations.checks import Check, matches, no_rows


def partition() -> list[Check]:
    """Rules within one source."""
    return [
        matches("rejects", "reason", "[a-z][a-z0-9_]*", "Scripts select rejects by reason: a stable slug."),
        no_rows(
            "rejects",
            "text_is_kept",
            "critical",
            "A reject without its text can't be judged or replayed.",
            "SELECT source_id, record_number, reason FROM {batch} WHERE text_raw = ''",
            "text_raw",
        ),
        no_rows(
            "rejects",
            "rejects_are_few",
            "warning",
            "A listing that parses loses next to nothing; above 5 % of a source of 20 records or more, its form "
            "has changed.",
            "SELECT source_id, record_count, rejected_count FROM sources "
            "WHERE record_count >= 20 AND rejected_count > 0.05 * record_count AND (SELECT count(*) >= 0 FROM {batch})",
        ),
    ]
