"""What came in, under which names, and what was refused of it."""

from __future__ import annotations

from warehouse.schema.columns import (
    MARKUPS,
    PIPELINE_VERSION,
    RECORD_NUMBER,
    SOURCE_ID,
    Column,
    Table,
)

SOURCE_TABLES: tuple[Table, ...] = (
    Table(
        "sources",
        "one row per distinct content",
        key=("source_id",),
        lake_key=("source_id",),
        in_lake=True,
        columns=(
            SOURCE_ID,
            Column("format", "VARCHAR", "Form of the source: listing (titles and abstracts, with or without a page)."),
            Column(
                "markup",
                "VARCHAR",
                "How its texts hold LaTeX: source (as written), stripped (of its backslashes), plain (not at all).",
                values=MARKUPS,
            ),
            Column("byte_size", "BIGINT", "Size in bytes, decompressed."),
            Column("record_count", "BIGINT", "Records read: loaded + duplicate + rejected."),
            Column("loaded_count", "BIGINT", "Records that gave a paper its text.", place="warehouse"),
            Column(
                "duplicate_count", "BIGINT", "Records whose paper has its text from another record.", place="warehouse"
            ),
            Column("rejected_count", "BIGINT", "Records refused, each in rejects with its reason."),
            Column("part_count", "BIGINT", "Parquet parts of each table of the source.", place="lake"),
            Column("text_repair_count", "BIGINT", "Rows of text_repairs that were written.", place="lake"),
            Column("link_count", "BIGINT", "Rows of links that were written.", place="lake"),
            Column("metric_count", "BIGINT", "Rows of reported_metrics that were written.", place="lake"),
            PIPELINE_VERSION,
            Column("extracted_at", "TIMESTAMPTZ", "When the source was extracted (UTC)."),
        ),
        volatile=("extracted_at", "pipeline_version"),
    ),
    Table(
        "source_uris",
        "one row per name under which a content was seen",
        key=("source_id", "uri"),
        lake_key=("source_id", "uri"),
        in_lake=True,
        columns=(
            SOURCE_ID,
            Column("uri", "VARCHAR", "Absolute path or URI of the file."),
            Column("first_seen_at", "TIMESTAMPTZ", "When the content was first seen under this name (UTC)."),
        ),
        volatile=("first_seen_at",),
    ),
    Table(
        "rejects",
        "one row per record that was refused",
        key=("source_id", "record_number"),
        lake_key=("source_id", "record_number"),
        in_lake=True,
        columns=(
            SOURCE_ID,
            RECORD_NUMBER,
            Column("line_number", "BIGINT", "Line at which the record starts, 1-based."),
            Column("stage", "VARCHAR", "Step that refused it."),
            Column("reason", "VARCHAR", "Stable slug of the reason."),
            Column("detail", "VARCHAR", "What exactly was wrong."),
            Column(
                "text_raw",
                "VARCHAR",
                "The text as found, cut after 10,000 characters; bytes that are not UTF-8 as \\x escapes.",
            ),
        ),
    ),
)
