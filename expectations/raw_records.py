"""Raw records: the text as found, from which everything else can be derived again."""

from __future__ import annotations

from expectations.checks import Check, no_rows, within


def partition() -> list[Check]:
    """Rules within one source."""
    return [
        within("raw_records", "record_number", 1, None, "Positions count from 1."),
        within("raw_records", "line_number", 1, None, "Lines count from 1."),
        no_rows(
            "raw_records",
            "lines_follow_records",
            "critical",
            "Records are numbered in the order of their lines; otherwise a quote can't be traced to the file.",
            "SELECT * FROM (SELECT source_id, record_number, line_number, lag(line_number) OVER "
            "(PARTITION BY source_id ORDER BY record_number) AS line_before FROM {batch}) "
            "WHERE line_number <= line_before",
            "line_number",
        ),
    ]
