"""Runs, their checks, and the release itself."""

from __future__ import annotations

from warehouse.schema.columns import (
    CHANGES,
    PIPELINE_VERSION,
    RUN_ID,
    RUN_STATUSES,
    SEVERITIES,
    Column,
    Table,
)

RUN_TABLES: tuple[Table, ...] = (
    Table(
        "runs",
        "one row per run up to this release, from the run ledger",
        key=("run_id",),
        columns=(
            RUN_ID,
            Column("status", "VARCHAR", "How the run ended.", values=RUN_STATUSES),
            Column("started_at", "TIMESTAMPTZ", "Start (UTC)."),
            Column("finished_at", "TIMESTAMPTZ", "End (UTC); for the run that made this release, when it was built."),
            PIPELINE_VERSION,
            Column("sources_new_count", "BIGINT", "Sources processed."),
            Column("sources_skipped_count", "BIGINT", "Sources already done."),
            Column("sources_failed_count", "BIGINT", "Files that could not be read (source_failures)."),
            Column("record_count", "BIGINT", "Records read from the new sources."),
            Column(
                "paper_count", "BIGINT", "Papers in the warehouse after the run; null if it has none.", nullable=True
            ),
            Column("link_count", "BIGINT", "Links, likewise.", nullable=True),
            Column("metric_count", "BIGINT", "Reported metrics, likewise.", nullable=True),
            Column("seconds", "DOUBLE", "Duration; for the run that made this release, up to its build."),
        ),
    ),
    Table(
        "source_failures",
        "one row per file that a run could not read",
        key=("run_id", "uri"),
        columns=(
            RUN_ID,
            Column("uri", "VARCHAR", "Absolute path or URI of the file."),
            Column("reason", "VARCHAR", "Stable slug of the reason."),
            Column("detail", "VARCHAR", "What exactly was wrong."),
        ),
    ),
    Table(
        "validation_results",
        "one row per check of a run",
        key=("run_id", "table_name", "expectation", "column_name", "scope"),
        columns=(
            RUN_ID,
            Column("table_name", "VARCHAR", "Table that was checked."),
            Column("expectation", "VARCHAR", "What was expected, as a stable slug."),
            Column("column_name", "VARCHAR", "Column or columns, if it is about any.", nullable=True),
            Column(
                "scope",
                "VARCHAR",
                "partition: new partitions of the lake; lake: all of it; release: the built warehouse.",
            ),
            Column("severity", "VARCHAR", "critical checks refuse the release, warnings are shown.", values=SEVERITIES),
            Column("is_success", "BOOLEAN", "Whether it held."),
            Column("unexpected_count", "BIGINT", "Rows that broke it; null where it is not about rows.", nullable=True),
            Column("checked_count", "BIGINT", "Rows looked at; null where it is not about rows.", nullable=True),
            Column("detail", "VARCHAR", "Why the check exists and, if it failed, sample rows or the error."),
        ),
    ),
    Table(
        "release",
        "one row: this release",
        key=("release_id",),
        columns=(
            Column("release_id", "VARCHAR", "Time of publication (UTC) and start of the content hash."),
            RUN_ID,
            Column("published_at", "TIMESTAMPTZ", "When it was built (UTC)."),
            PIPELINE_VERSION,
            Column("content_hash", "VARCHAR", "Hash of all rows, times and run tables aside: equal for equal content."),
            Column("paper_count", "BIGINT", "Rows of papers."),
            Column("link_count", "BIGINT", "Rows of links."),
            Column("metric_count", "BIGINT", "Rows of reported_metrics."),
            Column("failed_warning_count", "BIGINT", "Warnings that failed in the run that made it."),
        ),
    ),
    Table(
        "release_changes",
        "one row per table: how its rows differ from those of the release before",
        key=("table_name",),
        columns=(
            Column("table_name", "VARCHAR", "Table that was compared."),
            Column("before_release_id", "VARCHAR", "Release that readers saw before; null if none.", nullable=True),
            Column("is_comparable", "BOOLEAN", "Whether the rows could be compared."),
            Column(
                "reason",
                "VARCHAR",
                "Why not, or which columns were left out of the comparison; null if there is nothing to say.",
                nullable=True,
            ),
            Column("added_count", "BIGINT", "Rows that are new; null if not comparable.", nullable=True),
            Column("removed_count", "BIGINT", "Rows that are gone; null if not comparable.", nullable=True),
            Column("changed_count", "BIGINT", "Rows that hold other values; null if not comparable.", nullable=True),
            Column(
                "changed_columns",
                "VARCHAR",
                "Columns that changed, each with its number of rows: 'dataset (12), confidence (3)'; null if none.",
                nullable=True,
            ),
        ),
    ),
    Table(
        "release_change_samples",
        "one row per sampled row that was added or removed, and per changed value of a sampled row",
        key=("table_name", "change", "sample_number", "column_name"),
        columns=(
            Column("table_name", "VARCHAR", "Table that holds the row."),
            Column("change", "VARCHAR", "What happened to the row.", values=CHANGES),
            Column("sample_number", "BIGINT", "1-based position among the samples of the table and change."),
            Column("row_key", "VARCHAR", "What identifies the row: column=value, separated by commas."),
            Column("column_name", "VARCHAR", "Column that changed; null for a whole row.", nullable=True),
            Column(
                "old_value", "VARCHAR", "What it held, cut to 200 characters; null for an added row.", nullable=True
            ),
            Column("new_value", "VARCHAR", "What it holds, likewise; null for a removed row.", nullable=True),
        ),
    ),
)
