"""Reported numbers, and the names of metrics and datasets."""

from __future__ import annotations

from warehouse.schema.columns import (
    BASES,
    CHAR_END,
    CHAR_START,
    COMPARATORS,
    DIRECTIONS,
    LOCAL_RECORD_NUMBER,
    LOCAL_SOURCE_ID,
    METRIC_KINDS,
    METRIC_ROLES,
    PAPER_ID,
    RULE_ID,
    Column,
    Table,
)

METRIC_TABLES: tuple[Table, ...] = (
    Table(
        "reported_metrics",
        "one row per reported number",
        key=("metric_id",),
        positions=("metric_number",),
        lake_key=("source_id", "record_number", "metric_number"),
        in_lake=True,
        columns=(
            LOCAL_SOURCE_ID,
            LOCAL_RECORD_NUMBER,
            Column("metric_id", "VARCHAR", "Key: a hash of the paper, the place of the number and the metric."),
            PAPER_ID,
            Column("metric_number", "BIGINT", "1-based position of the number in its paper, title before abstract."),
            Column("field", "VARCHAR", "Text that holds the number.", values=("title", "abstract")),
            Column("quote", "VARCHAR", "The number with its sign and unit, exactly as in papers.<field>."),
            Column("sentence", "VARCHAR", "The sentence that holds it."),
            CHAR_START,
            CHAR_END,
            Column(
                "value", "DOUBLE", "The number as written (percents are not divided by 100); the low end of a range."
            ),
            Column("value_high", "DOUBLE", "High end of a range; the total of 'k of n'; else null.", nullable=True),
            Column(
                "unit",
                "VARCHAR",
                "%, pp, x, s, ms, min, h, d, GB, MB, points, …; null for a bare number.",
                nullable=True,
            ),
            Column("kind", "VARCHAR", "level, change, factor, or count of tasks won.", values=METRIC_KINDS),
            Column(
                "direction",
                "VARCHAR",
                "For change and factor: which way the quantity went.",
                nullable=True,
                values=DIRECTIONS,
            ),
            Column(
                "basis",
                "VARCHAR",
                "For change: absolute or relative; null where the text leaves it open.",
                nullable=True,
                values=BASES,
            ),
            Column("comparator", "VARCHAR", "How the value bounds what was measured.", values=COMPARATORS),
            Column("metric", "VARCHAR", "Canonical metric id (metric_names)."),
            Column(
                "metric_text", "VARCHAR", "Phrase that names the metric, verbatim; null if none does.", nullable=True
            ),
            Column(
                "dataset",
                "VARCHAR",
                "Dataset or benchmark named for this number, verbatim; null if none is.",
                nullable=True,
            ),
            Column("dataset_id", "VARCHAR", "Canonical dataset id (dataset_names); null if not known.", nullable=True),
            Column("task", "VARCHAR", "Task named for this number; null if none is.", nullable=True),
            Column(
                "role", "VARCHAR", "result of the paper, or baseline that it is compared with.", values=METRIC_ROLES
            ),
            Column("system", "VARCHAR", "System that reached the number, where the sentence names it.", nullable=True),
            Column("baseline", "VARCHAR", "What it is compared with, where the sentence names it.", nullable=True),
            RULE_ID,
            Column("confidence", "DOUBLE", "Share of rows made by these rules that are right, between 0 and 1."),
        ),
    ),
    Table(
        "metric_names",
        "one row per metric id",
        key=("metric",),
        columns=(
            Column("metric", "VARCHAR", "Canonical id, snake_case."),
            Column("label", "VARCHAR", "Name for display."),
            Column("family", "VARCHAR", "Family of metrics; 'unlisted' for ids that are not in the vocabulary."),
            Column("higher_is_better", "BOOLEAN", "Null where it depends.", nullable=True),
            Column("default_unit", "VARCHAR", "Unit a bare number is usually in.", nullable=True),
            Column("description", "VARCHAR", "What it measures; null for unlisted ids.", nullable=True),
        ),
    ),
    Table(
        "dataset_names",
        "one row per dataset id",
        key=("dataset_id",),
        columns=(
            Column("dataset_id", "VARCHAR", "Canonical id."),
            Column("label", "VARCHAR", "Name for display."),
            Column("field_of_study", "VARCHAR", "Field that uses it."),
            Column("description", "VARCHAR", "What it holds."),
        ),
    ),
    Table(
        "accuracy_figures",
        "one row per figure of accuracy against labelled papers (seeds/accuracy/)",
        key=("gold", "part", "figure"),
        volatile=("pipeline_version",),
        columns=(
            Column("gold", "VARCHAR", "Set of labelled papers."),
            Column("part", "VARCHAR", "all of the set; visible: papers that rules were written by; held_out: never."),
            Column("figure", "VARCHAR", "What was measured: detection.f1, tuple.recall, field.metric, …"),
            Column("value", "DOUBLE", "The figure, between 0 and 1."),
            Column("pipeline_version", "VARCHAR", "Version of the pipeline that it was measured of."),
        ),
    ),
)
