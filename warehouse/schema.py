"""Every table and column of the lake and of the warehouse, in one place.

The Parquet lake, the DuckDB tables and their comments, the value sets that the expectations check and
docs/data_dictionary.md are all derived from the tables below. Scripts rely on names and order: see
tests/golden/contract.csv.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import polars as pl

SqlType: TypeAlias = Literal["VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMPTZ"]

FIELDS = ("title", "abstract", "page")
LINK_KINDS = ("code", "project", "model", "dataset", "paper", "video", "other")
MARKUPS = ("source", "stripped", "plain")
LINK_ROLES = ("own", "reference")
METRIC_KINDS = ("level", "change", "factor", "count")
DIRECTIONS = ("up", "down")
BASES = ("absolute", "relative")
COMPARATORS = ("=", "~", "<", ">", "<=", ">=")
METRIC_ROLES = ("result", "baseline")
RUN_STATUSES = ("published", "unchanged", "refused", "failed")
SEVERITIES = ("critical", "warning")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its SQL type, what it means, and where it may be known.

    ``nullable`` says whether a null is a legal value; ``values`` lists the only values allowed.
    ``place`` is "lake" for what only the Parquet of one source holds, "warehouse" for what depends on
    all sources and is computed when a release is built, "both" otherwise.
    """

    name: str
    type: SqlType
    description: str
    nullable: bool = False
    values: tuple[str, ...] = ()
    place: Literal["both", "lake", "warehouse"] = "both"


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its grain, its key and its columns in order.

    ``in_lake`` and ``in_warehouse`` say where it is stored. ``key`` names the columns that identify a row of the
    warehouse table, ``lake_key`` those of a row of the lake.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    lake_key: tuple[str, ...] = ()
    in_lake: bool = False
    in_warehouse: bool = True
    volatile: tuple[str, ...] = field(default=())

    def lake_columns(self) -> tuple[Column, ...]:
        """Columns of the table's Parquet files, in order."""
        return tuple(column for column in self.columns if column.place != "warehouse")

    def warehouse_columns(self) -> tuple[Column, ...]:
        """Columns of the table in DuckDB, in order."""
        return tuple(column for column in self.columns if column.place != "lake")


SOURCE_ID = Column(
    "source_id", "VARCHAR", "Source the row comes from: SHA-256 of the file's decompressed bytes, in hex."
)
LOCAL_SOURCE_ID = Column("source_id", "VARCHAR", SOURCE_ID.description, place="lake")
RECORD_NUMBER = Column(
    "record_number", "BIGINT", "1-based position of the record in its source, rejected ones counted."
)
LOCAL_RECORD_NUMBER = Column("record_number", "BIGINT", RECORD_NUMBER.description, place="lake")
PAPER_ID = Column("paper_id", "VARCHAR", "Paper: a hash of its arXiv id, or of the letters and digits of its raw text.")
RUN_ID = Column("run_id", "VARCHAR", "Run: its start in UTC and a random suffix.")
PIPELINE_VERSION = Column(
    "pipeline_version", "VARCHAR", "Hash of the package version, the vocabulary files and the transform sources."
)
CHAR_START = Column("char_start", "BIGINT", "Where the mention starts in papers.<field>: Unicode characters, from 0.")
CHAR_END = Column("char_end", "BIGINT", "Where the mention ends in papers.<field>, exclusive.")
RULE_ID = Column("rule_id", "VARCHAR", "Rules that made the row, separated by a space.")

RECORD = ("source_id", "record_number")
"""What identifies a record in every table of the lake."""

TABLES: tuple[Table, ...] = (
    Table(
        "raw_records",
        "one row per record read from a source, as found",
        key=(),
        lake_key=("source_id", "record_number"),
        in_lake=True,
        in_warehouse=False,
        columns=(
            LOCAL_SOURCE_ID,
            LOCAL_RECORD_NUMBER,
            Column("line_number", "BIGINT", "Line of the title, 1-based, in the decompressed file."),
            Column("title_raw", "VARCHAR", "Title as found, page furniture aside."),
            Column("abstract_raw", "VARCHAR", "Abstract as found, page furniture aside."),
            Column("arxiv_id", "VARCHAR", "arXiv id that the record itself states.", nullable=True),
            Column("published_on", "DATE", "Day of publication that the record itself states.", nullable=True),
            Column(
                "page_urls",
                "VARCHAR",
                "Addresses that the page shows beside the record, separated by a space; null if none.",
                nullable=True,
            ),
        ),
    ),
    Table(
        "papers",
        "one row per distinct paper",
        key=("paper_id",),
        lake_key=("source_id", "record_number"),
        in_lake=True,
        columns=(
            LOCAL_SOURCE_ID,
            LOCAL_RECORD_NUMBER,
            PAPER_ID,
            Column("title", "VARCHAR", "Title, normalised: white space, Unicode NFC, LaTeX repaired."),
            Column(
                "title_key", "VARCHAR", "Letters and digits of the title, case-folded: for matching, not for display."
            ),
            Column(
                "system_name",
                "VARCHAR",
                'What the title introduces before its colon ("TinySAM"); null if it introduces nothing.',
                nullable=True,
            ),
            Column("abstract", "VARCHAR", "Abstract, normalised as the title is."),
            Column(
                "arxiv_id",
                "VARCHAR",
                "arXiv id from the record's own data, never from a cited URL; null if it states none.",
                nullable=True,
            ),
            Column("published_on", "DATE", "Day of publication that the record states; null if none.", nullable=True),
            Column("word_count", "BIGINT", "Words of the abstract (runs without white space)."),
            Column("sentence_count", "BIGINT", "Sentences of the abstract."),
            Column("source_count", "BIGINT", "Distinct sources that hold the paper.", place="warehouse"),
            Column(
                "first_seen_at", "TIMESTAMPTZ", "When the first of its sources was extracted (UTC).", place="warehouse"
            ),
            Column(
                "last_seen_at", "TIMESTAMPTZ", "When the last of its sources was extracted (UTC).", place="warehouse"
            ),
        ),
        volatile=("first_seen_at", "last_seen_at"),
    ),
    Table(
        "paper_sources",
        "one row per record loaded from a source",
        key=("source_id", "record_number"),
        columns=(
            PAPER_ID,
            SOURCE_ID,
            RECORD_NUMBER,
            Column("line_number", "BIGINT", "Line of the title, 1-based, in the decompressed file."),
            Column("title_raw", "VARCHAR", "Title as found, page furniture aside."),
            Column("abstract_raw", "VARCHAR", "Abstract as found, page furniture aside."),
            Column("is_duplicate", "BOOLEAN", "Whether another record of the same paper gave the paper its text."),
        ),
    ),
    Table(
        "paper_aliases",
        "one row per paper_id that was merged into another",
        key=("merged_paper_id",),
        columns=(
            Column("paper_id", "VARCHAR", "The id that stands."),
            Column("merged_paper_id", "VARCHAR", "The id that was merged into it and is no longer in papers."),
            Column("merged_at", "TIMESTAMPTZ", "When the later of the two records was extracted (UTC)."),
        ),
        volatile=("merged_at",),
    ),
    Table(
        "links",
        "one row per URL mention",
        key=("paper_id", "link_number"),
        lake_key=("source_id", "record_number", "link_number"),
        in_lake=True,
        columns=(
            LOCAL_SOURCE_ID,
            LOCAL_RECORD_NUMBER,
            PAPER_ID,
            Column("link_number", "BIGINT", "1-based position in its paper: title before abstract before page."),
            Column(
                "url", "VARCHAR", "Absolute http or https URL, normalised, no trailing punctuation or LaTeX remnants."
            ),
            Column("url_raw", "VARCHAR", "The mention as it stands in papers.<field>, or on the page."),
            Column("host", "VARCHAR", "Host of the URL, lower case, without www."),
            Column("kind", "VARCHAR", "What is there, judged by host and path.", values=LINK_KINDS),
            Column(
                "role",
                "VARCHAR",
                "own: the paper's code, data, model or page; reference: somebody else's.",
                values=LINK_ROLES,
            ),
            Column(
                "field",
                "VARCHAR",
                "Text that holds the mention; page: shown beside title and abstract.",
                values=FIELDS,
            ),
            Column("char_start", "BIGINT", f"{CHAR_START.description} Null for page.", nullable=True),
            Column("char_end", "BIGINT", f"{CHAR_END.description} Null for page.", nullable=True),
            RULE_ID,
            Column(
                "repository_id",
                "VARCHAR",
                "Repository the URL points into ('github.com/owner/name', lower case); null if none.",
                nullable=True,
            ),
            Column("repository_owner", "VARCHAR", "Its owner, as written.", nullable=True, place="lake"),
            Column("repository_name", "VARCHAR", "Its name, as written.", nullable=True, place="lake"),
            Column("repository_path", "VARCHAR", "Path inside the repository.", nullable=True, place="lake"),
        ),
    ),
    Table(
        "repositories",
        "one row per code repository",
        key=("repository_id",),
        columns=(
            Column("repository_id", "VARCHAR", "'host/owner/name', lower case."),
            Column("host", "VARCHAR", "Host of the repository."),
            Column("owner", "VARCHAR", "Owner or group, as first written."),
            Column("name", "VARCHAR", "Name, as first written."),
            Column("url", "VARCHAR", "Absolute https URL of the repository's front page."),
        ),
    ),
    Table(
        "paper_repositories",
        "one row per paper and repository",
        key=("paper_id", "repository_id"),
        columns=(
            PAPER_ID,
            Column("repository_id", "VARCHAR", "'host/owner/name', lower case."),
            Column("role", "VARCHAR", "own if any link of the paper to it is own.", values=LINK_ROLES),
            Column("path", "VARCHAR", "Path inside the repository that the paper names; null if none.", nullable=True),
        ),
    ),
    Table(
        "reported_metrics",
        "one row per reported number",
        key=("metric_id",),
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
        "text_repairs",
        "one row per repair of a title or an abstract, and per thing in it that was flagged and kept",
        key=("paper_id", "field", "repair_number"),
        lake_key=("source_id", "record_number", "field", "repair_number"),
        in_lake=True,
        columns=(
            LOCAL_SOURCE_ID,
            LOCAL_RECORD_NUMBER,
            PAPER_ID,
            Column("field", "VARCHAR", "Text that holds it.", values=("title", "abstract")),
            Column("repair_number", "BIGINT", "1-based position of the repair in the field."),
            Column("char_start", "BIGINT", "Where `repaired` stands in papers.<field>: Unicode characters, from 0."),
            Column("found", "VARCHAR", "What the source held."),
            Column(
                "repaired",
                "VARCHAR",
                "What stands there now; may be empty. The same as found where a rule kept.… flagged it.",
            ),
            RULE_ID,
        ),
    ),
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
)

_BY_NAME = {table.name: table for table in TABLES}
RUN_TABLES = ("runs", "source_failures", "validation_results", "release")


def table(name: str) -> Table:
    """The table of that name; KeyError if there is none."""
    return _BY_NAME[name]


def lake_tables() -> tuple[Table, ...]:
    """Tables of the Parquet lake, in the order in which they are written."""
    return tuple(table for table in TABLES if table.in_lake)


def warehouse_tables() -> tuple[Table, ...]:
    """Tables of the DuckDB file, in the order in which they are documented."""
    return tuple(table for table in TABLES if table.in_warehouse)


def lake_schema(name: str) -> pl.Schema:
    """Polars schema of a lake table: what its transform returns and its Parquet parts hold."""
    import polars as pl

    types: dict[SqlType, pl.DataType] = {
        "VARCHAR": pl.String(),
        "BIGINT": pl.Int64(),
        "DOUBLE": pl.Float64(),
        "BOOLEAN": pl.Boolean(),
        "DATE": pl.Date(),
        "TIMESTAMPTZ": pl.Datetime("us", "UTC"),
    }
    return pl.Schema({column.name: types[column.type] for column in table(name).lake_columns()})
