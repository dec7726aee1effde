"""What a table and a column are, the value sets, and the columns that several tables share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

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
CORRECTION_ACTIONS = ("set", "remove")
CORRECTION_OUTCOMES = ("applied", "absent", "failed")
CHANGES = ("added", "removed", "changed")
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
    warehouse table, ``lake_key`` those of a row of the lake. ``volatile`` columns differ where content does not.
    ``identity`` names the columns by which a row is found again in another release, if not by its key, and
    ``positions`` those that count rows and so follow from the others.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    lake_key: tuple[str, ...] = ()
    in_lake: bool = False
    in_warehouse: bool = True
    volatile: tuple[str, ...] = ()
    identity: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()

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
