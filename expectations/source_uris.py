"""Source URIs: every source is known by at least one name."""

from __future__ import annotations

from expectations.checks import Check, no_rows, refers_to


def lake() -> list[Check]:
    """Rules that cross sources."""
    return [
        no_rows(
            "source_uris",
            "every_source_has_a_name",
            "critical",
            "A reader who wants to see the file must be told where it was.",
            "SELECT source_id FROM sources WHERE source_id NOT IN (SELECT source_id FROM {batch})",
            "source_id",
        ),
        refers_to("source_uris", "source_id", "sources"),
    ]
