"""The lake: whole partitions or none, whatever interrupts the writing."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from warehouse import lake as lake_module
from warehouse.lake import Lake, NewSource
from warehouse.schema import lake_schema, lake_tables

SOURCE = "a" * 64


def stage(lake: Lake, version: str) -> NewSource:
    record = {"source_id": SOURCE, "record_number": 1, "paper_id": "p"}
    filled = {
        "text_repairs": record
        | {
            "field": "title",
            "repair_number": 1,
            "char_start": 0,
            "found": version,
            "repaired": version,
            "rule_id": "r",
        },
    }
    for table in lake_tables():
        if table.name not in ("sources", "source_uris"):
            empty = pl.DataFrame(schema=lake_schema(table.name))
            lake.stage(table.name, SOURCE, 0, pl.DataFrame([filled[table.name]]) if table.name in filled else empty)
    return NewSource(SOURCE, "/a.txt", "listing", "plain", 1, 1, 0, version, datetime.now(UTC))


def version_of_rows(lake: Lake) -> str:
    return pl.read_parquet(lake.partition("text_repairs", SOURCE) / "part-00000.parquet")["found"].item()


def test_a_staged_source_is_not_in_the_lake_until_it_is_committed(tmp_path):
    lake = Lake(tmp_path)
    source = stage(lake, "1")
    assert lake.source_ids() == []
    lake.commit(source)
    assert lake.source_ids() == [SOURCE]
    assert lake.pipeline_version(SOURCE) == "1"


@pytest.mark.parametrize("moves_done", range(0, 18, 2))
def test_a_crash_amid_the_moves_is_finished_by_the_next_run(tmp_path, monkeypatch, moves_done):
    lake = Lake(tmp_path)
    lake.commit(stage(lake, "1"))
    source = stage(lake, "2")
    left = moves_done
    real = lake_module.Path.rename

    def crash(path, target):
        nonlocal left
        if left == 0:
            raise KeyboardInterrupt
        left -= 1
        return real(path, target)

    monkeypatch.setattr(lake_module.Path, "rename", crash)
    try:
        lake.commit(source)
    except KeyboardInterrupt:
        monkeypatch.undo()
        Lake(tmp_path).recover()
    assert lake.damaged(SOURCE) is None
    assert lake.uris(SOURCE) == {"/a.txt"}
    assert (lake.pipeline_version(SOURCE), version_of_rows(lake)) == ("2", "2")
    assert list((tmp_path / "lake" / ".staging").iterdir()) == []


def test_what_was_never_complete_is_dropped(tmp_path):
    lake = Lake(tmp_path)
    stage(lake, "1")
    lake.recover()
    assert lake.source_ids() == []
    assert list((tmp_path / "lake" / ".staging").iterdir()) == []


def test_every_name_of_a_source_is_kept_once(tmp_path):
    lake = Lake(tmp_path)
    now = datetime.now(UTC)
    assert lake.add_uri(SOURCE, "/a.txt", now)
    assert lake.add_uri(SOURCE, "/b.txt", now)
    assert not lake.add_uri(SOURCE, "/a.txt", now)
    assert lake.uris(SOURCE) == {"/a.txt", "/b.txt"}


def test_a_partition_counts_as_validated_until_it_or_the_checks_change(tmp_path):
    lake = Lake(tmp_path)
    lake.commit(stage(lake, "1"))
    assert lake.unvalidated("v1") == [SOURCE]
    lake.mark_validated(SOURCE, "v1")
    assert lake.unvalidated("v1") == []
    assert lake.unvalidated("v2") == [SOURCE]
    before = lake.fingerprint()
    part = lake.partition("text_repairs", SOURCE) / "part-00000.parquet"
    pl.read_parquet(part).write_parquet(part)
    assert lake.unvalidated("v1") == [SOURCE]
    assert lake.fingerprint() != before


def test_what_is_no_source_is_not_taken_for_one(tmp_path):
    lake = Lake(tmp_path)
    lake.commit(stage(lake, "1"))
    (tmp_path / "lake" / "sources" / ".DS_Store").write_bytes(b"")
    (tmp_path / "lake" / "sources" / "source=notes").mkdir()
    assert lake.source_ids() == [SOURCE]
