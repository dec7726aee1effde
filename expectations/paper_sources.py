"""Paper sources: every record leads to a paper."""

from __future__ import annotations

from expectations.checks import Check, no_rows


def release() -> list[Check]:
    """Rules over the release."""
    return [
        no_rows(
            "paper_sources",
            "paper_is_known",
            "critical",
            "A record of a paper that is not there would drop out of every join.",
            "SELECT paper_id, source_id, record_number FROM {batch} ANTI JOIN papers USING (paper_id)",
            "paper_id",
        ),
        no_rows(
            "paper_sources",
            "source_is_known",
            "critical",
            "A record must be traceable to its file.",
            "SELECT source_id, record_number FROM {batch} ANTI JOIN sources USING (source_id)",
            "source_id",
        ),
    ]
