"""Rejects: records that were refused, with their text and a stable reason."""

from __future__ import annotations

import polars as pl

TEXT_CHARS = 10_000
"""Characters of its text that a reject keeps."""

_TEXT = pl.concat_str("title_raw", "abstract_raw", separator="\n", ignore_nulls=True).str.slice(0, TEXT_CHARS)


def of_listing(records: pl.DataFrame, source_id: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The records of a listing as raw_records and rejects of that source."""
    owned = records.with_columns(source_id=pl.lit(source_id))
    is_record = pl.col("reason").is_null()
    return owned.filter(is_record), owned.filter(~is_record).with_columns(stage=pl.lit("extract"), text_raw=_TEXT)


def of_empty(papers: pl.DataFrame, raw_records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The papers that have text left, and rejects of those whose title or abstract is empty once it is normalised."""
    is_empty = (pl.col("title") == "") | (pl.col("abstract") == "")
    empty = papers.filter(is_empty).select("source_id", "record_number")
    rejects = raw_records.join(empty, on=["source_id", "record_number"]).with_columns(
        stage=pl.lit("normalise"),
        reason=pl.lit("empty_text"),
        detail=pl.lit("nothing is left of the title or the abstract once it is normalised"),
        text_raw=_TEXT,
    )
    return papers.filter(~is_empty), rejects


def merged(known: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    """Rejects of two steps in the order of their records, each record once: a step that is tried again adds nothing."""
    both = pl.concat([known, more.select(known.columns).cast(known.schema)])
    return both.unique(["record_number"], keep="first").sort("record_number")
