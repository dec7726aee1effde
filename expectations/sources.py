"""Sources: records read = loaded + duplicates + rejected, per source."""

from __future__ import annotations

from expectations.checks import Check, matches, no_rows, within

_COUNTED = {"text_repairs": "text_repair_count", "links": "link_count", "reported_metrics": "metric_count"}


def _rows_are_there(table: str, count: str) -> Check:
    return no_rows(
        "sources",
        f"{table}_are_all_there",
        "critical",
        "A part that went missing takes rows along that nothing else would miss.",
        f"SELECT source_id, {count}, coalesce(row_count, 0) AS row_count FROM {{batch}} "
        f"LEFT JOIN (SELECT source_id, count(*) AS row_count FROM {table} GROUP BY ALL) USING (source_id) "
        f"WHERE {count} <> coalesce(row_count, 0)",
        count,
    )


def partition() -> list[Check]:
    """Rules within one source."""
    return [
        matches("sources", "source_id", "[0-9a-f]{64}", "A SHA-256 in hex."),
        within("sources", "byte_size", 1, None, "An empty file is no source."),
        within("sources", "record_count", 1, None, "A file without records is no source."),
        no_rows(
            "sources",
            "records_are_conserved",
            "critical",
            "Nothing is lost: every record read is a paper or a reject, and every paper has its raw record.",
            "SELECT source_id, record_count, rejected_count, paper_rows, reject_rows FROM {batch} "
            "LEFT JOIN (SELECT source_id, count(*) AS paper_rows FROM papers GROUP BY ALL) USING (source_id) "
            "LEFT JOIN (SELECT source_id, count(*) AS reject_rows FROM rejects GROUP BY ALL) USING (source_id) "
            "WHERE record_count <> coalesce(paper_rows, 0) + coalesce(reject_rows, 0) "
            "OR rejected_count <> coalesce(reject_rows, 0)",
        ),
        *(_rows_are_there(table, count) for table, count in _COUNTED.items()),
    ]


def release() -> list[Check]:
    """Rules over the release."""
    return [
        no_rows(
            "sources",
            "records_are_conserved",
            "critical",
            "Nothing is lost: records read = loaded + duplicates + rejected, per source, and the rows are there.",
            "SELECT source_id, record_count, loaded_count, duplicate_count, rejected_count FROM {batch} "
            "LEFT JOIN (SELECT source_id, count(*) AS row_count FROM paper_sources GROUP BY ALL) USING (source_id) "
            "WHERE record_count <> loaded_count + duplicate_count + rejected_count "
            "OR loaded_count + duplicate_count <> coalesce(row_count, 0)",
        ),
    ]
