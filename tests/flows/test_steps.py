"""Steps on their own: what each stages."""

from __future__ import annotations

import polars as pl

from flows import steps
from warehouse.lake import Lake

SOURCE_ID = "a" * 64


def stage_raw(data, titles):
    lake = Lake(data)
    records = pl.DataFrame({"title_raw": titles}).with_columns(
        source_id=pl.lit(SOURCE_ID),
        record_number=pl.int_range(1, pl.len() + 1),
        line_number=pl.int_range(1, pl.len() + 1) * 2,
        abstract_raw=pl.lit("An abstract."),
        arxiv_id=pl.lit(None),
        published_on=pl.lit(None),
        page_urls=pl.lit(None),
    )
    lake.stage("raw_records", SOURCE_ID, 0, records)
    no_rejects = records.clear().with_columns(
        stage=pl.lit(""), reason=pl.lit(""), detail=pl.lit(""), text_raw=pl.lit("")
    )
    lake.stage("rejects", SOURCE_ID, 0, no_rejects)
    return lake, steps.Chunk(data, SOURCE_ID, 0, records.height, 0)


def test_a_record_that_normalising_leaves_empty_is_a_reject(tmp_path):
    lake, chunk = stage_raw(tmp_path, ["A title", "\u200b\u2060"])
    for _ in range(2):  # a step that is tried again stages the same
        done = steps.normalise(chunk)
        assert (done.record_count, done.rejected_count) == (2, 1)
        assert lake.staged("papers", SOURCE_ID, 0)["title"].to_list() == ["A title"]
        rejects = lake.staged("rejects", SOURCE_ID, 0).select("record_number", "line_number", "stage", "reason")
        assert rejects.rows() == [(2, 4, "normalise", "empty_text")]


def test_only_steps_that_touch_the_world_are_retried():
    assert {step.name for step in vars(steps).values() if isinstance(step, steps.Step) and step.retries} == {
        "identify",
        "extract",
        "parquet",
        "publish",
    }
