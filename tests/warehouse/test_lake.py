"""The lake: whole partitions or none, whatever interrupts the writing."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from warehouse import lake as lake_module
from warehouse.lake import Lake

SOURCE = "a" * 64


def stage(lake: Lake, version: str) -> None:
    repair = {"source_id": SOURCE, "record_number": 1, "paper_id": "p", "field": "title", "repair_number": 1}
    repair |= {"char_start": 0, "found": version, "repaired": version, "rule_id": "r"}
    lake.stage("text_repairs", SOURCE, 0, pl.DataFrame([repair]))
    source = {"source_id": SOURCE, "format": "plain", "byte_size": 1, "record_count": 1, "rejected_count": 0}
    lake.stage(
        "sources", SOURCE, 0, pl.DataFrame([source | {"pipeline_version": version, "extracted_at": datetime.now(UTC)}])
    )


def version_of_rows(lake: Lake) -> str:
    return pl.read_parquet(lake.partition("text_repairs", SOURCE) / "part-00000.parquet")["found"].item()


def test_a_staged_source_is_not_in_the_lake_until_it_is_committed(tmp_path):
    lake = Lake(tmp_path)
    stage(lake, "1")
    assert lake.source_ids() == []
    lake.commit(SOURCE)
    assert lake.source_ids() == [SOURCE]
    assert lake.pipeline_version(SOURCE) == "1"


@pytest.mark.parametrize("moves_done", range(6))
def test_a_crash_amid_the_moves_is_finished_by_the_next_run(tmp_path, monkeypatch, moves_done):
    lake = Lake(tmp_path)
    stage(lake, "1")
    lake.commit(SOURCE)
    stage(lake, "2")
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
        lake.commit(SOURCE)
    except KeyboardInterrupt:
        monkeypatch.undo()
        Lake(tmp_path).recover()
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
    stage(lake, "1")
    lake.commit(SOURCE)
    assert lake.unvalidated("v1") == [SOURCE]
    lake.mark_validated(SOURCE, "v1")
    assert lake.unvalidated("v1") == []
    assert lake.unvalidated("v2") == [SOURCE]
    before = lake.fingerprint()
    part = lake.partition("text_repairs", SOURCE) / "part-00000.parquet"
    pl.read_parquet(part).write_parquet(part)
    assert lake.unvalidated("v1") == [SOURCE]
    assert lake.fingerprint() != before
